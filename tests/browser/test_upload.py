"""From a file in the browser to figures that add up, and what bad files get."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settled, still
from tests.browser.exports import dutch
from tests.browser.test_access import grave
from tests.conftest import shared


def upload(page: Page, server: Server, *files: Path) -> None:
    page.goto(server.url)
    page.locator("[class*=st-key-export_] input[type=file]").set_input_files(list(files))


def confirm(page: Page) -> None:
    page.locator(".st-key-confirm_top button").click()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible(timeout=60_000)


def test_dutch_export_opens_with_no_correction(page: Page, server: Server, tmp_path: Path) -> None:
    upload(page, server, dutch(tmp_path))
    expect(page.get_by_role("heading", name="Is this read correctly?")).to_be_visible()
    confirm(page)
    expect(page.get_by_text("50 of 100").first).to_be_visible()
    expect(page.get_by_text("120 rows read").first).to_be_visible()


def test_review_shows_the_ledger_and_a_correction_changes_it(
    page: Page, server: Server, tmp_path: Path
) -> None:
    upload(page, server, dutch(tmp_path))
    page.get_by_role("heading", name="Is this read correctly?").wait_for()
    expect(page.get_by_text("120", exact=False).first).to_be_visible()
    page.locator("[class*=st-key-file_] summary").first.click()
    expect(page.get_by_role("tab", name="Columns in use")).to_be_visible()
    page.get_by_role("tab", name="Won or lost").click()
    expect(page.get_by_text("Column with the outcome")).to_be_visible()


def test_maven_through_the_browser(page: Page, server: Server) -> None:
    upload(page, server, shared("data", "maven_crm", "raw", "sales_pipeline.csv"))
    page.get_by_role("heading", name="Is this read correctly?").wait_for()
    expect(page.get_by_text("carries a value").first).to_be_visible()
    confirm(page)
    expect(page.get_by_text("4,238 of 6,711").first).to_be_visible()
    expect(page.get_by_text("8,800 rows read").first).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"Deal ID,Stage,Amount\n", "header"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "PNG file"),
    ],
    ids=["empty", "header", "picture"],
)
def test_a_bad_file_gets_a_sentence(
    page: Page, server: Server, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    upload(page, server, tmp_path / name)
    alert = page.get_by_role("alert").filter(has_text=name).first
    expect(alert).to_contain_text(said)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def test_one_bad_file_leaves_the_other_untouched(page: Page, server: Server, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    upload(page, server, dutch(tmp_path), tmp_path / "empty.csv")
    page.get_by_role("heading", name="Is this read correctly?").wait_for()
    expect(page.get_by_role("alert").filter(has_text="empty.csv").first).to_be_visible()
    confirm(page)
    expect(page.get_by_text("50 of 100").first).to_be_visible()


def open_dates(folder: Path) -> Path:
    """Write an export whose dates read either way, with one lead source written two ways."""
    lines = ["Deal,Stage,Source,Created,Closed,Amount"]
    for n in range(1, 13):
        source = "google" if n == 5 else "Google" if n % 2 else "Fair"
        lines.append(
            f"D{n},{'Won' if n % 2 else 'Lost'},{source},0{n % 9 + 1}/03/2025,0{n % 9 + 1}/04/2025,100"
        )
    path = folder / "open.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_an_open_question_is_answered_in_one_click_and_the_figures_follow(
    page: Page, server: Server, tmp_path: Path
) -> None:
    upload(page, server, open_dates(tmp_path))
    asked = page.locator("[class*=st-key-ask_dates_]").first
    expect(asked).to_contain_text("the day or the month?")
    asked.get_by_role("button", name="The day first").click()
    expect(asked).to_have_count(0)
    expect(page.get_by_role("button", name="Change the answer")).to_be_visible()
    confirm(page)
    expect(page.get_by_text("6 of 12").first).to_be_visible()


def test_labels_are_merged_and_a_warning_opens_its_rows(page: Page, server: Server, tmp_path: Path) -> None:
    upload(page, server, open_dates(tmp_path))
    page.get_by_text("“google” (1) counts as “Google” (5)").click()
    settled(page)
    expect(page.get_by_role("checkbox", name="counts as").first).to_be_checked()
    tables = page.get_by_test_id("stDataFrame")
    before = tables.count()
    page.get_by_role("button", name="Show the rows").first.click()
    expect(page.get_by_role("button", name="Hide", exact=True)).to_be_visible()
    expect(tables).to_have_count(before + 1)


def test_everybody_can_read_and_work_the_review(
    new_page: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    page = new_page(color_scheme="dark")
    upload(page, server, open_dates(tmp_path))
    page.locator("[class*=st-key-file_] summary").first.click()
    page.get_by_role("tab", name="Won or lost").click()
    page.get_by_role("button", name="Show the rows").first.click()
    expect(page.get_by_role("button", name="Hide", exact=True)).to_be_visible()
    still(page)
    assert grave(page) == []
