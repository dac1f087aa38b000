"""The same group twice: its rate as it is, hollow, and its fair rate, solid with its interval."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, named, tips
from pages.shared.theme import Palette

ROW, AROUND = 38, 74
SHAPES = {"better": "triangle-up", "worse": "triangle-down", "same": "circle"}


def paired(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    reference: float | None = None,
    locale: alt.Locale | None = None,
) -> alt.TopLevelMixin:
    """Return two marks per row, joined by a thin line, in the order of the frame's rows.

    Columns: `key` (what a click reports), `label`, `raw` (hollow), `rate`, `low`, `high` (solid, with its
    interval; 0..1; null = not available), `side` ("better", "worse" or "same" as the reference, beyond
    chance), and the texts `raw_text`, `rate_text`, `interval_text`, `n_text`, `told`.
    `spoken` (True draws the way from the one to the other in the accent) marks what the sentence is about.
    `words`: "group", "raw", "rate", "interval", "n".
    """
    data = frame.with_row_index("place").with_columns(pl.col("place").cast(pl.String))
    labels, places, counts = (data[c].to_list() for c in ("label", "place", "n_text"))
    scale = alt.Scale(domain=places, paddingInner=0.1)
    left = alt.Axis(
        labelExpr=named(labels), title=None, grid=False, labelColor=look.text,
        labelBaseline=centred(labels), description=", ".join(labels),
    )  # fmt: skip
    right = alt.Axis(
        orient="right", labelExpr=named(counts, 40), title=words["n"], titleAngle=0, titleAlign="right",
        titleX=12 + 7 * max(map(len, counts), default=1), titleY=-14, titlePadding=0, grid=False,
        description=words["n"],
    )  # fmt: skip
    row = alt.Y("place:N", sort=places, scale=scale, axis=None)
    hues = alt.Scale(domain=list(SHAPES), range=[look.accent, look.lost, look.muted])
    colour = alt.Color("side:N", legend=None, scale=hues)
    shapes = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    ends = [v for c in ("raw", "rate", "low", "high") for v in data[c].drop_nulls()]
    top = max([*ends, reference or 0.0], default=1.0) or 1.0
    axis = alt.Axis(format="%", tickCount=5, grid=True, labelOverlap=True, labelSeparation=8)
    x = alt.X("rate:Q", title=words["rate"], scale=alt.Scale(domain=[0, top], nice=True), axis=axis)
    base = alt.Chart(data)
    known = base.transform_filter("isValid(datum.rate)")
    spoken = alt.condition("datum.spoken", alt.value(look.accent), alt.value(look.text))
    line = known.mark_rule(strokeWidth=3, opacity=0.55, strokeCap="round", aria=False).encode(
        x=alt.X("low:Q", title=words["rate"]), x2="high:Q", color=colour,
        y=alt.Y("place:N", sort=places, scale=scale, axis=left),
    )  # fmt: skip
    moved = known.mark_rule(strokeDash=[2, 2], aria=False).encode(
        x=alt.X("raw:Q", title=words["rate"]), x2="rate:Q", y=row, color=spoken,
        strokeWidth=alt.condition("datum.spoken", alt.value(2.5), alt.value(1)),
    )  # fmt: skip
    hollow = base.transform_filter("isValid(datum.raw)").mark_point(
        size=90, strokeWidth=1.6, filled=False, fill=look.background, fillOpacity=1,
        shape="circle", aria=False, opacity=1,
    ).encode(x=alt.X("raw:Q", title=words["rate"]), y=row, color=spoken)  # fmt: skip
    solid = known.mark_point(size=110, filled=True, opacity=1, aria=False).encode(
        x=x, y=row, color=colour, shape=alt.Shape("side:N", legend=None, scale=shapes)
    )
    tip = tips(*((f"{c}_text" if c != "label" else c, words[w]) for c, w in (
        ("label", "group"), ("raw", "raw"), ("rate", "rate"), ("interval", "interval"), ("n", "n"))
    ))  # fmt: skip
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    touch = (
        base.mark_bar(opacity=0.001, cursor="pointer")
        .encode(y=row, x=alt.value(0), x2=alt.value("width"), tooltip=tip, description="told:N")
        .add_params(pick)
    )
    n = base.mark_point(opacity=0, aria=False).encode(
        y=alt.Y("place:N", sort=places, scale=scale, axis=right)
    )
    layers: list[alt.Chart] = [line, n, moved, hollow, solid, touch]
    if reference is not None:
        rule = alt.Chart(pl.DataFrame({"at": [reference]})).mark_rule(
            aria=False, color=look.text, strokeDash=[4, 3], strokeWidth=1
        )
        layers.insert(0, rule.encode(x="at:Q"))
    whole = alt.layer(*layers).resolve_axis(y="independent")
    return finish(whole, look, locale, told, height=ROW * max(len(labels), 1) + AROUND)
