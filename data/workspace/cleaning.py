"""What a crash left in a workspace, and what nobody needs any more. Only for the holder of the lock."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from data.workspace import drafts
from data.workspace.durable import PENDING, sweep
from data.workspace.manifest import Manifest

KEPT = 3  # generations on disk: the current one, and two for readers that still hold them
STALE_S = 3600.0  # an upload that got no byte for an hour was given up


def clean(folder: Path, state: Manifest) -> None:
    """Remove what was never finished, uploads that the manifest does not name, and stale drafts."""
    sweep(folder)
    sweep(folder / "generations")
    for number, path in _generations(folder):
        if number > state.generation:  # finished, but never current: a crash before the swap
            shutil.rmtree(path, ignore_errors=True)
    drafts.clean(folder)
    uploads = folder / "uploads"
    for path in uploads.glob(f"{PENDING}*"):
        young = [p for p in (path, *path.glob("*")) if time.time() - p.stat().st_mtime < STALE_S]
        if not young:
            shutil.rmtree(path, ignore_errors=True)
    known = {u.digest for u in state.uploads}
    for path in uploads.iterdir():
        if not path.name.startswith(PENDING) and path.name not in known:
            shutil.rmtree(path, ignore_errors=True)


def prune(folder: Path, current: int) -> None:
    """Remove the generations that no reader holds any more."""
    for number, path in _generations(folder):
        if not current - KEPT < number <= current:
            shutil.rmtree(path, ignore_errors=True)


def _generations(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in list((folder / "generations").iterdir()):
        if re.fullmatch(r"\d{6}", path.name):
            yield int(path.name), path
