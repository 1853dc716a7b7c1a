"""Sections say what the data say: every number on a page is a count made here by hand from the lake."""

import pytest

from xinyu_lib.disclosure import TOTAL, SafeTable
from xinyu_lib.errors import UnknownName, WorkspaceError
from xinyu_lib.sections import Evaluation
from xinyu_lib.sections.how_to_read import screen

WAVE, DAY = "2025-2026-spring", "2026-05-15"
SECTIONS = ("cover", "summary", "how_to_read", "coverage", "overall", "tiers", "methods", "statement")


@pytest.fixture(scope="module")
def schools(demo) -> list[str]:
    return sorted(demo.district.read("school")["school"])


def evaluation(demo, school, **how) -> Evaluation:
    return Evaluation(demo.district, school=school, wave=WAVE, as_of=DAY, **how)


def keng(demo, wave="2000-2001-autumn-1", **how) -> Evaluation:
    return Evaluation(demo.keng, school="keng", wave=wave, as_of=DAY, **how)


def told(section) -> str:
    """All text of a section."""
    return str([block.to_json() for block in section.blocks if block.kind != "figure"])


def test_every_eligible_pupil_has_one_outcome_and_they_add_up(demo, schools):
    for school in schools:
        shares = evaluation(demo, school).outcome_shares
        roster = demo.district.read("pupil", wave=WAVE, school=school)
        eligible = int((roster["grade"] >= 4).sum())
        assert shares.shown.at[TOTAL, "n"] == eligible
        if not shares.masked["n"].any():
            assert shares.shown["n"].drop(TOTAL).sum() == eligible


def test_tiers_on_the_page_are_those_in_the_lake(demo, schools):
    for school in schools:
        ev = evaluation(demo, school)
        tiers = demo.district.read("tier_provisional", wave=WAVE, school=school)
        coloured = int(tiers["tier"].isin(["red", "orange", "yellow"]).sum())
        number = ev.tier_shares.number("any_tier")
        assert number.masked or number.value == coloured


def test_refused_and_absent_pupils_are_never_counted_as_no_alert(demo):
    tiers = demo.district.read("tier_provisional", wave=WAVE).set_index("pupil_key")
    outcomes = evaluation(demo, None, reader="bureau").material.outcomes
    lost = outcomes[~outcomes.isin(["scored", "invalid"])].index
    assert len(lost) > 0
    assert (tiers.loc[lost, "tier"] != "none").all()


def test_a_school_report_never_tells_red_orange_and_yellow_apart(demo, schools):
    assert list(evaluation(demo, schools[0]).tier_shares.shown.index) == ["any_tier", "undetermined", "none", TOTAL]


def test_the_district_tells_red_and_orange_together(demo):
    shares = evaluation(demo, None, reader="bureau").tier_shares
    assert list(shares.shown.index) == ["red_or_orange", "yellow", "undetermined", "none", TOTAL]


def test_the_summary_and_the_sections_print_the_same_numbers(demo, schools):
    ev = evaluation(demo, schools[0])
    summary, coverage, tiers = told(ev.summary()), told(ev.coverage()), told(ev.tiers())
    sentence = next(b.text for b in ev.coverage().blocks if b.kind == "paragraph")
    assert sentence in summary
    assert sentence in coverage
    assert next(b.text for b in ev.tiers().blocks if b.kind == "paragraph" and "应测" in b.text) in summary + tiers


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_can_be_made_in_both_languages(demo, schools, lang):
    ev = evaluation(demo, schools[0], lang=lang)
    for name in SECTIONS:
        section = getattr(ev, name)()
        assert section.blocks
        assert "{" not in told(section).replace("{'kind'", "")


def test_keng_bands_are_the_published_counts_of_the_source(demo):
    # data/keng: 46 of 165 complete sheets reach the standard score 53 (source facts of the data set)
    bands = keng(demo).material
    scale = bands.scales[0]
    counts = bands.scores(scale)["sds_standard_band"].value_counts()
    assert counts.drop("normal").sum() == 46
    assert counts.sum() == 165


def test_keng_says_that_no_rule_exists_and_reports_the_safety_item_alone(demo):
    text = told(keng(demo).tiers())
    assert "没有为所用量表" in text
    assert "第 19 题" in text
    assert "红、橙、黄任一级" not in text


def test_keng_reports_both_waves(demo):
    for wave, sheets in (("2000-2001-autumn-1", 174), ("2000-2001-autumn-2", 173)):
        assert len(demo.keng.read("response/sds", wave=wave)) == sheets


def test_the_statement_counts_what_was_hidden(demo, schools):
    ev = evaluation(demo, schools[-1])
    ev.coverage(), ev.tiers()
    hidden = sum(int(table.masked.iloc[:, 0].sum()) for table in ev.released)
    assert f"隐去 {hidden} 个" in told(ev.statement())


def test_everything_released_is_a_safe_table(demo, schools):
    ev = evaluation(demo, schools[0])
    for name in SECTIONS:
        getattr(ev, name)()
    assert ev.released
    assert all(isinstance(table, SafeTable) for table in ev.released)


def test_the_example_of_a_screen_follows_bayes():
    # sensitivity .895, specificity .775, prevalence .10: .0895 / (.0895 + .2025) = .3065
    assert screen().predictive_value == pytest.approx(0.0895 / (0.0895 + 0.2025))


def test_an_unknown_school_lists_the_known_ones(demo, schools):
    with pytest.raises(UnknownName, match=schools[0]):
        evaluation(demo, "999999")


def test_an_unknown_reader_lists_the_known_ones(demo, schools):
    with pytest.raises(UnknownName, match="principal"):
        evaluation(demo, schools[0], reader="neighbour")


def test_a_wave_without_roster_is_said_so(demo, schools):
    with pytest.raises(WorkspaceError, match="2030-2031-autumn"):
        Evaluation(demo.district, school=schools[0], wave="2030-2031-autumn", as_of=DAY)
