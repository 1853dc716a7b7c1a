"""The scales that come with the library, and scales of one's own read from a TOML file."""

from functools import cache
from pathlib import Path

from xinyu_lib import registry
from xinyu_lib.scales.checks import check
from xinyu_lib.scales.scale import Scale
from xinyu_lib.words import say

FOLDER = Path(__file__).parent


def scales() -> list[str]:
    """Ids of the scales that come with the library, sorted."""
    return registry.names(FOLDER)


def load_scale(id_or_path: str | Path) -> Scale:
    """A scale by id, or one of your own by the path of its TOML file.

    Raises UnknownName listing the known ids, DefinitionError naming file, key and what is allowed.
    """
    path = registry.find(FOLDER, id_or_path, say("scales.kind"))
    return _read(path.resolve(), path.stat().st_mtime_ns)


@cache
def _read(path: Path, _: int) -> Scale:
    """One file, read once; a file that changed since is another one."""
    scale = registry.read(path, Scale)
    check(scale, path.name)
    return scale
