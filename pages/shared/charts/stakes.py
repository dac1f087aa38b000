"""What it costs: ranked bars of money at stake, the cautious end solid and the rest pale."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, named, tips
from pages.shared.theme import Palette

ROW, AROUND = 48, 56


def stakes(
    frame: pl.DataFrame, words: Mapping[str, str], look: Palette, told: str, locale: alt.Locale | None = None
) -> alt.TopLevelMixin:
    """Return ranked bars, costliest first as the frame has them.

    Columns: `key` (what a click reports), `label`, `low` (cautious end, solid), `stake` (best estimate,
    pale beyond the cautious end), and the texts `low_text`, `stake_text`, `told`.
    `words`: "leak", "low", "stake".
    """
    data = frame.with_row_index("place").with_columns(
        pl.col("place").cast(pl.String), solid=pl.col("low").clip(lower_bound=0)
    )
    places = data["place"].to_list()
    y = alt.Y(
        "place:N",
        sort=places,
        scale=alt.Scale(domain=places, paddingInner=0.35),
        axis=alt.Axis(
            labelExpr=named(data["label"].to_list(), 26),
            title=None,
            grid=False,
            labelColor=look.text,
            labelBaseline=centred(data["label"].to_list(), 26),
            description=", ".join(data["label"].to_list()),
        ),
    )
    top = data["stake"].max() or 1.0
    scale = alt.Scale(domain=[0, top], nice=True)
    axis = alt.Axis(
        format="~s", tickCount=4, labelOverlap=True, labelExpr="datum.value == 0 ? '0' : datum.label"
    )
    tip = tips(("label", words["leak"]), ("low_text", words["low"]), ("stake_text", words["stake"]))
    base = alt.Chart(data)
    pale = base.mark_bar(color=look.lost, opacity=0.3, aria=False, cornerRadiusEnd=2).encode(
        y=y, x=alt.X("stake:Q", title=words["stake"], scale=scale, axis=axis)
    )
    solid = base.mark_bar(color=look.lost, aria=False, cornerRadiusEnd=2).encode(
        y=y, x=alt.X("solid:Q", title=words["stake"])
    )
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    touch = (
        base.mark_bar(opacity=0.001, cursor="pointer")
        .encode(y=y, x=alt.value(0), x2=alt.value("width"), tooltip=tip, description="told:N")
        .add_params(pick)
    )
    return finish(
        alt.layer(pale, solid, touch), look, locale, told, height=ROW * max(len(places), 1) + AROUND
    )
