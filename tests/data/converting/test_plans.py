"""Costs, targets and sellers become typed tables; what meets no deal is told, both ways."""

from __future__ import annotations

from datetime import date

import pytest

from data.recipe import DateRule, FileRecipe, NumberRule

from .conftest import DAY, Done, Maker

DEALS = FileRecipe(fields={"deal_id": "Id", "owner": "Owner", "team": "Team", "source": "Source"})
ROWS = ("1|Ann|North|Web", "2|Bob|North|Web", "3|Eve|South|Fair")
SPEND = FileRecipe(
    table="spend",
    fields={"source": "Source", "starts_at": "Month", "cost": "Cost"},
    dates={"Month": DAY},
    numbers={"Cost": NumberRule(decimal=",", thousands=".")},
    currency="EUR",
)
TARGETS = FileRecipe(
    table="targets",
    fields={"owner": "Seller", "team": "Team", "starts_at": "From", "target": "Target"},
    dates={"From": DAY},
    currency="EUR",
)
MONTHS = ["%Y-%m", "%Y/%m", "%m-%Y", "%m/%Y", "%m %Y", "%Y%m", "%Y"]


def run(maker: Maker, head: str, *rows: str, recipe: FileRecipe) -> Done:
    deals = maker.table("deals.csv", "Id|Owner|Team|Source", *ROWS)
    return maker.convert((deals, DEALS), (maker.table("more.csv", head, *rows), recipe))


def test_costs_have_a_source_a_month_and_an_amount(maker: Maker) -> None:
    done = run(maker, "Source|Month|Cost", "Web|01-01-2026|1.200,50", "Web|01-02-2026|", recipe=SPEND)
    table = done.table("spend")
    assert table["amount_minor"].to_list() == [120050, None]
    assert table["ends_on"].to_list() == [date(2026, 1, 31), date(2026, 2, 28)]
    assert table["period"].to_list() == ["month", "month"]
    assert table["currency"].to_list() == ["EUR", "EUR"]


def test_sources_that_meet_nothing_are_told_both_ways_and_near_misses_offered(maker: Maker) -> None:
    done = run(maker, "Source|Month|Cost", "web|01-01-2026|5", "Radio|01-01-2026|5", recipe=SPEND)
    told = {n.code: n for n in done.meta.notices}
    assert (told["spend_unmatched"].count, told["spend_unmatched"].values["names"]) == (2, "Radio, web")
    assert told["spend_missing"].count == 3
    assert (told["join_near_miss"].values["mine"], told["join_near_miss"].values["theirs"]) == ("web", "Web")


def test_a_merge_in_the_recipe_makes_a_near_miss_meet(maker: Maker) -> None:
    merged = SPEND.model_copy(update={"merge": {"Source": {"web": "Web"}}})
    done = run(maker, "Source|Month|Cost", "web|01-01-2026|5", "Fair|01-01-2026|5", recipe=merged)
    assert done.column("source", "spend") == ["Web", "Fair"]
    assert not done.codes() & {"spend_unmatched", "spend_missing", "join_near_miss"}


@pytest.mark.parametrize(
    ("first", "second", "kind", "ends"),
    [
        ("2026-01", "2026-02", "month", date(2026, 1, 31)),
        ("Q1 2026", "Q2 2026", "quarter", date(2026, 3, 31)),
        ("2026-Q1", "2026-Q2", "quarter", date(2026, 3, 31)),
        ("2026", "2027", "year", date(2026, 12, 31)),
        ("2026-W01", "2026-W02", "week", date(2026, 1, 4)),
    ],
)
def test_periods_may_be_written_as_such(maker: Maker, first: str, second: str, kind: str, ends: date) -> None:
    recipe = SPEND.model_copy(update={"dates": {"Month": DateRule(formats=MONTHS)}})
    done = run(maker, "Source|Month|Cost", f"Web|{first}|5", f"Web|{second}|5", recipe=recipe)
    assert set(done.column("period", "spend")) == {kind}
    assert done.column("ends_on", "spend")[0] == ends
    assert done.table("rejects").is_empty()


def test_quarters_given_by_their_first_day_are_quarters(maker: Maker) -> None:
    rows = ("Web|01-01-2026|5", "Web|01-04-2026|5", "Web|01-07-2026|5")
    done = run(maker, "Source|Month|Cost", *rows, recipe=SPEND)
    assert set(done.column("period", "spend")) == {"quarter"}
    assert done.column("ends_on", "spend")[-1] == date(2026, 9, 30)


def test_a_target_is_of_a_seller_a_team_or_the_company(maker: Maker) -> None:
    rows = ("Ann|North|01-01-2026|100", "|South|01-01-2026|200", "||01-01-2026|900")
    table = run(maker, "Seller|Team|From|Target", *rows, recipe=TARGETS).table("targets")
    assert table["scope"].to_list() == ["seller", "team", "company"]
    assert table["name"].to_list() == ["Ann", "South", None]
    assert table["amount_minor"].to_list() == [10000, 20000, 90000]


def test_sellers_and_teams_that_meet_nothing_are_told_both_ways(maker: Maker) -> None:
    rows = ("Ann|North|01-01-2026|100", "Kim|North|01-01-2026|100", "|West|01-01-2026|200")
    done = run(maker, "Seller|Team|From|Target", *rows, recipe=TARGETS)
    told = {n.code: n.values.get("names") for n in done.meta.notices}
    assert told["targets_unmatched_owner"] == "Kim"
    assert told["targets_missing_owner"] == "Bob, Eve"
    assert told["targets_unmatched_team"] == "West"
    assert told["targets_missing_team"] == "North, South"


def test_a_target_may_be_a_number_of_deals(maker: Maker) -> None:
    recipe = TARGETS.model_copy(update={"fields": {"owner": "Seller", "target_count": "Deals"}})
    done = run(maker, "Seller|Deals", "Ann|12", "Bob|1.5", recipe=recipe)
    assert done.column("deals", "targets") == [12, None]
    assert done.column("text", "rejects") == ["1.5"]


def test_targets_by_an_id_get_the_sellers_name(maker: Maker) -> None:
    deals = FileRecipe(fields={"deal_id": "Id", "owner": "Key"})
    fields = {"owner": "Name", "monthly_cost": "Pay", "started_at": "Since"}
    people = FileRecipe(table="people", fields=fields, dates={"Since": DAY}, currency="EUR")
    done = maker.convert(
        (maker.table("deals.csv", "Id|Key", "1|U-001", "2|U-002"), deals),
        (maker.table("users.csv", "User|Name|Pay|Since", "U-001|Ann|5000|01-03-2024", "U-002|Bob||"), people),
        (maker.table("quota.csv", "Who|User|From|Target", "A.|U-001|01-01-2026|7"),
         TARGETS.model_copy(update={"fields": TARGETS.fields | {"owner": "Who"}})),
    )  # fmt: skip
    assert done.column("owner") == ["Ann", "Bob"]
    assert done.column("name", "targets") == ["Ann"]
    assert "targets_by_other_column" in done.codes()
    assert done.column("monthly_cost_minor", "people") == [500000, None]
    assert done.column("started_on", "people") == [date(2024, 3, 1), None]


def test_a_later_sheet_replaces_the_same_periods_of_an_earlier_one(maker: Maker) -> None:
    deals = maker.table("deals.csv", "Id|Owner|Team|Source", *ROWS)
    old = maker.table("a.csv", "Source|Month|Cost", "Web|01-01-2026|5", "Web|01-02-2026|6")
    new = maker.table("b.csv", "Source|Month|Cost", "Web|01-02-2026|7", "Web|01-03-2026|8")
    done = maker.convert((deals, DEALS), (old, SPEND), (new, SPEND))
    assert done.column("amount_minor", "spend") == [500, 700, 800]
    assert done.column("text", "rejects") == ["Web; 01-02-2026"]
