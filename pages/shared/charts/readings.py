"""One question under several definitions: a dot each with its interval, the one in use standing out."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, lifted, named, row_height, tips
from pages.shared.theme import Palette

ROW, AROUND, FOLD = 42, 74, 18


def readings(
    frame: pl.DataFrame, words: Mapping[str, str], look: Palette, told: str, locale: alt.Locale | None = None
) -> alt.TopLevelMixin:
    """Return a dot plot, one row per definition in the order of the frame.

    Columns: `key` (what a click reports), `label`, `rate`, `low`, `high` (0..1; null = not available),
    `chosen` (in use: a diamond in the accent, and a dashed rule through all rows), `enough` (False draws a
    hollow mark), and the texts `formula_text`, `rate_text`, `interval_text`, `n_text`, `told`.
    `words`: "definition", "formula", "rate", "interval", "n".
    """
    data = frame.with_row_index("place").with_columns(pl.col("place").cast(pl.String))
    labels, places = data["label"].to_list(), data["place"].to_list()
    scale = alt.Scale(domain=places, paddingInner=0.1)
    left = alt.Axis(
        labelExpr=named(labels, FOLD),
        labelBaseline=centred(labels, FOLD),
        labelOffset=lifted(labels, FOLD),
        labelColor=look.text,
        labelFontWeight=_bold(data),
        title=None,
        grid=False,
        description=", ".join(labels),
    )
    y = alt.Y("place:N", sort=places, scale=scale, axis=left)
    ends = [v for c in ("rate", "high") for v in frame[c].drop_nulls()]
    x = alt.X(
        "rate:Q",
        title=words["rate"],
        scale=alt.Scale(domain=[0.0, max(ends, default=1.0) or 1.0], nice=True),
        axis=alt.Axis(format="%", tickCount=5, labelOverlap=True, labelSeparation=8),
    )
    hue = alt.condition("datum.chosen", alt.value(look.accent), alt.value(look.muted))
    fill = alt.condition(
        "!datum.enough",
        alt.value(look.background),
        alt.value(look.muted),
    )
    base = alt.Chart(data)
    known = base.transform_filter("isValid(datum.rate)")
    line = known.mark_rule(strokeWidth=3, opacity=0.55, strokeCap="round", aria=False).encode(
        x=alt.X("low:Q", title=words["rate"]), x2="high:Q", y=y, color=hue
    )
    others = (
        known.transform_filter("!datum.chosen")
        .mark_point(size=110, aria=False, opacity=1, strokeWidth=2, stroke=look.muted)
        .encode(x=x, y=y, fill=fill)
    )
    own = (
        known.transform_filter("datum.chosen")
        .mark_point(size=190, aria=False, opacity=1, strokeWidth=2, shape="diamond", stroke=look.accent)
        .encode(
            x=x,
            y=y,
            fill=alt.condition("!datum.enough", alt.value(look.background), alt.value(look.accent)),
        )
    )
    dash = (
        base.transform_filter("!isValid(datum.rate)")
        .mark_text(text="–", align="left", dx=4, aria=False)
        .encode(y=y, x=alt.XValue(0))
    )
    rule = (
        known.transform_filter("datum.chosen")
        .mark_rule(aria=False, color=look.accent, strokeDash=[4, 3], strokeWidth=1)
        .encode(x="rate:Q")
    )
    tip = tips(
        ("label", words["definition"]),
        ("formula_text", words["formula"]),
        ("rate_text", words["rate"]),
        ("interval_text", words["interval"]),
        ("n_text", words["n"]),
    )
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    touch = (
        base.mark_bar(opacity=0.001, cursor="pointer")
        .encode(y=y, x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tip, description="told:N")
        .add_params(pick)
    )
    chart = alt.layer(rule, line, others, own, dash, touch)
    height = row_height(labels, ROW, FOLD) * max(len(labels), 1) + AROUND
    return finish(chart, look, locale, told, height=height)


def _bold(data: pl.DataFrame) -> dict[str, object]:
    """Return the weight of the labels: bold where the definition is the one in use."""
    own = [int(place) for place in data.filter("chosen")["place"]]
    return {
        "condition": {"test": f"indexof({own}, toNumber(datum.value)) >= 0", "value": "bold"},
        "value": "normal",
    }
