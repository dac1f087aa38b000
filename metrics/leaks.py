"""Leaks: which group loses more deals at which stage than the others do, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import polars as pl

from data.cells import flow_by_each
from data.cells.names import one_of, resolve
from data.errors import N_
from data.meta import Meta, Stage
from data.notice import Notice
from data.slice import Basis, Slice
from metrics import leak_references, leak_tests, money
from metrics.flow import Back, Skipped, checked
from metrics.leak_fields import duplicates, left_out, telltales
from metrics.leak_references import Reference, StepTarget
from metrics.names import Day, Where, question
from metrics.periods import period_before

if TYPE_CHECKING:
    from data.pipeline import Pipeline

FEWEST, MOST = 2, 60  # values of a dimension that can be compared
TEXT, WHOLE, REAL = pl.String, pl.Int64, pl.Float64
SCHEMA = {
    "field": TEXT,
    "value": TEXT,
    "stage": TEXT,
    "deals": WHOLE,
    "conversion": REAL,
    "reference": REAL,
    "excess_lost": REAL,
    "revenue_at_stake": REAL,
    "low": REAL,
    "high": REAL,
    "p": REAL,
    "q": REAL,
    "state": TEXT,
    "label": TEXT,
    "stage_no": WHOLE,
    "position": TEXT,
    "win_after": REAL,
    "average_won": REAL,
    "average_error": REAL,
    "average_from": TEXT,
    "wins_at_stake": REAL,
    "wins_low": REAL,
    "wins_high": REAL,
    "pipeline": TEXT,
    "field_2": TEXT,
    "value_2": TEXT,
    "against": TEXT,
    "reference_value": TEXT,
}

HINTS = {
    "early": N_(
        "Lost early: look at lead quality, first contact, product knowledge, demonstration and rapport."
    ),
    "late": N_("Lost late: look at the offer, negotiation, closing, goal setting and commitment."),
    "no contact": N_("Lost without contact: look at the follow-up, who calls a new lead and how soon."),
}


@dataclass(frozen=True)
class LeakReport:
    """Every comparison made, and what was left out.

    `frame`       rows where a group does worse than the rest, as `leaks` returns them.
    `everything`  all rows, the better ones too (state "better"), same columns.
    `tested`      how many comparisons q was corrected for.
    `fields`      columns compared.
    `notices`     dimensions left out, and why.
    `by_stage`    False where stages are not known and only the decided hit rate was compared.
    `currency`    of all amounts; null when mixed (then nothing is priced) or not stated.
    """

    frame: pl.DataFrame
    everything: pl.DataFrame
    tested: int
    fields: tuple[str, ...]
    notices: tuple[Notice, ...]
    by_stage: bool
    currency: str | None


def leaks(
    pipeline: Pipeline,
    fields: Sequence[str] | None = None,
    where: Where = None,
    start: Day = None,
    end: Day = None,
    basis: Basis | None = None,
    pipeline_name: str | None = None,
    skipped: Skipped = "passed",
    back: Back = "stands",
    reference: Reference = "rest",
    targets: Sequence[StepTarget] = (),
    pairs: Sequence[tuple[str, str]] = (),
) -> pl.DataFrame:
    """Return what each group loses beyond what the rest of the pipeline would, costliest first.

    For every value of every dimension with 2 to 60 values (or of `fields`), at every stage (stage null: the
    decided hit rate, where stages are not known). Blank values are no group but are in the rest. Columns
    out: field, value, stage; deals (decided at the stage); conversion, reference (0..1, of the group and of
    the rest); excess_lost = deals x (reference - conversion); revenue_at_stake = excess_lost x win_after x
    average_won (currency units; null when unknown or mixed) with low, high (95 %); p (two proportions,
    exact where small); q (Benjamini-Hochberg over all comparisons); state ("leak" when q < 0.1, "no
    difference", "not enough data"); label (the field's header); stage_no; position (early or late);
    win_after (share won of those who advanced, in the rest); average_won, average_error and average_from;
    wins_at_stake, wins_low, wins_high; pipeline; field_2, value_2 (of a pair, else null); against (the
    reference) and reference_value (the best group's name). `reference`: "rest", "best" (comparable
    group of the same field), "before" (the same group in the period before, which needs `start`), "target"
    (`targets`).
    `pairs` of fields are compared besides. Leaks come first, ranked by low, then the rest. Raises
    HitrateError for unknown names. See `leak_report` for the number of comparisons.
    """
    asked = (where, start, end, basis, pipeline_name, skipped, back, reference, targets, pairs)
    return leak_report(pipeline, fields, *asked).frame


def leak_report(
    pipeline: Pipeline,
    fields: Sequence[str] | None = None,
    where: Where = None,
    start: Day = None,
    end: Day = None,
    basis: Basis | None = None,
    pipeline_name: str | None = None,
    skipped: Skipped = "passed",
    back: Back = "stands",
    reference: Reference = "rest",
    targets: Sequence[StepTarget] = (),
    pairs: Sequence[tuple[str, str]] = (),
) -> LeakReport:
    """Return the leaks together with how many comparisons were made and what was left out."""
    sliced, _ = question(pipeline, fields, where, basis or "created", start, end, pipeline_name)
    chosen = None if fields is None else sliced.by
    both = [question(pipeline, pair)[0].by for pair in pairs]
    targets = [replace(t, field=None if t.field is None else resolve(pipeline, t.field)) for t in targets]
    asked = [(pair[0], pair[1]) for pair in both if len(pair) == 2]
    return report(pipeline, sliced.with_(skipped=skipped, back=back), chosen, reference, None, targets, asked)


def report(
    pipeline: Pipeline,
    slice: Slice,
    fields: Sequence[str] | None = None,
    reference: Reference = "rest",
    earlier: Slice | None = None,
    targets: Sequence[StepTarget] = (),
    pairs: Sequence[tuple[str, str]] = (),
) -> LeakReport:
    """Return the leak report of a slice as it is; breakdowns in it are ignored.

    `earlier` is the slice to compare with when `reference` is "before": the period before when not given.
    """
    checked(slice.skipped, slice.back)
    one_of("reference", reference, get_args(Reference))
    if reference == "before" and earlier is None:
        earlier = period_before(slice, pipeline.meta.as_of)
    fields = dimensions(pipeline.meta, fields)
    labels = {d.column: d.label for d in pipeline.meta.dimensions}
    labels |= leak_references.pair_labels(pairs, labels)
    parts: list[pl.DataFrame] = []
    notices: dict[tuple[str, str | None], Notice] = {}
    currencies: set[str | None] = set()
    for name, stages in funnels(pipeline.meta, slice.pipeline) if fields or pairs else ():
        asked = slice.with_(by=(), grain=None, pipeline=name)
        cells = asked_for(pipeline, asked, fields, pairs)
        same, telltale = duplicates(pipeline, asked, single(cells)), telltales(cells)
        notices |= {(n.code, n.column): n for n in left_out(same, telltale, labels)}
        cells = cells.filter(~pl.col("field").is_in([*same, *telltale]))
        then = None
        if earlier is not None and reference == "before":
            then = asked_for(pipeline, earlier.with_(by=(), grain=None, pipeline=name), fields, pairs)
        worths = won_worth(pipeline, cells)
        part = measured(cells, stages, slice, reference, then, targets, worths)
        parts.append(part.with_columns(pipeline=pl.lit(name, pl.String)))
        currencies |= set(cells.select(money.currency()).to_series())
    return finished(parts, labels, tuple(notices.values()), currencies, pipeline.meta.stage_source != "none")


def asked_for(
    pipeline: Pipeline, slice: Slice, fields: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> pl.DataFrame:
    """Return the flow cells of every field and pair, below one another."""
    each = flow_by_each(pipeline, slice, fields).rename({"column": "field"})
    return pl.concat([each, leak_references.pair_cells(pipeline, slice, pairs)]) if pairs else each


def won_worth(pipeline: Pipeline, cells: pl.DataFrame) -> pl.DataFrame | None:
    """Return the amounts of the won deals per field and value: number, sum and sum of squares; null where
    nothing has an amount."""
    if not pipeline.meta.has_amount:
        return None
    won = cells.filter((pl.col("status") == "won") & (pl.col("amount_known") > 0))
    return won.group_by([*leak_tests.GROUP, "currency"]).agg(pl.col(leak_tests.MOMENTS).sum())


def single(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of fields by themselves, not of pairs."""
    return cells.filter(~pl.col("field").str.contains(leak_references.JOIN, literal=True))


def dimensions(meta: Meta, fields: Sequence[str] | None) -> list[str]:
    """Return the columns to compare: those asked for, else every dimension with 2 to 60 values."""
    if fields is not None:
        return list(dict.fromkeys(fields))
    return [d.column for d in meta.dimensions if d.role == "dimension" and FEWEST <= d.values <= MOST]


def funnels(meta: Meta, name: str | None) -> list[tuple[str | None, tuple[Stage, ...]]]:
    """Return each pipeline with stages of its own; one entry where they share them or have none."""
    if meta.stage_source == "none":
        return [(name, ())]
    if name is not None or meta.stages():
        return [(name, meta.stages(name))]
    return [(p.name, p.stages) for p in meta.pipelines]


def measured(
    cells: pl.DataFrame,
    stages: Sequence[Stage],
    slice: Slice,
    reference: Reference = "rest",
    earlier: pl.DataFrame | None = None,
    targets: Sequence[StepTarget] = (),
    worths: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return every comparison within one funnel, not yet tested. `worths` as in `leak_tests.averages`."""
    groups = leak_tests.steps(cells, len(stages), slice.skipped, slice.back)
    if reference == "best":
        groups = leak_references.against_best(groups)
    elif reference == "before" and earlier is not None:
        then = leak_tests.steps(earlier, len(stages), slice.skipped, slice.back)
        groups = leak_references.against_earlier(groups, then)
    elif reference == "target":
        groups = leak_references.against_targets(groups, targets)
    else:
        groups = leak_references.against_rest(groups)
    frame = groups.join(leak_tests.averages(cells, worths), on=leak_tests.GROUP, how="left", nulls_equal=True)
    names = pl.DataFrame(
        {"stage_no": [s.number for s in stages], "stage": [s.label for s in stages]},
        schema={"stage_no": pl.Int64, "stage": pl.String},
    )
    frame = leak_tests.priced(frame, len(stages)).join(names, on="stage_no", how="left")
    early = pl.col("stage_no") * 2 <= len(stages)
    place = pl.when(early).then(pl.lit("early")).when(early.not_()).then(pl.lit("late"))
    return frame.filter(pl.col("n") > 0).with_columns(position=place, against=pl.lit(reference))


def finished(
    parts: list[pl.DataFrame],
    labels: dict[str, str],
    notices: tuple[Notice, ...],
    currencies: set[str | None],
    by_stage: bool,
) -> LeakReport:
    """Test all comparisons together, rank them, and report."""
    if not parts:
        nothing = pl.DataFrame(schema=SCHEMA)
        return LeakReport(nothing, nothing, 0, (), notices, by_stage, None)
    frame = leak_tests.ranked(leak_tests.judged(pl.concat(parts))).rename({"n": "deals"})
    frame = leak_references.split(frame, labels).select(*SCHEMA).cast(SCHEMA)  # type: ignore[arg-type]
    worse = frame.filter(pl.col("excess_lost") > 0)
    return LeakReport(
        worse,
        frame,
        frame["p"].count(),
        tuple(sorted(frame["field"].unique())),
        notices,
        by_stage,
        currencies.pop() if len(currencies) == 1 else None,
    )
