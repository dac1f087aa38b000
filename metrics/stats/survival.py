"""Survival from histograms: one row per group, whole day and ending, with how many cases.

Cells in: the `by` columns, `days` (whole days from start to end, or to the day the data stop),
an ending, and a count. A case that has not ended is censored: it is known to have lasted that long,
and counts as at risk on its last day (events come before censoring on the same day).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from metrics.stats.intervals import Z95

REACHED = 1e-9  # a survival of 0.5 reached by multiplication may read 0.5000000000000001


def _at_risk(cells: pl.DataFrame, by: Sequence[str], ending: str, cases: str) -> pl.DataFrame:
    """Return one row per group and day: `events` by any cause, `first`, and `n` still at risk."""
    n = pl.col(cases)
    daily = (
        cells.drop_nulls(["days", ending])
        .filter(pl.col("days") >= 0)
        .group_by([*by, "days"])
        .agg(
            all=n.sum(), events=n.filter(pl.col(ending) > 0).sum(), first=n.filter(pl.col(ending) == 1).sum()
        )
        .sort([*by, "days"], nulls_last=True)
    )
    return daily.with_columns(_over(pl.col("all").cum_sum(reverse=True), by).alias("n"))


def _over(value: pl.Expr, by: Sequence[str]) -> pl.Expr:
    return value.over(list(by)) if by else value


def kaplan_meier(
    cells: pl.DataFrame, by: Sequence[str] = (), ending: str = "ended", cases: str = "cases"
) -> pl.DataFrame:
    """Return the share that has not ended after each day.

    S(t) = product over days up to t of (1 - ended / at risk). Columns out: by, days, n (at risk),
    events, survival (0..1). `ending` is 1 where the case ended and 0 where it is censored; rows
    without days are left out. Source: Kaplan and Meier (1958).
    """
    daily = _at_risk(cells, by, ending, cases)
    step = 1 - pl.col("events") / pl.col("n")
    return daily.select(*by, "days", "n", "events", _over(step.cum_prod(), by).alias("survival"))


def quantiles(
    cells: pl.DataFrame,
    by: Sequence[str] = (),
    ending: str = "ended",
    cases: str = "cases",
    shares: Sequence[float] = (0.5, 0.75, 0.9),
) -> pl.DataFrame:
    """Return the day by which each share of the cases has ended, one row per group.

    The first day on which S(t) <= 1 - share. Columns out: by, then `p50`, `p75`, ... in days; null
    where so large a share has not been seen to end. Source: Kaplan and Meier (1958), as lifelines.
    """
    curve = kaplan_meier(cells, by, ending, cases)
    found = [
        pl.col("days")
        .filter((pl.col("survival") <= 1 - share + REACHED) & (pl.col("events") > 0))
        .min()
        .alias(f"p{round(share * 100)}")
        for share in shares
    ]
    if by:
        return curve.group_by(list(by), maintain_order=True).agg(found)
    return curve.select(found)


def cumulative_incidence(
    cells: pl.DataFrame, by: Sequence[str] = (), ending: str = "ending", cases: str = "cases"
) -> pl.DataFrame:
    """Return the share that has ended in the first way by each day, while another way competes.

    `ending`: 0 censored, 1 the way asked about, any other number a competing way.
    I(t) = sum over days of S(day before) x first / at risk. Columns out: by, days, n, events, first,
    incidence (0..1), variance, low, high (95 %, log-minus-log, within 0..1; null while incidence is
    0 or 1). Variance by the delta method. Source: Aalen and Johansen (1978); Marubini and Valsecchi
    (1995), 10.3; agrees with statsmodels' CumIncidenceRight and lifelines' AalenJohansenFitter.
    """
    n, d, f = pl.col("n"), pl.col("events"), pl.col("first")
    daily = _at_risk(cells, by, ending, cases)
    before = _over((1 - d / n).cum_prod().shift(1, fill_value=1.0), by)
    daily = daily.with_columns(before=before)
    daily = daily.with_columns(incidence=_over((pl.col("before") * f / n).cum_sum(), by))
    daily = daily.with_columns(variance=_delta(by))
    return daily.with_columns(_log_minus_log()).select(
        *by, "days", "n", "events", "first", "incidence", "variance", "low", "high"
    )


def _delta(by: Sequence[str]) -> pl.Expr:
    """Var I(t) = sum (I(t)-I(j))² a + sum S² f(n-f)/n³ - 2 sum (I(t)-I(j)) S f/n², a = d/(n(n-d)).

    Expanded so that each sum is a running one. On the day the last case ends a is infinite, but
    I(t) = I(j) from there on, so its term is 0.
    """
    n, d, f = (pl.col(name).cast(pl.Float64) for name in ("n", "events", "first"))
    s, now = pl.col("before"), pl.col("incidence")
    a = pl.when(n > d).then(d / (n * (n - d))).otherwise(0.0)
    c = s * f / (n * n)

    def run(value: pl.Expr) -> pl.Expr:
        return _over(value.cum_sum(), by)

    spread = now * now * run(a) - 2 * now * run(a * now) + run(a * now * now)
    own = run(s * s * f * (n - f) / (n * n * n))
    cross = now * run(c) - run(c * now)
    return (spread + own - 2 * cross).clip(lower_bound=0.0)


def _log_minus_log() -> tuple[pl.Expr, pl.Expr]:
    now, error = pl.col("incidence"), pl.col("variance").sqrt()
    inside = (now > 0) & (now < 1)
    reach = Z95 * error / (now * now.log())
    return (
        pl.when(inside).then(now ** (-reach).exp()).alias("low"),
        pl.when(inside).then(now ** reach.exp()).alias("high"),
    )
