"""Ledgers: every table filled, taken by the importer row by row, plausible, and true to the figures."""

import re

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from xinyu_lib.synth.ledgers.books import TABLES
from xinyu_lib.synth.ledgers.ground import PHRASES
from xinyu_lib.synth.population import load_names
from xinyu_lib.tables import load_table, tables

CENSUS = {"school", "wave", "class", "pupil", "consent", "administration"}  # in files of their own
# what a row may say of the time after the last day that the ledgers know
AHEAD = {
    "role_grant.ends", "issue.due", "honour.expires", "network_report.ends", "tier_confirmed.review_by",
    "care_plan.review_on", "contact.due_on",
}  # fmt: skip
LAST_DAY = "2026-05-15"
pytestmark = pytest.mark.xdist_group("demo-ledgers")  # one worker writes and reads them


@pytest.fixture(scope="module")
def demo_tables(demo_taken):
    return demo_taken[0]


def books(folder):
    return sorted((folder / "raw" / "ledgers").glob("*.xlsx"))


def dates(rows, table):
    for column in load_table(table).file_columns:
        if column.type in {"date", "timestamp"}:
            yield column.name, rows[column.name].dropna().str[:10]


def test_every_declared_table_that_files_may_bring_is_filled(taken, demo_tables):
    from_file = {table for table in tables() if load_table(table).from_file}
    assert from_file == CENSUS | set(TABLES)
    assert set(taken[0]) == set(demo_tables) == from_file


def test_the_importer_takes_every_row_of_every_ledger(taken, demo_taken, truth):
    for rows, aside, written in ((*taken, truth), demo_taken):
        assert not aside
        kept = pd.concat([rows[table][["file"]] for table in rows]).value_counts("file").to_dict()
        planted = {file["file"]: file["kept"] for file in written["files"] if file["file"].startswith("ledgers/")}
        assert planted == {name: count for name, count in kept.items() if name in planted}


def test_ledgers_are_small(demo_tables, taken):
    assert sum(len(demo_tables[table]) for table in TABLES) < 28_000
    assert sum(len(taken[0][table]) for table in TABLES) < 5_000


def test_a_workbook_per_school_and_one_of_the_district_each_sheet_under_a_title_and_named_by_its_table(tiny):
    assert [book.stem for book in books(tiny)] == ["036091", "036092", "district"]
    labels = [load_table(table).label.zh for table in TABLES]
    for path in books(tiny):
        book = CalamineWorkbook.from_path(str(path))
        assert book.sheet_names == [label for label in labels if label in book.sheet_names]
        for name in book.sheet_names:
            title, header, *rows = book.get_sheet_by_name(name).to_python()
            assert title[0]
            assert not any(title[1:])
            assert all(header)
            assert rows


def test_the_district_comes_first_and_tables_before_those_that_refer_to_them(imports):
    assert imports[-3]["file"] == "ledgers/district.xlsx"
    order = list(TABLES)
    for table in order:
        for column in load_table(table).columns:
            target = (column.references or "").partition(".")[0]
            if target in TABLES:
                assert order.index(target) < order.index(table)


def test_nothing_has_happened_after_the_last_day_of_the_last_wave(demo_tables):
    for table in TABLES:
        for column, days in dates(demo_tables[table], table):
            assert f"{table}.{column}" in AHEAD or (days <= LAST_DAY).all(), (table, column)


def test_staff_numbers_certificates_and_free_texts_are_such_that_a_leak_is_seen(demo_tables):
    pool, staff = set(load_names().characters), demo_tables["staff"]
    assert staff["staff_number"].str.fullmatch(r"T36\d{10}").all()
    assert demo_tables["qualification"]["certificate"].str.fullmatch(r"Q36\d{13}").all()
    assert set("".join(staff["name"])) <= pool
    phrases = set()
    for table in TABLES:
        for column in load_table(table).texts:
            if column.name in {"words"}:
                phrases |= set(demo_tables[table][column.name].dropna())
    assert len(phrases) == PHRASES
    assert all(len(phrase) >= 8 and set(phrase) <= pool for phrase in phrases)


def test_only_columns_of_the_vault_hold_characters_of_names(demo_tables):
    pool = re.compile(f"[{load_names().characters}]")
    for table in TABLES:
        secret = {column.name for column in load_table(table).columns if column.privacy == "vault"}
        for column in demo_tables[table].columns.difference(secret):
            assert not demo_tables[table][column].astype("str").str.contains(pool).any(), (table, column)


def test_pupils_in_ledgers_are_on_the_roster_of_the_wave_that_the_row_names(demo_tables):
    rosters = demo_tables["pupil"].groupby("wave")["number"].agg(set)
    for table in ("check_list", "interview", "tier_confirmed"):
        rows = demo_tables[table].dropna(subset=["wave"])
        assert all(number in rosters[wave] for wave, number in zip(rows["wave"], rows["number"], strict=True))


def test_there_is_one_file_per_pupil_who_was_ever_enrolled(demo_tables):
    assert demo_tables["archive"]["number"].is_unique
    assert set(demo_tables["archive"]["number"]) == set(demo_tables["pupil"]["number"])


def test_shares_of_confirmed_tiers_are_those_of_the_domain_model(demo_tables):
    pupils = demo_tables["pupil"].query("wave == '2025-2026-autumn' and grade >= 4")
    rows = demo_tables["tier_confirmed"].query("wave == '2025-2026-autumn'")
    share = rows.drop_duplicates("number")["tier"].value_counts() / len(pupils)
    assert 0.002 <= share["red"] <= 0.01
    assert 0.01 <= share["orange"] <= 0.04
    assert share["orange"] > share["red"]


def test_who_answered_a_safety_item_with_danger_was_talked_to_the_same_day(demo_tables):
    listed = demo_tables["check_list"].query("reason == 'safety'")
    assert len(listed) > 200
    late = listed[listed["done_on"] > listed["on"]]
    danger = demo_tables["interview"].query("findings != 'nothing_found'")["number"]
    assert late["number"].isin(danger).sum() < len(late)  # the rest left the item blank and was asked within days
    red = demo_tables["tier_confirmed"].query("tier == 'red'")["number"]
    assert late["number"].isin(red).sum() == 1  # the planted overdue red


def test_every_confirmed_red_has_an_event_a_plan_of_the_day_and_a_second_signature(demo_tables):
    red = demo_tables["tier_confirmed"].query("tier == 'red' and reason == 'interview'")
    assert red["second_number"].notna().all()
    assert (red["second_number"] != red["staff_number"]).all()
    assert set(red["number"]) == set(demo_tables["crisis_event"]["number"].dropna())
    plans = red.merge(demo_tables["care_plan"], on=["number", "on"])
    assert len(red) - len(plans) == 1  # the planted overdue red


def test_a_tier_is_lowered_only_after_two_reviews_in_a_row(demo_tables):
    lowered = demo_tables["tier_confirmed"].query("reason == 'stable_reviews'")
    assert lowered["second_number"].notna().all()
    reviews = demo_tables["contact"].query("kind == 'review' and result == 'stable'")
    held = reviews.merge(lowered[["number", "on"]], on="number")
    before = held[held["done_on"] <= held["on"]].groupby(["number", "on"]).size()
    assert (before >= 2).all()
    assert len(before) == len(lowered)


def test_last_year_the_district_spent_what_the_figure_says(demo_tables):
    shared = demo_tables["budget"].query("school.isna() and 2021 <= fiscal_year <= 2025")
    assert shared["spent"].sum() == 16_000_000
    assert (shared["spent"] <= shared["planned"]).all()


def test_each_school_has_one_room_a_counsellor_and_a_standard_plan(demo_tables):
    schools = set(demo_tables["school"]["school"])
    assert set(demo_tables["room"].query("function == 'individual'")["school"].value_counts()) == {1}
    assert set(demo_tables["room"]["school"]) == schools
    assert set(demo_tables["staff"].query("posts == 'psychology_teacher'")["school"]) == schools
    assert demo_tables["plan_doc"].query("kind == 'standard_plan'")["school"].value_counts().to_dict() == dict.fromkeys(
        schools, 1
    )


def test_80_persons_in_post_and_one_who_left_hold_a_certificate_of_level_2(demo_tables):
    held = demo_tables["qualification"].query("kind == 'counsellor' and level == '2'")
    staff = demo_tables["staff"]
    in_post = set(staff[staff["ends"].isna()]["staff_number"])
    assert held["staff_number"].nunique() == 81
    assert len(set(held["staff_number"]) & in_post) == 80
    assert (held["issued"] < "2018").all()  # there have been none since


def test_publications_count_375_on_8_may_2024_and_the_station_opened_in_october_2020(demo_tables):
    early = demo_tables["publication"].query("on <= '2024-05-08'")
    assert sorted(early["no"]) == list(range(1, 376))
    assert early.loc[early["no"] == 375, "on"].item() == "2024-05-08"
    assert demo_tables["station"]["opened"].tolist() == ["2020-10"]


def test_over_100_events_reached_3000_families_and_6000_pupils_in_numbers_of_unknown_kind(demo_tables):
    events = demo_tables["event"].query("'2025-01-01' <= on <= '2025-12-31'")
    assert events["times"].sum() == 104
    reached = demo_tables["event_attendance"][demo_tables["event_attendance"]["event"].isin(events["record"])]
    assert (reached["families"].sum(), reached["pupils"].sum()) == (3000, 6000)
    assert set(reached["counted"]) == {"unknown"}


def test_every_school_has_one_title_and_only_these_figures_do_not_hold(demo_tables, demo_taken):
    titles = demo_tables["honour"].dropna(subset=["school"]).set_index("school")["title"]
    assert titles.index.is_unique
    assert titles.value_counts().to_dict() == {"demonstration": 4, "qualified": 2}
    assert demo_taken[2]["figures"]["not_held"] == {"demonstration": 10, "qualified": 5}
