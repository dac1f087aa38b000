"""One server and one Chromium for the whole run, a fresh browser context for every test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT = 20_000  # ms; a two-core machine that also runs the server needs more than Playwright's default
expect.set_options(timeout=WAIT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.fspath).parts:
            item.add_marker(pytest.mark.browser)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The app as `make run` starts it, on a port and a home folder of its own; can be restarted."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home, self.log, self.port = home, log, _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "streamlit",
                    "run",
                    "app.py",
                    f"--server.port={self.port}",
                    "--server.address=127.0.0.1",
                ],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HITRATE_HOME": str(self.home), "TZ": "UTC"},
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(self.log.read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(15)
            self.process = None


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    server = Server(folder / "home", folder / "streamlit.log")
    server.start()
    yield server
    server.stop()
    text = server.log.read_text()
    assert "Traceback" not in text, text


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert executable, "no Chromium: run `make chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open pages in contexts of their own; any page error or request that leaves the machine fails."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def note(kind: str, text: str, where: str = "") -> None:
        # Streamlit looks for its server below a deep link first (a 404) and then at the root; and a
        # server that a test restarts on purpose refuses sockets for a moment.
        if "/_stcore/" not in where and "ERR_CONNECTION_REFUSED" not in text and "WebSocket" not in text:
            errors.append(f"{kind}: {text} {where}")

    def open_page(**options: object) -> Page:
        settings = {
            "viewport": {"width": 1280, "height": 1400},
            "locale": "en-GB",
            "timezone_id": "Europe/Amsterdam",
            "accept_downloads": True,
            **options,
        }
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: note("page error", str(e)))
        page.on(
            "console", lambda m: note("console", m.text, m.location["url"]) if m.type == "error" else None
        )
        page.on(
            "request",
            lambda r: (
                errors.append(f"left the machine: {r.url}")
                if urlsplit(r.url).hostname not in ("127.0.0.1", None)
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def settled(page: Page) -> None:
    """Wait until the script run that the last action started has finished."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(state="attached")


# Nothing runs, fades or waits to be drawn, and the page has been the same for a quarter of a second.
STILL = """() => {
  const lacks = document.querySelector(
    '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stVegaLiteChart"]:not(:has(svg.marks))');
  const app = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]');
  const moves = document.getAnimations().some(a => a.playState === "running");
  const text = document.body.innerHTML, now = performance.now();
  if (lacks || !app || moves || window.hitrateText !== text) {
    window.hitrateText = text; window.hitrateSince = now;
    return false;
  }
  return now - window.hitrateSince >= 250;
}"""


def still(page: Page) -> None:
    """Wait until the page stands still: charts are drawn, and fade in, after the script run has ended."""
    page.wait_for_function(STILL, polling=50)


def eventually(holds: Callable[[], bool]) -> bool:
    """Return whether it comes to hold: what the server does after a page has gone shows on no page."""
    deadline = time.monotonic() + WAIT / 1000
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """The app runs in a process of its own here: there is no cache of ours to clear."""


@pytest.fixture(scope="session")
def sample(browser: Browser, server: Server) -> str:
    """Open the sample once, by its button; return the address query that leads to it (`w=...`)."""
    page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 1400})
    page.goto(server.url)
    page.locator(".st-key-sample button").click()
    page.get_by_role("heading", name="Overview", level=1).wait_for(timeout=60_000)
    query = str(page.evaluate("location.search")).lstrip("?")
    page.close()
    return query
