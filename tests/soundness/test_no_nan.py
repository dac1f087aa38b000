"""Not available is null; NaN would sort first, fail every comparison and print as a number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from polars import selectors as cs

from data.slice import Slice
from metrics import funnel
from metrics.comparison import compare
from metrics.definitions import PRESETS
from metrics.hit_rate import rates
from metrics.leaks import leak_report
from metrics.over_time import trend
from tests.build import pipeline
from tests.metrics.company import STAGES, company

SPARSE = [
    {"status": s, "source": source, "amount": None} for s in ("open", "disqualified") for source in "AB"
]


@pytest.mark.parametrize(
    "rows", [SPARSE, company(51, 6), company(52)], ids=["nothing decided", "six", "many"]
)
def test_nan_reaches_the_screen(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    deals = pipeline(rows, tmp_path, STAGES)
    slice = Slice(by=("source",))
    frames = [funnel(deals, by="source"), leak_report(deals).everything]
    for preset in PRESETS:
        frames += [compare(rates(deals, slice, preset)), trend(deals, slice, preset)]
    for frame in frames:
        odd = frame.select(cs.float().is_nan() | cs.float().is_infinite())
        assert not any(True in column for column in odd.iter_columns())
