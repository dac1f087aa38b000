"""Whether deals that were pushed are won less, or more, often than those that never were."""

from __future__ import annotations

import polars as pl

from metrics.stats import intervals


def ever_pushed(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the odds of deals pushed at least once beside those never pushed; one row.

    Columns in: as of `by_pushes`. Columns out, for `never` and `pushed` each: <side>_won, <side>_decided (won
    + lost), <side>_rate (0..1, null where none was decided), <side>_low, <side>_high (95 % Wilson); then
    difference (pushed - never), difference_low, difference_high (95 % Newcombe), and enough (30 decided deals
    on both sides). A deal that lives longer has more time to be pushed: a difference is no proof that
    pushing makes it. Source: Newcombe (1998), method 10.
    """
    sides = {"never": pl.col("pushes") == "0", "pushed": pl.col("pushes") != "0"}
    row = counts.select(
        total.filter(own).sum().alias(f"{side}_{name}")
        for side, own in sides.items()
        for name, total in (("won", pl.col("won")), ("decided", pl.col("won") + pl.col("lost")))
    )
    for side in sides:
        low, high = intervals.wilson(f"{side}_won", f"{side}_decided")
        share = intervals.rate(f"{side}_won", f"{side}_decided")
        row = row.with_columns(
            share.alias(f"{side}_rate"), low.alias(f"{side}_low"), high.alias(f"{side}_high")
        )
    ends = [f"{side}_{end}" for side in ("pushed", "never") for end in ("rate", "low", "high")]
    low, high = intervals.newcombe(*ends)
    least = pl.min_horizontal("never_decided", "pushed_decided") >= intervals.ENOUGH_CASES
    return row.with_columns(
        (pl.col("pushed_rate") - pl.col("never_rate")).alias("difference"),
        low.alias("difference_low"),
        high.alias("difference_high"),
        least.alias("enough"),
    )
