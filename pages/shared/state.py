"""Where a page begins: which pipeline it is about and what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from data import HitrateError, Pipeline, Slice
from data.workspace import Store, Workspace
from pages.shared import address, filters
from pages.shared.caching import cached
from pages.shared.snapshots import asof
from pages.shared.words import _

__all__ = ["View", "cached", "current", "pipeline", "pipeline_or_stop", "store", "workspace"]


@dataclass(frozen=True)
class View:
    """What the reader is looking at.

    `slice` holds the sidebar's filters and, when one is chosen, the breakdown in `by`; `definition` names
    the hit rate; `breakdown` is the column to break down by; `labels` maps columns to the file's headers.
    """

    pipeline: Pipeline
    slice: Slice
    definition: str
    breakdown: str | None
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def currency(self) -> str | None:
        """Return the one currency of the amounts, or None when there are several or none."""
        found = self.pipeline.meta.currencies
        return found[0] if len(found) == 1 else self.pipeline.meta.definitions.currency

    def label(self, column: str) -> str:
        """Return the header the user's file has for a column."""
        return self.labels.get(column, column)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Return the folder of workspaces; HITRATE_HOME says where it is."""
    return Store(None)


@st.cache_resource(show_spinner=False, max_entries=24)
def _pipeline(workspace: str, generation: int) -> Pipeline:
    found = store().open(workspace).pipeline()
    if found is None or found.key != (workspace, generation):
        raise HitrateError(*_GONE)
    return found


_GONE = (
    "This workspace has just changed",
    "Its data was replaced while the page was being drawn.",
    "Load the page again.",
)


def workspace() -> Workspace | None:
    """Return the workspace that the address names; HitrateError when there is no such workspace."""
    name = address.one("w")
    return store().open(name) if name else None


def pipeline() -> Pipeline | None:
    """Return the workspace's pipeline, opened once per generation, or None before the first import."""
    here = workspace()
    if here is None or not here.generation:
        return None
    return _pipeline(here.id, here.generation)


def pipeline_or_stop() -> Pipeline:
    """Return the pipeline; without one, say what would fill the page, offer it and stop."""
    found = pipeline()
    if found is None:
        st.info(_("This page fills up once an export has been read. Start with a file, or open the sample."))
        if st.button(_("Go to the start"), type="primary"):
            address.go("start.py")
        st.stop()
    return found


def current() -> View:
    """Return the view that the sidebar and the address describe, as of the snapshot they name."""
    found = asof.seen(pipeline_or_stop())
    asked = filters.chosen(found)
    return View(found, asked.slice, asked.definition, asked.breakdown, filters.labels(found.meta))
