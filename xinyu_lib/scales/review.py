"""`review`: every fault of a scale file in one go, where loading it stops at the first."""

from pathlib import Path
from typing import Any

from xinyu_lib.errors import DefinitionError, UnknownName, XinyuError
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
        base = content(path)
    except XinyuError as error:
        return [error]
    found, unknown = _faults(base), []
    told = {(fault.key, fault.message_id) for fault in found}
    for name in _variants(base):
        try:
            varied = content(path, name)
        except DefinitionError:  # a key of the variant itself, which is among the faults of the file
            continue
        except UnknownName as error:
            unknown.append(error)
            continue
        fresh = [fault for fault in _faults(varied) if (fault.key, fault.message_id) not in told]
        found += [fault._replace(key=f"variants.{name} → {fault.key}") for fault in fresh]
    told_all = [DefinitionError(each.message_id, file=path.name, key=each.key, **each.fields) for each in found]
    return told_all + unknown


def _variants(base: dict[str, Any]) -> list[str]:
    """Ids of the variants that can be told apart."""
    variants = base.get("variants", [])
    named = variants if isinstance(variants, list) else []
    return [each["id"] for each in named if isinstance(each, dict) and isinstance(each.get("id"), str)]


def _faults(content: dict[str, Any]) -> list[Fault]:
    """Wrong keys first, then what does not fit together."""
    fitted = Fitted(content)
    if fitted.scale is None:
        return [*fitted.faults, Fault("-", "scales.wrong.rest_unchecked", {})]
    return fitted.faults + [fault for fault in faults(fitted.scale) if not fitted.follows(fault)]
