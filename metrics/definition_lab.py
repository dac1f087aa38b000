"""The same deals under every definition of a hit rate; and whether "A beats B" survives all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from data.errors import N_
from data.meta import Meta
from data.slice import Slice
from metrics.definitions import PRESETS, Definition
from metrics.definitions import definition as find
from metrics.hit_rate import counted, has_lost, summarise
from metrics.matured import aged, at_horizon, checked, usual_horizon
from metrics.stale import counted_stale_lost, limits, pairs
from metrics.stats import intervals

if TYPE_CHECKING:
    from data.pipeline import Pipeline

MATURED = "matured"
MATURED_LABEL = N_("Won in time")
MATURED_FORMULA = N_("won within {days} days of creation, open deals neither won nor lost")
MATURED_READING = N_("Of the deals created in this period, this share is won within {days} days.")
LAB = {
    "name": pl.String,
    "label": pl.String,
    "formula": pl.String,
    "reading": pl.String,
    "days": pl.Int64,
    "basis": pl.String,
    "chosen": pl.Boolean,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "by_value": pl.Boolean,
    "open": pl.Int64,
    "rate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "enough": pl.Boolean,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Spread:
    """How far the definitions lie apart on the same deals.

    `lowest`, `highest`  rows of the lab, by column name.
    `difference`         highest rate - lowest rate (0.05 is five points).
    `counted`            definitions that give a rate.
    """

    lowest: dict[str, Any]
    highest: dict[str, Any]
    difference: float
    counted: int


@dataclass(frozen=True)
class Verdict:
    """Whether one group is ahead of another whatever the definition.

    `a`, `b`, `equal`       readings (definition, stale deals open or lost) under which A, B or neither is
    ahead. `settled_a`, `settled_b`  of these, readings whose interval leaves no doubt. `untold`
    readings without a rate on both sides. `ahead`                 "a" or "b" where one is never behind and
    ahead at least once, else null.
    """

    a: int
    b: int
    equal: int
    settled_a: int
    settled_b: int
    untold: int
    ahead: str | None


def definition_lab(
    pipeline: Pipeline, slice: Slice, horizon: int | None = None, chosen: str | None = None
) -> pl.DataFrame:
    """Return the hit rate of one slice under every definition, one row each, in the order of the presets.

    Every definition cuts the period by its own date, but the chosen one (the workspace's when not named)
    by the slice's, as on the other pages. Columns out: name, label, formula, reading (English templates;
    `days` fills the gap), days (horizon of "matured", else null), basis (created or closed), chosen,
    numerator, denominator (deals, or currency units where by_value; of "matured" all dated deals, and no
    numerator), by_value, open (deals in the slice still open), rate, low, high (0..1), enough, reason (a key
    of REASONS where there is no rate). Breakdowns of the slice are ignored.
    """
    mark = find(chosen, pipeline.meta.definitions).name
    rows = readings(pipeline, slice, horizon, mark)
    return pl.DataFrame(rows, schema=LAB, orient="row")


def spread(lab: pl.DataFrame) -> Spread | None:
    """Return the lowest and highest row of a lab; null with fewer than two rates."""
    told = lab.drop_nulls("rate").sort("rate", maintain_order=True)
    if told.height < 2:
        return None
    low, high = told.row(0, named=True), told.row(-1, named=True)
    return Spread(low, high, high["rate"] - low["rate"], told.height)


def readings(
    pipeline: Pipeline, slice: Slice, horizon: int | None, chosen: str | None = None, stale_lost: bool = False
) -> list[dict[str, Any]]:
    """Return one row of LAB per definition, with stale open deals as they are or counted as lost."""
    plain = slice.with_(by=(), grain=None)
    if not stale_lost:
        plain = plain.with_(stale=None)
    count = counted_stale_lost if stale_lost else counted
    cells: dict[str, pl.DataFrame] = {}
    rows = []
    for preset in PRESETS:
        basis = plain.basis if preset.name == chosen and preset.follows else preset.basis
        cut = basis if plain.start or plain.end else "none"  # with no period the date does not matter
        if cut not in cells:
            cells[cut] = count(pipeline, plain.with_(basis=basis))
        rows.append(_row(cells[cut], preset, pipeline.meta, plain, basis) | {"chosen": preset.name == chosen})
    return [*rows, _matured_row(aged(pipeline, plain, stale_lost), horizon)]


def _row(cells: pl.DataFrame, preset: Definition, meta: Meta, slice: Slice, basis: str) -> dict[str, Any]:
    frame = summarise(cells, [], preset, meta.definitions, meta.has_contact, has_lost(meta))
    found = frame.row(0, named=True)
    own = {name: found[name] for name in LAB if name in found}
    row = {"days": None, **own, "basis": basis, "by_value": preset.by_value}
    dated = meta.has_created if basis == "created" else meta.has_closed
    if not dated and (slice.start or slice.end):
        row |= {"rate": None, "low": None, "high": None, "enough": False, "reason": "no date"}
    return row | {n: getattr(preset, n) for n in ("name", "label", "formula", "reading")}


def _matured_row(cells: pl.DataFrame, horizon: int | None) -> dict[str, Any]:
    days = usual_horizon(cells) if horizon is None else checked(horizon)
    found = at_horizon(cells, [], days).row(0, named=True)
    own = {name: found[name] for name in ("open", "rate", "low", "high", "enough", "reason")}
    texts = {"label": MATURED_LABEL, "formula": MATURED_FORMULA, "reading": MATURED_READING}
    return {
        "name": MATURED, "days": days, "basis": "created", "chosen": False, "numerator": None,
        "denominator": found["deals"] - found["undated"], "by_value": False, **own, **texts,
    }  # fmt: skip


def robustness(pipeline: Pipeline, a: Slice, b: Slice, horizon: int | None = None) -> pl.DataFrame:
    """Return, for two groups or two periods, who is ahead under every definition, stale deals open and lost.

    Columns out, one row per definition and `stale_lost`: name, label, formula, days, stale_lost; rate_a,
    rate_b (0..1), cases_a, cases_b (denominators); difference = rate_a - rate_b with low, high (95 %, from
    the two intervals; null by value); ahead ("a", "b", "equal"; null without two rates); settled (the
    interval leaves out 0). One horizon holds for both. See `verdict`.
    Source: Newcombe (1998); Zou and Donner (2008), for intervals that are not Wilson's.
    """
    if horizon is None:
        horizon = usual_horizon(aged(pipeline, Slice(pipeline=a.pipeline)))
    parts = []
    known = {name: pairs(limits(pipeline, name)) for name in {a.pipeline, b.pipeline}}
    both = [side.with_(stale=known[side.pipeline]) for side in (a, b)]
    for stale_lost in (False, True):
        sides = [
            pl.DataFrame(readings(pipeline, side, horizon, None, stale_lost), schema=LAB, orient="row")
            for side in both
        ]
        parts.append(set_against(*sides).with_columns(stale_lost=pl.lit(stale_lost)))
    own = ("name", "label", "formula", "days", "stale_lost", "rate_a", "rate_b", "cases_a", "cases_b")
    return pl.concat(parts).select(*own, "difference", "low", "high", "ahead", "settled")


def set_against(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Set two labs against each other, definition by definition. Pure."""
    parts = ["rate", "low", "high"]
    sides = [
        lab.select(
            *(pl.col(c).alias(f"{c}_{side}") for c in parts), pl.col("denominator").alias(f"cases_{side}")
        )
        for lab, side in ((a, "a"), (b, "b"))
    ]
    frame = pl.concat([a.select("name", "label", "formula", "days"), *sides], how="horizontal")
    low, high = intervals.newcombe("rate_a", "low_a", "high_a", "rate_b", "low_b", "high_b")
    gap = pl.col("rate_a") - pl.col("rate_b")
    ahead = (
        pl.when(gap > 0)
        .then(pl.lit("a"))
        .when(gap < 0)
        .then(pl.lit("b"))
        .when(gap == 0)
        .then(pl.lit("equal"))
    )
    frame = frame.with_columns(difference=gap, low=low, high=high, ahead=ahead)
    return frame.with_columns(settled=((pl.col("low") > 0) | (pl.col("high") < 0)).fill_null(False))


def verdict(strip: pl.DataFrame) -> Verdict:
    """Add up a robustness strip: under how many readings each is ahead, and whether one always is."""
    n = {side: strip.filter(pl.col("ahead") == side).height for side in ("a", "b", "equal")}
    sure = {side: strip.filter((pl.col("ahead") == side) & pl.col("settled")).height for side in "ab"}
    ahead = "a" if n["a"] and not n["b"] else "b" if n["b"] and not n["a"] else None
    untold = strip["ahead"].null_count()
    return Verdict(n["a"], n["b"], n["equal"], sure["a"], sure["b"], untold, ahead)
