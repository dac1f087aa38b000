"""The charts of snapshots are pure: ribbons as wide as what flows, bars that stack to what stood open."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pages.shared.charts import flowing as flow
from pages.shared.charts.flowing import Node, flowing
from pages.shared.charts.stacked import stacked
from pages.shared.charts.waterfall import waterfall
from pages.shared.theme import DARK, LIGHT

EVIL = "</text><script>alert(1)</script> \"'] + datum"
LEFT = [Node("a", "Lead", "7"), Node("b", EVIL, "3")]
RIGHT = [Node("a", "Lead", "4"), Node("won", "Won", "6")]
MOVES = [("a", "a", 4.0, "stayed"), ("a", "won", 3.0, "won"), ("b", "won", 3.0, "won")]
WAYS = {"stayed": ("Stayed", "#777777"), "won": ("Won", "#008800"), "lost": ("Lost", "#880000")}
WORDS = {name: name for name in ("left", "right", "way", "size", "day", "part", "amount")}


def frame() -> pl.DataFrame:
    rows = pl.DataFrame(MOVES, schema=["left", "right", "size", "way"], orient="row")
    return rows.with_columns(
        left_label="left", right_label="right", size_text=pl.col("size").cast(pl.String), told=pl.lit(EVIL)
    )


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_a_flow_says_its_sentence_and_can_be_picked(look: Any) -> None:
    spec = flowing(frame(), LEFT, RIGHT, WAYS, WORDS, look, "Two of **three**").to_dict()
    assert spec["description"] == "Two of three"
    assert spec["params"][0]["select"]["fields"] == ["left", "right"]
    legend = spec["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert legend == ["Stayed", "Won"]  # what does not occur is not in it
    assert "alert" not in str(spec["layer"][0])


def test_ribbons_are_as_wide_as_what_flows_and_fill_their_nodes() -> None:
    points = flow._ribbons(frame(), LEFT, RIGHT, [0.0, 100.0], [0.0, 50.0], 10.0)
    ends = points.with_columns(wide=pl.col("bottom") - pl.col("top")).group_by("left", "right").agg(
        pl.col("wide").round(6).unique(), pl.col("size").first(), pl.col("top").first(),
        pl.col("bottom").last().alias("end"),
    ).sort("left", "right")  # fmt: skip
    assert ends["wide"].to_list() == [[40.0], [30.0], [30.0]]
    assert ends["top"].to_list() == [0.0, 40.0, 100.0]  # one below the other on the left
    assert ends["end"].to_list() == [40.0, 80.0, 110.0]  # and on the right


def test_nodes_leave_room_for_their_names() -> None:
    sizes = [0.1, 9.9]
    tall = flow._needed(LEFT, sizes, 33.0)
    tops = flow._tops(LEFT, sizes, 33.0, tall)
    middles = [top + size * 33.0 / 2 for top, size in zip(tops, sizes, strict=True)]
    needed = [flow.LINE * len(flow._lines(node)) for node in LEFT]
    assert middles[1] - middles[0] >= sum(needed) / 2


@pytest.mark.parametrize(("parts", "ordered"), [(1, True), (2, True), (12, True), (1, False), (6, False)])
def test_a_bar_is_the_sum_of_its_parts_each_in_a_colour_of_its_own(parts: int, ordered: bool) -> None:
    keys = [(str(k), f"{EVIL} {k}") for k in range(parts)]
    one = {"size": 10.0, "size_text": "10", "told": EVIL}
    days = ("2026-01-31", "2026-02-28")
    rows = [{**one, "day_key": d, "day_text": d, "key": k, "part": label} for d in days for k, label in keys]
    spec = stacked(pl.DataFrame(rows), keys, ordered, WORDS, LIGHT, "told", warm="0").to_dict()
    data = next(iter(spec["datasets"].values()))
    assert max(row["end"] for row in data) == 10 * parts
    hues = spec["encoding"]["color"]["scale"]["range"]
    assert hues[0] == LIGHT.loss
    assert len(set(hues)) == parts


def test_nothing_at_all_is_still_a_chart() -> None:
    rows = {
        "key": "opening",
        "label": "Open",
        "kind": "total",
        "amount": 0.0,
        "amount_text": "0",
        "told": "0",
    }
    frame_ = pl.DataFrame([rows, {**rows, "key": "closing"}]).with_columns(outcome=pl.lit(None, pl.String))
    assert waterfall(frame_, WORDS, LIGHT, "", chosen="closing").to_dict()["layer"]
