"""What a workspace remembers: one small JSON file, replaced as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data.errors import N_, HitrateError
from data.meta import FORMAT, Definitions
from data.recipe import FileRecipe, Proposal, Recipe
from data.recognising.snapshot import from_name
from data.workspace.durable import write_text
from data.workspace.targets import RateTarget

NAME = "manifest.json"


class Upload(BaseModel):
    """One uploaded file. `digest` is the BLAKE3 digest of its bytes (a quarter of the time of SHA-256) and
    names its folder; that of a file which is alike to the byte but of another day is made of both.

    `again` is true on an upload whose bytes the workspace already had: nothing was changed by it. `day` is
    the day it speaks of, where the user said so; else the file's own column or name tells, or nothing.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    digest: str
    size: int
    received_at: datetime
    again: bool = False
    day: date | None = None


class Manifest(BaseModel):
    """The state of a workspace.

    `generation` is the current one (0: none yet) and `stamp` a fingerprint of what it was made of.
    `uploads` are the files the next commit reads. `recipes` are the decisions per header fingerprint,
    offered to every later file with that header. `targets` hold for every generation.
    `links` and `expires_at` are for sharing.
    """

    version: int = 1
    created_at: datetime
    generation: int = 0
    uploads: list[Upload] = []
    stamp: str = ""
    recipes: dict[str, FileRecipe] = {}
    definitions: Definitions = Definitions()
    targets: list[RateTarget] = []
    links: list[dict[str, str]] = []
    expires_at: datetime | None = None

    def defined(self, given: Recipe | None) -> Definitions:
        """Return the definitions of an import: those of its recipe, else those of the workspace."""
        said = given is not None and "definitions" in given.model_fields_set
        return given.definitions if given is not None and said else self.definitions

    def write(self, folder: Path) -> None:
        """Replace the manifest in `folder` atomically."""
        write_text(folder / NAME, self.model_dump_json(indent=1, exclude={"uploads": {"__all__": {"again"}}}))


def read(folder: Path) -> Manifest:
    """Read the manifest in `folder`; HitrateError when it is missing or not ours."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise HitrateError(
            N_("This workspace cannot be opened"),
            N_("Its description is missing or damaged."),
            N_("Upload the files again in a new workspace."),
        ) from error


def fresh() -> Manifest:
    """Return the manifest of a new workspace."""
    return Manifest(created_at=datetime.now(UTC))


def same_as(uploads: Iterable[Upload], digest: str, day: date | None) -> Upload | None:
    """Return the upload with these bytes, unless its name tells one day and `day` is another."""
    for upload in uploads:
        named = from_name(upload.name)
        if upload.digest == of_day(digest, day) or (
            upload.digest == digest and (day is None or named in (None, day))
        ):
            return upload
    return None


def of_day(digest: str, day: date | None) -> str:
    """Return the name for bytes that are here already, as the export of another day."""
    return hashlib.sha256(f"{digest} {day}".encode()).hexdigest()


def stamp(state: Manifest, proposals: list[Proposal], rest: str) -> str:
    """Return a fingerprint of everything an import depends on."""
    parts = [
        *(u.digest for u in state.uploads),
        *(p.recipe.model_dump_json() for p in proposals),
        *(str(p.snapshot_at) for p in proposals),
        rest,
        str(FORMAT),
    ]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
