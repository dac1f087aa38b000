"""Take the README's picture from the sample, so that it never lies: `make screenshots`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    home = tempfile.mkdtemp(prefix="hitrate-shots-")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            f"--server.port={port}",
            "--server.address=127.0.0.1",
        ],
        cwd=ROOT,
        env={**os.environ, "HITRATE_HOME": home, "TZ": "UTC"},
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, NAMES)), None),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page(viewport={"width": 1280, "height": 1330}, locale="en-GB")
            page.goto(url)
            page.locator(".st-key-sample button").click()
            page.locator("[class*=st-key-leak_]").nth(2).wait_for(timeout=60_000)
            page.locator("svg.marks").last.wait_for()
            page.wait_for_timeout(2000)
            IMAGES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=IMAGES / "overview.png")
            browser.close()
    finally:
        server.terminate()
        server.wait(15)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
