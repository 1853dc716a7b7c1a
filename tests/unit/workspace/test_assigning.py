"""Whose sheet it is: told by class, number in class and name together, else by a person on a worksheet."""

import stat

import pandas as pd
import pytest
import xlsxwriter
from import_actors import DAY, WAVE, write_csv
from python_calamine import CalamineWorkbook

from xinyu_lib.errors import UnknownName
from xinyu_lib.workspace.assigning import import_assigned, write_unmatched

MAPPING = """
layout = "plain"
[columns]
class_id = "班级"
class_number = "座号"
name = "姓名"
[[scales]]
id = "gad7"
headers = "g{item}"
"""
ROSTER = ["学校代码", "班级代码", "年级", "学籍号", "姓名", "班内学号"]
ANSWERS = ["班级", "座号", "姓名", *[f"g{n}" for n in range(1, 8)]]


def sheet(class_id: str, place: str, name: str, answer: str = "1") -> list[str]:
    return [class_id, place, name, *[answer] * 7]


@pytest.fixture
def named(ws, tmp_path):
    """Four pupils of one school; two of them are both 王伟, in one class."""
    (tmp_path / "named.toml").write_text(MAPPING, encoding="utf-8")
    pupils = [("G001", "阿依古丽·买买提", "1"), ("G002", "王偉", "2"), ("G003", "王伟", "3"), ("G004", "李娜", "4")]
    rows = [["0102", "0401", "4", number, name, place] for number, name, place in pupils]
    ws.import_file(write_csv(tmp_path / "r.csv", ROSTER, *rows), table="pupil", wave=WAVE, as_of=DAY)
    return ws


def import_sheets(ws, tmp_path, *rows: list[str]):
    file = write_csv(tmp_path / "a.csv", ANSWERS, *rows)
    return ws.import_file(file, mapping=tmp_path / "named.toml", wave=WAVE, school="0102", as_of=DAY)


def numbers_of(ws) -> set[str]:
    """Numbers of the pupils who have answers."""
    with ws.vault() as vault:
        number = {key: number for number, key in vault.keys().items()}
    return {number[key] for key in ws.read("response/gad7", wave=WAVE)["pupil_key"]}


def filled(path, decided: dict[int, str]):
    """The worksheet as a person gives it back, with numbers for some rows of the file."""
    lines = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    row, confirmed = lines[0].index("文件中的行"), lines[0].index("确认学籍号")
    back = path.with_name("back.xlsx")
    with xlsxwriter.Workbook(back) as book:
        page = book.add_worksheet()
        for at, line in enumerate(lines):
            if at and int(line[row]) in decided:
                line[confirmed] = decided[int(line[row])]
            page.write_row(at, 0, [str(cell) for cell in line])
    return back


def test_class_number_in_class_and_name_tell_the_pupil_however_they_are_typed(named, tmp_path):
    rows = [sheet("０４０１", "1", "阿依古丽•买买提"), sheet("0401", "2号", "王 伟"), sheet("0401", "04", "李娜")]
    result = import_sheets(named, tmp_path, *rows)
    assert (result.rows_kept, result.reasons) == (3, {})
    assert numbers_of(named) == {"G001", "G002", "G004"}


def test_what_does_not_agree_is_never_guessed_but_left_to_a_person(named, tmp_path):
    result = import_sheets(
        named, tmp_path, sheet("0401", "4", "李娜"), sheet("0401", "9", "王伟"), sheet("", "", "李娜")
    )
    assert (result.rows_kept, result.reasons) == (1, {"not_matched": 2})
    assert result.unmatched["row"].tolist() == [3, 4]
    assert set(result.unmatched["candidates"].iloc[0]) == {"G002", "G003"}


def test_the_sheets_of_a_filled_worksheet_come_in_and_blank_ones_stay(named, tmp_path):
    result = import_sheets(
        named, tmp_path, sheet("0401", "4", "李娜"), sheet("0401", "9", "王伟", "3"), sheet("0401", "8", "王伟")
    )
    path = write_unmatched(named, result, WAVE)
    assert path.parent == named.folder / "restricted"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    back = filled(path, {3: "G003"})
    (assigned,) = import_assigned(named, back, as_of=DAY)
    assert (assigned.status, assigned.rows_in, assigned.rows_kept) == ("imported", 1, 1)
    assert numbers_of(named) == {"G003", "G004"}
    assert import_assigned(named, back, as_of=DAY)[0].status == "already_imported"


def test_a_file_in_which_nobody_is_told_is_kept_for_a_person(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "9", "王伟"))
    assert (result.status, result.rows_in, result.rows_kept) == ("imported", 1, 0)
    (assigned,) = import_assigned(named, filled(write_unmatched(named, result, WAVE), {2: "G002"}), as_of=DAY)
    assert assigned.rows_kept == 1
    assert numbers_of(named) == {"G002"}


def test_two_sheets_assigned_to_one_pupil_are_one_and_a_repeat(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "9", "王伟"), sheet("0401", "8", "王伟"))
    back = filled(write_unmatched(named, result, WAVE), {2: "G002", 3: "G002"})
    (assigned,) = import_assigned(named, back, as_of=DAY)
    assert (assigned.rows_kept, assigned.reasons) == (1, {"duplicate": 1})


def test_a_number_that_is_not_on_the_roster_stays_aside(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "9", "王伟"))
    (assigned,) = import_assigned(named, filled(write_unmatched(named, result, WAVE), {2: "G999"}), as_of=DAY)
    assert (assigned.rows_kept, assigned.reasons) == (0, {"unknown_pupil": 1})


def test_a_worksheet_of_another_workspace_is_refused(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "9", "王伟"))
    path = write_unmatched(named, result, WAVE)
    with named.vault() as vault, vault.writing():
        vault._connection.execute("UPDATE import SET import_id = 'other' WHERE import_id = ?", (result.import_id,))
    with pytest.raises(UnknownName):
        import_assigned(named, filled(path, {2: "G002"}), as_of=DAY)


def test_a_positive_safety_item_of_nobody_is_announced_and_heard_once_the_pupil_is_told(named, tmp_path):
    mapping = MAPPING.replace('"gad7"', '"phq9"').replace("g{item}", "p{item}")
    (tmp_path / "named.toml").write_text(mapping, encoding="utf-8")
    head = ["班级", "座号", "姓名", *[f"p{n}" for n in range(1, 10)]]
    file = write_csv(tmp_path / "p.csv", head, ["0401", "9", "王伟", *["0"] * 8, "2"])
    result = named.import_file(file, mapping=tmp_path / "named.toml", wave=WAVE, school="0102", as_of=DAY)
    assert result.unclaimed == 1
    import_assigned(named, filled(write_unmatched(named, result, WAVE), {2: "G002"}), as_of=DAY)
    assert named.read("response/phq9", wave=WAVE)["phq9_9"].tolist() == [2]


def test_sheets_of_a_file_that_were_assigned_are_in_the_commit_record(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "9", "王伟"))
    import_assigned(named, filled(write_unmatched(named, result, WAVE), {2: "G002"}), as_of=DAY)
    with named.vault() as vault:
        last: pd.Series = vault.imports().iloc[-1]
    assert (last["rows_in"], last["rows_kept"], last["wave"]) == (1, 1, WAVE)
    assert f'"assigned": "{result.import_id}"' in last["detail"]


def test_a_sheet_assigned_to_a_pupil_who_has_one_stays_aside(named, tmp_path):
    result = import_sheets(named, tmp_path, sheet("0401", "4", "李娜", "1"), sheet("0401", "9", "王伟", "3"))
    (assigned,) = import_assigned(named, filled(write_unmatched(named, result, WAVE), {3: "G004"}), as_of=DAY)
    assert (assigned.rows_kept, assigned.reasons) == (0, {"duplicate": 1})
    assert named.read("response/gad7", wave=WAVE)["gad7_1"].tolist() == [1]


def test_a_sheet_without_any_number_is_on_the_worksheet_too(named, tmp_path):
    (tmp_path / "number.toml").write_text(
        'layout = "plain"\n[columns]\nnumber = "学籍号"\n[[scales]]\nid = "gad7"\nheaders = "g{item}"\n',
        encoding="utf-8",
    )
    head = ["学籍号", *ANSWERS[3:]]
    file = write_csv(tmp_path / "n.csv", head, ["G004", *["1"] * 7], ["", *["2"] * 7])
    result = named.import_file(file, mapping=tmp_path / "number.toml", wave=WAVE, as_of=DAY)
    assert result.unmatched["row"].tolist() == [3]
    (assigned,) = import_assigned(named, filled(write_unmatched(named, result, WAVE), {3: "G002"}), as_of=DAY)
    assert assigned.rows_kept == 1
