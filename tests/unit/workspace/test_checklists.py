"""The check list of a workspace: rows in the lake, workbooks that are filled in and come back, nobody lost between."""

import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from import_actors import DAY, STAFF, WAVE, import_roster, person_of_staff, pupil, write_csv, write_ledger

from xinyu_lib.errors import WorkspaceError
from xinyu_lib.workspace.checklists import write_checklist
from xinyu_lib.workspace.streams import store

TODAY, LATER = "2025-10-16", "2025-10-20"  # Thursday and the Monday after
# Number: school, class, tier, safety signal, why undetermined, reasons as stored.
PUPILS = {
    "G01": ("0102", "0401", "orange", "yes", None, '[["T01","phq9","critical_9",1,1]]'),
    "G02": ("0102", "0402", "yellow", "no", None, '[["T05","phq9","total",11,10]]'),
    "G03": ("0103", "0401", "undetermined", "unanswered", "safety_unanswered", "[]"),
    "G04": ("0103", "0401", "undetermined", "not_asked", "absent", "[]"),
    "G05": ("0102", "0401", "undetermined", "not_asked", "refused", "[]"),
    "G06": ("0102", "0401", "none", "no", None, "[]"),
}
SIGNALS = [
    "学校代码",
    "信号编号",
    "来源",
    "问题类别",
    "危险迹象",
    "紧急程度",
    "发出时间",
    "接收时间",
    "接收人工号",
    "学籍号",
]
HEADINGS = [
    "学籍号", "姓名", "年级", "班级代码", "来源", "列入原因", "理由说明", "怎么问、怎么做", "是否超期", "排查期限",
    "列入日期", "问题类别", "波次", "排查人工号", "完成日期", "排查结果",
]  # fmt: skip


def heard(record: str, number: str, danger: str = "", source: str = "班级", at: str = "08:10") -> list[str]:
    sent, received = f"{TODAY} {at}", f"{TODAY} 09:40"
    return ["0102", record, source, "情绪、睡眠", danger, "当天", sent, received, "T001", number]


@pytest.fixture
def ws(ws, tmp_path):
    rows = [pupil(number, f"=名{number}", school=each[0], class_id=each[1]) for number, each in PUPILS.items()]
    import_roster(ws, tmp_path / "roster.csv", *rows)
    ws.import_file(write_csv(tmp_path / "staff.csv", STAFF, person_of_staff("T001")), table="staff", as_of=DAY)
    with ws.vault() as vault:
        keys = vault.keys()
    names = ["tier", "safety_signal", "undetermined_why", "reasons"]
    tiers = [
        {"wave": WAVE, "school": each[0], "pupil_key": keys[number], **dict(zip(names, each[2:], strict=True))}
        for number, each in PUPILS.items()
    ]
    answers = [{**{name: row[name] for name in ("wave", "school", "pupil_key")}, "state": "finished",
                "submitted_at": "2025-10-15T09:30:00"} for row in tiers]  # fmt: skip
    tiers = pd.DataFrame(tiers).astype("str").assign(stage="provisional", rule_set="made by hand")
    store(ws, [("tier_provisional", tiers), ("administration", pd.DataFrame(answers))], "tier", WAVE, DAY)
    return ws


def numbered(ws, frame: pd.DataFrame, *columns: str) -> list[tuple]:
    with ws.vault() as vault:
        number = {key: number for number, key in vault.keys().items()}
    frame = frame.assign(number=frame["pupil_key"].map(number))[["number", *columns]].astype(object)
    return sorted(frame.where(frame.notna(), None).itertuples(index=False, name=None))


def stored(ws) -> list[tuple]:
    return numbered(ws, ws.read("check_list"), "source", "on", "reason", "due_on", "done_on", "outcome")


def book(path: Path, sheet: str = "排查名单") -> pd.DataFrame:
    return pd.read_excel(path, sheet_name=sheet, engine="calamine", dtype=str, keep_default_na=False)


def test_new_rows_are_stored_and_a_second_run_stores_nothing(ws):
    write_checklist(ws, WAVE, TODAY, "zh")
    rows = stored(ws)
    assert rows == [
        ("G01", "census", TODAY, "safety", "2025-10-16", None, None),  # 24 hours
        ("G02", "census", TODAY, "tier", "2025-10-29", None, None),  # 10 school days
        ("G03", "census", TODAY, "safety", "2025-10-16", None, None),  # 1 school day
        ("G04", "census", TODAY, "undetermined", "2025-11-05", None, None),  # 15 school days
        ("G06", "census", TODAY, "sample", "2026-03-01", None, None),  # the only one without a tier
    ]
    committed = ws.committed
    for day in (TODAY, LATER):
        write_checklist(ws, WAVE, day, "zh")
        assert (ws.committed, stored(ws)) == (committed, rows)


def test_each_school_gets_its_own_list_with_names_reasons_and_what_to_ask(ws):
    written = write_checklist(ws, WAVE, LATER, "zh")
    assert written.folder == ws.folder / "restricted" / f"checklist-{WAVE}-{LATER}"
    assert sorted(path.name for path in written.folder.iterdir()) == ["0102.xlsx", "0103.xlsx"]
    found = book(written.folder / "0102.xlsx")
    assert list(found) == HEADINGS
    assert found["学籍号"].tolist() == ["G01", "G02", "G06"]  # safety first, then by limit
    first = found.iloc[0]
    assert first[["姓名", "年级", "班级代码", "来源", "列入原因"]].tolist() == [
        "=名G01", "四年级", "0401", "普查", "安全信号",
    ]  # fmt: skip
    assert first[["是否超期", "排查期限", "列入日期", "波次", "完成日期", "排查结果"]].tolist() == [
        "已超期", "2025-10-16", LATER, WAVE, "", "",
    ]  # fmt: skip
    assert first["理由说明"].startswith("T01 ")
    assert "先问安全" in first["怎么问、怎么做"]
    assert found["是否超期"].tolist() == ["已超期", "", ""]
    other = book(written.folder / "0103.xlsx").set_index("学籍号")
    assert other["列入原因"].to_dict() == {"G03": "安全信号", "G04": "待定需重测"}
    assert "没有作答" in other.loc["G03", "怎么问、怎么做"]
    assert other.loc["G04", "理由说明"] == "待定的原因：未参加。待定不等于“无”。"


def test_of_two_who_are_due_at_once_the_one_with_more_yellow_scales_comes_first(ws):
    tiers = ws.read("tier_provisional", wave=WAVE).drop(columns=["import_id", "valid_from"])
    with ws.vault() as vault:
        number = {key: number for number, key in vault.keys().items()}
    told = tiers["pupil_key"].map(number)
    tiers["tier"] = tiers["tier"].mask(told.isin(["G01", "G05"]), "yellow")
    tiers["safety_signal"] = tiers["safety_signal"].mask(told == "G01", "no")
    tiers["queue"] = told.map({"G01": 1, "G02": 2, "G05": 3}).fillna(0).astype("Int64")
    tiers["remeasure"] = told.map({"G05": "yes"}).astype("str").fillna("no")
    store(ws, [("tier_provisional", tiers)], "tier", WAVE, DAY)
    found = book(write_checklist(ws, WAVE, TODAY, "zh").folder / "0102.xlsx")
    assert found["学籍号"].tolist() == ["G05", "G02", "G01", "G06"]
    assert found["理由说明"].str.contains("需要重测").tolist() == [True, False, False, False]


def test_no_column_but_the_reasons_tells_a_colour(ws):
    written = write_checklist(ws, WAVE, LATER, "zh")
    books = [book(path).drop(columns="理由说明") for path in written.folder.iterdir()]
    cells = "".join("".join(each.to_numpy().ravel()) for each in books)
    assert [word for word in ("红", "橙", "黄") if word in cells] == []


def test_the_second_sheet_says_what_may_be_filled_in(ws):
    written = write_checklist(ws, WAVE, TODAY, "zh")
    how = book(written.folder / "0102.xlsx", "填表说明").set_index("要填的列")["可以填什么"]
    assert list(how.index) == ["问题类别", "排查人工号", "完成日期", "排查结果"]
    assert "已约谈" in how["排查结果"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_that_was_filled_in_comes_back_and_nothing_is_set_aside(ws, lang, tmp_path):
    write_checklist(ws, WAVE, TODAY, "zh")
    written = write_checklist(ws, WAVE, LATER, lang)
    sheet, heads, outcome = {
        "zh": ("排查名单", ["学籍号", "排查结果", "完成日期", "排查人工号"], "已约谈"),
        "en": ("Check list", ["Pupil number", "Outcome", "Done on", "Checked by"], "Interviewed"),
    }[lang]
    found = book(written.folder / "0102.xlsx", sheet)
    found.loc[found[heads[0]] == "G01", heads[1:]] = [outcome, "2025-10-17", "T001"]
    filled = write_ledger(tmp_path / "filled.xlsx", {sheet: [list(found), *found.to_numpy().tolist()]})
    result = ws.import_file(filled, table="check_list", as_of=LATER)
    assert (result.rows_in, result.rows_kept, result.rows_set_aside) == (3, 3, 0)
    rows = stored(ws)
    assert len(rows) == 5  # replaced by key
    assert rows[0] == ("G01", "census", TODAY, "safety", "2025-10-16", "2025-10-17", "interviewed")
    after = write_checklist(ws, WAVE, "2025-10-21", lang)
    assert stored(ws) == rows
    assert "G01" not in set(book(after.folder / "0102.xlsx", sheet)[heads[0]])


def test_a_list_that_was_filled_in_is_not_written_over_by_a_second_run_of_the_day(ws):
    first = write_checklist(ws, WAVE, TODAY, "zh").folder
    (first / "0102.xlsx").write_bytes(b"filled in")
    second = write_checklist(ws, WAVE, TODAY, "zh").folder
    assert (first / "0102.xlsx").read_bytes() == b"filled in"
    assert second.name == f"checklist-{WAVE}-{TODAY}-2"
    assert (second / "0102.xlsx").is_file()


def test_the_form_that_was_written_is_imported_as_it_is(ws):
    written = write_checklist(ws, WAVE, TODAY, "zh")
    before = stored(ws)
    result = ws.import_file(written.folder / "0103.xlsx", table="check_list", as_of=TODAY)
    assert (result.rows_kept, result.rows_set_aside) == (2, 0)
    assert stored(ws) == before


def test_signals_join_the_list_and_those_without_a_pupil_wait_to_be_assigned(ws, tmp_path):
    rows = [heard("X1", "G05"), heard("X2", "G02", "告别"), heard("X3", "", source="朋辈")]
    rows.append(heard("X4", "G06", "计划", at="09:10"))
    ws.import_file(write_csv(tmp_path / "signals.csv", SIGNALS, *rows), table="signal", as_of=TODAY)
    written = write_checklist(ws, WAVE, TODAY, "zh")
    named = [row for row in stored(ws) if row[1] != "census"]
    assert named == [
        ("G02", "teacher", TODAY, "safety", TODAY, None, None),
        ("G05", "teacher", TODAY, "concern", "2025-10-30", None, None),  # 10 school days
        ("G06", "teacher", TODAY, "safety", TODAY, None, None),
    ]
    assert written.unassigned.to_dict() == {"0102": 1}
    found = book(written.folder / "0102.xlsx")
    # due at 09:30; a danger at 10:10, with it the census row of the same pupil, before one at 11:10
    assert found[["学籍号", "来源", "排查期限"]].to_numpy().tolist()[:4] == [
        ["G01", "普查", TODAY], ["G02", "教师", TODAY], ["G02", "普查", TODAY], ["G06", "教师", TODAY],
    ]  # fmt: skip
    assert found["理由说明"].ne("").tolist()[:4] == [True, False, True, False]
    assert found.loc[found["学籍号"] == "G05", "问题类别"].tolist() == ["情绪、睡眠"]


def test_before_tiers_are_made_there_is_no_list(ws):
    with pytest.raises(WorkspaceError, match="xinyu tiers"):
        write_checklist(ws, "2025-2026-spring", TODAY, "zh")


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
def test_only_the_owner_can_read_the_lists_and_the_audit_chain_knows_of_them(ws):
    with ws.vault() as vault:
        before = vault.head()
    folder = write_checklist(ws, WAVE, TODAY, "zh").folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with ws.vault() as vault:
        assert vault.head() != before
        assert vault.audit_intact()
