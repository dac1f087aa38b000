"""Leaks: by eye, against plain Python, and as a procedure that must not cry wolf."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from data.errors import HitrateError
from data.meta import Pipeline_, Stage
from data.slice import Slice
from metrics import leaks
from metrics.leaks import finished, leak_report, measured
from tests.build import pipeline
from tests.metrics import twin
from tests.metrics.company import STAGES, company

COLUMNS = ["field", "value", "stage", "deals", "conversion", "reference", "excess_lost", "revenue_at_stake",
           "low", "high", "p", "q"]  # fmt: skip


def deals(source: str, won: int, lost_at: dict[int, int]) -> list[dict[str, Any]]:
    gone = [
        {"source": source, "status": "lost", "last": stage} for stage, n in lost_at.items() for _ in range(n)
    ]
    return [{"source": source, "status": "won"} for _ in range(won)] + gone


# Lead: Fair 4 of 10 advance, Web 8 of 10. Of those, Fair wins 2 of 4, Web 6 of 8. A win is EUR 1 000.
TWENTY = [*deals("Fair", 2, {1: 6, 2: 2}), *deals("Web", 6, {1: 2, 2: 2})]


def test_twenty_deals_by_eye(tmp_path: Path) -> None:
    made = leaks(pipeline(TWENTY, tmp_path, ("Lead", "Offer")), fields=["source"])
    assert made.columns[:12] == COLUMNS
    row = made.filter(stage="Lead").row(0, named=True)
    assert (row["value"], row["deals"], row["conversion"], row["reference"]) == ("Fair", 10, 0.4, 0.8)
    assert row["excess_lost"] == pytest.approx(4)  # 10 x (0.8 - 0.4)
    assert row["win_after"] == 6 / 8
    assert row["revenue_at_stake"] == pytest.approx(3000)  # 4 x 0.75 x 1 000
    assert row["p"] == pytest.approx(stats.fisher_exact([[4, 6], [8, 2]])[1])
    assert row["state"] == "not enough data"  # 10 deals prove nothing


def test_the_interval_is_the_delta_method(tmp_path: Path) -> None:
    made = leaks(pipeline(TWENTY, tmp_path, ("Lead", "Offer")), fields=["source"])
    row = made.filter(stage="Lead").row(0, named=True)

    def var(x: int, n: int) -> float:  # two cases added to either side
        return (x + 2) * (n - x + 2) / (n + 4) ** 3

    half = 1.959964 * 1000 * math.sqrt((0.75 * 10) ** 2 * (var(4, 10) + var(8, 10)) + 4**2 * var(6, 8))
    assert (row["low"], row["high"]) == pytest.approx((3000 - half, 3000 + half), rel=1e-6)


def test_a_planted_leak_comes_first_and_is_called_one(tmp_path: Path) -> None:
    rows = [
        *deals("Fair", 40, {1: 20, 2: 100}),
        *deals("Web", 200, {1: 50, 2: 60}),
        *deals("Phone", 90, {1: 25, 2: 30}),
    ]
    first = leaks(pipeline(rows, tmp_path, ("Lead", "Offer"))).row(0, named=True)
    assert (first["field"], first["value"], first["stage"], first["state"]) == (
        "source",
        "Fair",
        "Offer",
        "leak",
    )
    assert first["low"] > 0
    assert first["position"] == "late"


def test_every_row_equals_plain_python(tmp_path: Path) -> None:
    rows = company(31)
    report = leak_report(pipeline(rows, tmp_path, STAGES))
    assert report.everything.height > 30
    for row in report.everything.iter_rows(named=True):
        group = [r for r in rows if r[row["field"]] == row["value"]]
        rest = [r for r in rows if r[row["field"]] != row["value"]]
        (x, n), (rest_x, rest_n) = twin.step(group, row["stage_no"]), twin.step(rest, row["stage_no"])
        assert (row["deals"], row["conversion"], row["reference"]) == pytest.approx(
            (n, x / n, rest_x / rest_n)
        )
        after = 1.0 if row["stage_no"] == 4 else twin.win_after(rest, row["stage_no"])
        assert row["win_after"] == pytest.approx(after)
        assert row["wins_at_stake"] == pytest.approx(n * (rest_x / rest_n - x / n) * after)


def test_q_is_corrected_over_all_comparisons_made(tmp_path: Path) -> None:
    report = leak_report(pipeline(company(32), tmp_path, STAGES))
    told = stats.false_discovery_control(report.everything["p"].drop_nulls().to_numpy())
    assert report.tested == len(told) > report.frame.height
    assert report.everything.drop_nulls("p")["q"].to_numpy() == pytest.approx(told)


def test_a_group_with_few_wins_borrows_the_average_of_all(tmp_path: Path) -> None:
    # Fair: 3 wins of 9 000; all 33 wins: (3 x 9 000 + 30 x 1 000) / 33 = 1 727.27; weight 3 / 30.
    rows = [r | {"amount": 9000.0} for r in deals("Fair", 3, {1: 9})] + deals("Web", 30, {1: 10})
    made = leaks(pipeline(rows, tmp_path), fields=["source"]).filter(value="Fair").row(0, named=True)
    assert made["average_won"] == pytest.approx(0.1 * 9000 + 0.9 * 57000 / 33)
    assert made["average_from"] == "group and all"


def test_without_stages_the_decided_hit_rate_is_compared(tmp_path: Path) -> None:
    report = leak_report(pipeline(TWENTY, tmp_path, stage_source="none"), fields=["source"])
    row = report.frame.row(0, named=True)
    assert (row["stage"], row["deals"], row["conversion"], row["reference"]) == (None, 10, 0.2, 0.6)
    assert row["revenue_at_stake"] == pytest.approx(10 * 0.4 * 1000)
    assert report.by_stage is False


def test_headers_are_taken_as_fields_and_unknown_ones_refused(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="source"):
        leaks(pipeline(TWENTY, tmp_path), fields=["sourse"])


def test_the_outcome_itself_is_no_field(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="outcome"):
        leaks(pipeline(TWENTY, tmp_path), fields=["status"])


def test_pipelines_with_different_stages_are_each_compared_within_themselves(tmp_path: Path) -> None:
    lists = tuple(Pipeline_(name=n, stages=TWO[:k]) for n, k in (("Sales", 2), ("Renewals", 1)))
    renewals = [
        r | {"pipeline": "Renewals", "last": 1} for r in deals("Fair", 9, {1: 3}) + deals("Web", 8, {1: 8})
    ]
    report = leak_report(pipeline([*TWENTY, *renewals], tmp_path, pipelines=lists), fields=["source"])
    made = report.frame.select("pipeline", "value", "stage_no", "deals")
    assert made.sort("pipeline", "stage_no").rows() == [
        ("Renewals", "Web", 1, 16), ("Sales", "Fair", 1, 10), ("Sales", "Fair", 2, 4)]  # fmt: skip
    assert report.tested == 2 + 2  # Offer has 4 decided Fair deals: too few to compare


def test_nothing_to_compare_is_an_empty_table(tmp_path: Path) -> None:
    made = leaks(pipeline([{"status": "won"}], tmp_path))
    assert made.is_empty()
    assert made.columns[:12] == COLUMNS


def simulated(
    rng: np.random.Generator, sizes: dict[str, list[int]], law: dict[str, float] | None = None
) -> pl.DataFrame:
    """Return flow cells of two stages, one in two deals advancing from each, unless `law` says otherwise."""
    parts = []
    for field, counts in sizes.items():
        for number, n in enumerate(counts):
            value = f"{field}{number}"
            on = rng.binomial(n, (law or {}).get(value, 0.5))
            won = rng.binomial(on, 0.5)
            parts += [(field, value, 2, 2, "won", won), (field, value, 2, 2, "lost", on - won),
                      (field, value, 1, 1, "lost", n - on)]  # fmt: skip
    names = ["field", "value", "furthest_no", "last_no", "status", "deals"]
    frame = pl.DataFrame(parts, schema=names, orient="row").with_columns(currency=pl.lit("EUR"))
    return frame.with_columns(
        visited_mask=pl.lit(1), amount_known="deals", amount_minor=pl.col("deals") * 100_000
    )


TWO = (Stage(number=1, label="Lead"), Stage(number=2, label="Offer"))


def test_no_leak_is_found_where_there_is_none() -> None:
    # 300 companies in which every group is alike: at q < 0.1 at most 12 % may see a leak at all.
    rng = np.random.default_rng(41)
    sizes = {"a": [400, 300, 200, 60, 40], "b": [500, 480, 20], "c": [25] * 40}
    alarms = 0
    for _ in range(300):
        part = measured(simulated(rng, sizes), TWO, Slice()).with_columns(pipeline=pl.lit(None, pl.String))
        alarms += "leak" in finished([part], {}, (), set(), by_stage=True).frame["state"]
    assert alarms / 300 <= 0.12


def test_the_interval_holds_the_truth_19_times_in_20() -> None:
    # a0: 200 deals advance at 0.3, the rest at 0.5 and win half: excess 200 x 0.2 x 0.5 wins = 20.
    rng = np.random.default_rng(42)
    made = pl.concat(
        [measured(simulated(rng, {"a": [200, 600]}, {"a0": 0.3}), TWO, Slice()) for _ in range(400)]
    )
    held = made.filter(value="a0", stage_no=1).select((pl.col("wins_low") < 20) & (pl.col("wins_high") > 20))
    assert 0.93 <= held.to_series().mean() <= 0.98  # type: ignore[operator]


def test_cost_does_not_grow_with_deals() -> None:
    rng = np.random.default_rng(43)
    small = measured(simulated(rng, {"a": [50] * 9}), TWO, Slice())
    large = measured(simulated(rng, {"a": [5_000_000] * 9}), TWO, Slice())
    assert small.shape == large.shape


def companies(rng: np.random.Generator, runs: int) -> list[pl.DataFrame]:
    """Return flow cells of companies of 600 deals, 9 fields of 10 values of unlike sizes, none mattering."""
    weight = np.array([20, 16, 14, 12, 10, 9, 7, 6, 4, 2]) / 100
    made = []
    for _ in range(runs):
        stage, won = rng.integers(1, 3, 600), rng.random(600) < 0.3
        kind = np.where(won, 0, stage)  # won, or lost at Lead or at Offer
        counts = [np.bincount(rng.choice(10, 600, p=weight) * 3 + kind, minlength=30) for _ in range(9)]
        made.append(KINDS.with_columns(deals=pl.Series(np.concatenate(counts), dtype=pl.Int64)))
    return [m.with_columns(amount_known="deals", amount_minor=pl.col("deals") * 100_000) for m in made]


KINDS = pl.DataFrame(
    [(f"f{f}", f"f{f}v{v}", 2 - (k == 1), 2 - (k == 1), "lost" if k else "won")
     for f in range(9) for v in range(10) for k in range(3)],
    schema=["field", "value", "furthest_no", "last_no", "status"], orient="row",
).with_columns(currency=pl.lit("EUR"), visited_mask=pl.lit(1, pl.Int64))  # fmt: skip


def test_500_companies_with_9_dimensions_and_90_values_that_do_not_matter() -> None:
    # The same deals lie behind all nine fields, as in a real export. At q < 0.1 at most 12 % may see a leak.
    alarms = 0
    for cells in companies(np.random.default_rng(44), 500):
        part = measured(cells, TWO, Slice()).with_columns(pipeline=pl.lit(None, pl.String))
        alarms += "leak" in finished([part], {}, (), set(), by_stage=True).frame["state"]
    assert alarms / 500 <= 0.12
