"""The scales that come with the library, and scales of one's own read from a TOML file."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from xinyu_lib import registry
from xinyu_lib.errors import DefinitionError, UnknownName
from xinyu_lib.scales.checks import faults
from xinyu_lib.scales.forms import Changes, changed, without
from xinyu_lib.scales.scale import Scale
from xinyu_lib.words import say

FOLDER = Path(__file__).parent
# What belongs to one file alone and is not handed on to a scale that extends it.
OWN = ("variants", "examples")


def scales() -> list[str]:
    """Ids of the scales that come with the library, sorted."""
    return registry.names(FOLDER)


def load_scale(id_or_path: str | Path, *, variant: str | None = None) -> Scale:
    """A scale by id or column prefix (`sdq_self`), or one of your own by the path of its TOML file.

    variant: under another convention, by its id.
    Raises UnknownName listing the known ids or variants, DefinitionError naming file, key and what is allowed.
    """
    own = Path(id_or_path).suffix == ".toml"
    path = registry.find(FOLDER, id_or_path if own else str(id_or_path).replace("_", "-"), say("scales.kind"))
    return _read(path.resolve(), path.stat().st_mtime_ns, variant)


FORM = re.compile(r"(?P<variant>[a-z0-9_]*)(?P<supplements>\+?)(-(?P<left_out>\d+(,\d+)*))?")


def load_form(scale_id: str, form: str) -> Scale:
    """A scale as one form has it, by the word that `form_name` makes; without the supplements it does not have.

    Raises UnknownName for a word that is none, and as `load_scale` and `Scale.without` do.
    """
    found = FORM.fullmatch(form)
    if found is None:
        raise UnknownName("scales.unknown_variant", name=form, scale=scale_id, known="–")
    scale = load_scale(scale_id, variant=found["variant"] or None)
    scale = scale.without(*map(int, found["left_out"].split(",") if found["left_out"] else ()))
    return scale if found["supplements"] else scale.model_copy(update={"supplements": ()})


def form_name(variant: str | None, left_out: Iterable[int], *, supplements: bool) -> str:
    """One word for a form; empty for the items every sheet has, as the scale file says.

    `grouped` = a variant, `+` = with the supplements, `-9` = item 9 left out, `grouped+-3,9` = all of it.
    """
    numbers = ",".join(map(str, sorted(set(left_out))))
    return (variant or "") + "+" * supplements + (f"-{numbers}" if numbers else "")


@cache
def _read(path: Path, _: int, variant: str | None) -> Scale:
    """One file, read once; a file that changed since is another one."""
    scale = registry.built(content(path, variant), Scale, path.name)
    for fault in faults(scale):
        raise DefinitionError(fault.message_id, file=path.name, key=fault.key, **fault.fields)
    return scale


def content(path: Path, variant: str | None = None) -> dict[str, Any]:
    """What a scale file says, with the scale it extends and a variant applied.

    Raises DefinitionError for a file that is not TOML or that extends one which itself extends another, UnknownName
    for an unknown base or variant.
    """
    found = registry.content(path)
    if "extends" in found:
        base = _base(found.pop("extends"), path.name)
        found = changed({key: value for key, value in base.items() if key not in OWN}, found)
    return _varied(found, variant, path.name) if variant else found


def _base(name: Any, file: str) -> dict[str, Any]:
    """What the scale says that a file extends."""
    if not isinstance(name, str):
        raise DefinitionError("scales.wrong.text", file=file, key="extends")
    path = registry.find(FOLDER, name, say("scales.kind"))
    base = registry.content(path)
    if "extends" in base:
        raise DefinitionError("scales.extends_once", file=file, key="extends", base=path.name)
    return base


def _varied(found: dict[str, Any], variant: str, file: str) -> dict[str, Any]:
    variants = {each.id: each for each in registry.built(found, Changes, file).variants}
    fields = {"scale": str(found.get("id")), "known": ", ".join(variants) or "–"}
    if variant not in variants:
        raise UnknownName("scales.unknown_variant", name=variant, **fields)
    chosen = variants[variant]
    try:
        left = without(found, chosen.drop)
    except KeyError as error:
        raise UnknownName("scales.unknown_drop", name=error.args[0], variant=variant, **fields) from error
    return changed(left, chosen.change) | {"variant": variant}
