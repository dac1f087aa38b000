"""What the address holds and nobody understands: taken out of it, and said in a sentence above the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

import streamlit as st

from data.errors import N_
from pages.shared import address
from pages.shared.words import LANGUAGES, ngettext, plain, t

# Every name with a meaning. Those of filters (`f.<column>`) and of drill-downs (`at.<part>`) have a prefix.
NAMES = frozenset((
    "w", "lang", "page", "period", "from", "to", "basis", "by", "rate", "pipeline", "asof", "skipped",
    "back", "stale", "horizon", "days", "curves", "mix", "a", "b", "sides", "span", "against", "parts",
    "show", "grain", "lines", "across", "leakref", "view", "part", "since", "until", "due", "size",
    "money", "moved", "of", "out", "into", "split", "stay", "kind", "sort", "way",
))  # fmt: skip
PREFIXES = ("f.", "at.")
_CLIP, _MOST = 60, 8
_INVISIBLE = ("Cc", "Cf", "Co", "Cs")  # among them the marks that turn the rest of a line around


def clipped(value: str) -> str:
    """Return a text of the address as far as a sentence can hold it, without invisible characters."""
    seen = "".join(c for c in value[:_CLIP] if unicodedata.category(c) not in _INVISIBLE)
    seen += "…" if len(value) > _CLIP else ""
    turns = any(unicodedata.bidirectional(c) in ("R", "AL") for c in seen)
    return f"\N{FIRST STRONG ISOLATE}{seen}\N{POP DIRECTIONAL ISOLATE}" if turns else seen


def quoted(value: str) -> str:
    """Return a text of the address for a sentence, shown as it stands and not as Markdown."""
    return plain(clipped(value))


def absent(value: str) -> str:
    """Return the sentence that a value does not exist."""
    return t(
        N_("The address asks for “{value}”, which does not exist here; it was left out."), value=quoted(value)
    )


def refuse(name: str, sentence: str, keep: Sequence[str] = ()) -> None:
    """Note that a value was not understood: said once if it came with the URL, and left out of the address.

    `keep` are the values under this name that stay. Of two sentences about one name the first is said.
    """
    if address.came(name):
        st.session_state.setdefault("address_refused", {}).setdefault(name, (sentence, tuple(keep)))


def check(name: str, known: Collection[str]) -> None:
    """Refuse the value under a name unless it is known."""
    value = address.one(name)
    if value is None or value in known:
        address.settle(name)
    else:
        refuse(name, absent(value))


def strangers() -> list[str]:
    """Take names without a meaning, and a language we do not speak, out of the address; say so."""
    said = []
    for name in address.names():
        if name not in NAMES and not name.startswith(PREFIXES):
            told = N_("“{name}” in the address means nothing here; it was left out.")
            said.append(t(told, name=quoted(name)))
            address.put(name, None)
    if (code := address.one("lang")) is not None and code not in LANGUAGES:
        address.put("lang", None)
        said.append(absent(code))
    if (page := address.one("page")) is not None:
        address.put("page", None)
        said.append(t(N_("There is no page “{page}”; this is the start."), page=quoted(page)))
    return said


def refused() -> list[str]:
    """Take what the page refused out of the address; return the sentences that say so."""
    found: dict[str, tuple[str, tuple[str, ...]]] = st.session_state.pop("address_refused", {})
    for name, (_sentence, keep) in found.items():
        address.put(name, keep)
    return list(dict.fromkeys(sentence for sentence, _keep in found.values()))


def draw(said: Sequence[str]) -> None:
    """Draw the sentences; of very many the first few."""
    if not said:
        return
    lines, more = list(said[:_MOST]), len(said) - _MOST
    if more > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=more))
    st.info("\n\n".join(lines))
