"""The ledger between two snapshots: from the opening pipeline to the closing one, to the cent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from data.cells import bars
from data.cells import movements as cells
from data.cells.bars import ANY, MEMO, MOVEMENTS
from data.cells.movements import Between
from data.errors import N_, HitrateError
from data.snapshots.reading import snapshot_day
from metrics import money
from metrics.names import Day, Where, day, named, question

if TYPE_CHECKING:
    from data.pipeline import Pipeline

DUE_ONLY = ("pulled_in", "pushed_out")
DAY = 86_400
EVERY = (*MOVEMENTS, MEMO)
STAYING = ("increased", "decreased")  # add to the value, not to the count
LEAVING = ("won", "lost", "disqualified", "vanished", "pushed_out", "moved_out")
BEFORE = ("opening", *STAYING, *LEAVING)  # count where the deal stood before


def between(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    by: str | None = None,
    where: Where = None,
    due_start: Day = None,
    due_end: Day = None,
    stages: bool = False,
) -> tuple[Between, list[str]]:
    """Return two snapshots to compare, checked, and the breakdown's name as asked."""
    cells.held(pipeline)
    first, last = (snapshot_day(pipeline, d) for d in (needed(start), needed(end)))
    if first > last:
        raise HitrateError(
            N_("The snapshots are in the wrong order"),
            N_("The first is of {start}, the second of {end}."),
            N_("Choose the earlier one first."),
            start=first.isoformat(),
            end=last.isoformat(),
        )
    sliced, names = question(pipeline, by=by, where=where)
    column = sliced.by[0] if sliced.by else None
    return Between(first, last, column, sliced.where, day(due_start), day(due_end), stages), names


def needed(value: Day) -> date:
    found = day(value)
    if found is None:
        raise HitrateError(
            N_("Which snapshot?"), N_("No day was given."), N_("Choose the day of a snapshot.")
        )
    return found


def ledger(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    by: str | None = None,
    due_start: Day = None,
    due_end: Day = None,
    where: Where = None,
) -> pl.DataFrame:
    """Return how the open pipeline of one snapshot became that of another.

    opening + new + reopened + pulled in + moved in + increased - decreased - won - lost - disqualified -
    vanished - pushed out - moved out = closing, exactly, by count and by value, in every currency and for
    every value of `by`.
    Columns out: [by], currency, movement, deals (signed), amount (signed, currency units), changed (deals
    behind it). Each by value and currency has every movement; then the memo `closed_new` (appeared already
    closed), which is not part of the sum. With `due_start`, `due_end` the pipeline is what is expected to
    close in that period, and what leaves or enters it by its date is pushed_out or pulled_in.
    Each deal enters once and leaves once: first by status (vanished, won, lost, disqualified, reopened, new),
    then by the slice (moved), then by date. A won deal leaves at what it was won for, the change before it
    in increased or decreased; all others leave at their opening amount. An unknown amount counts as 0.
    HitrateError for days without a snapshot. Source: the pipeline waterfall of sales operations.
    """
    asked, names = between(pipeline, start, end, by, where, due_start, due_end)
    shown = [m for m in (*MOVEMENTS, MEMO) if _due(asked) or m not in DUE_ONLY]
    keys = ["#0", "currency"] if names else ["currency"]
    every = bars.known(bool(names))
    tests = [bars.test(every[name]).alias(name) for name in EVERY]
    wide = _summed(cells.movements(pipeline, asked, tests), keys)
    if wide.is_empty():  # nothing moved: one group, all zero
        wide = wide.clear(1).with_columns(pl.exclude(keys).fill_null(0))
    signs = [0 if m in STAYING else -1 if m in LEAVING else 1 for m in shown]
    full = (
        wide.lazy()
        .sort(keys, nulls_last=True)
        .select(
            *keys,
            pl.lit(pl.Series([shown])).alias("movement"),
            pl.lit(pl.Series([signs])).alias("deals"),
            *(pl.concat_list(f"{m}|{n}" for m in shown).alias(n) for n in ("amount", "changed")),
        )
    )
    each = full.explode("movement", "deals", "amount", "changed").with_columns(
        pl.col("deals") * pl.col("changed"), money.units(pl.col("amount"))
    )
    return named(each.collect(), names)


def explain_ledger(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    by: str | None = None,
    due_start: Day = None,
    due_end: Day = None,
    where: Where = None,
) -> str:
    """Return the SQL behind `ledger` (and `slippage`), over the canonical table `versions`: part_1 and part_2
    are the breakdown before and after."""
    asked, _ = between(pipeline, start, end, by, where, due_start, due_end)
    return cells.movements_query(pipeline, asked)


def _due(asked: Between) -> bool:
    return asked.due_start is not None or asked.due_end is not None


def _summed(tested: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return one row per breakdown value and currency with how many deals are behind every movement
    (`movement|changed`) and what they add to the value (`movement|amount`, hundredths); groups where nothing
    moved are left out."""
    sides = []
    for side in (1, 2):
        own = {"#0": f"part_{side}", "currency": f"currency_{side}"}
        sums = [
            value.filter(pl.col(name)).sum().alias(f"{name}|{what}")
            for name in EVERY
            if (name in BEFORE) == (side == 1)
            for what, value in zip(("changed", "amount"), _sums(name), strict=True)
        ]
        sides.append(tested.lazy().group_by([pl.col(own[key]).alias(key) for key in keys]).agg(sums))
    both = pl.concat(sides, how="diagonal").group_by(keys).sum()
    return both.filter(pl.any_horizontal(pl.col(f"{name}|changed") > 0 for name in EVERY)).collect()


def _sums(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return how many deals are behind one movement, and what they add to the value."""
    deals, amount = pl.col("deals"), pl.col("amount_1" if name in BEFORE else "amount_2")
    if name in STAYING:
        return deals, pl.col("changed")
    if name == "won":  # at what it was won for, where that is in the same money
        same = pl.col("currency_1").eq_missing(pl.col("currency_2"))
        return deals, -amount - pl.when(same).then("changed").otherwise(0)
    return deals, -amount if name in LEAVING else amount


def movement_deals(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    movement: str,
    by: str | None = None,
    value: object = None,
    currency: str | None = ANY,
    due_start: Day = None,
    due_end: Day = None,
    where: Where = None,
    limit: int = 100,
    offset: int = 0,
) -> pl.DataFrame:
    """Return the deals behind one bar of the ledger, or of slippage, largest amount first.

    `value` is the bar's value of `by`; `currency` its currency (None: not stated; left out: any).
    Columns out: deal_id, deal_name, owner (after, else before), then owner, stage, status, amount (units),
    currency, due (date) before and after; null where the deal was not there.
    """
    asked, kept = _chosen(pipeline, start, end, movement, by, value, currency, due_start, due_end, where)
    return readable(cells.moved(pipeline, asked, kept, offset=offset, limit=limit))


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return single deals before and after with amounts in currency units and dates as such."""
    sides = ((1, "before"), (2, "after"))
    seen = [
        (money.units(pl.col(f"{name}_{k}")) if name == "amount" else pl.col(f"{name}_{k}")).alias(
            f"{name}_{side}"
        )
        for name in ("owner", "stage", "status", "amount", "currency")
        for k, side in sides
    ]
    dates = [
        pl.from_epoch(pl.col(f"expected_{k}") // DAY * DAY, time_unit="s").dt.date().alias(f"due_{side}")
        for k, side in sides
    ]
    return frame.select("deal_id", "deal_name", "owner", *seen, *dates)


def movement_count(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    movement: str,
    by: str | None = None,
    value: object = None,
    currency: str | None = ANY,
    due_start: Day = None,
    due_end: Day = None,
    where: Where = None,
) -> int:
    """Return how many deals are behind one bar: the length of `movement_deals` over all its pages."""
    asked, kept = _chosen(pipeline, start, end, movement, by, value, currency, due_start, due_end, where)
    return cells.moved_count(pipeline, asked, kept)


def _chosen(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    movement: str,
    by: str | None,
    value: object,
    currency: str | None,
    due_start: Day,
    due_end: Day,
    where: Where,
) -> tuple[Between, str]:
    """Return the snapshots and the condition of one bar."""
    asked, _ = between(pipeline, start, end, by, where, due_start, due_end)
    return asked, bars.condition(pipeline, asked.by, movement, value, currency)
