"""Which stored sheets a quality check voids."""

import pandas as pd

from xinyu_lib.policy import load_policy
from xinyu_lib.workspace.outcomes import void_sheets

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
