"""Two files of one name are told apart wherever files are named."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from data import evidence
from data.imported import Pipeline
from data.naming import own_names
from data.workspace import Store, Workspace

from ..workspace.test_repairing import BAD, GOOD, HEAD, lines, text

OTHER = "Case,Outcome,Created,Amount,Channel,Team"
TWO = [f"C-{i},{'Won' if i % 2 else 'Lost'},2026-02-{i % 27 + 1:02d},{i},Fair,A" for i in range(20)]


@pytest.fixture
def workspace(store: Store) -> Workspace:
    found = store.create()
    found.receive("export.csv", BytesIO("\n".join([HEAD, *GOOD, BAD[0]]).encode()))
    found.receive(
        "export.csv", BytesIO("\n".join([OTHER, *TWO, "C-90,Won,2026-02-01,plenty,Fair,A"]).encode())
    )
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_the_later_file_of_a_name_is_numbered_in_the_order_they_came() -> None:
    assert own_names(["a.csv", "b.csv", "A.csv", "a.csv"]) == ["a.csv", "b.csv", "A.csv (2)", "a.csv (3)"]
    assert own_names(["a (2)", "a", "a"]) == ["a (2)", "a", "a (3)"]


def test_ledger_rejects_rows_and_proposals_are_each_files_own(workspace: Workspace) -> None:
    with workspace.commit() as pipeline:
        ledger = {f.file: (f.rows_read, f.values_unread) for f in pipeline.meta.files}
        assert ledger == {"export.csv": (31, 1), "export.csv (2)": (21, 1)}
        assert pipeline.rejects().select("file", "text").rows() == [
            ("export.csv", "much"),
            ("export.csv (2)", "plenty"),
        ]
        deals = pl.read_parquet(pipeline.folder / "deals.parquet")
        assert dict(deals.group_by("file").len().iter_rows()) == {"export.csv": 31, "export.csv (2)": 21}
        assert [p["file"] for p in pipeline.proposal] == ["export.csv", "export.csv (2)"]
        assert {n.file for n in pipeline.meta.notices if n.file} <= set(ledger)


def test_rows_to_mend_are_those_of_the_file_that_was_asked_for(workspace: Workspace) -> None:
    workspace.commit().close()
    head, *rows = lines(workspace.rejected("export.csv (2)"))
    assert head[2:] == OTHER.split(",")
    assert [row[2] for row in rows] == ["C-90"]
    rows[0][5] = "55"
    workspace.receive("export.csv", text([head, *rows]))
    with workspace.commit() as pipeline:
        assert [f.values_unread for f in pipeline.meta.files] == [1, 0]
        found = pipeline.engine.fetch("SELECT amount_minor, file FROM deals WHERE deal_id = 'C-90'")
        assert found.rows() == [(5500, "export.csv (2)")]


def days(pipeline: Pipeline) -> list[date]:
    return list(pipeline.meta.snapshots)


def test_the_day_in_a_name_that_two_files_share_is_still_seen(store: Store) -> None:
    found = store.create()
    for cut in (20, 30):
        found.receive("report1763596800000.csv", BytesIO("\n".join([HEAD, *GOOD[:cut]]).encode()))
    assert [p.file for p in found.proposals] == ["report1763596800000.csv", "report1763596800000.csv (2)"]
    assert {p.snapshot_at for p in found.proposals} == {"2025-11-20"}
    with found.commit() as pipeline:
        assert days(pipeline) == [date(2025, 11, 20)]


def test_a_day_said_for_one_of_two_files_of_a_name_is_its_own(workspace: Workspace) -> None:
    found = workspace.recognise({"days": {"export.csv (2)": "2026-03-01"}})
    assert [p.snapshot_at for p in found] == [None, "2026-03-01"]


def test_the_rows_behind_a_warning_are_those_of_its_own_file(store: Store) -> None:
    found = store.create()
    for head, rows, word in ((HEAD, GOOD, ",Web"), (OTHER, TWO, ",Fair")):
        some = [row.replace(word, "," if i > 4 else word) for i, row in enumerate(rows)]
        found.receive("export.csv", BytesIO("\n".join([head, *some]).encode()))
    with found.commit() as pipeline:
        told = {n.file: n for n in pipeline.meta.notices if n.code == "source_blank"}
        assert {name: n.count for name, n in told.items()} == {"export.csv": 25, "export.csv (2)": 15}
        for name, notice in told.items():
            shown = evidence.rows(pipeline.folder, notice, pipeline.meta.as_of)
            assert (set(shown["file"]), shown.height) == ({name}, notice.count)
