"""The query a reader sees is the one that counted the deals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data import cells
from data.slice import Slice
from tests.build import AS_OF, pipeline

ROWS: list[dict[str, Any]] = [
    {"entries": [(1, "2025-01-01"), (2, "2025-01-05"), ("won", "2025-01-09")]},
    {"status": "lost", "source": "Fair"},
]
ASKED = Slice(by=("source",), where=(("source", ("Web", "O'Neil", None)),), grain="month")


@pytest.mark.parametrize("cell", ["outcomes", "flow", "ages", "stage_ages", "count", "flow_by_each"])
def test_it_is_the_text_the_engine_gets(cell: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, ran = pipeline(ROWS, tmp_path), []
    found.engine.schema("deals")
    fetch = found.engine.fetch
    monkeypatch.setattr(found.engine, "fetch", lambda sql, params=None: (ran.append(sql), fetch(sql))[1])
    more: dict[str, tuple[Any, ...]] = {
        "outcomes": (2, 3),
        "ages": (AS_OF,),
        "stage_ages": (AS_OF,),
        "flow_by_each": (ASKED.by,),
    }
    getattr(cells, cell)(found, ASKED, *more.get(cell, ()))
    assert cells.explain(found, ASKED, cell, 2, 3) == ";\n\n".join(ran)  # type: ignore[arg-type]


def test_without_stage_dates_there_is_no_query(tmp_path: Path) -> None:
    assert cells.explain(pipeline([{"status": "won"}], tmp_path), Slice(), "stage_ages") == ""
