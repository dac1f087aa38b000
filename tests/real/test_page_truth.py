"""The figures on the pages equal those computed without this product from the same real files."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import numbers
from tests.pages.open_page import clean, open_page
from tests.real.test_metric_truth import STAGES, opened, truth

OVERALL = {
    "maven_crm": (4238, 6711), "salesforce_wave": (1166, 4935), "xeducation_leads": (3561, 9240),
    "ibm_win_loss": (17_600, 77_970),
}  # fmt: skip
GROUPS = [
    ("maven_crm", "regional_office", "team"), ("maven_crm", "manager", "manager"),
    ("salesforce_wave", "LeadSource", "source"), ("salesforce_wave", "Type", "deal_type"),
    ("xeducation_leads", "Lead Source", "source"),
]  # fmt: skip

OLIST = "olist_funnel"  # leads, and those that were won: nothing in it is lost
NO_RATE = (
    "There is no hit rate here: The data hold no lost deals, so the rate would be 100 % whatever happened."
)


def page(monkeypatch: pytest.MonkeyPatch, name: str, file: str, **query: str) -> AppTest:
    return open_page(monkeypatch, opened(name), f"{file}.py", **query)


def rounded(rate: float, n: int) -> float:
    """Return a share as tables show it: in per cent, no decimals under 100 deals."""
    return round(rate * 100, 1 if n >= 100 else 0)


@pytest.mark.parametrize("name", OVERALL)
def test_the_first_screen_says_the_rate_of_the_truth(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    won, decided = OVERALL[name]
    told = truth(name)
    overall: dict[str, Any] = told.get("overall") or told["overall_exact_duplicates_removed"]
    assert (overall["won"], overall["won"] + overall["lost"]) == (won, decided)
    said = clean(page(monkeypatch, name, "overview"))
    rate = numbers.rate(overall["hit_rate_count"], decided)
    assert f"**{rate}** of the decided deals were won: {won:,} of {decided:,}." in said
    if overall.get("cycle_won_median") and name != "ibm_win_loss":  # that file has a duration, but no dates
        assert f"Cycle time: {numbers.days(overall['cycle_won_median'])}" in said


@pytest.mark.parametrize(("name", "group", "column"), GROUPS)
def test_every_group_of_the_table_has_the_figures_of_the_truth(
    name: str, group: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    want = truth(name)["by"][group]
    app = page(monkeypatch, name, "hit_rates", by=column, show="groups")
    clean(app)
    table = app.dataframe[0].value
    rows = {str(row.iloc[0]): row for _, row in table.iterrows()}
    assert len(rows) == len(want)
    for value, told in want.items():
        row, n = rows[value or "(blank)"], told["won"] + told["lost"]
        assert [int(row[c]) for c in ("won", "lost", "open")] == [told[c] for c in ("won", "lost", "open")]
        if n:
            assert row["rate"] == pytest.approx(rounded(told["hit_rate_count"], n), abs=0.051)


@pytest.mark.parametrize(("skipped", "key"), [("passed", "reached_at_least"), ("not", "visited")])
def test_the_funnel_page_counts_the_stages_of_the_truth(
    skipped: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    want = truth("salesforce_wave")["funnel_from_history"]
    app = page(monkeypatch, "salesforce_wave", "funnel", skipped=skipped)
    clean(app)
    table = app.dataframe[0].value
    assert dict(zip(table["stage"], table["entered"], strict=True)) == {s: want[key][s] for s in STAGES}
    assert dict(zip(table["stage"], table["lost"], strict=True)) == {s: want["lost_from"][s] for s in STAGES}


def test_without_stages_the_funnel_page_says_what_would_show_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("maven_crm", "ibm_win_loss"):
        assert "Upload the stage history" in clean(page(monkeypatch, name, "funnel"))


@pytest.mark.parametrize("file", ["fair", "matured", "change", "lab"])
@pytest.mark.parametrize("name", [*OVERALL, OLIST])
def test_the_other_pages_answer_too(name: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(clean(page(monkeypatch, name, file)).split()) > 10


def charted(app: AppTest) -> str:
    return "".join(str(chart.proto.spec) for chart in app.get("vega_lite_chart"))


def test_without_lost_deals_the_first_screen_says_that_there_is_no_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = truth(OLIST)["overall"]
    app = page(monkeypatch, OLIST, "overview")
    said = clean(app)
    assert NO_RATE in said
    assert f"{told['leads']:,} deals: {told['won']:,} won, {told['not_won']:,} open." in said
    assert {m.label: m.value for m in app.metric}["Hit rate"] == numbers.NOT_AVAILABLE
    assert f"Cycle time: {numbers.days(told['cycle_median'])}" in said


@pytest.mark.parametrize("show", ["groups", "time", "two"])
def test_without_lost_deals_no_view_shows_a_hundred_per_cent(
    show: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(monkeypatch, OLIST, "hit_rates", by="source", show=show)
    said = clean(app).replace(NO_RATE, "")
    assert not {"100%", "100.0%"} & set(said.replace("*", " ").split())
    assert "100%" not in charted(app)
    assert all(table.value["rate"].isna().all() for table in app.dataframe if "rate" in table.value)


@pytest.mark.parametrize(("definition", "counted"), [("decided", False), ("created", True)])
def test_won_and_created_by_origin_are_those_of_the_truth(
    definition: str, counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    want = truth(OLIST)["by"]['origin (raw; "" = 60 blanks)']
    app = page(monkeypatch, OLIST, "hit_rates", by="source", show="groups", rate=definition)
    assert (NO_RATE in clean(app)) is not counted
    rows = {str(row["source"]).replace("_", " "): row for _, row in app.dataframe[0].value.iterrows()}
    assert set(rows) == {value or "(blank)" for value in want}
    for value, told in want.items():
        row = rows[value or "(blank)"]
        assert (int(row["won"]), int(row["lost"])) == (told["won"], 0)
        assert int(row["won"] + row["open"]) == told["mql"]
        assert int(row["denominator"]) == (told["mql"] if counted else told["won"])
        shown = pytest.approx(rounded(told["conversion"], told["mql"]), abs=0.051)
        assert row["rate"] == shown if counted else row["rate"] != row["rate"]


def test_the_matured_rate_of_olist_is_that_of_the_truth_but_for_a_deal_closed_too_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    within = truth(OLIST)["conversion_within_days_of_first_contact"]["90"] - 1  # see test_olist_truth
    app = page(monkeypatch, OLIST, "matured", horizon="90", by="source")
    said = clean(app)
    assert (
        f"**{numbers.rate(within / 7999, 7999)}** of these deals are won within 90 days of creation" in said
    )
    assert "1 deal has no usable date, or was closed before it was created; it is in no curve." in said
    assert app.dataframe[0].value["undated"].sum() == 1
