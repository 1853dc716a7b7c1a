"""What the ledgers of a synthetic district are made of: terms, care, figures and gaps, declared in TOML."""

from typing import Literal

from xinyu_lib.registry import Definition, Number, Text, Whole

Kind = Literal[
    "five_open_missing", "crisis_plan_lapsed", "drill_missing", "standard_plan_old", "network_silent",
    "delegate_untrained", "red_overdue", "red_review_lapsed", "no_next_contact", "handover_lost", "teacher_left",
    "teacher_shared", "lessons_lost", "remote_alone", "overspent", "publication_missing", "no_letter_box",
    "room_too_small", "no_supervision", "no_consent_filed", "filed_late",
]  # fmt: skip


class Term(Definition):
    """A term of a school year: first and last school day."""

    year: Text
    term: Literal["autumn", "spring"]
    starts: Text
    ends: Text


class Closed(Definition):
    """Days without school inside a term."""

    starts: Text
    ends: Text


class Rhythm(Definition):
    """How a tier is followed, in days, and where it begins.

    need: mean of the traits (SD) from which a pupil is found to need it. valid: how long it holds without a review;
    two stable reviews lower it.
    """

    need: Number
    contact: Whole
    review: Whole
    valid: Whole
    frequency: Text


class Figures(Definition):
    """Figures that the ledgers add up to.

    budget: yuan of the district, spent over `budget_years`. level_2: persons in post with a counsellor's certificate of
    level 2. publications: numbers up to `published_by`, then one a week. events, families, pupils: of `events_year`.
    demonstration, qualified: schools with that title. not_held: figures of the founding document that do not hold here.
    """

    budget: Whole
    budget_years: tuple[Whole, Whole]
    station_opened: Text
    level_2: Whole
    publications: Whole
    published_by: Text
    events: Whole
    events_year: Whole
    families: Whole
    pupils: Whole
    demonstration: tuple[Text, ...]
    qualified: tuple[Text, ...]
    not_held: dict[Text, Whole]


class Gap(Definition):
    """Something amiss in the ledgers, planted to be found.

    what: which item, function, term, part, reason or other school; n: how many (lessons, weeks); wave: of a pupil's
    case. Empty where the kind needs none.
    """

    kind: Kind
    school: str = ""
    what: str = ""
    wave: str = ""
    n: Whole = 1
