"""From a filter click to a repainted chart in Chromium, beside the same click on an empty Streamlit page."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from bench.make_csv import make_csv
from bench.measure import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLICKS = 15
SELLERS = 60  # of the bench's CSV; each click adds one that was not chosen before, so nothing is cached
LABEL = "Opportunity Owner"
EMPTY = f"""
import streamlit as st
sellers = [f"Seller {{n}}" for n in range({SELLERS})]
chosen = st.sidebar.multiselect("{LABEL}", sellers, key="owner", bind="query-params", filter_mode="contains")
st.write(f"shown: {{len(chosen)}}, {{chosen[-1:]}}")
"""


def _serve(command: str, home: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            command,
            f"--server.port={port}",
            "--server.headless=true",
            "--server.address=127.0.0.1",
            "--browser.gatherUsageStats=false",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HITRATE_HOME": str(home)},
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return process, url
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _click(page: Page, watched: str, number: int) -> float:
    """Add one more seller to a filter; return the seconds until what is watched looks different."""
    look = f"() => [...document.querySelectorAll({watched!r})].map(e => e.outerHTML).join()"
    box = page.locator("[data-testid=stSidebar] [data-testid=stMultiSelect]", has_text=LABEL).locator("input")
    box.click()
    box.fill(f"Seller {number + 10}")  # two digits: one option fits
    option = page.get_by_role("option").filter(has_text=f"Seller {number + 10}").first
    option.wait_for()
    before = page.evaluate(look)
    start = time.perf_counter()
    option.click()
    changed = f"before => {{ const now = ({look})(); return now && now !== before }}"
    page.wait_for_function(changed, arg=before)
    seconds = time.perf_counter() - start
    page.keyboard.press("Escape")
    page.wait_for_timeout(900)  # let the rest of the page settle, so that clicks do not queue up
    return seconds


def repaint(out: Path, rows: int = 1_000_000) -> None:
    """Print the median of both clicks and of their difference in milliseconds.

    The two pages are clicked in turn, so that a drift of the machine meets both alike.
    """
    from playwright.sync_api import sync_playwright

    from data import open_exports

    home = out / "browser-home"
    shutil.rmtree(home, ignore_errors=True)
    pipeline = open_exports(make_csv(out / f"export_{rows}.csv", rows), home=home)
    workspace = pipeline.key[0]
    pipeline.close()
    blank = out / "empty_page.py"
    blank.write_text(EMPTY)
    views = {
        "empty page": (str(blank), "", "[data-testid=stMarkdown]"),
        "hit rates": ("app.py", f"hit_rates?w={workspace}", "svg.marks"),
    }
    servers: list[subprocess.Popen[bytes]] = []
    seconds: dict[str, list[float]] = {name: [] for name in views}
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            pages = {}
            for name, (command, path, watched) in views.items():
                process, url = _serve(command, home)
                servers.append(process)
                page = chromium.new_page(viewport={"width": 1280, "height": 1200}, locale="en-GB")
                pages[name] = page
                page.set_default_timeout(60_000)
                page.goto(f"{url}/{path}")
                page.locator(watched).first.wait_for()
                page.wait_for_timeout(3000)
            for number in range(CLICKS + 2):
                for name, page in pages.items():
                    page.bring_to_front()
                    seconds[name].append(_click(page, views[name][2], number))
            chromium.close()
    finally:
        for process in servers:
            process.terminate()
            process.wait(15)
    _report(rows, *(times[2:] for times in seconds.values()))  # the first two warm up engine and browser


def _report(rows: int, empty: list[float], ours: list[float]) -> None:
    gaps = [ms - base for base, ms in zip(empty, ours, strict=True)]
    print(f"\na filter click to a repainted chart, {rows:,} deals, median of {CLICKS}")
    for name, times in (("empty page", empty), ("hit rates", ours), ("difference", gaps)):
        print(f"  {name:12} {1000 * statistics.median(times):7.0f} ms")
