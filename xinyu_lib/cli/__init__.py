"""The command line `xinyu`: same words as the library; a user error is one clear line and an exit code of its own."""

import sys

from rich.console import Console
from rich.text import Text
from typer import TyperException

from xinyu_lib.errors import XinyuError
from xinyu_lib.words import say

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 only if all was done, see docs/exit-codes.md)."""
    # A school's name must not end a run where the terminal has no such character.
    sys.stdout.reconfigure(errors="replace")
    try:
        from xinyu_lib.cli.app import app

        code = app(arguments, prog_name="xinyu", standalone_mode=False) or 0
    except XinyuError as error:
        return _told(error.text(), error.exit_code)
    except TyperException as error:
        return _told(_usage(error), error.exit_code)
    except KeyboardInterrupt:
        code = INTERRUPTED
    return _told(say("cli.interrupted"), code) if code == INTERRUPTED else code


def _usage(error: TyperException) -> str:
    """What is wrong with the command as typed; empty when typer has shown the help instead."""
    why = error.format_message()
    return say("cli.usage", command=error.ctx.command_path, why=why) if why else ""


def _told(line: str, code: int) -> int:
    if line:
        console = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
        console.print(Text.assemble(("× ", "bold red"), line))
    return code


if __name__ == "__main__":
    sys.exit(main())
