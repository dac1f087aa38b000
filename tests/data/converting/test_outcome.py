"""How deals ended, and on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from data.recipe import FileRecipe, NumberRule, OutcomeRule

from .conftest import DAY, Maker

Make = Callable[..., FileRecipe]


def rule(**parts: object) -> FileRecipe:
    fields = {"deal_id": "Id", "probability": "P", "won_at": "W", "lost_at": "L"}
    return FileRecipe(
        fields=fields,
        dates={"W": DAY, "L": DAY},
        numbers={"P": NumberRule(scale=100)},
        outcome=OutcomeRule.model_validate(parts),
    )


@pytest.mark.parametrize(
    ("parts", "rows", "expected"),
    [
        (
            {"source": "flags", "column": "A", "second": "B"},
            ["1|1|", "0|1|", "0|0|"],
            ["won", "lost", "open"],
        ),
        (
            {"source": "flags", "column": "A", "otherwise": "lost"},
            ["true||", "false||", "||"],
            ["won", "lost", "open"],
        ),
        (
            {"source": "status", "column": "A", "words": {"Ja": "won", "Nee": "lost", "X": "disqualified"}},
            ["Ja||", "Nee||", "X||", "Later||", "||"],
            ["won", "lost", "disqualified", "open", "open"],
        ),
        (
            {"source": "active", "column": "A", "second": "B", "words": {"Won": "won"}},
            ["Won|True|", "Won||", "New|True|", "New||"],
            ["won", "won", "open", "lost"],
        ),
        ({"source": "none"}, ["Won||"], ["open"]),
    ],
)
def test_status_by_rule(maker: Maker, parts: dict[str, object], rows: list[str], expected: list[str]) -> None:
    lines = [f"{i}|{row}||" for i, row in enumerate(rows)]
    assert maker.one("Id|A|B|P|W|L", *lines, recipe=rule(**parts)).column("status") == expected


def test_probability_decides_only_at_its_ends(maker: Maker) -> None:
    made = rule(source="probability", column="P")
    assert maker.one("Id|P", "1|100", "2|0", "3|50", "4|", recipe=made).column("status") == [
        "won",
        "lost",
        "open",
        "open",
    ]


def test_dates_decide_the_later_of_two(maker: Maker) -> None:
    made = rule(source="dates", column="W", second="L")
    rows = ("1|02-01-2026|", "2||02-01-2026", "3||", "4|01-01-2026|02-01-2026", "5|02-01-2026|02-01-2026")
    done = maker.one("Id|W|L", *rows, recipe=made)
    assert done.column("status") == ["won", "lost", "open", "lost", "won"]
    assert done.column("closed_s") == [1767312000, 1767312000, None, 1767312000, 1767312000]


def test_one_close_date_is_expected_on_open_and_actual_on_closed(maker: Maker, recipe: Make) -> None:
    made = recipe(
        fields={"deal_id": "Id", "status": "Status", "expected_close_at": "Close"},
        dates={"Close": DAY},
        expected_is_closed=True,
    )
    done = maker.one("Id|Status|Close", "1|Won|02-01-2026", "2|Open|02-03-2027", recipe=made)
    assert done.column("closed_s") == [1767312000, None]
    assert done.column("expected_close_month") == [date(2026, 1, 1), date(2027, 3, 1)]
    assert done.meta.as_of == date(2026, 1, 2)


def test_an_open_deal_has_no_closing_date_whatever_its_column_says(maker: Maker, recipe: Make) -> None:
    done = maker.one("Id|Status|Created|Closed", "1|Open|01-01-2026|02-01-2026", recipe=recipe())
    assert done.column("closed_s") == [None]


def test_a_won_date_years_ahead_does_not_move_the_day(maker: Maker, recipe: Make) -> None:
    rows = ("1|Won|01-01-2026|02-01-2026", "2|Won|03-01-2026|01-01-2062")
    done = maker.one("Id|Status|Created|Closed", *rows, recipe=recipe())
    assert done.meta.as_of == date(2026, 1, 3)
    assert "closed_in_future" in done.codes()


def test_the_given_day_wins(maker: Maker, recipe: Make) -> None:
    done = maker.one("Id|Status", "1|Won", recipe=recipe(), as_of=date(2026, 5, 1))
    assert (done.meta.as_of, done.meta.as_of_source) == (date(2026, 5, 1), "given")
