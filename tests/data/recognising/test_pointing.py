"""Notices name the rows they are about; questions show rows that differ first."""

from __future__ import annotations

import pytest

from data.notice import Notice
from data.recognising import propose
from tests.data.recognising.conftest import Make

Columns = dict[str, list[str | None]]


def notices(make: Make, columns: Columns, file: str = "deals.csv") -> dict[str, Notice]:
    rows = len(next(iter(columns.values())))
    found = propose([make({"Deal ID": [str(i) for i in range(rows)], **columns}, file)])[0]
    return {n.code: n for n in (*found.notices, *found.questions)}


@pytest.mark.parametrize(
    ("columns", "code", "rows"),
    [
        ({"Stage": ["Won", "Lost", "Lost"]}, "no_stage_of_loss", (3, 4)),
        ({"Stage": ["Won"] * 6 + ["New"]}, "no_lost_deals", (2, 3, 4, 5, 6, 7)),
        ({"Stage": ["Won", "Lost", "Won"], "Probability": ["0", "0", "100"]}, "won_at_zero", (2,)),
        ({"Stage": ["Won", "Lost", "New"], "Lead Source": [None, None, "Web"]}, "source_blank", (2, 3)),
        ({"Status": ["Won", "Lost", "Zonk"]}, "outcome_unknown_words", (4,)),
        (
            {"Stage": ["Closed Won", "Closed Lost", "New"], "Status": ["Won", "Won", "Lost"]},
            "status_and_stage_disagree",
            (3,),
        ),
        (
            {"Stage": ["Closed Won", "Closed Lost"], "Is Won": ["0", "0"], "Is Closed": ["1", "1"]},
            "flag_and_stage_disagree",
            (2,),
        ),
        ({"Stage": ["Won", "Lost"], "Created Date": ["W12 2026", "W13 2026"]}, "week_is_monday", (2, 3)),
    ],
)
def test_a_notice_names_its_rows(make: Make, columns: Columns, code: str, rows: tuple[int, ...]) -> None:
    assert notices(make, columns)[code].rows == rows


def test_won_after_the_day_of_the_export(make: Make) -> None:
    columns: Columns = {
        "Stage": ["Won", "Won", "Lost"],
        "Close Date": ["2026-12-24", "2026-01-01", "2026-01-01"],
    }
    assert notices(make, columns, "Deals_2026_05_28.csv")["won_in_future"].rows == (2,)


def test_without_a_day_a_won_deal_after_today_is_in_the_future(make: Make) -> None:
    columns: Columns = {
        "Stage": ["Won", "Won", "Lost"],
        "Close Date": ["2101-12-24", "2020-01-01", "2020-01-01"],
    }
    assert notices(make, columns)["won_in_future"].count == 1


def test_repeated_ids(make: Make) -> None:
    table = make({"Deal ID": ["1", "2", "1"], "Stage": ["Won", "Lost", "New"]})
    told = {n.code: n.rows for n in propose([table])[0].notices}
    assert told["ids_repeated"] == (2, 4)


def test_a_question_on_date_order_shows_both_ways_first(make: Make) -> None:
    dates: list[str | None] = ["31/12/2025"] * 30 + ["12/31/2025"]
    found = notices(make, {"Stage": ["Won", "Lost", "New"] * 10 + ["New"], "Created Date": dates})
    assert found["date_order_mixed"].rows[:2] == (32, 2)


def test_a_question_on_decimals_shows_each_way_of_writing(make: Make) -> None:
    cells: list[str | None] = ["1.234,50"] * 30 + ["99.50"] * 2
    found = notices(make, {"Stage": ["Won", "Lost"] * 16, "Amount": cells})
    assert found["decimal_signs_differ"].rows[:2] == (32, 2)
