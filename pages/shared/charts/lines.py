"""What charts of lines share: the axis of rates, the colours, and a name at the end of each line."""

from __future__ import annotations

import math

import altair as alt
import polars as pl

from pages.shared.charts.look import folded
from pages.shared.theme import Palette

MOST = 5  # lines that can be told apart


def hues(look: Palette) -> list[str]:
    """Return five line colours; the colour of loss stays with losses."""
    return [*(hue for hue in look.series if hue != look.lost), look.text][:MOST]


def ceiling(data: pl.DataFrame, value: str) -> float:
    """Return where the axis ends: a tenth above the highest rate, or end of an interval, 1 at most."""
    high = max([*data["high"].drop_nulls(), *data[value].drop_nulls()], default=1.0)
    return min(1.0, math.ceil(high * 10 + 0.01) / 10)


def rates(value: str, title: str, top: float) -> alt.Y:
    """Return the axis of rates, its title level above it."""
    axis = alt.Axis(
        format="%", tickCount=5, titleAngle=0, titleAlign="left", titleAnchor="start", titleX=0, titleY=-16,
        titlePadding=0,
    )  # fmt: skip
    return alt.Y(f"{value}:Q", title=title, scale=alt.Scale(domain=[0, top]), axis=axis)


def names(data: pl.DataFrame, value: str, colour: alt.Color, top: float, tall: int, fold: int) -> alt.Chart:
    """Return the names at the right edge, pushed apart so that none covers another.

    `tall`: the px from 0 to `top`; `fold`: characters in a line of a name.
    """
    ends = data.drop_nulls(value).group_by("label", maintain_order=True).last()
    step = top * 16 / tall
    at, spots = float("inf"), []
    for name, height in sorted(zip(ends["label"], ends[value], strict=True), key=lambda pair: -pair[1]):
        lines = len(folded(name, fold))
        at = min(height + step * (lines - 1) / 2, at)
        spots.append((name, at))
        at -= step * lines
    lift = max(0.0, -at - step / 2)
    frame = pl.DataFrame(
        {
            "label": [name for name, _at in spots],
            "at": [min(at + lift, top) for _name, at in spots],
            "lines": ["\n".join(folded(name, fold)) for name, _at in spots],
        }
    )
    mark = alt.Chart(frame).mark_text(
        align="left", dx=9, fontWeight=600, lineBreak="\n", lineHeight=14, baseline="middle", fontSize=12,
        aria=False,
    )  # fmt: skip
    return mark.encode(x=alt.XValue("width"), y="at:Q", text="lines:N", color=colour)
