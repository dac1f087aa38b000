"""The same group twice: its rate as it is, hollow, and its fair rate, solid with its interval."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts import rows
from pages.shared.charts.look import finish, tips
from pages.shared.theme import Palette


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
    data = rows.placed(frame)
    base, own = alt.Chart(data), rows.rows(data, words, look)
    colour = alt.Color("side:N", legend=None, scale=rows.sides(look))
    ends = [v for c in ("raw", "rate", "low", "high") for v in data[c].drop_nulls()]
    top = max([*ends, reference or 0.0], default=1.0) or 1.0
    x = rows.rates(words["rate"], alt.Scale(domain=[0, top], nice=True))
    known = base.transform_filter("isValid(datum.rate)")
    spoken = alt.condition("datum.spoken", alt.value(look.accent), alt.value(look.text))
    line = known.mark_rule(strokeWidth=3, opacity=0.55, strokeCap="round", aria=False).encode(
        x=alt.X("low:Q", title=words["rate"]), x2="high:Q", color=colour,
        y=own.names,
    )  # fmt: skip
    moved = known.mark_rule(strokeDash=[2, 2], aria=False).encode(
        x=alt.X("raw:Q", title=words["rate"]), x2="rate:Q", y=own.bare, color=spoken,
        strokeWidth=alt.condition("datum.spoken", alt.value(2.5), alt.value(1)),
    )  # fmt: skip
    hollow = base.transform_filter("isValid(datum.raw)").mark_point(
        size=90, strokeWidth=1.6, filled=False, fill=look.background, fillOpacity=1,
        shape="circle", aria=False, opacity=1,
    ).encode(x=alt.X("raw:Q", title=words["rate"]), y=own.bare, color=spoken)  # fmt: skip
    solid = known.mark_point(size=110, filled=True, opacity=1, aria=False).encode(
        x=x, y=own.bare, color=colour, shape=rows.shapes()
    )
    tip = tips(*((f"{c}_text" if c != "label" else c, words[w]) for c, w in (
        ("label", "group"), ("raw", "raw"), ("rate", "rate"), ("interval", "interval"), ("n", "n"))
    ))  # fmt: skip
    n = base.mark_point(opacity=0, aria=False).encode(y=own.counts)
    layers: list[alt.Chart] = [line, n, moved, hollow, solid, rows.touched(base, own.bare, tip)]
    if reference is not None:
        layers.insert(0, rows.reference(reference, look))
    whole = alt.layer(*layers).resolve_axis(y="independent")
    return finish(whole, look, locale, told, height=own.height)
