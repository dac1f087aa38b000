"""The text of the query behind an answer, for the reader who wants to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from data.cells.drilldown import NOTHING
from data.cells.each import scans
from data.cells.questions import ages_query, flow_query, outcomes_query, stage_ages_query
from data.cells.render import render
from data.slice import Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

Cell = Literal["outcomes", "flow", "ages", "stage_ages", "count", "flow_by_each"]


def explain(
    pipeline: Pipeline,
    question: Slice,
    cell: Cell,
    opportunity_stage: int = 1,
    meeting_stage: int | None = None,
) -> str:
    """Return the SQL that the cell function of this name runs for a slice.

    Exactly the text that the engine gets, over the canonical table `deals`; by_1, by_2, ... are the
    breakdown. The several queries of `flow_by_each`, whose columns are the breakdown, are parted by ";".
    "" where no query is run (stage ages that the data do not hold). Ages run to the as-of day.
    """
    as_of = pipeline.meta.as_of
    made = {
        "outcomes": lambda: outcomes_query(pipeline, question, opportunity_stage, meeting_stage)[0],
        "flow": lambda: flow_query(pipeline, question)[0],
        "ages": lambda: ages_query(pipeline, question, as_of)[0],
        "stage_ages": lambda: stage_ages_query(pipeline, question, as_of)[0],
        "flow_by_each": lambda: ";\n\n".join(
            flow_query(pipeline, question.with_(by=tuple(group)), squares=True)[0]
            for group in scans(pipeline, question.by)
        ),
        "count": lambda: render("count", pipeline, question, NOTHING, 0),
    }
    return made[cell]()
