"""Definition lab: how far the hit rate depends on its definition, and whether a comparison survives all."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from metrics.definition_lab import MATURED, definition_lab
from metrics.hit_rate import rates
from pages.shared import address, filters, lab_words, marks, maturity, numbers, robust, sentences, tables
from pages.shared.charts.readings import readings
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, plain, t


def drawn(frame: pl.DataFrame, view: View, told: str) -> Any:
    """Draw the definitions as dots; return what was clicked."""
    words = {
        "definition": _("Definition"),
        "formula": _("Formula"),
        "rate": _("Hit rate"),
        "interval": _("95 % interval"),
        "n": _("n"),
    }
    chart = readings(lab_words.lines(frame, view.currency), words, palette(), told, numbers.altair_locale())
    return st.altair_chart(chart, theme=None, key="lab_dots", on_select="rerun")


def table(view: View, frame: pl.DataFrame, whole: dict[str, Any]) -> Any:
    """Draw the definitions as a table; return its selection."""
    ready = tables.percent(lab_words.lines(frame, view.currency), ("rate", "low", "high"), pl.col("n"))
    titles = {
        "label": _("Definition"),
        "rate": _("Hit rate, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "n_text": _("n"),
        "open": _("Open"),
        "formula_text": _("Formula"),
        "note": _("Note"),
    }
    if not any(ready["note"]):
        titles.pop("note")
    helps = {"n_text": _("What the rate is taken over."), "open": _("Open deals within these filters.")}
    event = tables.show(ready, titles, "lab", helps, select="row", wide=("label",))
    more = [(row["label"], row["formula_text"]) for row in ready.to_dicts()]
    taken = tables.taken(ready, titles)
    question = view.slice.with_(by=())
    tables.under(
        tables.about(view, question, whole["deals"], False, more, ("outcomes", "ages")),
        lambda: taken,
        tables.stamp(view, "definitions", rate=False),
        "lab",
    )
    return event


def use(view: View, row: dict[str, Any]) -> None:
    """Say what a chosen definition means and offer to use it on every page."""
    label, formula, meaning = lab_words.label(row), lab_words.formula(row), row["reading"]
    with st.container(horizontal=True, vertical_alignment="center", key="picked_lab"):
        st.markdown(
            f"**{plain(label)}** = {plain(formula)}. {t(meaning, days=numbers.count(row['days'] or 0))}",
            width="stretch",
        )
        if row["name"] == MATURED:
            if st.button(_("Matured hit rate"), key="lab_matured", icon=":material/arrow_forward:"):
                address.go("matured.py")
        elif row["chosen"]:
            st.caption(_("This definition is in use."), width="content")
        elif row["name"] in filters.definitions(view.pipeline.meta) and st.button(
            _("Use this definition"), key="lab_use", type="primary"
        ):
            own = view.pipeline.meta.definitions.rate
            address.put("rate", None if row["name"] == own else row["name"])
            st.rerun()


view = current()
question = view.slice.with_(by=())
st.title(_("Definition lab"))
whole = cached(rates)(view.pipeline, question, view.definition).row(0, named=True)
days = maturity.horizon(maturity.usual(view))
lab = cached(definition_lab)(view.pipeline, question, days, view.definition)
if not lab["denominator"].fill_null(0).sum():
    sentences.answer(_("No deals fit these filters."))
else:
    told = lab_words.answer(lab)
    sentences.answer(told)
    event = drawn(lab, view, told)
    st.caption(
        sentences.joined(
            lab_words.explained(whole),
            _("Diamond and dashed line: the definition in use. Hollow: too few to conclude."),
        )
    )
    panel = st.container(key="lab_panel")
    rows = table(view, lab, whole).selection.rows
    mark = marks.pick(event) or {}
    found = lab.filter(name=mark["key"]) if mark.get("key") else lab[rows]
    if found.height:
        with panel:
            use(view, found.row(0, named=True))
    st.header(_("Does a comparison survive every definition?"))
    robust.draw(view, question, days)
