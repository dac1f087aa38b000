"""A wrong number that was found: an export without lost deals gave a hit rate of 100 %."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.slice import Slice
from metrics import hit_rate
from metrics.hit_rate import rates
from tests.build import pipeline

WON = [{"status": "won", "source": "Web" if i % 2 else "Fair"} for i in range(40)]
OPEN = [{"status": "open"} for _ in range(60)]
LOST = {"status": "lost", "source": "Fair"}


@pytest.mark.parametrize("definition", ["decided", "value"])
def test_won_deals_alone_give_no_rate_and_the_reason(tmp_path: Path, definition: str) -> None:
    deals = pipeline(WON + OPEN, tmp_path)
    found = rates(deals, Slice(by=("source",)), definition)
    assert found["rate"].null_count() == found.height
    assert "no lost deals" in set(found["reason"])


def test_other_denominators_still_do(tmp_path: Path) -> None:
    found = hit_rate(pipeline(WON + OPEN, tmp_path), definition="created")
    assert found["rate"].item() == 0.4


def test_a_slice_of_won_deals_keeps_its_rate_where_others_were_lost(tmp_path: Path) -> None:
    found = hit_rate(pipeline([*WON, LOST], tmp_path), where={"source": ["Web"]})
    assert found["rate"].item() == 1.0


def test_a_handful_of_won_deals_proves_nothing(tmp_path: Path) -> None:
    few: list[dict[str, Any]] = WON[:5]
    assert hit_rate(pipeline(few, tmp_path))["rate"].item() == 1.0
