"""Failures as a calm box: what happened, where, and what to do. Never a traceback, never a cell's text."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from data import HitrateError
from pages.shared import gaps
from pages.shared.words import _, t

log = logging.getLogger("hitrate")


def _gaps(error: HitrateError) -> dict[str, str]:
    return {name: gaps.text(name, value) for name, value in error.values.items()}


def sentence(error: HitrateError) -> str:
    """Return an error as one line, for a list of files."""
    parts = (t(part, **_gaps(error)) for part in (error.message, error.hint) if part)
    return " ".join(parts)


def box(error: HitrateError) -> None:
    """Show an error the user can mend."""
    values = _gaps(error)
    lines = [f"**{t(error.title, **values)}**", t(error.message, **values)]
    if error.hint:
        lines.append(t(error.hint, **values))
    st.warning("\n\n".join(lines))


def unexpected(error: BaseException) -> None:
    """Log where it happened, without the message, which may quote a cell; say that it is our fault."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("unexpected %s at %s", type(error).__name__, where)
    st.error(
        _(
            "Something went wrong on our side. Your data is untouched. "
            "Load the page again; if it happens again, tell whoever runs this server."
        )
    )


@contextmanager
def guarded() -> Iterator[None]:
    """Run a page; turn every failure into a box. Streamlit's own stop and rerun signals pass through."""
    try:
        yield
    except HitrateError as error:
        box(error)
    except Exception as error:
        unexpected(error)


def script_failed(error: Exception) -> bool:
    """Show a failure that happened outside a page, in a callback; True: Streamlit need not show it."""
    if isinstance(error, HitrateError):
        box(error)
    else:
        unexpected(error)
    return True
