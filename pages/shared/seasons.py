"""The season section: which months usually bring more or fewer deals, or another hit rate."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st
from babel.dates import get_month_names

from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import rates
from metrics.season import season
from pages.shared import marks, numbers, sentences, tables
from pages.shared.charts.season import inflow, rated
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, locale, t

CLEAR = 0.1  # a tenth from an even month: below that an index of one or two years says nothing


def names(width: str = "wide") -> list[str]:
    """Return the twelve months in the reader's language."""
    found = get_month_names(width, context="stand-alone", locale=locale())
    return [str(found[month]).rstrip(".") for month in range(1, 13)]


def share(gap: float) -> str:
    """Return how far a month lies from an even one: "27 % below", as a share without a sign."""
    return numbers.rate(abs(gap))


def about_inflow(frame: pl.DataFrame) -> str:
    """Return which months stand out in inflow, or why that cannot be said."""
    way = frame["trend"][0]
    known = frame.drop_nulls("inflow_index")
    if way is None or known.is_empty():
        return _("A season needs a whole year of creation dates; these data have less.")
    low, high = (known.sort("inflow_index", descending=d).row(0, named=True) for d in (False, True))
    usual = way == "removed"
    said = []
    for row, down, up in (
        (low, N_("{month} is usually {share} below an even month in new deals (95 % interval {interval})."),
         N_("{month} was {share} below an even month in new deals (95 % interval {interval}).")),
        (high, N_("{month} is usually {share} above an even month in new deals (95 % interval {interval})."),
         N_("{month} was {share} above an even month in new deals (95 % interval {interval}).")),
    ):  # fmt: skip
        gap = row["inflow_index"] - 1
        if row["inflow_different"] and abs(gap) >= CLEAR:
            month, between = names()[row["month"] - 1].capitalize(), _between(row)
            told = down if usual else up
            said.append(t(told, month=f"**{month}**", share=share(gap), interval=between))
    if not said:
        said.append(_("No month stands out in new deals by a tenth or more and beyond chance."))
    if not usual:
        said.append(
            _("That is less than two whole years of data: season and growth cannot be told apart yet.")
        )
    return " ".join(said)


def about_rate(frame: pl.DataFrame) -> str:
    """Return which months differ in hit rate beyond chance."""
    if frame["rate"].drop_nulls().len() < 2:
        return _("The hit rate by month needs deals decided in at least two months.")
    apart = frame.filter("different").to_dicts()
    if not apart:
        return _("No month's hit rate differs from the other months by more than chance would give.")
    listed = ", ".join(
        f"**{names()[r['month'] - 1].capitalize()}** ({numbers.rate(r['rate'], r['denominator'])})"
        for r in apart
    )
    return t(
        N_("The hit rate of these months differs from the others beyond chance: {months}."), months=listed
    )


def _texts(frame: pl.DataFrame, value: Any, n: Any, interval: Any) -> pl.DataFrame:
    frame = marks.text(
        frame, month_text=lambda r: names()[r["month"] - 1].capitalize(), value_text=value, n_text=n,
        interval_text=interval,
    )  # fmt: skip
    told = N_("{label}: {value}, interval {interval}, n {n}")
    return marks.text(
        frame,
        told=lambda r: t(
            told, label=r["month_text"], value=r["value_text"], interval=r["interval_text"], n=r["n_text"]
        ),
    )


def _index(row: dict[str, Any], end: str = "index") -> str:
    if row[f"inflow_{end}"] is None:
        return numbers.NOT_AVAILABLE
    gap = row[f"inflow_{end}"] - 1
    return ("−" if gap < 0 else "+") + share(gap)


def _between(row: dict[str, Any]) -> str:
    """Return the interval of a month's index, as gaps to an even month."""
    low, high = (_index(row, end) for end in ("low", "high"))
    known = numbers.NOT_AVAILABLE not in (low, high)
    return t(N_("{low} to {high}"), low=low, high=high) if known else numbers.NOT_AVAILABLE


def draw(view: View, question: Slice) -> None:
    """Draw the season: sentences, two charts, table. Always over all dates."""
    st.header(_("The season"))
    asked = question.with_(by=(), start=None, end=None, grain=None)
    frame = cached(season)(view.pipeline, asked, view.definition)
    told = (about_inflow(frame), about_rate(frame))
    st.markdown(sentences.joined(*told))
    short, look, words = names("abbreviated"), palette(), numbers.altair_locale()
    titles = {"month": _("Month"), "interval": _("95 % interval"), "n": _("n")}
    if frame["inflow_index"].drop_nulls().len():
        drawn = _texts(
            frame.with_columns(
                gap=pl.col("inflow_index") - 1, low=pl.col("inflow_low") - 1, high=pl.col("inflow_high") - 1
            ),
            _index, lambda r: numbers.count(r["deals"]), _between,
        )  # fmt: skip
        chart = inflow(
            drawn, short, {**titles, "value": _("New deals against an even month")}, look, told[0], words
        )
        st.altair_chart(chart, theme=None, key="season_inflow")
        st.caption(_("Coloured: the interval leaves out an even month. Lines: 95 % interval. "
                     "Even: the average of the twelve months around each."))  # fmt: skip
    if frame["rate"].drop_nulls().len() >= 2:
        drawn = _texts(frame, marks.rate_text, marks.n_text, marks.interval_text)
        overall = cached(rates)(view.pipeline, asked, view.definition)["rate"].item()
        chart = rated(drawn, short, {**titles, "value": _("Hit rate")}, look, told[1], overall, words)
        st.altair_chart(chart, theme=None, key="season_rate")
        st.caption(_("Coloured: beyond chance. Lines: 95 % interval. Dashed: all months. Hollow: too few "
                     "deals. All dates count here, whatever the period; a month that the data do not "
                     "cover whole is left out."))  # fmt: skip
    if frame["inflow_index"].count() or frame["rate"].count():
        table(view, asked, frame)


def table(view: View, asked: Slice, frame: pl.DataFrame) -> None:
    """Draw the numbers of the season."""
    ready = tables.percent(frame, ("rate", "low", "high"), pl.col("denominator")).with_columns(
        *((pl.col(f"inflow_{end}") * 100).round(0) for end in ("index", "low", "high")),
        name=pl.Series([month.capitalize() for month in names()]),
    )
    index = pl.col("rate_index") if frame["rate_index"].dtype.is_numeric() else pl.lit(None, pl.Float64)
    ready = ready.with_columns(rate_index=(index * 100).round(0))
    titles = {
        "name": _("Month"), "years": _("Times seen"), "deals": _("New deals"),
        "inflow_index": _("Inflow, even = 100"), "inflow_low": _("Inflow from"),
        "inflow_high": _("Inflow to"), "rate": _("Hit rate, %"), "low": _("95 % from"),
        "high": _("95 % to"), "denominator": _("n"), "rate_index": _("Hit rate, all = 100"),
    }  # fmt: skip
    tables.show(
        ready, titles, "season", {"inflow_index": _("120: a fifth more new deals than an even month.")}
    )
    method = (_("Season"), _("Classical decomposition: month / average of the twelve months around it."))
    what = tables.about(view, asked.with_(grain="month"), int(frame["deals"].sum()), more=[method])
    tables.under(what, lambda: tables.taken(ready, titles), tables.stamp(view, "season"), "season")
