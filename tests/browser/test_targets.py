"""A target typed into the page is kept with the workspace: another browser finds it, beside the rates."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled, still


def typed(page: Page, row: int, text: str) -> None:
    """Type into the target of a row of the table (the header is row 0)."""
    table = page.get_by_test_id("stForm").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.62, box["y"] + 35 * row + 17)
    page.keyboard.press("Enter")
    editor = page.locator("#portal textarea")
    expect(editor).to_be_focused()
    page.keyboard.type(text, delay=100)
    expect(editor).to_have_value(text)
    page.keyboard.press("Enter")
    expect(editor).to_have_count(0)
    page.wait_for_timeout(1000)  # the table hands its edit to the form a moment later, without a mark


def test_a_target_is_saved_and_found_again(
    new_page: Callable[..., Page], server: Server, sample: str
) -> None:
    page = new_page()
    page.goto(f"{server.url}/hit_rates?{sample}")
    settled(page)
    page.get_by_text("Targets: Lead Source").click()
    page.get_by_role("button", name="Save targets").wait_for()
    still(page)
    typed(page, 1, "45")
    page.get_by_role("button", name="Save targets").click()
    expect(page.get_by_text("The targets are saved.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("Below target beyond chance:")).to_be_visible()
    other = new_page()
    other.goto(f"{server.url}/overview?{sample}")
    settled(other)
    expect(other.get_by_text("Target 45%")).to_be_visible()
