"""The columns of a file: what each is read as, how sure that is and why; corrected in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from data.errors import N_
from data.recipe import FileRecipe, Guess, PeriodColumn, Proposal
from data.recognising.labels import DROP_LABELS, FIELD_LABELS
from pages.shared.numbers import number
from pages.shared.review import draft
from pages.shared.review.desk import Desk
from pages.shared.review.fields import DROP, choices
from pages.shared.words import _, ngettext, plain, t

SURE, LIKELY = 0.85, 0.6
SAMPLES, FITS = 3, 25  # cells of a column, and characters that fit
MOST = 14  # columns before the table scrolls inside itself
WIDE = ("column", "samples", "reading", "sure", "why")
# Pixels: 810 fit inside a file, beside the menu.
IN_USE = {"column": 170, "samples": 170, "reading": 150, "sure": 95, "why": 225}
OUT = {"column": 190, "samples": 180, "reading": 130, "why": 310}


def listed(proposal: Proposal, file: FileRecipe) -> tuple[list[str], list[str]]:
    """Return the columns in use and those left out; dates of entering a stage and the periods of a plan are
    told apart."""
    staged = {c.column for c in file.stage_columns} | {c.column for c in periods(file)}
    columns = [c for c in dict.fromkeys(proposal.columns) if c and c not in staged]
    out = [c for c in columns if left_out(file, c)]
    return [c for c in columns if c not in out], out


def periods(file: FileRecipe) -> list[PeriodColumn]:
    """Return the columns of a plan that hold the targets of one period each."""
    return file.period_columns if file.table == "targets" else []


def left_out(file: FileRecipe, column: str) -> bool:
    """Return whether nothing is taken from a column: left out by choice, or recognised only to be dropped."""
    return column in file.drop or draft.reading(file, column) == DROP


def certainty(guess: Guess | None, corrected: bool) -> str:
    """Return how sure the reading of a column is, in a word."""
    if corrected:
        return _("your choice")
    if guess is None:
        return ""
    word = (
        N_("sure")
        if guess.confidence >= SURE
        else N_("likely")
        if guess.confidence >= LIKELY
        else N_("a guess")
    )
    return _(word)


def why(guess: Guess | None, file: FileRecipe, column: str, corrected: bool) -> str:
    """Return the reason for a reading, and what else the column could be."""
    reason = file.drop.get(column)
    if reason and reason in DROP_LABELS:
        return _(DROP_LABELS[reason])
    if corrected or guess is None or not guess.reason:
        return ""
    gaps = {k: v if isinstance(v, str) else number(v) for k, v in guess.values.items()}
    text = t(guess.reason, **gaps)
    second = FIELD_LABELS.get(guess.runner_up or "")
    if second and guess.runner_up != guess.field and not reason:
        text += " " + t(N_("Or else: {field}."), field=_(second))
    return text


def examples(cells: Sequence[str]) -> str:
    """Return the first cells of a column, as many as fit."""
    text = " · ".join(cells[:SAMPLES])
    return text if len(text) <= FITS else text[: FITS - 1].rstrip(" ·") + "…"


def _rows(proposal: Proposal, file: FileRecipe, names: Sequence[str]) -> pl.DataFrame:
    guesses = {g.column: g for g in reversed(proposal.guesses)}
    rows = []
    for name in names:
        changed = draft.reading(file, name) != draft.reading(proposal.recipe, name)
        guess = guesses.get(name)
        rows.append(
            {
                "column": name,
                "samples": examples(proposal.samples.get(name, [])),
                "reading": draft.reading(file, name) if not left_out(file, name) else DROP,
                "sure": certainty(guess, changed),
                "why": why(guess, file, name, changed),
            }
        )
    return pl.DataFrame(rows, schema=dict.fromkeys(WIDE, pl.String))


def _editor(desk: Desk, place: int, names: Sequence[str], kind: str, widths: Mapping[str, int]) -> None:
    proposal, file = desk.proposals[place], desk.file(place)
    known = choices(file.table)
    known |= {f: FIELD_LABELS[f] for f in file.fields if f not in known and f in FIELD_LABELS}
    key = f"{kind}_{proposal.fingerprint}_{place}_{desk.version}"

    def edited() -> None:
        changed = file
        for row, cells in st.session_state[key]["edited_rows"].items():
            if cells.get("reading"):
                changed = draft.read_as(changed, names[int(row)], cells["reading"])
                if cells["reading"] == "stage":
                    changed = draft.stages_from(changed, desk.labels(place, names[int(row)]))
        desk.change(place, changed)

    st.data_editor(
        _rows(proposal, file, names),
        key=key,
        on_change=edited,
        hide_index=True,
        disabled=[c for c in WIDE if c != "reading"],
        height="content" if len(names) <= MOST else 38 + 35 * MOST,
        column_order=[c for c in WIDE if c in widths],
        column_config={
            "column": st.column_config.TextColumn(_("Column in your file"), width=widths["column"]),
            "samples": st.column_config.TextColumn(_("For example"), width=widths["samples"]),
            "reading": st.column_config.SelectboxColumn(
                _("Read as"),
                options=list(known),
                required=True,
                format_func=lambda name: _(known[str(name)]),
                width=widths["reading"],
            ),
            "sure": st.column_config.TextColumn(_("How sure"), width=widths.get("sure")),
            "why": st.column_config.TextColumn(_("Why"), width=widths["why"]),
        },
    )


def _unsure_first(proposal: Proposal, file: FileRecipe, names: Sequence[str]) -> list[str]:
    """Put the readings to look at before those that are sure, otherwise in the order of the file."""
    sure = {g.column: g.confidence for g in reversed(proposal.guesses) if g.confidence < SURE}
    own = {c for c in names if draft.reading(file, c) != draft.reading(proposal.recipe, c)}
    return sorted(names, key=lambda c: 1.0 if c in own else sure.get(c, 1.0))


def used(desk: Desk, place: int) -> None:
    """Draw the columns in use."""
    proposal, file = desk.proposals[place], desk.file(place)
    names, _out = listed(proposal, file)
    if names:
        _editor(desk, place, _unsure_first(proposal, file, names), "columns", IN_USE)
    if file.stage_columns:
        stages = ", ".join(plain(c.stage) for c in file.stage_columns)
        st.caption(t(N_("Dates of entering these stages are read as stage history: {stages}"), stages=stages))
    if plan := periods(file):
        said = N_("The numbers in these columns are read as targets of their period: {columns}")
        st.caption(t(said, columns=", ".join(plain(c.column) for c in plan)))


def out(desk: Desk, place: int) -> None:
    """Draw the columns left out with the reason, and how to have one after all."""
    proposal, file = desk.proposals[place], desk.file(place)
    _used, names = listed(proposal, file)
    personal = [c for c in names if file.drop.get(c) == "personal"]
    st.caption(
        _("To use one of these after all, choose “Kept, to slice by” or what it holds under “Read as”.")
        + (
            " " + _("Columns that say who or where a person is are not stored unless you do.")
            if personal
            else ""
        )
    )
    _editor(desk, place, names, "out", OUT)


def counted(proposal: Proposal, file: FileRecipe) -> str:
    """Return in words how many columns are in use and how many are left out."""
    names, gone = listed(proposal, file)
    n = len(names) + len({c.column for c in file.stage_columns} | {c.column for c in periods(file)})
    text = ngettext("{n} column in use", "{n} columns in use", n).format(n=number(n))
    if gone:
        text += ", " + ngettext("{n} left out", "{n} left out", len(gone)).format(n=number(len(gone)))
    return text
