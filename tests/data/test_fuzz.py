"""A part of the mutations of `python -m tests.data.fuzz`; HITRATE_FUZZ=3000 runs all of them here."""

from __future__ import annotations

import os

import pytest

from tests.data.fuzz import FIXTURES, sheets, verdict
from tests.data.mutating import mutation

COUNT = int(os.environ.get("HITRATE_FUZZ") or 120)
PARTS = 8  # tests, so that two workers share them


@pytest.mark.skipif(not FIXTURES.exists(), reason="real data not here: exports/fixtures")
@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_exports_break_no_promise(part: int, tmp_path) -> None:
    told = [verdict(number, tmp_path) for number in range(part, COUNT, PARTS)]
    assert [one for one in told if one.bad] == []
    assert any(one.said == "read" for one in told)


@pytest.mark.skipif(not FIXTURES.exists(), reason="real data not here: exports/fixtures")
def test_a_mutation_is_the_same_every_time() -> None:
    for number in range(40):
        name, raw = mutation(list(sheets()), number)
        again, same = mutation(list(sheets()), number)
        assert (name, len(raw)) == (again, len(same))
        assert raw == same or name.endswith(".xlsx")  # a workbook holds the time it was written
