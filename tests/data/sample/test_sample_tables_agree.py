"""The tables beside the deals tell the same story: history, activities, snapshots, people, plans."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from data.sample import Sample

CLOSED = ["Won", "Lost", "Disqualified"]


def entries(sample: Sample) -> pl.DataFrame:
    return sample.stage_entries.sort("changed_at", maintain_order=True)


def test_history_starts_at_creation_and_ends_as_the_deal_stands(sample: Sample) -> None:
    ends = (
        entries(sample)
        .group_by("deal_id")
        .agg(
            first=pl.col("changed_at").first(),
            last=pl.col("stage").last(),
            at=pl.col("changed_at").last(),
            stage=pl.col("stage").filter(~pl.col("stage").is_in(CLOSED)).last(),
        )
    )
    both = sample.deals.join(ends, on="deal_id", suffix="_history")
    word = pl.when(pl.col("status") == "Open").then("stage").otherwise("status")
    same = (pl.col("first") == pl.col("created_at")) & (pl.col("last") == word)
    same &= (pl.col("stage") == pl.col("stage_history")) & (
        pl.col("at") == pl.col("closed_at").fill_null(pl.col("at"))
    )
    assert both.height == both.filter(same).height == sample.deals.height


def test_each_entry_comes_from_the_stage_before_it_and_no_two_at_once(sample: Sample) -> None:
    before = entries(sample).with_columns(before=pl.col("stage").shift().over("deal_id"))
    assert before.filter(~pl.col("before").eq_missing(pl.col("from_stage"))).is_empty()
    assert not before.select("deal_id", "changed_at").is_duplicated().any()


def test_some_stages_are_skipped_some_deals_move_back_and_some_reopen(sample: Sample) -> None:
    number = {stage: k for k, stage in enumerate(sample.truths.stages)}
    steps = entries(sample).with_columns(
        a=pl.col("from_stage").replace_strict(number, default=None, return_dtype=pl.Int64),
        b=pl.col("stage").replace_strict(number, default=None, return_dtype=pl.Int64),
    )
    assert 0.05 < steps.filter(pl.col("b") > pl.col("a") + 1)["deal_id"].n_unique() / 6000 < 0.20
    assert 60 < steps.filter(pl.col("b") < pl.col("a"))["deal_id"].n_unique() < 300
    assert 20 < steps.filter(pl.col("from_stage") == "Lost")["deal_id"].n_unique() < 150


def test_activities_belong_to_deals_and_never_lie_in_the_future(sample: Sample) -> None:
    acts = sample.activities.join(
        sample.deals.select("deal_id", "created_at", "first_contact_at"), on="deal_id"
    )
    assert acts.height == sample.activities.height > 4 * 6000
    assert acts.filter(pl.col("activity_at") < pl.col("created_at")).is_empty()
    assert acts["activity_at"].dt.date().max() <= sample.truths.as_of  # type: ignore[operator]
    first = acts.group_by("deal_id").agg(pl.col("activity_at").min(), pl.col("first_contact_at").first())
    assert first.filter(pl.col("activity_at") != pl.col("first_contact_at")).is_empty()


def test_whoever_got_further_was_contacted_and_some_leads_never_were(sample: Sample) -> None:
    never = sample.deals.filter(pl.col("first_contact_at").is_null())
    assert 100 < never.height < 600
    assert set(never["stage"]) == {"New lead"}
    meetings = sample.activities.filter((pl.col("type") == "Visit") & (pl.col("outcome") == "Held"))
    forward = pl.col("from_stage").is_in(["New lead", "Contacted"])
    held = sample.stage_entries.filter(forward & (pl.col("stage") == "Meeting held"))
    assert held.filter(~pl.col("deal_id").is_in(meetings["deal_id"].implode())).is_empty()


def test_snapshots_are_twelve_month_ends_and_the_last_is_the_deals_file(sample: Sample) -> None:
    days = list(sample.snapshots)
    assert days[0] == date(2025, 11, 30)
    assert days[-1] == sample.truths.as_of
    assert len(days) == 12
    assert all((day + timedelta(1)).day == 1 for day in days)
    assert sample.snapshots[days[-1]].equals(sample.deals)
    heights = [frame.height for frame in sample.snapshots.values()]
    assert heights == sorted(heights)


def test_between_snapshots_deals_vanish_reopen_change_hands_and_are_rewritten(sample: Sample) -> None:
    early = pl.concat([f.with_columns(day=pl.lit(d)) for d, f in sample.snapshots.items()])
    now = sample.deals.select("deal_id", "status", "owner", "amount", "closed_at")
    gone = early.join(now, on="deal_id", how="anti")["deal_id"].n_unique()
    both = early.join(now, on="deal_id", suffix="_now")
    won = both.filter((pl.col("status") == "Won") & (pl.col("status_now") == "Won"))
    assert 5 <= gone <= 12
    assert both.filter((pl.col("status") == "Lost") & (pl.col("status_now") != "Lost")).height > 0
    assert both.filter(pl.col("owner") != pl.col("owner_now"))["owner"].unique().to_list() == ["Lars Enghave"]
    assert 3 <= won.filter(pl.col("amount") != pl.col("amount_now"))["deal_id"].n_unique() <= 9


def test_sellers_sell_only_while_employed_and_have_targets_only_then(sample: Sample) -> None:
    deals = sample.deals.join(sample.people, on="owner")
    assert deals.height == 6000
    assert sample.people.height == 15
    assert deals.filter(pl.col("created_at").dt.date() > pl.col("end_date")).is_empty()
    goals = sample.targets.join(sample.people, on="owner")
    assert goals.filter(pl.col("month") < pl.col("start_date")).is_empty()
    assert goals.filter(pl.col("month") > pl.col("end_date")).is_empty()


def test_targets_and_spend_are_of_the_size_of_the_business(sample: Sample) -> None:
    won = sample.deals.filter(pl.col("status") == "Won")["amount"].sum()
    assert 0.8 < won / sample.targets["target"].sum() < 1.2
    assert 0.005 < sample.spend["cost"].sum() / won < 0.05
    assert sample.spend.height == 24 * 8
    assert sample.spend["cost"].min() > 0


def test_a_few_customers_are_spelt_otherwise_or_missing(sample: Sample) -> None:
    used = sample.deals.select(pl.col("account").unique())
    missing = used.join(sample.customers, on="account", how="anti")
    assert sample.customers["account"].is_unique().all()
    assert 5 <= missing.height <= 12
    assert sample.customers.join(used, on="account", how="anti").height in range(2, 6)
