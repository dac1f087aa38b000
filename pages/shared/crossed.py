"""Two columns crossed: a heat map whose thin cells stay empty."""

from __future__ import annotations

import streamlit as st

from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import rates
from pages.shared import drilling, filters, marks, numbers, sentences, tables
from pages.shared.charts import heat
from pages.shared.controls import choose, picked, select
from pages.shared.groups import words
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

TALL, WIDE = 12, 8


def draw(view: View, question: Slice, column: str) -> None:
    """Draw two columns crossed as a heat map."""
    others = [c for c in filters.breakdowns(view.pipeline.meta) if c != column]
    if not others:
        st.info(_("Crossing needs a second column to break down by; this file has only one."))
        return
    second = choose_other(view, others)
    frame = cached(rates)(view.pipeline, question.with_(by=(column, second)), view.definition)
    downs, acrosses = (
        [
            v or ""
            for v in cached(rates)(view.pipeline, question.with_(by=(c,)), view.definition)
            .to_series(0)
            .head(most)
        ]
        for c, most in ((column, TALL), (second, WIDE))
    )
    drawn = marks.heat_frame(frame, frame.columns[0], frame.columns[1], downs, acrosses)
    best = drawn.filter("sure").sort("rate", descending=True)
    told = (
        _("No pair of groups has enough deals to call its hit rate high or low.")
        if best.is_empty()
        else t(
            N_(
                "Highest: {best}. Lowest: {worst}. Single cells are the luckiest and unluckiest of many; "
                "compare them before you act."
            ),
            best=plain(best["told"][0]),
            worst=plain(best["told"][-1]),
        )
    )
    sentences.answer(told)
    titles = {**words(view), "down": view.label(column), "across": view.label(second)}
    chart = heat(drawn, titles, palette(), told, numbers.altair_locale())
    with st.grid(1, min_column_width=80 * len(acrosses) + 150, wrap=False, key="heat_scroll"):
        event = st.altair_chart(
            chart, theme=None, key=f"heat_{column}_{second}", on_select="rerun", width="stretch"
        )
    st.caption(_("Hatched: fewer than 30 deals. Click a cell for its deals."))
    if (mark := marks.pick(event)) and {"down", "across"} <= set(mark):
        where = drilling.one(column, mark["down"]) + drilling.one(second, mark["across"])
        picked(
            f"{plain(filters.shown(mark['down']))} × {plain(filters.shown(mark['across']))}",
            drilling.denominator(view.pipeline.meta, view.definition, where),
            "cell",
        )
    own = dict(zip(frame.columns, (titles["down"], titles["across"]), strict=False))
    taken = tables.titled(view, frame, own)
    tables.under(
        tables.about(view, question.with_(by=(column, second)), int(frame["deals"].sum())),
        lambda: taken,
        tables.stamp(view, "crossed"),
        "crossed",
    )


def choose_other(view: View, others: list[str]) -> str:
    """Return the second column of the heat map."""
    if len(others) <= 5:
        return choose(_("Crossed with"), "across", {c: view.label(c) for c in others}, others[0])
    return select(_("Crossed with"), "across", {c: view.label(c) for c in others}, others[0])
