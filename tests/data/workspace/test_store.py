"""Workspaces are made, found and deleted by an id nobody can guess, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import HitrateError
from data.workspace import Store, Workspace


def test_ids_are_long_and_different(store: Store) -> None:
    ids = {store.create().id for _ in range(20)}
    assert len(ids) == 20
    assert {len(i) for i in ids} == {22}


@pytest.mark.parametrize(
    "id",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "a/b",
        "A" * 22 + "/..",
        "A" * 21,
        "A" * 23,
        "%2e%2e",
        "A" * 21 + "\0",
        "A" * 21 + "\n",
        "..\\..\\x",
        "ＡAAAAAAAAAAAAAAAAAAAAA",
        "~root",
        "A" * 5000,
    ],
)
def test_no_other_text_reaches_the_disk(store: Store, id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.create()
    monkeypatch.setattr(Path, "is_file", lambda self: pytest.fail(f"touched {self}"))
    with pytest.raises(HitrateError, match="No such workspace"):
        store.open(id)
    with pytest.raises(HitrateError, match="No such workspace"):
        store.delete(id)


def test_an_unknown_id_is_an_error(store: Store) -> None:
    with pytest.raises(HitrateError, match="No such workspace"):
        store.open("A" * 22)


def test_a_deleted_workspace_is_gone_with_its_files(store: Store, filled: Workspace) -> None:
    store.delete(filled.id)
    with pytest.raises(HitrateError):
        store.open(filled.id)
    assert list((store.home / "workspaces").iterdir()) == []


def test_home_comes_from_the_environment(tmp_path: Path) -> None:
    assert Store().home == tmp_path / "home"  # HITRATE_HOME, set for every test


def test_a_damaged_manifest_is_a_sentence_not_a_traceback(store: Store) -> None:
    workspace = store.create()
    (workspace.folder / "manifest.json").write_text("{")
    with pytest.raises(HitrateError, match="cannot be opened"):
        store.open(workspace.id)
