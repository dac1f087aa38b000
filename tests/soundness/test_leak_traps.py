"""Traps in the leak table: each test is named after the wrong number it keeps out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from polars import selectors as cs

from metrics.leaks import LeakReport, leak_report
from tests.build import pipeline


def rows(won: int, lost: int, **more: Any) -> list[dict[str, Any]]:
    return [{"status": "won"} | more] * won + [{"status": "lost", "last": 1} | more] * lost


def of(tmp_path: Path, deals: list[dict[str, Any]], **meta: Any) -> LeakReport:
    return leak_report(pipeline(deals, tmp_path, ("Lead",), **meta))


def test_none_of_three_called_a_leak(tmp_path: Path) -> None:
    report = of(tmp_path, rows(50, 50) + rows(0, 3, source="Fair"))
    row = report.frame.filter(value="Fair").row(0, named=True)
    assert (row["p"], row["state"]) == (None, "not enough data")


def test_currencies_added_up_in_what_is_at_stake(tmp_path: Path) -> None:
    report = of(tmp_path, rows(50, 50) + rows(10, 50, source="Fair", currency="DKK"))
    row = report.frame.row(0, named=True)
    assert (row["state"], row["revenue_at_stake"], report.currency) == ("leak", None, None)
    assert row["wins_at_stake"] > 0


def test_a_better_group_listed_as_a_leak(tmp_path: Path) -> None:
    report = of(tmp_path, rows(50, 50) + rows(55, 5, source="Fair"))
    assert report.frame["value"].to_list() == ["Web"]
    assert "better" in report.everything["state"]


def test_two_columns_that_say_the_same_counted_twice(tmp_path: Path) -> None:
    report = of(tmp_path, rows(50, 50, region="North", office="N") + rows(20, 60, region="South", office="S"))
    assert report.fields == ("region",)
    assert [n.text() for n in report.notices] == [
        '"office" says the same as "region", so only the latter was compared.'
    ]


def test_two_columns_with_the_same_counts_taken_for_one(tmp_path: Path) -> None:
    deals = (
        rows(10, 10, a="x", b="p")
        + rows(10, 10, a="x", b="q")
        + rows(10, 10, a="y", b="p")
        + rows(10, 10, a="y", b="q")
    )
    assert of(tmp_path, deals).fields == ("a", "b")


def test_a_column_filled_in_only_on_lost_deals(tmp_path: Path) -> None:
    # A reason for losing under a header nobody recognised: 0 % conversion for each of its values.
    deals = rows(60, 0, why=None) + rows(0, 40, why="price") + rows(0, 40, why="timing")
    report = of(tmp_path, deals)
    assert report.fields == ()
    assert report.frame.is_empty()
    assert [n.code for n in report.notices] == ["telltale_dimension"]


def test_a_lost_reason_ranked_as_a_leak(tmp_path: Path) -> None:
    deals = rows(30, 0, lost_reason="none") + rows(0, 40, lost_reason="price")
    assert of(tmp_path, deals).everything.is_empty()


def test_deals_with_a_blank_left_out_of_the_rest(tmp_path: Path) -> None:
    report = of(tmp_path, rows(20, 20) + rows(10, 30, source="Fair") + rows(40, 0, source=None))
    row = report.frame.filter(value="Fair").row(0, named=True)
    assert row["reference"] == 60 / 80
    assert None not in report.everything["value"]


def test_open_and_disqualified_deals_dilute_a_leak(tmp_path: Path) -> None:
    more = [{"status": s, "source": "Fair", "last": 1} for s in ("open", "disqualified")] * 40
    with_more, without = (
        of(tmp_path, rows(50, 50) + rows(20, 60, source="Fair") + extra) for extra in (more, [])
    )
    assert with_more.frame.equals(without.frame)


def test_stages_invented_where_the_export_has_none(tmp_path: Path) -> None:
    report = of(tmp_path, rows(50, 50) + rows(20, 60, source="Fair"), stage_source="none")
    assert report.everything["stage"].null_count() == report.everything.height > 0


def test_no_won_deal_gives_a_number_that_is_none(tmp_path: Path) -> None:
    report = of(tmp_path, rows(0, 50) + rows(0, 60, source="Fair"))
    assert report.everything["revenue_at_stake"].null_count() == report.everything.height
    assert report.everything.select(cs.float().is_nan().any()).row(0).count(True) == 0


def test_a_filter_that_matches_nothing_breaks_the_table(tmp_path: Path) -> None:
    deals = pipeline(rows(5, 5) + rows(5, 5, source="Fair"), tmp_path)
    assert leak_report(deals, where={"source": "Nowhere"}).everything.is_empty()
