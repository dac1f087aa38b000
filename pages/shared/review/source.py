"""The cells of an uploaded file as they stand in it: labels with their counts, and whole rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from data.naming import own_names, unique
from data.reading import RawTable
from data.recipe import FileRecipe, fingerprint
from data.workspace import Upload, Workspace
from data.workspace.recognised import all_tables
from data.workspace.repairing import rejected

MOST_LABELS = 60
ROW = "row"


def raw(here: Workspace, place: int) -> RawTable:
    """Return the text table of the file at this place in the list of proposals."""
    return all_tables(here.folder / "uploads", here.uploads)[place]


def files(here: Workspace, recipes: Mapping[str, FileRecipe]) -> dict[str, tuple[int, FileRecipe]]:
    """Return the name of every file something is taken from, with its place and its recipe.

    `recipes` are by the fingerprint of the header. Of two files of one name the later is "<name> (2)".
    """
    tables = all_tables(here.folder / "uploads", here.uploads)
    names = own_names(table.file for table in tables)
    found: dict[str, tuple[int, FileRecipe]] = {}
    for place, (table, name) in enumerate(zip(tables, names, strict=True)):
        recipe = recipes.get(fingerprint(table.columns))
        if recipe is not None and recipe.table != "unknown":
            found[name] = (place, recipe)
    return found


def upload(here: Workspace, place: int) -> Upload | None:
    """Return the upload that the file at this place came with; several sheets may share one."""
    digest = raw(here, place).digest
    return next((u for u in here.uploads if u.digest == digest), None)


def _key(here: Workspace) -> tuple[str, ...]:
    return tuple(upload.digest for upload in here.uploads)


@st.cache_data(show_spinner=False, max_entries=256, ttl=3600)
def _counts(
    workspace: str, files: tuple[str, ...], place: int, column: str, _here: Workspace
) -> dict[str, int]:
    table = raw(_here, place)
    name = f"c{table.columns.index(column)}"
    found = pl.scan_parquet(table.path).select(pl.col(name).str.strip_chars()).drop_nulls()
    counted = found.group_by(name).len().sort(["len", name], descending=[True, False])
    return {label: n for label, n in counted.collect().iter_rows() if label}


def counts(here: Workspace, place: int, column: str) -> dict[str, int]:
    """Return the different texts in a column of the file at this place with their rows, most first."""
    return _counts(here.id, _key(here), place, column, here)


def labels(here: Workspace, place: int, column: str) -> list[str]:
    """Return the most frequent texts in a column of the file at this place."""
    return list(counts(here, place, column))[:MOST_LABELS]


@st.cache_data(show_spinner=False, max_entries=128, ttl=3600)
def _rows(
    workspace: str,
    files: tuple[str, ...],
    place: int,
    wanted: tuple[int, ...] | None,
    n: int,
    _here: Workspace,
) -> pl.DataFrame:
    table = raw(_here, place)
    found = pl.scan_parquet(table.path)
    if wanted is not None:
        found = found.filter(pl.col(ROW).is_in(wanted))
    names = {ROW: ROW}
    for number, header in enumerate(table.columns):
        names[f"c{number}"] = unique(header or "–", names.values())
    return found.select(list(names)).head(n).collect().rename(names)


def rows(here: Workspace, place: int, wanted: Sequence[int] | None = None, n: int = 5) -> pl.DataFrame:
    """Return rows of the file at this place under its own headers, first the number of the row in the file;
    the first `n` of all, or of those `wanted`."""
    return _rows(here.id, _key(here), place, None if wanted is None else tuple(wanted), n, here)


def repair(here: Workspace, rejects: pl.DataFrame, file: str) -> bytes:
    """Return the rows of a file with a place that could not be read, as CSV to mend and upload again."""
    return rejected(all_tables(here.folder / "uploads", here.uploads), rejects, file)
