"""The waterfall of a workspace: a pupil per reason, the workbook of counts, and the two lists."""

import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from import_actors import DAY, WAVE, import_roster, pupil, write_csv

from xinyu_lib.errors import VaultError, WorkspaceError
from xinyu_lib.policy import load_policy
from xinyu_lib.workspace.outcomes import outcomes_of, waterfall_of
from xinyu_lib.workspace.streams import store
from xinyu_lib.workspace.waterfalls import counted, followed, write_counts, write_lists
from xinyu_lib.workspace.workbooks import write_private

# Number: school, class, consent, state in the lists, reason of a sheet set aside, stored score, and what comes of it.
PUPILS = {
    "G01": ("0102", "0301", "同意", "", "", "", "not_eligible"),
    "G02": ("0102", "0401", "未征求", "", "", "", "not_asked"),
    "G03": ("0102", "0401", "已征求", "", "", "", "no_answer"),
    "G04": ("0102", "0401", "不同意", "", "", "", "refused"),
    "G05": ("0102", "0401", "撤回", "完成", "", "whole", "withdrawn"),
    "G06": ("0102", "0402", "同意", "缺席", "", "", "absent"),
    "G07": ("0102", "0402", "同意", "请假", "", "", "leave"),
    "G08": ("0102", "0402", "同意", "拒绝作答", "", "", "pupil_refused"),
    "G09": ("0102", "0401", "同意", "语言或阅读困难", "", "", "language"),
    "G10": ("0102", "0401", "同意", "技术原因", "", "", "technical"),
    "G11": ("0103", "0401", "同意", "", "", "", "no_record"),
    "G12": ("0103", "0401", "同意", "未完成", "", "", "unfinished"),
    "G13": ("0103", "0401", "同意", "", "unfinished", "", "unfinished"),
    "G14": ("0103", "0401", "同意", "", "out_of_range", "", "set_aside"),
    "G15": ("0103", "0402", "同意", "完成", "", "lie", "invalid"),
    "G16": ("0103", "0402", "同意", "完成", "", "", "not_yet_scored"),
    "G17": ("0103", "0402", "同意", "完成", "", "gap", "missing"),
    "G18": ("0103", "0402", "同意", "完成", "duplicate", "whole", None),
}
STEPS = ["在籍", "应测", "已征求", "同意", "开始作答", "完成", "有效", "得出分数"]
SCORES = {"whole": (3, False), "gap": (pd.NA, False), "lie": (3, True)}


@pytest.fixture
def ws(ws, tmp_path):
    class_ = [["学校代码", "班级代码", "年级"], ["0102", "0301", "3"]]
    ws.import_file(write_csv(tmp_path / "class.csv", *class_), table="class", wave=WAVE, as_of=DAY)
    rows = [pupil(n, f"=名{n}", school=each[0], class_id=each[1]) for n, each in PUPILS.items()]
    import_roster(ws, tmp_path / "roster.csv", *[[*row[:2], str(int(row[1][:2])), *row[3:]] for row in rows])
    listed(ws, tmp_path, "consent", "同意状态", 2)
    listed(ws, tmp_path, "administration", "作答状态", 3)
    with ws.vault() as vault:
        keys = vault.keys()
    mine = [{"wave": WAVE, "school": each[0], "pupil_key": keys[number]} for number, each in PUPILS.items()]
    told = [(row, each[4], SCORES.get(each[5])) for row, each in zip(mine, PUPILS.values(), strict=True)]
    aside = pd.DataFrame([{**row, "reason": reason} for row, reason, _ in told if reason])
    scores = pd.DataFrame([{**row, "gad7_total": s[0], "gad7_check_lie": s[1]} for row, _, s in told if s])
    scores = scores.astype({"gad7_total": "Int16"}).assign(form="", gad7_check_missing=scores["gad7_total"].isna())
    scores["gad7_usable"] = ~(scores["gad7_check_lie"] | scores["gad7_check_missing"])
    store(ws, [("sheet_set_aside", aside), ("score/gad7", scores)], "score", WAVE, DAY)
    return ws


def listed(ws, folder: Path, table: str, heading: str, place: int) -> None:
    rows = [[number, each[place]] for number, each in PUPILS.items() if each[place]]
    ws.import_file(write_csv(folder / f"{table}.csv", ["学籍号", heading], *rows), table=table, wave=WAVE, as_of=DAY)


def by_number(ws, values: pd.Series) -> dict:
    with ws.vault() as vault:
        number = {key: number for number, key in vault.keys().items()}
    return {number[key]: None if pd.isna(value) else value for key, value in values.items()}


def read(path: Path) -> dict[str, pd.DataFrame]:
    return pd.read_excel(path, sheet_name=None, engine="calamine", dtype=str, keep_default_na=False)


def test_every_pupil_has_the_reason_that_was_planted(ws):
    steps, roster = followed(ws, WAVE)
    assert by_number(ws, steps["reason"]) == {number: each[-1] for number, each in PUPILS.items()}
    assert sorted(steps.index) == sorted(roster["pupil_key"])
    assert steps.attrs["consent_reported"] is True


def test_the_coarse_outcome_is_that_of_the_waterfall(ws):
    policy = load_policy("donghu-2025")
    outcomes = outcomes_of(ws, WAVE, policy)
    pd.testing.assert_series_equal(outcomes, waterfall_of(ws, WAVE, policy)["outcome"])
    # a gap leaves the tiers what it leaves possible: to them the pupil is scored
    assert {number for number, outcome in by_number(ws, outcomes).items() if outcome == "scored"} == {"G17", "G18"}


def test_a_wave_without_a_roster_has_no_waterfall(ws):
    with pytest.raises(WorkspaceError, match="2025-2026-spring"):
        followed(ws, "2025-2026-spring")


def test_counts_by_school_name_the_school_and_every_step_and_reason(ws):
    table = counted(ws, *followed(ws, WAVE), "school", "zh")
    assert list(table)[:10] == ["学校代码", "学校名称", *STEPS]
    # 0102: 10 pupils, less G01, G02, G03 to G05, G06 to G10; 0103: 8 pupils, less G11, G12 to G14, G15 and G16, G17
    assert table.iloc[:, :10].to_numpy().tolist() == [
        ["0102", "示范小学", 10, 9, 8, 5, 0, 0, 0, 0],
        ["0103", "东湖小学", 8, 8, 8, 8, 7, 4, 2, 1],
    ]
    assert table["未做完"].tolist() == [0, 2]
    assert table.iloc[:, 10:].sum(axis=1).tolist() == [10 - 0, 8 - 1]


def test_counts_by_class_and_grade_are_told_in_words(ws):
    found = followed(ws, WAVE)
    classes = counted(ws, *found, "class", "en").set_index(["School code", "Class code"])["Enrolled"]
    assert classes.to_dict() == {("0102", "0301"): 1, ("0102", "0401"): 6, ("0102", "0402"): 3, ("0103", "0401"): 4,
                                 ("0103", "0402"): 4}  # fmt: skip
    grades = counted(ws, *found, "grade", "zh")
    assert grades.iloc[:, :3].to_numpy().tolist() == [["三年级", 1, 0], ["四年级", 17, 17]]


def test_the_workbook_holds_the_same_counts_for_all_by_school_grade_and_class(ws, tmp_path):
    steps, roster = followed(ws, WAVE)
    write_counts(ws, steps, roster, tmp_path / "w.xlsx", "zh")
    book = read(tmp_path / "w.xlsx")
    assert list(book) == ["全部", "按学校", "按年级", "按班级"]
    for sheet in book.values():
        assert sheet[STEPS].astype(int).sum().tolist() == [18, 17, 16, 13, 7, 4, 2, 1]
        assert sheet["漏答，缺主要分数"].astype(int).sum() == 1


def test_the_lists_hold_names_by_school_and_reasons_in_words(ws):
    folder, due = write_lists(ws, WAVE, "2025-11-20", "zh")
    assert folder == ws.folder / "restricted" / f"lists-{WAVE}-2025-11-20"
    assert sorted(path.name for path in folder.iterdir()) == ["0102.xlsx", "0103.xlsx"]
    assert due["list"].value_counts().to_dict() == {"make_up": 7, "re_measure": 2}
    first, second = read(folder / "0102.xlsx"), read(folder / "0103.xlsx")
    assert list(first) == list(second) == ["补测", "重测"]
    assert list(first["补测"]) == ["学籍号", "姓名", "年级", "班级代码", "原因"]
    assert first["补测"].to_numpy().tolist() == [
        ["G10", "=名G10", "四年级", "0401", "技术原因"],
        ["G06", "=名G06", "四年级", "0402", "缺席"],
        ["G07", "=名G07", "四年级", "0402", "请假（返校后补测）"],
    ]
    assert first["重测"].empty
    assert second["补测"]["学籍号"].tolist() == ["G11", "G12", "G13", "G14"]
    assert second["重测"][["学籍号", "原因"]].to_numpy().tolist() == [["G15", "作答无效"], ["G17", "漏答，缺主要分数"]]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a matter of POSIX")
def test_only_the_owner_can_read_the_lists(ws):
    folder, _ = write_lists(ws, WAVE, "2025-11-20", "zh")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_second_run_takes_the_place_of_the_first_one_of_that_day(ws):
    folder, _ = write_lists(ws, WAVE, "2025-11-20", "zh")
    (folder / "0999.xlsx").write_bytes(b"of a school that is done")
    again, _ = write_lists(ws, WAVE, "2025-11-20", "en")
    assert again == folder
    assert sorted(path.name for path in folder.iterdir()) == ["0102.xlsx", "0103.xlsx"]
    assert list(read(folder / "0102.xlsx")) == ["Make-up", "Re-measure"]


def test_the_audit_chain_tells_that_names_left_the_vault(ws):
    with ws.vault() as vault:
        before = vault.head()
    write_lists(ws, WAVE, "2025-11-20", "zh")
    with ws.vault() as vault:
        assert vault.head() != before
        assert vault.audit_intact()


def test_a_private_workbook_is_never_written_over_a_file(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"mine")
    with pytest.raises(VaultError, match=r"a\.xlsx"):
        write_private(tmp_path / "a.xlsx", {"x": pd.DataFrame({"n": [1]})})
    assert (tmp_path / "a.xlsx").read_bytes() == b"mine"
