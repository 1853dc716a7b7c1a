"""`python -m xinyu_lib`: the command line; from a bare checkout it first sets up `.venv` and goes on inside it."""

import sys
from importlib.metadata import PackageNotFoundError, distribution

from xinyu_lib.bootstrap import PROJECT, run_inside


def main() -> int:
    if (PROJECT / "pyproject.toml").is_file() and not _installed():
        return run_inside(sys.argv[1:])
    from xinyu_lib.cli import main as command_line

    return command_line()


def _installed() -> bool:
    """True where pip or uv installed the project for this interpreter."""
    try:
        distribution("xinyu")
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
