import io
import re

import pypdf
import pytest
from nbconvert.exporters import get_exporter
from nbformat import v4

from xinyu_lib.errors import DefinitionError, DisclosureError
from xinyu_lib.present import Bullets, Callout, Cover, Facts, Figure, Heading, Kpis, Paragraph, Section, Table
from xinyu_lib.reporting.cells import read_document
from xinyu_lib.reporting.html import HTMLReportExporter
from xinyu_lib.reporting.pdf import PDFReportExporter

COVER = Cover("东湖一中评估报告", "2025–2026 学年秋季", ("读者：校长",))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><rect width="50" height="9"/></svg>'
NASTY = '镕堃中学 <5 & #let x = "*" $y$ @z'
ABOUT = {
    "school": "东湖一中",
    "wave": "2025–2026 秋",
    "reader": "校长",
    "run_id": "3f9a1c77",
    "as_of": "2026-01-31",
}


def rows(count: int) -> Table:
    cells = tuple((f"第 {n} 行", "＊") for n in range(count))
    return Table("各行", ("类别", "人数"), ("left", "right"), cells, ((False, True),) * count, "＊：不显示", total=True)


BODY = (
    Heading("1 摘要"),
    Kpis((("应测", "1,278", "人"), ("有效", "92.3%", "1,180 / 1,278"))),
    Paragraph(NASTY),
    Heading("怎样读", 2),
    Bullets(("先约谈", "再确认")),
    Heading("2 分级"),
    Callout("caution", "注意", "不用于排名"),
    Figure(SVG, "一条柱", "去向"),
    rows(3),
    rows(60),
)


def cell(*blocks, lang="zh"):
    data = Section("any", lang, blocks)._repr_mimebundle_()
    return v4.new_code_cell("ev.any()", outputs=[v4.new_output("execute_result", data=data)])


def notebook(*cells, about=ABOUT):
    nb = v4.new_notebook(cells=list(cells))
    nb.metadata["xinyu"] = about
    return nb


@pytest.fixture
def report():
    return notebook(cell(COVER, Facts((("运行编号", "3f9a1c77"),))), cell(*BODY))


def html_of(nb) -> str:
    return HTMLReportExporter().from_notebook_node(nb)[0]


def pdf_of(nb) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(PDFReportExporter().from_notebook_node(nb)[0]))


def faces(pdf: pypdf.PdfReader) -> set[str]:
    """Names of the embedded typefaces, without the six letters that mark a subset."""
    found = set()
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            found.add(descendant["/BaseFont"].split("+")[-1])
    return found


def test_both_exporters_are_found_by_nbconvert_under_their_names():
    assert get_exporter("xinyu-html") is HTMLReportExporter
    assert get_exporter("xinyu-pdf") is PDFReportExporter


def test_equal_notebooks_give_equal_bytes(report):
    assert html_of(report) == html_of(report)
    first, second = (PDFReportExporter().from_notebook_node(report)[0] for _ in range(2))
    assert first == second


def test_the_page_needs_no_network_and_no_script(report):
    page = html_of(report)
    assert not re.search(r'https?://|<script|<link|@import|url\((?!"data:)', page)
    assert re.findall(r'src="([a-z]+):', page) == ["data"]


def test_the_page_has_language_landmarks_skip_link_and_contents(report):
    page = html_of(report)
    assert '<html lang="zh-CN">' in page
    assert '<a class="skip" href="#text">' in page
    assert all(f"<{mark}" in page for mark in ("header", "nav", "main", "footer"))
    targets = re.findall(r'<a href="#(part-\d+)">(.*?)</a>', page)
    assert targets == [("part-1", "1 摘要"), ("part-2", "怎样读"), ("part-3", "2 分级")]
    assert all(page.count(f'id="{target}"') == 1 for target, _ in targets)


def test_the_header_names_school_wave_reader_and_run(report):
    about = re.search(r'<dl class="about">(.*?)</dl>', html_of(report), re.DOTALL)[1]
    assert re.findall(r"<dd>(.*?)</dd>", about) == ["东湖一中", "2025–2026 秋", "校长", "3f9a1c77"]


def test_what_is_passed_to_nbconvert_goes_before_the_metadata(report):
    page, _ = HTMLReportExporter().from_notebook_node(report, {"report": {"run_id": "other"}})
    assert "<dd>other</dd>" in page
    assert "<dd>东湖一中</dd>" in page


def test_an_english_report_is_english_in_both_formats():
    nb = notebook(cell(Cover("Report", "Autumn"), lang="en"), cell(Heading("1 Summary"), lang="en"))
    assert '<html lang="en">' in html_of(nb)
    assert "Page 2 of 2" in pdf_of(nb).pages[1].extract_text()


def test_names_are_data_in_the_page_and_in_the_pdf(report):
    assert "镕堃中学 &lt;5 &amp; #let x" in html_of(report)
    assert NASTY in pdf_of(report).pages[1].extract_text()


def test_figures_and_tables_are_numbered_in_order():
    document = read_document(notebook(cell(COVER, Heading("一"), rows(2), Figure(SVG, "a", "甲"), rows(2))), {})
    captions = [block.caption for block in document.body[1:]]
    assert captions == ["表 1　各行", "图 1　甲", "表 2　各行"]


def test_the_pdf_embeds_both_faces_so_that_bold_is_bold(report):
    assert faces(pdf_of(report)) == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


def test_the_pdf_is_tagged_titled_and_dated_by_its_as_of_date(report):
    pdf = pdf_of(report)
    assert pdf.metadata.title == "东湖一中评估报告"
    assert pdf.metadata["/CreationDate"].startswith("D:20260131")
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in pdf.root_object["/Metadata"].get_object().get_data().decode()


def test_the_pdf_has_bookmarks_page_numbers_and_a_running_header(report):
    pdf = pdf_of(report)
    assert [entry.title for entry in pdf.outline if not isinstance(entry, list)] == ["1 摘要", "2 分级"]
    last = pdf.pages[-1].extract_text()
    assert f"第 {len(pdf.pages)} 页 / 共 {len(pdf.pages)} 页" in last
    assert "东湖一中评估报告 · 2025–2026 学年秋季 · 3f9a1c77" in last
    assert "·" not in pdf.pages[0].extract_text()  # none on the cover


def test_a_long_table_repeats_its_headings_on_the_next_page(report):
    pages = [page.extract_text() for page in pdf_of(report).pages]
    holding = [page for page in pages if "第 30 行" in page or "第 59 行" in page]
    assert len(holding) == 2
    assert all("类别" in page for page in holding)


def test_a_missing_glyph_stops_the_pdf_and_names_the_character():
    nb = notebook(cell(COVER, Heading("一"), Paragraph("𠮷")))
    with pytest.raises(DefinitionError, match=r"U\+20BB7"):
        PDFReportExporter().from_notebook_node(nb)


OUTPUTS = {
    "stream": v4.new_output("stream", text="张三 3"),
    "stderr": v4.new_output("stream", name="stderr", text="warning"),
    "table": v4.new_output("execute_result", data={"text/html": "<table>", "text/plain": "3"}),
    "image": v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="}),
    "error": v4.new_output("error", ename="ValueError", evalue="3", traceback=[]),
}


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("exporter", [HTMLReportExporter, PDFReportExporter])
def test_any_output_but_blocks_is_refused_with_the_number_of_its_cell(exporter, kind):
    nb = notebook(cell(COVER), v4.new_code_cell("x", outputs=[OUTPUTS[kind]]))
    with pytest.raises(DisclosureError, match=r"第 2 个单元") as refused:
        exporter().from_notebook_node(nb)
    assert "张三" not in str(refused.value)


def test_text_cells_become_headings_and_paragraphs_and_lab_only_cells_are_dropped():
    prose = v4.new_markdown_cell("# 一\n\n第一行\n第二行\n\nfirst line\nsecond")
    lab = v4.new_markdown_cell("- 只在实验室看", metadata={"tags": ["lab-only"]})
    document = read_document(notebook(lab, cell(COVER), prose), {})
    assert document.blocks == (Heading("一"), Paragraph("第一行第二行"), Paragraph("first line second"))


@pytest.mark.parametrize("source", ["- a", "a\n- b", "1. a", "| a |", "**a**", "`a`", "![a](b)", "<b>a</b>", "#### a"])
def test_text_cells_with_other_markup_are_refused(source):
    with pytest.raises(DefinitionError, match=r"第 2 个单元"):
        read_document(notebook(cell(COVER), v4.new_markdown_cell(source)), {})


def test_a_notebook_without_a_cover_is_refused():
    with pytest.raises(DefinitionError, match="封面"):
        read_document(notebook(cell(Heading("一"))), {})


@pytest.mark.parametrize("levels", [[2], [1, 3]])
def test_a_heading_that_skips_a_level_is_refused(levels):
    with pytest.raises(DefinitionError, match="跳级"):
        read_document(notebook(cell(COVER, *(Heading("一", level) for level in levels))), {})


def test_blocks_of_another_version_are_refused():
    later = cell(COVER)
    later.outputs[0].data["application/vnd.xinyu.blocks+json"]["version"] = 2
    with pytest.raises(DefinitionError, match="第 2 版"):
        read_document(notebook(later), {})
