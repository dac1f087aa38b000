"""The words of the app: English in the code, Dutch and Danish in the catalogues beside this file.

Pages call `_("sentence")` for fixed text and `t("sentence with {gaps}", **values)` for the rest, also
for templates that `data` and `metrics` marked with `N_`. Catalogues are plain `.po` files, compiled in
memory when a language is first asked for, so that there is no build step to forget.
"""

from __future__ import annotations

import gettext
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from babel.core import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: dict[str, str] = {"en": "English", "nl": "Nederlands", "da": "Dansk"}
_HERE = Path(__file__).parent
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:-])")


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(code: str) -> gettext.NullTranslations:
    """Return the compiled catalogue of a language; English has none."""
    path = _HERE / f"{code}.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        messages = read_po(source, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language() -> str:
    """Return the chosen language, else the browser's when we speak it, else English."""
    chosen = st.session_state.get("address", {}).get("lang", ("",))[-1]
    if chosen in LANGUAGES:
        return str(chosen)
    browser = (st.context.locale or "en").split("-")[0].lower()
    return browser if browser in LANGUAGES else "en"


def native() -> bool:
    """Return whether the browser, which writes the numbers of tables itself, speaks the chosen language."""
    return (st.context.locale or language()).replace("_", "-").split("-")[0].lower() == language()


def locale() -> Locale:
    """Return the locale of numbers and dates: the browser's own where it speaks the chosen language."""
    code = language()
    browser = (st.context.locale or "").replace("-", "_")
    if browser.split("_")[0].lower() == code:
        try:
            return Locale.parse(browser)
        except (UnknownLocaleError, ValueError):
            pass
    return Locale.parse({"en": "en_GB", "nl": "nl_NL", "da": "da_DK"}[code])


def _(text: str) -> str:
    """Return a fixed sentence in the reader's language."""
    return catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, n: int) -> str:
    """Return the singular or the plural template; the caller fills the gaps."""
    return catalogue(language()).ngettext(one, many, n)


def t(template: str, **values: Any) -> str:
    """Return a template in the reader's language with its gaps filled."""
    return _(template).format(**values) if values else _(template)


def plain(value: object) -> str:
    """Return a text from a file so that Markdown shows it as it stands, links and images included."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(value).split()))
