"""The raw folder: complete, in the forms that real senders use, and the same for the same seed."""

import tomllib

import pandas as pd
import pytest

from xinyu_lib.synth import write_district
from xinyu_lib.tables import load_table

WAVES = ["2025-2026-autumn", "2025-2026-spring"]


def of_ledgers(step):
    return step["file"].startswith("ledgers/")


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_seed_writes_the_same_bytes(tiny, tmp_path):
    write_district(tmp_path, seed=7, setting="tiny")
    assert contents(tmp_path) == contents(tiny)


def test_another_seed_writes_other_pupils(tiny, tmp_path):
    write_district(tmp_path, seed=8, setting="tiny")
    name = "raw/2025-2026-autumn/consent.csv"
    assert contents(tmp_path)[name] != contents(tiny)[name]


def test_every_raw_file_is_imported_once_by_table_or_mapping_and_ledgers_by_their_sheets(tiny, imports):
    raw = tiny / "raw"
    listed = [step["file"] for step in imports]
    assert sorted(listed) == sorted(
        p.relative_to(raw).as_posix() for p in raw.rglob("*") if p.suffix in {".csv", ".xlsx"}
    )
    assert all(len({"table", "mapping"} & set(step)) == (not of_ledgers(step)) for step in imports)
    assert [of_ledgers(step) for step in imports] == sorted(of_ledgers(step) for step in imports)  # they come last
    assert all((raw / step["mapping"]).is_file() for step in imports if "mapping" in step)


def test_imports_come_in_the_order_in_which_they_refer_to_each_other(imports):
    for wave in WAVES:
        kinds = [step.get("table", "answers") for step in imports if step.get("wave") == wave]
        assert kinds == [
            "class",
            "pupil",
            "pupil",
            "consent",
            "administration",
            "answers",
            "answers",
            "answers",
        ]
    assert [step["table"] for step in imports[:2]] == ["school", "wave"]


@pytest.mark.parametrize("wave", WAVES)
def test_headers_of_tables_are_the_labels_that_the_tables_declare(tiny, imports, read_records, wave):
    for step in [step for step in imports if step.get("wave") == wave and "table" in step]:
        labels = {column.label.zh for column in load_table(step["table"]).file_columns}
        required = {c.label.zh for c in load_table(step["table"]).file_columns if c.required and c.name != "wave"}
        for row in read_records(tiny / "raw" / step["file"]):
            assert required <= set(row) <= labels


def test_the_roster_of_an_untidy_school_has_a_title_above_its_header_and_blanks_after_names(tiny, read_grid):
    title, header, first = read_grid(tiny / "raw" / WAVES[0] / "roster-036092.xlsx")[:3]
    assert title[0]
    assert not any(title[1:])
    assert "学籍号 " in header
    assert len(first) == len(header)


def test_a_clean_roster_starts_with_its_header_in_gb18030(tiny):
    content = (tiny / "raw" / WAVES[0] / "roster-036091.csv").read_bytes()
    assert content.decode("gb18030").startswith("学校代码,班级代码,年级,学籍号,姓名")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_class_and_school_codes_keep_their_leading_zeros(tiny, read_records):
    for row in read_records(tiny / "raw" / WAVES[0] / "roster-036092.xlsx"):
        assert row["学校代码"] == "036092"
        assert len(row["班级代码"]) == 4
        assert row["班级代码"].startswith("0")


def test_an_answer_sheet_has_the_system_columns_of_the_survey_tool_then_number_name_and_items(tiny, read_grid):
    header = read_grid(tiny / "raw" / WAVES[0] / "answers-phq9-gad7-036092.xlsx")[0]
    assert header[:6] == ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    assert header[6:9] == ["1、学籍号", "2、姓名", "3、第1题 "]
    assert header[-1] == "18、第16题 "  # 2 + 9 + 7 questions


def test_answers_read_back_through_the_mapping_are_the_answers_given(tiny, district, read_records):
    round_ = district.rounds[0]
    mapping = tomllib.loads((tiny / "raw" / "mappings" / "phq9-gad7.toml").read_text(encoding="utf-8"))
    codes = round_.sheets["phq9-gad7"].codes
    given = dict(zip(round_.roster["number"].loc[codes.index], codes.to_numpy(), strict=True))
    of_cell = [
        scale["codes"] for scale in mapping["scales"] for _ in range(scale["questions"][0], scale["questions"][1] + 1)
    ]
    rows = [
        (given[row["1、学籍号"]], list(row.values())[8:])
        for row in read_records(tiny / "raw" / WAVES[0] / "answers-phq9-gad7-036092.xlsx")
        if row["1、学籍号"] in given
    ]
    whole = [(answers, cells) for answers, cells in rows if "7" not in cells]
    assert len(whole) > 70
    for answers, cells in whole:
        read = [pd.NA if cell == "(空)" else codes[cell] for codes, cell in zip(of_cell, cells, strict=True)]
        assert list(answers) == read


def test_yes_is_the_first_option_of_the_mht_and_counts_one(tiny):
    mapping = tomllib.loads((tiny / "raw" / "mappings" / "mht.toml").read_text(encoding="utf-8"))
    assert mapping["scales"] == [{"id": "mht", "questions": [3, 102], "codes": {"1": 1, "2": 0}}]


def test_refused_guardians_pupils_are_on_the_consent_list_and_in_no_answer_file(tiny, imports, read_records):
    for wave in WAVES:
        consent = read_records(tiny / "raw" / wave / "consent.csv")
        refused = {row["学籍号"] for row in consent if row["同意状态"] == "不同意"}
        answered = {
            row["1、学籍号"]
            for step in imports
            if step.get("wave") == wave and "mapping" in step
            for row in read_records(tiny / "raw" / step["file"])
        }
        assert refused
        assert not refused & answered
