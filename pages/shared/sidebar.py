"""The sidebar: what is shown, and of which deals. Drawn once, by the router; it mirrors the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from data import Pipeline
from pages.shared import address, filters
from pages.shared.filters import BASES, FIELD, FIRST
from pages.shared.periods import ALL, CUSTOM, PERIODS
from pages.shared.snapshots import asof
from pages.shared.words import LANGUAGES, _, language


def _mirror(key: str, value: object) -> str:
    """Make a widget show what the address says, before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _keep(name: str, key: str, default: str | None = None) -> None:
    value = st.session_state[key]
    if isinstance(value, date):
        value = value.isoformat()
    address.put(name, None if value == default or value is None else value)
    if name == "period" and value != CUSTOM:
        address.drop("from", "to")


def _select(
    label: str, name: str, options: list[str], value: str, default: str, show: Callable[[str], str]
) -> None:
    key = _mirror(f"pick_{name}", value)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=show,
        on_change=_keep,
        args=(name, key, default),
        filter_mode="contains" if len(options) > 8 else None,
    )


def _field(pipeline: Pipeline, column: str, label: str) -> None:
    key = _mirror(f"pick_{FIELD}{column}", list(address.many(FIELD + column)))
    st.multiselect(
        label,
        filters.values(pipeline, column),
        key=key,
        format_func=filters.shown,
        placeholder=_("All"),
        on_change=_keep,
        args=(FIELD + column, key),
        filter_mode="contains",
        select_all=False,
    )


def _period(pipeline: Pipeline, asked: filters.Asked) -> None:
    meta = pipeline.meta
    period = address.one("period", ALL) or ALL
    _select(_("Period"), "period", list(PERIODS), period, ALL, lambda name: _(PERIODS[name]))
    if period == CUSTOM:
        with st.container(horizontal=True):
            for name, label, value in (
                ("from", _("From"), asked.slice.start),
                ("to", _("To"), asked.slice.end),
            ):
                key = _mirror(f"pick_{name}", value)
                st.date_input(
                    label, key=key, value=None, on_change=_keep, args=(name, key), format="DD-MM-YYYY"
                )
    if filters.free_basis(meta):
        _select(
            _("Period counts by"),
            "basis",
            list(BASES),
            asked.slice.basis,
            filters.own_basis(meta),
            lambda name: _(BASES[name]),
        )


def _more() -> None:
    """Clear the filters of columns that were just taken out of the list."""
    for name in address.names(FIELD):
        column = name.removeprefix(FIELD)
        if column not in FIRST and column not in st.session_state["pick_more"]:
            address.put(name, None)
    st.session_state["more_fields"] = list(st.session_state["pick_more"])


def draw(pipeline: Pipeline, newest: Pipeline) -> None:
    """Draw the filters of a pipeline, and as of which snapshot of the newest data it is."""
    asof.draw(newest.meta)
    meta, asked = pipeline.meta, filters.chosen(pipeline)
    names = filters.labels(meta)
    columns = filters.breakdowns(meta)
    known = filters.definitions(meta)
    _select(
        _("Hit rate"),
        "rate",
        list(known),
        asked.definition,
        meta.definitions.rate,
        lambda name: _(known[name].label),
    )
    if columns:
        _select(
            _("Break down by"),
            "by",
            columns,
            asked.breakdown or columns[0],
            columns[0],
            lambda column: names.get(column, column),
        )
    runs = [p.name for p in meta.pipelines]
    if len(runs) > 1 and not meta.stages():
        _select(_("Pipeline of the funnel"), "pipeline", runs, asked.slice.pipeline or runs[0], runs[0], str)
    _period(pipeline, asked)
    usual = [c for c in FIRST if meta.dimension(c)]
    for column in usual:
        _field(pipeline, column, names[column])
    others = [d.column for d in meta.dimensions if d.column not in usual]
    if others:
        set_now = [n.removeprefix(FIELD) for n in address.names(FIELD)]
        wanted = [*st.session_state.get("more_fields", []), *set_now]
        more = [c for c in others if c in wanted]
        st.multiselect(
            _("More filters"),
            others,
            key=_mirror("pick_more", more),
            on_change=_more,
            format_func=lambda c: names[c],
            placeholder=_("Choose a column"),
            filter_mode="contains",
            select_all=False,
        )
        for column in more:
            _field(pipeline, column, names[column])


def languages() -> None:
    """Draw the language switch at the foot of the sidebar; each language by its own name."""
    key = _mirror("pick_lang", language())
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        key=key,
        format_func=LANGUAGES.__getitem__,
        required=True,
        on_change=_keep,
        args=("lang", key),
        label_visibility="collapsed",
        width="stretch",
    )
