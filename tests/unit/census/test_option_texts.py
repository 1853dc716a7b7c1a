"""Answers by the text of the option: what a person has assigned is read, everything else sets the sheet aside."""

from pathlib import Path

import pandas as pd
import pytest
from census_files import HEADER, WAVE, sheet, write_csv

from xinyu_lib.census import Known, load_mapping, read_file, take_responses
from xinyu_lib.census.drafting import drafted
from xinyu_lib.census.known import Directory
from xinyu_lib.census.options import option_key
from xinyu_lib.errors import DefinitionError, RowsRefused
from xinyu_lib.scales import load_scale, scales

FILES = Path(__file__).parent / "files"
TEXTS = {"1": "完全没有", "2": "好几天", "3": "一半以上的天数", "4": "几乎每天"}
ITEMS = [f"gad7_{n}" for n in range(1, 8)]
KNOWN = Known(Directory.of({f"G{n:03d}": "0102" for n in range(1, 6)}))
BY_TEXT = """
layout = "wenjuanxing-text"
[columns]
number = "1、学籍号"
[[scales]]
id = "gad7"
questions = [2, 8]
"""
CODES = 'codes = { "完全没有" = 0, "好几天" = 1, "一半以上的天数" = 2, "几乎每天" = 3 }\n'


@pytest.fixture
def load(tmp_path):
    """The mapping that a text is read as."""

    def read(text: str):
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        return load_mapping(tmp_path / "m.toml")

    return read


def spelled(answers: str, number: str = "G001") -> list[str]:
    """A sheet whose answers are texts."""
    row = sheet(number, answers)
    return [*row[:4], *(TEXTS.get(cell, cell) for cell in row[4:])]


def taken(tmp_path, mapping, *rows):
    return take_responses(read_file(write_csv(tmp_path / "a.csv", HEADER, *rows)), mapping, wave=WAVE, known=KNOWN)


def test_texts_become_the_codes_that_a_person_has_assigned(tmp_path, load):
    frame = taken(tmp_path, load(BY_TEXT + CODES), spelled("1234_21")).frames["response/gad7"]
    assert frame[ITEMS].iloc[0].fillna(-1).tolist() == [0, 1, 2, 3, -1, 1, 0]


@pytest.mark.parametrize(
    "cell",
    [
        "好几天",
        " 好 几 天",
        "好几天　",
        "A.好几天",
        "B、好几天",
        "Ｂ．好几天",
        "c) 好几天",
        "好几天〖真的〗",
        "B.好几天〖a〗b〗",
    ],
)
def test_spelling_of_a_text_does_not_matter(tmp_path, load, cell):
    row = spelled("1111111")
    row[4] = cell
    assert taken(tmp_path, load(BY_TEXT + CODES), row).frames["response/gad7"]["gad7_1"].tolist() == [1]


@pytest.mark.parametrize("cell", ["好几", "好几天好几天", "好几天┋几乎每天", "1", "〖好几天〗", "A."])
def test_any_other_text_sets_the_sheet_aside(tmp_path, load, cell):
    row = spelled("1111111", "G002")
    row[4] = cell
    batch = taken(tmp_path, load(BY_TEXT + CODES), spelled("1111111"), row)
    assert batch.set_aside["reason"].tolist() == ["out_of_range"]
    assert batch.frames["response/gad7"]["number"].tolist() == ["G001"]


def test_a_text_file_without_assigned_texts_is_refused_whole(tmp_path, load):
    with pytest.raises(RowsRefused):
        taken(tmp_path, load(BY_TEXT), spelled("1111111"))


@pytest.mark.parametrize(
    ("cell", "key"), [("3.0", "3"), ("03", "3"), ("３", "3"), ("-1", "-1"), ("1.5", "1.5"), ("A", "a")]
)
def test_numbers_are_read_as_they_always_were(cell, key):
    assert option_key(cell) == key


def test_items_may_have_options_of_their_own(tmp_path, load):
    mapping = load(
        BY_TEXT
        + CODES
        + '[[scales.options]]\nitems = [2, 7]\ncodes = { "无" = 0, "1-6天" = 1, "7-11天" = 2, "天天" = 3 }\n'
    )
    row = [*spelled("1_2222_")[:4], "完全没有", "1-6天", *["好几天"] * 4, "天天"]
    frame = taken(tmp_path, mapping, row).frames["response/gad7"]
    assert frame[ITEMS].iloc[0].tolist() == [0, 1, 1, 1, 1, 1, 3]


WRONG = {
    "two spellings of one text": 'codes = { "好几天" = 1, "B.好几天" = 2 }',
    "a code that the scale lacks": 'codes = { "好几天" = 4 }',
    "texts and positions": CODES + "positions = true",
    "an item twice": '[[scales.options]]\nitems = [1]\ncodes = { "无" = 0 }\n' * 2,
    "an item that the scale lacks": '[[scales.options]]\nitems = [8]\ncodes = { "无" = 0 }',
    "an own code that the scale lacks": '[[scales.options]]\nitems = [1]\ncodes = { "无" = 9 }',
}


@pytest.mark.parametrize("case", WRONG)
def test_codes_that_do_not_fit_are_refused(load, case):
    with pytest.raises(DefinitionError, match=r"gad7 的 codes .* 0 到 3"):
        load(BY_TEXT + WRONG[case])


def test_open_codes_are_refused_with_how_many_there_are(load):
    with pytest.raises(DefinitionError, match=r"scales\.0\.codes 有误：有 2 处还是 \?.*由人"):
        load(BY_TEXT + 'codes = { "完全没有" = "?", "好几天" = "?", "几乎每天" = 3 }')


def test_open_rows_are_refused_too(load):
    with pytest.raises(DefinitionError, match=r"rows 有误：有 1 处还是 \?"):
        load(BY_TEXT.replace("[columns]", 'rows = { "轮次" = "?" }\n[columns]') + CODES)


def test_items_may_go_by_a_header_each(tmp_path, load):
    headers = ", ".join(f'"{n}、第{n - 1}题"' for n in range(2, 9))
    mapping = load(BY_TEXT.replace("questions = [2, 8]", f"headers = [{headers}]") + CODES)
    frame = taken(tmp_path, mapping, spelled("1234123")).frames["response/gad7"]
    assert frame[ITEMS].iloc[0].tolist() == [0, 1, 2, 3, 0, 1, 2]


@pytest.mark.parametrize("headers", ['["a", "b"]', '["a", "a", "b", "c", "d", "e", "f"]'])
def test_a_list_of_headers_has_one_for_every_item(load, headers):
    with pytest.raises(DefinitionError, match="headers"):
        load(BY_TEXT.replace("questions = [2, 8]", f"headers = {headers}") + CODES)


@pytest.mark.parametrize("scale", scales())
def test_a_draft_for_texts_loads_and_reads_nothing_until_they_are_put_in(load, scale):
    (each,) = load(drafted([load_scale(scale)], layout="wenjuanxing-text")).scales
    assert all(list(each.file_codes(item).values()) == list(each.scale.codes_of(item)) for item in each.items)
    assert not {"1", "完全没有"} & set(each.file_codes(1))


# Of the real pair, the six questions of one choice: the options in the order of the questionnaire, which is known from
# nowhere but the twin by number. Question 2 is answered “other” by two people, each with a text of one's own.
SINGLE = {
    "1、手机部数": ["1部", "2部", "3部", "4部及以上"],
    "2、手机价格": [
        "0-799元", "800-999元", "1000-1499元", "1500-1999元", "2000-2499元", "2500-2999元", "3000-3499元",
        "3500元及以上", "免费赠送的", "其他【请注明】",
    ],
    "3、性别": ["男", "女"],
    "4、年龄": [
        "(never chosen)", "16~19岁", "20~24岁", "25~29岁", "30~34岁", "35~39岁", "40~49岁", "50~59岁", "60岁以上",
    ],
    "5、月收入": [
        "3000元以下", "3001-5000元", "5001-8000元", "8001-10000元", "10001-15000元", "15000元以上", "无收入",
        "不知道/拒绝回答",
    ],
    "7、爱好投入占收入比重": ["没有投入", "10%左右", "20%左右", "30%左右", "40%左右", "50%左右", "超过50%"],
}  # fmt: skip


@pytest.fixture(scope="module")
def pair():
    """The same 800 sheets by text and by number."""
    return [read_file(FILES / f"wenjuanxing_by_{how}.xls") for how in ("text", "number")]


@pytest.mark.parametrize("question", SINGLE)
def test_the_same_800_real_sheets_give_the_same_codes_by_text_and_by_number(pair, question):
    place = {option_key(option): str(at) for at, option in enumerate(SINGLE[question], 1)}
    text, number = ([option_key(row[raw.find(question)]) for row in raw.rows] for raw in pair)
    assert len(text) == 800
    assert [place[cell] for cell in text] == number


def test_the_same_sheets_give_the_same_frames_by_text_and_by_number(tmp_path, load):
    answers = ["1234123", "4444444", "1111111", "__3_2_1"]
    rows = {f"G{n:03d}": each for n, each in enumerate(answers, 1)}
    by_text = taken(tmp_path, load(BY_TEXT + CODES), *[spelled(each, who) for who, each in rows.items()])
    by_number = load(BY_TEXT.replace("-text", "-number") + "positions = true")
    by_number = taken(tmp_path, by_number, *[sheet(who, each) for who, each in rows.items()])
    for table, frame in by_number.frames.items():
        pd.testing.assert_frame_equal(by_text.frames[table], frame)
