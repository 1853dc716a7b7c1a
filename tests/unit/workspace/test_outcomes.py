"""Which stored sheets a quality check voids, and what that and gaps make of a pupil."""

import pandas as pd

from xinyu_lib.policy import load_policy
from xinyu_lib.scales import load_scale
from xinyu_lib.workspace.outcomes import has_score, verdicts_of, void_sheets

POLICY = load_policy("donghu-2025")


def stored(**checks: list) -> pd.DataFrame:
    """Stored scores of a scale with these checks, and what `check_quality` made of them."""
    flags = pd.DataFrame(checks)
    named = flags.rename(columns=lambda name: f"phq9_check_{name}")
    return named.assign(phq9_total=0, phq9_usable=~POLICY.validity.unusable(flags))


def test_a_check_that_counts_alone_voids_the_sheet_and_a_gap_does_not():
    scored = stored(missing=[True, False, True], lie=[False, True, True])
    assert void_sheets(scored, POLICY).tolist() == [False, True, True]


def test_checks_that_only_tell_void_nothing_until_three_of_them_agree():
    scored = stored(
        missing=[False] * 3, outlier=[True] * 3, guttman=[False, True, True], inconsistent_pairs=[False, False, True]
    )
    assert void_sheets(scored, POLICY).tolist() == [False, False, True]


class Scored:
    """Stands for a workspace that holds scores only; by scale and pupil `0` a score, `_` a gap, `x` a lie beside it."""

    def __init__(self, **scales: dict[str, str]):
        self.stored = {f"score/{scale}": self._rows(scale, sheets) for scale, sheets in scales.items()}

    def _rows(self, scale: str, sheets: dict[str, str]) -> pd.DataFrame:
        total = pd.array([pd.NA if each == "_" else 0 for each in sheets.values()], "Int16")
        flags = pd.DataFrame({"missing": total.isna(), "lie": [each == "x" for each in sheets.values()]})
        named = flags.rename(columns=lambda name: f"{scale}_check_{name}")
        usable = {f"{scale}_usable": ~POLICY.validity.unusable(flags)}
        return named.assign(**{"pupil_key": list(sheets), "form": "", f"{scale}_total": total, **usable})

    def scales(self, kind: str) -> list[str]:
        return [name.removeprefix(f"{kind}/") for name in self.stored]

    def read(self, name: str, **_) -> pd.DataFrame:
        return self.stored[name]


def test_a_pupil_is_valid_only_when_every_scale_that_he_was_given_has_its_score():
    ws = Scored(
        phq9={"whole": "0", "one gap": "0", "two gaps": "_", "lie": "x", "lie and gap": "x", "one scale": "0"},
        gad7={"whole": "0", "one gap": "_", "two gaps": "_", "lie": "0", "lie and gap": "_", "other scale": "_"},
    )
    assert verdicts_of(ws, "2025-2026-autumn", POLICY).to_dict() == {
        "whole": "valid", "one gap": "missing", "two gaps": "missing", "lie": "invalid", "lie and gap": "invalid",
        "one scale": "valid", "other scale": "missing",
    }  # fmt: skip


def test_without_scores_there_are_no_verdicts():
    assert verdicts_of(Scored(), "2025-2026-autumn", POLICY).empty
    assert verdicts_of(Scored(phq9={}), "2025-2026-autumn", POLICY).empty


def test_a_scale_without_a_main_score_has_a_score_when_any_of_its_results_is_there():
    scale = load_scale("panas")
    assert scale.main is None
    first, second = (f"panas_{each.name}" for each in scale.scores[:2])
    found = has_score(
        scale, pd.DataFrame({first: [3, None, None], second: [None, 2, None], "panas_answered": [9, 9, 9]})
    )
    assert found.tolist() == [True, True, False]
