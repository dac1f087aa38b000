"""What the draft comes to: deals by outcome, amount, and what became of every row. Computed, not guessed."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import streamlit as st

from data.converting import convert
from data.errors import N_, HitrateError
from data.meta import STATUSES, FileLedger, Meta
from data.recipe import Proposal, Recipe
from data.recognising.labels import STATUS_LABELS, TABLE_LABELS
from data.workspace import Workspace
from data.workspace.recipes import applied
from data.workspace.recognised import all_tables
from pages.shared import errors, told
from pages.shared.numbers import NOT_AVAILABLE, count, money
from pages.shared.words import _, plain, t

Preview = tuple[Meta, dict[str | None, int]]


@st.cache_data(show_spinner=False, max_entries=32, ttl=3600)
def _preview(workspace: str, uploads: tuple[str, ...], recipe: str, as_of: date | None, _here: Workspace,
             _proposals: list[Proposal]) -> Preview:
    """Convert into a folder that is thrown away; keyed by the workspace, its files and the whole draft."""
    decided = Recipe.model_validate_json(recipe)
    tables = all_tables(_here.folder / "uploads", _here.uploads)
    with tempfile.TemporaryDirectory(prefix="hitrate-preview-") as folder:
        target = Path(folder) / "generation"
        meta = convert(tables, applied(_proposals, decided), decided.definitions, target, as_of)
        deals = pl.scan_parquet(target / "deals.parquet")
        sums = deals.group_by("currency").agg(pl.col("amount_minor").sum()).collect()
    return meta, {row[0]: row[1] for row in sums.iter_rows() if row[1]}


def preview(here: Workspace, recipe: Recipe, proposals: list[Proposal]) -> Preview:
    """Return what a recipe would make of the uploaded files."""
    uploads = tuple(upload.digest for upload in here.uploads)
    as_of: date | None = st.session_state.get("as_of")
    return _preview(here.id, uploads, recipe.model_dump_json(), as_of, here, proposals)


def amounts(sums: dict[str | None, int], fallback: str | None) -> str:
    """Return the total of every currency, never added up."""
    written = [money(total, code or fallback) for code, total in sums.items()]
    return " + ".join(written) or NOT_AVAILABLE


def draw(here: Workspace, recipe: Recipe, proposals: list[Proposal]) -> Meta | None:
    """Draw what the draft comes to; when it cannot be converted, say why and return None."""
    try:
        with st.spinner(_("Working out what this comes to"), show_time=False):
            meta, sums = preview(here, recipe, proposals)
    except HitrateError as error:
        errors.box(error)
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
    found = told.unique(n for n in (*(n for p in proposals for n in p.notices), *meta.notices)
                        if n.level == "warning")
    if found:
        st.subheader(_("Worth knowing"))
        told.listed(found, name_file=len(meta.files) > 1)


def ledger(files: tuple[FileLedger, ...]) -> None:
    """Draw what became of every row: read = kept + could not be read + totals and footers."""
    for line in files:
        text = t(N_("**{file}** ({table}): {read} rows read = {kept} kept + {rejected} that could not "
                    "be read + {junk} empty lines, totals or footers."),
                 file=plain(line.file), table=_(TABLE_LABELS.get(line.table, line.table)),
                 read=count(line.rows_read), kept=count(line.rows_kept),
                 rejected=count(line.rows_rejected), junk=count(line.rows_junk))
        if line.values_unread:
            text += " " + t(N_("{n} single values could not be read and count as unknown."),
                            n=count(line.values_unread))
        if line.total_agrees is not None:
            text += " " + (_("The file's own total agrees.") if line.total_agrees
                           else _("The file's own total does not agree with the sum of its rows."))
        st.caption(text)
