"""How exact the scores of a wave are: conditional standard errors of measurement from its own usable sheets."""

import pandas as pd

from xinyu_lib import columns
from xinyu_lib.policy import Policy
from xinyu_lib.psychometrics import conditional_errors
from xinyu_lib.scales import load_form
from xinyu_lib.workspace.streams import with_form

COLUMNS = ["scale", "score", "value", "se"]


def errors_of(ws, wave: str, policy: Policy) -> pd.DataFrame:
    """Standard errors as `classify_tiers` takes them, of every scale that a tier rule reads and this wave used.

    From the sheets of the form that most pupils had; a scale with too few complete sheets has no rows.
    """
    used = sorted(set(ws.scales("score")) & policy.ruled_scales)
    found = [conditional_errors(*_sheets(ws, wave, scale_id)).table for scale_id in used if _any(ws, wave, scale_id)]
    return pd.concat(found, ignore_index=True)[COLUMNS] if found else pd.DataFrame(columns=COLUMNS)


def _any(ws, wave: str, scale_id: str) -> bool:
    return len(ws.read(f"response/{scale_id}", wave=wave)) > 0


def _sheets(ws, wave: str, scale_id: str) -> tuple[pd.DataFrame, object]:
    """Usable sheets of the commonest form, and that form."""
    scored = ws.read(f"score/{scale_id}", wave=wave)
    usable = scored.loc[scored[columns.usable(scale_id)].fillna(False).astype(bool), "pupil_key"]
    sheets = with_form(ws.read(f"response/{scale_id}", wave=wave))
    sheets = sheets[sheets["pupil_key"].isin(usable)]
    form = sheets["form"].mode().iloc[0] if len(sheets) else ""
    return sheets[sheets["form"] == form], load_form(scale_id, form)
