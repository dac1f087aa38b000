"""Activities become a table of their own; a join never makes more of them, and left-overs are told."""

from __future__ import annotations

from datetime import date

import pytest

from data.converting import activities
from data.recipe import FileRecipe, OutcomeRule

from .conftest import DAY, WORDS, Done, Maker

HEAD = "Deal|Who|Type|Way|When|Result|Minutes"
DONE = FileRecipe(
    table="activities",
    fields={
        "deal_id": "Deal",
        "owner": "Who",
        "activity_type": "Type",
        "activity_direction": "Way",
        "activity_at": "When",
        "activity_outcome": "Result",
        "activity_duration": "Minutes",
    },
    dates={"When": DAY},
)
DEALS = FileRecipe(
    fields={"deal_id": "Id", "owner": "Owner", "status": "Status", "created_at": "Created"},
    dates={"Created": DAY},
    outcome=OutcomeRule(source="status", column="Status", words=WORDS),
)


def run(maker: Maker, *rows: str, recipe: FileRecipe = DONE, as_of: date | None = None) -> Done:
    deals = maker.table(
        "deals.csv", "Id|Owner|Status|Created", "1|Ann|Won|01-01-2026", "2|Bob||02-01-2026", "3|Bob||"
    )
    return maker.convert((deals, DEALS), (maker.table("done.csv", HEAD, *rows), recipe), as_of=as_of)


def test_each_row_is_one_activity_of_its_deal(maker: Maker) -> None:
    done = run(maker, "1|Ann|Phone call|Outbound|03-01-2026|Reached|5", "2|Bob|E-mail|In|04-01-2026||")
    table = done.table("activities")
    assert table["deal_key"].to_list() == [1, 2]
    assert table["kind"].to_list() == ["call", "email"]
    assert table["direction"].to_list() == ["out", "in"]
    assert table["outcome"].to_list() == ["Reached", None]
    assert table["duration_s"].to_list() == [300, None]
    assert done.meta.tables == {"activities": 2}


def test_a_deal_that_is_not_here_leaves_its_activities_without_one_and_says_so(maker: Maker) -> None:
    done = run(maker, "1|Ann|Call||03-01-2026||", "9|Ann|Call||03-01-2026||", "|Ann|Call||03-01-2026||")
    assert done.column("deal_key", "activities") == [1, None, None]
    told = {n.code: n.count for n in done.meta.notices}
    assert (told["activities_unmatched"], told["activities_without_deal"]) == (1, 1)
    assert told["activities_missing"] == 2


def test_an_id_of_two_deals_gives_its_activity_to_the_first_only(maker: Maker) -> None:
    deals = maker.table("deals.csv", "Id|Owner", "7|Ann", "7|Bob")
    done = maker.convert(
        (deals, FileRecipe(fields={"deal_id": "Id", "owner": "Owner"})),
        (maker.table("done.csv", HEAD, "7|Ann|Call||03-01-2026||"), DONE),
    )
    assert done.column("deal_key", "activities") == [1]


def test_the_first_contact_is_the_first_activity_that_is_no_mere_task(maker: Maker) -> None:
    rows = ("1|Ann|To-do||03-01-2026||", "1|Ann|Call||05-01-2026||", "2|Bob|Task||06-01-2026||")
    done = run(maker, *rows, as_of=date(2026, 2, 1))
    assert done.column("first_contact_s") == [1767571200, None, None]
    assert done.meta.has_contact
    assert "first_contact_from_activities" in done.codes()


def test_a_planned_activity_is_no_contact_yet(maker: Maker) -> None:
    done = run(maker, "2|Bob|Meeting||05-03-2026||", as_of=date(2026, 2, 1))
    assert done.column("first_contact_s") == [None, None, None]
    assert done.column("last_activity_s") == [None, None, None]


def test_a_first_contact_that_the_deals_say_is_theirs(maker: Maker) -> None:
    deals = maker.table("deals.csv", "Id|First", "1|02-01-2026", "2|")
    recipe = FileRecipe(fields={"deal_id": "Id", "first_contact_at": "First"}, dates={"First": DAY})
    done = maker.convert((deals, recipe), (maker.table("done.csv", HEAD, "2|A|Call||05-01-2026||"), DONE))
    assert done.column("first_contact_s") == [1767312000, None]
    assert "first_contact_from_activities" not in done.codes()


def test_unread_cells_are_listed_and_the_ledger_adds_up(maker: Maker) -> None:
    done = run(maker, "1|Ann|Call||soon||x", "||||||", "2|Bob|Call||04-01-2026||1:30")
    ledger = done.meta.files[1]
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected, ledger.values_unread) == (3, 2, 1, 2)
    assert done.column("column", "rejects") == ["When", "Minutes", None]
    assert done.column("duration_s", "activities") == [None, 90]


def test_a_later_export_of_the_same_activities_replaces_what_it_says_again(maker: Maker) -> None:
    deals = maker.table("deals.csv", "Id", "1")
    first = maker.table("week1.csv", HEAD, "1|Ann|Call||03-01-2026||", "1|Ann|Call||04-01-2026||")
    second = maker.table("week2.csv", HEAD, "1|Ann|Call||04-01-2026||", "1|Ann|Call||05-01-2026||")
    done = maker.convert((deals, FileRecipe(fields={"deal_id": "Id"})), (first, DONE), (second, DONE))
    assert done.meta.tables == {"activities": 3}
    assert [(f.rows_kept, f.rows_rejected) for f in done.meta.files] == [(1, 0), (1, 1), (2, 0)]


def test_what_the_recipe_says_of_a_kind_wins_and_further_columns_stay(maker: Maker) -> None:
    recipe = DONE.model_copy(update={"kinds": {"Chat": "call"}, "keep": ["Room"]})
    table = maker.table("done.csv", HEAD + "|Room", "1|Ann|Chat||03-01-2026|||Blue")
    done = maker.convert(
        (maker.table("d.csv", "Id", "1"), FileRecipe(fields={"deal_id": "Id"})), (table, recipe)
    )
    assert done.column("kind", "activities") == ["call"]
    assert done.column("Room", "activities") == ["Blue"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Telefoongesprek", "call"),
        ("Opkald", "call"),
        ("E-mail", "email"),
        ("Bezoek", "visit"),
        ("Møde", "meeting"),
        ("WhatsApp", "message"),
        ("Social message", "message"),
        ("Taak", "task"),
        ("Lunch", "meeting"),
        ("Zzz", "other"),
    ],
)
def test_kinds_go_by_their_words(text: str, kind: str) -> None:
    assert activities.kind_of(text) == kind


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("CallDurationInSeconds", "seconds"),
        ("Duur (min)", "minutes"),
        ("Timer", "hours"),
        ("Duration", "minutes"),
    ],
)
def test_a_duration_is_counted_in_what_its_header_says(header: str, unit: str) -> None:
    assert activities.unit_of(header) == unit
