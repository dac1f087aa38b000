"""Hundreds of exports are read a few at a time: how many at once must not show in the versions."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data.snapshots import scope
from tests.exports import exports

DAYS = tuple(f"2026-02-{n:02}" for n in (1, 8, 15, 22))
FIRST = {"Status": "open", "Stage": "Lead", "Created": "2026-01-02", "Team": "North"}
ROWS = [FIRST | {"Id": str(n), "Amount": f"{n}00.00"} for n in range(1, 7)]
WEEKS = [
    (DAYS[0], ROWS),
    (DAYS[1], [*(row | {"Stage": "Meeting"} for row in ROWS[:3]), *ROWS[3:5]]),
    (DAYS[2], [ROWS[0] | {"Status": "won", "Stage": "Won", "Closed": "2026-02-10"}, *ROWS[1:]]),
    (DAYS[3], [*ROWS[1:], FIRST | {"Id": "7", "Amount": None, "Team": None}]),
]
BLANK_FIRST = [
    (day, [row | {"Amount": None, "Team": None} if day == DAYS[0] else row for row in rows])
    for day, rows in WEEKS
]


@pytest.mark.parametrize("weeks", [WEEKS, BLANK_FIRST], ids=["all filled", "the first without amounts"])
@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_the_versions_are_those_of_all_exports_read_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
    weeks: list[tuple[str, list[dict[str, str]]]],
) -> None:
    read: list[int] = []
    real = scope.Reader.parts

    def parts(reader: scope.Reader, picked: str, key: str = "pick") -> list[str]:
        found = real(reader, picked, key)
        read.append(len(found))
        return found

    monkeypatch.setattr(scope.Reader, "parts", parts)
    with exports(tmp_path / "whole", weeks) as pipeline:
        whole, told = pl.read_parquet(pipeline.folder / "versions.parquet"), pipeline.meta
    monkeypatch.setattr(scope, "AT_ONCE", at_once)
    with exports(tmp_path / "parts", weeks) as pipeline:
        parted, meta = pl.read_parquet(pipeline.folder / "versions.parquet"), pipeline.meta
    assert parted.schema == whole.schema
    assert parted.rows() == whole.rows()
    assert (meta.counts, meta.notices) == (told.counts, told.notices)
    assert read == [1, -(-len(weeks) // at_once)]
    assert whole.height > len(ROWS)
