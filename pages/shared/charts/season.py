"""The months of the year against an even year: inflow as bars from the even line, hit rate as dots."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from pages.shared.charts.look import finish, tips
from pages.shared.theme import Palette

HEIGHT = 210
FARTHEST = 3.0  # times an even month: beyond that an interval says only that little is known
ZERO = "datum.value == 0 ? replace(datum.label, '+', '') : datum.label"
MONTHS = [str(month) for month in range(1, 13)]


def _months(names: Sequence[str]) -> alt.X:
    axis = alt.Axis(
        labelExpr=f"{json.dumps(list(names))}[toNumber(datum.value) - 1]", grid=False, labelAngle=0,
        labelFontSize=11, labelPadding=6, labelOverlap=False, title=None,
    )  # fmt: skip
    return alt.X("month:N", sort=MONTHS, scale=alt.Scale(domain=MONTHS), axis=axis)


def _up(title: str) -> dict[str, Any]:
    return {
        "title": title, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleX": 0,
        "titleY": -16, "titlePadding": 0, "tickCount": 5,
    }  # fmt: skip


def _touch(base: alt.Chart, x: alt.X, words: Mapping[str, str]) -> alt.Chart:
    tip = tips(("month_text", words["month"]), ("value_text", words["value"]),
               ("interval_text", words["interval"]), ("n_text", words["n"]))  # fmt: skip
    return base.mark_bar(opacity=0.001).encode(
        x=x, y=alt.value(0), y2=alt.value("height"), tooltip=tip, description="told:N"
    )


def inflow(
    frame: pl.DataFrame,
    names: Sequence[str],
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
) -> alt.TopLevelMixin:
    """Return bars from the line of an even month: above it more deals come in, below it fewer.

    Columns: `month` (1..12), `gap` (inflow index - 1; null = not available), `low`, `high` (the ends of its
    interval), `inflow_different` (from an even month, beyond chance: coloured), and the texts `month_text`,
    `value_text`, `interval_text`, `n_text`, `told`.
    `words`: "month", "value", "interval", "n". `names` are the short names of the twelve months.
    """  # fmt: skip
    data = frame.with_columns(pl.col("month").cast(pl.String))
    ends = [v for c in ("gap", "low", "high") for v in data[c].drop_nulls()]
    far = min(max((abs(v) for v in ends), default=0.1) or 0.1, FARTHEST)
    x, base = _months(names), alt.Chart(data)
    y = alt.Y("gap:Q", scale=alt.Scale(domain=[-far, far], nice=True),
              axis=alt.Axis(format="+.0%", labelExpr=ZERO, **_up(words["value"])))  # fmt: skip
    bars = base.transform_filter("isValid(datum.gap)").mark_bar(
        aria=False, cornerRadiusEnd=2, width={"band": 0.6}
    )
    hue = alt.condition("datum.inflow_different", alt.value(look.accent), alt.value(look.muted))
    even = alt.Chart(pl.DataFrame({"at": [0.0]})).mark_rule(color=look.text, strokeWidth=1, aria=False)
    unsure = base.transform_filter("isValid(datum.low)").mark_rule(
        aria=False, color=look.text, strokeWidth=2, opacity=0.6, clip=True
    )
    doubt = unsure.encode(x=x, y=alt.Y("low:Q", title=words["value"]), y2="high:Q")
    layers = [bars.encode(x=x, y=y, color=hue), even.encode(y="at:Q"), doubt, _touch(base, x, words)]
    return finish(alt.layer(*layers), look, locale, told, height=HEIGHT)


def rated(
    frame: pl.DataFrame,
    names: Sequence[str],
    words: Mapping[str, str],
    look: Palette,
    told: str,
    reference: float | None = None,
    locale: alt.Locale | None = None,
) -> alt.TopLevelMixin:
    """Return a dot with its interval per month, and the rate of all months as a thin rule.

    Columns: `month` (1..12), `rate`, `low`, `high` (0..1; null = not available), `enough` (False: hollow),
    `different` (from the other months, beyond chance: coloured), and the texts of `inflow`.
    """  # fmt: skip
    inside = pl.when(~pl.col("enough")).then(pl.lit("few")).when("different").then(pl.lit("different"))
    data = frame.with_columns(pl.col("month").cast(pl.String), inside=inside.otherwise(pl.lit("same")))
    ends = [v for c in ("rate", "high") for v in data[c].drop_nulls()]
    top = max([*ends, reference or 0.0], default=1.0) or 1.0
    x, base = _months(names), alt.Chart(data)
    known = base.transform_filter("isValid(datum.rate)")
    hue = alt.condition("datum.different", alt.value(look.accent), alt.value(look.muted))
    scale = alt.Scale(domain=[0, min(1.0, top)], nice=True)
    line = known.mark_rule(strokeWidth=3, opacity=0.55, strokeCap="round", aria=False).encode(
        x=x, y=alt.Y("low:Q", title=words["value"], scale=scale), y2="high:Q", color=hue
    )
    dot = known.mark_point(size=90, opacity=1, strokeWidth=2, aria=False).encode(
        x=x, color=hue, fill=_fill(look),
        y=alt.Y("rate:Q", scale=scale, axis=alt.Axis(format="%", **_up(words["value"]))),
    )  # fmt: skip
    layers: list[alt.Chart] = [line, dot, _touch(base, x, words)]
    if reference is not None:
        rule = alt.Chart(pl.DataFrame({"at": [reference]})).mark_rule(
            aria=False, color=look.text, strokeDash=[4, 3], strokeWidth=1
        )
        layers.insert(0, rule.encode(y="at:Q"))
    return finish(alt.layer(*layers), look, locale, told, height=HEIGHT)


def _fill(look: Palette) -> alt.Fill:
    """Return the inside of a dot: hollow with too few deals, else as its edge."""
    inside = alt.Scale(domain=["few", "different", "same"], range=[look.background, look.accent, look.muted])
    return alt.Fill("inside:N", legend=None, scale=inside)
