"""The season: which months of the year bring more deals, or a better hit rate, than an even year would."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats

from data.cells import count, outcomes
from data.slice import Basis, Slice
from metrics.definitions import Definition, basis_of
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.stats import tests

if TYPE_CHECKING:
    from data.pipeline import Pipeline

YEAR = 12
SEASONAL = 0.05  # q below which a month differs from the rest of the year
OPENING = 3  # working days within which the data of a whole month begin
SCHEMA = {
    "month": pl.Int64, "years": pl.Int64, "deals": pl.Int64, "inflow_index": pl.Float64,
    "inflow_low": pl.Float64, "inflow_high": pl.Float64, "inflow_different": pl.Boolean,
    "numerator": pl.Int64, "denominator": pl.Int64, "rate": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "enough": pl.Boolean, "rate_index": pl.Float64, "q": pl.Float64, "different": pl.Boolean,
    "trend": pl.String,
}  # fmt: skip


def season(pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None) -> pl.DataFrame:
    """Return one row per month of the year, January first: inflow and hit rate against an even year.

    Columns out: month (1..12), years (how many times it was seen whole), deals (created in it),
    inflow_index (1.2 = a fifth more than an even year; null when not seen, or in less than a whole year of
    data) with inflow_low, inflow_high (95 %) and inflow_different (the interval leaves out 1);
    numerator, denominator, rate, low, high, enough (hit rate by the definition's date, Wilson 95 %);
    rate_index = rate / rate of all months; q (month against the other months, corrected over the twelve)
    and different (q < 0.05 and enough deals); trend: "removed" from two years on (ratio to the centred
    yearly average), "kept" with one year, where growth and season cannot be told apart; null with less. Only
    months that the data cover whole count (`covered`). Breakdowns of the slice are ignored.
    The interval is that of a count (exact Poisson), widened by how far the years differ from one another;
    with fewer than three years nobody can tell that, and it is too narrow where they do.
    Source: Garwood (1936); McCullagh and Nelder (1989), 4.5; classical decomposition, Hyndman and
    Athanasopoulos (2021), 3.4, as statsmodels' seasonal_decompose.
    """
    chosen = find(definition, pipeline.meta.definitions)
    stated = pipeline.meta.definitions
    basis = basis_of(stated, chosen, definition is not None)
    plain = slice.with_(by=(), grain="month")
    first, last = covered(pipeline, slice)
    whole = pl.col("period").is_between(first, last)
    inflow = counted(pipeline, plain.with_(basis="created"), chosen).filter(whole)
    cells = counted(pipeline, plain.with_(basis=basis), chosen).filter(whole)
    rated = cells.with_columns(month=pl.col("period").dt.month().cast(pl.Int64))
    told = (pipeline.meta.has_contact, has_lost(pipeline.meta))
    frame = summarise(rated, ["month"], chosen, stated, *told)
    overall = summarise(rated, [], chosen, stated, *told)["rate"].item()
    return together(monthly(inflow), frame, overall)


def covered(pipeline: Pipeline, slice: Slice) -> tuple[date, date]:
    """Return the first and the last month (first days) that the data, and the slice's period, cover whole.

    The data begin with the first deal of the file and end on the as-of date; both months are left out
    where they are cut short. A month in which the data begin within its first OPENING working days is whole:
    a company of few deals a week has none on some of them.
    """
    bases: tuple[Basis, Basis] = ("created", "closed")
    cells = [outcomes(pipeline, Slice(basis=basis, grain="month"), None, contacted=False) for basis in bases]
    months = [found["period"].min() for found in cells]
    first = min((month for month in months if isinstance(month, date)), default=date.min)
    if months != [None, None]:
        opening = [Slice(basis=basis, start=first, end=_opened(first)) for basis in bases]
        first = first if any(count(pipeline, asked) for asked in opening) else _next(first)
    if slice.start and slice.start > first:
        first = slice.start if slice.start.day == 1 else _next(slice.start)
    after = min(slice.end or date.max, pipeline.meta.as_of) + timedelta(days=1)  # the month it lies in is cut
    return first, (after.replace(day=1) - timedelta(days=1)).replace(day=1)


def _next(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _opened(first: date) -> date:
    """Return the last of the first OPENING days from here that are no Saturday, Sunday or 1 January."""
    days = (first + timedelta(days=k) for k in range(4 * OPENING))
    working = [d for d in days if d.weekday() < 5 and (d.month, d.day) != (1, 1)]
    return working[OPENING - 1]


def monthly(cells: pl.DataFrame) -> pl.DataFrame:
    """Return deals per calendar month from the first to the last, months without deals included. Pure."""
    if cells.is_empty():
        return pl.DataFrame(schema={"period": pl.Date, "deals": pl.Int64})
    counts = cells.group_by("period").agg(pl.col("deals").sum())
    every = counts.select(
        pl.date_range(pl.col("period").min(), pl.col("period").max(), "1mo").alias("period")
    )
    return every.join(counts, on="period", how="left", maintain_order="left").with_columns(
        pl.col("deals").fill_null(0)
    )


def seasonal_index(series: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Return month, years, deals, inflow_index, its ends, and whether the trend was removed or kept. Pure.

    From 24 months: each month / the average of the twelve around it (half weights at both ends), averaged
    by month of the year and scaled to a mean of 1. From 12 months: month / average month. Else null.
    """
    frame = series.with_columns(month=pl.col("period").dt.month().cast(pl.Int64))
    values = frame["deals"].to_numpy().astype(np.float64)
    trend: str | None = None
    level = np.full(values.size, np.nan)
    if values.size >= 2 * YEAR:
        around = np.convolve(values, np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR, mode="valid")
        level[YEAR // 2 : -(YEAR // 2)] = np.where(around > 0, around, np.nan)
        trend = "removed"
    elif values.size >= YEAR and values[-YEAR:].sum() > 0:
        level[-YEAR:] = values[-YEAR:].mean()
        trend = "kept"
    frame = frame.with_columns(pl.Series("level", level, nan_to_null=True))
    seen = pl.col("level").is_not_null()
    table = frame.group_by("month").agg(
        years=pl.len().cast(pl.Int64),
        deals=pl.col("deals").sum(),
        index=(pl.col("deals") / pl.col("level")).mean(),
        counted=pl.col("deals").filter(seen).sum(),
        even=pl.col("level").sum(),
    )
    return _with_ends(table, unlike(frame, table)), trend


def unlike(frame: pl.DataFrame, table: pl.DataFrame) -> float:
    """Return how many times as far as counts by chance the years lie from their common season; at least 1.

    Pearson's chi-square over its degrees of freedom; 1 where each month was seen once.
    """
    known = frame.drop_nulls("level").join(table.select("month", "index"), on="month")
    expected = pl.col("level") * pl.col("index")
    gaps = known.filter(expected > 0).select(((pl.col("deals") - expected) ** 2 / expected).sum()).item()
    free = known.height - known["month"].n_unique()
    return max(1.0, gaps / free) if free > 0 else 1.0


def _with_ends(table: pl.DataFrame, spread: float) -> pl.DataFrame:
    """Return the index scaled to a mean of 1 with the ends of its interval."""
    counted, even = (table[c].to_numpy().astype(np.float64) for c in ("counted", "even"))
    cases = counted / spread
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(cases > 0, stats.gamma.ppf(0.025, np.maximum(cases, 1e-9)), 0.0) * spread / even
        high = stats.gamma.ppf(0.975, cases + 1) * spread / even
        # The index is a mean of ratios, the ends are of a ratio of sums: the same but for rounding.
        scale = np.where(counted > 0, table["index"].to_numpy() / (counted / even), 1.0)
    ends = [pl.Series(name, end * scale) for name, end in (("low", low), ("high", high))]
    frame = table.with_columns(ends).with_columns(pl.col("low", "high").fill_nan(None))
    scaled = {
        f"inflow_{name}": (pl.col(column) / pl.col("index").mean()).fill_nan(None)
        for name, column in (("index", "index"), ("low", "low"), ("high", "high"))
    }
    told = pl.col("index").is_not_null()
    return frame.select(
        "month", "years", "deals", **{name: pl.when(told).then(value) for name, value in scaled.items()}
    )


def together(series: pl.DataFrame, rated: pl.DataFrame, overall: float | None) -> pl.DataFrame:
    """Return the frame of `season` from monthly deals and rates by month of the year. Pure."""
    index, trend = seasonal_index(series)
    months = pl.DataFrame({"month": range(1, YEAR + 1)}, schema={"month": pl.Int64})
    own = rated.select("month", "numerator", "denominator", "rate", "low", "high", "enough")
    frame = months.join(index, on="month", how="left").join(own, on="month", how="left").sort("month")
    counts = ("years", "deals", "numerator", "denominator")
    frame = frame.with_columns(
        *(pl.col(c).fill_null(0) for c in counts),
        enough=pl.col("enough").fill_null(False),
        rate_index=pl.when(pl.lit(overall or 0.0) > 0).then(pl.col("rate") / pl.lit(overall, pl.Float64)),
        trend=pl.lit(trend, pl.String),
        inflow_different=((pl.col("inflow_low") > 1) | (pl.col("inflow_high") < 1)).fill_null(False),
    )
    q = _q(frame) if frame["denominator"].dtype.is_integer() else pl.lit(None, pl.Float64).alias("q")
    apart = (pl.col("q") < SEASONAL).fill_null(False) & pl.col("enough")
    frame = frame.with_columns(q).with_columns(different=apart)
    return frame.select(SCHEMA.keys())


def _q(frame: pl.DataFrame) -> pl.Series:
    x, n = frame["numerator"].to_numpy(), frame["denominator"].to_numpy()
    p = tests.two_proportions(x, n, x.sum() - x, n.sum() - n)
    return pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True)


def unseasonal(rate: float | None, row: dict[str, float | None]) -> float | None:
    """Return a month's hit rate with its usual season taken out: rate / rate_index; null when unknown."""
    index = row.get("rate_index")
    return None if rate is None or not index else min(1.0, rate / index)
