"""`xinyu tiers --explain NUMBER`: the reason sheet of one pupil, for whoever holds the key; it stands in the audit."""

from xinyu_lib.cli.console import stdout
from xinyu_lib.errors import UnknownPupil
from xinyu_lib.policy import load_policy
from xinyu_lib.tiers import explain
from xinyu_lib.words import default_language
from xinyu_lib.workspace import Workspace


def print_reasons(ws: Workspace, wave: str, number: str, as_of: str) -> None:
    """Print why the pupil with this number has a provisional tier in a wave. Raises UnknownPupil without a tier."""
    with ws.vault() as vault:
        key = vault.keys().get(number)
        vault.log(as_of, "explain", wave)
    tiers = ws.read("tier_provisional", wave=wave).set_index("pupil_key")
    if key not in tiers.index:
        raise UnknownPupil("cli.tiers.nobody", wave=wave)
    policy = load_policy(ws.settings["policy"])
    for line in explain(tiers, key, policy=policy, lang=default_language()).lines:
        stdout.print(line, markup=False)
