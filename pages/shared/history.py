"""One deal's way through the stages, shown when its row is selected."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data.cells.history import history
from data.errors import N_
from pages.shared import numbers, tables
from pages.shared.snapshots import derived
from pages.shared.state import View, cached
from pages.shared.words import _, plain, t


def draw(view: View, deal: dict[str, Any]) -> None:
    """Draw the stages a deal entered, when, and for how long."""
    name = deal["deal_name"] or deal["deal_id"]
    with st.container(border=True, key="history"):
        st.markdown(f"**{plain(name)}**")
        entries: pl.DataFrame = cached(history)(view.pipeline, deal["deal_id"])
        if entries.is_empty():
            st.write(
                t(
                    N_(
                        "No stage history: the file says only where the deal stands now ({stage}). "
                        "Upload the stage history to see its way."
                    ),
                    stage=plain(deal["stage"] or _("no stage")),
                )
            )
            return
        titles = {"stage": _("Stage"), "entered": _("Entered"), "days": _("Days there")}
        tables.show(entries, titles, "history_table")
        derived.windows(view, deal["deal_id"])
        if entries["entered"].null_count() == 0:
            st.caption(
                t(
                    N_("From {first} to {last}."),
                    first=numbers.day(entries["entered"][0]),
                    last=numbers.day(entries["entered"][-1]),
                )
            )
