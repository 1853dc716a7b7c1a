"""Section 0: cover and control page."""

from datetime import date, timedelta

from xinyu_lib.present import Cover, Facts, Section
from xinyu_lib.provenance import code_version


def section(ev) -> Section:
    """Who, when, for whom, how secret, from which data and rules; approval is kept in the ledger, not on the page."""
    subject = ev.material.title
    kind = "district" if ev.material.school is None else "school"
    cover = Cover(
        title=ev.say(f"sections.cover.title.{kind}", subject=subject),
        subtitle=wave_name(ev),
        lines=(
            ev.say("sections.cover.reader", reader=ev.say(f"sections.reader.{ev.reader}")),
            ev.say(f"sections.cover.secrecy.{ev.audience}"),
            ev.say("sections.cover.as_of", date=ev.as_of),
        ),
    )
    return Section("cover", ev.lang, (cover, _control(ev)))


def wave_name(ev) -> str:
    """The wave in words: school year, term and round."""
    years, term, *part = _parts(ev.wave)
    round_ = ev.say("sections.wave.part", part=part[0]) if part else ""
    return ev.say(f"sections.wave.{term}", years=years) + round_


def _parts(wave: str) -> list[str]:
    first, second, *rest = wave.split("-")
    return [f"{first}–{second}", *rest]


def _control(ev) -> Facts:
    expiry = date.fromisoformat(ev.as_of) + timedelta(days=ev.policy.reports.valid_days)
    values = {
        "subject": ev.material.school or ev.material.title,
        "wave": ev.wave,
        "audience": ev.say(f"sections.audience.{ev.audience}"),
        "as_of": ev.as_of,
        "expiry": expiry.isoformat(),
        "run_id": ev.run_id or ev.say("sections.cover.by_hand"),
        "policy": f"{ev.policy.id} · {ev.policy.fingerprint[:12]}",
        "library": code_version(),
        "prepared": ev.say("sections.cover.signature"),
        "checked": ev.say("sections.cover.signature"),
        "approved": ev.say("sections.cover.approval"),
    }
    return Facts(tuple((ev.say(f"sections.control.{name}"), value) for name, value in values.items()))
