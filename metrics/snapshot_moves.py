"""From stage to stage, in and out of a period, and the open pipeline of each snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from data.cells import bars, followed
from data.cells import movements as cells
from data.errors import N_, HitrateError
from data.snapshots.reading import days
from metrics import money
from metrics.names import Day, Where, day, named, question
from metrics.snapshot_ledger import between
from metrics.stats import intervals

if TYPE_CHECKING:
    from data.pipeline import Pipeline

ENDS = ("won", "lost", "disqualified", "pushed", "pulled", "still_due", "undated", "vanished")
STATES = ("won", "lost", "disqualified", "open", "vanished")
MANY = 3  # pushes from which they are counted together
CLOSED = ("won", "lost", "disqualified")


def moves(
    pipeline: Pipeline, start: Day, end: Day, by: str | None = None, where: Where = None
) -> pl.DataFrame:
    """Return from which stage to which the deals went between two snapshots.

    Columns out: [by], currency, from_kind, from_stage, from_no, to_kind, to_stage, to_no, deals, amount
    (currency units; after, or before where the deal vanished). A kind is open, won, lost, disqualified, new
    (only from) or vanished (only to); stage and its number are null unless the kind is open. Deals count
    that are in `where` after, or before where they vanished; so does the value of `by`. Deals that were
    closed and stayed as they were are left out; those that stayed in their stage have the same from and to.
    """
    asked, names = between(pipeline, start, end, by, where, stages=True)
    pairs = cells.movements(pipeline, asked)
    side = pl.when(pl.col("has") == 1)
    kept = pairs.filter(side.then(pl.col("inside_2")).otherwise(pl.col("inside_1")) == 1).filter(
        ~(
            pl.col("status_1").is_in(CLOSED).fill_null(False)
            & pl.col("status_1").eq_missing(pl.col("status_2"))
        )
    )
    none = pl.lit(None)
    opened = {k: pl.col(f"status_{k}").eq_missing(pl.lit("open")) for k in (1, 2)}
    flow = {
        "from_kind": pl.when(pl.col("had") == 1).then("status_1").otherwise(pl.lit("new")),
        "from_stage": pl.when(opened[1]).then("stage_1").otherwise(none),
        "from_no": pl.when(opened[1]).then("stage_no_1").otherwise(none),
        "to_kind": side.then("status_2").otherwise(pl.lit("vanished")),
        "to_stage": pl.when(opened[2]).then("stage_2").otherwise(none),
        "to_no": pl.when(opened[2]).then("stage_no_2").otherwise(none),
    }
    own = {"#0": side.then("part_2").otherwise("part_1")} if names else {}
    currency = side.then("currency_2").otherwise("currency_1")
    amount = side.then("amount_2").otherwise("amount_1")
    keys = [*own, "currency", *flow]
    frame = (
        kept.select(
            *(e.alias(n) for n, e in own.items()), currency.alias("currency"),
            *(e.alias(n) for n, e in flow.items()), "deals", amount.alias("amount"),
        )
        .group_by(keys).agg(pl.col("deals", "amount").sum())
        .with_columns(money.units(pl.col("amount")))
    )  # fmt: skip
    order = [*own, "currency", "from_no", "from_kind", "to_no", "to_kind", "from_stage", "to_stage"]
    return named(frame.sort(order, nulls_last=True), names)


def slippage(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    due_start: Day,
    due_end: Day,
    by: str | None = None,
    where: Where = None,
) -> pl.DataFrame:
    """Return what became of the deals that were due in a period when it began.

    Slippage rate = pushed / due. due: open in the first snapshot and expected to close in the period. By
    the second snapshot each was won, lost, disqualified, pushed (open, expected after the period), pulled
    (expected before it), still_due, undated (open, no date any more) or vanished; these add up to due.
    Columns out: [by] (its value at the beginning), due, these eight, rate (0..1, null where nothing was
    due), low, high (95 % Wilson), enough (True where the rate may be read).
    """
    frame, names = _fates(pipeline, start, end, due_start, due_end, by, where)
    keys = ["#0"] if names else []
    counts = [pl.col("deals").filter(pl.col("what") == w).sum().alias(w) for w in ("due", *ENDS)]
    table = frame.group_by(keys).agg(counts) if keys else frame.select(counts)
    table = _rated(table, "pushed", "due")
    order = (
        table.sort("due", *keys, descending=[True, *[False] * len(keys)], nulls_last=True) if keys else table
    )
    return named(order, names)


def slippage_amounts(
    pipeline: Pipeline,
    start: Day,
    end: Day,
    due_start: Day,
    due_end: Day,
    by: str | None = None,
    where: Where = None,
) -> pl.DataFrame:
    """Return what the deals of `slippage` were worth when the period began.

    Columns out: [by], currency, what (due and what became of it, as the columns of `slippage`), amount
    (currency units, as in the first snapshot; unknown counts as 0).
    """
    frame, names = _fates(pipeline, start, end, due_start, due_end, by, where)
    keys = [*(["#0"] if names else []), "currency", "what"]
    table = frame.group_by(keys).agg(money.units(pl.col("amount").sum()))
    place = pl.col("what").replace_strict(["due", *ENDS], list(range(len(ENDS) + 1)))
    return named(table.sort(*keys[:-1], place, nulls_last=True), names)


def _fates(
    pipeline: Pipeline, start: Day, end: Day, due_start: Day, due_end: Day, by: str | None, where: Where
) -> tuple[pl.DataFrame, list[str]]:
    if due_start is None and due_end is None:
        raise HitrateError(
            N_("Which period?"),
            N_("Slippage is about deals that were due in a period, and none was given."),
            N_("Choose the first and the last day of the period."),
        )
    asked, names = between(pipeline, start, end, by, where, due_start, due_end)
    pairs = cells.movements(pipeline, asked)
    own = [pl.col("part_1").alias("#0")] if names else []
    known = bars.known(asked.by is not None) | {"due": bars.known(False)["opening"]}
    parts = [
        pairs.filter(bars.test(known[what])).select(
            *own, pl.col("currency_1").alias("currency"), pl.lit(what).alias("what"), "deals",
            pl.col("amount_1").alias("amount"),
        )
        for what in ("due", *ENDS)
    ]  # fmt: skip
    return pl.concat(parts), names


def by_pushes(pipeline: Pipeline, where: Where = None, until: Day = None) -> pl.DataFrame:
    """Return how deals ended by how often their expected closing was put off, as known on the day `until`
    (the newest snapshot when not given).

    A push: a snapshot shows a later day of expected closing than the one before, the deal open in both.
    Deals count that were open in at least one snapshot; `where` is about their newest state.
    Columns out: pushes ("0", "1", "2", "3+"), deals, won, lost, disqualified, open, vanished, rate (won /
    (won + lost), 0..1), low, high (95 % Wilson), enough, median_delay_days (of decided deals: days from the
    closing day first expected to the actual one; negative is earlier; null where no deal has both).
    """
    sliced, _ = question(pipeline, where=where)
    found = followed.pushes(pipeline, sliced.where, day(until)).with_columns(
        pl.when((pl.col("present") == 0) & (pl.col("status") == "open"))
        .then(pl.lit("vanished")).otherwise("status").alias("status"),
        pl.min_horizontal("pushes", MANY).alias("pushes"),
    )  # fmt: skip
    rows = pl.DataFrame({"pushes": range(MANY + 1)}, schema={"pushes": pl.Int64})
    counts = found.group_by("pushes").agg(
        pl.col("deals").sum(),
        *(pl.col("deals").filter(pl.col("status") == s).sum().alias(s) for s in STATES),
    )
    table = rows.join(counts, on="pushes", how="left").join(_delays(found), on="pushes", how="left")
    table = table.sort("pushes")
    table = table.with_columns(
        pl.exclude("pushes", "median_delay_days").fill_null(0),
        pl.when(pl.col("pushes") >= MANY).then(pl.lit(f"{MANY}+")).otherwise(pl.col("pushes").cast(pl.String))
        .alias("pushes"),
        (pl.col("won").fill_null(0) + pl.col("lost").fill_null(0)).alias("decided"),
    )  # fmt: skip
    table = _rated(table, "won", "decided")
    shown = ("pushes", "deals", *STATES, "rate", "low", "high", "enough")
    return table.select(*shown, pl.col("median_delay_days").cast(pl.Float64))


def _rated(table: pl.DataFrame, numerator: str, denominator: str) -> pl.DataFrame:
    """Add rate, low, high and enough."""
    low, high = intervals.wilson(numerator, denominator)
    return table.with_columns(
        intervals.rate(numerator, denominator).alias("rate"), low.alias("low"), high.alias("high")
    ).with_columns(intervals.enough(pl.col(denominator), pl.col("low"), pl.col("high")).alias("enough"))


def _delays(found: pl.DataFrame) -> pl.DataFrame:
    """Return the median delay of the decided deals per number of pushes."""
    decided = found.filter(pl.col("status").is_in(["won", "lost"]) & pl.col("delay").is_not_null())
    single = decided.select("pushes", pl.col("delay").repeat_by("deals")).explode("delay")
    return single.group_by("pushes").agg(pl.col("delay").cast(pl.Float64).median().alias("median_delay_days"))


def coverage(
    pipeline: Pipeline, by: Literal["stage", "due"] | str | None = None, where: Where = None
) -> pl.DataFrame:
    """Return the open pipeline of each snapshot.

    Columns out: day, [by], currency, deals, amount (currency units; unknown counts as 0). `by` "due" is the
    month expected to close (first of month, null none); any column else. A deal that a filtered export does
    not show counts as it was last seen. Days with nothing open have a row of zeros when there is no `by`.
    """
    sliced, names = question(pipeline, by="expected_close_month" if by == "due" else by, where=where)
    turns = followed.stock(pipeline, sliced.by[0] if sliced.by else None, sliced.where)
    group = [*(["part_1"] if names else []), "currency"]
    turns = turns.with_columns(pl.from_epoch("at_s", time_unit="s").dt.date().alias("day"))
    there = days(pipeline).select("day")
    grid = (
        turns.select(group).unique().join(there, how="cross") if turns.height else turns.select(*group, "day")
    )
    full = (
        grid.join(turns.drop("at_s"), on=[*group, "day"], how="left", nulls_equal=True)
        .sort(*group, "day", nulls_last=True)
        .with_columns(pl.col("deals", "amount_minor").fill_null(0).cum_sum().over(group))
        .filter((pl.col("deals") > 0) | pl.lit(not names))
        .sort("day", *group, nulls_last=True)
    )
    own = [pl.col("part_1").alias("#0")] if names else []
    amount = (money.units(pl.col("amount_minor"))).alias("amount")
    table = full.select("day", *own, "currency", "deals", amount)
    return named(table, ["due"] if by == "due" else names)
