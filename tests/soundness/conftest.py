"""Bytes handed in as an upload: what must open, and what must be refused with nothing else lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from data import HitrateError, Pipeline, open_exports
from data.workspace import Store
from tests.soundness.bad_input import DEALS, rows, written


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], Pipeline]:
    """Open bytes as an export and hold its ledger to its promise."""

    def open_(raw: bytes, name: str = "deals.csv") -> Pipeline:
        path = tmp_path / name
        path.write_bytes(raw)
        pipeline = open_exports(path)
        for file in pipeline.meta.files:
            assert file.rows_read == file.rows_kept + file.rows_rejected + file.rows_junk
        return pipeline

    return open_


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., HitrateError]:
    """Add bytes to a workspace that has a sound file: only they may be refused, and nothing is lost."""

    def refuse(raw: bytes, name: str = "bad.csv", alone: bool = False) -> HitrateError:
        workspace = Store(tmp_path / "home").create()
        if not alone:
            workspace.receive("good.csv", io.BytesIO(written(rows())))
            workspace.commit().close()
        bad = workspace.receive(name, io.BytesIO(raw))
        with pytest.raises(HitrateError) as caught:
            workspace.commit()
        assert name in str(caught.value)
        assert caught.value.message
        assert caught.value.hint
        if not alone:
            _goes_on(workspace, bad)
        return caught.value

    return refuse


def _goes_on(workspace, bad) -> None:
    """The deals of the sound file are still served, and import again once the bad file is gone."""
    with workspace.pipeline() as pipeline:
        assert pipeline.summary()["deals"] == DEALS
    workspace.remove(bad)
    with workspace.commit() as pipeline:
        assert [f.file for f in pipeline.meta.files] == ["good.csv"]
