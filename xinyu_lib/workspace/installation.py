"""Whether this installation can do its work: Python, packages, encryption, type, kernel, terminal."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, requires, version
from pathlib import Path
from tempfile import TemporaryDirectory

from xinyu_lib.lake.cipher import connect
from xinyu_lib.workspace.doctor import Finding, attention, fault, fine

PROJECT = "xinyu"
REPORT_KERNEL = "python3"
CLEAR = b"SQLite format 3\0"  # how a database begins that is not encrypted
PAGE = '#set document(title: "心育")\n#set text(font: "Noto Sans SC", lang: "zh")\n心育'


def examine_installation(*, fonts: Sequence[Path], encoding: str | None) -> list[Finding]:
    """Every part of an installation that reports and the vault depend on.

    fonts: files of the type of reports, in one folder. encoding: of the terminal, None when it is not known.
    """
    return [
        _python(),
        *_packages(),
        _cipher(),
        _fonts(fonts),
        _typesetting(fonts[0].parent),
        _kernel(),
        _terminal(encoding),
    ]


def _python() -> Finding:
    needed = distribution(PROJECT).metadata["Requires-Python"].removeprefix(">=")
    found = ".".join(map(str, sys.version_info[:3]))
    return (
        fine("python", found=found)
        if _release(found) >= _release(needed)
        else fault("python", "old", found=found, needed=needed)
    )


def _packages() -> list[Finding]:
    needed = [_needed(line) for line in requires(PROJECT) or [] if "extra ==" not in line]
    modules = _modules()
    found = [finding for name, least in needed for finding in _package(name, least, modules)]
    return found or [fine("packages", n=len(needed))]


def _needed(requirement: str) -> tuple[str, str]:
    """Name and least version of `pandas>=3.0`; "0" where none is asked for."""
    name, least = re.match(r"([\w-]+)(?:>=([\d.]+))?", requirement).groups()
    return name, least or "0"


def _modules() -> dict[str, list[str]]:
    """Package (`pyyaml`) -> modules that it brings (`yaml`)."""
    brought: dict[str, list[str]] = {}
    for module, packages in packages_distributions().items():
        for package in packages:
            brought.setdefault(_plain(package), []).append(module)
    return brought


def _package(name: str, least: str, modules: dict[str, list[str]]) -> Iterator[Finding]:
    try:
        found = version(name)
    except PackageNotFoundError:
        yield fault("packages", "missing", name=name)
        return
    if _release(found) < _release(least):
        yield fault("packages", "old", name=name, found=found, needed=least)
    try:
        import_module(_main_module(name, modules.get(_plain(name), [name])))
    except (ImportError, OSError) as error:
        yield fault("packages", "broken", name=name, why=str(error).partition("\n")[0])


def _main_module(name: str, modules: list[str]) -> str:
    """The module called like its package, else the first public one; others may need what we do not use."""
    return min(modules, key=lambda module: (_plain(module) != _plain(name), module.startswith("_"), module))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _release(number: str) -> tuple[int, ...]:
    """The numbers of a version up to what marks a release before or after it: 3.0.1rc1 is (3, 0, 1)."""
    return tuple(int(part) for part in re.match(r"\d+(?:\.\d+)*", number)[0].split("."))


def _cipher() -> Finding:
    """SQLite without encryption takes a key and ignores it, so the file itself is looked at."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trial.db"
        with closing(connect(path, "trial")) as connection:
            connection.execute("CREATE TABLE trial (content TEXT)")
        return fault("cipher", "clear") if path.read_bytes().startswith(CLEAR) else fine("cipher")


def _fonts(fonts: Sequence[Path]) -> Finding:
    missing = [font.name for font in fonts if not font.is_file()]
    return fault("fonts", "missing", files=", ".join(missing)) if missing else fine("fonts", n=len(fonts))


def _typesetting(folder: Path) -> Finding:
    """One page in our type, under the standard that refuses a character it cannot print."""
    try:
        import typst

        typst.compile(PAGE.encode(), font_paths=[str(folder)], ignore_system_fonts=True, pdf_standards=["ua-1"])
    except (ImportError, RuntimeError) as error:
        return fault("typesetting", "failed", why=str(error).partition("\n")[0])
    return fine("typesetting")


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager

    found = [name for name in (REPORT_KERNEL, PROJECT) if name in KernelSpecManager().find_kernel_specs()]
    return fine("kernel", names=", ".join(found)) if REPORT_KERNEL in found else fault("kernel", "missing")


def _terminal(encoding: str | None) -> Finding:
    try:
        "心育".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return attention("terminal", "narrow", encoding=encoding or "-")
    return fine("terminal", encoding=encoding)
