"""From the first screen to a confirmed import, and what bad files get."""

from __future__ import annotations

import pytest

from data.workspace import Store
from tests.pages.app import CSV, start, text, workspace


def test_the_first_screen_offers_an_upload_and_the_sample_and_nothing_else() -> None:
    at = start()
    assert not at.exception
    assert at.title[0].value == "See what your sales pipeline tells you"
    assert len(at.get("file_uploader")) == 1
    seen = [b.label for b in at.button if b.key != "arrived"]  # the script clicks that one; it is hidden
    assert seen == ["Open the sample"]
    assert not at.get("page_link")


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("nl-NL", "Zie wat uw verkooppipeline u vertelt"),
        ("da-DK", "Se, hvad din salgspipeline fortæller"),
        ("fr-FR", "See what your sales pipeline tells you"),
    ],
)
def test_the_browsers_language_is_spoken_when_we_know_it(locale: str, title: str) -> None:
    assert start(locale=locale).title[0].value == title


def test_an_upload_is_on_disk_and_leads_to_the_review() -> None:
    at = start()
    at.get("file_uploader")[0].upload("deals.csv", CSV).run()
    here = Store(None).open(at.session_state["address"]["w"][0])
    assert [u.name for u in here.uploads] == ["deals.csv"]
    assert at.title[0].value == "Is this read correctly?"


def test_a_file_that_is_no_table_gets_a_sentence_and_leaves_the_other_alone() -> None:
    at = start()
    box = at.get("file_uploader")[0].upload("deals.csv", CSV)
    box.upload("photo.bin", b"\x00\x01\x02\x03" * 50).run()
    assert not at.exception
    assert "photo" in " ".join(w.value for w in at.warning)
    assert [u.name for u in Store(None).open(at.session_state["address"]["w"][0]).uploads] == ["deals.csv"]


def test_the_review_shows_what_the_files_come_to() -> None:
    at = start({"w": workspace(commit=False).id}, page="review.py")
    assert {m.label: m.value for m in at.metric} == {
        "Deals": "6",
        "Open": "2",
        "Won": "2",
        "Lost": "2",
        "Disqualified": "0",
    }
    assert "6 rows read = 6 kept" in text(at)


def test_confirming_makes_a_generation_and_opens_the_overview() -> None:
    here = workspace(commit=False)
    at = start({"w": here.id}, page="review.py")
    at.button(key="confirm_top").click().run()
    assert here.generation == 1
    assert at.title[0].value == "Overview"


def test_a_correction_shows_at_once_what_it_does() -> None:
    at = start({"w": workspace(commit=False).id}, page="review.py")
    recipe = at.session_state["draft"]
    from pages.shared.review import draft

    print_, file = next(iter(recipe.files.items()))
    at.session_state["draft"] = draft.with_file(recipe, print_, draft.word(file, "Offerte", "lost"))
    at.run()
    assert {m.label: m.value for m in at.metric}["Lost"] == "3"


def test_the_same_file_twice_changes_nothing_and_says_so() -> None:
    here = workspace()
    at = start({"w": here.id})
    at.get("file_uploader")[0].upload("again.csv", CSV).run()
    assert "nothing was changed" in text(at)
    assert len(here.uploads) == 1


def test_an_unknown_workspace_gets_a_friendly_page_and_a_way_on() -> None:
    at = start({"w": "nowhere"}, page="overview.py")
    assert not at.exception
    assert at.title[0].value == "No such workspace"
    at.button(key="anew").click().run()
    assert at.title[0].value == "See what your sales pipeline tells you"


def test_without_an_import_a_page_says_what_would_fill_it() -> None:
    at = start(page="overview.py")
    assert not at.exception
    assert "fills up once an export has been read" in text(at)


def test_the_start_says_what_is_in_the_workspace() -> None:
    files = [(f"week {n}.csv", CSV.replace(b"D1", b"D%d1" % n)) for n in range(1, 11)]
    assert "In it now: deals.csv" in text(start({"w": workspace().id}))
    assert "week 8.csv and 2 more" in text(start({"w": workspace(*files, commit=False).id}))
