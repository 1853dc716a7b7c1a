"""Section 2: what a screen is and is not, what the tiers mean, and what a mark stands for."""

from functools import cache
from pathlib import Path

from xinyu_lib.numerics.rounding import half_up
from xinyu_lib.present import Bullets, Callout, Declared, Heading, Paragraph, Section, icon_array
from xinyu_lib.registry import Definition, Number, Text, read

FILE = Path(__file__).with_name("reading.toml")


class Screen(Definition):
    """Published accuracy of a screen and the prevalence that the example assumes."""

    sensitivity: Number
    specificity: Number
    prevalence: Number
    source: Text

    @property
    def predictive_value(self) -> float:
        """Share of flagged pupils who have the problem (Bayes' rule)."""
        true = self.sensitivity * self.prevalence
        false = (1 - self.specificity) * (1 - self.prevalence)
        return true / (true + false)


@cache
def screen() -> Screen:
    return read(FILE, Screen)


def section(ev) -> Section:
    """Plain words, and 100 dots for what a positive screen means."""
    true = int(half_up(screen().predictive_value * 100))
    rule = ev.policy.disclosure[ev.audience]
    fields = {
        "true": str(true),
        "false": str(100 - true),
        "prevalence": f"{screen().prevalence:.0%}",
        "source": screen().source,
    }
    figure = icon_array(
        Declared({"true": true, "false": 100 - true}, screen().source),
        {"true": ev.say("sections.reading.true"), "false": ev.say("sections.reading.false")},
        lang=ev.lang, caption=ev.say("sections.reading.figure", **fields), alt=ev.say("sections.reading.alt", **fields),
    )  # fmt: skip
    blocks = [
        ev.heading("sections.reading.heading"),
        Bullets(tuple(ev.say(f"sections.reading.point.{n}") for n in ("screen", "tiers", "undetermined", "interval"))),
        figure,
        Heading(ev.say("sections.reading.masks"), 2),
        Paragraph(ev.say("sections.reading.mask", threshold=str(rule.threshold), minimum=str(rule.min_denominator))),
        Callout("note", ev.say("sections.note"), ev.say("sections.reading.help")),
    ]
    return Section("how_to_read", ev.lang, tuple(blocks))
