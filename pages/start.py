"""The first screen: hand over an export, or look at the sample."""

from __future__ import annotations

from typing import BinaryIO, cast

import streamlit as st

from pages.shared import address, importing, state
from pages.shared.words import _


def take(files: list[tuple[str, BinaryIO]]) -> None:
    """Store the files, recognise them and go on to the review."""
    with st.status(_("Reading your files"), expanded=True) as status:
        here = importing.here_or_new()
        received = importing.receive(here, files)
        st.session_state["uploader"] = st.session_state.get("uploader", 0) + 1  # lets go of the bytes
        st.session_state["not_taken"] = received.told
        if received.kept:
            st.write(_("Recognising columns, dates, amounts and stages"))
            importing.proposals(here)
        status.update(label=_("Done"), state="complete")
    if received.kept:
        address.go("review.py")
    st.rerun()


def uploader() -> None:
    """Draw the upload box."""
    files = st.file_uploader(
        _("CSV, Excel or Parquet; several files at once, such as deals and their stage history."),
        accept_multiple_files=True, key=f"export_{st.session_state.get('uploader', 0)}",
    )
    if files:
        take([(file.name, cast(BinaryIO, file)) for file in files])


def sample() -> None:
    """Draw the button that opens the sample."""
    if st.button(_("Open the sample"), key="sample", width="content"):
        with st.status(_("Preparing the sample company"), expanded=False) as status:
            importing.open_sample()
            status.update(label=_("Done"), state="complete")
        address.go("overview.py")


def main() -> None:
    """Draw the page."""
    st.title(_("See what your sales pipeline tells you"))
    st.markdown(_("Hand over an export from your CRM and see your hit rate, where deals leak away, "
                  "and what each leak costs."))
    for failure in importing.leftovers():
        st.warning(failure)
    here = state.workspace()
    with st.container(border=True):
        st.subheader(_("Add files to this workspace") if here else _("Your own data"))
        uploader()
        st.caption(_("E-mail addresses, telephone numbers and names of contacts are left out. "
                     "Whoever has the address of your workspace can see it; nobody else can."))
    with st.container(border=True):
        st.subheader(_("No export at hand?"))
        st.markdown(_("Look around in the pipeline of an invented company first: two years of deals, "
                      "sellers and lead sources."))
        sample()
    if here is not None and st.button(_("Start a new, empty workspace"), type="tertiary"):
        address.drop(*(name for name in address.names() if name != "lang"))
        st.rerun()


main()
