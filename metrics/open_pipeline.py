"""The open pipeline of one day: what a single export already tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from data.cells import outcomes
from metrics import money
from metrics.names import Where, named, question

if TYPE_CHECKING:
    from data.pipeline import Pipeline


def open_pipeline(
    pipeline: Pipeline, by: Literal["stage", "due"] | str | None = None, where: Where = None
) -> pl.DataFrame:
    """Return the open deals of a pipeline as it stands; one export is enough.

    Columns out: day (the as-of day), [by], currency, deals, amount (currency units; unknown counts as 0), as
    of `coverage`, which has them for every snapshot. `by` "due" is the month expected to close (first of
    month, null none); any column else. No rows where no deal is open.
    """
    sliced, names = question(pipeline, by="expected_close_month" if by == "due" else by, where=where)
    found = outcomes(pipeline, sliced.with_(status=("open",)))
    keys = [*sliced.by, "currency"]
    table = found.group_by(keys).agg(pl.col("deals", "amount_minor").sum()).sort(keys, nulls_last=True)
    day = pl.lit(pipeline.meta.as_of).alias("day")
    amount = money.units(pl.col("amount_minor")).alias("amount")
    own = {column: f"#{place}" for place, column in enumerate(sliced.by)}
    shown = table.select(day, *keys, "deals", amount).rename(own)
    return named(shown, ["due"] if by == "due" else names)
