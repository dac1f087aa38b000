"""The funnel in numbers, and the deals behind each piece of a bar."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from data.cells import count
from data.errors import N_
from data.slice import Slice
from metrics.funnel import stages_of
from pages.shared import drilling, marks, tables
from pages.shared.controls import picked
from pages.shared.state import View, cached
from pages.shared.words import _, plain

SKIPPED = {"passed": N_("Counts as passed"), "not": N_("Does not count")}
BACK = {"stands": N_("Keeps what it reached"), "cancels": N_("Loses what it reached")}


def words() -> dict[str, str]:
    """Return the titles of the stage bars."""
    return {part: _(name) for part, name in marks.PARTS.items()} | {
        "stage": _("Stage"),
        "deals": _("Deals"),
        "part": _("What became of them"),
    }


def part(mark: dict[str, Any], of: drilling.Drill) -> drilling.Drill:
    """Return the deals of one piece of a stage's bar, of the funnel that `of` describes."""
    return replace(of, stage=int(mark["stage_no"]), exit=str(mark["part"]))


def part_told(view: View, question: Slice, mark: dict[str, Any]) -> str:
    """Return which piece of which bar was clicked."""
    stages, entered = stages_of(view.pipeline.meta, question.pipeline), _("Entered")
    name = next((s.label for s in stages if s.number == int(mark["stage_no"])), "")
    return f"{plain(name)}: {words().get(str(mark['part']), entered)}"


def table(view: View, question: Slice, frame: pl.DataFrame) -> None:
    """Draw the funnel in numbers."""
    ready = tables.percent(frame, ("conversion", "low", "high"), pl.col("advanced") + pl.col("lost"))
    ready = tables.percent(ready, ("from_top",), pl.col("entered"))
    titles = {
        "stage": _("Stage"),
        "entered": _("Entered"),
        **{k: w for k, w in words().items() if k in marks.PARTS},
        "conversion": _("Went on, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "from_top": _("Of all at the top, %"),
        "median_days": _("Days, half left"),
        "p75_days": _("Days, three in four"),
        "p90_days": _("Days, nine in ten"),
    }
    helps = {
        "conversion": _("Went on / (went on + lost here): deals still there do not count."),
        "median_days": _("Days until half had left the stage; deals still there count as not left yet."),
    }
    event = tables.show(ready, titles, "stage_table", helps, select="cell")
    taken = tables.taken(ready, titles)
    n: int = cached(count)(view.pipeline, question.with_(by=()))
    more = [
        (_("Step conversion"), _("Went on / (went on + lost here), Wilson 95 % interval.")),
        (_("A stage that was skipped"), _(SKIPPED[question.skipped])),
        (_("A deal that moves back"), _(BACK[question.back])),
        (
            _("Stages come from"),
            {"history": _("the stage history"), "stage": _("the stage each deal stands in")}.get(
                view.pipeline.meta.stage_source, ""
            ),
        ),
    ]
    tables.under(
        tables.about(view, question.with_(by=()), n, False, more, ("flow", "stage_ages")),
        lambda: taken,
        tables.stamp(view, "funnel", rate=False),
        "stages",
    )
    cell = next(iter(event.selection.cells), None)
    if cell and (cell[1] in marks.PARTS or cell[1] == "entered"):
        mark = {"stage_no": frame["stage_no"][cell[0]], "part": cell[1]}
        own = drilling.Drill(pipeline=question.pipeline)
        picked(part_told(view, question, mark), part(mark, own), "cell")
