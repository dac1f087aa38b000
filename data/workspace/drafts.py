"""What a commit would write, converted ahead for the Review page and kept until that commit.

Looking at what the decisions come to and importing them is one conversion, not two. A draft is named by the
fingerprint of everything it depends on, so that one made of other files or decisions is never taken.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from secrets import token_hex

FOLDER = "drafts"
STALE_S = 3600.0  # a draft nobody imported within an hour is made again


def begin(workspace: Path) -> Path:
    """Return where a new draft is to be written."""
    folder = workspace / FOLDER
    folder.mkdir(exist_ok=True)
    return folder / f"new-{token_hex(8)}"


def keep(workspace: Path, made: Path, stamp: str) -> None:
    """Keep a finished draft under its fingerprint, in place of any other. Only for the holder of the lock."""
    for path in (workspace / FOLDER).iterdir():
        if not path.name.startswith("new-"):
            shutil.rmtree(path, ignore_errors=True)
    made.rename(workspace / FOLDER / stamp)


def take(workspace: Path, stamp: str, target: Path) -> bool:
    """Move the draft with this fingerprint to `target`; False where there is none. Only for the holder of
    the lock."""
    draft = workspace / FOLDER / stamp
    if not draft.is_dir():
        return False
    draft.rename(target)
    return True


def clean(workspace: Path) -> None:
    """Remove drafts that nobody wrote to for an hour. Only for the holder of the lock."""
    folder = workspace / FOLDER
    for path in folder.iterdir() if folder.is_dir() else ():
        touched = max((p.stat().st_mtime for p in (path, *path.glob("*"))), default=0.0)
        if time.time() - touched > STALE_S:
            shutil.rmtree(path, ignore_errors=True)
