"""The app under test, without a browser: the router with a small workspace behind it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.testing.v1 import AppTest

from data.workspace import Store, Workspace

ROOT = Path(__file__).resolve().parents[2]
CSV = b"""Deal;Fase;Leadbron;Verkoper;Aangemaakt op;Gesloten op;Bedrag
D1;Gewonnen;Web;Anna;01-02-2025;15-03-2025;1.000,50
D2;Verloren;Web;Bo;03-02-2025;20-03-2025;500,00
D3;Gewonnen;Beurs;Anna;13-02-2025;25-04-2025;2.000,00
D4;Verloren;;Bo;14-03-2025;30-04-2025;750,00
D5;Offerte;Web;Anna;15-03-2025;;300,00
D6;Nieuw;Beurs;Bo;16-04-2025;;
"""


def run(call: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread of its own; browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, call).result()


def start(
    address: dict[str, str | list[str]] | None = None, locale: str = "en-GB", page: str | None = None
) -> AppTest:
    """Open the app at an address, in a reader's locale."""
    st.cache_resource.clear()
    at = AppTest.from_file(str(ROOT / "pages" / "main.py"), default_timeout=30)
    at.context = {"locale": locale}
    for name, value in (address or {}).items():
        at.query_params[name] = value
    if page:
        at.switch_page(page)
    return at.run()


def workspace(*files: tuple[str, bytes], commit: bool = True) -> Workspace:
    """Make a workspace with these files, imported as proposed."""
    here = Store(None).create()
    for name, data in files or (("deals.csv", CSV),):
        here.receive(name, io.BytesIO(data))
    if commit:
        here.commit()
    return here


def text(at: AppTest) -> str:
    """Return everything the page says, in one string."""
    parts = [
        *at.title,
        *at.header,
        *at.subheader,
        *at.markdown,
        *at.caption,
        *at.warning,
        *at.info,
        *at.error,
    ]
    return "\n".join(str(part.value) for part in parts)
