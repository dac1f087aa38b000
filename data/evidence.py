"""The rows behind a notice: which deals of a generation a warning is about, as the places they came from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from data.engine.tables import unsaid
from data.meta import Meta
from data.notice import Notice

MOST = 50
LEAST = 5  # rows of each file of a notice about several
DAY_S = 86_400
PLACES = {"file": pl.String, "row": pl.Int64}

_LOST, _WON, _OPEN = (pl.col("status") == status for status in ("lost", "won", "open"))
_UNPLACED = _OPEN & pl.col("stage").is_not_null() & pl.col("stage_no").is_null()
_SHARED = pl.col("deal_id").is_not_null() & pl.col("deal_id").is_duplicated()
_BEHIND: dict[str, pl.Expr] = {
    "closed_before_created": pl.col("closed_s") < pl.col("created_s"),
    "closed_without_date": ~_OPEN & pl.col("closed_s").is_null(),
    "negative_amounts": pl.col("amount_minor") < 0,
    "lost_without_value": _LOST,
    "no_stage_of_loss": _LOST,
    "lost_with_no_stage": _LOST & (pl.col("last_no") == 0),
    "won_at_zero": _WON & (pl.col("probability") == 0),
    "stage_without_place": _UNPLACED,
    "stage_new": _UNPLACED,
    "source_blank": pl.col("source").is_null(),
    "shared_id": _SHARED,
}


def _after(as_of: date) -> dict[str, pl.Expr]:
    end = (as_of - date(1970, 1, 1)).days * DAY_S + DAY_S
    future = pl.col("closed_s") >= end
    return {"closed_in_future": ~_OPEN & future, "won_in_future": _WON & future}


def named(notice: Notice) -> pl.DataFrame:
    """Return the rows a notice itself names: file, row."""
    parts = [(p.file, row) for p in notice.parts for row in p.rows]
    found = parts if notice.parts else [(notice.file, row) for row in notice.rows]
    return pl.DataFrame(found, schema=PLACES, orient="row")


def rows(folder: Path, notice: Notice, as_of: date, most: int = MOST) -> pl.DataFrame:
    """Return the first `most` rows a notice is about: file, row (as a person counts); of one about several
    files at least 5 of each.

    `folder` is that of the generation, `as_of` the day it speaks of. For a notice that is not about
    deals, or about a column this generation does not have: the rows it names itself, if any.
    """
    condition = (_BEHIND | _after(as_of)).get(notice.code)
    deals = pl.scan_parquet(folder / "deals.parquet")
    deals = deals.with_columns(pl.lit(None).alias(name) for name in unsaid(deals.collect_schema().names()))
    if condition is None or not set(condition.meta.root_names()) <= set(deals.collect_schema().names()):
        return named(notice)
    found = deals.filter(condition)
    if notice.parts:  # some of each file, so that none is out of reach
        names, each = [p.file for p in notice.parts], max(LEAST, most // len(notice.parts))
        found = found.filter(pl.col("file").is_in(names)).select(list(PLACES))
        some = found.group_by("file", maintain_order=True).head(each).select(list(PLACES))
        return some.collect().cast(PLACES)  # type: ignore[arg-type]
    if notice.file is not None:
        found = found.filter(pl.col("file") == notice.file)
    return found.select(list(PLACES)).head(most).collect().cast(PLACES)  # type: ignore[arg-type]


def behind(folder: Path, meta: Meta) -> dict[int, pl.DataFrame]:
    """Return the rows behind each notice of a generation, by its place in the list, where it has any."""
    found = {place: rows(folder, notice, meta.as_of) for place, notice in enumerate(meta.notices)}
    return {place: frame for place, frame in found.items() if frame.height}
