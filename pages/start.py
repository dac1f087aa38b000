"""The first screen: hand over an export, or look at the sample."""

from __future__ import annotations

from typing import BinaryIO, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.errors import N_, HitrateError
from data.workspace import Workspace
from pages.shared import address, importing, jobs, state, uploading
from pages.shared.numbers import count
from pages.shared.words import _, ngettext, plain, t

NAMED = 8  # files of a workspace that are named


def uploader() -> None:
    """Draw the upload box. Files go to disk through the streaming route; the widget is its face."""
    files = st.file_uploader(
        _("Drop your files here: CSV, Excel or Parquet, several at once, such as deals and their stages."),
        accept_multiple_files=True,
        key=f"export_{st.session_state.get('uploader', 0)}",
    )
    uploading.panel(state.workspace())
    if files:
        here = importing.here_or_new()
        importing.receive(here, [(file.name, cast(BinaryIO, file)) for file in files])
        st.session_state["uploader"] = st.session_state.get("uploader", 0) + 1  # lets go of the bytes
        st.session_state["reading"] = True
        st.rerun()


def take(here: Workspace, place: DeltaGenerator) -> None:
    """Read what arrived and go on to the review; stay when nothing new could be read."""
    try:
        kept = importing.reading(here, place).kept
    except Exception as error:  # not the end of this run of the page, which leaves the job to the next run
        st.session_state["reading"] = False
        if not isinstance(error, HitrateError) or not jobs.was_stopped(error):
            raise
        importing.tell(error)
        st.rerun()
    st.session_state["reading"] = False
    if kept:
        address.go("review.py")
    st.rerun()


def contents(here: Workspace) -> str:
    """Return what is in the workspace already, so that nobody uploads into the wrong one."""
    names = [plain(upload.name) for upload in here.uploads]
    rest = len(names) - NAMED
    text = t(N_("In it now: {files}"), files=", ".join(names[:NAMED]))
    if rest > 0:
        text += " " + ngettext("and {n} more", "and {n} more", rest).format(n=count(rest))
    return text


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
    st.markdown(
        _(
            "Hand over an export from your CRM and see your hit rate, where deals leak away, "
            "and what each leak costs."
        )
    )
    told = st.container()
    here = state.workspace()
    with st.container(border=True):
        st.header(_("Add files to this workspace") if here else _("Your own data"))
        if here is not None and here.uploads:
            st.caption(contents(here))
        uploader()
        place = st.empty()
        st.caption(
            _(
                "E-mail addresses, telephone numbers and names of contacts are left out. "
                "Whoever has the address of your workspace can see it; nobody else can."
            )
            + " "
            + _("The same file twice changes nothing; a later export of the same list adds a snapshot.")
        )
    with st.container(border=True):
        st.header(_("No export at hand?"))
        st.markdown(
            _(
                "Look around in the pipeline of an invented company first: two years of deals, "
                "sellers and lead sources."
            )
        )
        sample()
    if here is not None and st.button(_("Start a new, empty workspace"), type="tertiary"):
        address.drop(*(name for name in address.names() if name != "lang"))
        st.rerun()
    if here is not None and (st.session_state.get("reading") or jobs.running(here.id, importing.KIND)):
        take(here, place)
    with told:
        for failure in importing.leftovers():
            st.warning(failure)


main()
