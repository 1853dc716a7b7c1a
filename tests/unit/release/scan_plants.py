"""One leak per kind and format: what is wrong, and a file with it."""

import base64
import io
import json
import zlib

from nbformat import v4
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText
from scan_files import (
    CORE,
    DRAWING,
    SHEET,
    blocks,
    cell,
    chunk,
    docx,
    html,
    ipynb,
    package,
    paragraph,
    pdf,
    picture,
    png,
    sheet,
    story,
    svg,
    xlsx,
)

from xinyu_lib.present import Paragraph


def added(**more) -> bytes:
    """A PDF with what pypdf can add to it."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf()))
    for verb, values in more.items():
        getattr(writer, verb)(*values)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


ROWS = [{"grade": 4, "mht": 61}, {"grade": 4, "mht": 70}, {"grade": 5, "mht": 12}]
CSV = "grade,sex,mht\n4,1,61\n4,2,70\n5,1,12\n"
PRINTED = "   grade  mht\n0      4   61\n1      4   70\n2      5   12\n"
TRACE = 'Traceback (most recent call last):\n  File "x.py", line 3, in f\nKeyError: 3\n'
DOTS = "".join(f'<circle cx="{n * 7 % 83}.{n}" cy="{n * 5 % 17}.{n}" r="1"/>' for n in range(31))
IMAGE = '<w:drawing><docPr id="1" name="图"{}/></w:drawing>'
NOTE = "<text><t>请看这里</t></text>"
STYLES = (
    f'<styleSheet xmlns="{SHEET}"><fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>'
    '<cellXfs><xf/><xf fontId="1"/></cellXfs></styleSheet>'
)
UNSEEN = cell("A1", "待核", ' s="1"')
ERROR = v4.new_output("error", ename="E", evalue="v", traceback=[])
IN_PDF = svg().replace('"', '\\"')


def marked(source: str):
    """A cell of parameters that papermill put in."""
    return v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})


PLANTS = {
    ("small_number", "html"): lambda: html("<p>其中 3 名学生</p>"),
    ("small_number", "html words"): lambda: html("<p>there were <b>three</b> pupils</p>"),
    ("small_number", "html characters"): lambda: html("<p>另有两人未测</p>"),
    ("small_number", "html table"): lambda: html(
        "<table><tr><th>类别</th><th>人数</th></tr><tr><th>红</th><td>3</td></tr></table>"
    ),
    ("small_number", "html of"): lambda: html("<p>3 / 239 人</p>"),
    ("small_number", "html share"): lambda: html("<p>2.0 % of 100</p>"),
    ("small_number", "html share in brackets"): lambda: html("<p>2.0%（100 人）</p>"),
    ("small_number", "html share before"): lambda: html("<p>100 名学生中有 2%</p>"),
    ("small_number", "pdf"): lambda: pdf("其中 3 名学生"),
    ("small_number", "docx"): lambda: docx("<w:p><w:r><w:t>其中 3</w:t></w:r><w:r><w:t>名学生</w:t></w:r></w:p>"),
    ("small_number", "xlsx"): lambda: xlsx(sheet(f'<row>{cell("A1", "人数")}</row><row><c r="A2"><v>3</v></c></row>')),
    ("small_number", "ipynb"): lambda: ipynb(data=blocks(Paragraph("其中 3 名学生"))),
    ("small_number", "json"): lambda: json.dumps({"pupils": 3}),
    ("small_number", "csv"): lambda: "类别,人数\n红,3\n",
    ("small_number", "svg"): lambda: svg("<text>红：<tspan>3</tspan> 人</text>"),
    ("small_number", "log"): lambda: "scored 3 sheets\n",
    ("parameters", "ipynb"): lambda: ipynb(metadata={"papermill": {"parameters": {}}}),
    ("parameters", "ipynb cell"): lambda: ipynb(v4.new_code_cell("1", metadata={"papermill": {"duration": 1}})),
    ("parameters", "ipynb names"): lambda: ipynb(marked('wave = "x"\nclass_ = "0401"')),
    ("parameters", "ipynb code"): lambda: ipynb(marked('wave = open("x").read()')),
    ("parameters", "json"): lambda: json.dumps({"parameters": {"wave": "x", "pupil": "y"}}),
    ("parameters", "log"): lambda: "xinyu report report-school --school 0102\n",
    ("traceback", "html"): lambda: html(f"<pre>{TRACE}</pre>"),
    ("traceback", "ipynb"): lambda: ipynb(v4.new_code_cell("1/0", outputs=[ERROR])),
    ("traceback", "log"): lambda: TRACE,
    ("path", "html"): lambda: html("<p>/home/wang/xinyu/a.csv</p>"),
    ("path", "html windows"): lambda: html(r"<p>C:\Users\wang\a.csv</p>"),
    ("path", "json"): lambda: json.dumps({"reason": r"C:\data\a.csv"}),
    ("path", "txt share"): lambda: r"\\server\share\a.csv",
    ("path", "docx"): lambda: docx(
        more={"word/_rels/document.xml.rels": '<R xmlns="r"><Q Target="file:///x/a.docx"/></R>'}
    ),
    ("path", "pdf"): lambda: pdf("/tmp/xinyu/a.csv"),
    ("path", "svg"): lambda: svg('<image href="/Users/wang/a.png"/>'),
    ("data_frame", "html"): lambda: html('<table class="dataframe"><tr><td>x</td></tr></table>'),
    ("data_frame", "html text"): lambda: html(f"<pre>{CSV}</pre>"),
    ("data_frame", "html printed"): lambda: html(f"<pre>{PRINTED}</pre>"),
    ("data_frame", "html type"): lambda: html(
        f'<a href="data:text/csv;base64,{base64.b64encode(CSV.encode()).decode()}">x</a>'
    ),
    ("data_frame", "html parquet"): lambda: html(f"<p>{base64.b64encode(b'PAR1' + bytes(60)).decode()}</p>"),
    ("data_frame", "html font"): lambda: html(
        f'<style>src: url("data:font/woff;base64,{base64.b64encode(b"PAR1" * 9).decode()}")</style>'
    ),
    ("data_frame", "json"): lambda: json.dumps({"rows": ROWS}),
    ("data_frame", "json split"): lambda: json.dumps({"columns": ["a"], "index": [0], "data": [[1]]}),
    ("data_frame", "json columns"): lambda: json.dumps({"a": {"0": 1, "1": 2}, "b": {"0": 1, "1": 2}}),
    ("data_frame", "csv"): lambda: "pupil_key,phq9_1\nk1,3\n",
    ("data_frame", "pdf"): lambda: added(add_attachment=("a.csv", CSV.encode())),
    ("data_frame", "docx"): lambda: docx(more={"word/embeddings/a.xlsx": package({"x": ""})}),
    ("data_frame", "xlsx"): lambda: xlsx(sheet(f"<row>{cell('A1', '学籍号')}</row>")),
    ("data_frame", "xlsx pivot"): lambda: xlsx(more={"xl/pivotCache/pivotCacheRecords1.xml": "<a/>"}),
    ("alt_text", "html"): lambda: html(picture(svg(), alt="")),
    ("alt_text", "html number"): lambda: html(picture(svg(), alt="柱高 17")),
    ("alt_text", "html drawing"): lambda: html(svg()),
    ("alt_text", "pdf"): lambda: pdf('#image(bytes("' + IN_PDF + '"), format: "svg")'),
    ("alt_text", "pdf number"): lambda: pdf('#image(bytes("' + IN_PDF + '"), format: "svg", alt: "柱高 17")'),
    ("alt_text", "docx"): lambda: docx(IMAGE.format("")),
    ("alt_text", "docx number"): lambda: docx(IMAGE.format(' descr="柱高 17"')),
    ("alt_text", "xlsx"): lambda: xlsx(more={"xl/drawings/drawing1.xml": '<a><cNvPr id="1" name="x"/></a>'}),
    ("hidden_part", "html comment"): lambda: html("<!-- 待核 -->"),
    ("hidden_part", "html style"): lambda: html('<p style="display:none">待核</p>'),
    ("hidden_part", "html white"): lambda: html('<p><span style="color: #FFF">待核</span></p>'),
    ("hidden_part", "html sheet"): lambda: html('<p class="x">待核</p>', "<style>.x { visibility: hidden }</style>"),
    ("hidden_part", "html hidden"): lambda: html("<p hidden>待核</p>"),
    ("hidden_part", "html script"): lambda: html("<script>x</script>"),
    ("hidden_part", "pdf annotation"): lambda: added(add_annotation=(0, FreeText(text="待核", rect=(9, 9, 99, 40)))),
    ("hidden_part", "pdf script"): lambda: added(add_open_action=(JavaScript("x"),)),
    ("hidden_part", "pdf outside"): lambda: pdf("应测#place(dx: 500pt)[待核]"),
    ("hidden_part", "pdf white"): lambda: pdf("应测#text(fill: white)[待核]"),
    ("hidden_part", "pdf revision"): lambda: pdf() + b"\nstartxref\n0\n%%EOF\n",
    ("hidden_part", "docx comment"): lambda: docx(
        more={"word/comments.xml": story("comments", f"<w:comment>{paragraph('待核')}</w:comment>")}
    ),
    ("hidden_part", "docx insertion"): lambda: docx(f"<w:ins>{paragraph('待核')}</w:ins>"),
    ("hidden_part", "docx deletion"): lambda: docx("<w:p><w:del><w:r><w:delText>待核</w:delText></w:r></w:del></w:p>"),
    ("hidden_part", "docx vanish"): lambda: docx(paragraph("待核", "<w:vanish/>")),
    ("hidden_part", "docx white"): lambda: docx(paragraph("待核", '<w:color w:val="FFFFFF"/>')),
    ("hidden_part", "docx custom"): lambda: docx(more={"customXml/item1.xml": "<a/>"}),
    ("hidden_part", "xlsx sheet"): lambda: xlsx(state=' state="hidden"'),
    ("hidden_part", "xlsx very hidden sheet"): lambda: xlsx(state=' state="veryHidden"'),
    ("hidden_part", "xlsx row"): lambda: xlsx(sheet('<row hidden="1"/>')),
    ("hidden_part", "xlsx column"): lambda: xlsx(sheet(more='<cols><col hidden="1"/></cols>')),
    ("hidden_part", "xlsx comment"): lambda: xlsx(more={"xl/comments1.xml": f"<comments>{NOTE}</comments>"}),
    ("hidden_part", "xlsx white"): lambda: xlsx(sheet(f"<row>{UNSEEN}</row>"), more={"xl/styles.xml": STYLES}),
    ("hidden_part", "ipynb output"): lambda: ipynb(v4.new_code_cell("1", outputs=[v4.new_output("stream", text="1")])),
    ("hidden_part", "ipynb attachment"): lambda: ipynb(
        v4.new_markdown_cell("x", attachments={"a.png": {"image/png": "iVBORw0KGgo="}})
    ),
    ("hidden_part", "ipynb widgets"): lambda: ipynb(metadata={"widgets": {}}),
    ("hidden_part", "png"): lambda: png() + b"more",
    ("hidden_part", "svg"): lambda: svg("<!-- 待核 -->"),
    ("metadata", "html"): lambda: html(head='<meta name="author" content="李老师">'),
    ("metadata", "pdf"): lambda: added(add_metadata=({"/Author": "李老师"},)),
    ("metadata", "pdf tool"): lambda: added(add_metadata=({"/Creator": "PDF of WANG-PC"},)),
    ("metadata", "docx"): lambda: docx(more={"docProps/core.xml": CORE.format("<dc:creator>李老师</dc:creator>")}),
    ("metadata", "docx company"): lambda: docx(
        more={"docProps/app.xml": "<Properties><Company>一中</Company></Properties>"}
    ),
    ("metadata", "docx property"): lambda: docx(more={"docProps/custom.xml": "<Properties/>"}),
    ("metadata", "xlsx"): lambda: xlsx(
        more={"docProps/core.xml": CORE.format("<cp:lastModifiedBy xmlns:cp='x'>李</cp:lastModifiedBy>")}
    ),
    ("metadata", "ipynb"): lambda: ipynb(metadata={"authors": [{"name": "李老师"}]}),
    ("metadata", "png"): lambda: png(chunk(b"tEXt", b"Author\0Li")),
    ("metadata", "png packed"): lambda: png(chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Li"))),
    ("metadata", "png camera"): lambda: png(chunk(b"eXIf", b"MM\0*")),
    ("metadata", "html jpeg"): lambda: html(picture(png(chunk(b"eXIf", b"MM\0*")), "image/png")),
    ("metadata", "svg"): lambda: svg("<metadata>李老师</metadata>"),
    ("metadata", "svg title"): lambda: svg(f"<title>三班</title>{DRAWING}"),
    ("point_data", "svg"): lambda: svg(DOTS),
    ("point_data", "svg tooltip"): lambda: svg("<g><title>61</title></g>"),
    ("point_data", "svg attribute"): lambda: svg('<rect data-score="61"/>'),
    ("point_data", "html"): lambda: html(picture(svg(DOTS))),
    ("point_data", "html inline"): lambda: html(svg(f"<g aria-label='图'/>{DOTS}")),
    ("point_data", "html attribute"): lambda: html('<p data-score="61">x</p>'),
    ("point_data", "ipynb"): lambda: ipynb(
        data=json.loads(json.dumps(blocks()).replace("<rect width=", '<rect data-score=\\"61\\" width='))
    ),
    ("unreadable", "parquet"): lambda: "PAR1",
    ("unreadable", "html"): lambda: html()[:-20],
    ("unreadable", "svg entities"): lambda: '<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
    ("unreadable", "docx"): lambda: package({}),
    ("unreadable", "json twice"): lambda: '{"a": 1, "a": 2}',
}
