"""Hit rates: by eye, against plain Python, and against SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from data.errors import HitrateError
from data.meta import Definitions, Dimension
from data.slice import Slice
from metrics import hit_rate
from metrics.definitions import PRESETS
from metrics.hit_rate import amounts, rates
from metrics.over_time import trend
from tests.build import pipeline
from tests.metrics import twin
from tests.metrics.company import STAGES, company

TEN = [
    # status, source, amount: Web wins 2 of 3 decided, Fair 1 of 3; one open and one disqualified each
    ("won", "Web", 100.0), ("won", "Web", 300.0), ("lost", "Web", 600.0), ("open", "Web", 50.0),
    ("disqualified", "Web", None), ("won", "Fair", 200.0), ("lost", "Fair", 400.0), ("lost", "Fair", None),
    ("open", "Fair", 70.0), ("disqualified", "Fair", None),
]  # fmt: skip
ROWS = [{"status": status, "source": source, "amount": amount} for status, source, amount in TEN]
COLUMNS = ["deals", "won", "lost", "open", "disqualified", "won_amount", "lost_amount",
           "rate", "low", "high", "enough"]  # fmt: skip


def test_ten_deals_by_eye(tmp_path: Path) -> None:
    row = hit_rate(pipeline(ROWS, tmp_path)).row(0, named=True)
    assert list(row) == COLUMNS
    assert [row[c] for c in COLUMNS[:7]] == [10, 3, 3, 2, 2, 600.0, 1000.0]
    assert row["rate"] == 3 / 6
    assert row["enough"] is False


def test_one_row_per_source_most_deals_first(tmp_path: Path) -> None:
    made = hit_rate(pipeline([*ROWS, {"status": "lost", "source": "Fair"}], tmp_path), by="source")
    assert made.select("source", "deals", "won", "lost", "rate").rows() == [
        ("Fair", 6, 1, 3, 0.25),
        ("Web", 5, 2, 1, 2 / 3),
    ]


@pytest.mark.parametrize(("name", "rate"), [
    ("decided", 3 / 6), ("created", 3 / 8), ("cohort", 3 / 6), ("broad", 3 / 8), ("value", 600 / 1600),
    ("leads", 3 / 10), ("qualified", 3 / 10)])  # fmt: skip
def test_each_definition_on_the_ten_deals(tmp_path: Path, name: str, rate: float) -> None:
    assert hit_rate(pipeline(ROWS, tmp_path), definition=name)["rate"].item() == pytest.approx(rate)


@pytest.mark.parametrize("name", [preset.name for preset in PRESETS])
def test_each_definition_equals_plain_python(tmp_path: Path, name: str) -> None:
    rows = company(11)
    stated = Definitions(opportunity_stage=2, meeting_stage=3)
    made = rates(pipeline(rows, tmp_path, STAGES, definitions=stated), Slice(by=("owner", "source")), name)
    for owner, source, top, bottom in made.select("owner", "source", "numerator", "denominator").iter_rows():
        group = [r for r in rows if (r["owner"], r["source"]) == (owner, source)]
        assert (top, bottom) == pytest.approx(twin.fraction(group, name, 2, 3))


def test_a_closing_period_equals_sql(tmp_path: Path) -> None:
    made = hit_rate(
        pipeline(company(5), tmp_path, STAGES), by="country", start="2025-10-15", end=date(2025, 11, 30)
    )
    told = duckdb.sql(f"""
        SELECT country, COUNT(*) FILTER (status = 'won') AS won, COUNT(*) FILTER (status = 'lost') AS lost
        FROM read_parquet('{tmp_path}/deals.parquet')
        WHERE make_timestamp(closed_s * 1000000) >= '2025-10-15'
          AND make_timestamp(closed_s * 1000000) < '2025-12-01'
        GROUP BY 1 ORDER BY COUNT(*) DESC, 1""").fetchall()
    assert made.select("country", "won", "lost").rows() == told
    assert made["open"].sum() == 0


def test_where_keeps_listed_values_and_none_is_blank(tmp_path: Path) -> None:
    rows = company(6)
    made = hit_rate(pipeline(rows, tmp_path, STAGES), where={"source": ["Web", None], "country": "NL"})
    kept = [r for r in rows if r["source"] in ("Web", None) and r["country"] == "NL"]
    assert made["deals"].item() == len(kept)


def labelled(tmp_path: Path) -> object:
    dimension = Dimension(column="source", label="Lead Source", values=2, blanks=0)
    return pipeline(ROWS, tmp_path, dimensions=(dimension,), labels={"source": "Lead Source"})


@pytest.mark.parametrize("name", ["source", "Lead Source", "lead source"])
def test_headers_work_as_well_as_canonical_names(tmp_path: Path, name: str) -> None:
    made = hit_rate(labelled(tmp_path), by=name, where={name: "Web"})  # type: ignore[arg-type]
    assert made.select(name, "deals").rows() == [("Web", 5)]


def test_an_unknown_name_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="Lead Source"):
        hit_rate(labelled(tmp_path), by="Lead Sorce")  # type: ignore[arg-type]


@pytest.mark.parametrize(("wrong", "hint"), [
    ({"definition": "valeu"}, "value"), ({"basis": "close"}, "closed"),
    ({"start": "31-12-2025"}, "2025-12-31"),
    ({"by": "status"}, "outcome"), ({"where": {"countrie": "NL"}}, "country")])  # fmt: skip
def test_a_wrong_argument_says_what_to_do(tmp_path: Path, wrong: dict[str, object], hint: str) -> None:
    with pytest.raises(HitrateError, match=hint):
        hit_rate(pipeline(company(1, 9), tmp_path, STAGES), **wrong)  # type: ignore[arg-type]


def test_a_period_on_a_date_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="closing date"):
        hit_rate(pipeline([{"status": "open"}], tmp_path), start="2025-01-01")


def test_the_workspace_definition_is_the_default(tmp_path: Path) -> None:
    chosen = pipeline(ROWS, tmp_path, definitions=Definitions(rate="leads"))
    assert hit_rate(chosen)["rate"].item() == 3 / 10
    assert hit_rate(chosen, definition="decided")["rate"].item() == 3 / 6


def test_the_workspace_basis_moves_decided_but_not_cohort(tmp_path: Path) -> None:
    rows = [{"status": "won", "created": "2024-01-01", "closed": "2025-06-01"}]
    chosen = pipeline(rows, tmp_path, definitions=Definitions(rate="decided", basis="created"))
    assert hit_rate(chosen, start="2025-01-01")["deals"].item() == 0
    assert hit_rate(chosen, start="2025-01-01", definition="decided")["deals"].item() == 1


def test_no_deals_left_is_one_row_of_zeros_and_no_rate(tmp_path: Path) -> None:
    made = hit_rate(pipeline(ROWS, tmp_path), where={"source": "Nowhere"})
    assert made.row(0) == (0, 0, 0, 0, 0, 0.0, 0.0, None, None, None, False)
    assert hit_rate(pipeline(ROWS, tmp_path), by="source", where={"source": "Nowhere"}).columns == [
        "source",
        *COLUMNS,
    ]


def test_months_without_deals_are_there_with_no_rate(tmp_path: Path) -> None:
    rows = [{"status": "won", "closed": "2025-01-31"}, {"status": "lost", "closed": "2025-03-01"}]
    made = trend(pipeline(rows, tmp_path), Slice(basis="closed"), "decided")
    assert made.select("period", "deals", "rate").rows() == [
        (date(2025, 1, 1), 1, 1.0), (date(2025, 2, 1), 0, None), (date(2025, 3, 1), 1, 0.0)]  # fmt: skip


def test_trend_months_add_up_to_the_whole(tmp_path: Path) -> None:
    deals = pipeline(company(8), tmp_path, STAGES)
    months = trend(deals, Slice(by=("owner",), basis="created"), "cohort")
    whole = rates(deals, Slice(by=("owner",)), "cohort").select("owner", "won", "denominator")
    made = months.group_by("owner").agg(pl.col("won", "denominator").sum())
    assert made.sort("owner").rows() == whole.sort("owner").rows()


def test_amounts_are_kept_apart_by_currency(tmp_path: Path) -> None:
    rows = [{"status": "won", "amount": 10.0}, {"status": "won", "amount": 7.0, "currency": "DKK"},
            {"status": "lost", "amount": None}]  # fmt: skip
    made = amounts(pipeline(rows, tmp_path), Slice())
    assert made.select("currency", "won_amount").sort("currency").rows() == [("DKK", 7.0), ("EUR", 10.0)]


def test_average_deal_and_leads_per_win(tmp_path: Path) -> None:
    row = rates(pipeline(ROWS, tmp_path), Slice()).row(0, named=True)
    assert (row["average_deal"], row["leads_per_win"], row["currency"]) == (200.0, 2.0, "EUR")


@pytest.mark.parametrize(("name", "reason"), [("meetings", "no meeting stage"), ("contacted", "no contact")])
def test_what_is_not_known_gives_a_reason(tmp_path: Path, name: str, reason: str) -> None:
    assert rates(pipeline(ROWS, tmp_path), Slice(), name).select("rate", "reason").row(0) == (None, reason)
