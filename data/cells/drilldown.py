"""The deals behind a number: the list, how many there are, and the values one can choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells.names import resolve
from data.cells.render import Breakdown, answer, breakdown, render, whole
from data.engine.quoting import quote
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

LIST = {
    "deal_id": "VARCHAR",
    "deal_name": "VARCHAR",
    "owner": "VARCHAR",
    "source": "VARCHAR",
    "account": "VARCHAR",
    "stage": "VARCHAR",
    "status": "VARCHAR",
    "created": "BIGINT",
    "closed": "BIGINT",
    "amount": "BIGINT",
    "currency": "VARCHAR",
    "file": "VARCHAR",
    "row": "BIGINT",
}
STORED = {"created": "created_s", "closed": "closed_s", "amount": "amount_minor"}
OPTIONAL = ("owner", "source", "account")
MOST = 1_000_000  # rows of one page, so that a download is bounded
EVERY_DEAL = Slice()
NOTHING = Breakdown((), (), ())


def deals(
    pipeline: Pipeline,
    question: Slice = EVERY_DEAL,
    offset: int = 0,
    limit: int = 100,
    order: str = "created",
    descending: bool = True,
) -> pl.DataFrame:
    """Return one page of the deals in a slice, at most a million rows.

    Columns: the slice's breakdown columns that are not in the list already, deal_id, deal_name, owner,
    source, account (null when the data have none), stage, status, created, closed (date and time, UTC),
    amount (currency units, null unknown), currency, file, row (where it was read from).
    `order` is one of these or any other column; ties keep the order of import, blanks come last.
    """
    schema = pipeline.engine.schema("deals")
    parts = breakdown(pipeline, question.with_(grain=None), LIST, LIST)
    optional = {name: quote(name) if name in schema else "CAST(NULL AS VARCHAR)" for name in OPTIONAL}
    missing = order in OPTIONAL and order not in schema
    key = "deal_key" if missing else STORED.get(order) or resolve(pipeline, order)
    sql = render(
        "deals",
        pipeline,
        question,
        parts,
        0,
        **optional,
        order=quote(key),
        direction="DESC" if descending and not missing else "ASC",
        limit=min(whole(limit, "limit"), MOST),
        offset=whole(offset, "offset"),
    )
    frame = pipeline.engine.fetch(sql)
    frame.columns = [*parts.names, *LIST]
    return frame.with_columns(
        pl.from_epoch(pl.col("created", "closed"), time_unit="s").cast(pl.Datetime("us")),
        amount=pl.col("amount") / 100,
        row=pl.col("row").cast(pl.Int64),
    )


def count(pipeline: Pipeline, question: Slice = EVERY_DEAL) -> int:
    """Return how many deals a slice holds: the length of `deals` over all its pages."""
    sql = render("count", pipeline, question, NOTHING, 0)
    return int(pipeline.engine.fetch(sql).item())


def values(pipeline: Pipeline, column: str, question: Slice = EVERY_DEAL) -> pl.DataFrame:
    """Return what a column holds and how many deals have it, most frequent first, then by value.

    Columns: value (null is blank), deals.
    """
    name = resolve(pipeline, column)
    kinds = {"value": pipeline.engine.schema("deals")[name], "deals": "BIGINT"}
    sql = render("values", pipeline, question, NOTHING, 0, column=quote(name))
    frame = answer(pipeline, sql, NOTHING, kinds)
    return frame.sort("deals", "value", descending=[True, False], nulls_last=True)
