"""How far the amounts of deals lie apart: sums and sums of squares, which add up as counts do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from data.cells.each import scans
from data.cells.render import CELLS, Breakdown, answer, breakdown, render
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

SUMS = {"amount_known": "BIGINT", "amount_minor": "BIGINT", "squares": "DOUBLE"}
WORTH = {"currency": "VARCHAR", **SUMS}


def worth(pipeline: Pipeline, question: Slice) -> pl.DataFrame:
    """Add up the amounts of the deals that carry one, and their squares.

    Columns: the slice's breakdown, [period,] currency (keys); amount_known (deals), amount_minor
    (hundredths), squares (of hundredths). The variance of an amount is squares / n - (amount / n) squared.
    """
    sql, parts = worth_query(pipeline, question)
    return answer(pipeline, sql, parts, WORTH)


def worth_query(pipeline: Pipeline, question: Slice) -> tuple[str, Breakdown]:
    parts = breakdown(pipeline, question, WORTH, {"currency"})
    return render("worth", pipeline, question, parts, 1), parts


def worth_by_each(pipeline: Pipeline, question: Slice, columns: Iterable[str]) -> pl.DataFrame:
    """Return the worth of each column by itself, below one another: column, value, then as `worth`.

    Columns with few values share a scan, as in `flow_by_each`. The slice's own breakdown is not used.
    """
    plain = question.with_(by=(), grain=None)
    asked = dict.fromkeys(columns)
    tables: dict[str, pl.DataFrame] = {}
    keys = ["column", "value", "currency"]
    for group in scans(pipeline, asked):
        cells = worth(pipeline, plain.with_(by=tuple(group)))
        for name in group:
            table = cells.with_columns(column=pl.lit(name), value=pl.col(name).cast(pl.String))
            tables[name] = table.group_by(keys).agg(pl.col(c).sum() for c in SUMS).sort(keys, nulls_last=True)
    schema = {name: CELLS[kind] for name, kind in {"column": "VARCHAR", "value": "VARCHAR", **WORTH}.items()}
    return pl.concat([tables[name] for name in asked] or [pl.DataFrame(schema=schema)])
