"""Interviews and confirmed tiers through the one door: dated in their census, signed by two, resting on reviews."""

from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from import_actors import DAY, WAVE, import_roster, pupil, write_csv

from xinyu_lib.care.confirming import valid
from xinyu_lib.care.standing import standing
from xinyu_lib.errors import RowsRefused
from xinyu_lib.policy import load_policy
from xinyu_lib.tables import load_table
from xinyu_lib.workspace.asides import column_report
from xinyu_lib.workspace.streams import store

POLICY = load_policy("donghu-2025")
TIERS = ["none", "yellow", "orange", "red"]
FIRST, SECOND = "T0102001", "T0102002"
TALK = {"number": "G001", "staff_number": FIRST, "wave": WAVE}
RED = {"number": "G001", "staff_number": FIRST, "on": "2025-10-16", "tier": "red", "second_number": SECOND}
LOWERED = RED | {"on": "2025-10-30", "tier": "orange", "reason": "stable_reviews"}
REVIEW = {"number": "G001", "kind": "review", "result": "stable"}
REVIEWS = [REVIEW | {"due_on": on, "done_on": on} for on in ("2025-10-23", "2025-10-30")]


def lines_of(table: str, *rows: dict) -> list[list[str]]:
    """Header and cells; what is not said is blank, or the example where it is required."""
    said = {name for row in rows for name in row}
    columns = [c for c in load_table(table).file_columns if c.required or c.name in said]
    cells = [[row.get(c.name, (c.required and c.example) or "") for c in columns] for row in rows]
    return [[c.label.zh for c in columns], *cells]


def bring(ws, path, table: str, *rows: dict, **how):
    return ws.import_file(write_csv(path, *lines_of(table, *rows)), table=table, as_of=DAY, **how)


@pytest.fixture
def staffed(ws, tmp_path):
    """Two pupils, two teachers, and a census that began on 15 September."""
    import_roster(ws, tmp_path / "roster.csv", pupil("G001"), pupil("G002", "博"))
    teachers = [{"staff_number": n, "name": name, "school": "0102"} for n, name in ((FIRST, "柳青"), (SECOND, "白露"))]
    bring(ws, tmp_path / "staff.csv", "staff", *teachers)
    bring(ws, tmp_path / "wave.csv", "wave", {"wave": WAVE, "starts": "2025-09-15", "ends": "2025-11-30"})
    return ws


def write_ledger(path, sheets: list[tuple[str, list[dict]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for table, rows in sheets:
            page = book.add_worksheet(load_table(table).label.zh)
            for at, line in enumerate(lines_of(table, *rows)):
                page.write_row(at, 0, line)


def give_tier(ws, tier: str, number: str = "G001") -> None:
    give_tiers(ws, {number: tier})


def give_tiers(ws, tiers: dict[str, str]) -> None:
    """Provisional tiers by number, as the rules would store them."""
    with ws.vault() as vault:
        keys = vault.keys()
    same = {"wave": WAVE, "school": "0102", "safety_signal": "no", "reasons": "[]"}
    rows = [same | {"pupil_key": keys[number], "tier": tier} for number, tier in tiers.items()]
    columns = [c.name for c in load_table("tier_provisional").columns]
    store(ws, [("tier_provisional", pd.DataFrame(rows, columns=columns).astype("str"))], "tier", WAVE, DAY)


def stands(ws) -> list[str]:
    """Confirmed tiers that count, in the order of the pupils' numbers."""
    with ws.vault() as vault:
        keys = vault.keys()
    rows = valid(ws.read("tier_confirmed"), ws.read("tier_provisional"), POLICY)
    found = standing(rows, "2026-01-31")["tier"]
    return [found[keys[number]] for number in ("G001", "G002") if keys[number] in found]


def refused(ws, path, table: str, *rows: dict) -> str:
    """The one line that refuses a file of which nothing can be kept; checks that nothing was."""
    with pytest.raises(RowsRefused) as caught:
        bring(ws, path, table, *rows)
    assert ws.read(table).empty
    return caught.value.text("zh")


def test_an_interview_dated_before_its_census_is_refused(staffed, tmp_path):
    line = refused(staffed, tmp_path / "talk.csv", "interview", TALK | {"on": "2025-09-14"})
    assert "“约谈日期”早于所填波次的普查开始日期" in line


def test_an_interview_of_the_first_day_or_of_no_census_is_kept_beside_one_that_is_not(staffed, tmp_path):
    days = [("2025-09-15", WAVE), ("2025-09-14", ""), ("2025-09-13", WAVE)]
    talks = [TALK | {"on": on, "wave": wave} for on, wave in days]
    result = bring(staffed, tmp_path / "talk.csv", "interview", *talks)
    assert (result.rows_in, result.rows_kept, result.reasons) == (3, 2, {"before_census": 1})
    assert column_report(result.set_aside, "zh").iloc[0].tolist()[:3] == [4, "约谈日期", "早于本波次普查开始"]


def test_the_wave_that_is_given_for_the_whole_file_counts_as_said(staffed, tmp_path):
    talk = {name: cell for name, cell in TALK.items() if name != "wave"} | {"on": "2025-09-14"}
    with pytest.raises(RowsRefused):
        bring(staffed, tmp_path / "talk.csv", "interview", talk, wave=WAVE)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([RED | {"second_number": ""}], "红级和降级须有两人签字，列“第二签字人工号”空白"),
        ([RED | {"second_number": FIRST}], "列“第二签字人工号”与确定人是同一人"),
        ([RED | {"wave": WAVE, "on": "2025-09-14"}], "“确定日期”早于所填波次的普查开始日期"),
        ([RED | {"tier": "none", "from_tier": "orange", "second_number": ""}], "须有两人签字"),
        ([LOWERED], "没有连续 2 次未加重的复评"),
    ],
)
def test_a_confirmation_that_does_not_count_is_refused_in_one_line(staffed, tmp_path, rows, says):
    line = refused(staffed, tmp_path / "tier.csv", "tier_confirmed", *rows)
    assert says in line
    assert "\n" not in line
    assert "G001" not in line


def test_one_person_does_not_lower_what_the_machine_had_given_and_two_do(staffed, tmp_path):
    give_tier(staffed, "orange")
    calm = {"number": "G001", "staff_number": FIRST, "wave": WAVE, "tier": "none", "reason": "situational"}
    assert "等级维持原样" in refused(staffed, tmp_path / "one.csv", "tier_confirmed", calm)
    bring(staffed, tmp_path / "two.csv", "tier_confirmed", calm | {"second_number": SECOND})
    assert stands(staffed) == ["none"]
    assert staffed.read("tier_provisional")["tier"].tolist() == ["orange"]  # never overwritten


def test_a_lowering_by_one_person_that_the_machine_contradicts_later_counts_no_more(staffed, tmp_path):
    calm = {"number": "G001", "staff_number": FIRST, "wave": WAVE, "tier": "none", "reason": "situational"}
    bring(staffed, tmp_path / "one.csv", "tier_confirmed", calm)
    assert stands(staffed) == ["none"]
    give_tier(staffed, "orange")
    assert stands(staffed) == []
    assert len(staffed.read("tier_confirmed")) == 1  # kept, until a second person signs


def test_the_machine_never_lowers_what_people_confirmed(staffed, tmp_path):
    bring(staffed, tmp_path / "tier.csv", "tier_confirmed", RED)
    give_tier(staffed, "none")
    assert stands(staffed) == ["red"]


def test_a_lowering_is_held_against_what_is_stored(staffed, tmp_path):
    bring(staffed, tmp_path / "red.csv", "tier_confirmed", RED)
    alone = {"number": "G001", "staff_number": FIRST, "on": "2025-10-17", "tier": "orange", "reason": "hospital"}
    with pytest.raises(RowsRefused):
        bring(staffed, tmp_path / "alone.csv", "tier_confirmed", alone)
    bring(staffed, tmp_path / "both.csv", "tier_confirmed", alone | {"second_number": SECOND})
    assert stands(staffed) == ["orange"]
    other = alone | {"number": "G002"}  # of whom nothing is known
    bring(staffed, tmp_path / "other.csv", "tier_confirmed", other)
    assert stands(staffed) == ["orange", "orange"]


def test_care_that_began_anew_keeps_its_history(staffed, tmp_path):
    end = {"number": "G001", "staff_number": FIRST, "on": "2025-12-01", "tier": "none", "reason": "resolved"}
    again = {"number": "G001", "staff_number": SECOND, "on": "2026-01-15", "tier": "yellow", "reason": "signal"}
    bring(staffed, tmp_path / "tier.csv", "tier_confirmed", RED, end | {"second_number": SECOND})
    bring(staffed, tmp_path / "again.csv", "tier_confirmed", again)
    found = standing(staffed.read("tier_confirmed"), "2026-01-31").iloc[0]
    assert (found["tier"], found["highest"], found["openings"]) == ("yellow", "red", 2)


def test_reviews_that_come_later_let_the_same_file_in(staffed, tmp_path):
    rows = [RED, LOWERED]
    first = bring(staffed, tmp_path / "tier.csv", "tier_confirmed", *rows)
    assert (first.rows_kept, first.reasons) == (1, {"not_stable": 1})
    bring(staffed, tmp_path / "contact.csv", "contact", *REVIEWS)
    again = bring(staffed, tmp_path / "tier.csv", "tier_confirmed", *rows)
    assert (again.status, again.rows_kept, again.reasons) == ("imported", 2, {})
    assert bring(staffed, tmp_path / "tier.csv", "tier_confirmed", *rows).status == "already_imported"


def test_in_a_ledger_the_other_sheets_are_known_wherever_they_stand(staffed, tmp_path):
    write_ledger(tmp_path / "ledger.xlsx", [("tier_confirmed", [RED, LOWERED]), ("contact", REVIEWS)])
    result = staffed.import_file(tmp_path / "ledger.xlsx", as_of=DAY)
    assert (result.rows_in, result.rows_kept) == (4, 4)


@pytest.mark.parametrize(
    ("corrected", "kept"),
    [
        ({"tier": "yellow", "second_number": ""}, False),  # nobody takes a red back alone
        ({"tier": "yellow", "second_number": SECOND}, True),
        ({"reason": "crisis"}, True),
    ],
)
def test_a_corrected_row_takes_the_place_of_its_own_earlier_one(staffed, tmp_path, corrected, kept):
    bring(staffed, tmp_path / "red.csv", "tier_confirmed", RED)
    rows = [RED | corrected, RED | {"number": "G002"}]
    result = bring(staffed, tmp_path / "b.csv", "tier_confirmed", *rows)
    assert result.reasons == ({} if kept else {"second_signature": 1})
    assert stands(staffed)[0] == (corrected.get("tier", "red") if kept else "red")


@pytest.mark.parametrize("clock", ["08:00", "23:00", ""])
def test_an_earlier_hour_does_not_take_a_red_back_alone(staffed, tmp_path, clock):
    bring(staffed, tmp_path / "red.csv", "tier_confirmed", RED | {"at": "2025-10-16 10:30"}, RED | {"number": "G002"})
    alone = RED | {"tier": "yellow", "second_number": "", "at": clock and f"2025-10-16 {clock}"}
    with pytest.raises(RowsRefused):
        bring(staffed, tmp_path / "a.csv", "tier_confirmed", alone)
    bring(staffed, tmp_path / "b.csv", "tier_confirmed", alone | {"second_number": SECOND})
    assert stands(staffed) == ["yellow", "red"]


def test_where_a_correction_does_not_count_the_rest_is_held_against_the_stored_row(staffed, tmp_path):
    bring(staffed, tmp_path / "red.csv", "tier_confirmed", RED)
    alone = RED | {"tier": "yellow", "second_number": ""}
    with pytest.raises(RowsRefused):
        bring(staffed, tmp_path / "a.csv", "tier_confirmed", alone, alone | {"on": "2025-10-18"})
    both = alone | {"second_number": SECOND}
    assert bring(staffed, tmp_path / "b.csv", "tier_confirmed", both, alone | {"on": "2025-10-18"}).rows_kept == 2


@pytest.mark.parametrize("place", ["stored", "before", "after"])
def test_below_what_an_interview_found_one_person_does_not_confirm(staffed, tmp_path, place):
    talk = TALK | {"on": "2025-10-16", "findings": "近期自杀未遂"}
    alone = RED | {"tier": "orange", "second_number": "", "wave": WAVE}
    sheets = [("interview", [talk]), ("tier_confirmed", [alone, alone | {"number": "G002"}])]
    if place == "stored":
        bring(staffed, tmp_path / "talk.csv", "interview", talk)
        result = bring(staffed, tmp_path / "tier.csv", "tier_confirmed", *sheets[1][1])
    else:
        write_ledger(tmp_path / "ledger.xlsx", sheets if place == "before" else sheets[::-1])
        result = staffed.import_file(tmp_path / "ledger.xlsx", as_of=DAY)
    assert result.reasons == {"second_signature": 1}
    assert staffed.read("tier_confirmed")["tier"].tolist() == ["orange"]


def test_no_file_of_one_person_brings_a_pupil_below_what_stands(staffed, tmp_path):
    rng, numbers = np.random.default_rng(6), [f"G1{n:02}" for n in range(40)]
    import_roster(staffed, tmp_path / "more.csv", *[pupil(number, f"安{number}") for number in numbers])
    given = dict(zip(numbers, rng.choice(TIERS, len(numbers)), strict=True))
    give_tiers(staffed, given)
    both = {number: rng.choice(TIERS) for number in numbers[::2]}
    bring(staffed, tmp_path / "both.csv", "tier_confirmed", *[
        RED | {"number": number, "tier": tier, "reason": "interview"} for number, tier in both.items()
    ])  # fmt: skip
    with staffed.vault() as vault:
        keys = vault.keys()
    floors = {"2025-10-15": given, "2025-10-16": given | both, "2025-10-17": given | both}
    for n in range(8):
        with suppress(RowsRefused):
            bring(staffed, tmp_path / f"{n}.csv", "tier_confirmed", *[alone(rng, number) for number in numbers])
        rows = valid(staffed.read("tier_confirmed"), staffed.read("tier_provisional"), POLICY)
        for on, floor in floors.items():
            found = standing(rows, on)["tier"].map(TIERS.index)
            low = [number for number in numbers if found.get(keys[number], 9) < TIERS.index(floor[number])]
            assert low == []
    assert len(staffed.read("tier_confirmed")) > 80


def alone(rng: np.random.Generator, number: str) -> dict:
    """A row that one person signs: on one of three days, new or in the place of a stored one."""
    on, clock = f"2025-10-{rng.integers(15, 18)}", rng.choice(["", "08:00", "12:00"])
    return RED | {
        "number": number, "on": on, "at": clock and f"{on} {clock}", "sequence": str(rng.integers(1, 3)),
        "tier": rng.choice(TIERS[:3]), "from_tier": rng.choice(["", "none"]), "wave": rng.choice(["", WAVE]),
        "second_number": rng.choice(["", FIRST]), "reason": "interview",
    }  # fmt: skip


def test_rows_are_held_against_those_of_earlier_stretches_of_their_file(staffed, tmp_path, monkeypatch):
    monkeypatch.setattr("xinyu_lib.census.rawfile.RawFile.stretches.__defaults__", (1,))
    alone = {"number": "G001", "staff_number": FIRST, "on": "2025-10-17", "tier": "orange", "reason": "hospital"}
    result = bring(staffed, tmp_path / "tier.csv", "tier_confirmed", RED, alone)
    assert (result.rows_kept, result.reasons) == (1, {"second_signature": 1})


def test_a_row_that_is_wrong_by_itself_is_told_so_and_no_more(staffed, tmp_path):
    rows = [RED | {"number": "G009", "second_number": ""}, RED]
    result = bring(staffed, tmp_path / "tier.csv", "tier_confirmed", *rows)
    assert (result.rows_kept, result.reasons) == (1, {"unknown_pupil": 1})
