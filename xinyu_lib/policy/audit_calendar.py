"""The calendar examined: census windows against terms, terms that are missing, years whose holidays nobody knows."""

from collections.abc import Iterator
from datetime import date

from xinyu_lib.policy.findings import Finding, Term, fault, notice
from xinyu_lib.policy.policy import Policy
from xinyu_lib.policy.settings import Window
from xinyu_lib.policy.terms import Term as SchoolTerm

SEASONS = ("autumn", "spring")  # of a school year, in order


def audit_calendar(policy: Policy) -> Iterator[Finding]:
    """Findings on windows, then on terms, then on holidays."""
    for season in SEASONS:
        if season not in policy.census.windows:
            yield fault("window_absent", f"census.windows.{season}", season=Term(f"season.{season}"))
    for where, season, window in _windows(policy):
        yield from _window(where, season, window, policy)
    yield from _terms(policy)
    yield from _holidays(policy)


def _windows(policy: Policy) -> Iterator[tuple[str, str, Window]]:
    """Where each window stands, its season, and the window: those for all grades, then those of single batteries."""
    for season, window in policy.census.windows.items():
        yield f"census.windows.{season}", season, window
    for place, battery in enumerate(policy.census.battery):
        for season, window in battery.windows.items():
            yield f"census.battery.{place}.windows.{season}", season, window


def _window(where: str, season: str, window: Window, policy: Policy) -> Iterator[Finding]:
    """A window opens before it closes, in every declared term of its season."""
    named = {"season": Term(f"season.{season}"), "opens": window.opens, "closes": window.closes}
    if window.opens > window.closes:
        yield fault("window_backwards", where, **named)
        return
    mine = ((each, *_dates(each, window)) for each in policy.calendar.terms if each.term == season)
    out = [each for each, opens, closes in mine if opens < str(each.first) or closes > str(each.last)]
    if out:
        yield notice("window_outside", where, **named, terms=tuple(_told(each) for each in out))


def _dates(term: SchoolTerm, window: Window) -> tuple[str, str]:
    """First and last day (ISO) of the census in a term; 02-30, which a window may name, is a text like any other."""
    year = term.year.split("-")[SEASONS.index(term.term)]
    return f"{year}-{window.opens}", f"{year}-{window.closes}"


def _told(term: SchoolTerm) -> Term:
    return Term("audit.term_dates", {"year": term.year, "first": str(term.first), "last": str(term.last)})


def _terms(policy: Policy) -> Iterator[Finding]:
    """No term between two declared ones is missing; where the calendar ends, so do clocks in school days."""
    terms = policy.calendar.terms
    declared = [_place(each) for each in terms]
    for place in range(min(declared), max(declared)):
        if place not in declared:
            start, season = divmod(place, len(SEASONS))
            year = f"{start}-{start + 1}"
            yield fault("term_absent", "[[calendar.terms]]", year=year, season=Term(f"season.{SEASONS[season]}"))
    yield notice("calendar_ends", "[[calendar.terms]]", last=str(terms[-1].last))


def _place(term: SchoolTerm) -> int:
    return int(term.year.split("-")[0]) * len(SEASONS) + SEASONS.index(term.term)


def _holidays(policy: Policy) -> Iterator[Finding]:
    """Every year into which a term reaches is known."""
    known = _published_years() | {int(year) for year in policy.calendar.years}
    unknown: dict[int, date] = {}
    for term in policy.calendar.terms:
        for year in range(term.first.year, term.last.year + 1):
            if year not in known:
                unknown.setdefault(year, max(term.first, date(year, 1, 1)))
    for year, first in unknown.items():
        yield notice("holidays_unknown", f"calendar.years.{year}", year=str(year), first=str(first))


def _published_years() -> set[int]:
    """Years of the State Council's notices that the calendar library holds."""
    from chinese_calendar.constants import holidays  # a large table, read only by those who ask

    return {day.year for day in holidays}
