"""Where a result comes from: digests of content, files and code."""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent


def digest(value: object) -> str:
    """Hash (64 hex digits) of any JSON-like value; equal values give equal digests, key order does not matter."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Hash (64 hex digits) of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@cache
def code_version() -> str:
    """Version of the library and the first 12 digits of the hash over its code, definitions and wording."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".toml", ".po", ".typ", ".j2", ".css"})
    tree = digest([[p.relative_to(PACKAGE).as_posix(), file_digest(p)] for p in files])
    return f"{version('xinyu')}+{tree[:12]}"
