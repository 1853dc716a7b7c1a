"""The policies that come with the library, and a district's own read from a TOML file."""

from functools import cache
from pathlib import Path

from xinyu_lib import registry
from xinyu_lib.policy.checks import check
from xinyu_lib.policy.policy import Policy
from xinyu_lib.words import say

FOLDER = Path(__file__).parent


def policies() -> list[str]:
    """Ids of the policies that come with the library, sorted."""
    return registry.names(FOLDER)


def load_policy(id_or_path: str | Path) -> Policy:
    """A policy by id, or a district's own by the path of its TOML file.

    Raises UnknownName listing the known ids, DefinitionError naming file, key and what is allowed.
    """
    path = registry.find(FOLDER, id_or_path, say("policy.kind"))
    return _read(path.resolve(), path.stat().st_mtime_ns)


@cache
def _read(path: Path, _: int) -> Policy:
    """One file, read once; a file that changed since is another one."""
    policy = registry.read(path, Policy)
    check(policy, path.name)
    return policy
