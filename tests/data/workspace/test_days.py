"""The day an export speaks of: from its name, said by the user, in any order, and remembered."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from data.errors import HitrateError
from data.workspace import Store, Workspace

from .conftest import export

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)


def two(store: Store, first: str, second: str) -> Workspace:
    """A workspace with an older export (one deal won) and a newer one (three), received in that order."""
    workspace = store.create()
    workspace.receive(first, BytesIO(export(10)))
    workspace.receive(second, BytesIO(export(10, won=3)))
    return workspace


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("crm-exports-all-deals-2026-01-31.csv", "crm-exports-all-deals-2026-02-28.csv"),
        ("Deals_2026_01_31.csv", "Deals_2026_02_28.csv"),
        ("report1769817600000.csv", "report1772236800000.csv"),
    ],
)
def test_the_name_of_the_file_tells_the_day(store: Store, first: str, second: str) -> None:
    with two(store, first, second).commit() as pipeline:
        assert pipeline.meta.snapshots == (JANUARY, FEBRUARY)
        assert (pipeline.summary()["deals"], pipeline.summary()["won"]) == (10, 3)


def test_exports_may_come_in_any_order(store: Store) -> None:
    workspace = store.create()
    workspace.receive("deals 2026-02-28.csv", BytesIO(export(10, won=3)))
    workspace.receive("deals 2026-01-31.csv", BytesIO(export(10)))
    with workspace.commit() as pipeline:
        assert pipeline.meta.snapshots == (JANUARY, FEBRUARY)
        assert pipeline.summary()["won"] == 3


def test_a_later_upload_of_an_earlier_day_does_not_change_the_present(store: Store) -> None:
    workspace = store.create()
    workspace.receive("deals 2026-02-28.csv", BytesIO(export(10, won=3)))
    workspace.commit().close()
    workspace.receive("deals 2026-01-31.csv", BytesIO(export(10)))
    with workspace.commit() as pipeline:
        assert pipeline.key[1] == 2
        assert (pipeline.meta.as_of, pipeline.summary()["won"]) == (FEBRUARY, 3)


def test_two_undated_exports_of_the_same_deals_ask_for_their_days(store: Store) -> None:
    with two(store, "deals.csv", "deals (1).csv").commit() as pipeline:
        asked = [n for n in pipeline.meta.notices if n.level == "question"]
        assert [(n.code, n.file) for n in asked] == [("undated_again", "deals.csv")]
        assert pipeline.summary()["deals"] == 10


def test_the_days_said_make_snapshots_of_them_and_are_kept(store: Store) -> None:
    workspace = two(store, "deals.csv", "deals (1).csv")
    for upload, day in zip(workspace.uploads, (JANUARY, FEBRUARY), strict=True):
        workspace.date(upload, day)
    assert {p.snapshot_from for p in workspace.proposals} == {"given"}
    with workspace.commit() as pipeline:
        assert pipeline.meta.snapshots == (JANUARY, FEBRUARY)
        assert (pipeline.meta.as_of, pipeline.meta.as_of_source) == (FEBRUARY, "given")
        assert not [n for n in pipeline.meta.notices if n.level == "question"]
    assert [u.day for u in store.open(workspace.id).uploads] == [JANUARY, FEBRUARY]


def test_days_in_the_recipe_are_the_same_and_are_kept(store: Store) -> None:
    workspace = two(store, "deals.csv", "deals (1).csv")
    with workspace.commit({"days": {"deals.csv": "2026-01-31", "deals (1).csv": "2026-02-28"}}) as pipeline:
        assert pipeline.meta.snapshots == (JANUARY, FEBRUARY)
    assert [u.day for u in workspace.uploads] == [JANUARY, FEBRUARY]
    with workspace.commit() as again:
        assert again.key[1] == 1


def test_a_day_taken_back_leaves_it_to_the_name(store: Store) -> None:
    workspace = two(store, "deals 2026-01-31.csv", "deals 2026-02-28.csv")
    workspace.date(workspace.uploads[0], date(2026, 1, 15))
    with workspace.commit() as pipeline:
        assert pipeline.meta.snapshots == (date(2026, 1, 15), FEBRUARY)
    workspace.date(workspace.uploads[0], None)
    with workspace.commit() as pipeline:
        assert pipeline.meta.snapshots == (JANUARY, FEBRUARY)


def test_a_day_of_a_file_that_is_not_here_is_an_error(filled: Workspace) -> None:
    with pytest.raises(HitrateError, match=r"no deal\.csv among"):
        filled.commit({"days": {"deal.csv": "2026-01-31"}})
