"""Cells in words: a cell is called by its coordinates, never by what it holds."""

from xinyu_lib.disclosure.joined import COORDINATES
from xinyu_lib.disclosure.safetable import TOTAL
from xinyu_lib.disclosure.system import Key
from xinyu_lib.tables import load_table
from xinyu_lib.words import catalogue, default_language, say

CODES = ("sex", "boarding")


def cell_name(key: Key, wave: str = "") -> str:
    """Coordinates in the user's language: "school 036011, grade 7, any tier"; margins go without saying.

    wave: of the run it is about; another one is told. What has no words is told as it is: bands, other coordinates.
    """
    if len(key) != len(COORDINATES):
        return "/".join(key)
    parts = {name: value for name, value in zip(COORDINATES, key, strict=True) if value != TOTAL}
    parts["wave"] = key[0].rstrip("*")  # an earlier value of the same cell
    if parts["wave"] == wave:
        del parts["wave"]
    return say("release.cell.comma").join(_said(name, value) for name, value in parts.items())


def _said(name: str, value: str) -> str:
    lang = default_language()
    if name == "node":
        return catalogue("release", lang).get(f"release.node.{value.rpartition('/')[2]}", value)
    if name in CODES:
        codes = {each.code: each.label.say(lang) for each in load_table("pupil").column(name).codes}
        value = codes.get(value, value)
    return say(f"release.cell.{name}", value=value)
