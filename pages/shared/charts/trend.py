"""How it changes: a line per group with its own name at its end, the interval as a pale band."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts import lines
from pages.shared.charts.look import filled_if, finish, tips
from pages.shared.theme import Palette

HEIGHT, FOLD = 300, 18
FORMATS = {"month": "%b %Y", "quarter": "%Y Q%q", "year": "%Y"}


def trend(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    grain: str = "month",
    locale: alt.Locale | None = None,
    height: int = HEIGHT,
) -> alt.TopLevelMixin:
    """Return lines over time, at most five of them; immature periods dashed, with hollow dots.

    Columns: `period` (first day), `label` (group; one value for a single line), `rate`, `low`, `high`
    (0..1; null leaves a gap), `mature` (False: too many deals of the period are still open), and the
    texts `period_text`, `rate_text`, `interval_text`, `n_text`, `told`.
    `words`: "period", "group", "rate", "interval", "n".
    """
    names = frame["label"].unique(maintain_order=True).to_list()[: lines.MOST]
    data = frame.filter(pl.col("label").is_in(names)).sort("label", "period")
    hues = alt.Scale(domain=names, range=lines.hues(look))
    colour = alt.Color("label:N", legend=None, scale=hues)
    top = lines.ceiling(data, "rate")
    x = alt.X(
        "period:T",
        title=None,
        axis=alt.Axis(
            format=FORMATS[grain],
            grid=False,
            labelOverlap="greedy",
            tickCount={"month": 8, "quarter": 8, "year": 6}[grain],
        ),
    )
    y = lines.rates("rate", words["rate"], top)
    base = alt.Chart(data)
    known = base.transform_filter("isValid(datum.rate)")
    band = base.mark_area(aria=False, opacity=0.16 if len(names) == 1 else 0.08).encode(
        x=x, y=alt.Y("low:Q", title=words["rate"]), y2="high:Q", color=colour
    )
    old = data.with_columns(rate=pl.when("mature").then("rate"))
    solid = alt.Chart(old).mark_line(aria=False, strokeWidth=2.5).encode(x=x, y=y, color=colour)
    dashed = (
        alt.Chart(_young(data))
        .mark_line(aria=False, strokeWidth=2, strokeDash=[4, 4])
        .encode(x=x, y=y, color=colour)
    )
    dot = known.mark_point(size=46, aria=False, strokeWidth=2, opacity=1).encode(
        x=x,
        y=y,
        color=colour,
        fill=filled_if("datum.mature", "label", hues, look),
    )
    tip = tips(
        *([("label", words["group"])] if len(names) > 1 else []),
        ("period_text", words["period"]),
        ("rate_text", words["rate"]),
        ("interval_text", words["interval"]),
        ("n_text", words["n"]),
    )
    pick = alt.selection_point("pick", fields=["key", "period_key"], on="click", clear="dblclick")
    touch = (
        known.mark_point(size=420, opacity=0.001, filled=True, cursor="pointer")
        .encode(x=x, y=y, tooltip=tip, description="told:N")
        .add_params(pick)
    )
    layers: list[alt.Chart] = [band, solid, dashed, dot, touch]
    if len(names) > 1:
        layers.insert(4, lines.names(data, "rate", colour, top, height - 60, FOLD))
    return finish(alt.layer(*layers), look, locale, told, height=height)


def _young(data: pl.DataFrame) -> pl.DataFrame:
    """Return the immature stretch with the mature points it hangs on, so that the line is unbroken."""
    young = ~pl.col("mature")
    near = young.shift(-1, fill_value=False).over("label") | young.shift(1, fill_value=False).over("label")
    return data.with_columns(rate=pl.when(young | near).then("rate"))
