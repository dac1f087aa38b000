"""Filters live in the address; what does not exist is dropped, and the reader is told."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.app import CSV, start, text, workspace

SHOW = """
import streamlit as st
from pages.shared import address, drilling, filters, state
address.load()
found = state.pipeline()
dropped = filters.clean(found)
address.publish()
asked = filters.chosen(found)
st.session_state["asked"] = asked
st.session_state["told"] = dropped
st.session_state["drill"] = drilling.drill(found)
"""


@pytest.fixture
def ask():
    here = workspace()

    def asking(**address: str | list[str]) -> AppTest:
        at = AppTest.from_string(SHOW, default_timeout=30)
        at.context = {"locale": "en-GB"}
        for name, value in {"w": here.id, **address}.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        return at

    return asking


def test_values_of_a_column_and_blank(ask) -> None:
    asked = ask(**{"f.source": ["Web", ""]}).session_state["asked"]
    assert asked.slice.where == (("source", ("Web", None)),)


def test_a_value_that_does_not_exist_is_dropped_with_a_sentence(ask) -> None:
    at = ask(**{"f.source": ["Web", "Fax"]})
    assert at.session_state["address"]["f.source"] == ("Web",)
    assert "Fax" in at.session_state["told"][0]


@pytest.mark.parametrize(
    "address",
    [
        {"f.nope": "x"},
        {"period": "never"},
        {"by": "nope"},
        {"rate": "nope"},
        {"from": "31-12-2025", "period": "custom"},
        {"pipeline": "nope"},
        {"basis": "nope"},
    ],
)
def test_nonsense_in_the_address_never_breaks_a_page(ask, address: dict[str, str]) -> None:
    at = ask(**address)
    assert at.session_state["told"]
    name = next(iter(address))
    assert name not in at.session_state["address"]


def test_own_dates(ask) -> None:
    asked = ask(**{"period": "custom", "from": "2025-03-01", "to": "2025-03-31"}).session_state["asked"]
    assert (asked.slice.start, asked.slice.end) == (date(2025, 3, 1), date(2025, 3, 31))


def test_the_date_follows_the_hit_rate(ask) -> None:
    assert ask(rate="created").session_state["asked"].slice.basis == "created"
    assert ask(rate="created", basis="closed").session_state["asked"].slice.basis == "created"
    assert ask(basis="created").session_state["asked"].slice.basis == "created"


def test_a_clicked_mark_narrows_the_view_to_its_deals(ask) -> None:
    at = ask(
        **{
            "f.source": "Web",
            "at.status": "lost",
            "at.f.owner": "Bo",
            "at.stage": "x1",
            "period": "custom",
            "from": "2025-01-01",
            "at.start": "2025-03-01",
        }
    )
    got = at.session_state["drill"].apply(at.session_state["asked"].slice)
    assert (got.status, got.stage, got.start) == (("lost",), None, date(2025, 3, 1))
    assert got.where == (("source", ("Web",)), ("owner", ("Bo",)))


def test_sidebar_and_chips_mirror_the_address() -> None:
    at = start({"w": workspace().id, "f.source": "Web", "period": "12months"}, page="overview.py")
    assert at.multiselect(key="pick_f.source").value == ["Web"]
    assert at.selectbox(key="pick_period").value == "12months"
    assert [b.label.replace("\\", "") for b in at.button if str(b.key).startswith("chip_")] == [
        "Last 12 months",
        "Leadbron: Web",
        "Clear all",
    ]


def test_a_chip_takes_its_filter_out() -> None:
    at = start({"w": workspace().id, "f.source": "Web", "period": "12months"}, page="overview.py")
    at.button(key="chip_1").click().run()
    assert "f.source" not in at.session_state["address"]
    assert at.multiselect(key="pick_f.source").value == []
    at.button(key="chip_all").click().run()
    assert set(at.session_state["address"]) == {"w"}


def test_a_filter_stays_when_the_language_changes() -> None:
    at = start({"w": workspace().id}, page="overview.py")
    at.multiselect(key="pick_f.source").set_value([""]).run()
    at.selectbox(key="pick_period").set_value("year").run()
    at.get("button_group")[0].set_value("da").run()
    assert at.session_state["address"]["f.source"] == ("",)
    assert at.session_state["address"]["period"] == ("year",)
    assert "Leadbron: (tom)" in [b.label.replace("\\", "") for b in at.button]


def test_labels_are_those_of_the_file() -> None:
    at = start({"w": workspace(("deals.csv", CSV)).id}, page="overview.py")
    assert at.multiselect(key="pick_f.source").label == "Leadbron"
    assert "owner" not in text(at)
