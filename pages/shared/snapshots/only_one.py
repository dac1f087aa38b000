"""With one export only: what it shows already, and what a second one would add."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.open_pipeline import open_pipeline
from pages.shared import address, drilling, filters, marks, numbers, sentences, tables
from pages.shared.charts.stacked import stacked
from pages.shared.snapshots import measure, over_time, told
from pages.shared.snapshots.chosen import Pair, dated, where
from pages.shared.snapshots.measure import Measure
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, t

MONTHS = 18  # bars that still have room for their names
PART = ("all", "")


def ask(view: View, base: Pipeline) -> None:
    """Say what to upload and why, and offer the page that takes it."""
    day = numbers.day(view.pipeline.meta.as_of)
    if len(base.meta.snapshots) > 1:
        text = N_(
            "{day} is the oldest snapshot here: there is nothing before it to compare with. Choose a later "
            "one under “As of” in the sidebar."
        )
        st.info(t(text, day=day))
        return
    text = N_(
        "There is one export here, of {day}. Add the same export of another day, with all deals and their "
        "ids: two files are enough to see what came in, what moved, what was pushed and what was rewritten. "
        "The day is read from the file name, such as deals-2026-01-31.csv, or from a column."
    )
    st.info(t(text, day=day))
    if st.button(_("Add another export"), type="primary", key="add_export"):
        address.go("start.py")


def draw(view: View, base: Pipeline) -> None:
    """Draw the open pipeline of the one day by stage and by month due, and ask for a second export."""
    frame: pl.DataFrame = cached(open_pipeline)(view.pipeline, by="stage", where=where(view))
    if not frame.height or not frame["deals"].sum():
        sentences.answer(_("No deal is open within these filters."))
        ask(view, base)
        return
    answer = st.container()
    how = measure.pick(frame)
    whole = over_time.sized(frame.with_columns(key=pl.lit("")), how)
    with answer:
        sentences.answer(over_time.sentence(whole, how))
        ask(view, base)
    numbered = {s.label: s.number for s in view.pipeline.meta.stages(view.slice.pipeline)}
    ordered, parts = over_time.parted(frame, "stage", over_time.stages(view))
    sizes = {r["key"]: r["size"] for r in over_time.sized(ordered, how).to_dicts()}
    rows = [(key, label, sizes.get(key, 0.0)) for key, label in parts]
    picked = _bars(view, rows, _("Stage"), _("Open pipeline by stage"), how, "one_stage")
    if picked in numbered:
        drilling.go_to_deals(drilling.Drill(("open",), numbered[picked], "still_there"))
    if dated(view):
        _by_month(view, how)


def _by_month(view: View, how: Measure) -> None:
    frame: pl.DataFrame = cached(open_pipeline)(view.pipeline, by="due", where=where(view))
    sums = over_time.sized(frame.with_columns(key=pl.col("due").cast(pl.String)), how)
    sums = sums.sort("key", nulls_last=True)
    months = dict(frame.select(pl.col("due").cast(pl.String).alias("key"), "due").unique().iter_rows())
    rows = [
        (
            row["key"] or filters.BLANK,
            numbers.month(months[row["key"]]) if row["key"] else _("No date"),
            row["size"],
        )
        for row in sums.tail(MONTHS).to_dicts()
    ]
    _bars(view, rows, _("Month"), _("Open pipeline by month expected to close"), how, "one_due")


def _bars(
    view: View,
    rows: list[tuple[str, str, float]],
    title: str,
    heading: str,
    how: Measure,
    key: str,
) -> str | None:
    """Draw one bar per row under a heading; return the key of the bar that was clicked."""
    st.header(heading)
    marked = [over_time.mark(name, label, PART, size, how.said(size)) for name, label, size in rows]

    words = {"day": title, "part": "", "size": how.name}
    chart = stacked(
        pl.DataFrame(marked), [PART], False, words, palette(), heading, numbers.altair_locale(), how.brief
    )
    picked = marks.pick(st.altair_chart(chart, theme=None, key=key, on_select="rerun"))
    frame = pl.DataFrame({"label": [label for _key, label, _size in rows], "size": [r[2] for r in rows]})
    titles = {"label": title, "size": words["size"] + how.unit}
    day = view.pipeline.meta.as_of
    pair = Pair(day, day)
    tables.under(
        told.about(view, pair, view.pipeline.meta.counts["open"]),
        lambda: tables.taken(frame, titles),
        told.stamp("open", pair),
        key,
    )
    return None if picked is None else str(picked["day_key"])
