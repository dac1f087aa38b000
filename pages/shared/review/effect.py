"""What the draft comes to: deals by outcome, amount, and what became of every row. Computed, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data import evidence
from data.converting import Cancelled, Progress
from data.errors import N_, HitrateError
from data.meta import STATUSES, Meta
from data.recipe import Proposal, Recipe
from data.recognising.labels import STATUS_LABELS
from data.workspace import Workspace
from pages.shared import errors, jobs, working
from pages.shared.numbers import NOT_AVAILABLE, count, money
from pages.shared.words import _, t

KIND = "preview"
MOST_REJECTS = 20_000  # kept of a preview; an import lists them all


@dataclass(frozen=True)
class Preview:
    """What a draft comes to.

    `sums` is the amount per currency, in hundredths; `behind` the rows (file, row) behind each notice, by its
    place in the list; `rejects` what could not be read; `bands` the deals in each band, by the column cut.
    """

    meta: Meta
    sums: dict[str | None, int]
    behind: dict[int, pl.DataFrame]
    rejects: pl.DataFrame
    bands: dict[str, dict[str, int]]


@st.cache_data(show_spinner=False, max_entries=32, ttl=3600)
def _known(workspace: str, key: str, _found: Preview | None) -> Preview:
    if _found is None:
        raise LookupError  # an error is not remembered, so the answer can still come
    return _found


def _convert(
    here: Workspace,
    recipe: str,
    as_of: date | None,
    proposals: list[Proposal],
    progress: Progress,
    cancelled: Cancelled,
) -> Preview:
    """Convert, for the import that mostly follows to take over."""
    return here.draft(
        proposals, Recipe.model_validate_json(recipe), as_of, seen, progress=progress, cancelled=cancelled
    )


def seen(folder: Path, meta: Meta) -> Preview:
    """Look at a generation the way the Review page shows it."""
    deals = pl.scan_parquet(folder / "deals.parquet")
    sums = deals.group_by("currency").agg(pl.col("amount_minor").sum()).collect()
    listed = folder / "rejects.parquet"
    rejects = pl.scan_parquet(listed).head(MOST_REJECTS).collect() if listed.exists() else pl.DataFrame()
    bands: dict[str, dict[str, int]] = {}
    for cut in (d for d in meta.dimensions if d.order):
        found = dict(deals.group_by(cut.column).len().collect().iter_rows())
        bands[cut.label] = {band: found.get(band, 0) for band in cut.order}
    return Preview(
        meta,
        {row[0]: row[1] for row in sums.iter_rows() if row[1]},
        evidence.behind(folder, meta),
        rejects,
        bands,
    )


def preview(
    here: Workspace, recipe: Recipe, proposals: list[Proposal], place: DeltaGenerator | None = None
) -> Preview:
    """Return what a recipe would make of the uploaded files; keyed by the files and the whole draft.

    HitrateError when it cannot be converted, and as long as the reader has stopped just this draft.
    """
    as_of: date | None = st.session_state.get("as_of")
    draft = recipe.model_dump_json()
    files = [f"{upload.digest}{upload.day or ''}" for upload in here.uploads]
    key = "|".join((*files, draft, str(as_of)))
    try:
        return _known(here.id, key, None)
    except LookupError:
        work = partial(_convert, here, draft, as_of, proposals)
        job = jobs.begin(here.id, KIND, key, work)
        found: Preview = working.follow(
            job, place if place is not None else st.empty(), _("Working out what this comes to"), "_preview"
        )
        _known(here.id, key, found)
        jobs.forget(here.id, KIND, job)
        return found


def attempt(here: Workspace, recipe: Recipe, proposals: list[Proposal]) -> Preview | HitrateError:
    """Return what the draft comes to; when it cannot be converted, say why in a box and return that."""
    try:
        return preview(here, recipe, proposals)
    except HitrateError as error:
        errors.box(error)
        job = jobs.find(here.id, KIND)
        if job is not None and jobs.was_stopped(error):
            st.button(_("Work it out"), key="work_out", on_click=jobs.forget, args=(here.id, KIND, job))
        return error


def amounts(sums: Mapping[str | None, int], fallback: str | None) -> str:
    """Return the total of every currency, never added up."""
    written = [money(total, code or fallback) for code, total in sums.items()]
    return " + ".join(written) or NOT_AVAILABLE


def figures(found: Preview) -> None:
    """Draw the deals by outcome and their amount."""
    meta = found.meta
    with st.grid(columns=5, min_column_width=100, gap="small"):
        st.metric(_("Deals"), count(sum(meta.counts.get(s, 0) for s in STATUSES)))
        for status in STATUSES:
            st.metric(_(STATUS_LABELS[status]), count(meta.counts.get(status, 0)))
    if found.sums:
        st.markdown(
            t(N_("Total amount: **{amount}**"), amount=amounts(found.sums, meta.definitions.currency))
        )
