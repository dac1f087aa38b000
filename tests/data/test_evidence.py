"""The rows behind a notice: as many as the notice counts, and the very ones it is about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data import evidence, open_exports
from data.notice import Notice

CSV = """Deal,Stage,Source,Created,Closed,Amount
D1,Won,Web,2025-02-01,2025-01-15,100
D2,Lost,,2025-02-03,2025-03-20,0
D3,Won,,2025-02-13,2025-04-25,200
D4,Lost,Web,2025-03-14,,0
D5,New,Web,2025-03-15,,-300
D6,Lost,,2025-03-15,2025-03-16,0
D7,Lost,,2025-03-15,2025-03-17,0
D8,Lost,,2025-03-15,2025-03-18,0
"""
ROWS = {
    "closed_before_created": [2],
    "closed_without_date": [5],
    "negative_amounts": [6],
    "lost_without_value": [3, 5, 7, 8, 9],
    "no_stage_of_loss": [3, 5, 7, 8, 9],
    "source_blank": [3, 4, 7, 8, 9],
}


def test_each_notice_finds_as_many_rows_as_it_counts(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(CSV)
    with open_exports(tmp_path / "deals.csv") as pipeline:
        behind = evidence.behind(pipeline.folder, pipeline.meta)
        found = {pipeline.meta.notices[i].code: rows["row"].to_list() for i, rows in behind.items()}
        counted = {n.code: n.count for n in pipeline.meta.notices}
    assert {code: found[code] for code in ROWS if code in counted} == {
        c: ROWS[c] for c in ROWS if c in counted
    }
    assert {code: counted[code] for code in ROWS if code in counted} == {
        code: len(rows) for code, rows in ROWS.items() if code in counted
    }
    assert len(set(ROWS) & set(counted)) >= 4


def test_only_the_rows_of_the_file_a_notice_names(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(CSV)
    with open_exports(tmp_path / "deals.csv") as pipeline:
        other = Notice(code="negative_amounts", message="", file="another.csv")
        assert evidence.rows(pipeline.folder, other, date(2025, 12, 31)).height == 0


@pytest.mark.parametrize("code", ["no_dates", "snapshots"])
def test_a_notice_about_the_whole_file_has_the_rows_it_names_or_none(tmp_path: Path, code: str) -> None:
    (tmp_path / "deals.csv").write_text(CSV)
    with open_exports(tmp_path / "deals.csv") as pipeline:
        bare = Notice(code=code, message="", file="deals.csv")
        named = bare.model_copy(update={"rows": (4, 2)})
        assert evidence.rows(pipeline.folder, bare, date(2025, 12, 31)).height == 0
        assert evidence.rows(pipeline.folder, named, date(2025, 12, 31)).rows() == [
            ("deals.csv", 4),
            ("deals.csv", 2),
        ]
