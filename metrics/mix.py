"""Mix-adjusted hit rates: what a group would win had it the mix of deals that all groups together have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from data.cells.names import resolve
from data.errors import N_, HitrateError
from data.meta import Meta
from data.slice import Slice
from metrics.definitions import Definition
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.leak_fields import telltales
from metrics.names import keyed, keys, named
from metrics.stats import intervals
from metrics.stats.standard import indirect

if TYPE_CHECKING:
    from data.pipeline import Pipeline

PROPOSED = ("source", "customer_type", "company_size")
THIN = 20  # cases below which a stratum's own rate is noise; such strata are taken together
COMPARED = 30  # cases of each group before a change of order is spoken of
MOST = 200  # groups among which a change of order is looked for: pairs grow with the square
OUTCOMES = frozenset({
    "status", "stage", "stage_no", "last_no", "furthest_no", "visited_mask", "reopened", "closed_s",
    "closed_month", "lost_reason", "status_reason", "forecast_category", "probability", "competitor",
    "last_activity_s",
})  # fmt: skip
FRAME = (
    "deals", "won", "rate", "low", "high", "expected", "ratio", "ratio_low", "ratio_high",
    "adjusted", "adjusted_low", "adjusted_high", "shared", "enough",
)  # fmt: skip


@dataclass(frozen=True)
class MixReport:
    """Raw and mix-adjusted rates, and what they rest on.

    `frame`      one row per group: see `mix_adjusted`.
    `strata`     one row per combination of the fields: the fields, deals, won, rate, thin.
    `reversals`  pairs whose order the mix turns round: see `reversals`.
    `overall`    the rate of all groups together (0..1; null where nothing counts).
    `fields`     columns adjusted for; `labels` their headers in the file.
    `thin`       combinations with too few deals for a rate of their own, taken together as one stratum.
    `thin_share` share of all deals in those.
    """

    frame: pl.DataFrame
    strata: pl.DataFrame
    reversals: pl.DataFrame
    overall: float | None
    fields: tuple[str, ...]
    labels: tuple[str, ...]
    thin: int
    thin_share: float


def proposed(meta: Meta, by: Sequence[str] = ()) -> list[str]:
    """Return the fields to adjust for unless told otherwise: source, customer type and size, where known."""
    known = {d.column for d in meta.dimensions if d.role == "dimension" and d.values > 1}
    return [name for name in PROPOSED if name in known and name not in by]


def mix_adjusted(
    pipeline: Pipeline,
    slice: Slice,
    fields: Sequence[str] | None = None,
    definition: str | Definition | None = None,
) -> MixReport:
    """Return the hit rate of each group of the slice's `by`, adjusted for the mix of its deals.

    Indirect standardisation: expected = sum over strata (combinations of `fields`, blank is a value) of the
    group's deals x the rate of that stratum over all groups; adjusted = observed / expected x overall
    rate. Strata under 20 deals are taken together, so that expected wins add up to all wins.
    Columns of `frame`: the `by` fields; deals (denominator), won (numerator), rate, low, high (raw, Wilson);
    expected (wins); ratio = won / expected, ratio_low, ratio_high; adjusted, adjusted_low, adjusted_high
    (0..1, 95 % exact); shared (share of its deals in strata other groups have too); enough (30 deals, 20
    points, and at least half shared). Best adjusted rate first.
    Raises HitrateError for a field known only because of how a deal ended, one that is also the
    breakdown, no field at all, and a definition by value.
    """
    chosen = find(definition, pipeline.meta.definitions)
    if chosen.by_value:
        raise HitrateError(
            N_("Not by value"),
            N_("A rate by value cannot be adjusted for the mix: it has no number of cases."),
            N_("Choose a definition that counts deals."),
        )
    asked = proposed(pipeline.meta, slice.by) if fields is None else list(fields)
    columns = checked_fields(pipeline, asked, slice.by)
    cells = counted(pipeline, slice.with_(by=(*slice.by, *columns), grain=None), chosen)
    refuse_telltales(cells, columns, pipeline.meta)
    inner = keys([*slice.by, *columns])
    split = len(slice.by)
    stated = pipeline.meta.definitions
    told = (pipeline.meta.has_contact, has_lost(pipeline.meta))
    table = summarise(keyed(cells, [*slice.by, *columns]), inner, chosen, stated, *told)
    counts = table.select(*inner, hits="numerator", cases="denominator").filter(pl.col("cases") > 0)
    return report(counts, slice.by, columns, pipeline.meta, inner[:split], inner[split:])


def checked_fields(pipeline: Pipeline, fields: Sequence[str], by: Sequence[str]) -> list[str]:
    """Return the columns of the fields; HitrateError for one that cannot be a stratum."""
    groups = {resolve(pipeline, name) for name in by}
    found: dict[str, None] = {}
    for name in fields:
        column = resolve(pipeline, name)
        known = pipeline.meta.dimension(column)
        if column in OUTCOMES or (known is not None and known.role == "outcome"):
            raise outcome(pipeline.meta.labels.get(column, name))
        if column in groups:
            raise HitrateError(
                N_("Broken down and adjusted by the same field"),
                N_("“{name}” is the breakdown: adjusted for itself, every group would look alike."),
                N_("Choose another field to adjust for."),
                name=name,
            )
        found[column] = None
    if not found:
        raise HitrateError(
            N_("Nothing to adjust for"),
            N_("No field was chosen, and the data hold none of the usual ones."),
            N_("Choose at least one field, such as the lead source."),
        )
    return list(found)


def outcome(name: str) -> HitrateError:
    return HitrateError(
        N_("Not a field to adjust for"),
        N_("“{name}” is only known because of how a deal ended: adjusting for it would hide the difference."),
        N_("Choose a field that was known when the deal began."),
        name=name,
    )


def refuse_telltales(cells: pl.DataFrame, columns: Sequence[str], meta: Meta) -> None:
    """Raise HitrateError for a field that is filled in mostly on deals that ended one way."""
    parts = [
        cells.select(field=pl.lit(c), value=pl.col(c).cast(pl.String), status="status", deals="deals")
        for c in columns
    ]
    for field in telltales(pl.concat(parts)):
        raise outcome(meta.labels.get(field, field))


def report(
    counts: pl.DataFrame,
    by: Sequence[str],
    fields: Sequence[str],
    meta: Meta,
    group: list[str],
    stratum: list[str],
) -> MixReport:
    """Return the report from hits and cases per group and stratum. Pure."""
    marked, strata = with_standard(counts, stratum)
    total = counts.select(pl.col("hits", "cases").sum()).row(0)
    overall = total[0] / total[1] if total[1] else None
    frame = adjusted(marked, group, overall)
    thin = strata.filter(pl.col("thin"))
    turned = reversals(marked, frame, group, stratum)
    return MixReport(
        named(frame, by),
        named(strata.rename(dict(zip(stratum, keys(fields), strict=True))), fields),
        turned,
        overall,
        tuple(fields),
        tuple(meta.labels.get(f, f) for f in fields),
        thin.height,
        thin["deals"].sum() / total[1] if total[1] else 0.0,
    )


def with_standard(counts: pl.DataFrame, stratum: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add `standard`, the rate of each stratum over all groups, and `place`, its number; and list the strata.

    Thin strata have one number and one rate together, unless that too is thin: then the overall one.
    """
    strata = counts.group_by(stratum).agg(deals=pl.col("cases").sum(), won=pl.col("hits").sum())
    strata = strata.sort(["deals", *stratum], descending=[True] + [False] * len(stratum), nulls_last=True)
    strata = strata.with_columns(thin=pl.col("deals") < THIN).with_columns(
        place=pl.when("thin").then(-1).otherwise(pl.int_range(pl.len())), rate=pl.col("won") / pl.col("deals")
    )
    marked = counts.join(strata.select(*stratum, "place"), on=stratum, nulls_equal=True)
    over = [pl.col(c).sum().over("place").alias(f"all_{c}") for c in ("hits", "cases")]
    marked = marked.with_columns(over).with_columns(standard=pl.col("all_hits") / pl.col("all_cases"))
    return marked, strata.select(*stratum, "deals", "won", "rate", "thin")


def adjusted(marked: pl.DataFrame, group: list[str], overall: float | None) -> pl.DataFrame:
    """Return the frame of `mix_adjusted`, best adjusted rate first. Pure."""
    group_by = group or ["one"]
    marked = marked.with_columns(one=pl.lit(0))
    own = pl.col("cases").sum().over([*group_by, "place"])
    shares = (
        marked.with_columns(other=pl.col("all_cases") - own)
        .group_by(group_by)
        .agg(shared=pl.col("cases").filter(pl.col("other") > 0).sum() / pl.col("cases").sum())
    )
    frame = indirect(marked, group_by).join(shares, on=group_by, nulls_equal=True)
    frame = frame.rename({"observed": "won", "cases": "deals"})
    low, high = intervals.wilson("won", "deals")
    whole = pl.lit(overall, pl.Float64)
    ends = {f"adjusted{end}": (pl.col(f"ratio{end}") * whole).clip(0.0, 1.0) for end in ("", "_low", "_high")}
    frame = frame.with_columns(rate=intervals.rate("won", "deals"), low=low, high=high, **ends)
    told = intervals.enough(pl.col("deals"), pl.col("adjusted_low"), pl.col("adjusted_high"))
    frame = frame.with_columns(enough=told & (pl.col("shared") >= 0.5))
    order = ["adjusted", "deals", *group]
    return frame.select(*group, *FRAME).sort(
        order, descending=[True, True] + [False] * len(group), nulls_last=True
    )


def reversals(
    marked: pl.DataFrame, frame: pl.DataFrame, group: list[str], stratum: list[str]
) -> pl.DataFrame:
    """Return the pairs of groups whose order the mix turns round (Simpson's paradox), largest turn first.

    Columns out: better, worse (group names; better by the adjusted rate, both with 30 deals or more);
    better_rate, worse_rate (raw), better_adjusted, worse_adjusted; the stratum that explains most of it:
    stratum (its values), better_share, worse_share (share of the deals of each in it), stratum_rate. It is
    the one that sets the expected rates furthest apart. Pure.
    """
    name = pl.concat_str(
        [pl.col(g).cast(pl.String).fill_null("-") for g in group] or [pl.lit("")], separator=" × "
    )
    many = frame.filter(pl.col("deals") >= COMPARED).with_columns(name=name).top_k(MOST, by="deals")
    sides = [
        many.select(
            pl.col("name").alias(s), rate.alias(f"{s}_rate"), pl.col("adjusted").alias(f"{s}_adjusted")
        )
        for s, rate in (("better", pl.col("rate")), ("worse", pl.col("rate")))
    ]
    pairs = (
        sides[0]
        .join(sides[1], how="cross")
        .filter(
            (pl.col("better_adjusted") > pl.col("worse_adjusted"))
            & (pl.col("better_rate") < pl.col("worse_rate"))
        )
    )
    turn = (pl.col("better_adjusted") - pl.col("worse_adjusted")) + (
        pl.col("worse_rate") - pl.col("better_rate")
    )
    pairs = pairs.sort(turn, descending=True, maintain_order=True).head(50)
    label = pl.concat_str([pl.col(s).cast(pl.String).fill_null("-") for s in stratum], separator=" × ")
    mixes = marked.with_columns(name=name, stratum=label).group_by("name", "place").agg(
        pl.col("cases").sum(), pl.col("standard").first(),
        stratum=pl.when(pl.col("place").first() >= 0).then(pl.col("stratum").first()),
    )  # fmt: skip
    mixes = mixes.with_columns(share=pl.col("cases") / pl.col("cases").sum().over("name"))
    return _explained(pairs, mixes)


def _explained(pairs: pl.DataFrame, mixes: pl.DataFrame) -> pl.DataFrame:
    """Add to each pair the stratum that sets the expected rates of the two furthest apart."""
    every = mixes.group_by("place").agg(pl.col("stratum").first(), pl.col("standard").first())
    middle = mixes.select((pl.col("cases") * pl.col("standard")).sum() / pl.col("cases").sum()).item()
    shares = mixes.select("name", "place", "share")
    frame = pairs.join(every, how="cross")
    for side in ("better", "worse"):
        own = shares.rename({"name": side, "share": f"{side}_share"})
        frame = frame.join(own, on=[side, "place"], how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("better_share", "worse_share").fill_null(0.0))
    lift = (pl.col("worse_share") - pl.col("better_share")) * (pl.col("standard") - (middle or 0.0))
    best = frame.with_columns(lift=lift).filter(
        pl.col("lift") == pl.col("lift").max().over("better", "worse")
    )
    best = best.unique(["better", "worse"], keep="first", maintain_order=True)
    rates = ("better_rate", "worse_rate", "better_adjusted", "worse_adjusted")
    shown = ("better", "worse", *rates, "stratum", "better_share", "worse_share")
    return best.select(*shown, stratum_rate="standard")
