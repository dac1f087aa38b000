"""The leaks of a slice as pages tell them: only of groups with enough deals, and with what they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from data import Pipeline, Slice
from data.cells import count
from metrics.leaks import LeakReport, dimensions, funnels, report
from metrics.stats import intervals
from pages.shared import sentences, tables
from pages.shared.state import View, cached
from pages.shared.words import _


def settled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return leaks, the real ones first, in which no group is called worse or better on too few deals.

    A difference can be beyond chance while the group's own rate is not known to 20 points, or rests on
    fewer than 30 deals; everywhere else in the app such a group is too small to speak of, so also here.
    """
    frame = frame.with_columns(_x=(pl.col("conversion") * pl.col("deals")).round(0))
    enough = intervals.enough(pl.col("deals"), *intervals.wilson("_x", "deals"))
    told = pl.col("state").is_in(["leak", "better"])
    state = pl.when(told & ~enough).then(pl.lit("not enough data")).otherwise("state")
    return (
        frame.with_columns(state=state)
        .drop("_x")
        .sort(pl.col("state") == "leak", descending=True, maintain_order=True)
    )


def leak_facts(pipeline: Pipeline, question: Slice) -> LeakReport:
    """Return the leak report of a slice with its states `settled`."""
    found = report(pipeline, question.with_(by=()))
    return replace(found, frame=settled(found.frame), everything=settled(found.everything))


def described(view: View, question: Slice, found: LeakReport, stake: str) -> tables.About:
    """Return what the leaks count: money at stake (`stake` says how), false alarms, and their queries."""
    more: Iterable[tuple[str, str]] = [
        (_("Money at stake"), stake),
        (_("False alarms"), sentences.tested(found)),
        (
            _("Enough deals"),
            _(
                "A group with fewer than 30 decided deals, or a rate not known to within "
                "20 points, is never called a leak."
            ),
        ),
    ]
    meta, plain = view.pipeline.meta, question.with_(by=())
    n: int = cached(count)(view.pipeline, plain)
    asked = plain.with_(by=tuple(dimensions(meta, None)))
    queries = [
        tables.query(view, asked.with_(pipeline=name), ["flow_by_each"])
        for name, _stages in funnels(meta, question.pipeline)
    ]
    return replace(tables.about(view, plain, n, False, more, ()), query=";\n\n".join(queries))
