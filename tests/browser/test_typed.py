"""Addresses that a person types, in a real browser: near to a page, of no page, and with a bent choice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled


@pytest.mark.parametrize(
    ("typed", "heading", "path"),
    [("start", "See what your sales pipeline tells you", ""), ("Hit-Rates/", "Hit rates", "hit_rates")],
)
def test_a_path_near_to_a_page_opens_it(
    typed: str, heading: str, path: str, page: Page, server: Server, sample: str
) -> None:
    page.goto(f"{server.url}/{typed}?{sample}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(f"{server.url}/{path}?{sample}")))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_page_there_is_not_is_said_and_leads_to_the_start(page: Page, server: Server, sample: str) -> None:
    page.goto(f"{server.url}/no/such?{sample}")
    expect(page.get_by_text("There is no page “no/such”; this is the start.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("page="))


def test_a_bent_choice_is_said_and_the_next_click_counts(page: Page, server: Server, sample: str) -> None:
    page.goto(f"{server.url}/matured?{sample}&horizon=<b>&foo=1")
    settled(page)
    expect(page.get_by_text("“<b>” in the address is not a number of days")).to_be_visible()
    expect(page.get_by_text("“foo” in the address means nothing here")).to_be_visible()
    page.get_by_role("radio", name="365 days").or_(page.get_by_role("button", name="365 days")).first.click()
    expect(page).to_have_url(re.compile("horizon=365"))
    expect(page).not_to_have_url(re.compile("foo"))
    expect(page.get_by_text("is not a number of days")).to_have_count(0)
    expect(page.locator(".st-key-answer").first).to_contain_text("within 365 days")
