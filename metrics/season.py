"""The season: which months of the year bring more deals, or a better hit rate, than an even year would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from data.slice import Slice
from metrics.definitions import Definition, basis_of
from metrics.definitions import definition as find
from metrics.hit_rate import counted, summarise
from metrics.stats import tests

if TYPE_CHECKING:
    from data.pipeline import Pipeline

YEAR = 12
SEASONAL = 0.05  # q below which a month differs from the rest of the year
SCHEMA = {
    "month": pl.Int64, "years": pl.Int64, "deals": pl.Int64, "inflow_index": pl.Float64,
    "numerator": pl.Int64, "denominator": pl.Int64, "rate": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "enough": pl.Boolean, "rate_index": pl.Float64, "q": pl.Float64, "different": pl.Boolean,
    "trend": pl.String,
}  # fmt: skip


def season(pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None) -> pl.DataFrame:
    """Return one row per month of the year, January first: inflow and hit rate against an even year.

    Columns out: month (1..12), years (how many times it was seen whole), deals (created in it),
    inflow_index (1.2 = a fifth more than an even year; null when not seen, or in less than a whole year of
    data); numerator, denominator, rate, low, high, enough (hit rate by the definition's date, Wilson 95 %);
    rate_index = rate / rate of all months; q (month against the other months, corrected over the twelve)
    and different (q < 0.05); trend: "removed" from two years on (ratio to the centred yearly average),
    "kept" with one year, where growth and season cannot be told apart; null with less. The month of the
    as-of date is left out unless it is over. Breakdowns of the slice are ignored. Source: classical
    decomposition, Hyndman and Athanasopoulos (2021), 3.4; as statsmodels' seasonal_decompose.
    """
    chosen = find(definition, pipeline.meta.definitions)
    stated = pipeline.meta.definitions
    basis = basis_of(stated, chosen, definition is not None)
    plain = slice.with_(by=(), grain="month")
    inflow = _whole(pipeline, counted(pipeline, plain.with_(basis="created")))
    cells = _whole(pipeline, counted(pipeline, plain.with_(basis=basis)))
    rated = cells.with_columns(month=pl.col("period").dt.month().cast(pl.Int64))
    frame = summarise(rated, ["month"], chosen, stated, pipeline.meta.has_contact)
    overall = summarise(rated, [], chosen, stated, pipeline.meta.has_contact)["rate"].item()
    return together(monthly(inflow), frame, overall)


def _whole(pipeline: Pipeline, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of months that were over on the as-of date."""
    over = pl.col("period").dt.month_end() <= pipeline.meta.as_of
    return cells.filter(pl.col("period").is_not_null() & over)


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
    """Return month, years, deals and inflow_index, and whether the trend was removed or kept. Pure.

    From 24 months: each month / the average of the twelve around it (half weights at both ends), averaged
    by month of the year and scaled to a mean of 1. From 12 months: month / average month. Else null.
    """
    frame = series.with_columns(month=pl.col("period").dt.month().cast(pl.Int64))
    values = frame["deals"].to_numpy().astype(np.float64)
    trend: str | None = None
    ratio = np.full(values.size, np.nan)
    if values.size >= 2 * YEAR:
        level = np.convolve(values, np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR, mode="valid")
        inner = values[YEAR // 2 : -(YEAR // 2)]
        ratio[YEAR // 2 : -(YEAR // 2)] = np.divide(
            inner, level, out=np.full(level.size, np.nan), where=level > 0
        )
        trend = "removed"
    elif values.size >= YEAR and values.sum() > 0:
        last = values[-YEAR:]
        ratio[-YEAR:] = last / last.mean()
        trend = "kept"
    frame = frame.with_columns(pl.Series("ratio", ratio, nan_to_null=True))
    table = frame.group_by("month").agg(
        years=pl.len().cast(pl.Int64), deals=pl.col("deals").sum(), index=pl.col("ratio").mean()
    )
    scaled = pl.col("index") / pl.col("index").mean()
    return table.select("month", "years", "deals", inflow_index=scaled.fill_nan(None)), trend


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
    )
    q = _q(frame) if frame["denominator"].dtype.is_integer() else pl.lit(None, pl.Float64).alias("q")
    frame = frame.with_columns(q).with_columns(different=(pl.col("q") < SEASONAL).fill_null(False))
    return frame.select(SCHEMA.keys())


def _q(frame: pl.DataFrame) -> pl.Series:
    x, n = frame["numerator"].to_numpy(), frame["denominator"].to_numpy()
    p = tests.two_proportions(x, n, x.sum() - x, n.sum() - n)
    return pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True)


def unseasonal(rate: float | None, row: dict[str, float | None]) -> float | None:
    """Return a month's hit rate with its usual season taken out: rate / rate_index; null when unknown."""
    index = row.get("rate_index")
    return None if rate is None or not index else min(1.0, rate / index)
