"""The files on the Review page: how each was read, closed until it is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from data.errors import N_
from data.recipe import FileRecipe, Proposal
from data.recognising.labels import TABLE_LABELS
from pages.shared.numbers import count
from pages.shared.review import banding, columns, controls, outcome, source
from pages.shared.review.desk import Desk
from pages.shared.review.fields import CONTAINERS, DELIMITERS, ENCODINGS
from pages.shared.words import _, ngettext, plain, t

Bands = Mapping[str, Mapping[str, int]]
CHANGED = {"new": N_("New since the last file: {columns}"), "gone": N_("No longer there: {columns}")}


def draw(desk: Desk, bands: Bands) -> None:
    """Draw the files; those with the same columns are read in one way and share a card.

    `bands` holds how many deals are in each band of the columns that are cut.
    """
    alike: dict[str, list[int]] = {}
    for place, proposal in enumerate(desk.proposals):
        alike.setdefault(proposal.fingerprint, []).append(place)
    for places in alike.values():
        _card(desk, places, bands)


def _card(desk: Desk, places: Sequence[int], bands: Bands) -> None:
    """Draw files of one layout: a page of fourteen files stays one screen."""
    place = places[0]
    proposal, file = desk.proposals[place], desk.file(place)
    opened = st.expander(_label(desk, places), key=f"file_{proposal.fingerprint}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        recognised(proposal, file)
        with st.container(horizontal=True):
            controls.table(desk, place)
            controls.writing(desk, place)
        if file.table != "unknown":
            _tabs(desk, places, bands)
        if file.table == "unknown" or len(places) == 1:
            _each(desk, places)


def _each(desk: Desk, places: Sequence[int]) -> None:
    """Draw what is said of each file by itself: the day it is of, and the way to be rid of it."""
    for place in places:
        name = plain(desk.proposals[place].file)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if desk.file(place).table == "deals" and controls.has_day(desk, place):
                controls.day(desk, place, label=t(N_("{file} is of"), file=name))
            st.button(
                t(N_("Remove {file}"), file=name),
                key=f"remove_{place}",
                type="tertiary",
                icon=":material/delete:",
                on_click=remove,
                args=(desk, place),
                help=_("What was imported before stays as it is until you confirm again."),
            )


def remove(desk: Desk, place: int) -> None:
    """Take one uploaded file out of the workspace, with all its sheets; for callbacks."""
    upload = source.upload(desk.here, place)
    if upload is not None:
        desk.here.remove(upload)


def _label(desk: Desk, places: Sequence[int]) -> str:
    proposal, file = desk.proposals[places[0]], desk.file(places[0])
    parts = [f"**{plain(proposal.file)}**"]
    if len(places) > 1:
        n = len(places) - 1
        more = ngettext("and {n} more with the same columns", "and {n} more with the same columns", n)
        parts[0] += " " + more.format(n=count(n))
    if proposal.sheet:
        parts.append(t(N_("sheet {name}"), name=plain(proposal.sheet)))
    parts.append(_(TABLE_LABELS[file.table]))
    if file.table != "unknown":
        rows = sum(desk.proposals[place].rows for place in places)
        parts.append(ngettext("{n} row", "{n} rows", rows).format(n=count(rows)))
        parts.append(columns.counted(proposal, file))
    return " · ".join(parts)


def recognised(proposal: Proposal, file: FileRecipe) -> None:
    """Say in one line how the file was read."""
    parts = [_(CONTAINERS.get(proposal.container, proposal.container))]
    if proposal.delimiter:
        sign = DELIMITERS.get(proposal.delimiter, proposal.delimiter)
        parts.append(t(N_("separated by {sign}"), sign=_(sign)))
    if proposal.encoding:
        parts.append(ENCODINGS.get(proposal.encoding.lower(), proposal.encoding.upper()))
    if proposal.header_row > 1:
        parts.append(t(N_("headers in row {row}"), row=proposal.header_row))
    if proposal.system:
        parts.append(t(N_("looks like an export from {system}"), system=plain(proposal.system)))
    if proposal.from_memory:
        same = N_("same layout as an earlier file, read the same way")
        parts.append(_(N_("layout of an earlier file, changed") if proposal.changed else same))
    st.caption(" · ".join(parts))
    for kind, said in CHANGED.items():
        names = proposal.changed.get(kind)
        if names:
            st.markdown(t(said, columns=", ".join(f"“{plain(c)}”" for c in names)))


def _tabs(desk: Desk, places: Sequence[int], bands: Bands) -> None:
    """Draw what can be corrected, a tab for each part; only the open one is worked out."""
    place = places[0]
    proposal, file = desk.proposals[place], desk.file(place)
    _used, out = columns.listed(proposal, file)
    parts: dict[str, Callable[[], None]] = {_("Columns in use"): partial(columns.used, desk, place)}
    if out:
        parts[_("Left out")] = partial(columns.out, desk, place)
    if file.table in ("deals", "more_deals"):
        parts[_("Won or lost")] = partial(outcome.outcomes, desk, place)
    if file.table == "deals" and file.stage_order:
        parts[_("Order of the stages")] = partial(outcome.stage_order, desk, place)
    if banding.offered(proposal, file):
        parts[_("Numbers in bands")] = partial(banding.draw, desk, place, bands)
    if len(places) > 1:
        parts[_("Each file")] = partial(_each, desk, places)
    for tab, part in zip(
        st.tabs(list(parts), on_change="rerun", key=f"tabs_{proposal.fingerprint}_{place}_{len(parts)}"),
        parts.values(),
        strict=True,
    ):
        if tab.open:
            with tab:
                part()
