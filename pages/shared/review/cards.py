"""What a file was read as, column by column, and the controls that correct it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from data.errors import N_
from data.meta import STATUSES
from data.recipe import FileRecipe, Guess, Proposal
from data.recognising.labels import DROP_LABELS, STATUS_LABELS, TABLE_LABELS
from pages.shared.numbers import count
from pages.shared.review import draft
from pages.shared.review.fields import CONTAINERS, DELIMITERS, ENCODINGS, OUTCOME_FROM, choices
from pages.shared.words import _, ngettext, plain, t

Change = Callable[[str, FileRecipe], None]
Labels = Callable[[str], list[str]]
CURRENCIES = ("EUR", "DKK", "GBP", "USD", "SEK", "NOK", "CHF")


def recognised(proposal: Proposal, file: FileRecipe) -> None:
    """Say in one line how the file was read."""
    rows = ngettext("{n} row", "{n} rows", proposal.rows).format(n=count(proposal.rows))
    parts = [_(TABLE_LABELS[file.table]), rows, _(CONTAINERS.get(proposal.container, proposal.container))]
    if proposal.delimiter:
        sign = DELIMITERS.get(proposal.delimiter, proposal.delimiter)
        parts.append(t(N_("separated by {sign}"), sign=_(sign)))
    if proposal.encoding:
        parts.append(ENCODINGS.get(proposal.encoding.lower(), proposal.encoding.upper()))
    if proposal.sheet:
        parts.append(t(N_("sheet {name}"), name=plain(proposal.sheet)))
    if proposal.header_row > 1:
        parts.append(t(N_("headers in row {row}"), row=proposal.header_row))
    if proposal.system:
        parts.append(t(N_("looks like an export from {system}"), system=plain(proposal.system)))
    if proposal.from_memory:
        parts.append(_("same layout as an earlier file, read the same way"))
    st.caption(" · ".join(parts))


def _why(guess: Guess | None, file: FileRecipe, column: str) -> str:
    why = file.drop.get(column)
    if why:
        return _(DROP_LABELS.get(why, N_("your choice") if why == draft.BY_USER else why))
    if guess is None:
        return ""
    return t(guess.reason, **guess.values) if guess.reason else ""


def columns(proposal: Proposal, file: FileRecipe, change: Change, labels: Labels, version: int) -> None:
    """Draw every column with samples, what it is read as, and why; the reading can be changed."""
    guesses = {g.column: g for g in proposal.guesses}
    staged = {c.column for c in file.stage_columns}
    listed = [c for c in proposal.columns if c not in staged]
    rows = pl.DataFrame(
        {
            "column": listed,
            "samples": [" · ".join(proposal.samples.get(c, [])[:3]) for c in listed],
            "reading": [draft.reading(file, c) for c in listed],
            "why": [_why(guesses.get(c), file, c) for c in listed],
        },
        schema=dict.fromkeys(("column", "samples", "reading", "why"), pl.String),
    )
    key = f"columns_{proposal.fingerprint}_{version}"
    known = choices(file.table)

    def edited() -> None:
        changed = file
        for row, cells in st.session_state[key]["edited_rows"].items():
            if cells.get("reading"):
                changed = draft.read_as(changed, listed[int(row)], cells["reading"])
                if cells["reading"] == "stage":
                    changed = draft.stages_from(changed, labels(listed[int(row)]))
        change(proposal.fingerprint, changed)

    st.data_editor(
        rows,
        key=key,
        on_change=edited,
        hide_index=True,
        disabled=["column", "samples", "why"],
        height=min(527, 37 + 35 * len(listed)),
        column_config={
            "column": st.column_config.TextColumn(_("Column in your file"), width=165),
            "samples": st.column_config.TextColumn(_("For example"), width=215),
            "reading": st.column_config.SelectboxColumn(
                _("Read as"),
                options=list(known),
                required=True,
                format_func=lambda name: _(known[str(name)]),
                width=190,
            ),
            "why": st.column_config.TextColumn(_("Why"), width=260),
        },
    )
    if staged:
        names = ", ".join(plain(c.stage) for c in file.stage_columns)
        st.caption(t(N_("Dates of entering these stages are read as stage history: {stages}"), stages=names))


def outcomes(proposal: Proposal, file: FileRecipe, change: Change, labels: Labels, version: int) -> None:
    """Draw which column says won or lost, and which of its words mean what."""
    told, column = OUTCOME_FROM[file.outcome.source], file.outcome.column
    st.markdown(t(told, column=plain(column or "")))
    named = [file.fields.get(f) for f in ("status", "result", "stage", "status_reason", "lost_reason")]
    options = list(dict.fromkeys(c for c in (column, *named, *file.keep) if c))
    pick = f"outcome_{proposal.fingerprint}"
    st.session_state[pick] = column

    def moved() -> None:
        new = st.session_state[pick]
        if new and new != column:
            change(proposal.fingerprint, draft.outcome_from(file, new, labels(new)))

    if options:
        st.selectbox(
            _("Column with the outcome"),
            options,
            key=pick,
            index=None,
            on_change=moved,
            placeholder=_("Choose a column"),
        )
    reads_words = column is not None and file.outcome.source in ("status", "stage", "active")
    meanings = draft.words(file, labels(column) if reads_words and column else ())
    if not meanings:
        return
    key = f"words_{proposal.fingerprint}_{version}"
    names = list(meanings)

    def edited() -> None:
        changed = file
        for row, cells in st.session_state[key]["edited_rows"].items():
            if cells.get("status"):
                changed = draft.word(changed, names[int(row)], cells["status"])
        change(proposal.fingerprint, changed)

    st.data_editor(
        pl.DataFrame({"word": names, "status": list(meanings.values())}),
        key=key,
        hide_index=True,
        on_change=edited,
        disabled=["word"],
        column_config={
            "word": st.column_config.TextColumn(_("In your file")),
            "status": st.column_config.SelectboxColumn(
                _("Means"),
                options=list(STATUSES),
                required=True,
                format_func=lambda s: _(STATUS_LABELS[str(s)]),
            ),
        },
    )


def stage_order(proposal: Proposal, file: FileRecipe, change: Change, version: int) -> None:
    """Draw the stages a deal passes, first to last; a number moves a stage."""
    for number, (pipeline, labels) in enumerate(file.stage_order.items()):
        if pipeline:
            st.markdown(f"**{plain(pipeline)}**")
        key = f"order_{proposal.fingerprint}_{number}_{version}"

        def edited(key: str = key, pipeline: str = pipeline, labels: list[str] = labels) -> None:
            rows: dict[Any, Any] = st.session_state[key]["edited_rows"]
            places = {int(r): int(c["place"]) for r, c in rows.items() if c.get("place")}
            change(proposal.fingerprint, draft.stages(file, pipeline, draft.place(labels, places)))

        st.data_editor(
            pl.DataFrame(
                {"place": range(1, len(labels) + 1), "stage": labels},
                schema={"place": pl.Int64, "stage": pl.String},
            ),
            key=key,
            on_change=edited,
            hide_index=True,
            disabled=["stage"],
            column_config={
                "place": st.column_config.NumberColumn(
                    _("Place"), min_value=1, max_value=len(labels), step=1, required=True, width="small"
                ),
                "stage": st.column_config.TextColumn(_("Stage")),
            },
        )


def writing(proposal: Proposal, file: FileRecipe, change: Change) -> None:
    """Draw how dates, numbers and money are written in the file."""
    key, order, sign = proposal.fingerprint, draft.date_order(file), draft.decimal_sign(file)
    if order:
        names = {"day": N_("day first (31-12-2025)"), "month": N_("month first (12-31-2025)")}
        _one(
            _("Dates"),
            f"dates_{key}",
            names,
            order,
            lambda new: change(key, draft.with_date_order(file, new)),
        )
    if sign:
        names = {",": N_("decimal comma (1.234,50)"), ".": N_("decimal point (1,234.50)")}
        _one(
            _("Numbers"),
            f"decimal_{key}",
            names,
            sign,
            lambda new: change(key, draft.with_decimal_sign(file, new)),
        )
    if "currency" not in file.fields and "amount" in file.fields:
        _currency(proposal, file, change)


def _currency(proposal: Proposal, file: FileRecipe, change: Change) -> None:
    own = (file.currency,) if file.currency else ()
    known = list(dict.fromkeys((*own, *CURRENCIES)))
    key = f"currency_{proposal.fingerprint}"
    st.session_state[key] = file.currency

    def edited() -> None:
        code = str(st.session_state[key] or "").strip().upper()
        valid = code if len(code) == 3 and code.isalpha() else None
        change(proposal.fingerprint, file.model_copy(update={"currency": valid}))

    st.selectbox(
        _("Currency"),
        known,
        key=key,
        accept_new_options=True,
        placeholder=_("Not stated"),
        width=100,
        on_change=edited,
    )


def _one(
    label: str, key: str, names: dict[str, str], value: str, took: Callable[[str], None], width: int = 205
) -> None:
    st.session_state[key] = value
    st.selectbox(
        label,
        list(names),
        key=key,
        format_func=lambda n: _(names[n]),
        filter_mode=None,
        width=width,
        on_change=lambda: took(st.session_state[key]),
    )


def table(proposal: Proposal, file: FileRecipe, change: Change) -> None:
    """Draw which table the file is."""
    key = proposal.fingerprint
    _one(
        _("This file holds"),
        f"table_{key}",
        TABLE_LABELS,
        file.table,
        lambda new: change(key, file.model_copy(update={"table": new})),
        width=245,
    )
