"""What can be computed is computed: generated files say what their sources say."""

import importlib.util
import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("generate", PROJECT / "scripts" / "generate.py")
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", [name for name in generate.FILES if name != "docs/commands.md"])
def test_a_generated_file_is_up_to_date(name):
    assert (PROJECT / name).read_text(encoding="utf-8") == generate.FILES[name](), "run `make generated`"


def test_the_command_reference_names_every_command():
    from typer.main import get_command

    from xinyu_lib.cli.app import app

    text = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, command in generate.commands_of(get_command(app)):
        assert f"## xinyu {name}\n" in text
        assert command.help


def test_no_card_is_left_of_a_scale_that_is_gone():
    assert generate.stale_cards() == [], "run `make generated`"


def test_conda_and_pyproject_name_the_same_packages():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    listed = [entry for entry in conda if isinstance(entry, str)] + conda[-1]["pip"]
    back = {other: name for name, other in generate.CONDA_NAMES.items()}
    named = {
        back.get(generate.name_of(e), generate.name_of(e)) + e[len(generate.name_of(e)) :]
        for e in listed
        if e[0] != "-"
    }
    wanted = {*project["dependencies"], *project["optional-dependencies"]["dev"]}
    assert named == wanted | {f"python{project['requires-python']}", "pip"}


def test_constraints_pin_every_dependency_and_hold_no_address():
    text = (PROJECT / "constraints.txt").read_text(encoding="utf-8")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {line.split("==")[0] for line in text.splitlines()}
    extras = [w for group in project["optional-dependencies"].values() for w in group]
    assert {generate.name_of(w) for w in [*project["dependencies"], *extras]} <= pinned
    assert "://" not in text
