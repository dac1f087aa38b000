"""Notices from the import as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from data.notice import Notice
from pages.shared import gaps
from pages.shared.numbers import number
from pages.shared.words import ngettext, plain, t

NAMED = 3  # files named behind a sentence
ICONS = {"warning": ":material/warning:", "question": ":material/help:", "info": ":material/info:"}


def sentence(notice: Notice) -> str:
    """Return one notice; texts from the file are shown as they stand, numbers as the reader writes them."""
    filled = {
        name: gaps.text(name, value) if isinstance(value, str) else _figure(value)
        for name, value in notice.values.items()
    }
    return t(notice.message, **filled)


def _figure(value: int | float) -> str:
    return number(value, 0 if float(value).is_integer() else 2)


def unique(notices: Iterable[Notice]) -> list[Notice]:
    """Return the notices with repeats taken out, in order."""
    seen: dict[tuple[str, str | None], Notice] = {}
    for notice in notices:
        seen.setdefault((notice.text(), notice.file), notice)
    return list(seen.values())


def where(notice: Notice) -> str:
    """Return the file a notice is about, or how many and the first of them, to stand behind its sentence."""
    if notice.parts:
        n = len(notice.parts)
        names = ", ".join(plain(part.file) for part in notice.parts[:NAMED]) + (", …" if n > NAMED else "")
        said = ngettext("in {n} file: {names}", "in {n} files: {names}", n)
        return f" *({said.format(n=number(n, 0), names=names)})*"
    return f" *({plain(notice.file)})*" if notice.file else ""


def listed(notices: Iterable[Notice], name_file: bool = False) -> None:
    """Draw notices as a plain list, one line each."""
    for notice in notices:
        st.markdown(f"{ICONS[notice.level]} {sentence(notice)}{where(notice) if name_file else ''}")
