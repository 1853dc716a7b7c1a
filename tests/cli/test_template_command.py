"""`xinyu template`: forms of the declared tables, written where asked for and never over a file by accident."""

import pytest
import typer
from python_calamine import CalamineWorkbook

from xinyu_lib.cli.template import template
from xinyu_lib.errors import UnknownName, XinyuError
from xinyu_lib.tables import load_table, tables

FROM_FILE = sorted(table.label.zh for table in map(load_table, tables()) if table.from_file)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys):
    """Runs the command with these arguments; returns the lines that it printed."""
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(template)

    def run(*arguments: str) -> list[str]:
        assert not app(list(arguments), standalone_mode=False)
        return capsys.readouterr().out.splitlines()

    return run


def sheets(path) -> list[str]:
    return CalamineWorkbook.from_path(path).sheet_names


@pytest.mark.parametrize("name", ["school", "学校", "Schools", "schools"])
def test_a_table_is_asked_for_by_id_or_by_either_label(run, tmp_path, name):
    assert run(name) == ["已写出 学校.xlsx：1 个文件，1 张数据表。"]
    assert sheets(tmp_path / "学校.xlsx") == ["填表说明", "学校"]


def test_all_tables_are_one_workbook(run, tmp_path):
    n = len(FROM_FILE)
    assert run("all") == [f"已写出 心育台账.xlsx：1 个文件，{n} 张数据表。"]
    first, *others = sheets(tmp_path / "心育台账.xlsx")
    assert first == "填表说明"
    assert sorted(set(others) - {"选项"}) == FROM_FILE


def test_all_tables_apart_are_a_file_each(run, tmp_path):
    n = len(FROM_FILE)
    assert run("all", "--apart", "--out", "forms") == [f"已写出 forms：{n} 个文件，{n} 张数据表。"]
    assert sorted(path.stem for path in (tmp_path / "forms").iterdir()) == FROM_FILE


@pytest.mark.parametrize(
    ("out", "written"), [("a.xlsx", "a.xlsx"), ("new", "new/学校.xlsx"), ("new/b.xlsx", "new/b.xlsx")]
)
def test_out_is_a_file_or_a_folder(run, tmp_path, out, written):
    assert run("school", "--out", out) == [f"已写出 {written}：1 个文件，1 张数据表。"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / written]


def test_forms_in_english_bear_english_names(run, tmp_path):
    run("school", "--lang", "en")
    assert sheets(tmp_path / "Schools.xlsx") == ["How to fill", "Schools"]


def test_a_file_that_is_there_is_written_over_only_when_forced(run, tmp_path):
    mine = tmp_path / "学校.xlsx"
    mine.write_bytes(b"mine")
    with pytest.raises(XinyuError) as caught:
        run("school")
    assert caught.value.text("zh") == "学校.xlsx 已经存在，没有覆盖；请用 --out 换一个地方，或加 --force 覆盖。"
    assert mine.read_bytes() == b"mine"
    run("school", "--force")
    assert sheets(mine) == ["填表说明", "学校"]


def test_one_file_that_is_there_stops_all_of_them(run, tmp_path):
    (tmp_path / "心育台账").mkdir()
    (tmp_path / "心育台账" / "学校.xlsx").write_bytes(b"mine")
    with pytest.raises(XinyuError, match=r"学校\.xlsx"):
        run("all", "--apart")
    assert [path.name for path in tmp_path.rglob("*.xlsx")] == ["学校.xlsx"]


@pytest.mark.parametrize("name", ["schools!", "score", ""])
def test_an_unknown_table_or_one_that_we_write_ourselves_lists_the_known(run, tmp_path, name):
    with pytest.raises(UnknownName) as caught:
        run(name)
    assert f"数据表“{name}”" in caught.value.text("zh")
    assert "school 学校" in caught.value.text("zh")
    assert "score" not in caught.value.text("zh").replace(f"“{name}”", "")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_lists_the_known(run):
    with pytest.raises(UnknownName, match="zh, en"):
        run("school", "--lang", "fr")


def test_a_place_that_cannot_be_written_is_one_line(run, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(XinyuError) as caught:
        run("school", "--out", "file/a.xlsx")
    assert caught.value.message_id == "cli.file_unwritable"
    assert "file/a.xlsx" in caught.value.text("zh")
