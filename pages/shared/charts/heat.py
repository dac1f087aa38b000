"""Two fields crossed: a cell says its rate and n; a cell with too few deals stays empty, hatched."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, folded, lifted, named, tips
from pages.shared.theme import Palette

ROW, AROUND = 50, 76
HATCH = "M-1,-.2L-.2,-1M-1,.6L.6,-1M-.6,1L1,-.6M.2,1L1,.2"


def heat(
    frame: pl.DataFrame, words: Mapping[str, str], look: Palette, told: str, locale: alt.Locale | None = None
) -> alt.TopLevelMixin:
    """Return a heat map; rows and columns in the order in which their values first appear.

    Columns: `down`, `across` (raw values a click reports), `down_label`, `across_label`, `rate` (0..1),
    `enough`, and the texts `rate_text`, `n_text`, `cell_text` (n as the cell writes it), `interval_text`,
    `told`.
    `words`: "down", "across", "rate", "interval", "n".
    """
    downs = frame.select("down", "down_label").unique(maintain_order=True).with_row_index("row")
    acrosses = frame.select("across", "across_label").unique(maintain_order=True).with_row_index("column")
    data = (
        frame.join(downs.select("down", "row"), on="down", nulls_equal=True)
        .join(acrosses.select("across", "column"), on="across", nulls_equal=True)
        .with_columns(pl.col("row", "column").cast(pl.String))
    )
    rows, columns = [[str(i) for i in range(len(f))] for f in (downs, acrosses)]
    y = alt.Y(
        "row:N",
        sort=rows,
        scale=alt.Scale(paddingInner=0.04),
        axis=alt.Axis(
            labelExpr=named(downs["down_label"].to_list(), 18),
            title=words["down"],
            titleAngle=0,
            titleAlign="right",
            titleAnchor="start",
            titleX=-8,
            titleY=-16,
            titlePadding=0,
            labelColor=look.text,
            grid=False,
            labelBaseline=centred(downs["down_label"].to_list(), 18),
            labelOffset=lifted(downs["down_label"].to_list(), 18),
            description=words["down"],
        ),
    )
    lines = max((len(folded(label, 12)) for label in acrosses["across_label"]), default=1)
    x = alt.X(
        "column:N",
        sort=columns,
        scale=alt.Scale(paddingInner=0.02),
        axis=alt.Axis(
            labelExpr=named(acrosses["across_label"].to_list(), 12),
            title=words["across"],
            orient="top",
            labelAngle=0,
            labelColor=look.text,
            grid=False,
            labelBaseline="bottom",
            labelPadding=8 + 16 * (lines - 1),
            description=words["across"],
        ),
    )
    shown = data.filter(pl.col("enough") & pl.col("rate").is_not_null())
    ends = [min(shown["rate"], default=0.0), max(shown["rate"], default=1.0)]
    turn = ends[0] + (0.7 if look.background == "#FFFFFF" else 0.4) * (ends[1] - ends[0])
    tip = tips(
        ("down_label", words["down"]),
        ("across_label", words["across"]),
        ("rate_text", words["rate"]),
        ("interval_text", words["interval"]),
        ("n_text", words["n"]),
    )
    base = alt.Chart(data).encode(x=x, y=y)
    full, few = base.transform_filter("datum.enough"), base.transform_filter("!datum.enough")
    cell = full.mark_rect(cornerRadius=3, aria=False).encode(
        color=alt.Color(
            "rate:Q", legend=None, scale=alt.Scale(domain=ends, range=[look.pale_accent, look.accent])
        )
    )
    hatch = few.mark_point(
        shape=HATCH, size=900, strokeWidth=1, opacity=0.7, aria=False, color=look.open, filled=False
    )
    light = {"test": f"datum.rate > {turn}", "value": look.background}
    ink = alt.ColorValue(look.text, condition=light)
    rate = full.mark_text(dy=-7, aria=False, fontSize=14, fontWeight=600).encode(
        text="rate_text:N", color=ink
    )
    count = full.mark_text(dy=10, aria=False, fontSize=11).encode(text="cell_text:N", color=ink)
    pick = alt.selection_point("pick", fields=["down", "across"], on="click", clear="dblclick")
    touch = (
        base.mark_rect(opacity=0.001, cursor="pointer")
        .encode(tooltip=tip, description="told:N")
        .add_params(pick)
    )
    return finish(
        alt.layer(cell, hatch, rate, count, touch),
        look,
        locale,
        told,
        height=ROW * len(rows) + AROUND + 16 * lines,
    )
