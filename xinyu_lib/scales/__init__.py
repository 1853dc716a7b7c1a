"""Scales as data: one TOML file per scale, read into a frozen `Scale`. No item wording is shipped."""

import sys
from types import ModuleType

from xinyu_lib.scales.bands import Band, BandSet
from xinyu_lib.scales.card import card
from xinyu_lib.scales.catalogue import form_name, load_form, load_scale, scales
from xinyu_lib.scales.matrix import answers, keyed
from xinyu_lib.scales.norms import NormSet, load_norms
from xinyu_lib.scales.scale import Scale
from xinyu_lib.words import default_language

__all__ = [
    "Band",
    "BandSet",
    "NormSet",
    "Scale",
    "answers",
    "form_name",
    "keyed",
    "load_form",
    "load_norms",
    "load_scale",
    "scales",
]


def _shown(scale: Scale) -> str:
    """In a notebook a scale shows its card."""
    return card(scale, default_language())


Scale._repr_markdown_ = _shown  # here and not in the class, which the card is written from


class _Callable(ModuleType):
    """`xy.scales` is this package and, by the public surface, also the call that lists the ids: it is both."""

    def __call__(self) -> list[str]:
        return scales()


sys.modules[__name__].__class__ = _Callable
