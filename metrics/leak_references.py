"""What a group's step is set against: the rest, the best comparable group, an earlier period, or a target.

Each function takes `leak_tests.steps` (x of n advanced, y of m of those later won) and adds rest_x, rest_n,
rest_y, rest_m of the reference, reference_value (its name, where it is a group), and, where they apply,
target and times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from data.cells import flow
from data.errors import N_, HitrateError
from data.slice import Slice
from metrics.names import keyed
from metrics.stats import intervals

if TYPE_CHECKING:
    from data.pipeline import Pipeline

Reference = Literal["rest", "best", "before", "target"]
GROUP = ["field", "value"]
JOIN = "\x1f"  # between the two fields of a pair, and between their values; in no text of a file
SIDES = ("x", "n", "y", "m")
LABELS = {
    "rest": N_("All other deals"),
    "best": N_("The best comparable group"),
    "before": N_("The same group in the period before"),
    "target": N_("The target"),
}


@dataclass(frozen=True)
class StepTarget:
    """A step conversion to reach (0..1), of a stage, field or value; null is any. The most specific holds."""

    rate: float
    stage: int | None = None
    field: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise HitrateError(
                N_("Not a target"),
                N_("A target is a rate from 0 to 100 %."),
                N_("Write it as 0.25 for 25 %."),
            )


def against_rest(groups: pl.DataFrame) -> pl.DataFrame:
    """Add the rest of the pipeline: all other deals, those with a blank included."""
    over = ["field", "stage_no"]
    rest = [(pl.col(c).sum().over(over) - pl.col(c)).alias(f"rest_{c}") for c in SIDES]
    return groups.with_columns(*rest, reference_value=pl.lit(None, pl.String)).drop_nulls("value")


def against_best(groups: pl.DataFrame) -> pl.DataFrame:
    """Add the best comparable group: of the same field, 30 decided deals, and the highest cautious end.

    `times` is how many groups it was the best of: p is multiplied by it, since the best of many is partly
    luck. The best group itself has nothing above it and is left out.
    """
    low, _ = intervals.wilson("x", "n")
    over = ["field", "stage_no"]
    able = groups.drop_nulls("value").filter(pl.col("n") >= intervals.ENOUGH_CASES)
    best = able.with_columns(low=low).sort("low", "n", *GROUP, descending=[True, True, False, False])
    best = best.unique(over, keep="first", maintain_order=True).select(
        *over, reference_value="value", **{f"rest_{c}": c for c in SIDES}
    )
    many = able.group_by(over).agg(times=pl.len().cast(pl.Int64))
    frame = groups.drop_nulls("value").join(best, on=over, how="inner", nulls_equal=True)
    frame = frame.join(many, on=over, nulls_equal=True).filter(pl.col("value") != pl.col("reference_value"))
    own = (pl.col("n") >= intervals.ENOUGH_CASES).cast(pl.Int64)
    return frame.with_columns(times=(pl.col("times") - own).clip(lower_bound=1))


def against_earlier(groups: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Add the same group's step in an earlier period; zeros where it was not there."""
    then = earlier.select(*GROUP, "stage_no", **{f"rest_{c}": c for c in SIDES})
    frame = groups.drop_nulls("value").join(then, on=[*GROUP, "stage_no"], how="left", nulls_equal=True)
    return frame.with_columns(
        *(pl.col(f"rest_{c}").fill_null(0) for c in SIDES), reference_value=pl.lit(None, pl.String)
    )


def against_targets(groups: pl.DataFrame, targets: Sequence[StepTarget]) -> pl.DataFrame:
    """Add `target` to the steps that have one; leave out the others. What is won later is as in the rest."""
    target = pl.lit(None, pl.Float64)
    for aim in sorted(targets, key=lambda t: (t.value is not None, t.field is not None, t.stage is not None)):
        here = pl.lit(True)
        for name, wanted in (("stage_no", aim.stage), ("field", aim.field), ("value", aim.value)):
            here &= pl.lit(True) if wanted is None else (pl.col(name) == wanted).fill_null(False)
        target = pl.when(here).then(pl.lit(aim.rate)).otherwise(target)
    return against_rest(groups).with_columns(target=target).drop_nulls("target")


def pair_cells(pipeline: Pipeline, slice: Slice, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return the flow cells of pairs of columns, field and value joined; a blank in either is blank."""
    return pl.concat([_pair(flow(pipeline, slice.with_(by=pair), squares=True), pair) for pair in pairs])


def _pair(cells: pl.DataFrame, pair: tuple[str, str]) -> pl.DataFrame:
    """Return cells by two columns as those of one field, whose value is both."""
    own = keyed(cells, pair)
    value = pl.concat_str([pl.col(k).cast(pl.String) for k in ("#0", "#1")], separator=JOIN)
    rest = [c for c in own.columns if c[0] != "#"]
    return own.select(field=pl.lit(JOIN.join(pair)), value=value, **{c: c for c in rest})


def pair_labels(pairs: Sequence[tuple[str, str]], labels: dict[str, str]) -> dict[str, str]:
    """Return the label of each pair's joined field."""
    return {f"{a}{JOIN}{b}": f"{labels.get(a, a)} × {labels.get(b, b)}" for a, b in pairs}


def split(frame: pl.DataFrame, labels: dict[str, str]) -> pl.DataFrame:
    """Turn joined fields and values into field, value and field_2, value_2, and add the label."""

    def part(name: str, k: int) -> pl.Expr:
        return pl.col(name).str.split(JOIN).list.get(k, null_on_oob=True)

    label = pl.col("field").replace_strict(labels, default=pl.col("field"), return_dtype=pl.String)
    return frame.with_columns(
        *(part(name, 0).alias(name) for name in GROUP),
        *(part(name, 1).alias(f"{name}_2") for name in GROUP),
        label=label,
        reference_value=pl.col("reference_value").str.replace(JOIN, " × ", literal=True),
    )
