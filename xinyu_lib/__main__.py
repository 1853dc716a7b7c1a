"""`python -m xinyu_lib`: the command line; from a bare checkout it first sets up `.venv` and goes on inside it."""

import sys
from importlib.util import find_spec

from xinyu_lib.bootstrap import PROJECT, VENV, run_inside


def main() -> int:
    bare_checkout = find_spec("typer") is None and (PROJECT / "pyproject.toml").is_file()
    if bare_checkout and not sys.prefix.startswith(str(VENV)):
        return run_inside(sys.argv[1:])
    from xinyu_lib.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
