"""Set-up on a bare machine, with nothing but Python 3.11 and the standard library: `.venv` beside the project.

Used by the Makefile and by `python -m xinyu_lib`. Uses uv where it is installed, else venv and pip; compiles bytecode.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "xinyu-ready"
EXTRAS = "dev"


def ready() -> bool:
    """True when `.venv` was finished after the list of dependencies last changed."""
    lists = [PROJECT / "pyproject.toml", PROJECT / "constraints.txt"]
    return STAMP.is_file() and all(STAMP.stat().st_mtime >= path.stat().st_mtime for path in lists)


def set_up() -> None:
    """Create `.venv` and install the project into it; nothing is done when it is ready."""
    if ready():
        return
    if sys.version_info < (3, 11):  # noqa: UP036 - runs before anything is installed, on whatever Python there is
        sys.exit("心育 xinyu: 需要 Python 3.11 或更新版本 / needs Python 3.11 or newer")
    print("心育 xinyu: 正在准备 .venv（首次约 1–3 分钟）/ setting up .venv (1-3 minutes the first time)", flush=True)
    for command in _commands():
        subprocess.run(command, check=True, cwd=PROJECT)
    STAMP.touch()


def _commands() -> list[list[str]]:
    target = ["-c", "constraints.txt", "-e", f".[{EXTRAS}]"]
    uv = shutil.which("uv")
    if uv:
        return [
            [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
            [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON), *target],
        ]
    return [
        [sys.executable, "-m", "venv", str(VENV)],
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile", *target],
    ]


def run_inside(arguments: list[str]) -> int:
    """Set up, then run `python -m xinyu_lib` with these arguments in `.venv`; returns its exit code."""
    set_up()
    return subprocess.run([str(PYTHON), "-m", "xinyu_lib", *arguments], cwd=PROJECT).returncode


if __name__ == "__main__":
    set_up()
