"""`review`: every fault of a scale file in one go, where loading it stops at the first."""

from pathlib import Path
from typing import Any

from xinyu_lib import registry
from xinyu_lib.errors import DefinitionError, XinyuError
from xinyu_lib.scales.catalogue import content
from xinyu_lib.scales.checks import faults
from xinyu_lib.scales.faults import Fault
from xinyu_lib.scales.mending import Fitted


def review(path: str | Path) -> list[XinyuError]:
    """All that is wrong with a scale file and its variants, each as an error that names file, key and what is allowed.

    Keys that are missing or wrong are told and stood in for, so that the rest is looked at too; where that cannot be
    done the last error says that the rest was not looked at. A file that is no TOML has that one fault.
    """
    path = Path(path)
    try:
        base, variants = _contents(path)
    except XinyuError as error:
        return [error]
    found = _faults(base)
    told = {(fault.key, fault.message_id) for fault in found}
    for name, varied in variants.items():
        fresh = [fault for fault in _faults(varied) if (fault.key, fault.message_id) not in told]
        found += [fault._replace(key=f"variants.{name} → {fault.key}") for fault in fresh]
    return [DefinitionError(fault.message_id, file=path.name, key=fault.key, **fault.fields) for fault in found]


def _contents(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What the file says, and what it says under each variant that can be told by its id."""
    extends = registry.content(path).get("extends", "")
    if not isinstance(extends, str):
        raise DefinitionError("scales.wrong.text", file=path.name, key="extends")
    base = content(path)
    variants = base.get("variants", [])
    if not _well_formed(variants):
        return base, {}
    return base, {each["id"]: content(path, each["id"]) for each in variants}


def _well_formed(variants: Any) -> bool:
    return isinstance(variants, list) and all(
        isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("change", {}), dict)
        for each in variants
    )


def _faults(content: dict[str, Any]) -> list[Fault]:
    """Wrong keys first, then what does not fit together."""
    fitted = Fitted(content)
    if fitted.scale is None:
        return [*fitted.faults, Fault("-", "scales.wrong.rest_unchecked", {})]
    return fitted.faults + [fault for fault in faults(fitted.scale) if not fitted.follows(fault)]
