"""What it consists of, day after day: one bar per day, its parts on top of each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import altair as alt
import polars as pl

from pages.shared.charts.look import finish, legend, named, tips
from pages.shared.charts.waterfall import ticks
from pages.shared.theme import Palette

HEIGHT, FEW, FOLD = 320, 4, 13


def stacked(
    frame: pl.DataFrame,
    parts: Sequence[tuple[str, str]],
    ordered: bool,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
    short: Callable[[float], str] = str,
    warm: str = "",
) -> alt.TopLevelMixin:
    """Return stacked bars, the days from left to right, the first part at the bottom.

    Columns: `day_key`, `key` (what a click reports), `day_text`, `part` (its label), `size` (>= 0, whole
    units), and the texts `size_text`, `told`. `parts`: (key, label) from the bottom up, six at most; where
    they are `ordered` (stages, months) their colour deepens, else each has its own; the one with the key
    `warm` has that of loss. `words`: "day", "part", "size". One part alone has no legend.
    """
    days = frame.select("day_key", "day_text").unique(maintain_order=True)
    places = {key: str(place) for place, key in enumerate(days["day_key"])}
    rank = {key: place for place, (key, _label) in enumerate(parts)}
    data = (
        frame.with_columns(
            place=pl.col("day_key").replace_strict(places), rank=pl.col("key").replace_strict(rank)
        )
        .sort("place", "rank")
        .with_columns(end=pl.col("size").cum_sum().over("place"))
        .with_columns(start=pl.col("end") - pl.col("size"))
    )
    top = float(max([*data["end"], 0.0])) or 1.0
    marks = ticks(0.0, top * 1.04)
    gap = marks[1] - marks[0]
    written = json.dumps([short(mark) for mark in marks])
    labels = [label for _key, label in parts]
    hues = _deepening(look, len(parts)) if ordered else _own(look, len(parts))
    hues = [look.loss if key == warm else hue for (key, _label), hue in zip(parts, hues, strict=True)]
    base = alt.Chart(data.filter(pl.col("size") > 0))
    few = len(places) <= FEW  # bars that are wide enough for a name of their own, also on a phone
    fold, overlap = (FOLD, False) if few else (40, "greedy")
    x = alt.X(
        "place:N", sort=list(places.values()), title=None,
        scale=alt.Scale(domain=list(places.values()), paddingInner=0.12 if len(places) < 40 else 0.02),
        axis=alt.Axis(labelExpr=named(days["day_text"].to_list(), fold), labelAngle=0, labelOverlap=overlap,
                      labelSeparation=10, grid=False, description=words["day"]),
    )  # fmt: skip
    y = alt.Y(
        "start:Q", title=words["size"], scale=alt.Scale(domain=[0, top * 1.04], nice=False),
        axis=alt.Axis(values=marks, labelExpr=f"{written}[round(datum.value / {gap})]", titleAngle=0,
                      titleAlign="left", titleAnchor="start", titleX=0, titleY=-14, titlePadding=0),
    )  # fmt: skip
    top_key, tall = legend(labels, 30)
    colour = alt.Color(
        "part:N", sort=None, scale=alt.Scale(domain=labels, range=hues),
        legend=top_key if len(parts) > 1 else None,
    )  # fmt: skip
    tip = tips(("day_text", words["day"]), ("part", words["part"]), ("size_text", words["size"]))
    pick = alt.selection_point("pick", fields=["day_key", "key"], on="click", clear="dblclick")
    bar = base.mark_bar(cursor="pointer", stroke=look.background, strokeWidth=1).encode(
        x=x, y=y, y2="end:Q", color=colour, tooltip=tip, description="told:N"
    ).add_params(pick)  # fmt: skip
    return finish(bar, look, locale, told, height=HEIGHT + (tall if len(parts) > 1 else 0))


def _deepening(look: Palette, n: int) -> list[str]:
    """Return n colours from a paler accent to the accent and on towards the ink of the text.

    The palest still stands out from the page by about 3 : 1.
    """
    stops = [_rgb(look.pale_accent), _rgb(look.accent), _rgb(look.text)]
    spots = [0.55 + 1.2 * place / max(n - 1, 1) for place in range(n)]
    return [_mixed(stops[int(spot)], stops[int(spot) + 1], spot - int(spot)) for spot in spots]


def _own(look: Palette, n: int) -> list[str]:
    """Return a colour each, six at most: that of lost stays with lost, and the sixth, the rest, is grey."""
    return [*(hue for hue in look.series if hue != look.lost), look.text, look.open][:n]


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _mixed(one: tuple[int, ...], other: tuple[int, ...], part: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in zip(one, other, strict=True))
