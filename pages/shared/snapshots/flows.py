"""From stage to stage between two snapshots: the ribbons, the matrix, and the sentence about both."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshots import moves
from pages.shared import address, numbers, sentences, tables
from pages.shared.charts.flowing import Node, flowing
from pages.shared.chips import STATUS_WORDS
from pages.shared.controls import choose
from pages.shared.snapshots import behind, measure, told
from pages.shared.snapshots.chosen import Pair
from pages.shared.snapshots.measure import Measure
from pages.shared.snapshots.names import deals
from pages.shared.state import View, cached
from pages.shared.theme import Palette, palette
from pages.shared.words import _, ngettext, t

CLOSED = ("won", "lost", "disqualified")
WAYS = {
    "forward": N_("A stage or more further"),
    "back": N_("A stage or more back"),
    "stayed": N_("Stayed"),
    "new": N_("Came in or reopened"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "disqualified": N_("Disqualified"),
    "vanished": N_("Gone from the export"),
}
OPEN = "open:"
PLACES = {"new": -1, "won": 1001, "lost": 1002, "disqualified": 1003, "vanished": 1004}


def ways(look: Palette) -> dict[str, tuple[str, str]]:
    """Return the kinds of move with their names and colours."""
    hues = {
        "forward": look.accent, "back": look.series[3], "stayed": look.open, "new": look.series[4],
        "won": look.won, "lost": look.lost, "disqualified": look.disqualified,
        "vanished": look.text,
    }  # fmt: skip
    return {way: (_(WAYS[way]), hue) for way, hue in hues.items()}


def label(key: str) -> str:
    """Return what one end of a move is called."""
    if key.startswith(OPEN):
        return key.removeprefix(OPEN) or _("No stage")
    return _({**STATUS_WORDS, **WAYS, "new": N_("Came in")}.get(key, key))


def keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add left, right (keys of the two ends) and way; one row per pair of ends and currency."""
    ends = [
        pl.when(pl.col(f"{side}_kind") == "open")
        .then(pl.lit(OPEN) + pl.col(f"{side}_stage").fill_null(""))
        .otherwise(pl.col(f"{side}_kind"))
        .alias(end)
        for side, end in (("from", "left"), ("to", "right"))
    ]
    further = pl.col("to_no") - pl.col("from_no")
    way = (
        pl.when(pl.col("to_kind") != "open").then(pl.col("to_kind"))
        .when(pl.col("from_kind") != "open").then(pl.lit("new"))
        .when(further < 0).then(pl.lit("back"))
        .when((further > 0) | (pl.col("from_stage") != pl.col("to_stage"))).then(pl.lit("forward"))
        .otherwise(pl.lit("stayed"))
    )  # fmt: skip
    return frame.with_columns(*ends, way=way)


def ordered(frame: pl.DataFrame, side: str) -> list[str]:
    """Return the keys of one column of nodes: what came in, the stages in their order, the closed ones."""
    end, no = ("left", "from_no") if side == "from" else ("right", "to_no")
    place = pl.col(end).replace_strict(PLACES, default=pl.col(no), return_dtype=pl.Int64).fill_null(1000)
    first = frame.group_by(end).agg(place.min().alias("place")).sort("place", end)
    return first[end].to_list()


def sized(frame: pl.DataFrame, how: Measure, stayed: bool) -> pl.DataFrame:
    """Return one row per pair of ends, its size in deals or in one currency; those of nothing left out."""
    own = how.of(frame)
    own = own if stayed else own.filter(pl.col("way") != "stayed")
    sums = own.group_by("left", "right", "way", maintain_order=True).agg(
        size=pl.col("size").sum(),
        deals=pl.col("deals").sum(),
        from_no=pl.col("from_no").min(),
        to_no=pl.col("to_no").min(),
    )
    return sums.filter(pl.col("size") != 0)


def sentence(frame: pl.DataFrame, pair: Pair) -> str:
    """Return what became of the deals open in the first snapshot."""
    own = frame.filter(pl.col("from_kind") == "open")
    by_way = dict(own.group_by("way").agg(pl.col("deals").sum()).iter_rows())
    if not by_way:
        return t(N_("No deal was open on {start} within these filters."), start=numbers.day(pair.start))
    parts = ", ".join(f"**{numbers.count(by_way[w])}** {_(WAYS[w]).lower()}" for w in WAYS if w in by_way)
    was = sum(by_way.values())
    said = ngettext(
        "What became of the {was} deal open on {start}, by {end}: {parts}.",
        "What became of the {was} deals open on {start}, by {end}: {parts}.",
        was,
    )
    return said.format(
        was=numbers.count(was), start=numbers.day(pair.start), end=numbers.day(pair.end), parts=parts
    )


def draw(view: View, base: Pipeline, pair: Pair) -> None:
    """Draw the view: sentence, ribbons, matrix; a click on either lists the deals."""
    question = {k: v for k, v in pair.question(view).items() if not k.startswith("due")}
    frame = keyed(cached(moves)(base, **question))
    if frame.is_empty():
        sentences.answer(_("No open deal fits these filters in either snapshot."))
        return
    said = sentence(frame, pair)
    sentences.answer(said)
    told.gaps(view, base, pair)
    stayed, how = _controls(frame)
    sums = sized(frame, how, stayed)
    if sums.is_empty():
        st.markdown(_("No deal moved between the two snapshots."))
    else:
        _ribbons(sums.filter(pl.col("size") > 0), pair, how, said)
        if (sums["size"] < 0).any():
            st.caption(
                _("Moves that add up to less than nothing (credit notes) have no band: see the table.")
            )
    if left := address.one("out"):
        right = address.one("into") or ""
        if sums.filter((pl.col("left") == left) & (pl.col("right") == right)).height:
            behind.draw(view, base, pair, question | _ends(left, right), f"{label(left)} → {label(right)}")
        else:
            behind.refuse("out", "into")
    st.header(_("All moves"))
    _matrix(view, pair, sized(frame, how, True))


def _ends(left: str, right: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for side, key in (("from", left), ("to", right)):
        kind, _sign, stage = key.partition(":")
        found |= {f"{side}_kind": kind, f"{side}_stage": (stage or None) if kind == "open" else None}
    return found


def _controls(frame: pl.DataFrame) -> tuple[bool, Measure]:
    ways = {"moved": _("Deals that moved"), "all": _("All deals")}
    with st.container(horizontal=True):
        shown = choose(_("Shown"), "stay", ways, "moved", hidden=True)
        return shown == "all", measure.pick(frame, "deals")


def nodes(sums: pl.DataFrame, side: str, how: Measure) -> list[Node]:
    """Return one column of nodes with their sizes, top to bottom; `side` is "from" or "to"."""
    sizes = dict(sums.group_by("left" if side == "from" else "right").agg(pl.col("size").sum()).iter_rows())
    return [Node(key, label(key), how.brief(sizes[key])) for key in ordered(sums, side)]


def _ribbons(sums: pl.DataFrame, pair: Pair, how: Measure, said: str) -> None:
    if sums.is_empty():
        return
    rows = []
    for row in sums.to_dicts():
        left, right, n = label(row["left"]), label(row["right"]), deals(row["deals"])
        amount = n if how.by_count else f"{how.brief(row['size'])}, {n}"
        rows.append({**row, "left_label": left, "right_label": right, "size_text": amount,
                     "told": f"{left} → {right}: {amount}"})  # fmt: skip
    lefts, rights = (nodes(sums, side, how) for side in ("from", "to"))
    words = {
        "left": numbers.day(pair.start),
        "right": numbers.day(pair.end),
        "way": _("Move"),
        "size": _("Size"),
    }
    look = palette()
    chart = flowing(pl.DataFrame(rows), lefts, rights, ways(look), words, look, said, numbers.altair_locale())
    fields = {"out": "left", "into": "right"}
    st.altair_chart(chart, theme=None, key="flows", on_select=lambda: behind.keep("flows", **fields))
    st.caption(
        _(
            "Left: where the deals stood in the first snapshot; right: in the second. Click a band to see "
            "its deals."
        )
    )


def _matrix(view: View, pair: Pair, sums: pl.DataFrame) -> None:
    lefts, rights = ordered(sums, "from"), ordered(sums, "to")
    cells = {(r["left"], r["right"]): r["size"] for r in sums.to_dicts()}
    data: dict[str, Any] = {"from": [label(left) for left in lefts]}
    titles = {"from": t(N_("From / to"))}
    for place, right in enumerate(rights):
        data[f"c{place}"] = [cells.get((left, right), 0.0) for left in lefts]
        titles[f"c{place}"] = label(right)
    frame = pl.DataFrame(data, schema_overrides=dict.fromkeys(list(titles)[1:], pl.Float64))
    frame = frame.with_columns(pl.col(list(titles)[1:]).round(0))
    key = "matrix"

    def keep() -> None:
        found = st.session_state[key]["selection"]["cells"]
        row, column = found[0] if found else (None, "from")
        if row is None or column == "from" or not data[column][row]:
            behind.choose()
        else:
            behind.choose(out=lefts[row], into=rights[int(column[1:])])

    tables.show(frame, titles, key, select="cell", wide=("from",), on_select=keep)
    card = told.about(view, pair, int(sums["deals"].sum()), [(_("Method"), _(METHOD))])
    tables.under(card, lambda: tables.taken(frame, titles), told.stamp("moves", pair), "matrix")


METHOD = N_(
    "Rows: where the deal stood in the first snapshot; columns: where it stands in the second. What happened "
    "and was undone in between is not seen. Deals closed in both the same way are left out."
)
