"""The address bar: everything a colleague needs to see the same view, in words no language changes.

Widgets bound by Streamlit itself put their *translated* labels in the URL, so a Danish link would be
empty for a Dutch reader. Here the URL holds stable names and values; widgets mirror it. One mapping,
name -> values, lives in the session: a changed URL (first load, back, forward) replaces it, and a changed
widget rewrites the URL. A value that came with the URL has `came` until the page has understood it, so that
one that makes no sense can be answered with a sentence (`unread`), and a reader's own click never is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

Address = dict[str, tuple[str, ...]]
_LAG_SECONDS = 1.5  # a click made before the browser got our last URL still carries the URL before it


def _url() -> Address:
    return {name: tuple(st.query_params.get_all(name)) for name in st.query_params}


def _here() -> Address:
    found: Address = st.session_state.setdefault("address", {})
    return found


def _waiting() -> set[str]:
    """Return the names whose values came with the URL and have not been understood yet."""
    found: set[str] = st.session_state.setdefault("address_came", set())
    return found


def load() -> None:
    """Take over what the browser's address says, when the browser moved since our last answer."""
    url, sent = _url(), st.session_state.get("address_sent")
    if sent is not None and url == sent:
        return
    late = time.monotonic() - st.session_state.get("address_sent_at", -_LAG_SECONDS) < _LAG_SECONDS
    if sent is not None and late and url in st.session_state.get("address_before", ()):
        return
    here, waiting = _here(), _waiting()
    st.session_state["address_came"] = {n for n in url if n in waiting or url[n] != here.get(n)}
    st.session_state["address"] = url
    st.session_state["address_sent"] = url


def publish() -> None:
    """Write the address to the browser when it changed; one entry in its history."""
    here, url = _here(), _url()
    if here != url:
        before = st.session_state.get("address_before", ())  # a run may write twice, the browser sees one
        st.session_state["address_before"] = (*before[-1:], url)
        st.session_state["address_sent_at"] = time.monotonic()
        st.query_params.from_dict({name: list(values) for name, values in here.items()})
    st.session_state["address_sent"] = dict(here)


def came(name: str) -> bool:
    """Return whether the value under a name came with the URL and nothing has understood it yet."""
    return name in _waiting()


def settle(name: str) -> None:
    """Note that the value under a name was understood."""
    _waiting().discard(name)


def many(name: str) -> tuple[str, ...]:
    """Return all values under a name; () when it is not in the address."""
    return _here().get(name, ())


def one(name: str, default: str | None = None) -> str | None:
    """Return the last value under a name."""
    values = many(name)
    return values[-1] if values else default


def names(prefix: str = "") -> tuple[str, ...]:
    """Return the names that begin with a prefix, in the order of the address."""
    return tuple(name for name in _here() if name.startswith(prefix))


def put(name: str, values: str | Iterable[str] | None) -> None:
    """Set a name; nothing, or no values, takes it out of the address."""
    listed = () if values is None else (values,) if isinstance(values, str) else tuple(values)
    here = dict(_here())
    here.pop(name, None)
    settle(name)
    st.session_state["address"] = {**here, name: listed} if listed else here


def drop(*gone: str) -> None:
    """Take names out of the address."""
    st.session_state["address"] = {n: v for n, v in _here().items() if n not in gone}


def query(without: str | None = None) -> dict[str, list[str]]:
    """Return the address as `query_params=...` wants it, less the names that begin with `without`."""
    return {
        name: list(values)
        for name, values in _here().items()
        if without is None or not name.startswith(without)
    }


def link(page: str = "") -> str:
    """Return the full address of a page with this view, to send to a colleague.

    The host is the one the browser itself named when it connected, so it is right behind a proxy too.
    """
    origin = str(st.context.headers.get("Origin") or "").rstrip("/")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = "/".join(part for part in (origin, base, page) if part)
    return f"{path}?{urlencode(query(without='at.'), doseq=True)}"


def go(page: str, changes: Mapping[str, Any] | None = None) -> None:
    """Open another page with the address kept, after some changes to it."""
    for name, values in (changes or {}).items():
        put(name, values)
    st.session_state["address_sent"] = dict(_here())
    st.switch_page(page, query_params=query())
