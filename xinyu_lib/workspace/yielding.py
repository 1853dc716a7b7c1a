"""What the second stage of a wave shows, from the tables of a workspace."""

from xinyu_lib.care.yields import Yields, yields
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import load_policy


def yields_of(ws, wave: str, as_of: str) -> Yields:
    """Confirmed shares, sensitivity and load of a wave as known at `as_of`, by the workspace's policy; see `yields`.

    What a talk found counts whether it is signed by one person or two: a lowering waits longer for its second signature
    than a confirmation, and a share of the signed alone would be too high. Raises WorkspaceError when the wave has no
    provisional tiers.
    """
    policy, provisional = load_policy(ws.settings["policy"]), ws.read("tier_provisional", wave=wave)
    if provisional.empty:
        raise WorkspaceError("workspace.no_tiers", wave=wave)
    rows = (ws.read(name) for name in ("tier_confirmed", "interview", "check_list"))
    return yields(provisional, *rows, policy, wave=wave, as_of=as_of)
