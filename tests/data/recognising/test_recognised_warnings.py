"""Exports that mislead are called out, with counts."""

from __future__ import annotations

import pytest

from data.recipe import Proposal, Recipe
from data.recognising import FIELD_LABELS, propose
from data.recognising.fields import DEALS
from tests.data.recognising.conftest import Make

Columns = dict[str, list[str | None]]


def _file(make: Make, columns: Columns, file: str = "deals.csv") -> Proposal:
    rows = len(next(iter(columns.values())))
    return propose([make({"Deal ID": [f"D-{i}" for i in range(rows)], **columns}, file)])[0]


def _codes(proposal: Proposal) -> dict[str, int | None]:
    return {n.code: n.count for n in (*proposal.notices, *proposal.questions)}


@pytest.mark.parametrize(
    ("stages", "code", "count"),
    [
        (["Won"] * 6 + ["Proposal"] * 2, "no_lost_deals", 6),
        (["Proposal", "Qualification"] * 3, "open_only", 6),
        (["Lost"] * 6, "no_won_deals", 6),
        (["Won", "Lost", "Lost"], "no_stage_of_loss", 2),
    ],
)
def test_one_sided_exports(make: Make, stages: list[str | None], code: str, count: int) -> None:
    assert _codes(_file(make, {"Stage": stages}))[code] == count


def test_won_deals_at_zero_percent_and_in_the_future(make: Make) -> None:
    found = _file(
        make,
        {
            "Stage": ["Won", "Won", "Lost"],
            "Probability": ["0", "100", "0"],
            "Close Date": ["2026-12-24", "2026-01-01", "2026-01-01"],
        },
        "Deals_2026_05_28.csv",
    )
    codes = _codes(found)
    assert (codes["won_at_zero"], codes["won_in_future"], found.snapshot_at) == (1, 1, "2026-05-28")


def test_blank_sources_repeated_ids_and_missing_dates(make: Make) -> None:
    table = make(
        {"Deal ID": ["1", "1", "2"], "Stage": ["Won", "Lost", "Lost"], "Lead Source": ["Web", None, None]}
    )
    codes = _codes(propose([table])[0])
    assert (codes["source_blank"], codes["ids_repeated"]) == (2, 1)
    assert "no_dates" in codes


def test_two_columns_of_one_name(make: Make) -> None:
    table = make({"Deal ID": ["1", "2"], "Stage": ["Won", "Lost"], "Region": ["N", "S"], "Extra": ["a", "b"]})
    twice = type(table)(**{**vars(table), "columns": ("Deal ID", "Stage", "Region", "Region")})
    found = propose([twice])[0]
    assert "same_name" in _codes(found)
    assert [g.field for g in found.guesses] == ["deal_id", "stage", "region", None]


def test_a_file_without_any_outcome_is_unknown_and_asked(make: Make) -> None:
    found = propose([make({"Colour": ["red", "blue"], "Weight": ["1", "2"]})])[0]
    assert (found.recipe.table, [n.code for n in found.questions]) == ("unknown", ["table_unknown"])


def test_an_empty_table_is_unknown(make: Make) -> None:
    assert propose([make({"Stage": [], "Deal ID": []})])[0].recipe.table == "unknown"


def test_a_remembered_header_is_not_asked_again(make: Make) -> None:
    columns: Columns = {"Stage": ["Won", "Lost", "Proposal"], "Created Date": ["03/04/2026"] * 3}
    first = _file(make, columns)
    assert first.questions
    known = Recipe(files={first.fingerprint: first.recipe})
    later = make({"Deal ID": ["1", "2"], "Stage": ["Won", "Pilot"], "Created Date": ["03/04/2026"] * 2})
    again = propose([later], known)[0]
    assert (again.recipe, again.from_memory, again.questions) == (first.recipe, True, [])
    assert _codes(again)["stage_new"] == 1


def test_columns_are_kept_or_left_out_with_a_reason(make: Make) -> None:
    n = 60
    found = _file(
        make,
        {
            "Stage": ["Won", "Lost", "Proposal"] * 20,
            "Gender": ["f", "m"] * 30,
            "Email": [f"a{i}@b.nl" for i in range(n)],
            "Street": [f"Kade {i}" for i in range(n)],
            "Score": [f"{i}.5" for i in range(n)],
            "Weighted value": ["1", "2"] * 30,
            "Constant": ["x"] * n,
            "Empty": [None] * n,
            "Nickname of deal": [f"n{i}" for i in range(n)],
        },
    )
    assert found.recipe.keep == ["Gender"]
    assert found.recipe.drop == {
        "Email": "personal",
        "Street": "personal",
        "Score": "number",
        "Weighted value": "derived",
        "Constant": "one value",
        "Empty": "empty",
        "Nickname of deal": "too many values",
    }


def test_every_notice_can_be_said_in_english(make: Make) -> None:
    found = _file(
        make, {"Status": ["Won", "Lost", "Zonk"], "Amount": ["12.345"] * 3, "Lead Source": [None, None, "x"]}
    )
    assert all(n.text() and "{" not in n.text() for n in (*found.notices, *found.questions))
    assert all(g.reason.format(**g.values) for g in found.guesses)


def test_every_field_has_a_label() -> None:
    assert set(DEALS) <= set(FIELD_LABELS)


def test_three_thousand_columns(make: Make) -> None:
    wide: Columns = {f"Note {i}": ["a", None] for i in range(3_000)}
    found = _file(make, {"Stage": ["Won", "Lost"], **wide})
    assert (found.recipe.table, len(found.guesses)) == ("deals", 3_002)
