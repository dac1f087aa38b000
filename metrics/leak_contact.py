"""Leaks of deals that nobody contacted: there the follow-up is the first thing to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells import outcomes
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

MOSTLY = 0.5  # share of the lost deals without contact from which a leak is one of follow-up
LEAST = 5  # lost deals below which such a share says nothing
MOST = 6  # leaks looked at, the costliest: a scan each


def uncontacted(pipeline: Pipeline, slice: Slice, leaks: pl.DataFrame) -> pl.DataFrame:
    """Return the costliest leaks whose lost deals were mostly never contacted, in the order given.

    Columns in: those of `leaks`, of a slice; the first 6 with state "leak" are looked at. Further columns
    out: lost (deals of the group lost at the stage, or at all where stages are not known), no_contact (those
    with no first contact on record), share = no_contact / lost, of which half or more is kept, from 5 lost
    deals on. Empty where the data do not say who was contacted.
    """
    found = leaks.filter(pl.col("state") == "leak", pl.col("field_2").is_null()).head(MOST)
    if not pipeline.meta.has_contact:
        found = found.clear()
    counts = [_counts(pipeline, slice, row) for row in found.to_dicts()]
    whole = found.with_columns(
        pl.Series("lost", [lost for lost, _ in counts], dtype=pl.Int64),
        pl.Series("no_contact", [none for _, none in counts], dtype=pl.Int64),
    )
    whole = whole.with_columns(share=pl.col("no_contact") / pl.col("lost"))
    return whole.filter(pl.col("lost") >= LEAST, pl.col("share") >= MOSTLY)


def _counts(pipeline: Pipeline, slice: Slice, row: dict[str, object]) -> tuple[int, int]:
    """Return how many deals of a leak were lost, and how many of those nobody contacted."""
    stage = row["stage_no"]
    asked = slice.with_(
        by=(), grain=None, status=("lost",), stage=stage, exit="lost" if stage else None,
        pipeline=row["pipeline"] or slice.pipeline,
        where=(*slice.where, (str(row["field"]), (str(row["value"]),))),
    )  # fmt: skip
    cells = outcomes(pipeline, asked, opportunity_stage=None)
    lost = int(cells["deals"].sum())
    return lost, lost - int(cells["contacted"].sum())
