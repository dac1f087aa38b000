"""What the reader should confirm, each question with its evidence and its answer in one click."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from data.errors import N_, HitrateError
from data.notice import Notice
from pages.shared.numbers import number
from pages.shared.review import answers, draft
from pages.shared.review import desk as desks
from pages.shared.review.asking import TITLES, Ask, asks
from pages.shared.review.desk import Desk
from pages.shared.words import _, ngettext, plain, t


def draw(desk: Desk, found: Iterable[Notice]) -> None:
    """Draw the open questions, then those that were answered, each in one line."""
    every = asks(desk.proposals, found)
    still = [ask for ask in every if not desks.is_answered(ask.key)]
    if still:
        st.header(_("Please check"))
        n = len(still)
        st.caption(
            ngettext(
                "{n} question; until you answer it, what is shown below is our best guess.",
                "{n} questions; until you answer them, what is shown below is our best guess.",
                n,
            ).format(n=number(n))
        )
    for ask in still:
        with st.container(border=True, key=f"ask_{ask.key}"):
            st.markdown(f"**{_title(ask)}**")
            answers.draw(desk, ask)
    for ask in every:
        if desks.is_answered(ask.key):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f":material/check: {_title(ask)}", width="content")
                st.button(
                    _("Change the answer"),
                    key=f"again_{ask.key}",
                    type="tertiary",
                    on_click=desks.ask_again,
                    args=(ask.key,),
                )


def blocked(desk: Desk, error: HitrateError) -> None:
    """Offer the way on that an error about one of the files has: leaving that file out."""
    name = error.values.get("file")
    for place, proposal in enumerate(desk.proposals):
        if proposal.file == name and desk.file(place).table != "unknown":
            st.button(
                t(N_("Leave {file} out and go on"), file=plain(proposal.file)),
                key=f"leave_{place}",
                on_click=desk.change,
                args=(place, draft.left_out(desk.file(place))),
            )


def _title(ask: Ask) -> str:
    return t(TITLES[ask.kind], file=plain(ask.file))
