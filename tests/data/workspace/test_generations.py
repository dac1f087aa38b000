"""Uploads and generations: what changes, what stays, and what is remembered."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from filelock import FileLock

from data.errors import HitrateError
from data.workspace import Store, Workspace

from .conftest import export


def test_an_import_makes_a_generation_that_opens_again(store: Store, filled: Workspace) -> None:
    again = store.open(filled.id)
    pipeline = again.pipeline()
    assert pipeline is not None
    with pipeline:
        assert pipeline.key == (filled.id, 1)
        assert pipeline.summary()["deals"] == 10


def test_nothing_imported_yet_is_none_and_committing_nothing_an_error(store: Store) -> None:
    workspace = store.create()
    assert workspace.pipeline() is None
    with pytest.raises(HitrateError, match="Nothing to import"):
        workspace.commit()


def test_the_same_file_twice_changes_nothing_and_says_so(filled: Workspace) -> None:
    before = filled.manifest
    upload = filled.receive("other name.csv", BytesIO(export(10)))
    assert upload.again
    assert upload.name == "deals.csv"
    with filled.commit() as pipeline:
        assert pipeline.key == (filled.id, 1)
    assert filled.manifest == before


def test_a_new_generation_leaves_the_reader_of_the_old_one_alone(filled: Workspace) -> None:
    old = filled.pipeline()
    assert old is not None
    filled.remove(filled.uploads[0])
    filled.receive("deals.csv", BytesIO(export(12)))
    with filled.commit() as new, old:
        assert (new.key[1], new.summary()["deals"]) == (2, 12)
        assert old.summary()["deals"] == 10


def test_another_decision_is_another_generation(filled: Workspace) -> None:
    with filled.commit(as_of=date(2026, 6, 1)) as pipeline:
        assert pipeline.key[1] == 2
        assert pipeline.meta.as_of == date(2026, 6, 1)


def test_decisions_are_remembered_for_the_next_file_of_this_header(filled: Workspace) -> None:
    changed = {
        "files": {
            "deals.csv": {
                "currency": None,
                "outcome": {"source": "status", "column": "Status", "words": {"Won": "lost"}},
            }
        }
    }
    with filled.commit(changed) as pipeline:
        assert pipeline.summary()["lost"] == 1
    filled.remove(filled.uploads[0])
    filled.receive("next week.csv", BytesIO(export(12, won=2)))
    assert [p.from_memory for p in filled.proposals] == [True]
    with filled.commit() as pipeline:
        assert pipeline.summary()["lost"] == 2


def test_old_generations_are_cleared_but_not_the_last_three(filled: Workspace) -> None:
    for day in range(1, 5):
        filled.commit(as_of=date(2026, 6, day)).close()
    assert sorted(p.name for p in (filled.folder / "generations").iterdir()) == ["000003", "000004", "000005"]


def test_a_failed_import_keeps_the_old_generation_and_no_rubbish(filled: Workspace) -> None:
    filled.remove(filled.uploads[0])
    filled.receive("empty.csv", BytesIO(b""))
    with pytest.raises(HitrateError):
        filled.commit()
    pipeline = filled.pipeline()
    assert pipeline is not None
    with pipeline:
        assert pipeline.summary()["deals"] == 10
    assert [p.name for p in (filled.folder / "generations").iterdir()] == ["000001"]


def test_every_unreadable_file_is_named(store: Store) -> None:
    workspace = store.create()
    workspace.receive("one.csv", BytesIO(b""))
    workspace.receive("two.xlsx", BytesIO(b"PK\x03\x04 broken"))
    with pytest.raises(HitrateError) as error:
        workspace.commit()
    assert "one.csv" in str(error.value)
    assert "two.xlsx" in str(error.value)


def test_two_writers_take_turns(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.workspace.workspace.WAIT_S", 0.1)
    with FileLock(filled.folder / ".lock"), pytest.raises(HitrateError, match="Another import is under way"):
        filled.commit(as_of=date(2026, 6, 1))


def test_progress_rises_to_one(filled: Workspace) -> None:
    told: list[float] = []
    filled.commit(as_of=date(2026, 6, 1), progress=lambda share, text: told.append(share)).close()
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_stopped_import_changes_nothing(filled: Workspace) -> None:
    with pytest.raises(HitrateError, match="stopped"):
        filled.commit(as_of=date(2026, 6, 1), cancelled=lambda: True)
    assert filled.generation == 1


def test_a_hostile_file_name_is_only_a_name(store: Store) -> None:
    workspace = store.create()
    upload = workspace.receive("../../../etc/cron.d/x.csv", BytesIO(export(3)))
    assert upload.name == "x.csv"
    assert [p.name for p in (workspace.folder / "uploads").iterdir()] == [upload.digest]


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        ({"files": {"deal.csv": {}}}, "Did you mean deals.csv"),
        ({"files": {"deals.csv": {"fields": {"source": "Lead sorce"}}}}, "Lead source"),
        ({"fils": {}}, "files"),
        ("/no/such.json", "cannot be read"),
    ],
)
def test_a_wrong_recipe_names_the_nearest_right_one(filled: Workspace, recipe: object, text: str) -> None:
    with pytest.raises(HitrateError, match=text):
        filled.commit(recipe)  # type: ignore[arg-type]
