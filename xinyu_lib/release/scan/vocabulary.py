"""The words, patterns and limits that the scan looks for: `vocabulary.toml`."""

import re
from functools import cache, cached_property
from pathlib import Path

from xinyu_lib.registry import Definition, Text, Whole, read

FILE = Path(__file__).with_name("vocabulary.toml")
Texts = tuple[Text, ...]


class Limits(Definition):
    """Sizes; see the comments in the file."""

    shortest_number: Whole
    shortest_digits: Whole
    shortest_text: Whole
    free_marks: Whole
    depth: Whole
    bytes: Whole


class Vocabulary(Definition):
    """Everything that is declared for the scan; patterns are regular expressions."""

    persons: Texts
    persons_before: Texts
    count_words: dict[Text, Whole]
    rules: Texts
    parameters: Texts
    command_lines: Texts
    tracebacks: Texts
    paths: Texts
    data_urls: dict[Text, Text]
    row_columns: Texts
    row_objects: tuple[Texts, ...]
    frame_keys: tuple[Texts, ...]
    magics: Texts
    invisible: Texts
    tools: Texts
    document_properties: Texts
    notebook_metadata: Texts
    cell_metadata: Texts
    limits: Limits

    @cached_property
    def tool(self) -> re.Pattern:
        """The whole of a property that names a program and its version, and nothing else."""
        return re.compile(
            rf"(?:{'|'.join(self.tools)})(?:[\s,/v]*[\d.]+)*(?:\s*,?\s*https?://[\w./-]+)?", re.IGNORECASE
        )

    @cached_property
    def patterns(self) -> dict[str, re.Pattern]:
        """What is searched in every text, by the id of its wording."""
        told = {
            "release.scan.parameters.command_line": self.command_lines,
            "release.scan.traceback.text": self.tracebacks,
            "release.scan.path.machine": self.paths,
        }
        return {what: re.compile("|".join(f"(?:{p})" for p in each), re.MULTILINE) for what, each in told.items()}

    @cached_property
    def invisible_style(self) -> re.Pattern:
        return re.compile("|".join(f"(?:{p})" for p in self.invisible), re.IGNORECASE)

    @cached_property
    def row_column(self) -> re.Pattern:
        return re.compile("|".join(f"(?:{p})" for p in self.row_columns), re.IGNORECASE)


@cache
def vocabulary() -> Vocabulary:
    return read(FILE, Vocabulary)
