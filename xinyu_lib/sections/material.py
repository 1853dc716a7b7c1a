"""What every section may draw on: one school's (or the whole district's) rows of one wave, read once."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from xinyu_lib.errors import UnknownName, WorkspaceError
from xinyu_lib.policy import Policy
from xinyu_lib.scales import Scale, load_scale
from xinyu_lib.waves import Wave
from xinyu_lib.workspace import Workspace


@dataclass(frozen=True)
class Material:
    """Rows of one wave; `school` None means the whole district."""

    ws: Workspace
    school: str | None
    wave: str
    policy: Policy

    def __post_init__(self):
        Wave.parse(self.wave)
        if self.school is not None and self.school not in set(self.schools["school"]):
            raise UnknownName.of("school", self.school, self.schools["school"])
        if self.roster.empty:
            raise WorkspaceError("workspace.no_roster", wave=self.wave)

    @cached_property
    def schools(self) -> pd.DataFrame:
        return self.ws.read("school")

    @cached_property
    def title(self) -> str:
        """Name of the school, or the workspace's title for the district."""
        if self.school is None:
            return self.ws.settings["title"]
        return self.schools.set_index("school").at[self.school, "name"]

    @cached_property
    def roster(self) -> pd.DataFrame:
        return self._rows("pupil")

    @cached_property
    def scales(self) -> list[Scale]:
        """Scales with scored sheets here, in order of their ids."""
        return [load_scale(i) for i in sorted(self.ws.scales("score")) if len(self._rows(f"score/{i}"))]

    def scores(self, scale: Scale) -> pd.DataFrame:
        """Scores of valid sheets whose use was agreed to, one row per pupil; a gap leaves its own scores missing."""
        return self._valid(f"score/{scale.id}")

    def answers(self, scale: Scale) -> pd.DataFrame:
        """Answers of the same sheets, for the scale's reliability in these pupils."""
        return self._valid(f"response/{scale.id}")

    def _valid(self, name: str) -> pd.DataFrame:
        frame = self._rows(name)
        return frame[frame["pupil_key"].isin(self.outcomes.index[self.outcomes == "scored"])]

    def all_scores(self, scale: Scale) -> pd.DataFrame:
        """Scores of every sheet, unusable ones too: safety items are read from these."""
        return self._rows(f"score/{scale.id}")

    @cached_property
    def outcomes(self) -> pd.Series:
        """Waterfall outcome per pupil."""
        from xinyu_lib.workspace.outcomes import outcomes_of

        return outcomes_of(self.ws, self.wave, self.policy).loc[self.roster["pupil_key"]]

    @cached_property
    def consent_reported(self) -> bool:
        return len(self.ws.read("consent", wave=self.wave)) > 0

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """Provisional tiers; raises WorkspaceError when the wave was not classified."""
        frame = self._rows("tier_provisional")
        if frame.empty:
            raise WorkspaceError("sections.no_tiers", wave=self.wave)
        return frame

    def _rows(self, name: str) -> pd.DataFrame:
        return self.ws.read(name, wave=self.wave, school=self.school)
