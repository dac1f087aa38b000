"""Which group is better: one dot per group, its interval as a line, the reference as a thin rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, filled_if, finish, lifted, named, row_height, tips
from pages.shared.theme import Palette

ROW, AROUND = 38, 74
TARGETS = ("target_low", "target_high")
SHAPES = {"better": "triangle-up", "worse": "triangle-down", "same": "circle"}


def dots(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    reference: float | None = None,
    locale: alt.Locale | None = None,
    signed: bool = False,
) -> alt.TopLevelMixin:
    """Return a dot plot with intervals, in the order of the frame's rows.

    Columns: `key` (what a click reports), `label`, `rate`, `low`, `high` (0..1; null = not available),
    `side` ("better", "worse" or "same": supported by the data or not), `enough` (False draws a hollow
    dot), and the texts `rate_text`, `interval_text`, `n_text`, `told`. `target_low` and `target_high`, where
    they are there, are drawn as upright marks: a target, or the ends of a band.
    `words` gives the titles: "group", "rate", "interval", "n".
    """
    data = frame.with_row_index("place").with_columns(pl.col("place").cast(pl.String))
    labels = data["label"].to_list()
    places = data["place"].to_list()
    base = alt.Chart(data)
    left = alt.Axis(
        labelExpr=named(labels),
        title=None,
        grid=False,
        labelColor=look.text,
        labelBaseline=centred(labels),
        labelOffset=lifted(labels),
        labelPadding=14,
        description=", ".join(labels),
    )
    # Each layer has its own y axis, so that names stand left and counts right; all but two are empty.
    scale = alt.Scale(domain=places, paddingInner=0.1)
    row = alt.Y("place:N", sort=places, scale=scale, axis=None)
    counts = data["n_text"].to_list()
    right = alt.Axis(
        orient="right",
        labelExpr=named(counts, 40),
        title=words["n"],
        titleAngle=0,
        titleAlign="right",
        titleX=12 + 7 * max(map(len, counts), default=1),
        titleY=-14,
        titlePadding=0,
        grid=False,
        description=words["n"],
    )
    hues = alt.Scale(domain=list(SHAPES), range=[look.accent, look.lost, look.muted])
    colour = alt.Color("side:N", legend=None, scale=hues)
    x = alt.X(
        "rate:Q",
        title=words["rate"],
        scale=alt.Scale(**_span(frame, reference, signed)),
        axis=alt.Axis(format="%", tickCount=5, grid=True, labelOverlap=True, labelSeparation=8),
    )
    tip = tips(
        ("label", words["group"]),
        ("rate_text", words["rate"]),
        ("interval_text", words["interval"]),
        ("n_text", words["n"]),
    )
    known = base.transform_filter("isValid(datum.rate)")
    line = known.mark_rule(strokeWidth=3, opacity=0.55, strokeCap="round", aria=False).encode(
        x=alt.X("low:Q", title=words["rate"]),
        x2="high:Q",
        color=colour,
        y=alt.Y("place:N", sort=places, scale=scale, axis=left),
    )
    dot = known.mark_point(size=110, aria=False, opacity=1, strokeWidth=2).encode(
        x=x,
        y=row,
        color=colour,
        shape=alt.Shape(
            "side:N", legend=None, scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
        ),
        fill=filled_if("datum.enough", "side", hues, look),
    )
    dash = (
        base.transform_filter("!isValid(datum.rate)")
        .mark_text(text="–", align="left", dx=4, aria=False)
        .encode(y=row, x=alt.XValue(0))
    )
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    touch = (
        base.mark_bar(opacity=0.001, cursor="pointer")
        .encode(y=row, x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tip, description="told:N")
        .add_params(pick)
    )
    n = base.mark_point(opacity=0, aria=False).encode(
        y=alt.Y("place:N", sort=places, scale=scale, axis=right)
    )
    layers: list[alt.Chart] = [line, n, dot, dash, touch]
    aims = [c for c in TARGETS if c in frame.columns and frame[c].count()]
    layers += [_aim(base, name, row, words["rate"], look) for name in aims]
    if reference is not None:
        rule = (
            alt.Chart(pl.DataFrame({"at": [reference]}))
            .mark_rule(aria=False, color=look.text, strokeDash=[4, 3], strokeWidth=1)
            .encode(x="at:Q")
        )
        layers.insert(0, rule)
    return finish(
        alt.layer(*layers).resolve_axis(y="independent"),
        look,
        locale,
        told,
        height=row_height(labels, ROW) * max(len(labels), 1) + AROUND,
    )


def _aim(base: alt.Chart, name: str, row: alt.Y, title: str, look: Palette) -> alt.Chart:
    """Return the upright marks of the targets."""
    mark = base.transform_filter(f"isValid(datum.{name})").mark_tick(
        thickness=2, size=24, color=look.text, aria=False
    )
    return mark.encode(x=alt.X(f"{name}:Q", title=title), y=row)


def _span(frame: pl.DataFrame, reference: float | None, signed: bool) -> dict[str, Any]:
    """Return the scale: from 0 (or the lowest end, for differences) to the highest end in sight."""
    ends = [*frame["low"].drop_nulls(), *frame["high"].drop_nulls(), *frame["rate"].drop_nulls()]
    if reference is not None:
        ends.append(reference)
    for name in TARGETS:
        ends += [*frame[name].drop_nulls()] if name in frame.columns else []
    top = max(ends, default=1.0)
    return {"domain": [min(ends, default=0.0) if signed else 0.0, top], "nice": True}
