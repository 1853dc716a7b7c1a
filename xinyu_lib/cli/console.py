"""Where commands print, and files that they write for people."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from xinyu_lib.errors import XinyuError

# Names of files, schools and columns are shown as they are, whatever brackets they hold.
PLAIN = {"soft_wrap": True, "highlight": False, "markup": False, "emoji": False}
stdout = Console(**PLAIN)
WIDE = 140  # columns of a table that goes into a file or another program


def print_table(table: Table) -> None:
    """A table as wide as the terminal, or as wide as its content needs where there is none."""
    console = stdout if stdout.is_terminal else Console(**PLAIN, width=WIDE)
    console.print(table, soft_wrap=False)


def write_new(path: Path, text: str) -> None:
    """A new file; never over one that is there. Raises XinyuError."""
    try:
        with path.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError as error:
        raise XinyuError("cli.file_exists", file=str(path)) from error
    except OSError as error:
        raise XinyuError("cli.file_unwritable", file=str(path), why=error.strerror) from error
