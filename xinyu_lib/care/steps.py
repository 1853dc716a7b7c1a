"""Which row of which table tells that a step was done, and how steps follow a confirmed tier: `steps.toml`."""

from functools import cache
from pathlib import Path
from typing import Self, get_args

from pydantic import Field, model_validator

from xinyu_lib.care.sources import Rows
from xinyu_lib.policy.stages import Cause, Role, Step
from xinyu_lib.registry import Definition, Flag, Text, read


class Act(Rows):
    """Rows that tell that a step was done; where they replace it, that it is not to be done."""

    step: Step
    replaces: Flag = False


class Steps(Definition):
    """All acts, and how steps follow tiers; see the comments in `steps.toml`."""

    reaching: tuple[Step, ...]
    of_tier: tuple[Step, ...]
    again: tuple[Step, ...]
    again_after: Step
    expires_with: Step
    after_start: tuple[Step, ...]
    not_recorded: tuple[Step, ...]
    ended_by: tuple[Text, ...]
    danger_since: dict[Text, Text]
    by_signal: dict[Text, Cause]
    by_reason: dict[Text, Cause]
    measured_again: Cause
    in_view_since: dict[Text, Text]
    reads_cause: tuple[Role, ...]
    acts: tuple[Act, ...] = Field(min_length=1)

    @property
    def recorded(self) -> frozenset[Step]:
        """Steps of which a table can tell that they were done."""
        return frozenset(act.step for act in self.acts)

    @model_validator(mode="after")
    def _every_step_is_recorded_or_said_not_to_be(self) -> Self:
        if wrong := self.recorded.symmetric_difference(set(get_args(Step)) - set(self.not_recorded)):
            raise ValueError(f"{', '.join(sorted(wrong))}: either in acts or in not_recorded")
        return self


@cache
def steps() -> Steps:
    """The declared steps. Raises DefinitionError where they do not fit the declared tables."""
    return read(Path(__file__).with_name("steps.toml"), Steps)
