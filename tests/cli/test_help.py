"""Help: every command explains itself and each of its options, in both languages."""

import os
import re
import subprocess
import sys

import pytest
from typer.main import get_command

from xinyu_lib.cli.app import app
from xinyu_lib.words import catalogue

COMMANDS = [
    "demo", "new", "import", "match", "template", "waterfall", "lists", "score", "tiers", "report", "check", "doctor",
    "backup", "restore", "lab", "care", "policy", "release", "scale", "verify",
]  # fmt: skip
GROUPS = {
    "care": ["register", "overdue", "handover", "figures"],
    "policy": ["check"],
    "release": ["check", "approve", "publish", "ledger"],
    "scale": ["list", "card", "new", "check", "mapping"],
    "verify": ["scales"],
}
CALLS = [[], *[[name] for name in COMMANDS], *[[group, name] for group in GROUPS for name in GROUPS[group]]]
ALL_HELP = "from xinyu_lib.cli import main; [main([*c, '--help']) for c in {calls}]"


@pytest.fixture(scope="module", params=["zh", "en"])
def shown(request) -> tuple[str, str]:
    """Language, and the help of all commands in it: a process of its own, since help is worded on import."""
    wide = os.environ | {"XINYU_LANG": request.param, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", ALL_HELP.format(calls=CALLS)]
    ran = subprocess.run(command, env=wide, capture_output=True, encoding="utf-8", check=True)
    assert ran.stderr == ""
    return request.param, ran.stdout


def test_the_list_of_commands_is_complete():
    found = get_command(app).commands
    assert list(found) == COMMANDS
    assert {name: list(c.commands) for name, c in found.items() if hasattr(c, "commands")} == GROUPS


def test_every_command_and_option_is_explained_in_the_language(shown):
    lang, text = shown
    told = " ".join(text.split())
    ids = [i for i in catalogue("cli", lang) if i.endswith(".help") or i.startswith("cli.option.")]
    assert len(ids) > 20
    assert [i for i in ids if catalogue("cli", lang)[i] not in told] == []


def test_english_help_holds_no_chinese(shown):
    lang, text = shown
    assert bool(re.search("[一-鿿]", text)) == (lang == "zh")


def test_every_option_has_its_help():
    found = get_command(app).commands.values()
    commands = [c for each in found for c in (each, *getattr(each, "commands", {}).values())]
    options = [param for command in commands for param in command.params]
    assert [param.name for param in options if param.param_type_name == "option" and not param.help] == []


def test_without_a_command_the_help_is_shown(xinyu):
    ran = xinyu()
    assert (ran.code, ran.err) == (2, [])
    assert [name for name in COMMANDS if not any(f" {name} " in line for line in ran.out)] == []
