"""What the draft comes to: deals by outcome, amount, and what became of every row. Computed, not guessed."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.converting import Cancelled, Progress, convert
from data.errors import N_, HitrateError
from data.meta import STATUSES, FileLedger, Meta
from data.recipe import Proposal, Recipe
from data.recognising.labels import STATUS_LABELS, TABLE_LABELS
from data.workspace import Workspace
from data.workspace.recipes import applied
from data.workspace.recognised import all_tables
from pages.shared import errors, jobs, told, working
from pages.shared.numbers import NOT_AVAILABLE, count, money
from pages.shared.words import _, plain, t

KIND = "preview"
Preview = tuple[Meta, dict[str | None, int]]


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
    """Convert into a folder that is thrown away."""
    decided = Recipe.model_validate_json(recipe)
    tables = all_tables(here.folder / "uploads", here.uploads)
    with tempfile.TemporaryDirectory(prefix="hitrate-preview-") as folder:
        target = Path(folder) / "generation"
        meta = convert(
            tables,
            applied(proposals, decided),
            decided.definitions,
            target,
            as_of,
            progress=progress,
            cancelled=cancelled,
        )
        deals = pl.scan_parquet(target / "deals.parquet")
        sums = deals.group_by("currency").agg(pl.col("amount_minor").sum()).collect()
    return meta, {row[0]: row[1] for row in sums.iter_rows() if row[1]}


def preview(
    here: Workspace, recipe: Recipe, proposals: list[Proposal], place: DeltaGenerator | None = None
) -> Preview:
    """Return what a recipe would make of the uploaded files; keyed by the files and the whole draft.

    HitrateError when it cannot be converted, and as long as the reader has stopped just this draft.
    """
    as_of: date | None = st.session_state.get("as_of")
    draft = recipe.model_dump_json()
    key = "|".join((*(upload.digest for upload in here.uploads), draft, str(as_of)))
    try:
        return _known(here.id, key, None)
    except LookupError:
        work = partial(_convert, here, draft, as_of, proposals)
        job = jobs.begin(here.id, KIND, key, work)
        found: Preview = working.follow(
            job, place if place is not None else st.empty(), _("Working out what this comes to")
        )
        _known(here.id, key, found)
        jobs.forget(here.id, KIND, job)
        return found


def amounts(sums: dict[str | None, int], fallback: str | None) -> str:
    """Return the total of every currency, never added up."""
    written = [money(total, code or fallback) for code, total in sums.items()]
    return " + ".join(written) or NOT_AVAILABLE


def draw(here: Workspace, recipe: Recipe, proposals: list[Proposal]) -> Meta | None:
    """Draw what the draft comes to; when it cannot be converted, say why and return None."""
    try:
        meta, sums = preview(here, recipe, proposals)
    except HitrateError as error:
        errors.box(error)
        job = jobs.find(here.id, KIND)
        if job is not None and jobs.was_stopped(error):
            st.button(_("Work it out"), key="work_out", on_click=jobs.forget, args=(here.id, KIND, job))
        return None
    with st.container(border=True, key="effect"):
        with st.grid(columns=5, min_column_width=100, gap="small"):
            st.metric(_("Deals"), count(sum(meta.counts.get(s, 0) for s in STATUSES)))
            for status in STATUSES:
                st.metric(_(STATUS_LABELS[status]), count(meta.counts.get(status, 0)))
        if sums:
            st.markdown(t(N_("Total amount: **{amount}**"), amount=amounts(sums, meta.definitions.currency)))
        ledger(meta.files)
    return meta


def warnings(proposals: list[Proposal], meta: Meta) -> None:
    """Draw what the reader should know about the files before trusting a number."""
    found = told.unique(
        n for n in (*(n for p in proposals for n in p.notices), *meta.notices) if n.level == "warning"
    )
    if found:
        st.header(_("Worth knowing"))
        told.listed(found, name_file=len(meta.files) > 1)


def ledger(files: tuple[FileLedger, ...]) -> None:
    """Draw what became of every row: read = kept + could not be read + totals and footers."""
    for line in files:
        text = t(
            N_(
                "**{file}** ({table}): {read} rows read = {kept} kept + {rejected} that could not "
                "be read + {junk} empty lines, totals or footers."
            ),
            file=plain(line.file),
            table=_(TABLE_LABELS.get(line.table, line.table)),
            read=count(line.rows_read),
            kept=count(line.rows_kept),
            rejected=count(line.rows_rejected),
            junk=count(line.rows_junk),
        )
        if line.values_unread:
            text += " " + t(
                N_("{n} single values could not be read and count as unknown."), n=count(line.values_unread)
            )
        if line.total_agrees is not None:
            text += " " + (
                _("The file's own total agrees.")
                if line.total_agrees
                else _("The file's own total does not agree with the sum of its rows.")
            )
        st.caption(text)
