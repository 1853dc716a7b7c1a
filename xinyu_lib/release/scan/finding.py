"""What a scan tells, and the parts of a file that its reader hands over to be judged."""

from dataclasses import dataclass, replace

from xinyu_lib.words import say

KINDS = (
    "identifier", "small_number", "parameters", "traceback", "path", "data_frame", "alt_text", "hidden_part",
    "metadata", "point_data", "unreadable", "file_name",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that a file must not carry.

    file: name relative to the run folder, secrets in it blotted out; where: page, sheet, cell, line or object;
    kind: one of KINDS; told: one sentence in the user's language, which never repeats what was found.
    """

    file: str
    where: str
    kind: str
    told: str


@dataclass(frozen=True)
class Mark:
    """Something wrong with a place of a file; what: id of its wording, `release.scan.<kind>.<what it is>`."""

    where: str
    what: str

    @property
    def kind(self) -> str:
        return self.what.split(".")[2]

    def inside(self, outer: str) -> "Mark":
        """The same mark, of a file that stands inside another one."""
        return replace(self, where=say("release.scan.where.inside", outer=outer, inner=self.where))

    def told(self, file: str) -> Finding:
        return Finding(file, self.where, self.kind, say(self.what, where=self.where))


@dataclass(frozen=True)
class Text:
    """Text that a file shows or carries; alt: it stands for a picture."""

    where: str
    text: str
    alt: bool = False


@dataclass(frozen=True)
class Inner:
    """A file inside a file; format: name of its reader."""

    where: str
    format: str
    content: bytes


@dataclass(frozen=True)
class Parameters:
    """Names of the parameters that a file says its report was made with."""

    where: str
    names: frozenset[str]


Part = Mark | Text | Inner | Parameters


def place(what: str, **fields: object) -> str:
    """Words for a place in a file. Numbers only: a name of a sheet, layer or element may be a pupil's."""
    return say(f"release.scan.where.{what}", **fields)
