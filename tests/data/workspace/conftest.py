"""Small exports as bytes, and a store in a temporary folder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from data.workspace import Store, Workspace

HEAD = "Deal ID,Deal name,Stage,Status,Created,Close date,Amount,Currency,Owner,Lead source\n"


def export(deals: int, won: int = 1) -> bytes:
    """An export of `deals` deals, the first `won` of them won."""
    lines = (
        f"D-{i},Deal {i},{'Closed Won' if i < won else 'Proposal'},{'Won' if i < won else 'Open'},"
        f"2026-01-{i % 27 + 1:02d},2026-02-{i % 27 + 1:02d},{100 + i}.50,EUR,Ann {i % 3},Web {i % 2}\n"
        for i in range(deals)
    )
    return (HEAD + "".join(lines)).encode()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def filled(store: Store) -> Workspace:
    """A workspace with one generation of ten deals."""
    workspace = store.create()
    workspace.receive("deals.csv", BytesIO(export(10)))
    workspace.commit().close()
    return workspace
