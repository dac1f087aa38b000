"""Choices that belong to one page and live in the address, and what to do with a mark once clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data import Slice
from data.errors import N_
from data.meta import Meta
from pages.shared import address, filters, unread
from pages.shared.drilling import Drill, go_to_deals
from pages.shared.words import _, plain, t


def _keep(name: str, key: str, default: str) -> None:
    value = st.session_state[key]
    address.put(name, None if value in (None, default) else value)


def _asked(label: str, name: str, options: Mapping[str, str], default: str) -> str:
    """Return the option the address asks for, else the default, and see to it that the reader is told."""
    value = address.one(name)
    if value is None or value in options:
        address.settle(name)
        return default if value is None else value
    told = N_("“{value}” in the address is not among the choices for “{label}”: “{shown}” is shown instead.")
    shown = options.get(default, next(iter(options.values()), default))
    unread.refuse(name, t(told, value=unread.quoted(value), label=plain(label), shown=plain(shown)))
    return default


def choose(
    label: str,
    name: str,
    options: Mapping[str, str],
    default: str,
    hidden: bool = False,
    disabled: Sequence[str] = (),
) -> str:
    """Return one of a few options, kept in the address under `name`; an unknown one there is the default."""
    key, allowed = f"choose_{name}", [o for o in options if o not in disabled]
    value = _asked(label, name, {o: options[o] for o in allowed}, default)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    chosen = st.segmented_control(
        label,
        allowed,
        key=key,
        format_func=lambda o: options[o],
        required=True,
        on_change=_keep,
        args=(name, key, default),
        label_visibility="collapsed" if hidden else "visible",
    )
    return str(chosen or value)


def select(label: str, name: str, options: Mapping[str, str], default: str) -> str:
    """Return one of many options, kept in the address under `name`."""
    key, value = f"choose_{name}", _asked(label, name, options, default)
    if st.session_state.get(key) != value:
        st.session_state[key] = value

    def keep() -> None:
        address.put(name, None if st.session_state[key] == default else st.session_state[key])

    return str(
        st.selectbox(
            label, list(options), key=key, format_func=lambda o: options[o], on_change=keep, width=260
        )
    )


def picked(told: str, found: Drill, key: str) -> None:
    """Show what the clicked mark says, and the two ways on: its deals, or a filter on it."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"picked_{key}"):
        st.markdown(told, width="content")
        if st.button(_("See the deals"), key=f"deals_{key}", type="primary", icon=":material/list:"):
            go_to_deals(found)
        if found.where and st.button(_("Filter on this"), key=f"filter_{key}", icon=":material/filter_alt:"):
            for column, values in found.where:
                filters.set_filter(column, values)
            st.rerun()


def readings(asked: Slice, meta: Meta) -> Slice:
    """Return the slice with the readings of skipped stages and moves back that the address holds.

    Without a stage history nobody knows which stages were skipped: there they count as passed.
    """
    history = meta.stage_source == "history"
    unread.check("skipped", ("passed", "not") if history else ("passed",))
    unread.check("back", ("stands", "cancels"))
    skipped = "not" if history and address.one("skipped") == "not" else "passed"
    back = "cancels" if address.one("back") == "cancels" else "stands"
    return asked.with_(skipped=skipped, back=back)


def hint(n: int, whole: int) -> str:
    """Return that only the largest groups are drawn; "" when all are."""
    if n >= whole:
        return ""
    return t(N_("The {n} largest of {whole} are drawn; the table has them all."), n=n, whole=whole)
