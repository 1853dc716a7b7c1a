"""Section 17: what was hidden and why, and what happens with the data."""

from xinyu_lib.present import Bullets, Paragraph, Section, sentence


def section(ev) -> Section:
    """Rules of protection for this reader, how many cells they hid in this report, and how data are kept."""
    rule = ev.policy.disclosure[ev.audience]
    hidden = sum(table.hidden for table in ev.released)
    blocks = [
        ev.heading("sections.statement.heading"),
        Paragraph(ev.say(f"sections.statement.audience.{ev.audience}")),
        Bullets(
            (
                ev.say("sections.statement.threshold", threshold=str(rule.threshold)),
                ev.say("sections.statement.denominator", minimum=str(rule.min_denominator)),
                ev.say("sections.statement.means", minimum=str(rule.means_min_n)),
                ev.say("sections.statement.merge"),
                ev.say("sections.statement.complementary"),
            )
        ),
        sentence("sections.statement.hidden", ev.lang, hidden=str(hidden)),
        Paragraph(ev.say("sections.statement.limits")),
        Paragraph(ev.say("sections.statement.care")),
    ]
    return Section("statement", ev.lang, tuple(blocks))
