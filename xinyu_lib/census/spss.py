"""SPSS files as lines of text: codes as they are stored, names and labels of the variables as headers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from xinyu_lib.census.cells import cell_text
from xinyu_lib.census.rawfile import Line, Lines
from xinyu_lib.errors import UnreadableFile
from xinyu_lib.lake.cipher import KEY, KEY_FILE

READER = Path(__file__).with_name("spss_lines.py")
BUG = 1  # exit code of a Python program that ends with a traceback


def sav_lines(path: Path, _: str | None) -> Lines:
    """The lines of a .sav or .zsav file: codes and not their labels, missing values blank, dates in ISO form.

    The first line holds the names of the variables, the second their labels; row 1 is the first one that SPSS shows.
    Raises UnreadableFile, also while the lines are walked.
    """
    return Lines(_walked(path), first_row=-1, header_rows=2)


def _walked(path: Path) -> Iterator[Line]:
    """Read in a process apart, which a damaged file may take down."""
    command = [sys.executable, "-P", str(READER), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_without_key()) as reading:
        try:
            for line in reading.stdout:
                if not line.endswith(b"\n"):
                    break  # torn off when the process went down
                yield ["" if value is None else cell_text(value) for value in json.loads(line)]
            code = reading.wait()
        finally:
            reading.kill()  # nothing happens where it has ended; else nobody wants the rest
        if code == BUG:
            raise RuntimeError(reading.stderr.read().decode(errors="replace"))
        if code:
            raise UnreadableFile("census.broken_sav", file=path.name)


def _without_key() -> dict[str, str]:
    """Our environment without the vault's key: a file that was sent in is read there."""
    return {name: value for name, value in os.environ.items() if name not in {KEY, KEY_FILE}}
