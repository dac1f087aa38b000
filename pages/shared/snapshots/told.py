"""What a number of two snapshots rests on: its card, and what the snapshots miss, said in place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshots import snapshot_days
from pages.shared import chips, numbers
from pages.shared.snapshots.chosen import Pair
from pages.shared.state import View, cached
from pages.shared.tables import About
from pages.shared.words import _, ngettext, plain, t


def about(view: View, pair: Pair, n: int, more: Iterable[tuple[str, str]] = (), query: str = "") -> About:
    """Return what a number of two snapshots is: how it was made, the snapshots, the filters, n, the files."""
    meta = view.pipeline.meta
    filters = "; ".join(text for text, _names in chips.active(view.pipeline)) or _("no filter")
    due = [(_("Expected to close"), numbers.dates(*pair.due))] if pair.due else []
    facts = (
        *more,
        (_("Snapshots"), numbers.span(numbers.day(pair.start), numbers.day(pair.end))),
        *due,
        (_("Filters"), filters),
        (_("Deals"), numbers.count(n)),
        (_("Files"), ", ".join(dict.fromkeys(ledger.file for ledger in meta.files))),
    )
    return About(facts, query)


def stamp(what: str, pair: Pair) -> str:
    """Return a file name that says what it holds and between which days."""
    return f"hitrate-{what}-{pair.start.isoformat()}-{pair.end.isoformat()}"


def between(base: Pipeline, start: date, end: date) -> pl.DataFrame:
    """Return what is known of the snapshots from one day to another."""
    frame: pl.DataFrame = cached(snapshot_days)(base)
    return frame.filter(pl.col("day").is_between(start, end))


def gaps(view: View, base: Pipeline, pair: Pair) -> None:
    """Say which of the snapshots are partial, which weeks are missing, and what does not apply here."""
    said = [*_partial(between(base, pair.start, pair.end)), *_missing(base, pair)]
    if view.slice.start or view.slice.end:
        said.append(
            _("The period in the sidebar does not cut these figures: the two snapshots are their period.")
        )
    if said:
        st.caption("\n\n".join(said))


def _partial(frame: pl.DataFrame) -> list[str]:
    """Return a sentence for each partial snapshot."""
    told = pl.col("partial") | pl.col("reason").is_not_null()
    return [partial(row) for row in frame.filter(told).iter_rows(named=True)]


def partial(row: dict[str, Any]) -> str:
    """Return why a snapshot is partial, or doubtful, and what that does to the figures."""
    day, absent = numbers.day(row["day"]), int(row["absent"] or 0)
    if row["reason"] == "twice":
        return t(N_("Several files of {day} differ; the one uploaded last counts."), day=day)
    if row["reason"] == "filtered":
        held = {"column": plain(row["column"]), "values": plain(row["values"])}
        first = t(N_("The export of {day} holds only {column} {values}."), day=day, **held)
    else:
        first = t(N_("The export of {day} holds far fewer deals than the one before."), day=day)
    if not absent:
        return first
    kept = ngettext(
        "{n} deal outside it is kept as last seen, not counted as gone.",
        "{n} deals outside it are kept as last seen, not counted as gone.",
        absent,
    )
    return f"{first} {kept.format(n=numbers.count(absent))}"


def _missing(base: Pipeline, pair: Pair) -> list[str]:
    """Return that snapshots are missing between the two, by the usual rhythm; nothing when none is."""
    inside = between(base, pair.start, pair.end).filter(pl.col("day") > pair.start)
    n = int(inside["missing"].sum())
    if not n:
        return []
    told = ngettext(
        "By the rhythm of the others, {n} snapshot is missing in between: what moved and moved back in that "
        "time is not seen.",
        "By the rhythm of the others, {n} snapshots are missing in between: what moved and moved back in "
        "that time is not seen.",
        n,
    )
    return [told.format(n=numbers.count(n))]
