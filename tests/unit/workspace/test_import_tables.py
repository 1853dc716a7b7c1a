"""Any table through the one door: persons under keys, words in the vault, references checked, ledgers whole."""

import json

import pytest
import xlsxwriter
from import_actors import DAY, ROSTER, WAVE, import_roster, pupil, write_csv

from xinyu_lib.errors import ImportRefused, RowsRefused
from xinyu_lib.tables import load_table, write_template
from xinyu_lib.workspace.asides import column_report


def row_of(table: str, **given: str) -> tuple[list[str], list[str]]:
    """Header and cells of one row: what is given, and the example of everything else that is required."""
    columns = [c for c in load_table(table).file_columns if c.required or c.name in given]
    return [c.label.zh for c in columns], [given.get(c.name, c.example or "") for c in columns]


def import_rows(ws, path, table: str, *rows: dict, **how):
    """Import rows of a table, each by its column names."""
    heads, cells = zip(*(row_of(table, **row) for row in rows), strict=True)
    return ws.import_file(write_csv(path, heads[0], *cells), table=table, as_of=DAY, **how)


@pytest.fixture
def staffed(ws, tmp_path):
    """A workspace with a roster of two pupils and a psychology teacher."""
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("G002", "博"))
    import_rows(ws, tmp_path / "staff.csv", "staff", {"staff_number": "T0102001", "name": "柳青", "school": "0102"})
    return ws


def test_a_teacher_gets_a_key_and_the_lake_holds_neither_name_nor_number(staffed):
    with staffed.vault() as vault:
        keys = vault.keys("staff")
        assert vault.people("staff")[["number", "name"]].values.tolist() == [["T0102001", "柳青"]]
    assert staffed.read("staff")["staff_key"].tolist() == [keys["T0102001"]]
    written = b"".join(path.read_bytes() for path in staffed.lake.root.rglob("*") if path.is_file())
    assert not any(text.encode() in written for text in ("T0102001", "柳青"))


def test_what_a_teacher_writes_about_a_pupil_is_kept_in_the_vault_beside_the_row(staffed, tmp_path):
    talk = {"number": "G001", "staff_number": "T0102001", "words": "夜里睡不着"}
    import_rows(staffed, tmp_path / "talk.csv", "interview", talk)
    stored = staffed.read("interview").iloc[0]
    assert (stored["school"], "words" in stored.index) == ("0102", False)
    with staffed.vault() as vault:
        words = vault.words("interview").iloc[0]
        assert words["value"] == "夜里睡不着"
        assert json.loads(words["row_key"])[0] == vault.keys()["G001"] == stored["pupil_key"]
        assert stored["staff_key"] == vault.keys("staff")["T0102001"]


def test_a_pupil_a_teacher_or_a_record_that_nobody_knows_sets_the_row_aside(staffed, tmp_path):
    rows = [
        {"number": "G001", "staff_number": "T0102001"},
        {"number": "G009", "staff_number": "T0102001"},
        {"number": "G002", "staff_number": "T0109999"},
    ]
    result = import_rows(staffed, tmp_path / "talk.csv", "interview", *rows)
    assert (result.rows_kept, result.reasons) == (1, {"unknown_pupil": 1, "unknown_staff": 1})
    with pytest.raises(RowsRefused) as caught:
        import_rows(staffed, tmp_path / "log.csv", "room_log", {"school": "0102", "room": "R9"})
    assert "心理辅导室" in caught.value.text("zh")


def test_a_record_of_another_school_is_not_the_record_that_is_meant(staffed, tmp_path):
    import_rows(staffed, tmp_path / "room.csv", "room", {"school": "0102", "record": "R1"})
    import_rows(staffed, tmp_path / "log.csv", "room_log", {"school": "0102", "room": "R1"})
    with pytest.raises(RowsRefused):
        import_rows(staffed, tmp_path / "other.csv", "room_log", {"school": "0103", "room": "R1"})


def test_several_codes_numbers_and_defaults_are_read_and_a_day_before_its_start_is_told(staffed, tmp_path):
    fine = {"number": "G001", "staff_number": "T0102001", "sequence": ""}
    import_rows(staffed, tmp_path / "talk.csv", "interview", fine)
    assert staffed.read("interview")["sequence"].tolist() == [1]
    head, cells = row_of("staff", staff_number="T0102002", school="0102", starts="2025-09-01", ends="2025-08-31")
    with pytest.raises(RowsRefused) as caught:
        staffed.import_file(write_csv(tmp_path / "staff2.csv", head, cells), table="staff", as_of=DAY)
    assert "不早于“任职日期”" in caught.value.text("zh")


def ledger(path, *sheets: tuple[str, list[list[str]]]):
    """A workbook with a sheet per table, a merged title above each header."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            page.merge_range(0, 0, 0, len(rows[0]) - 1, f"示范小学{name}")
            for at, row in enumerate(rows, 1):
                page.write_row(at, 0, row)
    return path


def test_a_ledger_is_one_import_and_its_sheets_may_refer_to_each_other_in_any_order(staffed, tmp_path):
    log, room = row_of("room_log", school="0102", room="R1"), row_of("room", school="0102", record="R1")
    file = ledger(
        tmp_path / "l.xlsx", ("辅导室开放记录", list(log)), ("心理辅导室", list(room)), ("备忘", [["甲", "乙"]])
    )
    result = staffed.import_file(file, as_of=DAY)
    assert (result.rows_in, result.rows_kept, result.unused_sheets) == (2, 2, ("备忘",))
    assert (len(staffed.read("room")), len(staffed.read("room_log"))) == (1, 1)
    assert staffed.import_file(file, as_of=DAY).status == "already_imported"


def test_a_problem_in_a_ledger_names_its_sheet(staffed, tmp_path):
    head, good = row_of("room", school="0102", record="R1")
    bad = [*row_of("room", school="0199", record="R2")[1]]
    result = staffed.import_file(ledger(tmp_path / "l.xlsx", ("心理辅导室", [head, good, bad])), as_of=DAY)
    assert result.rows_kept == 1
    report = column_report(result.set_aside, "zh").iloc[0]
    # row 1 is the title, row 2 the header
    assert report.tolist()[:5] == ["心理辅导室", 4, "学校代码", "没有登记的学校", "0199"]


def test_a_workbook_without_a_sheet_of_ours_is_refused(staffed, tmp_path):
    with pytest.raises(ImportRefused):
        staffed.import_file(ledger(tmp_path / "l.xlsx", ("备忘", [["甲", "乙"], ["1", "2"]])), as_of=DAY)


def test_a_filled_template_is_imported_by_its_own_sheet(ws, tmp_path):
    write_template(tmp_path / "t.xlsx", [load_table("wave")])
    with pytest.raises(ImportRefused):
        ws.import_file(tmp_path / "t.xlsx", table="wave", as_of=DAY)  # blank: nothing to import


def test_a_dry_run_tells_the_same_and_writes_nothing(staffed, tmp_path):
    before = staffed.inputs()
    rows = [{"number": "G001", "staff_number": "T0102001"}, {"number": "G009", "staff_number": "T0102001"}]
    checked = import_rows(staffed, tmp_path / "talk.csv", "interview", *rows, dry_run=True)
    assert (checked.status, checked.rows_in, checked.rows_kept) == ("checked", 2, 1)
    assert (staffed.inputs(), len(staffed.read("interview"))) == (before, 0)
    done = import_rows(staffed, tmp_path / "talk.csv", "interview", *rows)
    assert done.reasons == checked.reasons


def test_a_corrected_row_counts_from_its_day_and_the_earlier_one_and_its_words_are_kept(staffed, tmp_path):
    talk = {"number": "G001", "staff_number": "T0102001", "on": "2025-10-20"}
    import_rows(staffed, tmp_path / "a.csv", "interview", talk | {"words": "原来的"})
    head, cells = row_of("interview", **talk, words="更正的")
    corrected = staffed.import_file(write_csv(tmp_path / "b.csv", head, cells), table="interview", as_of="2025-11-01")
    assert corrected.newer is None
    assert len(staffed.read("interview")) == 1
    assert len(staffed.lake.read("interview", committed=staffed.committed)) == 2
    with staffed.vault() as vault:
        assert vault.words("interview")["value"].tolist() == ["原来的", "更正的"]


def test_rows_that_do_not_count_because_newer_ones_are_there_are_said_to(staffed, tmp_path):
    import_roster(staffed, tmp_path / "late.csv", pupil("G001", class_id="0402"), as_of="2025-11-01")
    early = import_roster(staffed, tmp_path / "early.csv", pupil("G001", "安 娜"), as_of="2025-09-01")
    assert early.newer == "2025-11-01"


def test_a_long_file_is_taken_a_stretch_at_a_time_and_repeats_are_seen_across_stretches(ws, tmp_path, monkeypatch):
    monkeypatch.setattr("xinyu_lib.census.rawfile.RawFile.stretches.__defaults__", (10,))
    numbers = [f"G{n:03d}" for n in range(35)]
    result = import_roster(ws, tmp_path / "long.csv", *map(pupil, [*numbers, "G003"]))
    assert (result.rows_in, result.rows_kept, result.reasons) == (36, 35, {"duplicate": 1})
    with ws.vault() as vault:
        assert vault.set_aside(result.import_id)["row"].tolist() == [37]
        assert len(vault.people()) == 35
        keys = set(vault.keys().values())
    assert set(ws.read("pupil", wave=WAVE)["pupil_key"]) == keys


def test_pupils_and_staff_of_the_same_ledger_are_known_to_its_other_sheets(staffed, tmp_path):
    new, head = pupil("G050", "丁"), ["波次", "学校代码", "班级代码", "年级", "学籍号", "姓名", "性别"]
    talk = row_of("interview", number="G050", staff_number="T0102009")
    staff = row_of("staff", staff_number="T0102009", name="桑", school="0102")
    sheets = [("约谈", list(talk)), ("学生名册", [head, [WAVE, *new]]), ("心育人员", list(staff))]
    result = staffed.import_file(ledger(tmp_path / "l.xlsx", *sheets), as_of=DAY)
    assert (result.rows_kept, result.reasons) == (3, {})
    assert staffed.read("interview")["school"].tolist() == ["0102"]


def test_the_same_row_of_two_sheets_is_two_rows_and_a_ledger_is_taken_again_once_one_of_them_fits(staffed, tmp_path):
    head, room = row_of("room", school="0102", record="R1")
    bad_room = row_of("room", school="0199", record="R2")[1]
    log = row_of("room_log", school="0199", room="R2")
    file = ledger(tmp_path / "l.xlsx", ("心理辅导室", [head, bad_room, room]), ("辅导室开放记录", list(log)))
    first = staffed.import_file(file, as_of=DAY)
    # row 3 of both sheets: the school that nobody knows
    assert (first.rows_kept, first.rows_set_aside, first.reasons) == (1, 2, {"unknown_school": 2})
    import_rows(staffed, tmp_path / "s.csv", "school", {"school": "0199", "name": "新校", "type": "小学"})
    again = staffed.import_file(file, as_of=DAY)
    assert (again.status, again.rows_kept) == ("imported", 3)


def test_a_file_is_taken_again_when_a_person_says_so(staffed, tmp_path):
    rows = {value: {"school": "0102", "record": "R1", "area": value} for value in ("12", "15")}
    for value, how in (("12", {}), ("15", {}), ("12", {"again": True})):
        result = import_rows(staffed, tmp_path / f"{value}.csv", "room", rows[value], **how)
        assert result.status == "imported"
        assert staffed.read("room")["area"].tolist() == [float(value)]
    assert import_rows(staffed, tmp_path / "12.csv", "room", rows["12"]).status == "already_imported"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12,000.50", 12000.5), ("１２，０００", 12000), ("1,2,3", None), ("12,00", None), ("1.2万", None)],
)
def test_commas_stand_between_thousands_or_the_number_is_none(staffed, tmp_path, cell, value):
    room = {"school": "0102", "record": "R1", "area": cell}
    if value is None:
        with pytest.raises(RowsRefused):
            import_rows(staffed, tmp_path / "r.csv", "room", room)
    else:
        head, cells = row_of("budget", school="0102", planned=cell)
        staffed.import_file(write_csv(tmp_path / "b.csv", head, cells), table="budget", as_of=DAY)
        assert staffed.read("budget")["planned"].tolist() == [value]


@pytest.mark.parametrize("cell", ["2016.1", "20161"])
def test_a_month_that_may_be_read_in_two_ways_is_not_guessed(ws, tmp_path, cell):
    file = write_csv(tmp_path / "r.csv", [*ROSTER, "出生年月"], [*pupil("G001"), cell])
    with pytest.raises(RowsRefused):
        ws.import_file(file, table="pupil", wave=WAVE, as_of=DAY)


def test_a_safety_item_is_heard_although_no_sheet_of_its_stretch_can_be_kept(ws, tmp_path, monkeypatch):
    monkeypatch.setattr("xinyu_lib.census.rawfile.RawFile.stretches.__defaults__", (1,))
    import_roster(ws, tmp_path / "r.csv", pupil("G001"), pupil("G002"))
    mapping = 'layout = "plain"\n[columns]\nnumber = "n"\n[[scales]]\nid = "phq9"\nheaders = "p{item}"\n'
    (tmp_path / "phq9.toml").write_text(mapping, encoding="utf-8")
    head = ["n", *[f"p{item}" for item in range(1, 10)]]
    rows = [["G001", "7", *["0"] * 7, "2"], ["G002", *["0"] * 9]]  # 7 is no answer: the first sheet is set aside
    file = write_csv(tmp_path / "a.csv", head, *rows)
    result = ws.import_file(file, mapping=tmp_path / "phq9.toml", wave=WAVE, as_of=DAY)
    assert (result.rows_kept, result.reasons) == (1, {"out_of_range": 1})
    with ws.vault() as vault:
        assert ws.read("safety_answer")[["pupil_key", "answer"]].values.tolist() == [[vault.keys()["G001"], 2]]
    assert ws.read("sheet_set_aside")["reason"].tolist() == ["out_of_range"]
