"""The release ledger of a workspace: what stands between a run and its readers, and what its readers know for good."""

import json

import pandas as pd
import pytest

from xinyu_lib.errors import DisclosureError
from xinyu_lib.workspace import Workspace

WAVE, DAY, LATER = "2025-2026-spring", "2026-05-15", "2026-05-20"
WANG, LI = "王芳", "Li Lei"


@pytest.fixture
def ledger(tmp_path):
    return Workspace.create(tmp_path / "ws", title="东湖").releases


def cells(**counts: int | tuple[int, bool]) -> pd.DataFrame:
    """A cell per grade: g7=17 is shown, g8=(3, True) is hidden."""
    rows = []
    for grade, count in counts.items():
        value, hidden = count if isinstance(count, tuple) else (count, False)
        rows.append((json.dumps([WAVE, grade]), value, hidden, "low" if hidden else "open"))
    return pd.DataFrame(rows, columns=["key", "value", "hidden", "role"])


def prepared(ledger, run_id: str, audience: str = "school", **counts) -> None:
    ledger.prepare(run_id, audience=audience, wave=WAVE, cells=cells(**counts))


def approved(ledger, run_id: str, audience: str = "school", **counts) -> None:
    """A run that passed its check and was approved by two persons, its files having the digest d."""
    prepared(ledger, run_id, audience, **counts)
    ledger.passed(run_id, "d", as_of=DAY)
    for name in (WANG, LI):
        ledger.approve(run_id, "d", name, as_of=DAY)


def published(ledger, run_id: str, audience: str = "school", **counts) -> None:
    approved(ledger, run_id, audience, **counts)
    ledger.publish(run_id, "d", mark=ledger.mark(), as_of=LATER)


def states(ledger) -> dict[str, str]:
    return ledger.ledger().set_index("run_id")["state"].to_dict()


def refused(call, *arguments, **how) -> DisclosureError:
    with pytest.raises(DisclosureError) as caught:
        call(*arguments, **how)
    assert caught.value.exit_code == 42
    assert not [name for name in (WANG, LI, "李雷") if name in caught.value.text("zh") + caught.value.text("en")]
    return caught.value


def test_a_run_goes_from_prepared_to_published_step_by_step(ledger):
    prepared(ledger, "r1", g7=17, g8=(3, True))
    assert states(ledger) == {"r1": "prepared"}
    ledger.passed("r1", "d", as_of=DAY)
    assert states(ledger) == {"r1": "checked"}
    assert ledger.approve("r1", "d", WANG, as_of=DAY) == 1
    assert states(ledger) == {"r1": "approved"}
    assert ledger.approve("r1", "d", LI, as_of=LATER) == 2
    ledger.publish("r1", "d", mark=0, as_of=LATER)
    assert ledger.ledger().to_dict("records") == [
        {
            "run_id": "r1", "audience": "school", "wave": WAVE, "shown": 1, "hidden": 1, "state": "published",
            "approvals": 2, "checked": DAY, "approved": LATER, "published": LATER, "replaced": "", "replaced_by": "",
        }
    ]  # fmt: skip


def test_the_ledger_can_be_read_for_one_audience(ledger):
    for audience in ("school", "district"):
        prepared(ledger, f"r-{audience}", audience, g7=17)
    assert ledger.ledger("district")["run_id"].tolist() == ["r-district"]
    assert ledger.ledger("public").empty


def test_cells_come_back_with_their_coordinates(ledger):
    prepared(ledger, "r1", g7=17, g8=(3, True))
    assert ledger.cells("r1").values.tolist() == [[(WAVE, "g7"), 17, False, "open"], [(WAVE, "g8"), 3, True, "low"]]


def test_a_run_that_was_never_prepared_is_refused(ledger):
    for call, how in (
        (ledger.standing, {}), (ledger.passed, {"digest": "d", "as_of": DAY}), (ledger.require_ready, {"digest": "d"}),
    ):  # fmt: skip
        assert refused(call, "r9", **how).message_id == "workspace.release.unknown"


def test_preparing_again_takes_check_and_approvals_away(ledger):
    approved(ledger, "r1", g7=17)
    prepared(ledger, "r1", g7=17)
    assert states(ledger) == {"r1": "prepared"}
    assert refused(ledger.require_ready, "r1", "d").message_id == "workspace.release.not_checked"


def test_a_published_run_keeps_what_it_told(ledger):
    published(ledger, "r1", g7=17, g8=(3, True))
    prepared(ledger, "r1", g8=(3, True), g7=17)
    assert states(ledger) == {"r1": "published"}
    for other in ({"g7": 16, "g8": (3, True)}, {"g7": 17, "g8": 3}, {"g7": 17}):
        assert refused(prepared, ledger, "r1", **other).message_id == "workspace.release.differs"
    assert ledger.cells("r1")["value"].tolist() == [17, 3]


@pytest.mark.parametrize(
    ("first", "again"),
    [("王芳", " 王 芳 "), ("Li Lei", "ｌｉ　ＬＥＩ"), ("Li Lei", "LI\u200bLEI"), ("陳靜", "陈静"), ("王芳", "王芳")],
)
def test_one_person_does_not_approve_twice_however_the_name_is_written(ledger, first, again):
    prepared(ledger, "r1", g7=17)
    ledger.passed("r1", "d", as_of=DAY)
    ledger.approve("r1", "d", first, as_of=DAY)
    error = refused(ledger.approve, "r1", "d", again, as_of=DAY)
    assert (error.message_id, error.fields["n"], error.fields["of"]) == ("workspace.release.twice", 1, 2)
    assert refused(ledger.require_ready, "r1", "d").message_id == "workspace.release.not_approved"


@pytest.mark.parametrize("name", ["", "  ", "\u200b"])
def test_nobody_cannot_approve(ledger, name):
    prepared(ledger, "r1", g7=17)
    ledger.passed("r1", "d", as_of=DAY)
    assert refused(ledger.approve, "r1", "d", name, as_of=DAY).message_id == "workspace.release.no_name"


def test_only_files_that_passed_are_approved_and_let_out(ledger):
    prepared(ledger, "r1", g7=17)
    assert refused(ledger.approve, "r1", "d", WANG, as_of=DAY).message_id == "workspace.release.not_checked"
    approved(ledger, "r1", g7=17)
    assert refused(ledger.approve, "r1", "other", "李雷", as_of=DAY).message_id == "workspace.release.not_checked"
    assert refused(ledger.publish, "r1", "other", mark=0, as_of=DAY).message_id == "workspace.release.not_checked"
    assert states(ledger) == {"r1": "approved"}


def test_files_that_changed_begin_anew(ledger):
    approved(ledger, "r1", g7=17)
    ledger.passed("r1", "changed", as_of=LATER)
    row = ledger.ledger().iloc[0]
    assert (row["state"], row["approvals"], row["checked"], row["approved"]) == ("checked", 0, LATER, "")
    error = refused(ledger.publish, "r1", "changed", mark=0, as_of=LATER)
    assert (error.message_id, error.fields["n"]) == ("workspace.release.not_approved", 0)


def test_a_run_is_let_out_once(ledger):
    published(ledger, "r1", g7=17)
    mark = ledger.mark()
    ledger.publish("r1", "d", mark=0, as_of="2026-06-01")
    assert (ledger.mark(), ledger.ledger()["published"].tolist()) == (mark, [LATER])


def test_nothing_is_let_out_when_something_else_was_since_the_check(ledger):
    approved(ledger, "r1", g7=17)
    mark = ledger.mark()
    published(ledger, "r2", g8=30)
    assert refused(ledger.publish, "r1", "d", mark=mark, as_of=LATER).message_id == "workspace.release.moved"
    ledger.publish("r1", "d", mark=ledger.mark(), as_of=LATER)
    assert states(ledger) == {"r1": "published", "r2": "published"}


@pytest.mark.parametrize(
    ("audience", "later", "expected"),
    [
        ("school", {"g7": 25, "g8": 30}, "replaced"),
        ("school", {"g7": 25, "g8": (3, True), "g9": 11}, "replaced"),
        ("school", {"g7": 25}, "published"),
        ("district", {"g7": 25, "g8": 30}, "published"),
    ],
)
def test_a_run_is_replaced_by_one_for_the_same_audience_that_tells_all_its_cells(ledger, audience, later, expected):
    published(ledger, "r1", g7=17, g8=30)
    published(ledger, "r2", audience, **later)
    assert states(ledger) == {"r1": expected, "r2": "published"}
    if expected == "replaced":
        assert ledger.standing("r1").replaced_by == "r2"
        assert refused(ledger.publish, "r1", "d", mark=ledger.mark(), as_of=DAY).message_id.endswith("replaced")


def test_a_run_without_cells_is_not_replaced(ledger):
    published(ledger, "r1")
    published(ledger, "r2", g7=25)
    assert states(ledger) == {"r1": "published", "r2": "published"}


def out(ledger, audience: str) -> list[tuple]:
    frame = ledger.out(audience)
    return [(key[1], value, hidden, role) for key, value, hidden, role in frame.itertuples(index=False, name=None)]


def test_what_was_out_stays_known_when_it_is_replaced_the_newest_first(ledger):
    published(ledger, "r1", g7=17, g8=30)
    published(ledger, "r2", g7=25, g8=30)
    prepared(ledger, "r3", g7=99)
    assert out(ledger, "school") == [("g7", 25, False, "open"), ("g8", 30, False, "open"), ("g7", 17, False, "open")]


def test_a_cell_that_was_shown_once_is_shown(ledger):
    published(ledger, "r1", g7=17)
    published(ledger, "r2", g7=(17, True), g8=(3, True))
    assert out(ledger, "school") == [("g7", 17, False, "open"), ("g8", 3, True, "low")]


def test_everybody_knows_what_is_public_and_the_public_knows_nothing_else(ledger):
    published(ledger, "r1", "school", g7=17)
    published(ledger, "r2", "public", g8=60)
    assert out(ledger, "school") == [("g8", 60, False, "open"), ("g7", 17, False, "open")]
    assert out(ledger, "district") == out(ledger, "public") == [("g8", 60, False, "open")]
    assert (ledger.readers("school"), ledger.readers("public")) == (["school"], ["public", "school"])


def test_before_anything_is_out_the_frame_is_empty_and_has_its_columns(ledger):
    prepared(ledger, "r1", g7=17)
    frame = ledger.out("school")
    assert (len(frame), list(frame)) == (0, ["key", "value", "hidden", "role"])
    assert (frame.dtypes["hidden"], ledger.mark()) == ("bool", 0)


def test_names_of_those_who_approved_are_in_the_vault_alone(ledger, tmp_path):
    published(ledger, "r1", g7=17)
    files = [path for path in (tmp_path / "ws").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"vault.db", "vault.key", "workspace.toml"}
    assert not [path for path in files if WANG.encode() in path.read_bytes() or LI.encode() in path.read_bytes()]
    assert WANG not in ledger.ledger().to_csv()
