"""The matured hit rate: the share of deals won within so many days, open deals neither won nor lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from data.cells import ages
from data.errors import N_, HitrateError
from data.meta import STATUSES
from data.slice import Slice
from metrics.hit_rate import has_lost
from metrics.names import keyed, keys, named
from metrics.stale import moved, stale_slice
from metrics.stats import intervals
from metrics.stats.survival import cumulative_incidence, quantiles

if TYPE_CHECKING:
    from data.pipeline import Pipeline

ENDING = {"open": 0, "won": 1, "lost": 2, "disqualified": 3}
HORIZONS = (30, 60, 90, 180, 365, 730)
COLUMNS = (
    "deals", *STATUSES, "undated", "horizon", "rate", "low", "high", "enough", "known", "reach", "reason",
    "decided_rate", "created_rate", "leads_rate",
)  # fmt: skip
MANY = 10  # one open deal in so many is not few
APART = 0.02  # two points: from there on a page explains why two rates differ
WHY = {
    "open": N_("Many of these deals are still open: {open} of {deals}. Some of them will yet be won."),
    "flattered": N_(
        "Won deals are closed sooner than lost ones, or lost ones are never closed: counting only decided "
        "deals reads too high."
    ),
    "punished": N_("Lost deals are closed sooner than won ones: counting only decided deals reads too low."),
    "disqualified": N_(
        "Disqualified deals count here as not won; the rate of decided deals leaves them out."
    ),
    "lasting": N_(
        "Many of these deals are still open ({open} of {deals}), but past the age at which deals are won: "
        "few of them will yet be."
    ),
    "agrees": N_("The rates agree: few of these deals are still open."),
}


def matured(
    pipeline: Pipeline, slice: Slice, horizon: int | None = None, stale_lost: bool = False
) -> pl.DataFrame:
    """Return the share of deals won within `horizon` days of creation, whatever their age now.

    Cumulative incidence of winning (Aalen-Johansen); lost and disqualified compete, open deals are known
    to have lasted to the as-of date. `horizon` None: `usual_horizon`. Periods are of creation. `stale_lost`
    counts stale open deals as lost.
    Columns out: the `by` fields; deals, open, won, lost, disqualified; undated (deals without a usable
    date, or closed before created: in no rate); horizon (days); rate, low, high (0..1, 95 %); enough; known
    (deals whose fate at the horizon is known); reach (days the oldest was followed); reason (why there is
    no rate: "empty", "too young"); the plain rates of the same deals: decided_rate = won / (won + lost) (null
    where the data hold no lost deals), created_rate = won / (won + lost + open), leads_rate = won / all. Most
    deals first.
    """
    cells = keyed(aged(pipeline, slice, stale_lost), slice.by)
    days = usual_horizon(cells) if horizon is None else checked(horizon)
    frame = at_horizon(cells, keys(slice.by), days)
    if not has_lost(pipeline.meta):  # they were left out: won / (won + lost) is 100 % whatever happened
        frame = frame.with_columns(decided_rate=pl.lit(None, pl.Float64))
    return named(frame, slice.by)


def curves(
    pipeline: Pipeline, slice: Slice, until: int | None = None, stale_lost: bool = False
) -> pl.DataFrame:
    """Return the matured hit rate at every age, one curve per group: 0 on day 0, then a step per day.

    Columns out: the `by` fields, days, incidence, low, high (0..1; low and high null while the incidence is
    0 or 1), n (deals at risk), events. `until` cuts the curves. Groups in order of size.
    """
    cells = keyed(aged(pipeline, slice, stale_lost), slice.by)
    frame = curve_table(cells, keys(slice.by))
    if until is not None:
        frame = frame.filter(pl.col("days") <= checked(until))
    return named(frame, slice.by)


def checked(horizon: int) -> int:
    """Return a horizon in days; HitrateError when it is not a whole number from 1 on."""
    if isinstance(horizon, int) and 1 <= horizon <= 36_500:
        return horizon
    raise HitrateError(
        N_("Not a horizon"),
        N_("A horizon is a whole number of days, from 1 on."),
        N_("Try {days} days."),
        days=180,
    )


def aged(pipeline: Pipeline, slice: Slice, stale_lost: bool = False) -> pl.DataFrame:
    """Return the ages cells of a slice, by creation; with `stale_lost` stale open deals are lost there."""
    asked = slice.with_(grain=None, basis="created")
    cells = ages(pipeline, asked.with_(stale=None), pipeline.meta.as_of)
    if not stale_lost:
        return cells
    return moved(cells, ages(pipeline, stale_slice(pipeline, asked), pipeline.meta.as_of))


def usual_horizon(cells: pl.DataFrame) -> int:
    """Return the first of 30, 60, 90, 180, 365, 730 days by which 19 of 20 wins had come.

    No longer than the oldest deal was followed, where that is 30 days or more.
    """
    won = cells.filter(pl.col("status") == "won").with_columns(ended=pl.lit(1))
    last = quantiles(won, cases="deals", shares=(0.95,))["p95"]
    slow = 0 if last.is_empty() or last[0] is None else last[0]
    reach = cells.select(pl.col("days").max().fill_null(0)).item()
    within = [h for h in HORIZONS if h <= reach] or [HORIZONS[0]]
    return next((h for h in within if h >= slow), within[-1])


def curve_table(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return the curves from ages cells, the largest group first. Pure."""
    ended = cells.with_columns(ending=pl.col("status").replace_strict(ENDING, return_dtype=pl.Int64))
    curve = cumulative_incidence(ended, by, "ending", "deals")
    own = [*by, "days", "incidence", "low", "high", "n", "events"]
    first = curve.group_by(list(by), maintain_order=True).first() if by else curve.head(1)
    nought = first.filter(pl.col("days") > 0).with_columns(
        days=pl.lit(0, pl.Int64), incidence=0.0, low=None, high=None, events=pl.lit(0, curve["events"].dtype)
    )
    frame = pl.concat([nought.select(own), curve.select(own)], how="vertical_relaxed")
    if not by:
        return frame.sort("days")
    size = frame.group_by(list(by)).agg(size=pl.col("n").max())
    frame = frame.join(size, on=list(by), nulls_equal=True)
    order = ["size", *by, "days"]
    return frame.sort(order, descending=[True] + [False] * (len(by) + 1), nulls_last=True).drop("size")


def at_horizon(cells: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Return the matured rate of each group at a horizon, beside the plain ones. Pure; see `matured`."""
    n, dated = pl.col("deals"), pl.col("days").is_not_null() & (pl.col("days") >= 0)
    sums = [
        n.sum(),
        *(n.filter(pl.col("status") == s).sum().alias(s) for s in STATUSES),
        n.filter(~dated).sum().alias("undated"),
        pl.col("days").filter(dated).max().alias("reach"),
    ]
    frame = cells.group_by(list(by)).agg(sums) if by else cells.select(sums)
    read = read_off(curve_table(cells, by), by, horizon)
    frame = (
        frame.join(read, on=list(by), how="left", nulls_equal=True) if by else frame.join(read, how="cross")
    )
    frame = frame.with_columns(
        horizon=pl.lit(horizon, pl.Int64),
        reason=pl.when(pl.col("deals") == pl.col("undated"))
        .then(pl.lit("empty"))
        .when(~pl.col("told"))
        .then(pl.lit("too young")),
        decided=pl.col("won") + pl.col("lost"),
        live=pl.col("won") + pl.col("lost") + pl.col("open"),
    )
    frame = _with_interval(frame).with_columns(
        decided_rate=intervals.rate("won", "decided"),
        created_rate=intervals.rate("won", "live"),
        leads_rate=intervals.rate("won", "deals"),
        known=pl.col("known").fill_null(0),
    )
    return frame.select(*by, *COLUMNS).sort(
        ["deals", *by], descending=[True] + [False] * len(by), nulls_last=True
    )


def read_off(curve: pl.DataFrame, by: Sequence[str], horizon: int) -> pl.DataFrame:
    """Return each curve's height at the horizon, `known`, and `told`: whether it was followed so long.

    known = deals that ended by then + deals followed beyond. A curve with nobody left at risk stays
    where it is for ever, so it is told however long the horizon.
    """
    upto, beyond = pl.col("days") <= horizon, pl.col("n").filter(pl.col("days") > horizon).max().fill_null(0)
    last = {c: pl.col(c).filter(upto).last() for c in ("incidence", "low", "high")}
    finished = (pl.col("n").last() == pl.col("events").last()).fill_null(False)
    found = [
        *(value.alias(c) for c, value in last.items()),
        (pl.col("events").filter(upto).sum() + beyond).alias("known"),
        ((pl.col("days").max() >= horizon) | finished).fill_null(False).alias("told"),
    ]
    return curve.group_by(list(by), maintain_order=True).agg(found) if by else curve.select(found)


def _with_interval(frame: pl.DataFrame) -> pl.DataFrame:
    """Add rate, low, high and enough; where all or none won, Wilson's interval of the known deals."""
    told = pl.col("reason").is_null()
    frame = frame.with_columns(rate=pl.when(told).then(pl.col("incidence")))
    frame = frame.with_columns(flat=pl.col("rate").round() * pl.col("known"))
    low, high = intervals.wilson("flat", "known")
    edge = (pl.col("rate") == 0) | (pl.col("rate") == 1)
    frame = frame.with_columns(
        low=pl.when(told & edge).then(low).when(told).then(pl.col("low")),
        high=pl.when(told & edge).then(high).when(told).then(pl.col("high")),
    )
    return frame.with_columns(enough=told & intervals.enough(pl.col("known"), pl.col("low"), pl.col("high")))


def why(row: dict[str, Any]) -> str | None:
    """Return the key of WHY that explains a row of `matured`; null where there is no rate to explain."""
    rate, decided, created = row["rate"], row["decided_rate"], row["created_rate"]
    if rate is None or created is None:
        return None
    if decided is not None and decided - rate > APART:
        judged = row["won"] + row["lost"] + row["disqualified"]
        return "flattered" if row["won"] / judged - rate > APART else "disqualified"
    if decided is not None and rate - decided > APART:
        return "punished"
    if rate - created > APART:
        return "open"
    return "lasting" if row["open"] * MANY > row["deals"] else "agrees"
