"""Targets a user set: rates to reach, kept with the workspace and not with one import of it."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from data.errors import N_, HitrateError


class RateTarget(BaseModel):
    """A rate to reach (0..1), or a band from `low` to `high` to stay in.

    `column` and `value` say whose (no column: everybody's; no value in a column: its blank). With a `stage`
    it is the share that goes on from that stage of `pipeline` (null where all share their stages);
    without, the hit rate under `definition`: a target under one definition says nothing under another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float | None = None
    column: str | None = None
    value: str | None = None
    stage: int | None = None
    pipeline: str | None = None
    definition: str | None = None

    @property
    def whose(self) -> tuple[object, ...]:
        """Return what there can be one target of."""
        return (self.definition, self.pipeline, self.stage, self.column, self.value)


def checked(targets: Iterable[RateTarget]) -> list[RateTarget]:
    """Return the targets, the last of each kind; HitrateError for what is no rate or no band."""
    found = {target.whose: target for target in targets}
    for target in found.values():
        top = target.low if target.high is None else target.high
        if not 0 <= target.low <= top <= 1:
            raise not_a_target()
    return list(found.values())


def not_a_target() -> HitrateError:
    """Return the error for what is no rate or no band."""
    return HitrateError(
        N_("Not a target"),
        N_("A target is a rate from 0 to 100 %, a band runs from its lower end up."),
        N_("Write a target of a quarter as 25."),
    )
