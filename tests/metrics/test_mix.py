"""Mix-adjusted rates: textbook examples, by eye, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from data.errors import HitrateError
from data.meta import Dimension
from data.slice import Slice
from metrics.mix import MixReport, mix_adjusted, proposed
from metrics.stats.standard import exact, indirect
from tests.build import pipeline


def deals(won: int, lost: int, **more: Any) -> list[dict[str, Any]]:
    return [{"status": "won"} | more] * won + [{"status": "lost", "last": 1} | more] * lost


# Charig et al. (1986), kidney stones, as in Julious and Mullee (1994): A is better for small and for large
# stones, B for all together, since A was given the large ones.
STONES = [
    *deals(81, 6, owner="A", product="small"), *deals(192, 71, owner="A", product="large"),
    *deals(234, 36, owner="B", product="small"), *deals(55, 25, owner="B", product="large"),
]  # fmt: skip


@pytest.fixture
def stones(tmp_path: Path) -> MixReport:
    return mix_adjusted(pipeline(STONES, tmp_path), Slice(by=("owner",)), ["product"])


# SAS/STAT 12.1 User's Guide, The STDRATE Procedure, Getting Started: deaths of skin cancer in 2000 by age,
# Florida and the United States (deaths, person-years), and the expected deaths that it prints per age.
FLORIDA = [(0, 953_785), (0, 1_997_935), (4, 1_885_014), (14, 1_957_573), (43, 2_356_649), (72, 2_088_000),
           (70, 1_548_371), (126, 1_447_432), (136, 1_087_524), (73, 335_944)]  # fmt: skip
STATES = [(0, 19_175_798), (1, 41_077_577), (41, 39_183_891), (186, 39_892_024), (626, 45_148_527),
          (1199, 37_677_952), (1303, 24_274_684), (1637, 18_390_986), (1624, 12_361_180),
          (803, 4_239_587)]  # fmt: skip
EXPECTED = [0.0, 0.049, 1.972, 9.127, 32.676, 66.445, 83.112, 128.837, 142.878, 63.630]


def test_expected_deaths_equal_the_worked_example_of_sas_stdrate() -> None:
    frame = pl.DataFrame({"age": range(10), "hits": [d for d, _ in FLORIDA], "cases": [n for _, n in FLORIDA],
                          "standard": [d / n for d, n in STATES]})  # fmt: skip
    assert indirect(frame, ["age"])["expected"].to_list() == pytest.approx(EXPECTED, abs=5e-4)
    made = indirect(frame.with_columns(state=pl.lit("Florida")), ["state"]).row(0, named=True)
    assert (made["observed"], made["expected"]) == (538, pytest.approx(sum(EXPECTED), abs=5e-3))
    assert made["ratio"] == pytest.approx(538 / 528.726, abs=1e-5)
    # Exact Poisson limits of 538 deaths, which the binomial ones are for so rare an event.
    ends = [stats.gamma.ppf(0.025, 538) / 528.726, stats.gamma.ppf(0.975, 539) / 528.726]
    assert (made["ratio_low"], made["ratio_high"]) == pytest.approx(ends, abs=1e-4)


def test_kidney_stones_by_eye(stones: MixReport) -> None:
    # small: 315 of 357 overall, large: 247 of 343. A: 87 x 315/357 + 263 x 247/343 expected, 273 won.
    a = stones.frame.filter(owner="A").row(0, named=True)
    assert a["expected"] == pytest.approx(87 * 315 / 357 + 263 * 247 / 343)
    assert a["adjusted"] == pytest.approx(273 / a["expected"] * 562 / 700)
    assert stones.frame["owner"].to_list() == ["A", "B"]
    assert stones.frame["rate"].to_list() == [273 / 350, 289 / 350]


def test_simpson_is_told_with_the_mix_that_explains_it(stones: MixReport) -> None:
    row = stones.reversals.row(0, named=True)
    assert (row["better"], row["worse"], row["stratum"]) == ("A", "B", "large")
    assert (row["better_share"], row["worse_share"]) == (263 / 350, 80 / 350)
    assert row["stratum_rate"] == 247 / 343


def test_expected_wins_add_up_to_all_wins_however_thin_the_strata(tmp_path: Path) -> None:
    rng = np.random.default_rng(71)
    rows = [row for o in "AB" for s in "xyz" for c in "12345" for w, n in [rng.integers(0, 6, 2)]
            for row in deals(int(w), int(n), owner=o, source=s, city=c)]  # fmt: skip
    made = mix_adjusted(pipeline(rows, tmp_path), Slice(by=("owner",)), ["source", "city"])
    assert made.thin > 10
    assert 0 < made.thin_share <= 1
    assert made.frame["expected"].sum() == pytest.approx(made.frame["won"].sum())


def test_without_a_difference_in_mix_nothing_changes(tmp_path: Path) -> None:
    rows = deals(30, 30, owner="A", product="p") + deals(40, 80, owner="B", product="p")
    made = mix_adjusted(pipeline(rows, tmp_path), Slice(by=("owner",)), ["product"])
    assert made.frame["adjusted"].to_list() == pytest.approx(made.frame["rate"].to_list())
    assert made.reversals.is_empty()


def test_a_group_alone_in_its_stratum_is_not_compared(tmp_path: Path) -> None:
    rows = deals(60, 60, owner="A", product="p") + deals(90, 30, owner="B", product="q")
    made = mix_adjusted(pipeline(rows, tmp_path), Slice(by=("owner",)), ["product"]).frame
    assert made["shared"].to_list() == [0, 0]
    assert made["enough"].to_list() == [False, False]


def test_a_blank_is_a_stratum_of_its_own(tmp_path: Path) -> None:
    rows = deals(30, 30, owner="A", product=None) + deals(40, 40, owner="B", product="q")
    made = mix_adjusted(pipeline(rows, tmp_path), Slice(by=("owner",)), ["product"])
    assert made.strata.select("product", "deals", "won").rows() == [("q", 80, 40), (None, 60, 30)]


@pytest.mark.parametrize(("fields", "said"), [
    (["lost_reason"], "how a deal ended"), (["stage"], "how a deal ended"), (["status"], "how a deal ended"),
    (["why"], "how a deal ended"), (["owner"], "breakdown"), ([], "No field"),
    (["sourse"], "source")])  # fmt: skip
def test_what_cannot_be_a_stratum_is_refused_with_the_reason(tmp_path: Path, fields: Any, said: str) -> None:
    rows = deals(60, 0, lost_reason=None, why=None) + deals(0, 60, lost_reason="price", why="price")
    with pytest.raises(HitrateError, match=said):
        mix_adjusted(pipeline(rows, tmp_path), Slice(by=("owner",)), fields)


def test_a_rate_by_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HitrateError, match="counts deals"):
        mix_adjusted(pipeline(STONES, tmp_path), Slice(by=("owner",)), ["product"], "value")


def test_source_customer_type_and_size_are_proposed_where_known(tmp_path: Path) -> None:
    known = (Dimension(column="source", label="Bron", values=3, blanks=0),
             Dimension(column="company_size", label="Size", values=1, blanks=0))  # fmt: skip
    meta = pipeline(STONES, tmp_path, dimensions=known).meta
    assert proposed(meta) == ["source"]
    assert proposed(meta, ["source"]) == []


@pytest.mark.parametrize("rows", [[], [{"status": "open"}] * 3, deals(1, 0)], ids=["none", "open", "one"])
def test_few_deals_give_a_table_not_an_error(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    made = mix_adjusted(pipeline(rows or STONES[:1], tmp_path), Slice(by=("owner",)), ["source"])
    assert made.frame.width == 15
    assert made.reversals.is_empty()


def test_the_exact_interval_equals_statsmodels() -> None:
    hits, cases = np.array([0, 3, 40, 7]), np.array([9, 10, 40, 33])
    told = proportion_confint(hits, cases, method="beta")
    assert np.array(exact(hits, cases)) == pytest.approx(np.nan_to_num(told, nan=0.0), abs=1e-9)


def test_the_interval_holds_the_truth_at_least_19_times_in_20() -> None:
    # Two strata at 20 and 60 %, a group a tenth better than the standard: the ratio is 1.1.
    rng = np.random.default_rng(72)
    hits = rng.binomial([[60], [30]], [[0.22], [0.66]], (2, 2000))
    frame = pl.DataFrame({"run": np.tile(np.arange(2000), 2), "hits": hits.ravel(),
                          "cases": np.repeat([60, 30], 2000),
                          "standard": np.repeat([0.2, 0.6], 2000)})  # fmt: skip
    made = indirect(frame, ["run"])
    held = made.select((pl.col("ratio_low") <= 1.1) & (pl.col("ratio_high") >= 1.1)).to_series().mean()
    assert 0.95 <= held <= 0.99  # type: ignore[operator]
