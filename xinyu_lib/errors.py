"""What can go wrong through no fault of ours: one clear line and an exit code per kind.

A bug stays a traceback. An error of this tree names what, where and what to do next, in the user's language,
and never a pupil's name, number or answer.
"""

from collections.abc import Iterable

from xinyu_lib.words import say


class XinyuError(Exception):
    """A failure the user can act on. `message_id` names the wording, `fields` fill it."""

    exit_code = 10

    def __init__(self, message_id: str, /, **fields: object):
        super().__init__(message_id, fields)
        self.message_id = message_id
        self.fields = fields

    def text(self, lang: str | None = None) -> str:
        """The one clear line, in `lang` or the user's default language."""
        return say(self.message_id, lang, **self.fields)

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self):
        return _rebuild, (type(self), self.message_id, self.fields)


def _rebuild(kind: type[XinyuError], message_id: str, fields: dict) -> XinyuError:
    return kind(message_id, **fields)


class DefinitionError(XinyuError):
    """A scale, table, policy or mapping file is wrong: names file, key and what is allowed."""

    exit_code = 11


class UnknownName(XinyuError):
    """A name that is not defined; the message lists the known ones."""

    exit_code = 12

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str]) -> "UnknownName":
        """The error for an unknown `school`, `reader`, `notebook` or `format`."""
        return cls("core.unknown_name", kind=say(f"core.kind.{kind}"), name=name, known=", ".join(known))


class DataError(XinyuError):
    """Values outside what a declaration allows: names column, count of rows and allowed range."""

    exit_code = 13


class WorkspaceError(XinyuError):
    """The workspace folder is missing, damaged or not usable for what was asked."""

    exit_code = 14


class VaultError(XinyuError):
    """The vault is missing, damaged, or the key does not open it."""

    exit_code = 15


class ImportRefused(XinyuError):
    """A file that was not imported at all; nothing was written."""

    exit_code = 20


class FileMissing(ImportRefused):
    exit_code = 21


class EmptyFile(ImportRefused):
    exit_code = 22


class UnreadableFile(ImportRefused):
    """Corrupted, or not of the kind its name says."""

    exit_code = 23


class WrongEncoding(ImportRefused):
    """Text that is neither UTF-8 (with or without BOM) nor GB18030."""

    exit_code = 24


class WrongSheet(ImportRefused):
    exit_code = 25


class MissingColumn(ImportRefused):
    exit_code = 26


class RowsRefused(ImportRefused):
    """Rows that break a declaration. Some set aside while the rest was imported, or all and nothing written."""

    exit_code = 30


class AnswerOutOfRange(RowsRefused):
    exit_code = 31


class DuplicatePupil(RowsRefused):
    exit_code = 32


class UnknownSchool(RowsRefused):
    exit_code = 33


class UnknownPupil(RowsRefused):
    exit_code = 34


class ParameterError(XinyuError):
    """A report parameter that the notebook does not declare, or of another type."""

    exit_code = 40


class ReportsFailed(XinyuError):
    """At least one report could not be made; the others are finished and listed."""

    exit_code = 41


class DisclosureError(XinyuError):
    """Something that is not protected was about to reach a page."""

    exit_code = 42
