"""Two exports that are alike to the byte: one file twice, or a pipeline in which nothing moved."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from data.workspace import Store
from metrics.snapshots import coverage, ledger

from .conftest import export

WEEKS = ("deals 2026-01-31.csv", "deals 2026-02-07.csv", "deals 2026-02-14.csv")


def test_a_week_in_which_nothing_moved_is_a_snapshot(store: Store) -> None:
    workspace = store.create()
    for name in WEEKS:
        assert not workspace.receive(name, BytesIO(export(10))).again
    with workspace.commit() as pipeline:
        assert [str(day) for day in pipeline.meta.snapshots] == ["2026-01-31", "2026-02-07", "2026-02-14"]
        assert pipeline.summary()["deals"] == 10
        assert coverage(pipeline)["day"].n_unique() == 3
        moved = ledger(pipeline, "2026-01-31", "2026-02-14")
    deals = dict(moved.select("movement", "deals").iter_rows())
    assert deals["opening"] == deals["closing"] > 0
    assert not any(n for movement, n in deals.items() if movement not in ("opening", "closing"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("deals.csv", "deals (1).csv"),
        ("deals 2026-01-31.csv", "deals 2026-01-31 (1).csv"),
        ("deals 2026-01-31.csv", "copy of deals.csv"),
        ("deals.csv", "deals 2026-01-31.csv"),
    ],
)
def test_one_file_twice_changes_nothing(store: Store, first: str, second: str) -> None:
    workspace = store.create()
    workspace.receive(first, BytesIO(export(10)))
    assert workspace.receive(second, BytesIO(export(10))).again
    assert [upload.name for upload in workspace.uploads] == [first]


def test_the_same_week_again_changes_nothing(store: Store) -> None:
    workspace = store.create()
    for name in WEEKS:
        workspace.receive(name, BytesIO(export(10)))
    for name in WEEKS:
        assert workspace.receive(name, BytesIO(export(10))).again
    assert len(workspace.uploads) == 3


def test_one_of_the_weeks_can_be_removed_and_dated(store: Store) -> None:
    workspace = store.create()
    first, second, third = (workspace.receive(name, BytesIO(export(10))) for name in WEEKS)
    workspace.remove(first)
    assert workspace.receive(WEEKS[1], BytesIO(export(10))).again
    workspace.date(third, date(2026, 3, 1))
    with workspace.commit() as pipeline:
        assert [str(day) for day in pipeline.meta.snapshots] == ["2026-02-07", "2026-03-01"]
    assert not workspace.receive(WEEKS[0], BytesIO(export(10))).again
    assert {u.digest for u in workspace.uploads} == {first.digest, second.digest, third.digest}
