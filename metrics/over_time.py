"""Hit rates over time: by month, quarter or year, each with a word on whether it will still move."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from data.cells.names import one_of
from data.meta import STATUSES
from data.slice import Slice
from metrics.definitions import Definition
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.names import keyed, keys, named

if TYPE_CHECKING:
    from data.pipeline import Pipeline

GRAINS = {"month": "1mo", "quarter": "3mo", "year": "1y"}
OPEN_IN = (
    10  # more than one open deal in so many, and the period still moves; whole numbers: 0.1 is not exact
)
ZERO = (
    "deals", *STATUSES, "won_amount", "lost_amount", "won_known", "lost_known", "numerator", "denominator",
)  # fmt: skip


def trend(
    pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None, grain: str = "month"
) -> pl.DataFrame:
    """Return `rates` by month, quarter or year of the slice's basis, one row per period, in order.

    A period without deals is there with zeros and a null rate, so that a line breaks instead of jumping.
    Deals without a date of the basis are left out. Quarters and years are of the calendar. Columns as
    `rates`, with `period` (date, its first day) and `mature`: the period was over on the as-of date and, by
    creation date, nine in ten of its deals are decided; until then the rate still moves.
    Raises HitrateError for an unknown grain.
    """
    step = GRAINS[one_of("grain", grain, GRAINS)]
    meta, chosen = pipeline.meta, find(definition, pipeline.meta.definitions)
    cells = keyed(counted(pipeline, slice.with_(grain="month"), chosen), slice.by).drop_nulls("period")
    cells = cells.with_columns(pl.col("period").dt.truncate(step))
    group = [*keys(slice.by), "period"]
    frame = summarise(cells, group, chosen, meta.definitions, meta.has_contact, has_lost(meta))
    whole = filled(frame, keys(slice.by), step).sort(group, nulls_last=True)
    over = pl.col("period").dt.offset_by(step) <= pl.lit(meta.as_of + timedelta(days=1))
    ripe = pl.col("open") * OPEN_IN <= pl.col("deals") if slice.basis == "created" else pl.lit(True)
    return named(whole.with_columns(mature=over & ripe), slice.by)


def filled(frame: pl.DataFrame, by: list[str], step: str) -> pl.DataFrame:
    """Add the periods of each group in which nothing happened, with zeros and no rate. Pure."""
    if frame.is_empty():
        return frame
    grid = frame.select(pl.date_range(pl.col("period").min(), pl.col("period").max(), step))
    if by:
        grid = frame.select(by).unique(maintain_order=True).join(grid, how="cross")
    full = grid.join(frame, on=[*by, "period"], how="left", nulls_equal=True, maintain_order="left")
    blank = pl.col("deals").is_null()
    return full.with_columns(
        *(pl.when(blank).then(0).otherwise(pl.col(c)).alias(c) for c in ZERO),
        reason=pl.when(blank).then(pl.lit("empty")).otherwise(pl.col("reason")),
        enough=pl.col("enough").fill_null(False),
    )
