"""Reasons in storage: short, equal for equal reasons, and the same when read back."""

import pytest

from xinyu_lib.tiers import Reason, reasons_from_json, reasons_json

SEVERAL = (Reason("T02", "phq9", "critical_9", 2, 1, 1), Reason("T10", None, "yellow_scales", 2, 2, 0))


def test_stored_reasons_hold_rule_scale_score_value_and_cut():
    assert reasons_json(SEVERAL) == '[["T02","phq9","critical_9",2,1],["T10",null,"yellow_scales",2,2]]'


@pytest.mark.parametrize("reasons", [(), SEVERAL, (Reason("L01", "mssmhs", "total", 3.25, 3, 0.25),)])
def test_stored_reasons_come_back_as_they_were(reasons):
    assert reasons_from_json(reasons_json(reasons)) == reasons


def test_equal_numbers_give_equal_text_whatever_their_type():
    assert reasons_json(SEVERAL) == reasons_json([Reason("T02", "phq9", "critical_9", 2.0, 1.0, 1.0), SEVERAL[1]])


def test_a_reason_cannot_be_changed():
    with pytest.raises(AttributeError):
        SEVERAL[0].value = 0
