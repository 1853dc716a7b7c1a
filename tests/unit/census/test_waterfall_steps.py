"""The waterfall as a worked table, one pupil per reason, and the proof that it adds up whatever the records say."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinyu_lib import registry
from xinyu_lib.census import waterfall
from xinyu_lib.census.waterfall import Way, to_measure, waterfall_counts, way
from xinyu_lib.errors import DefinitionError

STEPS = ["enrolled", "eligible", "invited", "consented", "started", "finished", "valid", "scored"]

# "-" = no record. The first seven columns are what is known of a pupil; the last three are what comes of it.
TABLE = """
pupil school class grade consent   state     aside        verdict | step      reason         outcome
p01   A      31    3     consented finished  -            valid   | enrolled  not_eligible   not_eligible
p02   A      41    4     not_asked -         -            -       | eligible  not_asked      not_asked
p03   A      41    4     -         finished  -            valid   | eligible  not_asked      not_asked
p04   A      41    4     asked     -         -            -       | invited   no_answer      not_asked
p05   A      41    4     refused   finished  -            valid   | invited   refused        refused
p06   A      41    4     withdrawn finished  -            invalid | invited   withdrawn      refused
p07   A      41    4     consented absent    -            -       | consented absent         absent
p08   A      41    4     consented leave     -            -       | consented leave          absent
p09   A      42    4     consented refused   -            -       | consented pupil_refused  refused
p10   A      42    4     consented language  -            -       | consented language       other_loss
p11   B      41    4     consented technical -            -       | consented technical      other_loss
p12   B      41    4     consented -         -            -       | consented no_record      not_started
p13   B      41    4     consented started   -            -       | started   unfinished     unfinished
p14   B      41    4     consented -         unfinished   -       | started   unfinished     unfinished
p15   B      41    4     consented absent    out_of_range -       | started   set_aside      other_loss
p16   B      41    4     consented finished  -            invalid | finished  invalid        invalid
p17   B      41    4     consented finished  -            -       | finished  not_yet_scored other_loss
p18   B      41    4     consented finished  -            missing | valid     missing        scored
p19   B      41    4     consented finished  bad_value    valid   | scored    -              scored
p20   B      41    4     consented absent    -            valid   | scored    -              scored
"""


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    head, *rows = [line.replace("|", " ").split() for line in TABLE.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=head, dtype="str").replace("-", None)
    return frame.rename(columns={"pupil": "pupil_key", "class": "class_id"}).astype({"grade": "Int32"})


def records(table: pd.DataFrame, column: str, name: str = "state") -> pd.DataFrame:
    return table.loc[table[column].notna(), ["pupil_key", column]].rename(columns={column: name})


def followed(table: pd.DataFrame) -> pd.DataFrame:
    return waterfall(
        table[["pupil_key", "grade"]],
        records(table, "consent"),
        records(table, "state"),
        table.set_index("pupil_key")["verdict"].dropna(),
        min_grade=4,
        set_aside=records(table, "aside", "reason"),
    )


def test_every_pupil_of_the_worked_table_came_as_far_as_it_says(table):
    found = followed(table)
    expected = table.set_index("pupil_key")[["step", "reason", "outcome"]]
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_the_worked_table_holds_every_reason_that_is_declared(table):
    assert set(table["reason"].dropna()) == {loss.id for loss in way().losses}


def test_the_steps_are_those_of_the_domain():
    assert [step.id for step in way().steps] == STEPS


def test_the_worked_table_adds_up(table):
    counts = waterfall_counts(followed(table), table)
    assert counts["step"].tolist() == STEPS
    # 20 pupils; less p01; p02 p03; p04 p05 p06; p07 to p12; p13 p14 p15; p16 p17; p18
    assert counts["n"].tolist() == [20, 19, 17, 14, 8, 5, 3, 2]
    assert counts["lost"].tolist() == [0, 1, 2, 3, 6, 3, 2, 1]
    assert counts.set_index("step").loc["finished", ["unfinished", "set_aside", "absent"]].tolist() == [2, 1, 0]


def test_the_worked_table_by_school_and_class(table):
    counts = waterfall_counts(followed(table), table, by=["school", "class_id"])
    n = counts.pivot(index=["school", "class_id"], columns="step", values="n")[STEPS]
    assert n.index.tolist() == [("A", "31"), ("A", "41"), ("A", "42"), ("B", "41")]
    assert n.to_numpy().tolist() == [
        [1, 0, 0, 0, 0, 0, 0, 0],  # p01 is of grade 3
        [7, 7, 5, 2, 0, 0, 0, 0],  # p02 to p08
        [2, 2, 2, 2, 0, 0, 0, 0],  # p09 and p10
        [10, 10, 10, 10, 8, 5, 3, 2],  # p11 to p20
    ]


def test_the_lists_hold_who_can_still_be_measured_and_nobody_who_said_no(table):
    due = to_measure(followed(table), table)
    assert list(due) == ["pupil_key", "school", "grade", "class_id", "list", "reason"]
    assert due.groupby("list")["pupil_key"].agg(list).to_dict() == {
        "make_up": ["p07", "p08", "p11", "p12", "p13", "p14", "p15"],
        "re_measure": ["p16", "p18"],
    }
    assert due["school"].tolist() == ["A"] * 2 + ["B"] * 7


def one(**known) -> pd.Series:
    """What comes of one pupil of grade 7; a second one consented, so that consent is reported."""
    rows = [{"pupil_key": "a", **known}, {"pupil_key": "b", "consent": "consented"}]
    columns = ["pupil_key", "consent", "state", "aside", "verdict"]
    return followed(pd.DataFrame(rows, columns=columns).assign(grade=7)).loc["a"]


def test_a_pupil_who_refuses_before_the_guardian_has_answered_is_a_refusal_of_consent():
    for consent in ("asked", "not_asked", None):
        assert one(consent=consent, state="refused").tolist() == ["invited", "refused", "refused"]


def test_a_repeated_sheet_says_nothing_against_the_one_that_was_kept():
    assert one(consent="consented", state="finished", aside="duplicate", verdict="valid")["step"] == "scored"
    assert one(consent="consented", aside="duplicate")["reason"] == "no_record"


@pytest.mark.parametrize("aside", ["out_of_range", "bad_value", "missing_value", "other"])
def test_a_sheet_set_aside_for_its_content_is_no_unfinished_one(aside):
    assert one(consent="consented", aside=aside).tolist() == ["started", "set_aside", "other_loss"]


def test_where_consent_was_not_reported_whoever_is_eligible_counts_as_consented(table):
    silent = followed(table.assign(consent=None))
    assert silent.attrs["consent_reported"] is False
    counts = waterfall_counts(silent, table).set_index("step")
    assert counts.attrs["consent_reported"] is False
    assert counts.loc[["eligible", "invited", "consented"], "n"].tolist() == [19, 19, 19]
    assert waterfall_counts(followed(table), table).attrs["consent_reported"] is True


PUPIL = st.fixed_dictionaries({
    "school": st.sampled_from("AB"),
    "class_id": st.sampled_from(["1", "2"]),
    "grade": st.integers(3, 5),
    "consent": st.sampled_from([None, "not_asked", "asked", "consented", "consented", "refused", "withdrawn"]),
    "state": st.sampled_from(
        [None, "started", "finished", "absent", "leave", "refused", "language", "technical"]
    ),
    "aside": st.sampled_from([None, None, "unfinished", "out_of_range", "duplicate"]),
    "verdict": st.sampled_from([None, "valid", "missing", "invalid"]),
})  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(PUPIL, max_size=40), st.booleans())
def test_whatever_the_records_say_every_pupil_is_counted_once_and_groups_add_up(pupils, reported):
    roster = pd.DataFrame(pupils, columns=list(pupils[0]) if pupils else ["school", "class_id", "grade"])
    roster = roster.assign(pupil_key=[f"p{n}" for n in range(len(roster))])
    roster = roster.reindex(
        columns=["pupil_key", "school", "class_id", "grade", "consent", "state", "aside", "verdict"]
    )
    steps = followed(roster if reported else roster.assign(consent=None))
    place = steps["step"].map(STEPS.index)
    assert len(steps) == len(roster)
    assert (steps["reason"].isna() == (steps["step"] == "scored")).all()
    whole = waterfall_counts(steps, roster)
    assert whole["n"].tolist() == [int((place >= k).sum()) for k in range(8)]
    parts = [loss.id for loss in way().losses]
    for by in (None, "school", "grade", ["school", "class_id"]):
        counts = waterfall_counts(steps, roster.iloc[::-1], by=by)  # in whatever order the roster comes
        n = counts["n"].to_numpy().reshape(-1, 8)
        lost = counts["lost"].to_numpy().reshape(-1, 8)
        assert (n[:, :-1] == n[:, 1:] + lost[:, 1:]).all()
        assert (counts["lost"] == counts[parts].sum(axis=1)).all()
        assert (n[:, 0] == lost.sum(axis=1) + n[:, -1]).all()
        summed = counts.groupby("step")[["n", "lost", *parts]].sum().reindex(STEPS, fill_value=0)
        pd.testing.assert_frame_equal(summed, whole.set_index("step"))
    schools = waterfall_counts(steps, roster.iloc[::-1], by="school").set_index(["school", "step"])
    of = roster["school"].to_numpy()
    for school, step in schools.index:
        assert schools.at[(school, step), "n"] == ((place >= STEPS.index(step)) & (of == school)).sum()
    assert whole[parts].sum().to_dict() == {name: int((steps["reason"] == name).sum()) for name in parts}


def declared(losses: str) -> str:
    label = '{ zh = "甲", en = "a" }'
    steps = f'lists = [{{ id = "again", label = {label} }}]\n[[steps]]\nid = "enrolled"\nlabel = {label}\n'
    return steps + f'[[steps]]\nid = "scored"\nlabel = {label}\nlosses = [{losses}]\n'


@pytest.mark.parametrize(
    ("losses", "told"),
    [
        ('{ id = "gone", outcome = "absent", list = "never", label = { zh = "走", en = "gone" } }', "list"),
        ('{ id = "enrolled", outcome = "absent", label = { zh = "走", en = "gone" } }', "ids of their own"),
        ('{ id = "gone", outcome = "lost", label = { zh = "走", en = "gone" } }', "other_loss"),
    ],
)
def test_a_declaration_that_does_not_hold_together_is_refused(tmp_path, losses, told):
    right = declared('{ id = "gone", outcome = "absent", list = "again", label = { zh = "走", en = "gone" } }')
    (tmp_path / "w.toml").write_text(right, encoding="utf-8")
    assert registry.read(tmp_path / "w.toml", Way).reached == {"gone": "enrolled"}
    (tmp_path / "w.toml").write_text(declared(losses), encoding="utf-8")
    with pytest.raises(DefinitionError, match=told):
        registry.read(tmp_path / "w.toml", Way)
