"""The reading of each upload, kept beside it so that a server that restarts need not read it again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from data.converting import Cancelled, Progress
from data.engine import spare
from data.errors import N_, HitrateError
from data.reading import RawTable, read
from data.workspace.durable import PENDING, publish
from data.workspace.manifest import Upload
from data.workspace.repairing import mended

TABLES: TypeAdapter[list[RawTable]] = TypeAdapter(list[RawTable])
ORIGINAL = "original"


def all_tables(
    folder: Path,
    uploads: Sequence[Upload],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[RawTable]:
    """Return the text tables of all uploads, reading those that were not read before; repaired rows stand in
    the place of those they repair.

    HitrateError naming every file that cannot be read, not only the first.
    """
    spare.prepare()  # for the recognition that follows
    found: list[RawTable] = []
    errors: list[HitrateError] = []
    for i, upload in enumerate(uploads):

        def tell(share: float, done: int = i) -> None:
            if progress is not None:
                progress((done + share) / len(uploads), N_("Reading the files"))

        try:
            found += tables(folder, upload, tell, cancelled)
        except HitrateError as error:
            if error.values.get("code") == "cancelled":
                raise
            errors.append(error)
    if errors:
        raise together(errors)
    return mended(found)


def tables(
    folder: Path, upload: Upload, tell: object = None, cancelled: Cancelled | None = None
) -> list[RawTable]:
    """Return the text tables of one upload; HitrateError when it cannot be read as a table."""
    home = folder / upload.digest
    done = home / "tables"
    known = _remembered(done)
    if known is not None:
        return known
    pending = home / f"{PENDING}tables"
    for left in (pending, done):
        shutil.rmtree(left, ignore_errors=True)
    found = read(home / ORIGINAL, upload.name, pending, tell, cancelled, upload.digest)  # type: ignore[arg-type]
    (pending / "tables.json").write_bytes(TABLES.dump_json(found))
    publish(pending, done)
    return [replace(t, path=done / t.path.name) for t in found]


def together(errors: Sequence[HitrateError]) -> HitrateError:
    """Make one error of several: its message lists them all."""
    if len(errors) == 1:
        return errors[0]
    lines = {f"line{i}": e.message.format(**e.values) for i, e in enumerate(errors)}
    return HitrateError(
        N_("{count} files could not be read"),
        "\n".join("{" + name + "}" for name in lines),
        N_("Leave these files out, or export them again."),
        count=len(errors),
        **lines,
    )


def _remembered(done: Path) -> list[RawTable] | None:
    try:
        found = TABLES.validate_json((done / "tables.json").read_bytes())
    except (OSError, ValidationError):
        return None
    found = [replace(t, path=done / t.path.name) for t in found]
    return found if all(t.path.exists() for t in found) else None
