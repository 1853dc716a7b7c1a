"""Set-up on a bare machine, with nothing but Python 3.11 and the standard library: `.venv` beside the project.

Used by the Makefile and by `python -m xinyu_lib`: uv where it is installed and works, else venv and pip.
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
TARGET = ["-c", "constraints.txt", "-e", ".[dev]"]


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
    if not (_run(_with_uv()) or _run(_with_pip())):
        sys.exit("心育 xinyu: 安装没有完成，原因见上 / set-up was not finished, see above")
    STAMP.touch()


def _run(commands: list[list[str]]) -> bool:
    """Run commands in order; False when there are none or one fails."""
    return bool(commands) and all(subprocess.run(command, cwd=PROJECT).returncode == 0 for command in commands)


def _with_uv() -> list[list[str]]:
    uv = shutil.which("uv")
    if uv is None:
        return []
    return [
        [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)],
        [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON), *TARGET],
    ]


def _with_pip() -> list[list[str]]:
    return [
        [sys.executable, "-m", "venv", str(VENV)],
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile", *TARGET],
    ]


def run_inside(arguments: list[str]) -> int:
    """Set up, then run `python -m xinyu_lib` with these arguments in `.venv`; returns its exit code."""
    set_up()
    return subprocess.run([str(PYTHON), "-m", "xinyu_lib", *arguments], cwd=PROJECT).returncode


if __name__ == "__main__":
    set_up()
