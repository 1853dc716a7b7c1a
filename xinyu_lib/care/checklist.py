"""The check list of a wave: everybody who is to be looked at, from whom this comes, why, and until when."""

from collections.abc import Mapping

import pandas as pd

from xinyu_lib.care.calendar import SchoolCalendar
from xinyu_lib.care.calls import CENSUS, calls
from xinyu_lib.care.clocks import due_at, moment_of
from xinyu_lib.care.moments import DAY, day_of, last_of_day
from xinyu_lib.care.named import clock_of
from xinyu_lib.care.steps import steps
from xinyu_lib.care.talks import answered_by_talk, closed_by_talk, talked
from xinyu_lib.policy import Policy
from xinyu_lib.policy.stages import Limit
from xinyu_lib.tables import load_table

TABLE = "check_list"
ROW = [name for name in load_table(TABLE).stored if name not in {"import_id", "valid_from"}]
WHO = ["pupil_key", "source"]
# The first of these that holds is told; after a look at a later one, an earlier one calls for another look.
GRAVER = {"safety": 0, "tier": 1, "undetermined": 2, "sample": 3}
OTHERS = len(GRAVER)
MISSED = "not_reached"
NEW, SOONER, KEPT = "new", "sooner", "kept"


def check_list(
    tables: Mapping[str, pd.DataFrame], stands: pd.DataFrame, calendar: SchoolCalendar,
    *, wave: str, policy: Policy, as_of: str,
) -> pd.DataFrame:  # fmt: skip
    """The list of a wave as of a day: every row that is open, and those of the wave that are done.

    tables: `tier_provisional`, `administration` and `pupil` of the wave; all of `signal`, `interview` and `check_list`.
    A talk answers what came before it, whether it was entered here or among the interviews. stands:
    confirmed tiers as `standing` gives them. Columns: those of a row (`ROW`); due, the moment until which a look is in
    time by the shortest clock of all that calls for one (NaT: no clock); overdue; news: `new`, `sooner` (a row whose
    reason or limit became more urgent) or `kept`.

    Who is listed already and not done keeps the first day. What was done is listed again only for something that came
    after it. Raises DataError where the calendar does not reach so far.
    """
    talks = talked(tables["interview"], as_of)
    known = closed_by_talk(_known(tables[TABLE], as_of), talks)
    called = calls(tables, stands, wave=wave, policy=policy, as_of=as_of)
    called = called[~answered_by_talk(called, talks, wave)].reset_index(drop=True)
    open_ = known[known["done_on"].isna() & (known["source"].ne(CENSUS) | known["wave"].fillna(wave).eq(wave))]
    asked = pd.concat([called[~_looked_into(called, known, wave)], _as_calls(open_, policy)], ignore_index=True)
    asked = _timed(asked, open_, calendar, policy, as_of[:DAY])
    done = known[known["done_on"].notna() & known["wave"].eq(wave)]
    rows = _written(_wanted(asked), open_, wave)
    whole = pd.concat([rows, open_.assign(news=KEPT), done.assign(news=KEPT)], ignore_index=True)
    whole = whole.drop_duplicates(["pupil_key", "source", "on"], ignore_index=True)
    return _judged(whole, asked, tables["pupil"], as_of)


def to_write(listing: pd.DataFrame) -> pd.DataFrame:
    """The rows of a list that the lake does not hold yet, or holds with a later limit."""
    return listing.loc[listing["news"] != KEPT, ROW].reset_index(drop=True)


def counted(listing: pd.DataFrame) -> pd.DataFrame:
    """Rows of a list by source and reason: source, reason; how many are listed, new, sooner, done, overdue."""
    marks = {each: listing["news"] == each for each in (NEW, SOONER)}
    told = listing.assign(listed=True, **marks, done=listing["done_on"].notna())
    counts = told.groupby(["source", "reason"])[["listed", *marks, "done", "overdue"]].sum().astype("int64")
    order = {name: [code.code for code in load_table(TABLE).column(name).codes] for name in ("source", "reason")}
    return counts.reset_index().sort_values(
        ["source", "reason"], key=lambda column: column.map(order[str(column.name)].index), ignore_index=True
    )


def left_open(rows: pd.DataFrame, wave: str, as_of: str) -> int:
    """Rows of other waves' census that nobody has looked into: they stand on the lists of those waves."""
    known = _known(rows, as_of)
    return int((known["done_on"].isna() & known["source"].eq(CENSUS) & known["wave"].fillna(wave).ne(wave)).sum())


def _known(rows: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Rows listed by `as_of`; what is done later is not done yet, nor is a look without an outcome, or at nobody."""
    known = rows.loc[rows["on"] <= as_of[:DAY], ROW].astype("str")
    later = known["done_on"] > as_of[:DAY]
    outcome = known["outcome"].mask(later)
    return known.assign(outcome=outcome, done_on=known["done_on"].mask(later | outcome.isna() | outcome.eq(MISSED)))


def _looked_into(called: pd.DataFrame, known: pd.DataFrame, wave: str) -> pd.Series:
    """Calls that a look has answered: nothing came after it, and it was not for something milder.

    Of what came on the day of the look only that which was listed before it came is news, and a danger that nobody has
    said to be dealt with: the hours are not known.
    """
    done = known.loc[known["done_on"].notna(), [*WHO, "wave", "reason", "on", "done_on"]]
    pairs = called.reset_index().merge(done, on=WHO, suffixes=("", "_done"))
    came = pairs["at"].dt.strftime("%Y-%m-%d").astype("str")
    that_day = (came == pairs["done_on"]) & ((pairs["on"] < came) | pairs["loud"])
    milder = _rank(pairs["reason_done"]) > _rank(pairs["reason"])
    other = pairs["source"].eq(CENSUS) & (pairs["wave"].ne(wave) | milder)
    answered = ~((came > pairs["done_on"]) | that_day | other).astype(bool)
    return called.index.to_series().isin(pairs.loc[answered, "index"])


def _as_calls(open_: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """What stands on the list by whoever wrote it there; a safety signal of the census has the clock of the answer."""
    rows = open_[[*WHO, "school", "reason", "issues"]]
    by_answer = open_["source"].eq(CENSUS) & open_["reason"].isin(list(steps().by_reason))
    return rows.assign(cause=clock_of(open_["reason"], policy).mask(by_answer))


def _timed(
    asked: pd.DataFrame, open_: pd.DataFrame, calendar: SchoolCalendar, policy: Policy, today: str
) -> pd.DataFrame:  # fmt: skip
    """The calls with `on`, the day on which the pupil was first listed, and `due`, when the clock of each runs out."""
    first = open_.groupby(WHO)["on"].min().rename("on").reset_index()
    asked = asked.merge(first, on=WHO, how="left").fillna({"on": today})
    starts = asked["starts"].fillna(day_of(asked["on"]))
    due = pd.Series(pd.NaT, index=asked.index, dtype="datetime64[s]")
    for cause, mine in starts.groupby(asked["cause"]):
        limits = [due_at(mine, limit, calendar, policy.census.windows) for limit in _limits(policy, str(cause))]
        if limits:
            due[mine.index] = pd.concat(limits, axis=1).min(axis=1).astype("datetime64[s]")
    return asked.assign(due=due, rank=_rank(asked["reason"]))


def _limits(policy: Policy, cause: str) -> list[Limit]:
    """Until when somebody has to look; who was drawn without a tier is seen before the next review."""
    looks = ("review",) if cause == "none" else steps().reaching
    return [limit for step, limit in policy.clocks.get(cause, {}).items() if step in looks]


def _wanted(asked: pd.DataFrame) -> pd.DataFrame:
    """One row per pupil and source: the gravest reason, the earliest limit of the pupil's, issues of all calls."""
    best = asked.sort_values("rank", kind="stable").drop_duplicates(WHO)
    issues = asked.dropna(subset="issues").groupby(WHO)["issues"].agg(_together).rename("issues")
    best = best.drop(columns="issues").merge(issues.reset_index(), on=WHO, how="left")
    limit = _shortest(asked, best).dt.strftime("%Y-%m-%d").astype("str")
    return best.assign(due_on=limit)


def _together(texts: pd.Series) -> str:
    said = set(";".join(texts).split(";"))
    return ";".join(code.code for code in load_table(TABLE).column("issues").codes if code.code in said)


def _written(wanted: pd.DataFrame, open_: pd.DataFrame, wave: str) -> pd.DataFrame:
    """Rows that are new, and open rows that became more urgent, with their news."""
    first = open_.sort_values("on").drop_duplicates(WHO)
    held = open_.assign(rank=_rank(open_["reason"])).groupby(WHO, as_index=False)[["rank", "due_on"]].min()
    held = held.astype({"due_on": "str"})  # without rows it would be no text
    both = wanted.merge(held, on=WHO, how="left", suffixes=("", "_held"))
    new = both[both["rank_held"].isna()].assign(wave=wave, news=NEW)
    graver, earlier = both["rank"] < both["rank_held"], both["due_on"] < both["due_on_held"]
    changed = both[graver | earlier][[*WHO, "rank", "rank_held", "reason", "due_on"]]
    sooner = first.merge(changed, on=WHO, suffixes=("_held", ""))
    kept = sooner["rank"] >= sooner["rank_held"]
    sooner["reason"] = sooner["reason"].where(~kept, sooner["reason_held"])
    rows = pd.concat([new.reindex(columns=[*ROW, "news"]), sooner.assign(news=SOONER)], ignore_index=True)
    return rows[[*ROW, "news"]].astype("str")


def _judged(whole: pd.DataFrame, asked: pd.DataFrame, roster: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """The list with the present school of each pupil, the moment until which a look is in time, and who is overdue."""
    school = whole["pupil_key"].map(roster.set_index("pupil_key")["school"]).astype("str").fillna(whole["school"])
    by_row = last_of_day(day_of(whole["due_on"]))
    due = pd.concat([_shortest(asked, whole), by_row], axis=1).min(axis=1).where(whole["done_on"].isna())
    return whole.assign(school=school, due=due, overdue=due < moment_of(as_of))


def _shortest(asked: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """When the shortest clock of the pupil of each row runs out."""
    due = asked.groupby("pupil_key")["due"].min().reindex(rows["pupil_key"])
    return pd.Series(due.to_numpy(), index=rows.index)


def _rank(reasons: pd.Series) -> pd.Series:
    return reasons.map(GRAVER).fillna(OTHERS).astype("int64")
