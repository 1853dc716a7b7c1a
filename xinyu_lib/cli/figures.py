"""`xinyu care figures`: what the second stage of a wave showed, the load of interviews, how fast steps were done."""

from collections.abc import Iterator
from typing import get_args

import pandas as pd
from rich.table import Table

from xinyu_lib.care.duties import repeated
from xinyu_lib.care.timing import share_in_time, time_to
from xinyu_lib.care.yields import Yields
from xinyu_lib.cli.console import print_table, stdout
from xinyu_lib.policy.stages import Step
from xinyu_lib.tables import load_table
from xinyu_lib.words import default_language, say
from xinyu_lib.workspace import Workspace
from xinyu_lib.workspace.caring import duties_of, policy_of
from xinyu_lib.workspace.yielding import yields_of


def figures(ws: Workspace, wave: str, as_of: str) -> None:
    """Print confirmed shares by rule, scale and tier, sensitivity, load by school, and the steps of care with times.

    Raises WorkspaceError when the wave has no provisional tiers.
    """
    found = yields_of(ws, wave, as_of)
    _print(say("cli.figures.shares", wave=wave), _shares(found))
    for line in _screen(found.table.iloc[0]):
        stdout.print(line)
    for note in found.notes:
        stdout.print(note.text())
    _print(say("cli.figures.load"), _load(found.load))
    _print(say("cli.figures.steps", as_of=as_of), _steps(_done_once(ws, wave, as_of), as_of))
    stdout.print(say("cli.figures.not_protected"))


def _done_once(ws: Workspace, wave: str, as_of: str) -> pd.DataFrame:
    """Duties of the wave; of steps that are repeated only the next one is known, not how the earlier ones were done."""
    duties = duties_of(ws, as_of)
    return duties[(duties["wave"] == wave) & ~duties["step"].isin(repeated(policy_of(ws))) & duties["state"].notna()]


def _print(title: str, rows: pd.DataFrame) -> None:
    """A table whose first column holds words and whose others hold numbers."""
    table = Table(title=title)
    for place, heading in enumerate(rows):
        table.add_column(say(f"cli.figures.{heading}"), justify="right" if place else "left", overflow="fold")
    for row in rows.itertuples(index=False, name=None):
        table.add_row(*map(str, row))
    print_table(table)


def _shares(found: Yields) -> pd.DataFrame:
    rows, tiers = found.table, load_table("tier_provisional").column("tier").codes
    words = {code.code: code.label.say(default_language()) for code in tiers}
    named = zip(rows["by"], rows["name"], strict=True)
    return pd.DataFrame({
        "group": [say(f"cli.figures.by.{by}", name=words[name] if by == "tier" else name) for by, name in named],
        **rows[["flagged", "interviewed", "confirmed_any"]],
        "ppv_any": [_percent(*ends) for ends in _of(rows, "ppv_any")],
        "confirmed_same": rows["confirmed_same"],
        "ppv_same": [_percent(*ends) for ends in _of(rows, "ppv_same")],
    })  # fmt: skip


def _screen(whole: pd.Series) -> Iterator[str]:
    """Sensitivity and its kin in words; nothing where they cannot be estimated, for then the notes say so."""
    for name in ("sensitivity", "specificity", "npv"):
        if pd.notna(whole[name]):
            yield say(f"cli.figures.{name}", share=_percent(*next(_of(whole.to_frame().T, name))))
    if pd.notna(whole["missed"]):
        value, low, high = (f"{end:.0f}" for end in next(_of(whole.to_frame().T, "missed")))
        yield say("cli.figures.missed", n=value, low=low, high=high)


def _load(load: pd.DataFrame) -> pd.DataFrame:
    rates = load["hours_per_day"].map(lambda hours: "–" if pd.isna(hours) else f"{hours:.1f}")
    return load.assign(hours_per_day=rates)


def _steps(duties: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """A row per step."""
    every = [step for step in get_args(Step) if (duties["step"] == step).any()]
    table = share_in_time(duties, as_of).reindex(every)
    curves = [time_to(duties, step, as_of) for step in every]
    return pd.DataFrame({
        "step": [say(f"policy.step.{step}") for step in every],
        **table[["in_time", "late", "overdue", "early", "running"]].reset_index(drop=True),
        "share": [_percent(*ends) for ends in table[["share", "low", "high"]].itertuples(index=False)],
        "median": [_hours(curve.median, *curve.median_interval) for curve in curves],
    })  # fmt: skip


def _of(rows: pd.DataFrame, name: str) -> Iterator[tuple[float, float, float]]:
    return rows[[name, f"{name}_low", f"{name}_high"]].itertuples(index=False, name=None)


def _percent(share: float, low: float, high: float) -> str:
    return "–" if pd.isna(share) else f"{100 * share:.0f}% ({100 * low:.0f}–{100 * high:.0f})"


def _hours(median: float, low: float, high: float) -> str:
    return "–" if pd.isna(median) else f"{median:.0f} ({_end(low)}–{_end(high)})"


def _end(hours: float) -> str:
    return "" if pd.isna(hours) else f"{hours:.0f}"
