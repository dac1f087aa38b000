"""What it costs: ranked bars of money at stake, the cautious end solid and the rest pale."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, lifted, named, row_height, tips
from pages.shared.theme import Palette

ROW, AROUND, FOLD = 48, 56, 26


def stakes(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
    short: Callable[[float], str] = str,
) -> alt.TopLevelMixin:
    """Return ranked bars, costliest first as the frame has them.

    Columns: `key` (what a click reports), `label`, `low` (cautious end, solid), `stake` (best estimate,
    pale beyond the cautious end), and the texts `low_text`, `stake_text`, `told`.
    `words`: "leak", "low", "stake". `short` writes an amount on the axis.
    """
    data = frame.with_row_index("place").with_columns(
        pl.col("place").cast(pl.String), solid=pl.col("low").clip(lower_bound=0)
    )
    places, labels = data["place"].to_list(), data["label"].to_list()
    y = alt.Y(
        "place:N",
        sort=places,
        scale=alt.Scale(domain=places, paddingInner=0.35),
        axis=alt.Axis(
            labelExpr=named(labels, FOLD),
            title=None,
            grid=False,
            labelColor=look.text,
            labelBaseline=centred(labels, FOLD),
            labelOffset=lifted(labels, FOLD),
            description=", ".join(labels),
        ),
    )
    top = float(max(data["stake"], default=1.0)) or 1.0
    steps = ticks(top)
    scale = alt.Scale(domain=[0, top])
    texts = json.dumps([short(step) for step in steps])
    axis = alt.Axis(values=steps, labelOverlap=True, labelExpr=f"{texts}[round(datum.value / {steps[1]})]")
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
        .encode(y=y, x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tip, description="told:N")
        .add_params(pick)
    )
    height = row_height(labels, ROW, FOLD) * max(len(places), 1) + AROUND
    return finish(alt.layer(pale, solid, touch), look, locale, told, height=height)


def ticks(top: float) -> list[float]:
    """Return round steps from 0 to at most the largest value, three to five of them."""
    size = 10.0 ** math.floor(math.log10(top / 4))
    step = next(size * times for times in (1, 2, 5, 10) if size * times * 4 >= top)
    return [step * place for place in range(math.floor(top / step) + 1)]
