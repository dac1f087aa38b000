"""What dot plots share: a row per group with its name left and its n right, and who is beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, lifted, named, row_height
from pages.shared.theme import Palette

ROW, AROUND = 38, 74
SHAPES = {"better": "triangle-up", "worse": "triangle-down", "same": "circle"}


@dataclass(frozen=True)
class Rows:
    """The rows of a plot. Each layer has its own y axis, so that names stand left and counts right: `names`
    is for the one layer that draws the names, `counts` for the one with n, `bare` for all others."""

    names: alt.Y
    counts: alt.Y
    bare: alt.Y
    height: int


def placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `place`, the number of the row as a text: names that read alike stay rows of their own."""
    return frame.with_row_index("place").with_columns(pl.col("place").cast(pl.String))


def rows(data: pl.DataFrame, words: Mapping[str, str], look: Palette) -> Rows:
    """Return the rows of `placed` data with `label` and `n_text`; `words` has the title "n"."""
    labels, places, counts = (data[c].to_list() for c in ("label", "place", "n_text"))
    left = alt.Axis(
        labelExpr=named(labels), title=None, grid=False, labelColor=look.text, labelBaseline=centred(labels),
        labelOffset=lifted(labels), labelPadding=14, description=", ".join(labels),
    )  # fmt: skip
    right = alt.Axis(
        orient="right", labelExpr=named(counts, 40), title=words["n"], titleAngle=0, titleAlign="right",
        titleX=8 + 6 * max(map(len, counts), default=1), titleY=-14, titlePadding=0, grid=False,
        description=words["n"],
    )  # fmt: skip
    scale = alt.Scale(domain=places, paddingInner=0.1)
    own = [alt.Y("place:N", sort=places, scale=scale, axis=axis) for axis in (left, right, None)]
    return Rows(own[0], own[1], own[2], row_height(labels, ROW) * max(len(labels), 1) + AROUND)


def sides(look: Palette) -> alt.Scale:
    """Return the colours of better, worse and the same as the others, by `side`."""
    return alt.Scale(domain=list(SHAPES), range=[look.accent, look.lost, look.muted])


def shapes() -> alt.Shape:
    """Return the shapes of the three: colour is never alone."""
    scale = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    return alt.Shape("side:N", legend=None, scale=scale)


def rates(title: str, scale: alt.Scale) -> alt.X:
    """Return the axis of rates."""
    axis = alt.Axis(format="%", tickCount=5, grid=True, labelOverlap=True, labelSeparation=8)
    return alt.X("rate:Q", title=title, scale=scale, axis=axis)


def touched(base: alt.Chart, row: alt.Y, tip: list[alt.Tooltip]) -> alt.Chart:
    """Return the unseen bars over whole rows that are pointed at, read aloud and clicked."""
    pick = alt.selection_point("pick", fields=["key"], on="click", clear="dblclick")
    bar = base.mark_bar(opacity=0.001, cursor="pointer").encode(
        y=row, x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tip, description="told:N"
    )
    return bar.add_params(pick)


def reference(at: float, look: Palette) -> alt.Chart:
    """Return the dashed rule of what the groups are held against."""
    rule = alt.Chart(pl.DataFrame({"at": [at]})).mark_rule(
        aria=False, color=look.text, strokeDash=[4, 3], strokeWidth=1
    )
    return rule.encode(x="at:Q")
