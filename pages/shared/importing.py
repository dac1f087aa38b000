"""From files in the browser to an imported workspace: one way in for uploads and for the sample."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl
import streamlit as st

from data.errors import N_, HitrateError
from data.recipe import Proposal, Recipe
from data.sample import sample_files
from data.workspace import Workspace
from data.workspace.recognised import all_tables, tables
from pages.shared import address, errors, state
from pages.shared.review import draft
from pages.shared.words import plain, t

_MOST_LABELS = 60


@dataclass
class Received:
    """What came of a handful of files: how many are new, and a sentence for each that was not taken in."""

    kept: int = 0
    told: list[str] = field(default_factory=list)


def receive(here: Workspace, files: Iterable[tuple[str, BinaryIO]]) -> Received:
    """Write files to the workspace one by one; one that cannot be read leaves the others untouched."""
    result = Received()
    for name, stream in files:
        try:
            upload = here.receive(name, stream)
            if upload.again:
                result.told.append(t(N_("**{file}** is already here; nothing was changed by it."),
                                     file=plain(name)))
                continue
            try:
                tables(here.folder / "uploads", upload)
            except HitrateError:
                here.remove(upload)
                raise
            result.kept += 1
        except HitrateError as error:
            told = N_("Not read: {reason}") if "file" in error.values else N_("**{file}** not read: {reason}")
            result.told.append(t(told, file=plain(name), reason=errors.sentence(error)))
    return result


@st.cache_data(show_spinner=False, max_entries=64, ttl=3600)
def _proposals(workspace: str, generation: int, digests: tuple[str, ...], _here: Workspace) -> list[Proposal]:
    return _here.proposals


def proposals(here: Workspace) -> list[Proposal]:
    """Return what is recognised in the uploads, worked out once for the same files and decisions."""
    return _proposals(here.id, here.generation, tuple(upload.digest for upload in here.uploads), here)


@st.cache_data(show_spinner=False, max_entries=256, ttl=3600)
def _labels(workspace: str, digests: tuple[str, ...], place: int, column: str, _here: Workspace) -> list[str]:
    table = all_tables(_here.folder / "uploads", _here.uploads)[place]
    name = f"c{table.columns.index(column)}"
    found = pl.scan_parquet(table.path).select(pl.col(name).str.strip_chars()).drop_nulls()
    counted = found.group_by(name).len().sort(["len", name], descending=[True, False]).head(_MOST_LABELS)
    return [label for label in counted.collect().get_column(name).to_list() if label]


def labels(here: Workspace, place: int, column: str) -> list[str]:
    """Return the different texts in a column of the file at this place, most frequent first."""
    return _labels(here.id, tuple(upload.digest for upload in here.uploads), place, column, here)


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
