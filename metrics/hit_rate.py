"""Hit rates: won over what counts, by anything, with an interval and a word on whether it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

import polars as pl

from data.cells import outcomes
from data.meta import STATUSES, Definitions, Meta
from data.slice import Basis, Slice
from metrics import money
from metrics.definitions import Definition, Measure, Part, basis_of
from metrics.definitions import definition as find
from metrics.names import By, Day, Where, keyed, keys, named, question
from metrics.stats import intervals

if TYPE_CHECKING:
    from data.pipeline import Pipeline

PUBLIC = (
    "deals",
    "won",
    "lost",
    "open",
    "disqualified",
    "won_amount",
    "lost_amount",
    "rate",
    "low",
    "high",
    "enough",
)


def hit_rate(
    pipeline: Pipeline,
    by: By = None,
    definition: str | None = None,
    basis: Basis | None = None,
    start: Day = None,
    end: Day = None,
    where: Where = None,
) -> pl.DataFrame:
    """Return the hit rate: numerator / denominator of the chosen definition (won / decided by default).

    `by` and `where` take canonical names or headers of the file; `start` and `end` are days, both
    included, of the `basis` date (the definition's own when not given).
    Columns out: the `by` fields; deals, won, lost, open, disqualified (counts); won_amount, lost_amount
    (currency units; null when unknown or when currencies are mixed); rate, low, high (0..1, Wilson 95 %;
    null when the denominator is empty; no interval by value); enough (at least 30 cases and an interval of
    at most 20 points). Most deals first. Raises HitrateError for unknown names. See docs/metrics.md.
    """
    chosen = find(definition, pipeline.meta.definitions)
    basis = basis or basis_of(pipeline.meta.definitions, chosen, definition is not None)
    sliced, names = question(pipeline, by, where, basis, start, end)
    frame = rates(pipeline, sliced, chosen)
    own = frame.columns[: len(names)]
    return frame.select(*own, *PUBLIC).rename(dict(zip(own, _final(names), strict=True)))


def _final(names: Sequence[str]) -> list[str]:
    return [f"{name} (2)" if name in PUBLIC else name for name in names]


def rates(pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None) -> pl.DataFrame:
    """Return what `hit_rate` does and what stands behind it, for a slice as it is.

    Further columns: [period], currency (null when mixed or not stated), won_known, lost_known (deals
    with an amount), numerator, denominator (counts, or currency units by value), average_deal (currency
    units, won deals with an amount), leads_per_win (1 / rate), reason (why there is
    no rate: a key of REASONS, else null).
    """
    chosen = find(definition, pipeline.meta.definitions)
    cells = counted(pipeline, slice, chosen)
    group = keys(slice.by) + (["period"] if slice.grain else [])
    meta = pipeline.meta
    frame = summarise(
        keyed(cells, slice.by), group, chosen, meta.definitions, meta.has_contact, has_lost(meta)
    )
    return named(frame, slice.by)


def counted(pipeline: Pipeline, slice: Slice, chosen: Definition | None = None) -> pl.DataFrame:
    """Return the outcome cells of a slice under the workspace's opportunity and meeting stage.

    With a definition, only what it counts: the rest is null and is not read, a third of the time saved.
    """
    stated = pipeline.meta.definitions
    needed = {chosen.numerator.measure, chosen.denominator.measure} if chosen else get_args(Measure)
    return outcomes(
        pipeline,
        slice,
        opportunity_stage=stated.opportunity_stage if "opportunities" in needed else None,
        meeting_stage=stated.meeting_stage if "meetings" in needed else None,
        contacted="contacted" in needed,
    )


def summarise(
    cells: pl.DataFrame,
    group: Sequence[str],
    chosen: Definition,
    stated: Definitions,
    has_contact: bool = True,
    has_lost: bool = True,
) -> pl.DataFrame:
    """Add up outcome cells into one row per group; one row when `group` is empty. Pure."""
    sums = [
        *_sums(),
        _part(chosen.numerator).alias("numerator"),
        _part(chosen.denominator).alias("denominator"),
        money.currencies().alias("currencies"),
    ]
    frame = cells.group_by(list(group)).agg(sums) if group else cells.select(sums)
    lost = cells.filter(pl.col("status") == "lost")
    barren = lost.height > 0 and not (lost["amount_minor"] != 0).any()
    said = has_lost or lost.height > 0
    frame = frame.with_columns(reason=_reason(chosen, stated, has_contact, barren, said))
    told = pl.col("reason").is_null()
    frame = frame.with_columns(rate=pl.when(told).then(intervals.rate("numerator", "denominator")))
    frame = frame.with_columns(_interval(chosen)).with_columns(
        leads_per_win=pl.when(pl.col("rate") > 0).then(1 / pl.col("rate"))
    )
    order = [pl.col("deals"), *(pl.col(g) for g in group)]
    frame = frame.sort(order, descending=[True, *[False] * len(group)], nulls_last=True)
    return frame.select(
        *group,
        *PUBLIC,
        "currency",
        "won_known",
        "lost_known",
        "numerator",
        "denominator",
        "average_deal",
        "leads_per_win",
        "reason",
    )


def _sums() -> list[pl.Expr]:
    of = {status: pl.col("status") == status for status in STATUSES}
    known = {s: pl.col("amount_known").filter(of[s]).sum() for s in ("won", "lost")}
    return [
        pl.col("deals").sum(),
        *(pl.col("deals").filter(of[status]).sum().alias(status) for status in STATUSES),
        money.amount(of["won"]).alias("won_amount"),
        money.amount(of["lost"]).alias("lost_amount"),
        *(value.alias(f"{s}_known") for s, value in known.items()),
        money.currency().alias("currency"),
        pl.when(known["won"] > 0).then(money.amount(of["won"]) / known["won"]).alias("average_deal"),
    ]


def _part(part: Part) -> pl.Expr:
    of = pl.col("status").is_in(part.status)
    return money.amount(of) if part.measure == "amount" else pl.col(part.measure).filter(of).sum()


def has_lost(meta: Meta) -> bool:
    """Say whether the data hold lost deals, or too few deals to tell that they leave them out.

    Where lost deals are left out, won / (won + lost) is 100 % whatever happened.
    """
    return meta.counts.get("lost", 0) > 0 or meta.counts.get("won", 0) < intervals.ENOUGH_CASES


def _reason(
    chosen: Definition, stated: Definitions, has_contact: bool, barren: bool, has_lost: bool
) -> pl.Expr:
    """Say why there is no rate; the first reason that holds."""
    empty = pl.when(pl.col("denominator").fill_null(0) <= 0).then(pl.lit("empty"))
    if not has_lost and "open" not in chosen.denominator.status:
        return empty.otherwise(pl.lit("no lost deals"))
    if chosen.denominator.measure == "meetings" and stated.meeting_stage is None:
        return pl.lit("no meeting stage")
    if chosen.denominator.measure == "contacted" and not has_contact:
        return pl.lit("no contact")
    if not chosen.by_value:
        return empty
    # A group without lost deals cannot vouch for itself when no lost deal anywhere carries a value.
    worthless = pl.lit(barren) | ((pl.col("lost") > 0) & (pl.col("lost_amount").fill_null(0) == 0))
    return (
        pl.when(pl.col("won") + pl.col("lost") == 0)
        .then(pl.lit("empty"))
        .when(pl.col("currencies") > 1)
        .then(pl.lit("currencies"))
        .when(pl.col("won_known") + pl.col("lost_known") == 0)
        .then(pl.lit("no amount"))
        .when(worthless)
        .then(pl.lit("no lost value"))
        .otherwise(empty)
    )


def _interval(chosen: Definition) -> list[pl.Expr]:
    if chosen.by_value:
        cases = pl.col("won_known") + pl.col("lost_known")
        none = pl.lit(None, dtype=pl.Float64)
        return [
            none.alias("low"),
            none.alias("high"),
            (pl.col("rate").is_not_null() & (cases >= intervals.ENOUGH_CASES)).alias("enough"),
        ]
    told = pl.col("reason").is_null()
    low, high = (pl.when(told).then(end) for end in intervals.wilson("numerator", "denominator"))
    return [
        low.alias("low"),
        high.alias("high"),
        (told & intervals.enough(pl.col("denominator"), low, high)).alias("enough"),
    ]


def amounts(pipeline: Pipeline, slice: Slice) -> pl.DataFrame:
    """Return the value won, lost and open in each currency, so that nothing need be added up.

    Columns out: the `by` fields, currency (null: not stated), deals, won, lost, open (counts of deals
    with an amount), won_amount, lost_amount, open_amount (units of that currency).
    """
    cells = keyed(counted(pipeline, slice), slice.by).filter(pl.col("amount_known") > 0)
    group = [*keys(slice.by), "currency"]
    of = {s: pl.col("status") == s for s in ("won", "lost", "open")}
    frame = cells.group_by(group).agg(
        pl.col("amount_known").sum().alias("deals"),
        *(pl.col("amount_known").filter(where).sum().alias(s) for s, where in of.items()),
        *(
            (pl.col("amount_minor").filter(where).sum() / money.MINOR).alias(f"{s}_amount")
            for s, where in of.items()
        ),
    )
    return named(
        frame.sort([*keys(slice.by), "deals"], descending=[*[False] * len(slice.by), True], nulls_last=True),
        slice.by,
    )
