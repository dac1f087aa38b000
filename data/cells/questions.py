"""The four questions whose answers are cells. Each scans the deals once, next to the data."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from data.cells.filters import DAY, EVERY_DEAL, epoch, reached
from data.cells.render import CELLS, Breakdown, answer, breakdown, render
from data.engine.quoting import quote
from data.engine.tables import days_columns
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

UNKNOWN = "CAST(NULL AS BIGINT)"
SUMS = {"deals": "BIGINT", "amount_minor": "BIGINT", "amount_known": "BIGINT"}
OUTCOMES = {
    "status": "VARCHAR",
    "currency": "VARCHAR",
    **SUMS,
    "contacted": "BIGINT",
    "opportunities": "BIGINT",
    "meetings": "BIGINT",
}
PLACE = {
    "visited_mask": "BIGINT",
    "furthest_no": "BIGINT",
    "last_no": "BIGINT",
    "status": "VARCHAR",
    "currency": "VARCHAR",
}
KEYS = {*PLACE}  # own columns that are the stored column itself
FLOW = {**PLACE, **SUMS}
SQUARES = """,
  COALESCE(SUM(CAST(amount_minor AS DOUBLE) * CAST(amount_minor AS DOUBLE)), CAST(0 AS DOUBLE)) AS squares"""
AGES = {"days": "BIGINT", "status": "VARCHAR", "deals": "BIGINT"}
STAGE_AGES = {"stage_no": "BIGINT", "days": "BIGINT", "ended": "BIGINT", "deals": "BIGINT"}


def outcomes(
    pipeline: Pipeline,
    question: Slice,
    opportunity_stage: int | None = 1,
    meeting_stage: int | None = None,
    contacted: bool = True,
) -> pl.DataFrame:
    """Count deals and add up amounts per outcome.

    Columns: the slice's breakdown, [period,] status, currency (keys); deals, amount_minor (hundredths,
    0 when none is known), amount_known, contacted, opportunities, meetings. The last three are null where
    they are not asked for (`contacted` False, a stage None): a column that is not needed is not read.
    Currencies are apart because they cannot be added. Every deal counts as an opportunity from stage 1.
    """
    sql, parts = outcomes_query(pipeline, question, opportunity_stage, meeting_stage, contacted)
    return answer(pipeline, sql, parts, OUTCOMES)


def outcomes_query(
    pipeline: Pipeline,
    question: Slice,
    opportunity_stage: int | None,
    meeting_stage: int | None,
    contacted: bool = True,
) -> tuple[str, Breakdown]:
    parts = breakdown(pipeline, question, OUTCOMES, KEYS)
    sql = render(
        "outcomes",
        pipeline,
        question,
        parts,
        2,
        contacted="COUNT(first_contact_s)" if contacted else UNKNOWN,
        opportunities=got_to(opportunity_stage),
        meetings=got_to(meeting_stage),
    )
    return sql, parts


def got_to(stage: int | None) -> str:
    """Return SQL for the number of deals that reached a stage; null for none."""
    if stage is None:
        return UNKNOWN
    if reached(stage) == EVERY_DEAL:
        return "COUNT(*)"
    return f"CAST(SUM(CASE WHEN {reached(stage)} THEN 1 ELSE 0 END) AS BIGINT)"


def flow(pipeline: Pipeline, question: Slice, squares: bool = False) -> pl.DataFrame:
    """Count deals per set of stages visited, furthest stage, last stage and outcome.

    Columns: the slice's breakdown, [period,] visited_mask, furthest_no, last_no, status, currency (keys);
    deals, amount_minor (hundredths), amount_known. Entered, advanced, lost, disqualified, moved back and
    still there follow from these under either reading of skipped stages and of moves back. With `squares`
    also that: the sum of the squares of the amounts (hundredths), 0 when none is known. The variance of
    an amount is squares / n - (amount / n) squared.
    """
    sql, parts = flow_query(pipeline, question, squares)
    return answer(pipeline, sql, parts, flow_kinds(squares))


def flow_kinds(squares: bool) -> dict[str, str]:
    """Return the columns of the flow cells and their types."""
    return FLOW | ({"squares": "DOUBLE"} if squares else {})


def flow_query(pipeline: Pipeline, question: Slice, squares: bool = False) -> tuple[str, Breakdown]:
    parts = breakdown(pipeline, question, flow_kinds(squares), KEYS)
    more = SQUARES if squares else ""
    return render("flow", pipeline, question, parts, len(PLACE), squares=more), parts


def ages(pipeline: Pipeline, question: Slice, as_of: date) -> pl.DataFrame:
    """Count deals per age in whole days and outcome.

    Columns: the slice's breakdown, [period,] days, status (keys); deals. Days run from creation to
    closing, of open deals to the end of `as_of`; null when a date is missing or they run backward.
    """
    sql, parts = ages_query(pipeline, question, as_of)
    return answer(pipeline, sql, parts, AGES)


def ages_query(pipeline: Pipeline, question: Slice, as_of: date) -> tuple[str, Breakdown]:
    parts = breakdown(pipeline, question, AGES, KEYS)
    return render("ages", pipeline, question, parts, 2, end_s=last_second(as_of)), parts


def stage_ages(pipeline: Pipeline, question: Slice, as_of: date) -> pl.DataFrame:
    """Count deals per stage and whole days spent in it, over all visits.

    Columns: the slice's breakdown, [period,] stage_no, days, ended (keys); deals. `ended` 1: the deal left
    the stage; 0: it is still there at the end of `as_of`, its days are a lower bound, null when it is not
    known since when. No rows when the data do not say when stages were entered.
    """
    sql, parts = stage_ages_query(pipeline, question, as_of)
    if not sql:
        kinds = dict(zip(parts.names, parts.kinds, strict=True)) | STAGE_AGES
        return pl.DataFrame(schema={name: CELLS[kind] for name, kind in kinds.items()})
    return answer(pipeline, sql, parts, STAGE_AGES)


def stage_ages_query(pipeline: Pipeline, question: Slice, as_of: date) -> tuple[str, Breakdown]:
    """Return the query, "" where the data do not say when stages were entered."""
    parts = breakdown(pipeline, question, STAGE_AGES, ())
    found = sorted(days_columns(pipeline.engine.schema("deals")).items())
    if not found:
        return "", parts
    left = [
        render("stage_ages", pipeline, question, parts, (1,), stage=stage, days=quote(column))
        for stage, column in found
    ]
    standing = render("standing_ages", pipeline, question, parts, 2, end_s=last_second(as_of))
    return "\nUNION ALL\n".join([*left, standing]), parts


def last_second(day: date) -> int:
    """Return the last second of a day, so that whole days to it equal the difference of the dates."""
    return epoch(day) + DAY - 1
