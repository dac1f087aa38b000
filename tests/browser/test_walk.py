"""Look, slice, click, share: the walk of a user through the sample, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled


def visit(page: Page, server: Server, name: str, query: str) -> None:
    page.goto(f"{server.url}/{name}?{query}")
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a sidebar box by its label."""
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile(f"{label}$"))
    box.first.click()
    page.get_by_role("option", name=option, exact=True).first.click()
    page.keyboard.press("Escape")
    settled(page)


def answer(page: Page) -> str:
    """Return the page's sentence."""
    return page.locator(".st-key-answer").first.inner_text()


def test_sample_opens_on_one_click(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "overview", sample)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(re.compile(r"^\d\d[.,]\d ?%$"))
    leaks = page.locator("[class*=st-key-leak_]")
    expect(leaks).to_have_count(3)
    for place, group in enumerate(("Partner", "Construction", "Heat pumps")):
        expect(leaks.nth(place)).to_contain_text(group)


def test_filter_goes_into_the_url(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "hit_rates", sample)
    choose(page, "Lead Source", "Partner")
    expect(page).to_have_url(re.compile(r"f\.source=Partner"))
    expect(page.locator(".st-key-chips")).to_contain_text("Partner")


def test_url_opens_the_same_view_in_another_browser(
    new_page: Callable[..., Page], server: Server, sample: str
) -> None:
    first = new_page()
    visit(first, server, "hit_rates", sample)
    choose(first, "Lead Source", "Partner")
    choose(first, "Break down by", "Opportunity Owner")
    expect(first).to_have_url(re.compile("by=owner"))
    expect(first.locator(".st-key-answer").first).not_to_contain_text("nothing to compare")
    address, said = str(first.evaluate("location.href")), answer(first)
    second = new_page(locale="en-GB")
    second.goto(address)
    settled(second)
    expect(second.locator(".st-key-answer").first).to_have_text(said)
    expect(second.locator(".st-key-chips")).to_contain_text("Partner")


def test_clicking_a_dot_opens_its_deals(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "hit_rates", sample)
    page.locator('svg.marks path[aria-label*="Partner"]').first.click()
    page.locator("[class*=st-key-deals_] button").first.click()
    expect(page.get_by_role("heading", name="Deals", level=1)).to_be_visible()
    settled(page)
    expect(page).to_have_url(re.compile("Partner"))
    assert "deals" in answer(page)


def test_clicking_a_lost_bar_opens_the_deals_lost_there(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "funnel", sample)
    bar = page.locator('svg.marks path[aria-roledescription="bar"][aria-label*="Lost here"]').first
    bar.click()
    page.locator("[class*=st-key-deals_] button").first.click()
    expect(page.get_by_role("heading", name="Deals", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("at.exit=lost"))


def test_deals_can_be_downloaded_whole(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "deals", f"{sample}&f.source=Partner")
    said = int(re.sub(r"\D", "", answer(page).split("deal")[0]))
    with page.expect_download() as download:
        page.locator(".st-key-csv_deals").get_by_role("button", name="CSV").first.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines.index("") == said + 1  # the header and the deals; what they are stands below them


def test_values_that_do_not_exist_are_dropped_and_said(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "hit_rates", f"{sample}&f.source=Nobody&by=nothing&period=someday")
    expect(page.get_by_text("Nobody").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("Nobody"))
    expect(page.locator("svg.marks").first).to_be_visible()


def test_unknown_workspace_gets_a_sentence(page: Page, server: Server) -> None:
    for name in ("AAAAAAAAAAAAAAAAAAAAAA", "..%2F..%2Fetc", "x"):
        visit(page, server, "overview", f"w={name}")
        expect(page.get_by_role("heading", name="No such workspace")).to_be_visible()


def test_restart_and_reload_shows_the_same(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "overview", sample)
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible()
    before = page.get_by_test_id("stMetricValue").all_inner_texts()
    server.stop()
    server.start()
    page.reload()
    settled(page)
    expect(page.get_by_test_id("stMetricValue").first).to_be_visible()
    assert page.get_by_test_id("stMetricValue").all_inner_texts() == before


def test_back_button_takes_a_filter_back(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "hit_rates", sample)
    choose(page, "Lead Source", "Partner")
    expect(page.locator(".st-key-chips")).to_contain_text("Partner")
    page.wait_for_timeout(1_700)
    page.go_back()
    expect(page).not_to_have_url(re.compile("Partner"))
    expect(page.locator(".st-key-chips")).to_have_count(0)


def test_language_follows_the_reader_and_can_be_switched(
    new_page: Callable[..., Page], server: Server, sample: str
) -> None:
    page = new_page(locale="nl-NL")
    visit(page, server, "overview", sample)
    expect(page.get_by_role("heading", name="Overzicht", level=1)).to_be_visible()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(re.compile(r"^\d\d,\d ?%$"))
    page.get_by_role("radio", name="Dansk").click()
    expect(page.get_by_role("heading", name="Overblik", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("lang=da"))


def test_dark_mode_is_designed(new_page: Callable[..., Page], server: Server, sample: str) -> None:
    page = new_page(color_scheme="dark")
    visit(page, server, "funnel", sample)
    expect(page.locator("svg.marks").first).to_be_visible()
    paper = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert max(int(v) for v in re.findall(r"\d+", paper)[:3]) < 60
    ink = page.locator("svg.marks text").first.evaluate("e => getComputedStyle(e).fill")
    assert min(int(v) for v in re.findall(r"\d+", ink)[:3]) > 120


def test_a_phone_can_read_it(new_page: Callable[..., Page], server: Server, sample: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    for name in ("overview", "hit_rates", "funnel", "deals"):
        visit(page, server, name, sample)
        page.get_by_role("heading", level=1).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_security_headers_are_sent(page: Page, server: Server) -> None:
    headers = page.goto(server.url).headers  # type: ignore[union-attr]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
