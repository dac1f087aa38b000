"""How it changes: a line per group with its own name at its end, the interval as a pale band."""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import filled_if, finish, folded, tips
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
    names = frame["label"].unique(maintain_order=True).to_list()[:5]
    data = frame.filter(pl.col("label").is_in(names)).sort("label", "period")
    hues = alt.Scale(domain=names, range=_lines(look))
    colour = alt.Color("label:N", legend=None, scale=hues)
    high = max([*data["high"].drop_nulls(), *data["rate"].drop_nulls()], default=1.0)
    top = min(1.0, math.ceil(high * 10 + 0.01) / 10)
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
    y = alt.Y(
        "rate:Q",
        title=words["rate"],
        scale=alt.Scale(domain=[0, top]),
        axis=alt.Axis(
            format="%",
            tickCount=5,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="start",
            titleX=0,
            titleY=-16,
            titlePadding=0,
        ),
    )
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
        layers.insert(4, _names(data, names, colour, top, height))
    return finish(alt.layer(*layers), look, locale, told, height=height)


def _young(data: pl.DataFrame) -> pl.DataFrame:
    """Return the immature stretch with the mature points it hangs on, so that the line is unbroken."""
    young = ~pl.col("mature")
    near = young.shift(-1, fill_value=False).over("label") | young.shift(1, fill_value=False).over("label")
    return data.with_columns(rate=pl.when(young | near).then("rate"))


def _lines(look: Palette) -> list[str]:
    """Return five line colours; the colour of loss stays with losses."""
    return [*(hue for hue in look.series if hue != look.lost), look.text][:5]


def _names(data: pl.DataFrame, names: list[str], colour: alt.Color, top: float, height: int) -> alt.Chart:
    """Return the names at the line ends, pushed apart so that none covers another."""
    ends = data.filter(pl.col("rate").is_not_null()).group_by("label", maintain_order=True).last()
    step = top * 16 / (height - 60)
    at, spots = float("inf"), []
    for name, rate in sorted(zip(ends["label"], ends["rate"], strict=True), key=lambda pair: -pair[1]):
        lines = len(folded(name, FOLD))
        at = min(rate + step * (lines - 1) / 2, at)
        spots.append((name, at))
        at -= step * lines
    lift = max(0.0, -at - step / 2)
    frame = pl.DataFrame(
        {
            "label": [name for name, _ in spots],
            "at": [at + lift for _, at in spots],
            "period": [data["period"].max()] * len(spots),
            "lines": ["\n".join(folded(name, FOLD)) for name, _ in spots],
        }
    )
    return (
        alt.Chart(frame)
        .mark_text(
            align="left",
            dx=9,
            fontWeight=600,
            lineBreak="\n",
            lineHeight=14,
            baseline="middle",
            fontSize=12,
            aria=False,
        )
        .encode(x="period:T", y="at:Q", text="lines:N", color=colour)
    )
