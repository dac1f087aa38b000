"""Which fields to adjust a comparison for, and what a group's mix favours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import stats

from data.errors import HitrateError
from data.slice import Slice
from metrics.definitions import Definition
from metrics.hit_rate import counted, rates
from metrics.mix import OUTCOMES, MixReport, mix_adjusted, proposed
from metrics.names import keyed, keys
from metrics.ranking import EXACT, SURE
from metrics.stats import intervals, shrinkage, tests

if TYPE_CHECKING:
    from data.pipeline import Pipeline

PEOPLE = frozenset({"owner", "team", "account"})  # who works on a deal is not what kind of deal it is
MANY = 30  # values above which a field's strata are mostly thin
MOVES = 0.005  # half a point: the mean shift below which a field's mix does not matter
THIN_SHARE = 0.1  # share of deals in thin strata that a further field may cost
SHARED = 0.9  # share of deals in strata that other groups have too
MOST = 3
ONE_VALUE = 0.95  # of all deals: their group has no other value of the field to speak of


def telling_fields(pipeline: Pipeline, slice: Slice, definition: str | Definition | None = None) -> list[str]:
    """Return the fields whose mix moves the comparison of the slice's `by` most, at most three of them.

    A field counts when adjusting for it alone moves the groups' rates by half a point or more (mean over
    deals). They are taken largest first, as long as nine in ten deals stay in strata of 20 deals or
    more. Fields of who worked on a deal, outcomes, fields of over 30 values, and those that a group has one
    value of (a seller's manager: a fact of the group, not of its mix) are not considered. Where no field
    counts: `metrics.mix.proposed`. Source: change in estimate, Greenland (1989).
    """
    meta = pipeline.meta
    able = [d.column for d in meta.dimensions if d.role == "dimension" and 1 < d.values <= MANY]
    found: list[tuple[float, str]] = []
    for field in able:
        if field in slice.by or field in PEOPLE or field in OUTCOMES:
            continue
        report = _tried(pipeline, slice, [field], definition)
        if report and (moved := shift(report)) >= MOVES and not of_group(pipeline, slice, field):
            found.append((moved, field))
    chosen: list[str] = []
    for _moved, field in sorted(found, key=lambda pair: (-pair[0], pair[1])):
        tried = _tried(pipeline, slice, [*chosen, field], definition) if len(chosen) < MOST else None
        if tried and tried.thin_share <= THIN_SHARE and together(tried) >= SHARED:
            chosen.append(field)
    return chosen or proposed(meta, slice.by)


def of_group(pipeline: Pipeline, slice: Slice, field: str) -> bool:
    """Return True where nearly all deals of each group of the slice's `by` have one value of the field."""
    both = (*slice.by, field)
    cells = keyed(counted(pipeline, slice.with_(by=both, grain=None)), both)
    deals = cells.group_by(keys(both)).agg(pl.col("deals").sum())
    group = keys(slice.by)
    top = deals.group_by(group).agg(pl.col("deals").max()) if group else deals.select(pl.col("deals").max())
    return float(top["deals"].sum()) >= ONE_VALUE * float(deals["deals"].sum())


def _tried(
    pipeline: Pipeline, slice: Slice, fields: Sequence[str], definition: str | Definition | None
) -> MixReport | None:
    try:
        return mix_adjusted(pipeline, slice, fields, definition)
    except HitrateError:  # a field that tells the outcome, or a rate by value: nothing to propose
        return None


def shift(report: MixReport) -> float:
    """Return by how much (0..1) the adjustment moves the rate of a deal's group, mean over all deals."""
    moved = (pl.col("adjusted") - pl.col("rate")).abs() * pl.col("deals")
    total = int(report.frame["deals"].sum())
    return float(report.frame.select(moved.sum()).item() or 0.0) / total if total else 0.0


def together(report: MixReport) -> float:
    """Return the share of all deals that lie in strata other groups have too."""
    total = int(report.frame["deals"].sum())
    return float((report.frame["shared"] * report.frame["deals"]).sum() or 0.0) / total if total else 0.0


def favours(
    pipeline: Pipeline,
    slice: Slice,
    value: str | None,
    fields: Sequence[str],
    definition: str | Definition | None = None,
) -> pl.DataFrame:
    """Return what the mix of one group (`value` of the slice's one `by`) does to its rate, strongest first.

    One row per value of each field. Columns out: field, value, own_share and share (of the group's, and of
    all deals that count; 0..1), rate (of all deals of that value, 0..1), lift = (own_share - share) x (rate
    - overall rate): what this value alone adds to the expected rate. Null rates are left out.
    """
    group = slice.with_(where=(*slice.where, (slice.by[0], (value,))))
    overall = rates(pipeline, slice.with_(by=()), definition)["rate"].item()
    parts = []
    for field in fields:
        own, every = (
            rates(pipeline, s.with_(by=(field,)), definition).select(
                value=pl.nth(0).cast(pl.String), cases="denominator", rate="rate"
            )
            for s in (group, slice)
        )
        own = own.select("value", own="cases")
        joined = every.join(own, on="value", how="left", nulls_equal=True).with_columns(
            pl.col("own").fill_null(0)
        )
        parts.append(
            joined.drop_nulls("rate").select(
                pl.lit(field).alias("field"), "value",
                own_share=pl.col("own") / pl.col("own").sum(),
                share=pl.col("cases") / pl.col("cases").sum(), rate="rate",
            )
        )  # fmt: skip
    frame = pl.concat(parts).with_columns(
        lift=(pl.col("own_share") - pl.col("share")) * (pl.col("rate") - pl.lit(overall, pl.Float64))
    )
    return frame.fill_nan(None).sort(
        pl.col("lift").abs(), descending=True, nulls_last=True, maintain_order=True
    )


def held(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame of a MixReport with which groups differ, as they are and with the mix taken out.

    Further columns out: raw_side (the group against all others together) and fair_side (its wins against
    those expected of its mix): "better", "worse" or "same"; each corrected over the groups, so that in 19 of
    20 tables without differences nobody is marked. "same" where a group has too few deals to conclude
    from, and fair_side where too little is shared to compare. Source: exact binomial and two-proportion
    tests; Holm (1979).
    """
    x, n = frame["won"].to_numpy(), frame["deals"].to_numpy()
    expected = frame["expected"].fill_null(0.0).to_numpy()
    chance = np.clip(np.divide(expected, n, out=np.zeros(n.size), where=n > 0), 0.0, 1.0)
    fair = np.minimum(1.0, 2 * np.minimum(stats.binom.cdf(x, n, chance), stats.binom.sf(x - 1, n, chance)))
    raw = tests.two_proportions(x, n, x.sum() - x, n.sum() - n, small=EXACT)
    # x / n above all the others' rate, without dividing by what may be nobody
    up = {"raw_side": x * (n.sum() - n) > (x.sum() - x) * n, "fair_side": x > expected}
    sides = []
    for name, p in (("raw_side", raw), ("fair_side", fair)):
        sure = shrinkage.holm(np.nan_to_num(p, nan=1.0)) < SURE
        sides.append(pl.Series(name, np.where(sure, np.where(up[name], "better", "worse"), "same")))
    many = intervals.enough(pl.col("deals"), pl.col("low"), pl.col("high"))
    comparable = pl.col("enough") & (pl.col("deals").count() > 1)
    return frame.with_columns(sides).with_columns(
        raw_side=pl.when(many).then("raw_side").otherwise(pl.lit("same")),
        fair_side=pl.when(comparable).then("fair_side").otherwise(pl.lit("same")),
    )
