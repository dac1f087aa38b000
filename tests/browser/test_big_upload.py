"""The streaming way in: progress, stopping, dropping, limits; and a stopped import leaves no trace."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.make_csv import make_csv
from data.workspace import Store
from tests.browser.conftest import Server, eventually
from tests.browser.exports import dutch

BOX = "[class*=st-key-export_] input[type=file]"
SLOW = 4_000_000  # bytes a second, so that there is something to see and to stop
Opened = Callable[..., Page]


def opened(page: Page, server: Server, speed: int = -1) -> Page:
    page.goto(server.url)
    page.locator("html[data-upload=ready] .hitrate-upload").wait_for(state="attached")
    if speed > 0:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed},
        )
    return page


def traces(server: Server) -> set[str]:
    """Return every file in the server's home, the empty frames of workspaces left out."""
    found = os.walk(server.home)  # which passes over a folder that goes while it looks
    return {os.path.join(folder, name) for folder, _, names in found for name in names if name != ".lock"}


def quiet(server: Server) -> set[str]:
    """Return the files once the review of an earlier test has written what it works out."""
    seen = [traces(server)]

    def still() -> bool:
        time.sleep(1.5)
        seen.append(traces(server))
        return seen[-1] == seen[-2]

    assert eventually(still)
    return seen[-1]


def sent(page: Page) -> list[str]:
    """Record the addresses that bodies of files go to, after the host."""
    urls: list[str] = []
    page.on("request", lambda r: urls.append(r.url.split("/", 3)[3]) if r.method in ("POST", "PUT") else None)
    return urls


def test_a_file_goes_by_the_streaming_route_and_on_to_the_review(
    page: Page, server: Server, tmp_path: Path
) -> None:
    urls = sent(opened(page, server))
    page.locator(BOX).set_input_files(dutch(tmp_path))
    expect(page.get_by_role("heading", name="Is this read correctly?")).to_be_visible()
    assert urls == ["hitrate/upload"]  # the address names neither the workspace nor the file


def test_progress_is_shown_and_cancel_leaves_no_trace(page: Page, server: Server, tmp_path: Path) -> None:
    opened(page, server, SLOW)
    before = quiet(server)
    page.locator(BOX).set_input_files(make_csv(tmp_path / "big.csv", 300_000))
    bar = page.get_by_role("progressbar", name="big.csv")
    expect(bar).to_be_visible()
    expect(page.locator(".hitrate-upload .share")).not_to_have_text("0%")
    page.get_by_role("button", name="Cancel: big.csv").click()
    expect(page.locator(".hitrate-upload .said")).to_have_text("Cancelled, nothing was kept")
    assert eventually(lambda: traces(server) == before)


def test_closing_the_page_half_way_leaves_no_trace(new_page: Opened, server: Server, tmp_path: Path) -> None:
    page = opened(new_page(), server, SLOW)
    before = quiet(server)
    page.locator(BOX).set_input_files(make_csv(tmp_path / "big.csv", 300_000))
    expect(page.locator(".hitrate-upload .share")).not_to_have_text("0%")
    assert traces(server) != before
    page.close()
    assert eventually(lambda: traces(server) == before)


def test_dropped_files_are_taken_as_chosen_ones(page: Page, server: Server, tmp_path: Path) -> None:
    urls = sent(opened(page, server))
    body = list(dutch(tmp_path).read_bytes())
    data = page.evaluate_handle(
        """body => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(body)], "dropped.csv")); return data; }""",
        body,
    )
    page.locator("[class*=st-key-export_] [data-testid=stFileUploaderDropzone]").dispatch_event(
        "drop", {"dataTransfer": data}
    )
    expect(page.get_by_role("heading", name="Is this read correctly?")).to_be_visible()
    assert urls == ["hitrate/upload"]


def test_a_file_above_the_limit_is_told_before_anything_is_sent(
    page: Page, server: Server, tmp_path: Path
) -> None:
    urls = sent(opened(page, server))
    page.evaluate("""() => { const box = document.querySelector(".hitrate-upload");
        box.dataset.settings = JSON.stringify({...JSON.parse(box.dataset.settings), limit: 10}); }""")
    page.locator(BOX).set_input_files(dutch(tmp_path))
    expect(page.locator(".hitrate-upload .said")).to_have_text(
        "The file is too large: at most 4 GB can be uploaded at once."
    )
    assert urls == []


def test_stopping_while_it_is_read_leaves_the_workspace_empty(
    page: Page, server: Server, tmp_path: Path
) -> None:
    opened(page, server)
    page.locator(BOX).set_input_files(make_csv(tmp_path / "big.csv", 4_000_000))
    page.locator(".st-key-stop button").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing was changed")).to_be_visible(timeout=60_000)
    here = str(page.evaluate("new URLSearchParams(location.search).get('w')"))
    assert Store(server.home).open(here).uploads == []


def test_the_words_are_in_the_readers_language(new_page: Opened, server: Server, tmp_path: Path) -> None:
    page = opened(new_page(locale="nl-NL"), server, SLOW)
    page.locator(BOX).set_input_files(make_csv(tmp_path / "big.csv", 300_000))
    expect(page.get_by_role("button", name="Annuleren: big.csv")).to_be_visible()
