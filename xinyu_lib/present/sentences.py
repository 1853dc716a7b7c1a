"""Sentences with protected numbers in them."""

from xinyu_lib.disclosure import SafeNumber
from xinyu_lib.errors import DisclosureError
from xinyu_lib.present.blocks import Paragraph
from xinyu_lib.present.numbers import text
from xinyu_lib.words import catalogue, say


def sentence(message_id: str, lang: str, /, **fields: str | SafeNumber) -> Paragraph:
    """The wording of `message_id` with text and protected numbers filled in.

    When a number is masked, the wording `<message_id>.masked` is used if there is one, or the mark shown.
    Raises DisclosureError for a bare number: only a SafeTable gives numbers to a page.
    """
    for name, value in fields.items():
        if not isinstance(value, str | SafeNumber):
            raise DisclosureError("present.bare_number", message=message_id, field=name)
    chosen = _masked_wording(message_id, lang) if _any_masked(fields) else message_id
    words = {name: value if isinstance(value, str) else text(value, lang) for name, value in fields.items()}
    return Paragraph(say(chosen, lang, **words))


def _any_masked(fields: dict[str, str | SafeNumber]) -> bool:
    return any(isinstance(value, SafeNumber) and value.masked for value in fields.values())


def _masked_wording(message_id: str, lang: str) -> str:
    masked = f"{message_id}.masked"
    return masked if masked in catalogue(message_id.partition(".")[0], lang) else message_id
