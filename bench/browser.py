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
from collections.abc import Callable
from pathlib import Path

from bench.make_csv import make_csv
from bench.measure import ROOT

CLICKS = 15
EMPTY = """
import streamlit as st
on = st.sidebar.segmented_control("Based on", ["Created", "Closed"], default="Created", key="basis",
                                  bind="query-params")
st.write(f"shown: {on}")
"""


def _serve(command: list[str], home: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", *command, f"--server.port={port}", "--server.headless=true",
         "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "HITRATE_HOME": str(home)})
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return process, url
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _timed(click: Callable[[], None], painted: Callable[[], None]) -> float:
    start = time.perf_counter()
    click()
    painted()
    return time.perf_counter() - start


def repaint(out: Path, rows: int = 1_000_000) -> None:
    """Print the median of both clicks and their difference in milliseconds."""
    from data import open_exports
    from playwright.sync_api import sync_playwright

    from bench.walk import filter_clicks, toggle_clicks

    home = out / "browser-home"
    shutil.rmtree(home, ignore_errors=True)
    pipeline = open_exports(make_csv(out / f"export_{rows}.csv", rows), home=home)
    workspace = pipeline.key[0]
    pipeline.close()
    blank = out / "empty_page.py"
    blank.write_text(EMPTY)
    figures: dict[str, float] = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        for name, command, walk in (("empty page", [str(blank)], toggle_clicks), ("hit rates", ["app.py"], filter_clicks)):
            process, url = _serve(command, home)
            page = chromium.new_page(viewport={"width": 1280, "height": 1200})
            page.set_default_timeout(60_000)
            figures[name] = statistics.median(_timed(*step) for step in walk(page, url, workspace, CLICKS))
            page.close()
            process.terminate()
            process.wait(15)
        chromium.close()
    print(f"\na filter click to a repainted chart, {rows:,} deals, median of {CLICKS}")
    for name, seconds in figures.items():
        print(f"  {name:12} {1000 * seconds:7.0f} ms")
    print(f"  {'difference':12} {1000 * (figures['hit rates'] - figures['empty page']):7.0f} ms")
