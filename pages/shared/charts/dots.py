"""Which group is better: one dot per group, its interval as a line, the reference as a thin rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from pages.shared.charts import rows
from pages.shared.charts.look import filled_if, finish, tips
from pages.shared.theme import Palette

TARGETS = ("target_low", "target_high")


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
    data = rows.placed(frame)
    base, own, hues = alt.Chart(data), rows.rows(data, words, look), rows.sides(look)
    colour = alt.Color("side:N", legend=None, scale=hues)
    x = rows.rates(words["rate"], alt.Scale(**_span(frame, reference, signed)))
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
        y=own.names,
    )
    dot = known.mark_point(size=110, aria=False, opacity=1, strokeWidth=2).encode(
        x=x,
        y=own.bare,
        color=colour,
        shape=rows.shapes(),
        fill=filled_if("datum.enough", "side", hues, look),
    )
    dash = (
        base.transform_filter("!isValid(datum.rate)")
        .mark_text(text="–", align="left", dx=4, aria=False)
        .encode(y=own.bare, x=alt.XValue(0))
    )
    n = base.mark_point(opacity=0, aria=False).encode(y=own.counts)
    layers: list[alt.Chart] = [line, n, dot, dash, rows.touched(base, own.bare, tip)]
    aims = [c for c in TARGETS if c in frame.columns and frame[c].count()]
    layers += [_aim(base, name, own.bare, words["rate"], look) for name in aims]
    if reference is not None:
        layers.insert(0, rows.reference(reference, look))
    whole = alt.layer(*layers).resolve_axis(y="independent")
    return finish(whole, look, locale, told, height=own.height)


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
