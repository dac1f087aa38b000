"""The frozen question that pages hand to metrics and metrics hand to data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Basis = Literal["created", "closed"]
Grain = Literal["month"]


@dataclass(frozen=True)
class Slice:
    """Which deals a question is about, and how the answer is broken down.

    `by`        columns of the deals table, in order; one row per combination of their values.
    `basis`     the date that `start` and `end` cut on: creation (cohort) or closing (period).
    `start`     first day included; None is "from the beginning".
    `end`       last day included; None is "to the end".
    `where`     (column, allowed values) pairs, all of which must hold; None among the values is "blank".
    `grain`     "month" adds a `period` column holding the first day of the month of `basis`.
    `pipeline`  the pipeline a funnel is of; None means all pipelines whose stages are the same.
    `status`    outcomes to keep (drill-down); empty keeps all.
    `stage`     stage number a drill-down is about; None is any. `exit` then says which way it left:
                "entered", "advanced", "lost", "disqualified", "moved_back", "still_there"; or, with no
                stage, "no_stage": deals that entered no stage that is known.
    `skipped`, `back`  the readings under which `stage` and `exit` are meant, as in the funnel.
    `reached`   keep deals that got as far as this stage, or were won (a denominator of a hit rate).
    `stale`     (stage number, days) pairs: keep open deals that, by the as-of date, have stood in that
                stage for more than so many days; stage 0 counts from creation. () keeps none. By closing
                date such a deal is of the day on which it went over.
    `known`     columns that must be filled: ("first_contact_s",) keeps deals that were contacted.
    Deals without a date of the chosen basis are outside any `start` or `end`.
    """

    by: tuple[str, ...] = ()
    basis: Basis = "created"
    start: date | None = None
    end: date | None = None
    where: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    grain: Grain | None = None
    pipeline: str | None = None
    status: tuple[str, ...] = ()
    stage: int | None = None
    exit: str | None = None
    skipped: Literal["passed", "not"] = "passed"
    back: Literal["stands", "cancels"] = "stands"
    reached: int | None = None
    known: tuple[str, ...] = ()
    stale: tuple[tuple[int, int], ...] | None = None

    def with_(self, **changes: object) -> Slice:
        """Return the same question with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
