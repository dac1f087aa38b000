"""One deal's way through the stages: the smallest drill-down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells.render import template
from data.engine.quoting import literal

if TYPE_CHECKING:
    from data.pipeline import Pipeline

DAY = 86_400
SCHEMA: dict[str, pl.DataType] = {"stage": pl.String(), "entered": pl.Datetime("us"), "days": pl.Int64()}


def history(pipeline: Pipeline, deal_id: str | None) -> pl.DataFrame:
    """Return the stages a deal entered, in order.

    Columns: stage (as exported), entered (date and time, UTC; null unknown), days (whole days until it
    left; null in the last stage, or unknown). No rows where the data hold no stage entries of this deal.
    """
    if deal_id is None or not pipeline.engine.schema("stage_entries"):
        return pl.DataFrame(schema=SCHEMA)
    frame = pipeline.engine.fetch(template("history").format(deal=literal(deal_id)))
    days = (pl.col("gone") - pl.col("entered")) // DAY
    return frame.sort("seq").select(
        "stage", pl.from_epoch("entered", time_unit="s").cast(pl.Datetime("us")), days=days.cast(pl.Int64)
    )
