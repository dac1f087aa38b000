"""Indirect standardisation: what would be expected if every stratum did as the standard does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


def indirect(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return per group: observed, cases, expected, ratio = observed / expected, with its exact interval.

    Columns in: `by`, hits, cases (counts of one stratum of a group), standard (0..1, the rate of that
    stratum in the standard; null where it has none: those cases are left out). Out: ratio, ratio_low,
    ratio_high (95 %); null where nothing is expected. Source: Breslow and Day (1987), vol. II, 2.3; as the
    STDRATE procedure of SAS.
    """
    known = (
        frame.drop_nulls("standard")
        .group_by(list(by), maintain_order=True)
        .agg(
            observed=pl.col("hits").sum(),
            cases=pl.col("cases").sum(),
            expected=(pl.col("cases") * pl.col("standard")).sum(),
        )
    )
    low, high = exact(known["observed"].to_numpy(), known["cases"].to_numpy())
    frame = known.with_columns(low=low, high=high)
    told = pl.col("expected") > 0
    scale = pl.col("cases") / pl.col("expected")
    return frame.with_columns(
        ratio=pl.when(told).then(pl.col("observed") / pl.col("expected")),
        ratio_low=pl.when(told).then(pl.col("low") * scale),
        ratio_high=pl.when(told).then(pl.col("high") * scale),
    ).drop("low", "high")


def exact(hits: ArrayLike, cases: ArrayLike) -> tuple[Floats, Floats]:
    """Return the exact 95 % interval of each proportion; 0 to 1 where there are no cases.

    Beta quantiles. For rare events it equals the exact Poisson interval. A sum over strata varies less
    than a single binomial does, so for a standardised ratio it is a little wide, never too narrow.
    Source: Clopper and Pearson (1934); Hoeffding (1956) for the sum over strata.
    """
    x, n = np.asarray(hits, dtype=np.float64), np.asarray(cases, dtype=np.float64)
    low = np.where(x > 0, stats.beta.ppf(0.025, np.maximum(x, 1), n - x + 1), 0.0)
    high = np.where(x < n, stats.beta.ppf(0.975, x + 1, np.maximum(n - x, 1)), 1.0)
    return low, high
