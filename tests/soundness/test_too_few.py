"""A handful of deals is never called better, worse or a leak, however unlike the rest they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.pipeline import Pipeline
from data.slice import Slice
from metrics.comparison import compare
from metrics.hit_rate import rates
from metrics.leaks import leak_report
from metrics.mix import mix_adjusted
from metrics.mix_fields import held
from metrics.periods import against
from metrics.ranking import ranking
from metrics.season import season
from tests.build import pipeline

FEW = 12  # of 12 lost where 9 in 10 are won: p is far below 0.001, and yet the rate may be 0 or 25 %


def rows(n: int, status: str, **own: Any) -> list[dict[str, Any]]:
    return [{"status": status, "last": 1 if status == "lost" else 3, **own}] * n


@pytest.fixture
def made(tmp_path: Path) -> Pipeline:
    own = [
        {"country": country, "created": f"{year}-{month:02d}-01", "closed": f"{year}-{month:02d}-20"}
        for country in ("NL", "DK") for year in (2024, 2025) for month in (2, 3, 4)
    ]  # fmt: skip
    many = [
        row for o in own for row in [*rows(45, "won", source="Web", **o), *rows(5, "lost", source="Web", **o)]
    ]
    thin = {"created": "2025-08-01", "closed": "2025-08-20", "source": "Fair", "country": "NL"}
    before = {"created": "2024-08-01", "closed": "2024-08-20", "source": "Fair", "country": "NL"}
    return pipeline([*many, *rows(FEW, "lost", **thin), *rows(FEW, "won", **before)], tmp_path)


YEAR = Slice(by=("source",), basis="closed", start=date(2025, 1, 1), end=date(2025, 12, 31))


def fair(frame: pl.DataFrame) -> dict[str, Any]:
    return frame.filter(source="Fair").row(0, named=True)


def test_it_is_not_different(made: Pipeline) -> None:
    row = fair(compare(rates(made, YEAR)))
    assert row["q"] < 0.001
    assert (row["different"], row["more_deals"]) == (False, None)


def test_it_is_no_leak(made: Pipeline) -> None:
    found = leak_report(made, fields=["source"], start="2025-01-01").frame.filter(value="Fair")
    assert found["q"].min() < 0.001  # type: ignore[operator]
    assert set(found["state"]) == {"not enough data"}


def test_it_is_not_weak(made: Pipeline) -> None:
    assert fair(ranking(rates(made, YEAR)))["mark"] is None


def test_it_is_neither_better_nor_worse_than_its_mix(made: Pipeline) -> None:
    row = fair(held(mix_adjusted(made, YEAR, ["country"]).frame))
    assert (row["raw_side"], row["fair_side"]) == ("same", "same")


def test_it_has_not_changed(made: Pipeline) -> None:
    then = YEAR.with_(start=date(2024, 1, 1), end=date(2024, 12, 31))
    row = fair(against(made, YEAR, then))
    assert row["q"] < 0.001
    assert (row["before_rate"], row["rate"], row["changed"]) == (1.0, 0.0, False)


def test_its_month_has_no_season(made: Pipeline) -> None:
    asked = Slice(where=(("source", ("Fair", "Web")),), start=date(2025, 1, 1), basis="closed")
    row = season(made, asked).row(7, named=True)
    assert row["q"] < 0.001
    assert (row["denominator"], row["different"]) == (FEW, False)
