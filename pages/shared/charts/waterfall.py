"""What moved between two totals: steps that add up, from the total before to the one after."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping

import altair as alt
import polars as pl

from data.meta import STATUSES
from pages.shared.charts.look import centred, finish, named, tips
from pages.shared.theme import Palette

ROW, AROUND = 40, 50


def waterfall(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
    short: Callable[[float], str] = str,
    chosen: str | None = None,
) -> alt.TopLevelMixin:
    """Return a horizontal waterfall, top to bottom as the frame has its rows.

    Columns: `key` (what a click reports), `label`, `kind` ("total" or "step"), `amount` (a step's size with
    its sign, or a total; whole units of the currency), and the texts `amount_text`, `told`; where there is
    an `outcome` (a status, else null), the step has that outcome's colour instead of that of its sign.
    `words`: "part", "amount". `short` writes an amount on the axis; `chosen` is the key to mark as chosen.
    Totals are lines and not bars, because the axis need not begin at 0: beside a total of millions the
    steps would be too small to see.
    """
    data = placed(frame).with_row_index("place").with_columns(pl.col("place").cast(pl.String))
    labels, places, texts = (data[c].to_list() for c in ("label", "place", "amount_text"))
    low, high = (f(*data["from"], *data["to"]) for f in (min, max))
    room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.1
    scale = alt.Scale(domain=[low - room, high + room], nice=False, zero=False)
    steps = ticks(low - room, high + room)
    written = json.dumps([short(step) for step in steps])
    gap = steps[1] - steps[0] if len(steps) > 1 else 1.0
    axis = alt.Axis(
        values=steps, labelOverlap=True, labelSeparation=8,
        labelExpr=f"{written}[round((datum.value - ({steps[0]})) / {gap})]",
    )  # fmt: skip
    rows = alt.Scale(domain=places, paddingInner=0.35)
    left = alt.Axis(
        labelExpr=named(labels, 22), title=None, grid=False, labelColor=look.text,
        labelBaseline=centred(labels, 22), description=", ".join(labels),
    )  # fmt: skip
    right = alt.Axis(
        orient="right", labelExpr=named(texts, 40), title=words["amount"], titleAngle=0,
        titleAlign="right", titleX=8 + 6 * max(map(len, texts), default=1), titleY=-14, titlePadding=0,
        grid=False, labelColor=look.text, description=words["amount"],
    )  # fmt: skip
    row = alt.Y("place:N", sort=places, scale=rows, axis=None)
    ways: dict[str, str] = {"up": look.accent, "down": look.lost, "total": look.text}
    ways |= {status: look.status(status) for status in STATUSES}
    hues = alt.Scale(domain=list(ways), range=list(ways.values()))
    colour = alt.Color("way:N", legend=None, scale=hues)
    base = alt.Chart(data)
    x = alt.X("from:Q", title=None, scale=scale, axis=axis)
    bars = base.transform_filter("datum.kind == 'step'").mark_bar(aria=False, cornerRadius=1).encode(
        x=x, x2="to:Q", color=colour, y=alt.Y("place:N", sort=places, scale=rows, axis=left)
    )  # fmt: skip
    totals = base.transform_filter("datum.kind == 'total'").mark_tick(
        aria=False, thickness=4, bandSize=26, color=look.text
    ).encode(x=alt.X("to:Q", title=None, scale=scale), y=row)  # fmt: skip
    link = base.transform_filter("isValid(datum.next)").mark_rule(
        aria=False, color=look.muted, strokeWidth=1, strokeDash=[2, 2]
    ).encode(x=alt.X("to:Q", title=None, scale=scale), y=row, y2=alt.Y2("next:N"))  # fmt: skip
    tip = tips(("label", words["part"]), ("amount_text", words["amount"]))
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    touch = base.mark_bar(opacity=0.001, cursor="pointer").encode(
        y=row, x=alt.value(0), x2=alt.value("width"), tooltip=tip, description="told:N"
    ).add_params(pick)  # fmt: skip
    mark = alt.Chart(data.filter(pl.col("key").is_in([chosen]))).mark_bar(
        aria=False, color=look.pale_accent, opacity=0.45, cornerRadius=3
    ).encode(y=row, x=alt.value(0), x2=alt.value("width"))  # fmt: skip
    amounts = base.mark_point(opacity=0, aria=False).encode(
        y=alt.Y("place:N", sort=places, scale=rows, axis=right)
    )
    layers = [*([mark] if chosen in data["key"] else []), bars, amounts, link, totals, touch]
    whole = alt.layer(*layers).resolve_axis(y="independent")
    return finish(whole, look, locale, told, height=ROW * max(len(labels), 1) + AROUND)


def placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add from and to (where a step begins and ends), way (its colour) and next (the row below)."""
    starts, ends, at = [], [], 0.0
    for kind, amount in zip(frame["kind"], frame["amount"], strict=True):
        begin, at = (amount, amount) if kind == "total" else (at, at + amount)
        starts.append(begin)
        ends.append(at)
    below = [str(k + 1) if k + 1 < frame.height else None for k in range(frame.height)]
    own = pl.col("outcome") if "outcome" in frame.columns else pl.lit(None, pl.String)
    way = pl.when(pl.col("kind") == "total").then(pl.lit("total")).when(own.is_not_null()).then(own)
    return frame.with_columns(
        pl.Series("from", starts, dtype=pl.Float64), pl.Series("to", ends, dtype=pl.Float64),
        way.when(pl.col("amount") >= 0).then(pl.lit("up")).otherwise(pl.lit("down")).alias("way"),
        pl.Series("next", below, dtype=pl.String),
    )  # fmt: skip


def ticks(low: float, high: float) -> list[float]:
    """Return round steps between two values, two to five of them."""
    size = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(size * times for times in (1, 2, 5, 10) if size * times * 4 >= high - low)
    return [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]
