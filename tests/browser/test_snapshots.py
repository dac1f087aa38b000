"""Three monthly exports and no CRM: what came in, what was pushed, what was quietly rewritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import test_access as access
from tests.browser.conftest import Server, settled
from tests.browser.exports import weekly
from tests.browser.test_upload import confirm, upload
from tests.browser.test_walk import answer, visit


@pytest.fixture(scope="module")
def months(browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Upload January, February and March once; return the address query that leads to them."""
    page = browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 1400})
    upload(page, server, *weekly(tmp_path_factory.mktemp("weekly")))
    page.get_by_role("heading", name="Is this read correctly?").wait_for()
    confirm(page)
    query = str(page.evaluate("location.search")).lstrip("?")
    page.close()
    return query


def behind(page: Page) -> str:
    """Return the heading and the number of the deals that are listed."""
    settled(page)
    return page.locator(".st-key-behind").inner_text()


def test_march_against_february_adds_up(page: Page, server: Server, months: str) -> None:
    visit(page, server, "movements", f"{months}&size=deals")
    expect(page.locator(".st-key-answer").first).to_contain_text("from 41 deals on 28 Feb 2026 to 42 deals")
    bars = page.locator('svg.marks path[aria-roledescription="bar"]')
    expect(bars).to_have_count(7)
    told = [str(bars.nth(n).get_attribute("aria-label")) for n in range(bars.count())]
    assert told == [
        "Open on 28 Feb 2026: 41", "Came in: +10", "Reopened: +1", "Won: −6", "Lost: −3",
        "Gone from the export: −1", "Open on 31 Mar 2026: 42",
    ]  # fmt: skip


def test_a_click_on_pushed_lists_its_deals_and_the_link_opens_them_elsewhere(
    new_page: Callable[..., Page], server: Server, months: str
) -> None:
    first = new_page()
    visit(first, server, "movements", months)
    first.get_by_role("button", name="Pushed to a later date: 8").click()
    expect(first).to_have_url(re.compile("moved=pushed_later"))
    expect(first.locator(".st-key-behind")).to_contain_text("8 deals")
    said, address = answer(first), str(first.evaluate("location.href"))
    second = new_page(locale="en-GB")
    second.goto(address)
    settled(second)
    expect(second.locator(".st-key-behind")).to_contain_text("Pushed to a later date")
    expect(second.locator(".st-key-behind")).to_contain_text("8 deals")
    assert answer(second) == said


def test_a_click_on_a_bar_lists_its_deals_and_downloads_them(page: Page, server: Server, months: str) -> None:
    visit(page, server, "movements", months)
    page.locator('svg.marks path[aria-roledescription="bar"][aria-label^="Lost"]').click()
    expect(page).to_have_url(re.compile("moved=lost"))
    assert "3 deals" in behind(page)
    with page.expect_download() as download:
        page.locator(".st-key-csv_moved").get_by_role("button", name="CSV").first.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    listed = [
        line.split(",")[0] for line in takewhile(str.strip, lines[1:])
    ]  # below it stands what it counts
    assert listed == ["W-0027", "W-0028", "W-0029"]


def test_a_click_on_a_flow_lists_its_deals(page: Page, server: Server, months: str) -> None:
    visit(page, server, "movements", f"{months}&view=stages")
    page.locator('path[aria-roledescription="area mark"][aria-label^="Meeting → Proposal"]').click()
    expect(page).to_have_url(re.compile("into=open"))
    assert "8 deals" in behind(page)


def test_the_audit_names_what_was_rewritten(page: Page, server: Server, months: str) -> None:
    visit(page, server, "slippage", f"{months}&part=audit")
    said = answer(page)
    for part in ("3 deals", "reopened 1", "amount changed after closing 1", "gone from the export 1"):
        assert part in said


def test_any_page_can_be_read_as_of_a_snapshot(page: Page, server: Server, months: str) -> None:
    visit(page, server, "overview", f"{months}&asof=2026-01-31")
    expect(page.locator(".st-key-chips")).to_contain_text("As of 31 Jan 2026")
    expect(page.locator(".st-key-answer").first).to_contain_text("10 of 20")
    page.locator(".st-key-chips").get_by_role("button", name="As of").click()
    expect(page).not_to_have_url(re.compile("asof"))
    expect(page.locator(".st-key-answer").first).to_contain_text("21 of 37")


def test_a_day_without_a_snapshot_gets_the_nearest(page: Page, server: Server, months: str) -> None:
    visit(page, server, "overview", f"{months}&asof=2026-02-20")
    expect(page.get_by_text("There is no snapshot of 20 Feb 2026").first).to_be_visible()
    expect(page).to_have_url(re.compile("asof=2026-02-28"))


def test_a_phone_can_read_the_movements(new_page: Callable[..., Page], server: Server, months: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    for where in ("movements?", "movements?view=stages&", "movements?view=time&", "slippage?"):
        page.goto(f"{server.url}/{where}{months}")
        settled(page)
        page.get_by_role("heading", level=1).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "view", ["movements?moved=won", "movements?view=stages", "movements?view=time", "slippage"]
)
def test_axe_finds_nothing_serious(
    view: str, scheme: str, new_page: Callable[..., Page], server: Server, months: str
) -> None:
    page = new_page(color_scheme=scheme)
    access.visit(page, server, view, months)
    assert access.grave(page) == []


@pytest.mark.parametrize("view", ["movements", "movements?view=stages", "movements?view=time", "slippage"])
def test_a_chart_says_the_sentence_of_its_page(view: str, page: Page, server: Server, months: str) -> None:
    access.visit(page, server, view, months)
    said = " ".join(answer(page).split())
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart).to_have_attribute("aria-label", said)


def test_the_keyboard_opens_the_deals_of_a_move(page: Page, server: Server, months: str) -> None:
    visit(page, server, "movements", f"{months}&view=stages")
    table = page.locator(".st-key-matrix")
    table.locator("canvas").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("out=new&into=open%3ALead"))
    assert "10 deals" in behind(page)


def test_the_keyboard_opens_the_deals_of_a_group(page: Page, server: Server, months: str) -> None:
    visit(page, server, "movements", f"{months}&size=deals")
    page.locator("[class*=st-key-moved_] canvas").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("moved=opening&of="))
    expect(page.locator(".st-key-behind")).to_contain_text("Open on 28 Feb 2026: ")
    page.locator(".st-key-unpick button").click()
    expect(page).not_to_have_url(re.compile("moved="))
    expect(page.locator(".st-key-behind")).to_have_count(0)


def test_a_second_export_added_later_is_compared(page: Page, server: Server, tmp_path: Path) -> None:
    first, second, _third = weekly(tmp_path)
    upload(page, server, first)
    page.get_by_role("heading", name="Is this read correctly?").wait_for()
    confirm(page)
    page.get_by_role("link", name="Pipeline movements").click()
    expect(page.get_by_text("two files are enough").first).to_be_visible()
    page.locator(".st-key-add_export button").click()
    page.locator("[class*=st-key-export_] input[type=file]").set_input_files([second])
    page.get_by_role("heading", name="Is this read correctly?").wait_for(timeout=60_000)
    confirm(page)
    page.get_by_role("link", name="Pipeline movements").click()
    expect(page.locator(".st-key-answer").first).to_contain_text("on 31 Jan 2026 to")
