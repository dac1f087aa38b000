"""The figures of the first screen: hit rate, won value, average deal, cycle time, sales velocity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from data.cells import ages
from data.slice import Slice
from metrics.definitions import Definition
from metrics.hit_rate import counted, rates
from metrics.stats.survival import quantiles

if TYPE_CHECKING:
    from data.pipeline import Pipeline


@dataclass(frozen=True)
class Overview:
    """What one slice comes to.

    `rate`            the one row of `rates`, by column name.
    `cycle_days`      median whole days from creation to closing of the won deals; null without dates.
    `decision_days`   day by which half of all deals were decided, open deals censored (Kaplan-Meier);
                      null when fewer than half were.
    `opportunities`   open deals past the opportunity stage on the as-of date, whatever the period.
    `velocity`        opportunities x rate x average deal / cycle_days, in currency units per day.
    """

    rate: dict[str, Any]
    cycle_days: int | None
    decision_days: int | None
    opportunities: int
    velocity: float | None


def overview(pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None) -> Overview:
    """Return the figures of the first screen for a slice; breakdowns in it are ignored.

    Sales velocity = opportunities x hit rate x average deal / cycle. Null when any of the four is.
    """
    plain = slice.with_(by=(), grain=None)
    row = rates(pipeline, plain, definition).row(0, named=True)
    lasted = ages(pipeline, plain, pipeline.meta.as_of)
    cycle, decision = cycle_days(lasted), decision_days(lasted)
    still = counted(pipeline, plain.with_(start=None, end=None)).filter(pl.col("status") == "open")
    opportunities = int(still["opportunities"].sum())
    return Overview(
        row, cycle, decision, opportunities, velocity(opportunities, row["rate"], row["average_deal"], cycle)
    )


def velocity(
    opportunities: int, rate: float | None, average_deal: float | None, cycle: int | None
) -> float | None:
    """Return the value won per day, in currency units; null when a factor is unknown or the cycle is 0."""
    if rate is None or average_deal is None or not cycle:
        return None
    return opportunities * rate * average_deal / cycle


def cycle_days(cells: pl.DataFrame) -> int | None:
    """Return the median age of won deals in whole days (the lower middle one of an even number)."""
    won = cells.filter(pl.col("status") == "won").with_columns(ended=pl.lit(1))
    return _day(quantiles(won, cases="deals", shares=(0.5,))["p50"])


def decision_days(cells: pl.DataFrame) -> int | None:
    """Return the day by which half of the deals were decided; open ones are known to have lasted so long."""
    ended = cells.with_columns(ended=(pl.col("status") != "open").cast(pl.Int64))
    return _day(quantiles(ended, cases="deals", shares=(0.5,))["p50"])


def _day(found: pl.Series) -> int | None:
    return None if found.is_empty() or found[0] is None else int(found[0])
