"""The TOML beside the raw files: how to read each battery's sheet, and what to import in which order."""

import json
from dataclasses import dataclass

from xinyu_lib.scales import load_scale
from xinyu_lib.synth.answers import load_items
from xinyu_lib.synth.layout import load_forms
from xinyu_lib.synth.setting import Battery


@dataclass(frozen=True)
class Import:
    """One step of the import: a file of a declared table or of a mapping (both below `raw`), and its wave."""

    file: str
    table: str = ""
    mapping: str = ""
    wave: str = ""

    @property
    def lines(self) -> list[str]:
        given = {key: value for key, value in vars(self).items() if value}
        return ["[[imports]]", *(f"{key} = {json.dumps(value)}" for key, value in given.items()), ""]


def mapping_path(battery: Battery) -> str:
    """Where the mapping of a battery stands below `raw`."""
    return f"mappings/{battery.id}.toml"


def mapping_lines(battery: Battery) -> list[str]:
    """The mapping of a battery's answer file."""
    forms = load_forms()
    # names stand in the roster; those typed into a sheet are not wanted
    lines = ['layout = "wenjuanxing-number"', f'ignore = ["{forms.name}"]', "[columns]"]
    lines += [
        f'number = "{forms.number}"',
        f'submitted_at = "{forms.submitted_at}"',
        f'seconds = "{forms.seconds}"',
    ]
    first = forms.first_question
    for scale_id in battery.scales:
        last = first + load_scale(scale_id).n_items - 1
        codes = ", ".join(f"{option} = {code}" for code, option in load_items(scale_id).option_of.items())
        lines += [
            "[[scales]]",
            f'id = "{scale_id}"',
            f"questions = [{first}, {last}]",
            f"codes = {{ {codes} }}",
        ]
        first = last + 1
    return lines
