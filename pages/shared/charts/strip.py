"""Does "A beats B" survive every definition: a cell per reading, who is ahead in it and how surely."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, folded, lifted, named, row_height, tips
from pages.shared.theme import Palette

ROW, AROUND, FOLD, WIDE = 46, 56, 18, 16


def strip(
    frame: pl.DataFrame, words: Mapping[str, str], look: Palette, told: str, locale: alt.Locale | None = None
) -> alt.TopLevelMixin:
    """Return rows of definitions by columns of readings, both in the order they first appear.

    Columns: `label` (definition), `reading` (the column's title), `ahead` ("a", "b", "equal"; null where
    one side has no rate), `settled`, and the texts `who_text` (who is ahead), `gap_text` (by how much),
    `rates_text`, `interval_text`, `told`. A settled cell is solid, one that chance may explain is pale.
    `words`: "definition", "reading", "ahead", "rates", "interval".
    """
    labels = frame["label"].unique(maintain_order=True).to_list()
    columns = frame["reading"].unique(maintain_order=True).to_list()
    data = frame.with_columns(
        row=pl.col("label").replace_strict({n: str(i) for i, n in enumerate(labels)}),
        column=pl.col("reading").replace_strict({n: str(i) for i, n in enumerate(columns)}),
        state=pl.col("ahead").fill_null("none"),
        solid=pl.col("settled") & pl.col("ahead").is_in(["a", "b"]).fill_null(False),
    )
    rows = [str(place) for place in range(len(labels))]
    lines = max((len(folded(column, WIDE)) for column in columns), default=1)
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(domain=rows, paddingInner=0.08),
        axis=alt.Axis(
            labelExpr=named(labels, FOLD),
            labelBaseline=centred(labels, FOLD),
            labelOffset=lifted(labels, FOLD),
            labelColor=look.text,
            title=None,
            grid=False,
            description=", ".join(labels),
        ),
    )
    x = alt.X(
        "column:N",
        sort=None,
        scale=alt.Scale(domain=[str(place) for place in range(len(columns))], paddingInner=0.02),
        axis=alt.Axis(
            labelExpr=named(columns, WIDE),
            labelAngle=0,
            labelColor=look.text,
            labelBaseline="bottom",
            labelPadding=8 + 16 * (lines - 1),
            orient="top",
            title=None,
            grid=False,
            description=", ".join(columns),
        ),
    )
    hues = alt.Scale(domain=["a", "b", "equal", "none"], range=[*sides(look), look.open, look.grid])
    base = alt.Chart(data).encode(x=x, y=y)
    cell = base.mark_rect(cornerRadius=3, aria=False, strokeWidth=2).encode(
        color=alt.Color("state:N", legend=None, scale=hues),
        stroke=alt.Stroke("state:N", legend=None, scale=hues),
        fillOpacity=alt.condition("datum.solid", alt.value(1.0), alt.value(0.14)),
        strokeOpacity=alt.condition("datum.solid", alt.value(1.0), alt.value(0.5)),
    )
    ink = alt.condition("datum.solid", alt.value(look.background), alt.value(look.text))
    who = base.mark_text(dy=-8, aria=False, fontSize=13, fontWeight=600).encode(text="who_text:N", color=ink)
    gap = base.mark_text(dy=9, aria=False, fontSize=12).encode(text="gap_text:N", color=ink)
    tip = tips(
        ("label", words["definition"]),
        ("reading", words["reading"]),
        ("who_text", words["ahead"]),
        ("rates_text", words["rates"]),
        ("interval_text", words["interval"]),
    )
    touch = base.mark_rect(opacity=0.001).encode(tooltip=tip, description="told:N")
    height = row_height(labels, ROW, FOLD) * max(len(rows), 1) + AROUND + 16 * (lines - 1)
    return finish(alt.layer(cell, who, gap, touch), look, locale, told, height=height)


def sides(look: Palette) -> tuple[str, str]:
    """Return the colours of A and B: neither is the colour of loss."""
    return look.accent, look.series[4]
