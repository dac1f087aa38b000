"""The queries behind asides and flows keep to core SQL, whatever the names and values in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.cells import asides, movements
from data.cells.movements import Between
from tests.data.cells.core import lint
from tests.exports import exports

EVIL = "O'Brien \" -- ; DROP TABLE deals"
DEAL = {"Id": "A", "Status": "open", "Stage": "Lead", "Amount": "1", "Owner": "Ann", EVIL: EVIL}
DAYS = (date(2026, 1, 31), date(2026, 2, 28))


@pytest.mark.parametrize("by", [None, EVIL, "owner"])
def test_asides_are_core_sql(by: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = exports(tmp_path, [("2026-01-31", [DEAL]), ("2026-02-28", [{**DEAL, "Stage": "Offer"}])])
    for table in ("deals", "versions"):  # asked for in the engine's own way, once
        found.engine.schema(table)
    seen: list[str] = []
    fetch = found.engine.fetch

    def listen(sql: str) -> pl.DataFrame:
        seen.append(sql)
        return fetch(sql)

    monkeypatch.setattr(found.engine, "fetch", listen)
    asked = Between(*DAYS, by, ((EVIL, (EVIL, None)),), stages=True)
    assert asides.asides(found, asked)["stage_forward"].to_list() == [1]
    assert movements.moved_count(found, asked, asides.flow_condition("open", EVIL, "vanished", None)) == 0
    assert [problem for sql in seen for problem in lint(sql)] == []
