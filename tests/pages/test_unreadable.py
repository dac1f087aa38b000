"""Data that this version cannot read are no dead end: the files are still there, and are imported again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import HitrateError
from data.meta import FORMAT
from data.workspace import Workspace
from tests.pages.app import start, text, workspace


def other_version(meta: Path) -> None:
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"format": FORMAT + 1}))


def other_fields(meta: Path) -> None:
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"something": 1}))


SPOILT: list[Callable[[Path], object]] = [
    other_version, other_fields, lambda meta: meta.write_text("{"), Path.unlink,
]  # fmt: skip


@pytest.fixture(params=SPOILT)
def spoilt(request: pytest.FixtureRequest) -> Workspace:
    here = workspace()
    request.param(here.folder / "generations" / "000001" / "meta.json")
    return here


def test_it_is_said_and_the_review_imports_again(spoilt: Workspace) -> None:
    with pytest.raises(HitrateError, match="must be imported again"):
        spoilt.pipeline()
    at = start({"w": spoilt.id}, page="overview.py")
    assert not at.exception
    assert "These data must be imported again" in text(at)
    assert [b.key for b in at.button if b.key == "again"] == ["again"]
    at = start({"w": spoilt.id}, page="review.py")
    assert not at.exception
    at.button(key="confirm_top").click().run()
    assert not at.exception
    found = spoilt.pipeline()
    assert found is not None
    with found:
        assert (found.meta.format, found.meta.counts["deals"]) == (FORMAT, 6)
    assert spoilt.generation == 2
