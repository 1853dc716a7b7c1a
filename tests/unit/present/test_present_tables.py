import pytest

from xinyu_lib.disclosure import with_shares
from xinyu_lib.errors import DisclosureError
from xinyu_lib.present import table

ROWS = {"any": "任一级", "none": "未达预警", "total": "合计"}
COLUMNS = {"n": "人数"}


def shown(safe, lang="zh", columns=COLUMNS, note=None):
    return table(safe, lang=lang, caption="分级", rows=ROWS, columns=columns, note=note)


def test_a_table_has_a_column_of_row_names_and_the_total_last(safe_counts):
    block = shown(safe_counts({"total": 50, "any": 12, "none": 38}))
    assert block.columns == ("类别", "人数")
    assert block.rows == (("任一级", "12"), ("未达预警", "38"), ("合计", "50"))
    assert block.total
    assert block.note == ""


def test_masked_cells_carry_the_mark_and_the_note_says_what_it_may_be(safe_counts):
    block = shown(safe_counts({"any": 3, "none": 47, "total": 50}, hidden=("any", "none")), note="按规则。")
    assert block.rows == (("任一级", "＊"), ("未达预警", "＊"), ("合计", "50"))
    assert block.masked == ((False, True), (False, True), (False, False))
    assert "也可能是 0" in block.note
    assert block.note.endswith("按规则。")


def test_columns_choose_what_is_shown_and_in_which_order(safe_counts):
    shares = with_shares(safe_counts({"any": 12, "none": 38, "total": 50}))
    block = shown(shares, columns={"share": "占比", "n": "人数"})
    assert block.rows[0] == ("任一级", "24.0%", "12")  # 12 / 50


def test_the_total_has_no_interval_for_its_share_of_itself(safe_counts):
    shares = with_shares(safe_counts({"any": 12, "none": 38, "total": 50}))
    block = shown(shares, columns={"n": "人数", "share": "占比", "low": "下限", "high": "上限"})
    assert block.rows[-1] == ("合计", "50", "100.0%", "", "")


def test_only_a_safe_table_becomes_a_table(safe_counts):
    with pytest.raises(DisclosureError, match="DataFrame"):
        shown(safe_counts({"any": 12, "none": 38, "total": 50}).shown)
