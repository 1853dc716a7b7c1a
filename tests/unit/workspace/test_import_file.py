"""Importing one file: every row in is a row kept or a row set aside, and the newest row of a pupil counts."""

import shutil

import pandas as pd
import pytest
from import_actors import ANSWERS, DAY, ROSTER, WAVE, import_answers, import_roster, pupil, sheet, write_csv

from xinyu_lib.errors import ImportRefused, UnknownPupil
from xinyu_lib.workspace import Workspace


def state(ws) -> tuple:
    """What an import can change: the commit record, the pupils, the rows in the lake, committed or not."""
    with ws.vault() as vault:
        rows = {name: len(ws.lake.dataset(name).to_table()) for name in ws.lake.names()}
        return vault.committed(), len(vault.people()), len(vault.set_aside()), rows


def test_rows_of_a_roster_in_are_rows_kept_and_rows_set_aside(ws, tmp_path):
    rows = [
        pupil("G001"), pupil("G002"), pupil("G003", school="0999"), [""] * len(ROSTER), pupil("G002", "博"),
        pupil("G004", class_id="0409"), pupil("0012", school="0103"),
    ]  # fmt: skip
    result = import_roster(ws, tmp_path / "roster.csv", *rows)
    assert (result.status, result.rows_in, result.blank_rows) == ("imported", 6, 1)
    assert (result.rows_kept, result.rows_set_aside) == (3, 3)
    assert result.reasons == {"unknown_school": 1, "duplicate": 1, "unknown_class": 1}
    with ws.vault() as vault:
        recorded = vault.imports().set_index("import_id").loc[result.import_id]
        assert recorded[["rows_in", "rows_kept", "rows_set_aside"]].tolist() == [6, 3, 3]
        # the header is row 1 of the file, so the unknown school stands in row 4
        assert vault.set_aside(result.import_id)["row"].tolist() == [4, 6, 7]
        assert vault.people()["number"].tolist() == ["0012", "G001", "G002"]
    assert sorted(ws.read("pupil", wave=WAVE)["school"]) == ["0102", "0102", "0103"]


def test_a_sheet_is_stored_under_the_key_and_school_of_its_pupil(ws, tmp_path):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("0012", school="0103"))
    result = import_answers(
        ws, tmp_path / "answers.csv", sheet("0012", "1234_11"), sheet("G001", "1111115"), sheet("12")
    )
    assert (result.rows_in, result.rows_kept, result.rows_set_aside) == (3, 1, 2)
    assert result.reasons == {"out_of_range": 1, "unknown_pupil": 1}
    with ws.vault() as vault:
        key = vault.keys()["0012"]
    stored = ws.read("response/gad7", wave=WAVE).iloc[0]
    assert (stored["pupil_key"], stored["school"]) == (key, "0103")
    # the file counts from 1, the scale from 0
    assert stored[[f"gad7_{n}" for n in range(1, 8)]].tolist() == [0, 1, 2, 3, pd.NA, 0, 0]
    assert ws.read("administration", wave=WAVE)[["pupil_key", "state", "seconds"]].values.tolist() == [
        [key, "finished", 60]
    ]


def test_neither_name_nor_number_of_a_pupil_comes_into_the_lake(ws, tmp_path):
    import_roster(ws, tmp_path / "roster.csv", pupil("G0010203", "欧阳安娜"))
    import_answers(ws, tmp_path / "answers.csv", sheet("G0010203"), sheet("G0999999"))
    with ws.vault() as vault:
        key = vault.keys()["G0010203"]
    written = b"".join(path.read_bytes() for path in ws.lake.root.rglob("*") if path.is_file())
    assert key.encode() in written
    assert not any(text.encode() in written for text in ("欧阳安娜", "G0010203", "G0999999"))
    assert not any({"name", "number"} & {*ws.lake.dataset(name).schema.names} for name in ("pupil", "response/gad7"))


def test_the_same_file_twice_adds_nothing_whatever_it_is_called(ws, tmp_path):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("G002"))
    first = import_answers(ws, tmp_path / "answers.csv", sheet("G001"), sheet("G009"))
    before = state(ws)
    shutil.copy(tmp_path / "answers.csv", tmp_path / "copy.csv")
    for name in ("answers.csv", "copy.csv"):
        again = import_answers(ws, tmp_path / name)
        assert (again.status, again.import_id, again.rows_in) == ("already_imported", first.import_id, 0)
    assert state(ws) == before


def test_a_file_is_imported_again_once_the_roster_has_the_pupils_it_lacked(ws, tmp_path):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"))
    assert import_answers(ws, tmp_path / "answers.csv", sheet("G001"), sheet("G002")).rows_kept == 1
    import_roster(ws, tmp_path / "more.csv", pupil("G002", "博"))
    again = import_answers(ws, tmp_path / "answers.csv")
    assert (again.status, again.rows_kept, again.rows_set_aside) == ("imported", 2, 0)
    assert len(ws.read("response/gad7", wave=WAVE)) == 2
    assert import_answers(ws, tmp_path / "answers.csv").status == "already_imported"


@pytest.mark.parametrize(("as_of", "counts"), [("2025-11-01", "0402"), (DAY, "0402"), ("2025-09-01", "0401")])
def test_a_corrected_roster_counts_from_its_date_and_the_old_row_is_kept(ws, tmp_path, as_of, counts):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("G002", "博"))
    with ws.vault() as vault:
        keys = vault.keys()
    import_roster(ws, tmp_path / "corrected.csv", pupil("G001", "安 娜", class_id="0402"), as_of=as_of)
    classes = ws.read("pupil", wave=WAVE).set_index("pupil_key")["class_id"]
    assert classes.to_dict() == {keys["G001"]: counts, keys["G002"]: "0401"}
    assert sorted(ws.lake.read("pupil", committed=ws.committed)["class_id"]) == ["0401", "0401", "0402"]
    with ws.vault() as vault:
        assert vault.keys() == keys


def test_a_pupil_of_two_waves_in_one_roster_has_one_key(ws, tmp_path):
    spring = "2025-2026-spring"
    classes = write_csv(tmp_path / "spring.csv", ["学校代码", "班级代码", "年级"], ["0102", "0401", "4"])
    ws.import_file(classes, table="class", wave=spring, as_of=DAY)
    rows = [[wave, *pupil("G001")] for wave in (WAVE, spring)]
    result = ws.import_file(write_csv(tmp_path / "r.csv", ["波次", *ROSTER], *rows), table="pupil", as_of=DAY)
    assert result.rows_kept == 2
    with ws.vault() as vault:
        assert ws.read("pupil")["pupil_key"].tolist() == [vault.keys()["G001"]] * 2


def test_a_workspace_that_is_open_already_knows_the_roster_imported_by_another(ws, tmp_path):
    assert len(ws.committed) == 2
    import_roster(Workspace(ws.folder), tmp_path / "roster.csv", pupil("G001"))
    assert import_answers(ws, tmp_path / "answers.csv", sheet("G001")).rows_kept == 1
    assert len(ws.committed) == 4


def test_a_file_of_which_no_row_fits_changes_nothing(ws, tmp_path):
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"))
    before = state(ws)
    with pytest.raises(UnknownPupil):
        import_answers(ws, tmp_path / "answers.csv", sheet("G008"), sheet("G009"))
    assert state(ws) == before


def test_a_file_of_no_known_kind_is_refused_and_changes_nothing(ws, tmp_path):
    before = state(ws)
    with pytest.raises(ImportRefused) as caught:
        ws.import_file(write_csv(tmp_path / "answers.csv", ANSWERS, sheet("G001")), as_of=DAY)
    assert (caught.value.message_id, caught.value.fields) == ("workspace.table_or_mapping", {"file": "answers.csv"})
    assert state(ws) == before
