"""The command line `xinyu`: same words as the library; a user error is one clear line and an exit code of its own."""

import sys

from xinyu_lib.errors import XinyuError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 only if all was done)."""
    from xinyu_lib.cli.app import app, stderr

    try:
        app(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    except XinyuError as error:
        stderr.print(f"[bold red]✗[/] {error.text()}", highlight=False, soft_wrap=True)
        return error.exit_code
    raise AssertionError("typer always exits")


if __name__ == "__main__":
    sys.exit(main())
