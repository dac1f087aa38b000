"""What says won or lost, what its words mean, and the order of the stages; corrected in place."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data.meta import STATUSES
from data.recognising.labels import STATUS_LABELS
from pages.shared.numbers import count
from pages.shared.review import draft, source
from pages.shared.review.desk import Desk
from pages.shared.review.fields import OUTCOME_FROM
from pages.shared.spelled import number_column, written
from pages.shared.words import _, plain, t

MANY = 12  # rows of a table before it scrolls inside itself
NAMED = ("status", "result", "stage", "status_reason", "lost_reason")


def _height(rows: int) -> Any:
    return "content" if rows <= MANY else 38 + 35 * MANY


def outcomes(desk: Desk, place: int, prefix: str = "") -> None:
    """Draw which column says won or lost, and which of its words mean what.

    `prefix` tells apart the same controls in two places of the page.
    """
    proposal, file = desk.proposals[place], desk.file(place)
    column = file.outcome.column
    st.markdown(t(OUTCOME_FROM[file.outcome.source], column=plain(column or "")))
    named = [file.fields.get(f) for f in NAMED]
    options = list(dict.fromkeys(c for c in (column, *named, *file.keep) if c))
    pick = f"{prefix}outcome_{proposal.fingerprint}_{place}"
    st.session_state[pick] = column

    def moved() -> None:
        new = st.session_state[pick]
        if new and new != column:
            desk.change(place, draft.outcome_from(file, new, desk.labels(place, new)))

    if options:
        st.selectbox(
            _("Column with the outcome"),
            options,
            key=pick,
            index=None,
            on_change=moved,
            placeholder=_("Choose a column"),
            width=320,
        )
    if column in proposal.columns and file.outcome.source in ("status", "stage", "active"):
        words(desk, place, prefix)


def words(desk: Desk, place: int, prefix: str = "") -> None:
    """Draw every word that decides an outcome, with its rows and its meaning."""
    proposal, file = desk.proposals[place], desk.file(place)
    rows = source.counts(desk.here, place, file.outcome.column or "")
    meanings = draft.words(file, list(rows)[: source.MOST_LABELS])
    if not meanings:
        return
    key = f"{prefix}words_{proposal.fingerprint}_{place}_{desk.version}"
    names = list(meanings)

    def edited() -> None:
        changed = file
        for row, cells in st.session_state[key]["edited_rows"].items():
            if cells.get("status"):
                changed = draft.word(changed, names[int(row)], cells["status"])
        desk.change(place, changed)

    frame = pl.DataFrame(
        {
            "word": names,
            "rows": [rows.get(name, 0) for name in names],
            "status": list(meanings.values()),
        },
        schema={"word": pl.String, "rows": pl.Int64, "status": pl.String},
    )
    st.data_editor(
        written(frame),
        key=key,
        hide_index=True,
        on_change=edited,
        disabled=["word", "rows"],
        height=_height(len(names)),
        width=400,
        column_config=_word_columns(frame),
    )


def _word_columns(frame: pl.DataFrame) -> dict[str, Any]:
    return {
        "word": st.column_config.TextColumn(_("In your file"), width=180),
        "rows": number_column(_("Rows"), frame["rows"], width=80),
        "status": st.column_config.SelectboxColumn(
            _("Means"),
            options=list(STATUSES),
            required=True,
            format_func=lambda s: _(STATUS_LABELS[str(s)]),
            width=140,
        ),
    }


def stage_order(desk: Desk, place: int, prefix: str = "") -> None:
    """Draw the stages a deal passes, first to last; a number moves a stage."""
    proposal, file = desk.proposals[place], desk.file(place)
    rows = source.counts(desk.here, place, column) if (column := _stage_column(desk, place)) else {}
    for number, (pipeline, labels) in enumerate(file.stage_order.items()):
        if pipeline:
            st.markdown(f"**{plain(pipeline)}**")
        key = f"{prefix}order_{proposal.fingerprint}_{place}_{number}_{desk.version}"

        def edited(key: str = key, pipeline: str = pipeline, labels: list[str] = labels) -> None:
            cells: dict[Any, Any] = st.session_state[key]["edited_rows"]
            places = {int(r): int(c["place"]) for r, c in cells.items() if c.get("place")}
            desk.change(place, draft.stages(file, pipeline, draft.place(labels, places)))

        frame = pl.DataFrame(
            {
                "place": range(1, len(labels) + 1),
                "stage": labels,
                "rows": [rows.get(label) for label in labels],
            },
            schema={"place": pl.Int64, "stage": pl.String, "rows": pl.Int64},
        )
        st.data_editor(
            written(frame),
            key=key,
            on_change=edited,
            hide_index=True,
            disabled=["stage", "rows"],
            height=_height(len(labels)),
            width=330,
            column_config={
                "place": st.column_config.NumberColumn(
                    _("Place"), min_value=1, max_value=len(labels), step=1, required=True, width=70
                ),
                "stage": st.column_config.TextColumn(_("Stage"), width=180),
                "rows": number_column(_("Rows"), frame["rows"], width=80),
            },
        )
    unplaced(desk, place, rows, prefix)


def _stage_column(desk: Desk, place: int) -> str | None:
    column = desk.file(place).fields.get("stage")
    return column if column in desk.proposals[place].columns else None


def unplaced(desk: Desk, place: int, rows: dict[str, int], prefix: str = "") -> None:
    """Draw the labels that stand in the stage column, mean no outcome and have no place in any order, each
    with a button that puts it last."""
    file = desk.file(place)
    if file.fields.get("pipeline") or len(file.stage_order) > 1:
        return
    pipeline, order = next(iter(file.stage_order.items()), ("", []))
    closed = {label for label, status in file.outcome.words.items() if status != "open"}
    left = [label for label in rows if label not in order and label not in closed]
    if not left or not order:
        return
    st.caption(_("Without a place in the order; a click puts it last:"))
    with st.container(horizontal=True, gap="small"):
        for number, label in enumerate(left[:MANY]):
            st.button(
                f"{plain(label)} ({count(rows[label])})",
                key=f"{prefix}place_{place}_{number}",
                on_click=desk.change,
                args=(place, draft.stages(file, pipeline, [*order, label])),
            )
