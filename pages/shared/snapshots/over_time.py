"""The open pipeline on every snapshot: by stage, by when it is expected to close, or by a column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshots import coverage
from pages.shared import address, filters, numbers, sentences, tables
from pages.shared.charts.stacked import stacked
from pages.shared.controls import choose
from pages.shared.snapshots import behind, measure, told
from pages.shared.snapshots.asof import days
from pages.shared.snapshots.chosen import Pair, dated, where
from pages.shared.snapshots.measure import Measure
from pages.shared.snapshots.names import ended
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, t

TOP, MOST = 5, 12  # groups that have a colour of their own; stages that do
DUE = {
    "over": N_("Overdue"), "now": N_("This month"), "next": N_("Next month"), "after": N_("In two months"),
    "later": N_("Later"), "none": N_("No date"),
}  # fmt: skip
REST = "…"
Parts = list[tuple[str, str]]


def parted(frame: pl.DataFrame, way: str, order: Sequence[str] = ()) -> tuple[pl.DataFrame, Parts]:
    """Return the open pipeline with a `key` per part, and the parts from the bottom of a bar up.

    `order` lists the stages from the first on.
    """
    if way == "due":
        months = (pl.col("due").dt.year() - pl.col("day").dt.year()) * 12
        months = months + (pl.col("due").dt.month().cast(pl.Int32) - pl.col("day").dt.month())
        frame = frame.with_columns(
            key=pl.when(months.is_null()).then(pl.lit("none"))
            .when(months < 0).then(pl.lit("over")).when(months == 0).then(pl.lit("now"))
            .when(months == 1).then(pl.lit("next")).when(months == 2).then(pl.lit("after"))
            .otherwise(pl.lit("later"))
        )  # fmt: skip
        return frame, [(key, _(word)) for key, word in DUE.items() if key in set(frame["key"])]
    frame = frame.with_columns(key=pl.col(_own(frame)).fill_null(filters.BLANK))
    most = frame.group_by("key").agg(pl.col("deals").sum()).sort("deals", "key", descending=[True, False])
    keys = most["key"].to_list()
    if way == "stage":
        keys.sort(key=lambda key: order.index(key) if key in order else len(order))
    if len(keys) <= (MOST if way == "stage" else TOP + 1):
        return frame, [(key, filters.shown(key)) for key in keys]
    kept = keys[:TOP]
    frame = frame.with_columns(key=pl.when(pl.col("key").is_in(kept)).then("key").otherwise(pl.lit(REST)))
    rest = t(N_("{n} other groups"), n=numbers.count(len(keys) - TOP))
    return frame, [*((key, filters.shown(key)) for key in kept), (REST, rest)]


def _own(frame: pl.DataFrame) -> str:
    """Return the column that the metric broke the pipeline down by."""
    return next(c for c in frame.columns if c not in ("day", "currency", "deals", "amount", "key"))


def stages(view: View) -> list[str]:
    """Return the open stages in their order, those of all pipelines one after another."""
    runs = view.pipeline.meta.pipelines
    return list(dict.fromkeys(stage.label for run in runs for stage in run.stages))


def sized(frame: pl.DataFrame, how: Measure) -> pl.DataFrame:
    """Return one row per day and part with its size in deals or in one currency."""
    return how.of(frame).group_by("day", "key").agg(pl.col("size", "deals").sum()).sort("day")


def every(sums: pl.DataFrame, known: Sequence[date], key: str) -> pl.DataFrame:
    """Return `sized` with a row of nothing, under `key`, for each of the `known` days when nothing stood
    open: left out, the last day before would pass for the newest."""
    bare = pl.DataFrame({"day": sorted(set(known) - set(sums["day"]))}, schema={"day": pl.Date})
    nothing = bare.with_columns(
        key=pl.lit(key), size=pl.lit(0.0), deals=pl.lit(0, dtype=sums.schema["deals"])
    ).select(sums.columns)
    return pl.concat([sums, nothing], how="vertical_relaxed").sort("day")


def sentence(sums: pl.DataFrame, how: Measure) -> str:
    """Return how the open pipeline went from the first snapshot to the last, and where it stood highest."""
    whole = sums.group_by("day").agg(pl.col("size").sum()).sort("day")
    first, last = whole.row(0, named=True), whole.row(-1, named=True)
    top = whole.sort("size", "day", descending=[True, False]).row(0, named=True)
    values = {
        "first": how.said(first["size"]), "start": numbers.day(first["day"]),
        "last": f"**{how.said(last['size'])}**", "end": numbers.day(last["day"]),
    }  # fmt: skip
    if whole.height == 1:
        return ended(t(N_("Open pipeline on {end}: {last}."), **values))
    said = t(N_("Open pipeline was {last} on {end}, against {first} on {start}."), **values)
    if top["day"] in (first["day"], last["day"]):
        return said
    high = t(N_("It stood highest on {day}: {top}."), day=numbers.day(top["day"]), top=how.said(top["size"]))
    return f"{said} {ended(high)}"


def draw(view: View, base: Pipeline) -> None:
    """Draw the view: sentence, bars per snapshot, the deals behind a bar, the table."""
    answer = st.container()
    ways = {"stage": _("Stage"), "due": _("Expected to close")}
    if not dated(view):
        ways.pop("due")
    if view.breakdown:
        ways["group"] = view.label(view.breakdown)
    with st.container(horizontal=True):
        way = choose(_("By"), "split", ways, "stage", hidden=True)
        frame = found(view, base, way)
        if frame.is_empty():
            sentences.answer(_("No open deal fits these filters in any snapshot."))
            return
        how = measure.pick(frame)
    frame, parts = parted(frame, way, stages(view))
    known = [day for day in days(base.meta) if day <= view.pipeline.meta.as_of]
    sums = every(sized(frame, how), known, parts[0][0])
    said = sentence(sums, how)
    pair = Pair(known[0], known[-1])
    with answer:
        sentences.answer(said)
        told.gaps(view, base, pair)
    bars(sums, parts, way, how, said)
    below(view, base, frame, dict(parts), way)
    table(view, pair, sums, parts, how)


def found(view: View, base: Pipeline, way: str) -> pl.DataFrame:
    """Return the open pipeline per snapshot, up to the one the app is read as of."""
    by = view.breakdown if way == "group" else way
    frame: pl.DataFrame = cached(coverage)(base, by=by, where=where(view))
    return frame.filter(pl.col("day") <= view.pipeline.meta.as_of)


def bars(sums: pl.DataFrame, parts: Parts, way: str, how: Measure, said: str) -> None:
    """Draw the stacked bars; a click on a part puts it in the address."""
    names = dict(parts)
    rows = [
        mark(row["day"].isoformat(), numbers.day(row["day"]), (row["key"], names[row["key"]]), row["size"],
             how.said(row["size"]))
        for row in sums.iter_rows(named=True)
    ]  # fmt: skip

    words = {"day": _("Snapshot"), "part": _("Part"), "size": how.name}
    ordered = way != "group"
    chart = stacked(
        pl.DataFrame(rows), parts, ordered, words, palette(), said, numbers.altair_locale(), how.brief, "over"
    )
    st.altair_chart(
        chart, theme=None, key=f"time_{way}",
        on_select=lambda: behind.keep(f"time_{way}", out="day_key", into="key"),
    )  # fmt: skip
    st.caption(_("One bar per snapshot. Click a part of a bar to see its deals."))


def mark(key: str, text: str, part: tuple[str, str], size: float, size_text: str) -> dict[str, Any]:
    """Return one part of a bar as `charts.stacked` wants it."""
    told = f"{text}, {part[1]}: {size_text}" if part[1] else f"{text}: {size_text}"
    return {"day_key": key, "key": part[0], "day_text": text, "part": part[1], "size": size,
            "size_text": size_text, "told": told}  # fmt: skip


def below(view: View, base: Pipeline, frame: pl.DataFrame, names: dict[str, str], way: str) -> None:
    """Draw the deals behind the part that the address names."""
    day = next((d for d in frame["day"].unique() if d.isoformat() == address.one("out")), None)
    key = address.one("into", filters.BLANK)
    if day is not None and key in names:
        pair, question = asked(view, base, frame, way, day, str(key))
        behind.draw(view, base, pair, question, f"{numbers.day(day)}: {names[key]}")
    elif address.one("out"):
        behind.refuse("out", "into")


def asked(
    view: View, base: Pipeline, frame: pl.DataFrame, way: str, day: date, key: str
) -> tuple[Pair, dict[str, Any]]:
    """Return the snapshots and the question whose deals one part of a bar counts; `frame` is `parted`."""
    known = days(base.meta)
    first = day == known[0]
    pair = Pair(day, known[1]) if first else Pair(known[known.index(day) - 1], day)
    question = pair.question(view) | {"movement": "opening" if first else "closing"}
    if way == "due" and key != "none":
        return pair, question | due(day, key)
    values = [None] if way == "due" else frame.filter(pl.col("key") == key)[_own(frame)].unique().to_list()
    column = {"due": "expected_close_month", "stage": "stage"}.get(way, view.breakdown)
    return pair, question | {"where": question["where"] | {column: values}}


def due(day: date, key: str) -> dict[str, Any]:
    """Return the period of a part by expected close, as the metrics take it."""

    def first(months: int) -> date:
        return date((day.year * 12 + day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)

    start, end = {
        "over": (date(1, 1, 1), first(0)), "now": (first(0), first(1)), "next": (first(1), first(2)),
        "after": (first(2), first(3)), "later": (first(3), date(9999, 12, 31)),
    }.get(key, (None, None))  # fmt: skip
    return {} if start is None or end is None else {"due_start": start, "due_end": end - timedelta(days=1)}


def table(view: View, pair: Pair, sums: pl.DataFrame, parts: Parts, how: Measure) -> None:
    """Draw the numbers behind the bars."""
    wide = sums.pivot("key", index="day", values="size").fill_null(0).sort("day", descending=True)
    shown = [(key, label) for key, label in parts if key in wide.columns]
    wide = wide.with_columns(total=pl.sum_horizontal(pl.col(key) for key, _label in shown))
    renamed = {key: f"c{place}" for place, (key, _label) in enumerate(shown)}
    wide = wide.rename(renamed).with_columns(pl.col("total", *renamed.values()).round(0))
    titles = {
        "day": _("Snapshot"),
        "total": _("All") + how.unit,
        **{renamed[key]: label for key, label in shown},
    }
    tables.show(wide, titles, "time_table")
    n = int(sums.filter(pl.col("day") == pair.end)["deals"].sum())
    card = told.about(
        view,
        pair,
        n,
        [(_("Meaning"), _("The deals that stood open in each export, at their amount of then."))],
    )
    tables.under(card, lambda: tables.taken(wide, titles), told.stamp("over-time", pair), "time")
