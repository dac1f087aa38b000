"""One period against another: the one before, or the same a year earlier."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from data.errors import N_, HitrateError
from data.slice import Slice
from metrics.definitions import Definition
from metrics.hit_rate import rates
from metrics.stats import intervals, tests

if TYPE_CHECKING:
    from data.pipeline import Pipeline

DAY = timedelta(days=1)
CHANGED = 0.05  # q below which a change is called one


def period_before(slice: Slice, as_of: date) -> Slice:
    """Return the same question about the period just before: as many whole months, else as many days.

    An open end is `as_of`. HitrateError where the slice has no first day.
    """
    start, end = bounds(slice, as_of)
    if start.day == 1 and (end + DAY).day == 1:
        months = _number(end) - _number(start) + 1
        return slice.with_(start=_first(_number(start) - months), end=start - DAY)
    return slice.with_(start=start - (end - start) - DAY, end=start - DAY)


def year_before(slice: Slice, as_of: date) -> Slice:
    """Return the same question about the same days a year earlier; 29 February becomes the 28th.

    A period that ends with a month ends with it a year earlier too. HitrateError without a first day.
    """
    start, end = bounds(slice, as_of)
    return slice.with_(start=_a_year_back(start), end=_a_year_back(end + DAY) - DAY)


def bounds(slice: Slice, as_of: date) -> tuple[date, date]:
    """Return the first and last day of a slice."""
    if slice.start is None:
        raise HitrateError(
            N_("Which period?"), N_("All deals are chosen, so there is no period before."),
            N_("Choose a period with a first day."),
        )  # fmt: skip
    return slice.start, slice.end or max(as_of, slice.start)


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _a_year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def against(
    pipeline: Pipeline, slice: Slice, earlier: Slice, definition: str | Definition | None = None
) -> pl.DataFrame:
    """Return the rates of a slice beside those of the same groups in another (an earlier period).

    Columns out: those of `rates` for `slice`; before_rate, before_low, before_high, before_numerator,
    before_denominator, before_enough; difference = rate - before_rate with difference_low, difference_high
    (Newcombe 95 %); p, q (corrected over the groups), changed (q < 0.05, and enough deals in both);
    won_amount_before, currency_before. Null where a
    group was not there before, and intervals by value. Groups that are gone come last, with zero deals.
    """
    now, before = (rates(pipeline, s.with_(grain=None), definition) for s in (slice, earlier))
    return beside(now, before, now.columns[: len(slice.by)])


BEFORE = {
    "rate": "before_rate",
    "low": "before_low",
    "high": "before_high",
    "numerator": "before_numerator",
    "denominator": "before_denominator",
    "enough": "before_enough",
    "won_amount": "won_amount_before",
    "currency": "currency_before",
}
ZERO = ("deals", "won", "lost", "open", "disqualified", "numerator", "denominator")


def beside(now: pl.DataFrame, before: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Join two answers of `rates` by their groups and compare them. Pure; see `against`."""
    then = before.select(*by, *(pl.col(c).alias(name) for c, name in BEFORE.items()))
    if by:
        frame = now.join(
            then, on=by, how="full", coalesce=True, nulls_equal=True, maintain_order="left_right"
        )
    else:
        frame = now.join(then, how="cross")
    gone = pl.col("deals").is_null()
    frame = frame.with_columns(
        *(pl.col(c).fill_null(0) for c in ZERO),
        pl.col("enough", "before_enough").fill_null(False),
        reason=pl.when(gone).then(pl.lit("empty")).otherwise(pl.col("reason")),
    )
    low, high = intervals.newcombe("rate", "low", "high", "before_rate", "before_low", "before_high")
    frame = frame.with_columns(
        difference=pl.col("rate") - pl.col("before_rate"), difference_low=low, difference_high=high
    )
    return _tested(frame)


def _tested(frame: pl.DataFrame) -> pl.DataFrame:
    if not frame["denominator"].dtype.is_integer():  # by value there is nothing to count
        none = pl.lit(None, pl.Float64)
        return frame.with_columns(p=none, q=none, changed=pl.lit(False))
    sides = ("numerator", "denominator", "before_numerator", "before_denominator")
    x, n, before_x, before_n = (frame[c].fill_null(0).to_numpy() for c in sides)
    p = tests.two_proportions(x, n, before_x, before_n)
    frame = frame.with_columns(
        pl.Series("p", p, nan_to_null=True), pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True)
    )
    both = pl.col("enough") & pl.col("before_enough")
    return frame.with_columns(changed=(pl.col("q") < CHANGED).fill_null(False) & both)
