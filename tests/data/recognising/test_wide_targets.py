"""Targets with a column per month or quarter are recognised by what they are, and only they."""

from __future__ import annotations

import pytest

from data.recipe import Proposal, Recipe
from data.recognising import propose

from .conftest import Make

ENGLISH = ("Jan 2026", "Feb 2026", "Mar 2026")
Cells = dict[str, list[str | None]]


def plan(*heads: str, names: str = "Owner") -> Cells:
    cells: Cells = {names: ["Ann", "Bob", "Eve"]}
    return cells | {head: ["1000", "2000", "3000"] for head in heads}


def proposed(make: Make, cells: Cells, file: str = "x.csv") -> Proposal:
    return propose([make(cells, file)])[0]


@pytest.mark.parametrize(
    ("names", "heads", "field", "period"),
    [
        ("Owner", ENGLISH, "owner", "month"),
        ("Verkoper", ("januari 2026", "maart 2026", "mei 2026"), "owner", "month"),
        ("Sælger", ("Maj 2026", "Juni 2026", "Oktober 2026"), "owner", "month"),
        ("Verkäufer", ("Mrz 26", "Mai 26", "Dez 26"), "owner", "month"),
        ("Team", ("2026-01", "2026-02", "2026-03"), "team", "month"),
        ("Region", ("Q1 2026", "Q2 2026", "Q3 2026"), "region", "quarter"),
        ("Naam", ("K1 2026", "K2 2026", "K3 2026"), "owner", "quarter"),
        ("Land", ENGLISH, "region", "month"),
    ],
)
def test_names_and_a_column_per_period_are_targets(
    make: Make, names: str, heads: tuple[str, ...], field: str, period: str
) -> None:
    recipe = proposed(make, plan(*heads, names=names)).recipe
    assert (recipe.table, recipe.fields) == ("targets", {field: names})
    assert [(c.column, c.period) for c in recipe.period_columns] == [(head, period) for head in heads]
    assert not recipe.keep


def test_a_total_at_the_end_is_left_out_and_told(make: Make) -> None:
    found = proposed(make, plan(*ENGLISH) | {"Total": ["3000", "6000", "9000"]})
    assert found.recipe.drop == {"Total": "derived"}
    assert "targets_total_column" in {n.code for n in found.notices}


def test_targets_of_the_year_beside_the_months_are_not_taken_for_the_target(make: Make) -> None:
    found = proposed(make, plan(*ENGLISH) | {"Target": ["3000", "6000", "9000"]})
    assert "target" not in found.recipe.fields
    assert len(found.recipe.period_columns) == 3


def test_amounts_are_read_as_one_and_asked_about_once(make: Make) -> None:
    cells = plan(*ENGLISH, names="Verkoper") | {"Jan 2026": ["1.234,50", "2.000,00", None]}
    assert {r.decimal for r in proposed(make, cells).recipe.numbers.values()} == {","}
    unclear: Cells = {head: ["12.000", "9.500", "8.250"] for head in ENGLISH}
    asked = proposed(make, {"Verkoper": ["Ann", "Bob", "Eve"], **unclear}).questions
    assert [(n.code, n.count) for n in asked] == [("decimal_unknown", 9)]


def test_months_without_a_year_need_one_in_a_column_or_in_the_name(make: Make) -> None:
    bare = plan("Jan", "Feb", "Mar")
    assert proposed(make, bare, "targets.csv").recipe.table == "unknown"
    assert proposed(make, bare, "targets 2026.csv").recipe.table == "targets"
    with_year = proposed(make, {**bare, "Year": ["2026", "2026", "2026"]}, "targets.csv").recipe
    assert (with_year.table, with_year.fields["starts_at"]) == ("targets", "Year")


def test_deals_with_columns_named_like_months_stay_deals(make: Make) -> None:
    stages = ["Closed Won", "Closed Lost", "Proposal"]
    cells: Cells = {"Deal ID": ["1", "2", "3"], "Owner": ["Ann", "Bob", "Ann"], "Stage": [*stages]}
    recipe = proposed(make, cells | {head: ["1", "2", "3"] for head in ENGLISH}).recipe
    assert (recipe.table, recipe.period_columns) == ("deals", [])


@pytest.mark.parametrize(
    "cells",
    [
        plan(*ENGLISH, names="Customer"),
        plan(*ENGLISH, names="Lead source"),
        plan(*ENGLISH, names="Opportunity Name"),
        plan(*ENGLISH[:2]),
        {head: ["1", "2", "3"] for head in ENGLISH},
        plan(*ENGLISH) | {"Owner": ["Ann", "Ann", "Ann"]},
        plan() | {head: ["ja", "nee", "soms"] for head in ENGLISH},
        plan("Jan 24", "Jan 25", "Jan 26"),
    ],
)
def test_other_tables_with_periods_as_headers_are_no_targets(make: Make, cells: Cells) -> None:
    assert proposed(make, cells).recipe.table != "targets"


@pytest.mark.parametrize(
    ("names", "file", "asked"),
    [
        ("Kostenart", "x.csv", True),
        ("Kostenart", "Quota.csv", False),
        ("Seller", "x.csv", False),
        ("Name", "x", False),
    ],
)
def test_names_that_nothing_says_are_sellers_are_asked_about(
    make: Make, names: str, file: str, asked: bool
) -> None:
    questions = proposed(make, plan(*ENGLISH, names=names), file).questions
    assert [n.code for n in questions] == (["targets_by_shape"] if asked else [])


def test_next_years_columns_are_recognised_beside_what_was_decided(make: Make) -> None:
    heads = [f"2026-{m:02d}" for m in range(1, 13)]
    known = proposed(make, plan(*heads))
    later = propose([make(plan(*heads, "2027-01"), "x.csv")], Recipe(files={known.fingerprint: known.recipe}))
    assert [c.column for c in later[0].recipe.period_columns] == [*heads, "2027-01"]
