"""What is looked for in an answer file when a mapping is suggested: `sought.toml`."""

from functools import cache
from pathlib import Path

from pydantic import Field

from xinyu_lib import registry
from xinyu_lib.registry import Definition, Number, Text, Whole


class Sought(Definition):
    """Limits and words.

    rows_at_least: rows in which a value of an item must stand to be shown. most_options: different values of a question
    with options. more_than: share of the options that an item of three or more must have in the file.
    around: what may stand beside the name of a column in a question. words: names of columns by our own, those of
    further questions about the pupil as `other`.
    """

    rows_at_least: Whole = Field(gt=1)
    most_options: Whole
    more_than: Number
    around: tuple[Text, ...]
    words: dict[str, tuple[Text, ...]]


@cache
def sought() -> Sought:
    """The declared words and limits."""
    return registry.read(Path(__file__).with_suffix(".toml"), Sought)
