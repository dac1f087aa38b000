"""Pipeline movements: what came in, what went out and what moved between two exports of the same deals."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshot_asides import asides
from metrics.snapshots import explain_ledger, has_versions, ledger
from pages.shared import address, numbers, sentences, tables, unread
from pages.shared.charts.waterfall import waterfall
from pages.shared.controls import choose
from pages.shared.snapshots import behind, bridge, flows, groups, measure, only_one, over_time, told
from pages.shared.snapshots.chosen import DUE, Pair, pick
from pages.shared.snapshots.measure import Measure
from pages.shared.snapshots.names import ASIDES, MEANING, STEPS, TOTALS
from pages.shared.state import View, cached, current, pipeline_or_stop
from pages.shared.theme import palette
from pages.shared.words import _

VIEWS = {"bridge": N_("What moved"), "stages": N_("From stage to stage"), "time": N_("Over time")}


def moved(view: View, base: Pipeline, pair: Pair) -> None:
    """Draw the difference: sentence, waterfall, what else moved, the groups."""
    frame: pl.DataFrame = cached(ledger)(base, **pair.question(view))
    if not frame["changed"].sum():
        sentences.answer(_("No open deal fits these filters in either snapshot."))
        told.gaps(view, base, pair)
        return
    answer = st.container()
    with st.container(horizontal=True):
        how = measure.pick(frame)
    sizes = bridge.summed(frame, how)
    with answer:
        sentences.answer(bridge.sentence(sizes, pair, how))
        told.gaps(view, base, pair)
    steps(view, base, pair, frame, how)
    beside(view, base, pair, frame)
    listed(view, base, pair, how)
    groups.draw(view, base, pair, how)


def steps(view: View, base: Pipeline, pair: Pair, frame: pl.DataFrame, how: Measure) -> None:
    """Draw the waterfall; a click on a bar puts it in the address."""
    sizes = bridge.summed(frame, how)
    words = {"part": _("Movement"), "amount": how.name}
    shown = bridge.frame(sizes, pair, how)
    said = bridge.sentence(sizes, pair, how)
    locale, marked = numbers.altair_locale(), address.one("moved")
    chart = waterfall(shown, words, palette(), said, locale, how.brief, marked)
    st.altair_chart(
        chart, theme=None, key="bridge", on_select=lambda: behind.keep("bridge", moved="key")
    )  # fmt: skip
    st.caption(_("The bars lead from the first line to the last, exactly. Click a bar to see its deals."))
    meaning = "; ".join(f"{_(STEPS[m])}: {_(text)}" for m, text in MEANING.items() if sizes.get(m))
    query = explain_ledger(base, **pair.question(view))
    n = bridge.changed(frame).get("closing", 0)
    card = told.about(view, pair, n, [(_("Movements"), meaning)] if meaning else [], query)
    titles = {"label": words["part"], "amount": how.name + how.unit}
    tables.under(card, lambda: tables.taken(shown, titles), told.stamp("bridge", pair), "bridge")


def beside(view: View, base: Pipeline, pair: Pair, frame: pl.DataFrame) -> None:
    """Draw what moved without changing the total: each opens its deals."""
    own: pl.DataFrame = cached(asides)(base, **pair.question(view))
    known = dict(own.group_by("movement").agg(pl.col("deals").sum()).iter_rows())
    known["closed_new"] = bridge.changed(frame).get("closed_new", 0)
    found = {m: n for m in ASIDES if (n := int(known.get(m) or 0))}
    if not found:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="asides"):
        st.markdown(_("Beside the sum:"), width="content")
        for movement, n in found.items():
            st.button(
                f"{_(ASIDES[movement])}: {numbers.count(n)}",
                key=f"aside_{movement}",
                type="primary" if address.one("moved") == movement else "secondary",
                on_click=behind.choose,
                kwargs={"moved": movement},
                width="content",
            )


def listed(view: View, base: Pipeline, pair: Pair, how: Measure) -> None:
    """Draw the deals behind the movement that the address names."""
    movement, value = address.one("moved"), address.one("of")
    unread.check("moved", {*TOTALS, *STEPS, *ASIDES})
    if movement not in {*TOTALS, *STEPS, *ASIDES}:
        return
    question = {**pair.question(view), "movement": movement}
    if value is not None and view.breakdown:
        question |= {"by": view.breakdown, "value": value or None}
    if not how.by_count and movement not in ASIDES:
        question |= {"currency": how.currency}
    behind.draw(view, base, pair, question, behind.title(movement, pair, view, value))


view, base = current(), pipeline_or_stop()
st.title(_("Pipeline movements"))
if not has_versions(base) or len([d for d in base.meta.snapshots if d <= view.pipeline.meta.as_of]) < 2:
    only_one.draw(view, base)
else:
    shown = choose(_("View"), "view", {k: _(v) for k, v in VIEWS.items()}, "bridge", hidden=True)
    if shown == "time":
        over_time.draw(view, base)
    else:
        chosen = pick(view, base, tuple(DUE) if shown == "bridge" else ())
        (moved if shown == "bridge" else flows.draw)(view, base, chosen)
