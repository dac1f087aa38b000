"""Files to a pipeline in one call, for notebooks and scripts: no questions asked."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from datetime import date
from pathlib import Path

from data.errors import N_, HitrateError
from data.imported import Pipeline
from data.workspace import Store
from data.workspace.recipes import Given
from data.workspace.recognised import together

__all__ = ["Pipeline", "open_exports"]


def open_exports(
    *paths: str | Path, recipe: Given | None = None, as_of: date | None = None, home: str | Path | None = None
) -> Pipeline:
    """Import the files at `paths` and return the pipeline they make.

    `recipe` (a dict, a JSON file or a Recipe) answers what the import would have asked; what is left out
    is guessed, and the guess is in `pipeline.proposal`. `as_of` is the day the data speak of (default: from
    the file name, else the latest date in the data). `home` keeps the workspace in that folder; without it
    the folder is temporary and goes when the pipeline is closed or Python ends.
    HitrateError names every file that is missing or cannot be read, not only the first.
    """
    if not paths:
        raise HitrateError(
            N_("No files"), N_("No file was given."), N_("Give the path of at least one export.")
        )
    _all_there([Path(p) for p in paths])
    folder = Path(tempfile.mkdtemp(prefix="hitrate-")) if home is None else Path(home)
    remove = weakref.finalize(_Owner, shutil.rmtree, folder, ignore_errors=True) if home is None else None
    try:
        workspace = Store(folder).create()
        for path in (Path(p) for p in paths):
            with path.open("rb") as stream:
                workspace.receive(path.name, stream)
        pipeline = workspace.commit(recipe, as_of)
    except BaseException:
        if remove is not None:
            remove()
        raise
    pipeline.on_close = remove
    return pipeline


class _Owner:
    """Lives as long as Python: temporary folders are removed at exit if not before."""


def _all_there(paths: list[Path]) -> None:
    missing = [
        HitrateError(
            N_("File not found"), N_("There is no file {file}."), N_("Check the path."), file=str(path)
        )
        for path in paths
        if not path.is_file()
    ]
    if missing:
        raise together(missing)
