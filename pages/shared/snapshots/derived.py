"""A stage history made by comparing snapshots: what is known of its dates, said where they are used."""

from __future__ import annotations

import polars as pl
import streamlit as st

from metrics.snapshots import contradictions, entry_windows
from pages.shared import address, numbers, tables
from pages.shared.state import View, cached, pipeline_or_stop
from pages.shared.words import _, ngettext


def entries(view: View) -> int:
    """Return how many stage entries are known only to lie between two snapshots."""
    return view.pipeline.meta.counts.get("entries_from_snapshots", 0)


def note(view: View) -> None:
    """Say that the stages rest on comparing exports, and where an uploaded history contradicts them."""
    n = entries(view)
    if not n:
        return
    st.caption(
        ngettext(
            "{n} entry into a stage was seen by comparing exports: it happened somewhere between two of "
            "them. Stages passed in between are not seen, and times in a stage are known to within that gap.",
            "{n} entries into a stage were seen by comparing exports: each happened somewhere between two of "
            "them. Stages passed in between are not seen, and times in a stage are known to within that gap.",
            n,
        ).format(n=numbers.count(n))
    )
    frame: pl.DataFrame = cached(contradictions)(pipeline_or_stop(), view.pipeline.meta.as_of)
    if frame.height:
        told = ngettext(
            "{n} of the history’s own dates disagrees with them",
            "{n} of the history’s own dates disagree with them",
            frame.height,
        )
        if st.button(told.format(n=numbers.count(frame.height)), type="tertiary", key="contradicted"):
            address.go("slippage.py", {"part": "audit"})


def windows(view: View, deal_id: str | None) -> None:
    """Show between which days a deal entered its stages, where only snapshots saw it."""
    if not entries(view) or deal_id is None:
        return
    frame: pl.DataFrame = cached(entry_windows)(pipeline_or_stop(), deal_id)
    frame = frame.filter(~pl.col("exact") & (pl.col("window_end") <= view.pipeline.meta.as_of))
    if frame.is_empty():
        return
    st.caption(_("Seen by comparing exports: the stage began somewhere between these days."))
    titles = {"stage": _("Stage"), "window_start": _("Not yet on"), "window_end": _("Seen there on")}
    tables.show(frame, titles, "windows")
