"""From where to where: two columns of nodes and the ribbons between them, as wide as what flows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from pages.shared.charts.look import finish, folded, legend, tips
from pages.shared.theme import Palette

ROOM, GAP, LINE, FOLD = 330, 12, 15, 15  # px for the ribbons, between nodes, per line; letters a line
STEPS, WIDE = 24, 0.035  # points along a ribbon; the width of a node, of the whole
THIN = 1.5  # px of the thinnest ribbon that can still be seen
AROUND = 30


@dataclass(frozen=True)
class Node:
    """One end of the ribbons: `key` (what a click reports), `label`, and `text` (how much), for its name."""

    key: str
    label: str
    text: str


def flowing(
    frame: pl.DataFrame,
    lefts: Sequence[Node],
    rights: Sequence[Node],
    ways: Mapping[str, tuple[str, str]],
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
) -> alt.TopLevelMixin:
    """Return an alluvial diagram; nodes top to bottom in the order given.

    Columns: `left`, `right` (keys of nodes), `size` (deals or amount, > 0), `way` (its kind), and the texts
    `left_label`, `right_label`, `size_text`, `told`. `ways`: per kind, in the order of the legend, its name
    and its colour. `words`: "left", "right" (titles of the two columns), "way", "size".
    """
    starts, ends = _sizes(frame, "left", lefts), _sizes(frame, "right", rights)
    scale = ROOM / max(sum(starts), 1e-9)
    tall = max(_needed(lefts, starts, scale), _needed(rights, ends, scale))
    left_at, right_at = _tops(lefts, starts, scale, tall), _tops(rights, ends, scale, tall)
    ribbons = _ribbons(frame, lefts, rights, left_at, right_at, scale)
    shown = [way for way in ways if way in set(frame["way"])]
    names, hues = ([ways[way][part] for way in shown] for part in (0, 1))
    data = ribbons.with_columns(way_text=pl.col("way").replace_strict({w: ways[w][0] for w in shown}))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    down = alt.Scale(domain=[tall, 0], nice=False)
    key, above = legend(names)
    colour = alt.Color(
        "way_text:N", sort=None, scale=alt.Scale(domain=names, range=hues),
        legend=key,
    )  # fmt: skip
    tip = tips(("left_label", words["left"]), ("right_label", words["right"]), ("way_text", words["way"]),
               ("size_text", words["size"]))  # fmt: skip
    pick = alt.selection_point("pick", fields=["left", "right"], on="click", clear="dblclick")
    ribbon = alt.Chart(data).mark_area(opacity=0.7, cursor="pointer").encode(
        x=x, y=alt.Y("top:Q", scale=down, axis=None, stack=None), y2="bottom:Q", detail="ribbon:N",
        color=colour,
        tooltip=tip, description="told:N",
    ).add_params(pick)  # fmt: skip
    sides = (
        _nodes(lefts, left_at, starts, scale, (0.0, WIDE), ("left", words["left"]), down, look),
        _nodes(rights, right_at, ends, scale, (1 - WIDE, 1.0), ("right", words["right"]), down, look),
    )
    whole = alt.layer(ribbon, *sides).resolve_axis(y="independent")
    return finish(whole, look, locale, told, height=round(tall) + AROUND + above)


def _sizes(frame: pl.DataFrame, side: str, nodes: Sequence[Node]) -> list[float]:
    sums = dict(frame.group_by(side).agg(pl.col("size").sum()).iter_rows())
    return [float(sums.get(node.key, 0)) for node in nodes]


def _lines(node: Node) -> list[str]:
    return [*folded(node.label, FOLD), node.text]


def _needed(nodes: Sequence[Node], sizes: Sequence[float], scale: float) -> float:
    """Return the height in px that holds a column's nodes and their names."""
    return sum(_slot(node, size, scale) for node, size in zip(nodes, sizes, strict=True))


def _slot(node: Node, size: float, scale: float) -> float:
    return max(size * scale, LINE * len(_lines(node))) + GAP


def _tops(nodes: Sequence[Node], sizes: Sequence[float], scale: float, tall: float) -> list[float]:
    """Return where each node begins; what room is left is shared between the nodes."""
    spare = (tall - _needed(nodes, sizes, scale)) / max(len(nodes), 1)
    tops, at = [], 0.0
    for node, size in zip(nodes, sizes, strict=True):
        slot = _slot(node, size, scale) + spare
        tops.append(at + (slot - size * scale) / 2)
        at += slot
    return tops


def _ribbons(
    frame: pl.DataFrame,
    lefts: Sequence[Node],
    rights: Sequence[Node],
    left_at: Sequence[float],
    right_at: Sequence[float],
    scale: float,
) -> pl.DataFrame:
    """Return the points along each ribbon: x (0..1), top and bottom in px; its texts on every point."""
    left_no, right_no = ({node.key: place for place, node in enumerate(side)} for side in (lefts, rights))
    rows = sorted(frame.to_dicts(), key=lambda r: (left_no[r["left"]], right_no[r["right"]]))
    outs, ins = list(left_at), list(right_at)
    begins = {}
    for row in rows:
        begins[row["left"], row["right"]] = outs[left_no[row["left"]]]
        outs[left_no[row["left"]]] += row["size"] * scale
    points = []
    for place, row in enumerate(sorted(rows, key=lambda r: (right_no[r["right"]], left_no[r["left"]]))):
        begin, end = begins[row["left"], row["right"]], ins[right_no[row["right"]]]
        thick = row["size"] * scale
        ins[right_no[row["right"]]] += thick
        for step in range(STEPS + 1):
            part = step / STEPS
            bend = part * part * (3 - 2 * part)
            middle = begin + (end - begin) * bend + thick / 2
            half = max(thick, THIN) / 2
            x = WIDE + (1 - 2 * WIDE) * part
            points.append(
                {**row, "ribbon": str(place), "x": x, "top": middle - half, "bottom": middle + half}
            )
    return pl.DataFrame(points, infer_schema_length=None)


def _nodes(
    nodes: Sequence[Node],
    tops: Sequence[float],
    sizes: Sequence[float],
    scale: float,
    across: tuple[float, float],
    title: tuple[str, str],
    down: alt.Scale,
    look: Palette,
) -> alt.Chart:
    """Return one column of nodes; their names stand on an axis, which makes room for them by itself."""
    middles = [round(top + size * scale / 2, 2) for top, size in zip(tops, sizes, strict=True)]
    frame = pl.DataFrame(
        {"from": [across[0]] * len(nodes), "to": [across[1]] * len(nodes), "top": list(tops),
         "bottom": [t + max(s * scale, THIN) for t, s in zip(tops, sizes, strict=True)]}
    )  # fmt: skip
    lines = [_lines(node) for node in nodes]
    offsets = [-(len(each) - 1) * LINE / 2 for each in lines]
    place = f"indexof({json.dumps(middles)}, datum.value)"
    side, text = title
    axis = alt.Axis(
        orient=side, values=middles, labelExpr=f"{json.dumps(lines)}[{place}]", grid=False,
        labelOffset={"condition": [{"test": f"{place} == {i}", "value": o} for i, o in enumerate(offsets)],
                     "value": 0},
        labelColor=look.text, labelOverlap=False, labelLineHeight=LINE, labelBaseline="middle", title=text,
        titleAngle=0, titleAlign="right" if side == "left" else "left", titleX=-8 if side == "left" else 8,
        titleY=-8, titlePadding=0, description=", ".join(node.label for node in nodes),
    )  # fmt: skip
    return alt.Chart(frame).mark_rect(aria=False, color=look.text, opacity=0.8).encode(
        x=alt.X("from:Q", axis=None), x2="to:Q", y=alt.Y("top:Q", scale=down, axis=axis), y2="bottom:Q"
    )  # fmt: skip
