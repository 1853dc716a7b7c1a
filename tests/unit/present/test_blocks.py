import json

import pytest

from xinyu_lib.errors import DisclosureError
from xinyu_lib.present import (
    Bullets,
    Callout,
    Cover,
    Facts,
    Figure,
    Heading,
    Kpis,
    Paragraph,
    Section,
    Table,
)
from xinyu_lib.present.blocks import KINDS, from_json

NASTY = '<b onclick="x">&'
SAFE = "&lt;b onclick=&quot;x&quot;&gt;&amp;"
BLOCKS = [
    Heading(NASTY, 2),
    Paragraph(NASTY),
    Bullets((NASTY, "二")),
    Callout("note", NASTY, NASTY),
    Facts(((NASTY, NASTY),)),
    Table(NASTY, (NASTY, "n"), ("left", "right"), ((NASTY, "＊"),), ((False, True),), NASTY),
    Figure("<svg/>", NASTY, NASTY),
    Cover(NASTY, NASTY, (NASTY,)),
    Kpis(((NASTY, "1", NASTY),)),
]


def test_every_kind_of_block_is_tried_here():
    assert {block.kind for block in BLOCKS} == set(KINDS)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_a_block_survives_the_way_through_json(block):
    assert from_json(json.loads(json.dumps(block.to_json()))) == block


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_text_is_escaped_in_html(block):
    assert "<b " not in block.to_html()
    assert SAFE in block.to_html()


@pytest.mark.parametrize("make", [lambda: Paragraph(12), lambda: Facts((("人数", 12),)), lambda: Bullets((0.5,))])
def test_a_block_refuses_a_bare_number(make):
    with pytest.raises(DisclosureError, match=r"int|float"):
        make()


def test_a_table_names_its_rows_and_columns_for_screen_readers_and_sets_the_total_apart():
    table = Table(
        "分级",
        ("类别", "人数"),
        ("left", "right"),
        (("甲", "＊"), ("合计", "9")),
        ((False, True), (False, False)),
    )
    html = Table(**{**vars(table), "total": True}).to_html()
    assert "<caption>分级</caption>" in html
    assert '<th scope="col" class="right">人数</th>' in html
    assert '<th scope="row" class="left">甲</th><td class="right masked">＊</td>' in html
    assert '<tbody class="total"><tr><th scope="row" class="left">合计</th>' in html


def test_headings_start_below_the_title_of_the_cover():
    assert Cover("题", "副题").to_html().startswith('<div class="cover"><h1>题</h1>')
    assert Heading("一", 1).to_html("part-1") == '<h2 id="part-1">一</h2>'


def test_a_figure_is_an_image_with_its_text():
    html = Figure("<svg/>", "三条柱", "图").to_html()
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+" alt="三条柱"' in html


def test_a_section_shows_html_and_carries_its_blocks():
    bundle = Section("coverage", "zh", (Heading("一"), Paragraph("二")))._repr_mimebundle_()
    assert bundle["text/plain"] == "coverage"
    assert bundle["text/html"].startswith('<section lang="zh-CN" data-name="coverage">\n<h2>一</h2>\n<p>二</p>')
    blocks = [{"kind": "heading", "text": "一", "level": 1}, {"kind": "paragraph", "text": "二"}]
    expected = {"version": 1, "name": "coverage", "lang": "zh", "blocks": blocks, "cells": []}
    assert bundle["application/vnd.xinyu.blocks+json"] == expected
