"""From files in the browser to an imported workspace: one way in for uploads and for the sample."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.converting import Cancelled, ImportStopped, Progress
from data.errors import N_, HitrateError
from data.recipe import Proposal, Recipe
from data.sample import sample_files
from data.workspace import Upload, Workspace
from data.workspace.recognised import tables
from pages.shared import address, errors, jobs, state, working
from pages.shared.review import draft
from pages.shared.words import _, plain, t

KIND = "read"


@dataclass
class Reading:
    """What came of reading the files: what is recognised, how many files are new, and which were not taken.

    `key` names the files that were recognised.
    """

    key: str
    proposals: list[Proposal]
    kept: int
    failed: list[tuple[str, HitrateError]]


def receive(here: Workspace, files: Iterable[tuple[str, BinaryIO]]) -> None:
    """Write files to the workspace one by one; one that is here already is said to be."""
    for name, stream in files:
        try:
            if here.receive(name, stream).again:
                tell_again(name)
        except HitrateError as error:
            _tell_failed(name, error)


def tell(error: HitrateError) -> None:
    """Remember to say what came of an import."""
    _not_taken().append(f"**{t(error.title)}.** {errors.sentence(error)}")


def tell_again(name: str) -> None:
    """Remember to say that a file changed nothing."""
    _not_taken().append(t(N_("**{file}** is already here; nothing was changed by it."), file=plain(name)))


def unread(here: Workspace) -> list[Upload]:
    """Return the uploads that were not read yet."""
    return [u for u in here.uploads if not (here.folder / "uploads" / u.digest / "tables").is_dir()]


def read(here: Workspace, progress: Progress, cancelled: Cancelled) -> Reading:
    """Read the new uploads and recognise all. One that cannot be read is let go and leaves the others
    untouched; stopped by the user, or failed on our side, all new ones are let go."""
    new = unread(here)
    failed: list[tuple[str, HitrateError]] = []
    try:
        for number, upload in enumerate(new):

            def tell(share: float, done: int = number) -> None:
                progress(0.7 * (done + share) / len(new), N_("Reading the files"))

            try:
                tables(here.folder / "uploads", upload, tell, cancelled)
            except HitrateError as error:
                if jobs.was_stopped(error):
                    raise
                here.remove(upload)
                failed.append((upload.name, error))
        progress(0.7, N_("Recognising columns, dates, amounts and stages"))
        key = _key(here)
        found = here.recognise(None, _rest(progress), cancelled) if here.uploads else []
        if cancelled():
            raise ImportStopped()
    except Exception as error:
        # Stopped, or failed in a way nobody foresaw: the new files go, so that the workspace still opens.
        if not isinstance(error, HitrateError) or jobs.was_stopped(error):
            for upload in new:
                here.remove(upload)
        raise
    return Reading(key, found, len(new) - len(failed), failed)


def _rest(progress: Progress) -> Progress:
    """Return how the part after reading tells how far it is."""
    return lambda share, text: progress(0.7 + 0.3 * share, text)


def _key(here: Workspace) -> str:
    return "|".join((str(here.generation), *(f"{u.digest}{u.day or ''}" for u in here.uploads)))


@st.cache_data(show_spinner=False, max_entries=64, ttl=3600)
def _known(workspace: str, key: str, _found: list[Proposal] | None) -> list[Proposal]:
    if _found is None:
        raise LookupError  # an error is not remembered, so the answer can still come
    return _found


def reading(here: Workspace, place: DeltaGenerator) -> Reading:
    """Read and recognise the uploads, or follow whoever does already; progress and a stop button in `place`.

    HitrateError when it was stopped, or when the files cannot be recognised.
    """
    running = jobs.find(here.id, KIND)
    job = (
        running
        if running is not None and not running.done
        else jobs.begin(here.id, KIND, _key(here), partial(read, here))
    )
    try:
        found: Reading = working.follow(job, place, _("Reading your files"))
    except Exception:  # not the end of this run of the page, which leaves the job to the next run
        jobs.forget(here.id, KIND, job)
        raise
    for name, error in found.failed:
        _tell_failed(name, error)
    _known(here.id, found.key, found.proposals)
    jobs.forget(here.id, KIND, job)
    return found if found.key == _key(here) else reading(here, place)  # more files came meanwhile


def proposals(here: Workspace, place: DeltaGenerator | None = None) -> list[Proposal]:
    """Return what is recognised in the uploads, worked out once for the same files and decisions."""
    try:
        return _known(here.id, _key(here), None)
    except LookupError:
        return reading(here, place if place is not None else st.empty()).proposals


def here_or_new() -> Workspace:
    """Return the workspace of the address, or a new one that the address then names."""
    found = state.workspace()
    if found is None:
        found = state.store().create()
        address.put("w", found.id)
    return found


def as_proposed(here: Workspace) -> Recipe:
    """Return the recipe to confirm when nobody corrects the proposal."""
    return draft.begin(proposals(here))


def open_sample() -> None:
    """Import the sample company into a new workspace, on the same path as any upload."""
    here = state.store().create()
    with tempfile.TemporaryDirectory() as folder:
        for path in sample_files(Path(folder)):
            with path.open("rb") as stream:
                here.receive(path.name, stream)
    here.commit(as_proposed(here))
    for name in address.names():
        if name != "lang":
            address.put(name, None)
    address.put("w", here.id)


def leftovers() -> list[str]:
    """Return, once, the sentences about files that were not taken in."""
    return list(st.session_state.pop("not_taken", []))


def _not_taken() -> list[str]:
    told: list[str] = st.session_state.setdefault("not_taken", [])
    return told


def _tell_failed(name: str, error: HitrateError) -> None:
    told = N_("Not read: {reason}") if "file" in error.values else N_("**{file}** not read: {reason}")
    _not_taken().append(t(told, file=plain(name), reason=errors.sentence(error)))
