"""What became of every row of every file, and what could not be read: listed, downloadable, mendable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import streamlit as st

from data.errors import N_
from data.meta import FileLedger
from data.recognising.labels import TABLE_LABELS
from pages.shared import downloads, tables
from pages.shared.numbers import NOT_AVAILABLE, count, day
from pages.shared.words import _, ngettext, plain, t

SHOWN, MANY, FILES = 200, 10, 8


def ledger(files: Sequence[FileLedger], days: Mapping[str, str] | None = None) -> None:
    """Draw what became of every row: one file in a sentence, several in a table.

    `days` are the days that files speak of, by their names.
    """
    if len(files) == 1:
        st.caption(sentence(files[0]))
        return
    rows = [
        {
            "file": line.file,
            "table": _(TABLE_LABELS.get(line.table, line.table)),
            "read": line.rows_read,
            "kept": line.rows_kept,
            "rejected": line.rows_rejected,
            "junk": line.rows_junk,
            "values": line.values_unread,
            "total": _agrees(line),
            "day": day(date.fromisoformat(told[:10])) if (told := (days or {}).get(line.file)) else None,
        }
        for line in files
    ]
    titles = {
        "file": _("File"),
        "table": _("Holds"),
        "read": _("Rows read"),
        "kept": _("Kept"),
        "rejected": _("Rejected"),
        "junk": _("Empty, total or footer"),
    }
    if any(row["day"] for row in rows):
        titles["day"] = _("Of the day")
    if any(line.values_unread for line in files):
        titles["values"] = _("Single values not read")
    if any(line.total_agrees is not None for line in files):
        titles["total"] = _("The file's own total")
    tables.show(pl.DataFrame(rows), titles, "ledger", rows=15)
    st.caption(_("For every file: rows read = kept + rejected + empty lines, totals and footers."))


def _agrees(line: FileLedger) -> str:
    if line.total_agrees is None:
        return NOT_AVAILABLE
    return _("agrees") if line.total_agrees else _("differs")


def sentence(line: FileLedger) -> str:
    """Return what became of the rows of one file."""
    text = t(
        N_(
            "**{file}** ({table}): {read} rows read = {kept} kept + {rejected} rejected + "
            "{junk} empty lines, totals or footers."
        ),
        file=plain(line.file),
        table=_(TABLE_LABELS.get(line.table, line.table)),
        read=count(line.rows_read),
        kept=count(line.rows_kept),
        rejected=count(line.rows_rejected),
        junk=count(line.rows_junk),
    )
    if line.values_unread:
        text += " " + ngettext(
            "{n} single value could not be read and counts as unknown.",
            "{n} single values could not be read and count as unknown.",
            line.values_unread,
        ).format(n=count(line.values_unread))
    if line.total_agrees is not None:
        text += " " + (
            _("The file's own total agrees.")
            if line.total_agrees
            else _("The file's own total does not agree with the sum of its rows.")
        )
    return text


def rejects(
    frame: pl.DataFrame,
    total: int,
    repair: Callable[[str], bytes],
    key: str = "rejects",
) -> None:
    """Draw what could not be read, place by place, behind a click, and the downloads.

    `frame` lists the places, of `total` in all; `repair` makes the CSV of one file's rows to mend.
    """
    if not total:
        st.caption(_("Every row and value in the files could be read."))
        return
    said = ngettext("{n} row or value rejected", "{n} rows or values rejected", total).format(n=count(total))
    opened = st.expander(f":material/report: {said}", key=f"open_{key}", on_change="rerun")
    if not opened.open:
        return
    with opened:
        _places(frame, total, key)
        _downloads(frame, repair, key)


def _downloads(frame: pl.DataFrame, repair: Callable[[str], bytes], key: str) -> None:
    """Draw the list as a file, and for each file the rows to mend in a spreadsheet and upload again."""
    st.caption(
        _(
            "Mend the rows in a spreadsheet and upload that file here: they take the place of the rejected "
            "rows."
        )
    )
    with st.container(horizontal=True, gap="small"):
        for number, name in enumerate(frame.get_column("file").unique(maintain_order=True).to_list()[:FILES]):
            st.download_button(
                t(N_("Rows of {file} to mend"), file=plain(name)),
                partial(repair, name),
                f"{Path(name).stem}-mend.csv",
                "text/csv",
                on_click="ignore",
                key=f"mend_{number}_{key}",
                icon=":material/download:",
            )
        st.download_button(
            t(N_("The whole list ({n})"), n=count(frame.height)),
            lambda: downloads.csv(frame),
            "not-read.csv",
            "text/csv",
            on_click="ignore",
            key=key,
            icon=":material/download:",
        )


def _places(frame: pl.DataFrame, total: int, key: str) -> None:
    """Draw each place that could not be read: where it is, what stands there, and why."""
    shown = frame.head(SHOWN).with_columns(
        pl.col("reason").map_elements(_, return_dtype=pl.String),
        pl.col("column").fill_null(_("the whole row")),
    )
    titles = {
        "file": _("File"),
        "row": _("Row"),
        "column": _("Column"),
        "text": _("What it says"),
        "reason": _("Why not"),
    }
    if frame.get_column("file").n_unique() == 1:
        del titles["file"]
    widths = {"file": 150, "row": 60, "column": 130, "text": 240, "reason": 400}
    st.dataframe(
        shown.select(list(titles)),
        hide_index=True,
        height="content" if shown.height <= MANY else 38 + 35 * MANY,
        placeholder=NOT_AVAILABLE,
        column_config={c: st.column_config.Column(title, width=widths[c]) for c, title in titles.items()},
        key=f"list_{key}",
    )
    if total > shown.height:
        st.caption(t(N_("The first {n} of {total}."), n=count(shown.height), total=count(total)))
