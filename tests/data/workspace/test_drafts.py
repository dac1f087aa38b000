"""What the Review page worked out is what the import takes over: converted once, and never the wrong one."""

from __future__ import annotations

import os
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from data.converting import ImportStopped
from data.errors import HitrateError
from data.meta import Meta
from data.recipe import Recipe
from data.workspace import Store, Workspace, drafts, workspace

from .conftest import export


class Counted:
    """Converts as ever, and counts how often."""

    def __init__(self, real: Any) -> None:
        self.real, self.times = real, 0

    def __call__(self, *args: Any, **named: Any) -> Meta:
        self.times += 1
        made: Meta = self.real(*args, **named)
        return made


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(workspace.convert)
    monkeypatch.setattr(workspace, "convert", counted)
    return counted


@pytest.fixture
def here(store: Store) -> Workspace:
    made = store.create()
    made.receive("deals.csv", BytesIO(export(10)))
    return made


def deals(folder: Path, meta: Meta) -> int:
    assert (folder / "deals.parquet").exists()
    return meta.counts["deals"]


def draft(here: Workspace, recipe: Recipe | None = None, as_of: date | None = None) -> int:
    return here.draft(here.proposals, recipe or Recipe(), as_of, deals)


def kept(here: Workspace) -> list[str]:
    folder = here.folder / drafts.FOLDER
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_what_was_worked_out_is_imported_without_converting_again(
    here: Workspace, converted: Counted, store: Store
) -> None:
    assert draft(here) == 10
    with here.commit() as pipeline:
        summary, found = pipeline.summary(), pipeline.engine.fetch("SELECT * FROM deals ORDER BY deal_key")
    assert (converted.times, kept(here)) == (1, [])
    other = store.create()
    other.receive("deals.csv", BytesIO(export(10)))
    with other.commit() as pipeline:
        assert pipeline.summary() == summary
        assert pipeline.engine.fetch("SELECT * FROM deals ORDER BY deal_key").equals(found)
        assert pipeline.proposal == here.pipeline().proposal  # type: ignore[union-attr]


def test_other_decisions_another_day_or_another_file_are_converted(
    here: Workspace, converted: Counted
) -> None:
    draft(here)
    with here.commit(as_of=date(2026, 6, 1)) as pipeline:
        assert pipeline.meta.as_of == date(2026, 6, 1)
    assert converted.times == 2
    draft(here)
    here.receive("more.csv", BytesIO(export(25)))
    with here.commit() as pipeline:
        assert pipeline.meta.counts["deals"] == 25
    assert converted.times == 4


def test_the_last_draft_takes_the_place_of_the_one_before(here: Workspace, converted: Counted) -> None:
    draft(here)
    before = kept(here)
    draft(here, as_of=date(2026, 6, 1))
    assert len(kept(here)) == 1
    assert kept(here) != before
    here.commit(as_of=date(2026, 6, 1)).close()
    assert converted.times == 2


def test_one_that_was_stopped_or_failed_leaves_nothing(here: Workspace) -> None:
    with pytest.raises(ImportStopped):
        here.draft(here.proposals, Recipe(), None, deals, cancelled=lambda: True)

    def fail(folder: Path, meta: Meta) -> int:
        raise HitrateError("title", "message", "hint")

    with pytest.raises(HitrateError, match="title"):
        here.draft(here.proposals, Recipe(), None, fail)
    assert kept(here) == []
    here.commit().close()


def test_while_another_import_is_under_way_it_is_told_but_not_kept(here: Workspace) -> None:
    found = here.proposals
    with FileLock(here.folder / ".lock"):
        assert here.draft(found, Recipe(), None, deals) == 10
    assert kept(here) == []


def test_a_draft_that_nobody_imports_goes(here: Workspace) -> None:
    draft(here)
    half = here.folder / drafts.FOLDER / "new-0123"
    half.mkdir()
    assert len(kept(here)) == 2
    _ = here.proposals
    assert len(kept(here)) == 2
    old = time.time() - drafts.STALE_S - 60
    for path in (here.folder / drafts.FOLDER).rglob("*"):
        os.utime(path, (old, old))
    _ = here.proposals
    assert kept(here) == []
