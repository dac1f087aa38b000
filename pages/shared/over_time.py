"""Hit rates over time, all deals or the five largest groups, and what changed since the period before."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Slice
from data.errors import N_
from metrics.comparison import compare
from metrics.over_time import GRAINS as STEPS
from metrics.over_time import trend
from pages.shared import drilling, marks, numbers, sentences, tables
from pages.shared.charts import trend as trend_chart
from pages.shared.controls import choose, picked
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, plain

LINES = 5
GRAINS = {"month": N_("Month"), "quarter": N_("Quarter"), "year": N_("Year")}


def latest(frame: pl.DataFrame, grain: str) -> str:
    """Return how the last full period compares with the one before and with the same a year before."""
    ripe = frame.filter("mature", pl.col("rate").is_not_null()).tail(1)
    if ripe.is_empty():
        return _("No period is complete yet, so nothing can be compared over time.")
    now = ripe["period"][0]
    said = []
    for back, name in ((f"-{STEPS[grain]}", ""), ("-1y", "year")):
        then = pl.select(pl.lit(now).dt.offset_by(back)).item()
        pair = frame.filter(pl.col("period").is_in([now, then]))
        if pair.height == 2 and (name == "" or grain != "year"):
            row = compare(pair).filter(pl.col("period") == now).row(0, named=True)
            said.append(sentences.change(row, marks.period_text(then, grain), pair["enough"].all()))
    rate = f"{marks.period_text(now, grain)}: **{marks.rate_text(ripe.row(0, named=True))}**"
    return ", ".join([rate, *filter(None, said)]) + "."


def draw(view: View, question: Slice, column: str | None) -> None:
    """Draw the page: sentence, lines, table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grain = choose(_("Period"), "grain", {g: _(w) for g, w in GRAINS.items()}, "month", hidden=True)
        lines = (
            choose(
                _("Lines"),
                "lines",
                {"all": _("All deals"), "groups": view.label(column or "")},
                "all",
                hidden=True,
            )
            if column
            else "all"
        )
    cohort = question.basis == "created"
    whole = cached(trend)(view.pipeline, question.with_(by=()), view.definition, grain)
    if whole.is_empty():
        sentences.answer(_("A line over time needs dates, and these deals have none of that kind."))
        told = _(
            "Name a column with creation or closing dates on the review page, or add an export with them."
        )
        st.markdown(told)
        return
    frame = marks.trend_frame(whole, None, grain)
    told = latest(whole, grain)
    sentences.answer(told)
    if lines == "groups" and column:
        every = cached(trend)(view.pipeline, question.with_(by=(column,)), view.definition, grain)
        first = every.columns[0]
        largest = (
            every.group_by(first, maintain_order=True)
            .agg(pl.col("deals").sum())
            .sort("deals", descending=True)
        )
        kept = every.filter(pl.col(first).is_in(largest[first].head(LINES), nulls_equal=True))
        frame = marks.trend_frame(kept, first, grain)
    words = {
        "period": _(GRAINS[grain]),
        "group": view.label(column or ""),
        "rate": _("Hit rate"),
        "interval": _("95 % interval"),
        "n": _("n"),
    }
    chart = trend_chart(frame, words, palette(), told, grain, numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key=f"trend_{grain}_{lines}_{column}", on_select="rerun")
    st.caption(
        sentences.joined(
            _("Band: 95 % interval."),
            sentences.immature(frame, cohort),
            _("The five largest groups are drawn.") if lines == "groups" and largest.height > LINES else "",
        )
    )
    by = column if lines == "groups" else None
    open_period(view, frame, event, grain, by)
    asked = question.with_(by=(by,) if by else (), grain="month")
    table(view, asked, frame, grain, int(whole["deals"].sum()))


def open_period(view: View, frame: pl.DataFrame, event: Any, grain: str, column: str | None = None) -> None:
    """Offer the deals behind a clicked point: those its rate is taken over, of its period and group."""
    mark = marks.pick(event)
    if not mark or not {"key", "period_key"} <= set(mark):
        return
    chosen = frame.filter(pl.col("key") == mark["key"], pl.col("period_key") == mark["period_key"])
    if chosen.height:
        row = chosen.row(0, named=True)
        picked(plain(row["told"]), behind(view, row, grain, column), "line")


def behind(view: View, row: dict[str, Any], grain: str, column: str | None = None) -> drilling.Drill:
    """Return the deals that the rate of a period, and of one group, is taken over."""
    where = drilling.one(column, row["key"]) if column else ()
    days = drilling.period(row["period"], grain)
    return drilling.denominator(view.pipeline.meta, view.definition, where, *days)


def table(view: View, question: Slice, frame: pl.DataFrame, grain: str, n: int) -> None:
    """Draw the numbers behind the lines, the newest first."""
    st.header(_("All periods"))
    titles = {
        "period_text": _("Period"),
        **({"label": view.label(question.by[0])} if question.by else {}),
        "rate": _("Hit rate, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "denominator": _("n"),
    }
    ready = tables.percent(frame, ("rate", "low", "high"), pl.col("denominator"))
    ready = ready.sort("period", descending=True).with_columns(pl.col("denominator").round(0))
    event = tables.show(ready, titles, "periods", select="row")
    named = {"period": _("From"), **titles, "mature": _("Complete")}
    whole = frame.with_columns((pl.col("rate", "low", "high") * 100).round(1))
    taken = tables.taken(whole, named)
    tables.under(tables.about(view, question, n), lambda: taken, tables.stamp(view, "over-time"), "periods")
    if rows := event.selection.rows:
        drilling.go_to_deals(behind(view, ready.row(rows[0], named=True), grain, *question.by))
