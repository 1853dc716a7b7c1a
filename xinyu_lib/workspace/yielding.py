"""What the second stage of a wave shows, from the tables of a workspace."""

from xinyu_lib.care.confirming import valid
from xinyu_lib.care.yields import Yields, yields
from xinyu_lib.errors import WorkspaceError
from xinyu_lib.policy import load_policy


def yields_of(ws, wave: str, as_of: str) -> Yields:
    """Confirmed shares, sensitivity and load of a wave as known at `as_of`, by the workspace's policy; see `yields`.

    Confirmations that lack a signature or do not rest on enough reviews do not count. Raises WorkspaceError when the
    wave has no provisional tiers.
    """
    policy, provisional = load_policy(ws.settings["policy"]), ws.read("tier_provisional", wave=wave)
    if provisional.empty:
        raise WorkspaceError("workspace.no_tiers", wave=wave)
    confirmed = valid(ws.read("tier_confirmed"), ws.read("tier_provisional"), policy)
    return yields(
        provisional, confirmed, ws.read("interview"), ws.read("check_list"), policy, wave=wave, as_of=as_of
    )  # fmt: skip
