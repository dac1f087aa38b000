"""Everybody can read and work it: axe-core finds nothing serious, and the keyboard reaches everything."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, still

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
CELL = "glide-cell-"
VIEWS = [
    "overview",
    "hit_rates",
    "hit_rates?show=time",
    "hit_rates?show=two",
    "funnel",
    "deals?at.stage=3&at.exit=lost",
    "definitions",
]


def visit(page: Page, server: Server, view: str, query: str) -> None:
    name, _, more = view.partition("?")
    page.goto(f"{server.url}/{name}?{query}&{more}")
    page.get_by_role("heading", level=1).first.wait_for()
    still(page)


def grave(page: Page) -> list[str]:
    """Return what axe finds serious on a page that stands still, each with the first element it is about.

    Streamlit's tables number their cells from 0 each, so ids repeat where a page has two: that is not ours.
    """
    page.evaluate(AXE)
    found = []
    for v in page.evaluate(RUN):
        ours = [n["html"] for n in v["nodes"] if not (v["id"] == "duplicate-id-active" and CELL in n["html"])]
        if ours and (v["impact"] in ("serious", "critical") or v["id"] == "heading-order"):
            found.append(f"{v['id']}: {ours[0][:200]}")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(
    view: str, scheme: str, new_page: Callable[..., Page], server: Server, sample: str
) -> None:
    page = new_page(color_scheme=scheme)
    visit(page, server, view, sample)
    assert grave(page) == []


@pytest.mark.parametrize("view", ["hit_rates", "hit_rates?show=time", "hit_rates?show=two", "funnel"])
def test_a_chart_says_the_sentence_of_its_page(view: str, page: Page, server: Server, sample: str) -> None:
    visit(page, server, view, sample)
    said = " ".join(page.locator(".st-key-answer").first.inner_text().split())
    told = page.locator("[data-testid=stVegaLiteChart]").first
    expect(told).to_have_attribute("aria-label", said)


def test_the_keyboard_opens_the_deals_of_a_stage(page: Page, server: Server, sample: str) -> None:
    visit(page, server, "funnel", sample)
    page.locator("[data-testid=stExpander] summary").first.focus()
    page.keyboard.press("Enter")
    table = page.locator(".st-key-stage_table")
    table.wait_for()
    table.locator("canvas").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    see = page.locator(".st-key-deals_cell button")
    see.wait_for()
    see.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Deals", level=1)).to_be_visible()
    expect(page.get_by_text("Contacted").first).to_be_visible()
