"""Waiting for a job: a spinner at first, then how far it is and a button that stops it."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared.jobs import Job
from pages.shared.numbers import rate
from pages.shared.words import _

QUICK = 1.2  # seconds in which most files are done; showing a bar for less would only flicker
BEAT = 0.3


def follow(job: Job, place: DeltaGenerator, title: str, name: str = "") -> Any:
    """Wait for a job at this place of the page; return its result or raise its error.

    Any click meanwhile, the stop button's too, ends this run of the page at its next sign of life and begins
    another, which finds the same job again. Jobs followed one after the other in one run differ in `name`.
    """
    if not job.done and not job.stopped:
        with place, st.spinner(title, show_time=False):
            job.wait(QUICK)
    if not job.done:
        with place.container(border=True, key=f"working{name}"):
            st.markdown(f"**{title}**")
            bar = st.progress(job.share, _message(job))
            st.button(_("Stop"), key=f"stop{name}", on_click=job.cancel, disabled=job.stopped)
        while not job.wait(BEAT):
            bar.progress(job.share, _message(job))
    place.empty()
    return job.result()


def _message(job: Job) -> str:
    if job.stopped:
        return _("Stopping")
    return " · ".join(part for part in (_(job.text), rate(job.share)) if part)
