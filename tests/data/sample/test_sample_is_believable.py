"""The sample is one company, the same for the same seed, and plausible in every count."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from data.sample import Sample, generate
from data.sample.company import SELLERS, SOURCES

FRAMES = ("deals", "stage_entries", "activities", "spend", "targets", "people", "customers", "products")
CLOSED = ("Won", "Lost", "Disqualified")


def status(frame: pl.DataFrame, *words: str) -> pl.DataFrame:
    return frame.filter(pl.col("status").is_in(words))


def days_to_close(frame: pl.DataFrame) -> pl.Series:
    return frame.select((pl.col("closed_at") - pl.col("created_at")).dt.total_hours() / 24).to_series()


def test_same_seed_gives_the_same_sample_and_another_seed_another(sample: Sample) -> None:
    again, other = generate(), generate(8, snapshots=1)
    for name in FRAMES:
        assert getattr(again, name).equals(getattr(sample, name)), name
    assert all(again.snapshots[day].equals(frame) for day, frame in sample.snapshots.items())
    assert not other.deals.equals(sample.deals)


def test_as_many_leads_as_asked_all_within_the_two_years(sample: Sample) -> None:
    deals = sample.deals
    assert deals.height == deals["deal_id"].n_unique() == 6000
    assert deals["created_at"].min() >= datetime(2024, 11, 1)  # type: ignore[operator]
    assert deals["created_at"].max() < datetime(2026, 11, 1)  # type: ignore[operator]
    assert generate(3, leads=500, snapshots=0).deals.height == 500


@pytest.mark.parametrize("seed", [7, 21, 22, 23])
def test_open_share_and_hit_rate_are_plausible(seed: int) -> None:
    deals = generate(seed, snapshots=0).deals
    won, lost = status(deals, "Won").height, status(deals, "Lost").height
    assert 0.10 < status(deals, "Open").height / deals.height < 0.15
    assert 0.25 < won / (won + lost) < 0.35
    assert 0.05 < status(deals, "Disqualified").height / deals.height < 0.12


def test_open_deals_are_mostly_recent_and_a_few_are_stale(sample: Sample) -> None:
    age = status(sample.deals, "Open").select(
        (pl.lit(sample.truths.as_of) - pl.col("created_at").dt.date()).dt.total_days()
    )
    assert age.filter(pl.col("literal") <= 120).height / age.height > 0.7
    assert 0.05 < age.filter(pl.col("literal") > 180).height / age.height < 0.30


def test_wins_are_quicker_than_losses(sample: Sample) -> None:
    won, lost = (days_to_close(status(sample.deals, word)).median() for word in ("Won", "Lost"))
    assert 30 < won < lost < 80  # type: ignore[operator]


def test_inflow_dips_in_summer_pushes_in_autumn_and_grows(sample: Sample) -> None:
    months = sample.deals.group_by(pl.col("created_at").dt.truncate("1mo").cast(pl.Date).alias("m")).len()
    leads = dict(months.iter_rows())
    for year in (2025, 2026):
        summer = leads[date(year, 7, 1)] + leads[date(year, 8, 1)]
        assert summer < 0.75 * (leads[date(year, 9, 1)] + leads[date(year, 10, 1)])
    second = sum(n for m, n in leads.items() if m >= date(2025, 11, 1))
    assert 1.15 < second / (6000 - second) < 1.55


def test_amounts_are_euros_spread_like_a_lognormal(sample: Sample) -> None:
    deals = sample.deals
    logs = deals["amount"].drop_nulls().log()
    assert set(deals["currency"]) == {"EUR"}
    assert abs(logs.skew() or 9.0) < 0.3
    assert deals["amount"].min() > 0  # type: ignore[operator]
    assert 0.02 < deals["amount"].null_count() / deals.height < 0.10
    assert status(deals, "Won")["amount"].null_count() == 0


def test_groups_are_as_many_as_promised(sample: Sample) -> None:
    deals = sample.deals
    assert set(deals["owner"]) == {s.name for s in SELLERS}
    assert deals["team"].n_unique() == 4
    assert set(deals["source"].drop_nulls()) == {s.name for s in SOURCES} | {"website", "Linkedin"}
    assert 30 < deals["source"].null_count() < 130
    shares = deals["country"].value_counts(normalize=True)
    assert 0.5 < shares.filter(pl.col("country") == "Netherlands")["proportion"].item() < 0.65


def test_dates_of_a_deal_are_in_order(sample: Sample) -> None:
    deals = sample.deals
    assert deals.filter(pl.col("closed_at") < pl.col("stage_entered_at")).is_empty()
    assert deals.filter(pl.col("first_contact_at") < pl.col("created_at")).is_empty()
    assert deals.filter(pl.col("stage_entered_at") < pl.col("created_at")).is_empty()
    assert deals["closed_at"].is_null().equals((deals["status"] == "Open").rename("closed_at"))
