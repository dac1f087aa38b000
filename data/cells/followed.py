"""Deals followed through all snapshots: the open pipeline of each, pushes, and what was rewritten."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from data.cells.filters import epoch
from data.cells.movements import Where, chosen, held, known
from data.cells.render import CELLS, template
from data.engine.quoting import quote

if TYPE_CHECKING:
    from data.pipeline import Pipeline


def stock(pipeline: Pipeline, by: str | None, where: Where) -> pl.DataFrame:
    """Return what comes into the open pipeline less what goes out of it, per snapshot on which it does.

    Columns: [part_1,] currency, at_s (epoch seconds of the day), deals, amount_minor (hundredths).
    """
    held(pipeline)
    column = None if by is None else known(pipeline, by)
    schema = pipeline.engine.schema("versions")
    sql = template("stock").format(
        by=f"{quote(column)} AS part_1,\n    " if column else "",
        names="part_1 AS part_1,\n  " if column else "",
        keys="1, 2, 3" if column else "1, 2",
        where=chosen(pipeline, where),
    )
    frame = pipeline.engine.fetch(sql)
    kinds = ({"part_1": schema[column]} if column else {}) | {
        "currency": "VARCHAR", "at_s": "BIGINT", "deals": "BIGINT", "amount_minor": "BIGINT",
    }  # fmt: skip
    frame.columns = list(kinds)
    return frame.cast({n: CELLS[k] for n, k in kinds.items()}).sort(frame.columns[:-2], nulls_last=True)


def pushes(pipeline: Pipeline, where: Where, until: date | None = None) -> pl.DataFrame:
    """Count deals by how often their expected closing was put off while open, up to a day.

    Columns: pushes, status (in the newest snapshot that holds it), present (1: the newest of all does),
    delay (days from the closing first expected to the closing; null unknown), deals.
    """
    held(pipeline)
    known_s = epoch(until or pipeline.meta.snapshots[-1])
    frame = pipeline.engine.fetch(template("pushes").format(where=chosen(pipeline, where), known_s=known_s))
    kinds = {
        "pushes": "BIGINT",
        "status": "VARCHAR",
        "present": "BIGINT",
        "delay": "BIGINT",
        "deals": "BIGINT",
    }
    frame.columns = list(kinds)
    return frame.cast({n: CELLS[k] for n, k in kinds.items()}).sort(frame.columns[:-1], nulls_last=True)


REWRITTEN = {
    "deal_id": "VARCHAR", "deal_name": "VARCHAR", "owner": "VARCHAR", "owner_0": "VARCHAR", "had": "BIGINT",
    "seen_s": "BIGINT", "before_s": "BIGINT", "last_s": "BIGINT", "in_view": "BIGINT", "gone_s": "BIGINT",
    "status": "VARCHAR", "status_0": "VARCHAR", "stage": "VARCHAR", "stage_0": "VARCHAR",
    "stage_no": "BIGINT", "stage_no_0": "BIGINT", "created_s": "BIGINT", "created_0": "BIGINT",
    "closed_s": "BIGINT", "closed_0": "BIGINT", "amount_minor": "BIGINT", "amount_0": "BIGINT",
    "currency": "VARCHAR", "currency_0": "VARCHAR",
}  # fmt: skip


def rewritten(pipeline: Pipeline, where: Where) -> pl.DataFrame:
    """Return the versions that changed what should not change any more, beside how the deal stood before.

    One row per such version; columns as in rewritten.sql, times in epoch seconds, amounts in hundredths.
    """
    held(pipeline)
    owner = quote("owner") if "owner" in pipeline.engine.schema("versions") else "CAST(NULL AS VARCHAR)"
    sql = template("rewritten").format(owner=owner, where=chosen(pipeline, where))
    frame = pipeline.engine.fetch(sql)
    frame.columns = list(REWRITTEN)
    return frame.cast({n: CELLS[k] for n, k in REWRITTEN.items()}).sort("seen_s", "deal_id", nulls_last=True)
