"""The books of care: names by reader in `restricted/`, case numbers for the bureau, and planted gaps found."""

import json
import shutil
import stat

import pandas as pd
import pytest
from care_actors import DAY, WAVE, with_care
from import_actors import import_roster, pupil

from xinyu_lib.errors import WorkspaceError
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.carebooks import overdue_sheets
from xinyu_lib.workspace.caring import (
    duties_of,
    handover_of,
    overdue_of,
    policy_of,
    register_of,
    write_handover,
    write_overdue,
    write_register,
)

NUMBERS = {"G01": "0102", "G02": "0102", "G03": "0102", "G04": "0103"}
NOW = "2025-10-22T09:00"


@pytest.fixture
def ws(ws, tmp_path):
    import_roster(ws, tmp_path / "r.csv", *[pupil(n, f"=名{n}", school=school) for n, school in NUMBERS.items()])
    with ws.vault() as vault:
        keys = vault.keys()
    with_care(ws, keys)
    return ws


def read(path) -> dict[str, pd.DataFrame]:
    return pd.read_excel(path, sheet_name=None, engine="calamine", dtype=str, keep_default_na=False)


def steps(sheet: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(sheet["学籍号"], sheet["事项"], strict=True))


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_role_of_a_school_has_a_file_of_what_it_does_or_is_told(ws):
    folder, _ = write_overdue(ws, NOW, "zh")
    assert names(folder) == [
        "0102-principal.xlsx", "0102-psychology_teacher.xlsx", "0103-class_teacher-0401.xlsx", "bureau.xlsx",
    ]  # fmt: skip
    first = read(folder / "0102-psychology_teacher.xlsx") | read(folder / "0102-principal.xlsx")
    second = read(folder / "0103-class_teacher-0401.xlsx")
    assert (list(first), list(second)) == (["心理教师", "校长"], ["班主任"])
    # the red since 13 October: talk, guardian and report; the orange without a next contact since the last one
    assert steps(first["心理教师"]) == [
        ("G01", "首次面谈"), ("G01", "报告校长"), ("G01", "联系监护人"), ("G03", "确定下次跟进"),
    ]  # fmt: skip
    assert steps(first["校长"]) == steps(first["心理教师"])
    # five school days to repeat an invalid sheet that is over a cut, from Monday to Monday
    assert steps(second["班主任"]) == [("G04", "重测")]


def test_who_has_to_know_reads_why_and_a_class_teacher_does_not(ws):
    folder, _ = write_overdue(ws, NOW, "zh")
    books = read(folder / "0102-psychology_teacher.xlsx")
    books["重测"] = read(folder / "0103-class_teacher-0401.xlsx")["班主任"]
    assert books["心理教师"]["原因"].tolist() == ["红色", "红色", "红色", "橙色"]
    assert list(books["重测"]) == [
        "学籍号",
        "姓名",
        "年级",
        "班级代码",
        "事项",
        "期限",
        "逾期（天）",
        "另（小时）",
        "由谁完成",
    ]
    talk = books["心理教师"].iloc[0]
    # due at noon on 13 October, looked at on the 22nd at nine
    assert talk[["姓名", "期限", "逾期（天）", "另（小时）"]].tolist() == ["=名G01", "2025-10-13 12:00", "8", "21"]


def test_a_class_teacher_reads_of_the_own_class_only(ws):
    place = {"school": ["s"] * 3, "grade": 4, "class_id": ["0401", "0402", "0401"], "name": "名", "number": list("abc")}
    late = {"step": "remeasure", "cause": "invalid", "due": pd.Timestamp("2025-10-20"), "owner": "class_teacher"}
    rows = pd.DataFrame(place | late | {"told": [()] * 3, "class_here": ["0401", "0402", None]})
    found = overdue_sheets(rows, policy_of(ws), NOW, "zh")
    numbers = {reader: pages["班主任"]["学籍号"].tolist() for reader, pages in found.items()}
    # the third is in a class 0401 of another school now
    assert numbers == {
        "class_teacher-0401": ["a"], "class_teacher-0402": ["b"], "class_teacher-no_class": ["c"],
    }  # fmt: skip


def test_who_has_moved_is_in_no_class_of_the_school_that_owes_the_step(ws, tmp_path):
    moved = pupil("G04", "=名G04", school="0102", class_id="0402")
    import_roster(ws, tmp_path / "moved.csv", moved, as_of="2025-10-21")
    folder, _ = write_overdue(ws, NOW, "zh")
    assert [name for name in names(folder) if "class_teacher" in name] == ["0103-class_teacher-no_class.xlsx"]


def test_the_bureau_reads_a_case_number_and_how_late_and_no_pupil(ws):
    folder, _ = write_overdue(ws, NOW, "zh")
    (sheet,) = read(folder / "bureau.xlsx").values()
    assert list(sheet) == ["个案编号", "学校代码", "事项", "逾期（天）", "另（小时）"]
    assert sheet["个案编号"].unique().tolist() == ["W-2025-001"]
    assert sheet["事项"].tolist() == ["首次面谈", "报告校长", "联系监护人"]
    before, _ = write_overdue(ws, "2025-10-20", "zh")
    (early,) = read(before / "bureau.xlsx").values()  # the event had not been entered as yet
    assert early["个案编号"].str.fullmatch(r"W-2025-001|[0-9a-f]{8}").all()


def test_the_register_says_none_set_where_nothing_is_planned(ws):
    folder, found = write_register(ws, NOW, "zh")
    sheet = read(folder / "0102.xlsx")["在册"].set_index("学籍号")
    assert sheet["下一步"].to_dict() == {"G02": "谈心", "G03": "未定"}
    assert sheet.loc["G02", ["确定等级", "主要问题", "下一步期限", "到校情况"]].tolist() == [
        "橙", "睡眠", "2025-10-24", "正常到校",
    ]  # fmt: skip
    assert len(found) == 2
    assert read(folder / "0102.xlsx")["已结案"].empty


def test_who_left_without_a_receipt_is_on_the_list_of_the_school_that_holds_the_care(ws):
    folder, wave, found = write_handover(ws, NOW, "zh")
    assert wave == WAVE
    assert found["outcome"].value_counts().to_dict() == {"same_school": 1, "lost": 1}
    sheet = read(folder / "0102.xlsx")["交接不明"]
    assert sheet[["学籍号", "去向学校代码", "缺什么"]].to_numpy().tolist() == [["G03", "0103", "档案没有移交"]]


def test_before_any_wave_and_without_a_roster_handover_says_what_is_missing(ws):
    with pytest.raises(WorkspaceError, match="2024-09-01"):
        handover_of(ws, "2024-09-01")
    with pytest.raises(WorkspaceError, match="2025-2026-spring"):
        handover_of(ws, NOW, "2025-2026-spring")


def test_only_the_owner_can_open_the_books_and_the_audit_chain_tells_of_them(ws):
    with ws.vault() as vault:
        head = vault.head()
    folders = [write(ws, NOW, "zh")[0] for write in (write_overdue, write_register, write_handover)]
    files = [path for folder in folders for path in folder.iterdir()]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert not [path for path in files if any(number in str(path) for number in NUMBERS)]
    with ws.vault() as vault:
        assert vault.head() != head
        assert vault.audit_intact()
    again, _ = write_overdue(ws, NOW, "en")
    assert list(read(again / "0102-psychology_teacher.xlsx")) == ["Psychology teacher"]


@pytest.mark.parametrize("of", [duties_of, overdue_of, register_of])
def test_an_empty_workspace_has_nothing_to_follow_up_rather_than_nothing_overdue(tmp_path, of):
    ws = Workspace.create(tmp_path / "empty", title="空")
    with pytest.raises(WorkspaceError, match="xinyu tiers"):
        of(ws, DAY)


# --- Gaps that were planted in the tiny synthetic district -----------------------------------------------------------

LAST_DAY = "2026-05-15"


@pytest.fixture(scope="module")
def planted(demo) -> dict[str, list[dict]]:
    truth = json.loads((demo.district.folder / "truth" / "truth.json").read_text(encoding="utf-8"))
    found: dict[str, list[dict]] = {}
    for record in truth["gaps"]:
        found.setdefault(record["kind"], []).append(record)
    return found


@pytest.fixture(scope="module")
def district(demo, tmp_path_factory) -> Workspace:
    return Workspace(shutil.copytree(demo.district.folder, tmp_path_factory.mktemp("care") / "ws"))


def pupil_of(ws: Workspace, record: dict) -> str:
    """The pupil whose row a record of the truth names."""
    rows = ws.read(record["table"])
    for column, value in record["where"].items():
        if column in rows:
            wanted = str(value).replace(" ", "T") if column.endswith("at") else value
            rows = rows[rows[column].isna() if value is None else rows[column].str.startswith(str(wanted))]
    return rows["pupil_key"].item()


def test_the_red_whose_steps_all_came_too_late_is_late_in_each_of_them(district, planted):
    (event,) = [each for each in planted["red_overdue"] if each["table"] == "crisis_event"]
    mine = duties_of(district, LAST_DAY).query("pupil_key == @pupil and wave == '2025-2026-autumn'", local_dict={
        "pupil": pupil_of(district, event)})  # fmt: skip
    states = mine.set_index("step")["state"]
    assert set(states[["first_contact", "guardian", "district", "plan"]]) == {"late"}
    assert states["hospital"] == "in_time"


def test_the_red_that_nobody_reviewed_is_overdue_and_told_to_the_bureau(district, planted):
    (tier, _) = planted["red_review_lapsed"]
    found = overdue_of(district, LAST_DAY)
    row = found[(found["pupil_key"] == pupil_of(district, tier)) & (found["step"] == "review")].squeeze(axis=0)
    assert row["cause"] == "red"
    assert row["told"] == ("principal", "bureau")
    assert f"{row['due']:%Y-%m-%d}" == tier["where"]["review_by"]


def test_the_plan_without_a_contact_ahead_is_the_only_one_and_is_overdue(district, planted):
    (plan,) = planted["no_next_contact"]
    found = overdue_of(district, LAST_DAY)
    assert found.loc[found["step"] == "next_contact", "pupil_key"].tolist() == [pupil_of(district, plan)]


def test_the_pupil_who_left_without_a_receipt_is_the_only_one_lost(district, planted):
    (left,) = planted["handover_lost"]
    _, found = handover_of(district, LAST_DAY)
    lost = found[found["outcome"] == "lost"]
    assert lost["pupil_key"].tolist() == [pupil_of(district, left)]
    assert lost["missing"].tolist() == ["no_handover"]
