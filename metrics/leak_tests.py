"""What a leak is, in numbers: each group's step against the rest, what it costs, and how sure. Pure.

Cells in: `field`, `value`, furthest_no, last_no, status, currency, deals, amount_minor, amount_known;
every field holds every deal once, blanks included.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics import flow, money
from metrics.flow import Back, Skipped
from metrics.stats import intervals, tests

LEAST = 5  # decided deals on each side before a comparison is made at all
OWN_AVERAGE = 30  # won deals with an amount from which a group's average stands on its own
FALSE_SHARE = 0.1  # q below which a difference is called a leak: at most one in ten is a false alarm
GROUP = ["field", "value"]
MOMENTS = ("amount_known", "amount_minor", "squares")


def steps(cells: pl.DataFrame, stages: int, skipped: Skipped, back: Back) -> pl.DataFrame:
    """Return per field, value and stage: x of n advanced, and y of m of those later won.

    With no stages there is one step, stage null: won (x) of decided (n), and nothing after it.
    """
    deals, won, lost = pl.col("deals"), pl.col("status") == "won", pl.col("status") == "lost"
    if stages == 0:
        decided = cells.group_by(GROUP).agg(x=deals.filter(won).sum(), n=deals.filter(won | lost).sum())
        return decided.with_columns(stage_no=pl.lit(None, dtype=pl.Int64), y=pl.col("x"), m=pl.col("x"))
    spread = flow.by_stage(cells, stages, skipped, back)
    on = pl.col("exit") == "advanced"
    return spread.group_by([*GROUP, "stage_no"]).agg(
        x=deals.filter(on).sum(),
        n=deals.filter(on | (pl.col("exit") == "lost")).sum(),
        y=deals.filter(on & won).sum(),
        m=deals.filter(on & (won | lost)).sum(),
    )


def averages(cells: pl.DataFrame, worths: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the average won amount of each group, in currency units, drawn to that of all when few.

    (wins/30) x own + (1 - wins/30) x all, own alone from 30 wins with an amount (classical
    credibility, linear). `average_from`: "group", "group and all" or "all". Null when no win carries
    an amount or currencies are mixed. `average_error`: its standard error, from `worths` (the `worth` cells
    of the won deals per field and value); 0 where they are not given, as if the average were known.
    """
    won = pl.col("status") == "won"
    known = pl.col("amount_known").filter(won).sum()
    one = cells.filter(pl.col("field") == pl.col("field").first())
    whole = one.select(
        all=pl.when(known > 0).then(money.amount(won) / known), one=money.currencies() <= 1
    ).row(0)
    everyone = whole[0] if whole[1] else None
    frame = cells.group_by(GROUP).agg(
        wins=known, own=pl.col("amount_minor").filter(won).sum() / money.MINOR / known
    )
    weight = (pl.col("wins") / OWN_AVERAGE).clip(upper_bound=1.0)
    few = pl.col("wins") > 0
    mixed = pl.when(few).then(weight * pl.col("own") + (1 - weight) * everyone).otherwise(everyone)
    source = (
        pl.when(pl.col("wins") >= OWN_AVERAGE)
        .then(pl.lit("group"))
        .when(few)
        .then(pl.lit("group and all"))
        .otherwise(pl.lit("all"))
    )
    if everyone is None:
        nothing = [pl.lit(None, pl.Float64).alias(c) for c in ("average_won", "average_error")]
        return frame.select(*GROUP, *nothing, average_from=pl.lit(None, pl.String))
    frame = frame.select(*GROUP, average_won=mixed.cast(pl.Float64), average_from=source)
    if worths is None:
        return frame.with_columns(average_error=pl.lit(0.0))
    return frame.join(average_errors(worths), on=GROUP, how="left", nulls_equal=True).with_columns(
        pl.col("average_error").fill_null(pl.lit(_lone_error(worths)))
    )


def average_errors(worths: pl.DataFrame) -> pl.DataFrame:
    """Return the standard error of each group's average won amount, as `averages` mixes it.

    The average is a x own + b x that of the others; its variance a² s²/k + b² r²/(K-k), with k and K - k wins
    on either side. s is the group's own standard deviation from 30 wins, else that of all.
    """
    k = pl.col("amount_known")
    sums = worths.group_by(GROUP).agg(pl.col(MOMENTS).sum())
    frame = sums.with_columns(pl.col(c).sum().over("field").alias(f"all_{c}") for c in MOMENTS)
    frame = frame.with_columns((pl.col(f"all_{c}") - pl.col(c)).alias(f"rest_{c}") for c in MOMENTS)
    whole = _spread("all_")
    own = pl.when(k >= OWN_AVERAGE).then(_spread("")).otherwise(whole)
    others = pl.when(pl.col("rest_amount_known") >= OWN_AVERAGE).then(_spread("rest_")).otherwise(whole)
    weight = (k / OWN_AVERAGE).clip(upper_bound=1.0)
    mine = weight + (1 - weight) * k / pl.col("all_amount_known")
    theirs = 1 - mine
    left = pl.when(theirs > 0).then(theirs**2 * others / pl.col("rest_amount_known")).otherwise(0.0)
    return frame.select(*GROUP, average_error=(mine**2 * own / k + left).sqrt())


def _spread(side: str) -> pl.Expr:
    """Return the variance of the amounts of one side, in currency units; of a lone deal, its amount squared.

    What a single win brought in says nothing of how far others lie from it: it is taken to be as unsure
    as it is large.
    """
    n, total, squares = (pl.col(f"{side}{c}").cast(pl.Float64) for c in MOMENTS)
    apart = ((squares - total**2 / n) / (n - 1)).clip(lower_bound=0.0)
    return pl.when(n > 1).then(apart).otherwise(squares) / money.MINOR**2


def _lone_error(worths: pl.DataFrame) -> float | None:
    """Return the error of the average of all wins: that of a group without any of its own."""
    one = worths.filter(pl.col("field") == pl.col("field").first())
    sums = one.select(pl.col(MOMENTS).sum())
    return sums.select((_spread("") / pl.col("amount_known")).sqrt()).item() if one.height else None


def priced(frame: pl.DataFrame, stages: int) -> pl.DataFrame:
    """Add conversion, reference, excess_lost, wins at stake and revenue at stake, with 95 % intervals.

    excess = n (reference - conversion); wins = excess x P(won | advanced, in the rest); revenue =
    wins x average won amount. Variance by the delta method over the three proportions, each with two
    cases added to either side so that 0 of 5 is not taken for certain, and, of revenue, over the average
    too (wins² x average_error²). A target (column `target`) is taken as known and is the reference.
    """
    n, p, q = pl.col("n"), pl.col("conversion"), pl.col("reference")
    after = pl.when(pl.col("rest_m") > 0).then(pl.col("rest_y") / pl.col("rest_m"))
    all_after = (pl.col("rest_y") + pl.col("y")) / (pl.col("rest_m") + pl.col("m"))
    fixed = "target" in frame.columns
    frame = frame.with_columns(
        conversion=intervals.rate("x", "n"),
        reference=pl.col("target") if fixed else intervals.rate("rest_x", "rest_n"),
        win_after=after.fill_null(all_after).fill_nan(None),
    )
    frame = frame.with_columns(excess_lost=n * (q - p)).with_columns(
        wins_at_stake=pl.col("excess_lost") * pl.col("win_after")
    )
    # After the last stage every deal that advanced is won by definition: nothing to be unsure of.
    sure = pl.col("stage_no").is_null() | (pl.col("stage_no") == stages)
    later = pl.when(sure).then(0.0).otherwise(_variance("rest_y", "rest_m"))
    theirs = pl.lit(0.0) if fixed else _variance("rest_x", "rest_n")
    spread = (pl.col("win_after") * n) ** 2 * (_variance("x", "n") + theirs)
    half = intervals.Z95 * (spread + pl.col("excess_lost") ** 2 * later).sqrt()
    frame = frame.with_columns(
        wins_low=pl.col("wins_at_stake") - half, wins_high=pl.col("wins_at_stake") + half
    )
    worth, wins = pl.col("average_won"), pl.col("wins_at_stake")
    spread = ((worth * half) ** 2 + (intervals.Z95 * wins * pl.col("average_error")) ** 2).sqrt()
    return frame.with_columns(
        revenue_at_stake=wins * worth, low=wins * worth - spread, high=wins * worth + spread
    )


def _variance(x: str, n: str) -> pl.Expr:
    hits, cases = pl.col(x) + 2, pl.col(n) + 4
    return hits * (cases - hits) / cases.cast(pl.Float64) ** 3


def judged(frame: pl.DataFrame) -> pl.DataFrame:
    """Add p, q over all comparisons made (both directions), and state.

    A comparison is made where both sides have at least 5 decided deals, whatever their outcome; against
    a target, where the group has. Column `times` multiplies p: how many the reference was the best of.
    state: "leak" (worse, q < 0.1), "better" (q < 0.1), "no difference", or "not enough data" (fewer than
    30 decided deals or an interval over 20 points, however small q: too little to say how large it is).
    """
    p = _p(frame)
    frame = frame.with_columns(
        pl.Series("p", p, nan_to_null=True), pl.Series("q", tests.benjamini_hochberg(p), nan_to_null=True)
    )
    low, high = intervals.wilson("x", "n")
    told = (pl.col("q") < FALSE_SHARE).fill_null(False)
    state = (
        pl.when(~intervals.enough(pl.col("n"), low, high) | pl.col("p").is_null())
        .then(pl.lit("not enough data"))
        .when(told & (pl.col("excess_lost") > 0))
        .then(pl.lit("leak"))
        .when(told)
        .then(pl.lit("better"))
        .otherwise(pl.lit("no difference"))
    )
    return frame.with_columns(state=state)


def _p(frame: pl.DataFrame) -> tests.Floats:
    """Return the p-value of each comparison made, NaN for the others."""
    fixed = "target" in frame.columns
    made = frame["n"] >= LEAST if fixed else (frame["n"] >= LEAST) & (frame["rest_n"] >= LEAST)
    x, n, rest_x, rest_n = (frame[c].set(~made, 0).to_numpy() for c in ("x", "n", "rest_x", "rest_n"))
    if fixed:
        return tests.one_proportion(x, n, frame["target"].to_numpy())
    p = tests.two_proportions(x, n, rest_x, rest_n)
    if "times" in frame.columns:
        p = np.minimum(1.0, p * frame["times"].to_numpy())
    return p


def ranked(frame: pl.DataFrame, first: Sequence[str] = ("field", "value", "stage_no")) -> pl.DataFrame:
    """Sort: leaks first, by the cautious end (never under 0) of what is at stake, then the rest."""
    money_known = pl.col("revenue_at_stake").is_not_null()
    cautious = pl.when(money_known).then(pl.col("low")).otherwise(pl.col("wins_low")).clip(lower_bound=0.0)
    stake = pl.when(money_known).then(pl.col("revenue_at_stake")).otherwise(pl.col("wins_at_stake"))
    order = [pl.col("state") == "leak", money_known, cautious, stake]
    return frame.sort([*order, *first], descending=[True] * 4 + [False] * len(first), nulls_last=True)
