"""Where commands print."""

from rich.console import Console
from rich.table import Table

# Names of files, schools and columns are shown as they are, whatever brackets they hold.
PLAIN = {"soft_wrap": True, "highlight": False, "markup": False, "emoji": False}
stdout = Console(**PLAIN)
WIDE = 140  # columns of a table that goes into a file or another program


def print_table(table: Table) -> None:
    """A table as wide as the terminal, or as wide as its content needs where there is none."""
    console = stdout if stdout.is_terminal else Console(**PLAIN, width=WIDE)
    console.print(table, soft_wrap=False)
