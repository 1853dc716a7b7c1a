"""School days: by the State Council's notices, by the policy, and never guessed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.errors import DataError
from xinyu_lib.policy import load_policy
from xinyu_lib.policy.terms import Calendar

DONGHU = SchoolCalendar(load_policy("donghu-2025").calendar)

# 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号, as far as they meet a term of the policy
OFF = [
    ("2024-09-15", "2024-09-17"), ("2024-10-01", "2024-10-07"), ("2025-01-01", "2025-01-01"),
    ("2025-04-04", "2025-04-06"), ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"), ("2026-01-01", "2026-01-03"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]  # fmt: skip
MADE_UP = [
    "2024-09-14", "2024-09-29", "2024-10-12", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04", "2026-05-09",
    "2026-09-20", "2026-10-10",
]  # fmt: skip


def school(terms: list[dict], **years: dict) -> SchoolCalendar:
    named = [{"year": f"{term['first'][:4]}-{int(term['first'][:4]) + 1}", "term": "autumn"} | term for term in terms]
    return SchoolCalendar(Calendar.model_validate({"terms": named, "years": years}))


def days(found: np.ndarray) -> list[str]:
    return [str(each)[:10] for each in found]


@pytest.mark.parametrize(("first", "last"), OFF)
def test_public_holidays_are_no_school_days(first, last):
    assert not DONGHU.is_school_day(pd.date_range(first, last)).any()


def test_made_up_weekend_days_are_school_days():
    assert (pd.DatetimeIndex(MADE_UP).day_of_week >= 5).all()
    assert DONGHU.is_school_day(MADE_UP).all()


def test_all_other_days_of_a_term_are_school_days_from_monday_to_friday():
    for term in DONGHU.declared.terms[:4]:
        every = pd.date_range(term.first, term.last)
        off = np.concatenate([pd.date_range(*each).to_numpy() for each in OFF])
        expected = (every.day_of_week < 5) & ~every.isin(off) | every.isin(pd.DatetimeIndex(MADE_UP))
        assert (DONGHU.is_school_day(every) == expected).all()


def test_made_up_days_in_a_vacation_are_no_school_days():
    """Saturdays 14 and 28 February 2026 are worked, but the spring term begins on 2 March."""
    assert DONGHU.is_school_day(["2026-02-14", "2026-02-28", "2026-03-02"]).tolist() == [False, False, True]


def test_closed_days_are_no_school_days():
    sports = school(
        [{"first": "2025-11-03", "last": "2025-11-14", "closed": [{"first": "2025-11-06", "last": "2025-11-07"}]}]
    )
    assert days(sports.after(["2025-11-05"], 1)) == ["2025-11-10"]


def test_moments_count_as_their_day():
    assert DONGHU.is_school_day(pd.to_datetime(["2025-10-11T23:59", "2025-10-12T00:00"])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2025-11-03", 0, "2025-11-03"),  # a school day itself
        ("2025-11-08", 0, "2025-11-10"),  # a Saturday: Monday
        ("2025-11-08", 1, "2025-11-10"),  # Monday is day 1
        ("2025-11-07", 1, "2025-11-10"),
        ("2025-11-07", 3, "2025-11-12"),
        ("2025-07-15", 1, "2025-09-01"),  # summer vacation: first day of the next term
    ],
)
def test_school_days_after_a_day(start, n, end):
    assert DONGHU.after([start], n).tolist() == [pd.Timestamp(end + "T23:59:59").to_pydatetime()]


def test_exam_weeks_are_left_out_on_request():
    """Exams of autumn 2025-2026: Monday 12 to Friday 16 January."""
    assert days(DONGHU.after(["2026-01-09"], 1)) == ["2026-01-12"]
    assert days(DONGHU.after(["2026-01-09"], 1, not_in_exams=True)) == ["2026-01-19"]
    assert days(DONGHU.after(["2026-01-13"], 0, not_in_exams=True)) == ["2026-01-19"]


def test_what_has_no_start_has_no_end():
    assert np.isnat(DONGHU.after(pd.Series([pd.NaT, pd.NaT], dtype="datetime64[us]"), 3)).all()
    assert DONGHU.is_school_day([pd.NaT]).tolist() == [False]
    assert np.isnan(DONGHU.between([pd.NaT, "2025-11-03"], ["2025-11-03", pd.NaT])).all()


def test_days_between_are_counted_as_limits_are():
    """A Friday to the Wednesday after: Mon, Tue, Wed; to the day itself: 0; backwards the same with a minus."""
    found = DONGHU.between(["2025-11-07", "2025-11-07", "2025-11-12"], ["2025-11-12", "2025-11-07", "2025-11-07"])
    assert found.tolist() == [3, 0, -3]


def test_the_term_of_a_day():
    assert DONGHU.term_of("2025-09-01").year == "2025-2026"
    assert DONGHU.term_of(date(2026, 7, 3)).term == "spring"
    assert DONGHU.term_of("2026-02-01") is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.is_school_day(["2026-01-24", "2099-01-01"]),
        lambda calendar: calendar.after(["2026-01-22"], 2),
        lambda calendar: calendar.after(["2026-03-01"], 1),
        lambda calendar: calendar.between(["2026-01-22"], ["2026-01-24"]),
        lambda calendar: calendar.term_of("2026-01-24"),
    ],
    ids=["is_school_day", "after_reaches", "after_starts", "between", "term_of"],
)
def test_after_the_last_declared_term_nothing_is_guessed(ask):
    with pytest.raises(DataError, match="2026-01-23") as error:
        ask(school([{"first": "2025-09-01", "last": "2026-01-23"}]))
    assert error.value.message_id == "care.calendar.no_term_after"


def test_before_the_first_declared_term_nothing_is_guessed():
    with pytest.raises(DataError, match="2025-09-01") as error:
        school([{"first": "2025-09-01", "last": "2026-01-23"}]).after(["2025-06-01"], 1)
    assert error.value.message_id == "care.calendar.no_term_before"


UNKNOWN = {"first": "2099-12-01", "last": "2100-01-22"}  # Tuesday to Friday; no notice for either year
NOTICE = {"holidays": ["2100-01-01"], "workdays": ["2100-01-03"]}


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.is_school_day(["2100-01-04", "2099-12-05"]),
        lambda calendar: calendar.after(["2099-12-01"], 1),
        lambda calendar: calendar.after(["2099-12-31"], 0),
        lambda calendar: calendar.between(["2099-12-30"], ["2099-12-31"]),
        lambda calendar: calendar.between(["2099-12-30"], ["2100-01-04"]),
    ],
    ids=["a_saturday_may_be_made_up", "after", "the_day_itself", "between_to", "between_over"],
)
def test_a_year_without_known_holidays_is_refused_by_name(ask):
    with pytest.raises(DataError, match=r"calendar\.years\.2099") as error:
        ask(school([UNKNOWN], **{"2100": NOTICE}))
    assert error.value.message_id == "care.calendar.year_unknown"


def test_of_two_years_without_known_holidays_the_first_is_named():
    with pytest.raises(DataError, match="2099"):
        school([UNKNOWN]).is_school_day(["2100-01-04", "2099-12-04"])


def test_whether_the_day_of_the_start_is_a_school_day_does_not_matter_for_the_days_after_it():
    """31 December 2099 is of an unknown year; of 2100 all is declared: Sunday 3 January is worked."""
    calendar = school([UNKNOWN], **{"2100": NOTICE})
    assert days(calendar.after(["2099-12-31"], 1)) == ["2100-01-03"]
    assert calendar.between(["2099-12-31"], ["2100-01-04"]).tolist() == [2]


def test_a_year_is_refused_only_where_the_answer_depends_on_it():
    """Wednesday 30 December 2099: with 2099 declared one day can be counted, a second one lies in 2100."""
    calendar = school([UNKNOWN], **{"2099": {"holidays": ["2099-12-25"], "workdays": []}})
    assert days(calendar.after(["2099-12-30"], 1)) == ["2099-12-31"]
    with pytest.raises(DataError, match="2100"):
        calendar.after(["2099-12-30"], 2)


@pytest.mark.parametrize("kept_out", ["closed", "exams"])
def test_days_of_an_unknown_year_that_do_not_count_anyway_do_not_matter(kept_out):
    """Tuesday 1 to Friday 4 December 2099 are left out; of that year only Monday the 7th is known, and that is next."""
    week = [{"first": "2099-12-01", "last": "2099-12-06"}]
    calendar = school(
        [{"first": "2099-12-01", "last": "2099-12-07", kept_out: week}],
        **{"2100": {"holidays": ["2100-01-01"], "workdays": ["2099-12-07"]}},
    )
    assert days(calendar.after(["2099-12-01"], 1, not_in_exams=True)) == ["2099-12-07"]


def test_a_declared_year_gives_holidays_and_made_up_days():
    """1 January 2100 is a Friday and off; Sunday the 3rd is worked; then Monday the 4th."""
    calendar = school([UNKNOWN], **{"2099": {"holidays": ["2099-12-25"], "workdays": []}, "2100": NOTICE})
    assert days(calendar.after(["2099-12-31"] * 2, 1)) == ["2100-01-03"] * 2
    assert days(calendar.after(["2099-12-31"], 2)) == ["2100-01-04"]


def test_a_declared_year_goes_before_the_notice():
    calendar = school(
        [{"first": "2025-09-01", "last": "2025-12-31"}],
        **{"2025": {"holidays": ["2025-11-04"], "workdays": ["2025-11-08"]}},
    )
    assert calendar.is_school_day(["2025-11-04", "2025-11-08", "2025-10-01"]).tolist() == [False, True, True]


def test_a_notice_may_name_days_of_the_year_before():
    """As in 2018, when Saturday 29 December was worked for the New Year of 2019."""
    calendar = school([{"first": "2025-12-22", "last": "2025-12-31"}], **{
        "2026": {"holidays": ["2025-12-31", "2026-01-01"], "workdays": ["2025-12-27"]}
    })  # fmt: skip
    assert calendar.is_school_day(["2025-12-26", "2025-12-27", "2025-12-31"]).tolist() == [True, True, False]
