"""Open deals that have stood still for longer than nearly all won deals did: how many, where, which."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data import Slice
from data.cells import deals
from data.errors import N_
from metrics.stale import LEAST, stale, stale_slice, still_open
from pages.shared import drilling, numbers, sentences, tables
from pages.shared.controls import choose
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, t

MOST = 200
SHOWN = {
    "deal_id": ("deal_id", N_("Deal")),
    "deal_name": ("deal_name", N_("Name")),
    "stage": ("stage", N_("Stage")),
    "owner": ("owner", N_("Owner")),
    "amount": ("amount", N_("Amount")),
    "created": ("created_at", N_("Created")),
}


def choice(view: View) -> bool:
    """Draw how open deals are read, where there are any; return True where stale ones count as lost."""
    if not view.pipeline.meta.counts.get("open"):
        return False
    ways = {"open": _("Open deals as they are"), "lost": _("Stale deals as lost")}
    return choose(_("Open deals"), "stale", ways, "open", hidden=True) == "lost"


def fact(stale_lost: bool) -> list[tuple[str, str]]:
    """Return the reading of stale deals as a line of a definition card; none when they are open."""
    told = _("Open longer in the stage than 95 % of the won deals were: counted as lost.")
    return [(_("Stale open deals"), told)] if stale_lost else []


def draw(view: View, question: Slice) -> None:
    """Draw the section: sentence, table per stage, the deals."""
    st.header(_("Stale open deals"))
    frame = cached(stale)(view.pipeline, question)
    st.markdown(sentence(view, frame))
    if not frame["open"].sum() or not frame["limit_days"].count():
        return
    titles = {
        "stage": _("Stage"),
        "limit_days": _("Limit, days"),
        "won": _("Won deals behind it"),
        "open": _("Open"),
        "stale": _("Stale"),
        "unknown": _("Age unknown"),
        "amount": _("Stale value") + (f", {view.currency}" if view.currency else ""),
    }
    if not frame["amount"].count():
        titles.pop("amount")
    ready = frame.with_columns(pl.col("stage").fill_null(_("Since creation")), pl.col("amount").round(0))
    helps = {
        "limit_days": t(
            N_("95 % of the won deals had left by then. A dash: fewer than {n} won deals to tell from."),
            n=LEAST,
        ),
        "unknown": _("Open deals that do not say since when; never called stale."),
    }
    event = tables.show(ready, titles, "stale", helps, "row", wide=("stage",))
    taken = tables.taken(ready, titles)
    over = stale_slice(view.pipeline, still_open(question))
    tables.under(
        tables.about(view, over, int(frame["open"].sum()), False, (), ("count",)),
        lambda: taken,
        tables.stamp(view, "stale-stages", rate=False),
        "stale",
    )
    if n := int(frame["stale"].sum()):
        _list(view, over, n)
    stages = [frame["stage_no"][row] for row in event.selection.rows]
    if found := tuple(pair for pair in over.stale or () if pair[0] in stages):
        drilling.go_to_deals(drilling.Drill(stale=found))


def sentence(view: View, frame: pl.DataFrame) -> str:
    """Return how many open deals are stale and what they are worth, or why nobody can say."""
    n, gone = int(frame["open"].sum()), int(frame["stale"].sum())
    if not n:
        return _("No deal is open within these filters.")
    if not frame["limit_days"].count():
        return t(
            N_("Nobody can say yet which open deals are stale: that takes {n} won deals with dates."),
            n=LEAST,
        )
    if not gone:
        return ngettext(
            "{n} deal is open; it has not stood longer than 95 % of the won deals did.",
            "{n} deals are open; none has stood longer than 95 % of the won deals did.",
            n,
        ).format(n=numbers.count(n))
    where = (
        _("since they were created") if frame["stage"].null_count() == frame.height else _("in their stage")
    )
    said = t(
        N_("**{gone}** of {n} open deals have stood {where} for longer than 95 % of the won deals did."),
        gone=numbers.count(gone),
        n=numbers.count(n),
        where=where,
    )
    known = frame.filter(pl.col("stale") > 0)
    kinds = known["currency"].drop_nulls().unique().to_list()
    if known["amount"].null_count() or len(kinds) > 1:
        return said
    worth = numbers.money_major(known["amount"].sum(), kinds[0] if kinds else None)
    more = t(N_("Together they are worth {amount}; a reason to ask, not a loss."), amount=worth)
    return sentences.joined(said, more)


def _list(view: View, over: Slice, n: int) -> None:
    """Draw the stale deals, the oldest first."""
    frame = cached(deals)(view.pipeline, over, 0, MOST, "created", False)
    titles = {
        c: view.labels.get(own, _(word))
        for c, (own, word) in SHOWN.items()
        if c in frame.columns and frame[c].null_count() < frame.height
    }
    st.header(_("The stale deals, oldest first"))
    tables.show(frame.with_columns(pl.col("created").dt.date()), titles, "stale_deals", rows=8)
    with st.container(horizontal=True, vertical_alignment="center"):
        if n > MOST:
            more = N_("The first {n} of {whole}; the download has them all.")
            st.caption(t(more, n=numbers.count(MOST), whole=numbers.count(n)), width="content")
        if st.button(_("See the deals"), key="deals_stale", icon=":material/list:"):
            drilling.go_to_deals(drilling.Drill(stale=over.stale))
    pipeline = view.pipeline
    tables.under(
        tables.about(view, over, n, False, (), ("count",)),
        lambda: tables.taken(deals(pipeline, over, 0, n, "created", False), titles),
        tables.stamp(view, "stale-deals", rate=False),
        "stale_deals",
        n <= 100_000,
    )
