"""Matured hit rate: what share is won by a given age, recent deals counted for as long as they were seen."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Slice
from data.errors import N_
from metrics.matured import curves, matured
from pages.shared import address, drilling, maturity, numbers, sentences, staleness, tables
from pages.shared.charts.incidence import incidence
from pages.shared.charts.lines import MOST
from pages.shared.controls import choose, hint
from pages.shared.filters import shown
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, t


def draw_curves(
    view: View, question: Slice, groups: pl.DataFrame | None, days: int, told: str, stale_lost: bool
) -> None:
    """Draw the curves of all deals, or of the largest groups."""
    column = view.breakdown if groups is not None else None
    asked, fewer = question, ""
    if groups is not None and column:
        names = tuple(groups.to_series(0).head(MOST))
        fewer = hint(len(names), groups.height)
        asked = question.with_(by=(column,), where=(*question.where, (column, names)))
    frame = cached(curves)(view.pipeline, asked, None, stale_lost)
    reach = int(frame.select(pl.col("days").max()).item() or 0)
    until = max(days, min(reach, round(days * 1.5)))
    named = maturity.drawn(maturity.labelled(frame, frame.columns[0] if column else None), until)
    words = {
        "group": view.label(column or ""),
        "age": _("Days since creation"),
        "rate": _("Won so far"),
        "interval": _("95 % interval"),
        "n": _("Deals still followed"),
        "horizon": numbers.days(days),
    }
    seen = maturity.points(named, until)
    chart = incidence(named, seen, words, palette(), told, days, numbers.altair_locale())
    st.altair_chart(chart, theme=None, key=f"incidence_{column}")
    st.caption(
        sentences.joined(
            _("Band: 95 % interval. Open deals are followed to the day of the data, neither won nor lost."),
            fewer,
        )
    )


def table(
    view: View, question: Slice, frame: pl.DataFrame, column: str | None, days: int, stale_lost: bool
) -> None:
    """Draw a row per group: the matured rate beside the plain ones."""
    st.header(_("All groups") if column else _("All deals"))
    if young := frame.filter(reason="too young").height:
        st.caption(maturity.too_young(young, days))
    first = frame.columns[0] if column else "group"
    n, live = pl.col("known"), pl.col("deals")
    ready = tables.percent(frame, ("rate", "low", "high"), n)
    ready = tables.percent(ready, ("decided_rate",), pl.col("won") + pl.col("lost"))
    ready = tables.percent(ready, ("created_rate", "leads_rate"), live)
    name = pl.col(first).fill_null(shown(None)) if column else pl.lit(_("All deals")).alias(first)
    ready = ready.with_columns(name)
    titles = {
        first: view.label(column) if column else _("Group"),
        "rate": _("Matured, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "known": _("n"),
        "created_rate": _("Of created, %"),
        "decided_rate": _("Of decided, %"),
        "leads_rate": _("Of all leads, %"),
        "deals": _("Deals"),
        "open": _("Open"),
        "undated": _("Undated"),
    }
    helps = {
        "rate": t(N_("Won within {days} of creation"), days=numbers.days(days)),
        "known": _("Deals whose fate at the horizon is known."),
        "undated": _("No usable date, or closed before created: in no curve."),
    }
    exact = column is not None and not (question.start or question.end)
    event = tables.show(ready, titles, f"matured_{column}", helps, "row" if exact else None, wide=(first,))
    taken = tables.taken(ready, titles)
    tables.under(card(view, question, int(frame["deals"].sum()), days, stale_lost), lambda: taken,
                 tables.stamp(view, f"matured-{days}", rate=False), "matured")  # fmt: skip
    if exact and column and (rows := event.selection.rows):
        drilling.go_to_deals(drilling.Drill(where=drilling.one(column, frame[first][rows[0]])))


def card(view: View, question: Slice, n: int, days: int, stale_lost: bool) -> tables.About:
    """Return what a matured hit rate counts."""
    own = [
        (_("Hit rate"), t(N_("Won within {days} of creation"), days=numbers.days(days))),
        (_("Formula"), _("cumulative incidence of winning by age (Aalen-Johansen)")),
        (_("Meaning"), _("Lost and disqualified deals are out of the running; an open deal is followed to "
                         "the day of the data, and counts for as long as it was seen.")),
        *staleness.fact(stale_lost),
    ]  # fmt: skip
    return tables.about(view, question, n, False, own, ("ages",))


view = current()
question = view.slice.with_(by=(), basis="created")
st.title(_("Matured hit rate"))
usual = maturity.usual(view)
days = maturity.horizon(usual)
stale_lost = address.one("stale") == "lost"
whole: dict[str, Any] = cached(matured)(view.pipeline, question, days, stale_lost).row(0, named=True)
told = maturity.answer(whole, usual)
sentences.answer(told)
if whole["deals"] > whole["undated"]:
    maturity.selector(usual)
    staleness.choice(view)
    column = view.breakdown
    asked = question.with_(by=(column,) if column else ())
    groups = cached(matured)(view.pipeline, asked, days, stale_lost)
    told_of = groups.filter(pl.col("deals") > pl.col("undated"))  # the others have no curve
    several = column is not None and told_of.height > 1
    ways = {"groups": view.label(column or ""), "all": _("All deals")}
    way = choose(_("Curves"), "curves", ways, "groups", hidden=True) if several else "all"
    draw_curves(view, question, told_of if way == "groups" else None, days, told, stale_lost)
    st.caption(
        sentences.joined(
            maturity.undated(whole),
            _("The period is of creation here.") if view.slice.start or view.slice.end else "",
        )
    )
    table(view, question, groups, column, days, stale_lost)
if whole["deals"]:
    staleness.draw(view, view.slice.with_(by=()))
