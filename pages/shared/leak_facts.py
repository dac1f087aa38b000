"""The leaks of a slice, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from data import Pipeline, Slice
from data.cells import count
from data.errors import N_
from metrics.hit_rate import has_lost
from metrics.leak_contact import uncontacted
from metrics.leak_references import Reference, StepTarget
from metrics.leaks import LeakReport, dimensions, funnels, report
from pages.shared import numbers, sentences, tables
from pages.shared.state import View, cached
from pages.shared.words import _, t

Step = tuple[float, int | None, str | None, str | None]  # rate, stage, column, value


@dataclass(frozen=True)
class Facts(LeakReport):
    """A leak report. `silent`: its costliest leaks of deals nobody contacted; `no_loss`: none is lost."""

    silent: pl.DataFrame
    no_loss: bool


def leak_facts(
    pipeline: Pipeline, question: Slice, against: Reference = "rest", targets: Sequence[Step] = ()
) -> Facts:
    """Return the leak report of a slice; its breakdown plays no part. `targets` are of `aims.of_steps`."""
    aims = [StepTarget(*parts) for parts in targets]
    plain = question.with_(by=())
    found = report(pipeline, plain, None, against, None, aims)
    silent = uncontacted(pipeline, plain, found.frame)
    return Facts(**vars(found), silent=silent, no_loss=not has_lost(pipeline.meta))


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


def compared(found: Facts) -> str:
    """Return how many comparisons were made; about false alarms only where a leak is shown."""
    if not found.frame.filter(state="leak").is_empty():
        return sentences.tested(found)
    n, columns = numbers.count(found.tested), numbers.count(len(found.fields))
    return t(N_("{n} comparisons were made (columns: {columns})."), n=n, columns=columns)
