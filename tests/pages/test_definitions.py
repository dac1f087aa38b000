"""Data and definitions: what every number rests on, what can be taken away, and deleting."""

from __future__ import annotations

import pytest

from data.errors import HitrateError
from data.workspace import Store
from tests.pages.app import CSV, start, text, workspace


def test_it_states_the_definition_the_ledger_and_the_address() -> None:
    here = workspace()
    at = start({"w": here.id, "f.source": "Web"}, page="definitions.py")
    assert not at.exception
    assert "won / (won + lost), by closing date" in text(at)
    assert "6 rows read = 6 kept" in text(at)
    assert f"overview?w={here.id}&f.source=Web" in at.code[0].value


def test_what_could_not_be_read_can_be_downloaded() -> None:
    broken = CSV.replace(b"16-04-2025", b"=1+1 or so")
    at = start({"w": workspace(("deals.csv", broken)).id}, page="definitions.py")
    at.session_state["open_rejects"] = True
    at.run()
    assert not at.exception
    labels = [b.label for b in at.get("download_button")]
    assert labels[:2] == ["Rows of deals.csv to mend", "The whole list (1)"]


def test_deleting_asks_first_and_is_for_good() -> None:
    here = workspace()
    at = start({"w": here.id}, page="definitions.py")
    at.button(key="delete").click().run()
    assert Store(None).open(here.id)
    at.button(key="delete_sure").click().run()
    with pytest.raises(HitrateError):
        Store(None).open(here.id)
    assert at.title[0].value == "See what your sales pipeline tells you"
