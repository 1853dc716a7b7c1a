"""What the second stage shows of the first: how many flagged pupils are confirmed, who is missed, and the load."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.clocks import moment_of
from xinyu_lib.care.flags import flags_of
from xinyu_lib.care.standing import COLOURS, in_order, ranks
from xinyu_lib.numerics import Share, Strata, cases_among, sensitivity, share_of_cases, specificity
from xinyu_lib.policy import Policy
from xinyu_lib.psychometrics import Note
from xinyu_lib.words import say

SCREEN = ["sensitivity", "specificity", "npv", "missed"]


@dataclass(frozen=True, eq=False)
class Yields:
    """The second stage of one wave; not protected.

    table: a row for all flagged pupils and per provisional tier, safety signal, rule and scale (`by`, `name`): flagged,
    interviewed (seen, and a tier confirmed), confirmed_any (any colour), confirmed_same (at least the provisional one),
    ppv_any and ppv_same with `_low` and `_high`. Where all flagged stand, also sensitivity, specificity, npv (0..1) and
    missed (pupils of this wave in need whom no rule flagged), each with its interval; NaN = not estimable.
    load: a row per school: due and done (pupils), talks, hours_due, hours_done, days (school days from the first talk
    to the last), hours_per_day.
    n_used: pupils with a confirmed tier after an interview, the sample included.
    """

    table: pd.DataFrame
    load: pd.DataFrame
    n_used: int
    notes: tuple[Note, ...]
    settings: dict[str, object]

    def _repr_html_(self) -> str:
        heading = say("care.yields.title", wave=self.settings["wave"], n=self.n_used)
        notes = "".join(f"<p>{escape(note.text())}</p>" for note in self.notes)
        # a view for the notebook; the numbers in the frames keep full precision
        shown = "".join(frame.to_html(float_format="{:.3f}".format, index=False) for frame in (self.table, self.load))
        return f"<h4>{escape(heading)}</h4>{shown}{notes}"


def yields(
    provisional: pd.DataFrame,
    confirmed: pd.DataFrame,
    interviews: pd.DataFrame,
    check_list: pd.DataFrame,
    policy: Policy,
    *,
    wave: str,
    as_of: str,
    level: float = 0.95,
) -> Yields:
    """Confirmed shares, sensitivity and load of one wave from what was known at `as_of`.

    Frames: rows of the tables `tier_provisional`, `tier_confirmed`, `interview`, `check_list`. A pupil counts as
    interviewed when an interview of this wave has findings and a tier of this wave was confirmed; the first one counts.
    Shares weigh each provisional tier by its pupils, so that tiers may be interviewed more and less completely.
    Sensitivity needs interviewed pupils of the random sample among those without a tier; else it is not estimable.

    Source: Begg & Greenes 1983 (see `numerics.verification`).
    """
    pupils = provisional[provisional["wave"] == wave].reset_index(drop=True)
    talks = _of_wave(interviews, wave, as_of)
    talks = talks[talks["findings"].notna()]
    told = _of_wave(confirmed, wave, as_of).drop_duplicates("pupil_key").set_index("pupil_key")["tier"]
    verified = pupils["pupil_key"].isin(talks["pupil_key"]) & pupils["pupil_key"].isin(told.index)
    found = pupils["pupil_key"].map(told).where(verified)
    pupils = pupils.assign(
        flagged=pupils["tier"].isin(COLOURS), verified=verified, any=found.isin(COLOURS),
        same=verified & (ranks(found) >= ranks(pupils["tier"])), sampled=_sampled(pupils, check_list, wave),
    )  # fmt: skip
    table = pd.DataFrame(_rows(pupils[pupils["flagged"]].reset_index(drop=True), policy, level))
    table[_ends(SCREEN)] = np.nan
    table.loc[0, _ends(SCREEN)] = _screen(pupils, level)
    used = pupils["verified"] & (pupils["flagged"] | pupils["sampled"])
    settings = {"wave": wave, "as_of": as_of, "level": level, "rule_set": policy.rule_set}
    return Yields(table, _load(pupils, talks, policy), int(used.sum()), _notes(pupils), settings)


def _of_wave(rows: pd.DataFrame, wave: str, as_of: str) -> pd.DataFrame:
    """Rows of a wave that were known, in order of time."""
    rows = in_order(rows[rows["wave"] == wave])
    return rows[rows["moment"] <= moment_of(as_of)]


def _sampled(pupils: pd.DataFrame, check_list: pd.DataFrame, wave: str) -> pd.Series:
    """Pupils without a tier whom chance chose; who is looked at for another reason tells nothing of the others."""
    drawn = check_list.loc[(check_list["wave"] == wave) & (check_list["reason"] == "sample"), "pupil_key"]
    return (pupils["tier"] == "none") & pupils["pupil_key"].isin(drawn)


def _rows(flagged: pd.DataFrame, policy: Policy, level: float) -> Iterator[dict[str, object]]:
    yield _row("all", "all", _by_tier(flagged), level)
    groups = _groups(flagged, policy)
    members = flagged.loc[groups["place"]].reset_index(drop=True)
    for (by, name), tiers in _by_tier(members, groups["by"], groups["name"]).groupby(level=["by", "name"], sort=False):
        yield _row(by, name, tiers, level)


def _row(by: str, name: str, tiers: pd.DataFrame, level: float) -> dict[str, object]:
    whole = dict(zip(["flagged", "interviewed", "confirmed_any", "confirmed_same"], tiers.sum(), strict=True))
    shares = [share_of_cases(_strata(tiers, case), level) for case in ("any", "same")]
    return {"by": by, "name": name, **whole, **_named(["ppv_any", "ppv_same"], shares)}


def _groups(flagged: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Parts of the flagged pupils: by, name, place (rows of `flagged`), in the order in which they are shown."""
    flags = flags_of(flagged["reasons"], policy)
    signal = flagged["safety_signal"].where(flagged["safety_signal"] == "yes")
    named = {"tier": pd.Categorical(flagged["tier"], COLOURS), "safety_signal": signal}
    parts = [pd.DataFrame({"by": by, "name": name, "place": flagged.index}) for by, name in named.items()]
    parts += [
        flags.assign(by=by, name=flags[by])[["by", "name", "place"]].drop_duplicates() for by in ("rule", "scale")
    ]
    groups = pd.concat([part.sort_values("name", kind="stable") for part in parts])
    return groups[groups["name"].notna()].reset_index(drop=True)


def _by_tier(pupils: pd.DataFrame, *parts: pd.Series) -> pd.DataFrame:
    """Pupils, interviewed, confirmed and confirmed at least as provisional, by provisional tier within parts."""
    counted = pupils[["verified", "any", "same"]].astype("int64")
    counted.insert(0, "n", 1)
    return counted.groupby([*parts, pupils["tier"]], sort=False).sum()


def _strata(tiers: pd.DataFrame, case: str) -> Strata:
    """A stratum per provisional tier; pupils of a tier of which nobody was interviewed yet count as the others do."""
    n, verified, cases = tiers[["n", "verified", case]].to_numpy(dtype=float).T
    seen = verified > 0
    if seen.any():
        n = np.where(seen, n * n.sum() / n[seen].sum(), 0)
    return Strata(n, verified, cases)


def _screen(pupils: pd.DataFrame, level: float) -> list[float]:
    """Sensitivity, specificity, NPV and the number missed, each with its ends."""
    found, clear = _strata(_by_tier(pupils[pupils["flagged"]]), "any"), pupils[pupils["tier"] == "none"]
    drawn = clear[clear["sampled"] & clear["verified"]]
    rest = Strata([len(clear)], [len(drawn)], [drawn["any"].sum()])
    both = sensitivity(found, rest, level), specificity(found, rest, level)
    return [end for share in (*both, share_of_cases(rest.others, level), cases_among(rest, level)) for end in share]


def _load(pupils: pd.DataFrame, talks: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Interviews that flags and sample ask for, and those that were held, school by school."""
    due = pupils[pupils["flagged"] | pupils["sampled"]]
    hours, by_school = policy.reports.hours_per_talk, talks.groupby("school")
    load = pd.DataFrame({
        "due": due.groupby("school").size(),
        "done": due["pupil_key"].isin(talks["pupil_key"]).groupby(due["school"]).sum(),
        "talks": by_school.size(),
    }).fillna(0).astype("int64")  # fmt: skip
    load = load.assign(hours_due=load["due"] * hours, hours_done=load["talks"] * hours)
    spans = by_school["on"].agg(["min", "max"])
    calendar = SchoolCalendar(policy.calendar)
    days = pd.Series({school: _school_days(first, last, calendar) for school, first, last in spans.itertuples()})
    load["days"] = days.reindex(load.index).fillna(0).astype("int64")
    load["hours_per_day"] = load["hours_done"] / load["days"].where(load["days"] > 0)
    return load.rename_axis("school").reset_index()


def _school_days(first: str, last: str, calendar: SchoolCalendar) -> int:
    return int(calendar.is_school_day(pd.date_range(first, last)).sum())


def _notes(pupils: pd.DataFrame) -> tuple[Note, ...]:
    flagged, drawn = pupils[pupils["flagged"]], pupils[pupils["sampled"]]
    seen, left = int(drawn["verified"].sum()), int((~flagged["verified"]).sum())
    unknown = int((pupils["tier"] == "undetermined").sum())
    notes = [Note("care.yields.several_rules")]
    if left:
        notes.append(Note("care.yields.not_interviewed", (("n", left), ("of", len(flagged)))))
    if alone := int((~flagged["verified"].groupby(flagged["tier"]).transform("any")).sum()):
        notes.append(Note("care.yields.tier_not_interviewed", (("n", alone),)))
    if unknown:
        notes.append(Note("care.yields.undetermined", (("n", unknown),)))
    if not seen:
        return (*notes, Note("care.yields.not_estimable"))
    clear, found = int((pupils["tier"] == "none").sum()), int((drawn["verified"] & drawn["any"]).sum())
    told = (("seen", seen), ("of", len(drawn)), ("clear", clear), ("found", found))
    return (*notes, Note("care.yields.sample" if found else "care.yields.sample_found_none", told))


def _ends(names: Sequence[str]) -> list[str]:
    return [name + end for name in names for end in ("", "_low", "_high")]


def _named(names: Sequence[str], shares: Sequence[Share]) -> dict[str, float]:
    return dict(zip(_ends(names), (end for share in shares for end in share), strict=True))
