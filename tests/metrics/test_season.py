"""Seasons: against statsmodels, by eye, and with too little to say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from statsmodels.tsa.seasonal import seasonal_decompose

from data.slice import Slice
from metrics.season import SCHEMA, covered, season, seasonal_index, unseasonal
from tests.build import pipeline

SHAPE = np.array([1.2, 1.0, 1.1, 1.0, 0.9, 1.0, 0.8, 0.4, 1.1, 1.2, 1.3, 1.0])


def months(values: np.ndarray, first: date = date(2022, 1, 1)) -> pl.DataFrame:
    period = pl.date_range(first, first.replace(year=first.year + 9), "1mo", eager=True)[: len(values)]
    return pl.DataFrame({"period": period, "deals": values.astype(np.int64)})


@pytest.mark.parametrize("length", [24, 36, 41, 60])
def test_the_index_equals_statsmodels_seasonal_decompose(length: int) -> None:
    values = np.round(
        np.resize(SHAPE, length) * np.linspace(80, 200, length)
        + np.random.default_rng(1).normal(0, 5, length)
    )
    made, trend = seasonal_index(months(values))
    told = seasonal_decompose(values, model="multiplicative", period=12).seasonal[:12]
    assert made.sort("month")["inflow_index"].to_numpy() == pytest.approx(told, abs=1e-9)
    assert trend == "removed"


def test_growth_is_not_taken_for_season() -> None:
    made, _ = seasonal_index(months(np.linspace(100, 400, 48)))
    assert made["inflow_index"].to_numpy() == pytest.approx(np.ones(12), abs=0.01)


def test_one_year_keeps_its_trend_and_says_so() -> None:
    made, trend = seasonal_index(months(np.arange(1, 13) * 10))
    assert trend == "kept"
    assert made.sort("month")["inflow_index"].to_list() == pytest.approx((np.arange(1, 13) / 6.5).tolist())


def test_less_than_a_year_has_no_index(tmp_path: Path) -> None:
    made = season(pipeline([{"status": "won"}, {"status": "lost"}], tmp_path), Slice())
    assert made.height == 12
    assert made.columns == list(SCHEMA)
    assert made["inflow_index"].null_count() == 12


def test_hit_rate_by_month_of_the_year_by_eye(tmp_path: Path) -> None:
    # January closes win 60 of 80 over two years, August 20 of 80; 80 of 160 in all.
    rows = [{"status": s, "created": f"{y - 1}-12-01", "closed": f"{y}-{m:02d}-15"} for y in (2023, 2024)
            for m, won in ((1, 30), (8, 10)) for s in ["won"] * won + ["lost"] * (40 - won)]  # fmt: skip
    made = season(pipeline(rows, tmp_path), Slice()).filter(pl.col("denominator") > 0)
    assert made.select("month", "rate", "rate_index", "different").rows() == [
        (1, 0.75, 1.5, True), (8, 0.25, 0.5, True)]  # fmt: skip


def test_the_month_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    rows = [{"status": "open", "created": "2025-11-01"}, {"status": "open", "created": "2025-12-01"}]
    made = season(pipeline(rows, tmp_path, as_of=date(2025, 12, 30)), Slice())
    assert made.filter(pl.col("deals") > 0)["month"].to_list() == [11]


@pytest.mark.parametrize(
    ("first_day", "months_"),
    [
        ("2025-06-13", [7, 8]),  # mid-June: June is cut short
        ("2025-06-05", [7, 8]),  # Thursday: three working days are missing
        ("2025-06-04", [6, 7, 8]),  # Wednesday, the third working day
        ("2025-06-01", [6, 7, 8]),
    ],
)
def test_the_month_in_which_the_data_begin_counts_if_they_cover_it(
    first_day: str, months_: list[int], tmp_path: Path
) -> None:
    days_ = [first_day, "2025-06-20", "2025-07-09", "2025-08-05", "2025-09-01"]
    rows = [{"status": "won", "created": day, "closed": day} for day in days_]
    made = season(pipeline(rows, tmp_path, as_of=date(2025, 9, 12)), Slice())
    assert made.filter(pl.col("deals") > 0)["month"].to_list() == months_
    assert made.filter(pl.col("denominator") > 0)["month"].to_list() == months_


def test_coverage_is_of_the_file_and_not_of_a_filter(tmp_path: Path) -> None:
    rows = [{"created": "2024-01-02"}, {"created": "2024-03-20", "owner": "Bo"}]
    asked = Slice(where=(("owner", ("Bo",)),))
    made = season(pipeline(rows, tmp_path), asked)
    assert made.filter(pl.col("deals") > 0)["month"].to_list() == [3]


def test_a_period_that_cuts_a_month_leaves_it_out(tmp_path: Path) -> None:
    found = pipeline([{"created": f"2024-{m:02d}-15"} for m in range(1, 13)], tmp_path)
    assert covered(found, Slice(start=date(2024, 3, 2), end=date(2024, 9, 29))) == (
        date(2024, 4, 1), date(2024, 8, 1))  # fmt: skip
    assert covered(found, Slice(start=date(2024, 3, 1), end=date(2024, 9, 30))) == (
        date(2024, 3, 1), date(2024, 9, 1))  # fmt: skip


def test_closing_dates_alone_cover_what_they_cover(tmp_path: Path) -> None:
    rows = [{"status": "won", "created": None, "closed": f"2025-{m:02d}-03"} for m in (2, 3, 4)]
    assert covered(pipeline(rows, tmp_path, as_of=date(2025, 4, 30)), Slice())[0] == date(2025, 2, 1)
    assert covered(pipeline([{"created": None}], tmp_path), Slice())[0] == date.min


def test_an_august_dip_is_not_read_as_a_fall() -> None:
    assert unseasonal(0.2, {"rate_index": 0.8}) == pytest.approx(0.25)
    assert unseasonal(0.2, {"rate_index": None}) is None
    assert unseasonal(None, {"rate_index": 1.0}) is None


def test_no_month_differs_where_none_does() -> None:
    from metrics.season import together

    rng, found = np.random.default_rng(2), 0
    for _ in range(200):
        x = rng.binomial(60, 0.3, 12)
        rated = pl.DataFrame(
            {"month": range(1, 13), "numerator": x, "denominator": [60] * 12, "rate": x / 60}
        )
        rated = rated.with_columns(low=0.0, high=1.0, enough=True)
        found += together(months(np.ones(24)), rated, 0.3)["different"].any()
    assert found / 200 <= 0.08


def grown(rng: np.random.Generator, length: int, unlike: float) -> tuple[np.ndarray, np.ndarray]:
    """Return counts of a growing company and its season; their variance is `unlike` x their mean."""
    mean = np.resize(SHAPE, length) * np.linspace(60, 160, length)
    counts = rng.poisson(mean) if unlike == 1 else rng.negative_binomial(mean / (unlike - 1), 1 / unlike)
    return counts, SHAPE / SHAPE.mean()


@pytest.mark.parametrize(("length", "unlike"), [(24, 1.0), (36, 1.0), (60, 1.0), (48, 3.0), (72, 3.0)])
def test_the_interval_of_a_month_holds_its_season_19_times_in_20(length: int, unlike: float) -> None:
    rng, held = np.random.default_rng(71), []
    for _ in range(150):
        counts, season_ = grown(rng, length, unlike)
        made = seasonal_index(months(counts))[0].sort("month")
        held += list((made["inflow_low"].to_numpy() <= season_) & (season_ <= made["inflow_high"].to_numpy()))
    assert 0.92 <= np.mean(held) <= 0.985


def test_with_one_value_a_month_it_is_the_exact_poisson_interval() -> None:
    # R: poisson.test(30, 30)$conf.int is 0.6747 to 1.4276; months of 30 on an even level of 30.
    made = seasonal_index(months(np.full(12, 30)))[0].row(0, named=True)
    assert (made["inflow_index"], made["inflow_low"], made["inflow_high"]) == pytest.approx(
        (1.0, 20.2409 / 30, 42.8270 / 30), abs=1e-4
    )


def test_a_month_that_never_brought_a_deal_has_an_upper_end() -> None:
    made = seasonal_index(months(np.resize([30] * 11 + [0], 36)))[0].filter(month=12).row(0, named=True)
    assert (made["inflow_index"], made["inflow_low"]) == (0.0, 0.0)
    assert made["inflow_high"] == pytest.approx(3.6889 / 55, abs=0.002)  # two values, 27.5 expected each


def test_only_august_stands_out_of_an_even_year(tmp_path: Path) -> None:
    months_ = [(y, m) for y in (2022, 2023, 2024) for m in range(1, 13)]
    rows = [{"created": f"{y}-{m:02d}-05"} for y, m in months_ for _ in range(8 if m == 8 else 40)]
    made = season(pipeline(rows, tmp_path), Slice())
    assert made.filter("inflow_different")["month"].to_list() == [8]
