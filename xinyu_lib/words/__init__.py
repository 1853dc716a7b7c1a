"""Wording: every sentence a user reads, in gettext catalogues, Chinese first and English complete.

One `.po` file per room and language (`zh_CN/census.po`, `en/census.po`); the part of a message id before the
first dot names the file. Ids are stable keys, so logic holds no wording and tests can compare the languages.
"""

import os
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"zh": "zh_CN", "en": "en"}
FOLDER = Path(__file__).parent


def default_language() -> str:
    """Language of messages outside a report: `XINYU_LANG` (zh or en), Chinese when unset or unknown."""
    asked = os.environ.get("XINYU_LANG", "zh")[:2].lower()
    return asked if asked in LANGUAGES else "zh"


def say(message_id: str, lang: str | None = None, /, **fields: object) -> str:
    """The wording of `message_id` in `lang`, its `{placeholders}` filled from `fields`.

    Raises KeyError for an id that no catalogue holds or a placeholder without a value: that is a bug, not bad input.
    """
    room = message_id.partition(".")[0]
    return catalogue(room, lang or default_language())[message_id].format_map(fields)


@cache
def catalogue(room: str, lang: str) -> dict[str, str]:
    """All wording of one room in one language: message id -> text."""
    path = FOLDER / LANGUAGES[lang] / f"{room}.po"
    with path.open("rb") as handle:
        messages = read_po(handle, locale=LANGUAGES[lang], abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}
