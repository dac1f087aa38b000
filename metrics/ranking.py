"""Rates to rank by: drawn to what all groups have in common, with the ranks they may as well hold."""

from __future__ import annotations

import numpy as np
import polars as pl

from metrics.stats import intervals, shrinkage, tests

SURE = 0.05  # chance that any group at all is marked where none differs
EXACT = 200.0  # expected wins below which the comparison with the others is exact
FLOATS = ("shrunk", "shrunk_low", "shrunk_high", "weight")
WHOLES = ("rank", "rank_low", "rank_high")


def ranking(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `rates` with shrunken rates and ranks, best shrunken rate first.

    Columns in: those of `rates` (numerator and denominator as counts). Further columns out: shrunk = weight
    x own rate + (1 - weight) x common rate, with shrunk_low, shrunk_high (0..1, 95 % posterior); weight =
    cases / (cases + what the common rate is worth); rank (by shrunk), rank_low, rank_high (1 is best; the
    ranks held in 95 % of draws); mark: "strong" or "weak" where the group has enough deals (as in `rates`)
    and differs from all others together, corrected so that in 19 of 20 tables without differences nobody is
    marked; else null.
    All null for a group without cases, for a single group, and by value.
    Source: beta-binomial empirical Bayes, Efron (2010); Holm (1979) for the marks.
    """
    countable = frame.height > 0 and frame["denominator"].dtype.is_integer()
    known = (
        frame.filter((pl.col("denominator") > 0) & pl.col("rate").is_not_null())
        if countable
        else frame.clear()
    )
    prior = shrinkage.fit(known["numerator"], known["denominator"]) if known.height > 1 else None
    if prior is None:
        return frame.with_columns(*_nothing())
    rest = frame.join(known, on=frame.columns, how="anti", nulls_equal=True)
    return pl.concat([_ranked(known, prior), rest.with_columns(*_nothing())])


def _nothing() -> list[pl.Expr]:
    return [
        *(pl.lit(None, pl.Float64).alias(c) for c in FLOATS),
        *(pl.lit(None, pl.Int64).alias(c) for c in WHOLES),
        pl.lit(None, pl.String).alias("mark"),
    ]


def _ranked(known: pl.DataFrame, prior: shrinkage.Prior) -> pl.DataFrame:
    x, n = known["numerator"].to_numpy(), known["denominator"].to_numpy()
    shrunk, drawn = shrinkage.shrunk(x, n, prior), shrinkage.draws(x, n, prior)
    (low, high), (best, worst) = shrinkage.intervals(drawn), shrinkage.rank_ranges(drawn)
    frame = known.with_columns(
        pl.Series("shrunk", shrunk),
        pl.Series("shrunk_low", low),
        pl.Series("shrunk_high", high),
        pl.Series("weight", n / (n + prior.size)),
        rank=pl.Series(shrunk).rank("min", descending=True).cast(pl.Int64),
        rank_low=pl.Series(best),
        rank_high=pl.Series(worst),
        mark=_marks(x, n),
    )
    enough = intervals.enough(pl.col("denominator"), *intervals.wilson("numerator", "denominator"))
    frame = frame.with_columns(mark=pl.when(enough).then("mark"))
    return frame.sort("rank", "denominator", descending=[False, True], maintain_order=True)


def _marks(x: shrinkage.Ints, n: shrinkage.Ints) -> pl.Series:
    """Return "strong" or "weak" for the groups that differ from all others together."""
    rest_x, rest_n = x.sum() - x, n.sum() - n
    p = shrinkage.holm(tests.two_proportions(x, n, rest_x, rest_n, small=EXACT))
    sure = np.nan_to_num(p, nan=1.0) < SURE
    up = x * rest_n > rest_x * n
    words = [("strong" if high else "weak") if told else None for told, high in zip(sure, up, strict=True)]
    return pl.Series("mark", words, dtype=pl.String)
