"""What the past says today and did not say before: the audit of rewritten deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from data.cells import followed
from data.cells.names import one_of
from metrics import money
from metrics.names import Day, Where, day, question

if TYPE_CHECKING:
    from data.pipeline import Pipeline

REWRITES = (
    "reopened", "outcome_changed", "created_moved", "created_back", "closed_moved", "closed_back",
    "amount_after_close", "owner_after_close", "stage_back", "deleted",
)  # fmt: skip
DAY = 86_400
CLOSED = pl.col("status") != "open"
WAS_CLOSED = pl.col("status_0") != "open"
TEXT = pl.String


def _day(name: str) -> pl.Expr:
    return pl.from_epoch(pl.col(name) // DAY * DAY, time_unit="s").dt.date()


def _days_differ(a: str, b: str) -> pl.Expr:
    return (pl.col(a) // DAY != pl.col(b) // DAY).fill_null(False)


def _units(name: str) -> pl.Expr:
    whole, rest = pl.col(name).abs() // money.MINOR, pl.col(name).abs() % money.MINOR
    sign = pl.when(pl.col(name) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(TEXT), pl.lit("."), rest.cast(TEXT).str.zfill(2))


def _rules() -> dict[str, tuple[pl.Expr, str, pl.Expr, pl.Expr, pl.Expr]]:
    """Return per kind: when it is so, the field it is about, its text before and after, the snapshot."""
    blank = pl.lit(None, dtype=TEXT)
    seen = pl.col("seen_s")
    both = CLOSED & WAS_CLOSED
    money_changed = pl.col("amount_minor").ne_missing(pl.col("amount_0")) | pl.col("currency").ne_missing(
        pl.col("currency_0")
    )
    status = (pl.col("status_0"), pl.col("status"))
    created = (_day("created_0").cast(TEXT), _day("created_s").cast(TEXT))
    closed = (_day("closed_0").cast(TEXT), _day("closed_s").cast(TEXT))
    return {
        "reopened": (WAS_CLOSED & ~CLOSED, "status", *status, seen),
        "outcome_changed": (both & (pl.col("status") != pl.col("status_0")), "status", *status, seen),
        "created_moved": (_days_differ("created_s", "created_0"), "created_at", *created, seen),
        "created_back": (
            (pl.col("had") == 0) & (pl.col("in_view") == 0) & (pl.col("created_s") < pl.col("before_s")),
            "created_at", blank, created[1], seen,
        ),
        "closed_moved": (both & _days_differ("closed_s", "closed_0"), "closed_at", *closed, seen),
        "closed_back": (
            ~WAS_CLOSED & CLOSED & (pl.col("closed_s") < pl.col("before_s")), "closed_at", blank, closed[1],
            seen,
        ),
        "amount_after_close": (
            both & money_changed, "amount", _units("amount_0"), _units("amount_minor"), seen,
        ),
        "owner_after_close": (
            both & (pl.col("owner") != pl.col("owner_0")), "owner", pl.col("owner_0"), pl.col("owner"), seen,
        ),
        "stage_back": (
            ~CLOSED & ~WAS_CLOSED & (pl.col("stage_no") < pl.col("stage_no_0")), "stage", pl.col("stage_0"),
            pl.col("stage"), seen,
        ),
        "deleted": (pl.col("gone_s").is_not_null(), "deal_id", pl.col("status"), blank, pl.col("gone_s")),
    }  # fmt: skip


def rewrites(
    pipeline: Pipeline, start: Day = None, end: Day = None, where: Where = None, kind: str | None = None
) -> pl.DataFrame:
    """Return what was changed in the past of deals, as comparing snapshots shows it; newest first.

    reopened: decided before, open after. outcome_changed: won before and lost after, or the like.
    created_moved, closed_moved: another day than before (of closing: decided both times). created_back:
    first seen with a creation day before an export that did not have it. closed_back: closed on a day
    before an export that still showed it open. amount_after_close, owner_after_close: decided before and
    after. stage_back: to an earlier stage, open both times. deleted: not in the next export (one that
    covers it).
    Columns out: deal_id, deal_name, owner (after), kind, field (canonical name of what changed), before,
    after (text), seen_before (day of the snapshot that last showed it as before), seen (day of the one
    that shows the change), amount (currency units), currency. `start` and `end` cut on `seen`, both
    included; `where` is about the deal after the change.
    """
    sliced, _ = question(pipeline, where=where)
    if kind is not None:
        one_of("kind of rewriting", kind, REWRITES)
    frame = followed.rewritten(pipeline, sliced.where)
    parts = []
    for name, (when, field, before, after, seen) in _rules().items():
        if kind in (None, name):
            last = pl.col("last_s") if name == "deleted" else pl.col("before_s")
            parts.append(
                frame.filter(when.fill_null(False)).select(
                    "deal_id", "deal_name", "owner", pl.lit(name).alias("kind"), pl.lit(field).alias("field"),
                    before.alias("before"), after.alias("after"),
                    (pl.from_epoch(last, time_unit="s").dt.date()).alias("seen_before"),
                    (pl.from_epoch(seen, time_unit="s").dt.date()).alias("seen"),
                    (money.units(pl.col("amount_minor"))).alias("amount"), "currency",
                )
            )  # fmt: skip
    table = pl.concat(parts)
    first, last_ = day(start), day(end)
    if first is not None:
        table = table.filter(pl.col("seen") >= first)
    if last_ is not None:
        table = table.filter(pl.col("seen") <= last_)
    place = pl.col("kind").replace_strict(REWRITES, range(len(REWRITES)))
    return table.sort("seen", place, "deal_id", descending=[True, False, False], nulls_last=True)


def rewrite_counts(
    pipeline: Pipeline, start: Day = None, end: Day = None, where: Where = None
) -> pl.DataFrame:
    """Return how many deals were rewritten, per kind and currency.

    Columns out: kind, currency, deals (different ones), changes, amount (currency units, of each deal once,
    after its newest change). In the order of REWRITES; a kind that does not occur has one row of zeros.
    """
    found = rewrites(pipeline, start, end, where).with_columns(
        pl.coalesce("deal_id", "deal_name").alias("deal")
    )
    newest = found.unique(["kind", "currency", "deal"], keep="first", maintain_order=True)
    counted = found.group_by("kind", "currency").agg(
        pl.col("deal").n_unique().alias("deals"), pl.len().cast(pl.Int64).alias("changes")
    )
    worth = newest.group_by("kind", "currency").agg(pl.col("amount").sum())
    order = pl.DataFrame({"kind": REWRITES, "place": range(len(REWRITES))})
    return (
        order.join(counted.join(worth, on=["kind", "currency"], nulls_equal=True), on="kind", how="left")
        .sort("place", "currency", nulls_last=True)
        .select(
            "kind", "currency", pl.col("deals").fill_null(0).cast(pl.Int64), pl.col("changes").fill_null(0),
            pl.col("amount").fill_null(0.0),
        )
    )  # fmt: skip
