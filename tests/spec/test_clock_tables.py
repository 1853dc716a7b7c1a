"""Time limits of the default policy, read as a table: when it began, until when it is in time, and why.

Holidays and made-up days: the State Council's notices for 2025 (国办发明电〔2024〕12号: 1-8 October off, Sunday
28 September and Saturday 11 October worked) and for 2026 (国办发明电〔2025〕7号: 1-3 January off, Sunday 4 January
worked; 4-6 April off; 1-5 May off, Saturday 9 May worked; 19-21 June off). Terms and exam weeks: the policy.
"""

import pandas as pd
import pytest

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import due_at
from xinyu_lib.policy import load_policy

POLICY = load_policy("donghu-2025")
CALENDAR = SchoolCalendar(POLICY.calendar)
NIGHT = "T23:59:59"

CLOCKS = [
    # cause, step, start, due, why
    # -- red: hours and days, through everything
    ("red", "first_contact", "2025-11-04T09:20", "2025-11-04T11:20:00", "2 hours, to the minute"),
    ("red", "first_contact", "2025-11-07T16:40", "2025-11-07T18:40:00", "the bell on Friday stops nothing"),
    ("red", "first_contact", "2025-11-07T23:30", "2025-11-08T01:30:00", "past midnight into Saturday"),
    ("red", "first_contact", "2025-10-01T10:00", "2025-10-01T12:00:00", "on National Day"),
    ("red", "first_contact", "2025-11-05", "2025-11-05T02:00:00", "only the day known: from its beginning"),
    ("red", "guardian", "2025-10-03T15:00", "2025-10-03" + NIGHT, "0 days = the same day, holiday or not"),
    ("red", "principal", "2025-11-08T20:15", "2025-11-08T22:15:00", "Saturday evening"),
    ("red", "district", "2025-10-04T18:00", "2025-10-05T18:00:00", "24 hours within the holiday"),
    ("red", "hospital", "2025-11-07T17:00", "2025-11-08T17:00:00", "24 hours from Friday evening"),
    ("red", "plan", "2026-02-17T09:00", "2026-02-18T09:00:00", "New Year's Day, winter vacation"),
    ("red", "follow_up", "2025-11-08T10:00", "2025-11-09" + NIGHT, "1 day: Saturday to Sunday"),
    ("red", "review", "2025-09-30", "2025-10-07" + NIGHT, "7 days, all of them holidays"),
    # -- a positive safety item
    ("safety_signal", "first_contact", "2025-10-18T21:50", "2025-10-19T21:50:00", "Saturday night to Sunday night"),
    ("safety_signal", "first_contact", "2025-09-30T15:30", "2025-10-01T15:30:00", "the last lesson before a holiday"),
    # -- orange: school days and weeks
    ("orange", "first_contact", "2025-11-03T10:00", "2025-11-06" + NIGHT, "Monday: Tue, Wed, Thu"),
    ("orange", "first_contact", "2025-11-07T10:00", "2025-11-12" + NIGHT, "Friday: Mon, Tue, Wed"),
    ("orange", "first_contact", "2025-11-08T10:00", "2025-11-12" + NIGHT, "Saturday: Monday is day 1 as well"),
    ("orange", "first_contact", "2025-09-26T10:00", "2025-09-30" + NIGHT, "made-up Sunday 28, Mon 29, Tue 30"),
    ("orange", "first_contact", "2025-09-30T10:00", "2025-10-11" + NIGHT, "9, 10 and made-up Saturday 11 October"),
    ("orange", "first_contact", "2025-10-03T10:00", "2025-10-11" + NIGHT, "in the holiday: the same"),
    ("orange", "guardian", "2026-04-30T08:00", "2026-05-08" + NIGHT, "1-5 May off: 6, 7, 8"),
    ("orange", "school_group", "2025-12-31T08:00", "2026-01-06" + NIGHT, "1-3 January off: Sunday 4 worked, 5, 6"),
    ("orange", "plan", "2025-09-30T10:00", "2025-10-14" + NIGHT, "9, 10, Saturday 11, 13, 14 October"),
    ("orange", "plan", "2026-04-30T08:00", "2026-05-11" + NIGHT, "6, 7, 8, Saturday 9, 11 May"),
    ("orange", "follow_up", "2025-09-26", "2025-10-03" + NIGHT, "a week runs into the holiday"),
    ("orange", "review", "2026-01-21", "2026-02-18" + NIGHT, "4 weeks run into the vacation"),
    # -- yellow
    ("yellow", "first_contact", "2026-01-20", "2026-03-10" + NIGHT, "21-23 January; 2-6, 9, 10 March"),
    ("yellow", "plan", "2025-11-03", "2025-11-17" + NIGHT, "4-7, 10-14, 17 November"),
    ("yellow", "plan", "2026-06-12", "2026-06-29" + NIGHT, "exam weeks count here: 15-18, 22-26, 29 June; 19 is off"),
    ("yellow", "follow_up", "2025-11-03", "2025-12-01" + NIGHT, "4 weeks"),
    ("yellow", "review", "2025-10-15", "2026-03-01" + NIGHT, "the day on which the spring census opens"),
    ("yellow", "review", "2026-03-01", "2026-09-15" + NIGHT, "found on the opening day: the next census"),
    ("none", "review", "2026-04-20", "2026-09-15" + NIGHT, "the autumn census"),
    # -- undetermined
    ("safety_unanswered", "ask_in_person", "2025-10-10T14:00", "2025-10-11" + NIGHT, "Friday: made-up Saturday"),
    ("safety_unanswered", "ask_in_person", "2025-10-11T14:00", "2025-10-13" + NIGHT, "from that Saturday: Monday"),
    ("safety_unanswered", "ask_in_person", "2026-01-23T10:00", "2026-03-02" + NIGHT, "last day of term: first of next"),
    ("invalid_over_cut", "remeasure", "2026-01-09", "2026-01-23" + NIGHT, "exam week 12-16 does not count: 19-23"),
    ("invalid", "remeasure", "2025-12-26", "2026-03-02" + NIGHT, "29-31 Dec; 4-9 Jan; 19-23 Jan; 2 March"),
    ("missing", "remeasure", "2025-11-03", "2025-11-24" + NIGHT, "4-7, 10-14, 17-21, 24 November"),
    ("absent", "remeasure", "2026-06-05", "2026-09-07" + NIGHT, "8-12 June; 29 June-3 July; 1-4, 7 September"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "step", "start", "due", "why"), CLOCKS)
def test_clocks_of_the_default_policy(cause, step, start, due, why):
    limit = POLICY.clocks[cause][step]
    found = due_at(pd.Series([pd.Timestamp(start)]), limit, CALENDAR, POLICY.census.windows)
    assert found[0] == pd.Timestamp(due), why


def test_every_clock_of_the_policy_stands_in_the_table():
    shown = {(cause, step) for cause, step, *_ in CLOCKS}
    assert {(cause, step) for cause, steps in POLICY.clocks.items() for step in steps} == shown
