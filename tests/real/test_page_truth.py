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
@pytest.mark.parametrize("name", OVERALL)
def test_the_other_pages_answer_too(name: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(clean(page(monkeypatch, name, file)).split()) > 10
