"""Change explained: why won revenue, and the hit rate, differ between two periods or two groups.

Won revenue of a group = volume x its share of the deals x hit rate x priced x deal size, where priced is the
share of the won deals that carry an amount. The difference is shared out among the factors; the
parts are whole hundredths of the currency and add up to the difference exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.errors import N_, HitrateError
from data.slice import Slice
from metrics.definitions import Definition
from metrics.definitions import definition as find
from metrics.hit_rate import counted
from metrics.names import keyed, keys, named

if TYPE_CHECKING:
    from data.pipeline import Pipeline

Floats = NDArray[np.float64]
FACTORS = ("volume", "mix", "rate", "size", "priced")
LABELS = {
    "volume": N_("More or fewer deals"),
    "mix": N_("Which deals they were"),
    "rate": N_("Hit rate"),
    "size": N_("Deal size"),
    "priced": N_("Won deals without an amount"),
}


@dataclass(frozen=True)
class Change:
    """A difference, shared out.

    `groups`   one row per group: see `change`; amounts in hundredths of the currency.
    `before_minor`, `after_minor`  won revenue on both sides; null when currencies are mixed.
    `parts`    factor -> hundredths; they add up to after - before exactly. Empty when revenue is null.
    `before_rate`, `after_rate`    hit rates (0..1; null where nothing counts).
    `rate_mix`, `rate_within`      of the difference of the two rates: what the mix did, and what the groups'
                                   own rates did; they add up to it. Null when a rate is.
    `currency` of the amounts; `reason` why there is no revenue ("currencies"), else null.
    """

    groups: pl.DataFrame
    before_minor: int | None
    after_minor: int | None
    parts: dict[str, int]
    before_rate: float | None
    after_rate: float | None
    rate_mix: float | None
    rate_within: float | None
    currency: str | None
    reason: str | None


def change(
    pipeline: Pipeline, before: Slice, after: Slice, definition: str | Definition | None = None
) -> Change:
    """Return why won revenue and the hit rate differ between two slices, by the groups of `after`'s `by`.

    Each factor's part is its average effect over every order in which the factors could have changed
    (Shapley value), so no order is favoured. Without a breakdown there is no mix. A group that is there on
    one side only counts as volume and mix: it has the rate and deal size it shows. Columns of `groups`: the
    `by` fields; before_deals, after_deals (denominator), before_won, after_won, before_minor, after_minor,
    volume, mix, rate, size, priced (hundredths; null when currencies are mixed), change (their sum),
    rate_mix, rate_within. Definitions that count deals only: HitrateError for the others. Source: Shapley
    (1953), Shorrocks (2013); for the hit rate Kitagawa (1955).
    """
    chosen = find(definition, pipeline.meta.definitions)
    if (chosen.numerator.measure, chosen.denominator.measure) != ("deals", "deals"):
        raise HitrateError(
            N_("Not under this definition"),
            N_("A change can be explained under definitions that count deals, not under “{label}”."),
            N_("Choose won of decided deals."), label=chosen.label,
        )  # fmt: skip
    sides = [_side(pipeline, s.with_(by=after.by, grain=None), chosen) for s in (before, after)]
    by = keys(after.by)
    found = explained(joined(sides[0], sides[1], by), by)
    currencies = {c for side in sides for c in side.filter(pl.col("amount_known") > 0)["currency"]}
    return _reported(found, after.by, currencies)


def _side(pipeline: Pipeline, slice: Slice, chosen: Definition) -> pl.DataFrame:
    """Return per group and currency of its wins: cases, hits, won, amount_known, minor."""
    cells = keyed(counted(pipeline, slice, chosen), slice.by)
    by = keys(slice.by)
    own = pl.col("status").is_in(chosen.denominator.status)
    won = pl.col("status") == "won"
    return cells.group_by([*by, "currency"]).agg(
        cases=pl.col("deals").filter(own).sum(),
        won=pl.col("deals").filter(won).sum(),
        amount_known=pl.col("amount_known").filter(won).sum(),
        minor=pl.col("amount_minor").filter(won).sum(),
    )


SIDE = ("cases", "won", "amount_known", "minor")


def joined(before: pl.DataFrame, after: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return one row per group with `before_` and `after_` counts; 0 where it is not. Pure."""
    sides = []
    for name, side in (("before", before), ("after", after)):
        sums = [pl.col(c).sum().alias(f"{name}_{c}") for c in SIDE]
        sides.append(side.group_by(list(by)).agg(sums) if by else side.select(sums))
    if not by:
        return pl.concat(sides, how="horizontal")
    frame = sides[0].join(sides[1], on=list(by), how="full", coalesce=True, nulls_equal=True)
    return frame.with_columns(pl.exclude(by).fill_null(0)).sort(by, nulls_last=True)


def explained(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Add the parts of each group's change, in whole hundredths, and rate_mix and rate_within. Pure."""
    sides = [{c: frame[f"{s}_{c}"].to_numpy().astype(np.float64) for c in SIDE} for s in ("before", "after")]
    parts = shapley(factors(*sides), factors(*reversed(sides)))
    change = (frame["after_minor"] - frame["before_minor"]).to_numpy()
    whole = to_whole(parts, change)
    frame = frame.with_columns(pl.Series(name, whole[k], dtype=pl.Int64) for k, name in enumerate(FACTORS))
    mix, within = kitagawa(*sides)
    return frame.with_columns(
        pl.Series("change", change, dtype=pl.Int64),
        pl.Series("rate_mix", mix, nan_to_null=True),
        pl.Series("rate_within", within, nan_to_null=True),
    )


def factors(own: dict[str, Floats], other: dict[str, Floats]) -> Floats:
    """Return volume, share, rate, size, priced per group; one not defined is taken from the other side."""

    def over(top: str, bottom: str) -> Floats:
        none = np.zeros(own[top].shape)
        theirs = np.divide(other[top], other[bottom], out=none.copy(), where=other[bottom] > 0)
        return np.divide(own[top], own[bottom], out=theirs, where=own[bottom] > 0)

    total = own["cases"].sum()
    volume = np.full(own["cases"].shape, total)
    share = own["cases"] / total if total else other["cases"] / max(1.0, other["cases"].sum())
    return np.array(
        [volume, share, over("won", "cases"), over("minor", "amount_known"), over("amount_known", "won")]
    )


def shapley(before: Floats, after: Floats) -> Floats:
    """Return each factor's part of the difference of the products, averaged over all orders of change.

    Rows are factors, columns groups; the parts of a column add up to product(after) - product(before).
    """
    count = before.shape[0]
    parts = np.zeros(before.shape)
    for k in range(count):
        others = [j for j in range(count) if j != k]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for first in combinations(others, size):
                changed = np.isin(np.arange(count), first)
                mixed = np.where(changed[:, None], after, before)
                rest = np.prod(np.delete(mixed, k, axis=0), axis=0)
                parts[k] += weight * rest * (after[k] - before[k])
    return parts


def to_whole(parts: Floats, total: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round the parts of each column to whole numbers that add up to its total: largest remainder.

    What rounding leaves over goes to the parts that lost most by it, one hundredth each.
    """
    floor = np.floor(parts)
    whole = floor.astype(np.int64)
    left = total - whole.sum(axis=0)
    order = np.argsort(-(parts - floor), axis=0, kind="stable")
    place = np.argsort(order, axis=0, kind="stable")
    count = parts.shape[0]
    whole += left // count + (place < left % count)
    return whole


def kitagawa(before: dict[str, Floats], after: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Return per group what its share and its rate add to the difference of the overall hit rates.

    mix = (share after - share before) x (mean of its rates - mean of the overall rates); within = mean
    share x (rate after - rate before). NaN where a side has no cases.
    """
    totals = [side["cases"].sum() for side in (before, after)]
    if min(totals) == 0:
        none = np.full(before["cases"].shape, np.nan)
        return none, none
    shares = [side["cases"] / total for side, total in zip((before, after), totals, strict=True)]
    rates = [factors(before, after)[2], factors(after, before)[2]]
    overall = sum(side["won"].sum() / total for side, total in zip((before, after), totals, strict=True)) / 2
    mix = (shares[1] - shares[0]) * ((rates[0] + rates[1]) / 2 - overall)
    return mix, (shares[0] + shares[1]) / 2 * (rates[1] - rates[0])


def _reported(found: pl.DataFrame, by: Sequence[str], currencies: set[str | None]) -> Change:
    mixed = len(currencies) > 1
    hundredths = ("before_minor", "after_minor", *FACTORS, "change")
    sums = {c: None if mixed else int(found[c].sum()) for c in hundredths}
    before, after = _rate(found, "before"), _rate(found, "after")
    told = before is not None and after is not None
    groups = found.rename({"before_cases": "before_deals", "after_cases": "after_deals"})
    groups = groups.drop("before_amount_known", "after_amount_known")
    if mixed:
        groups = groups.with_columns(pl.lit(None, pl.Int64).alias(c) for c in hundredths)
    order = pl.col("change").abs() if not mixed else pl.col("after_deals")
    return Change(
        named(groups.sort(order, descending=True, maintain_order=True), by),
        sums["before_minor"], sums["after_minor"],
        {} if mixed else {name: sums[name] or 0 for name in FACTORS},
        before, after,
        float(found["rate_mix"].sum()) if told else None,
        float(found["rate_within"].sum()) if told else None,
        next(iter(currencies)) if len(currencies) == 1 else None,
        "currencies" if mixed else None,
    )  # fmt: skip


def _rate(found: pl.DataFrame, side: str) -> float | None:
    cases = int(found[f"{side}_cases"].sum())
    return int(found[f"{side}_won"].sum()) / cases if cases else None
