"""心育 xinyu: a school mental-health census turned into evaluation reports that can be trusted.

`import xinyu_lib as xy`; the public names below are imported when first used.
"""

from importlib import import_module

_HOMES = {
    "scales": "xinyu_lib.scales",
    "load_scale": "xinyu_lib.scales",
    "load_norms": "xinyu_lib.scales",
    "score": "xinyu_lib.scoring",
    "check_quality": "xinyu_lib.scoring",
    "quality_reasons": "xinyu_lib.scoring",
    "quality_values": "xinyu_lib.scoring",
    "check_key": "xinyu_lib.scoring",
    "verify_scales": "xinyu_lib.scoring.verifying",
    "load_policy": "xinyu_lib.policy",
    "check_policy": "xinyu_lib.policy.auditing",
    "classify_tiers": "xinyu_lib.tiers",
    "explain": "xinyu_lib.tiers",
    "reliability": "xinyu_lib.psychometrics",
    "protect": "xinyu_lib.disclosure",
    "protect_means": "xinyu_lib.disclosure",
    "SafeTable": "xinyu_lib.disclosure",
    "load_table": "xinyu_lib.tables",
    "Workspace": "xinyu_lib.workspace",
    "Evaluation": "xinyu_lib.sections",
    "build_reports": "xinyu_lib.reporting.run",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'xinyu_lib' has no attribute {name!r}; it has: {', '.join(__all__)}")
    home = import_module(_HOMES[name])
    return home if home.__name__.endswith(f".{name}") else getattr(home, name)


def __dir__() -> list[str]:
    return __all__
