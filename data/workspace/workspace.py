"""One workspace: uploads, and immutable generations made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from datetime import date as Day
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from filelock import FileLock, Timeout

from data.converting import Cancelled, Progress, convert, write_proposals
from data.errors import N_, HitrateError
from data.imported import Pipeline
from data.meta import Definitions, Meta
from data.reading import RawTable
from data.recipe import Proposal, Recipe
from data.recognising import propose
from data.recognising.snapshot import from_name
from data.workspace import cleaning, drafts
from data.workspace import manifest as manifests
from data.workspace.durable import PENDING, Readable, copy_stream, publish, replace
from data.workspace.manifest import Manifest, Upload, of_day, same_as
from data.workspace.recipes import Given, applied, dated, load, with_days
from data.workspace.recognised import ORIGINAL, all_tables
from data.workspace.repairing import nothing_rejected, rejected
from data.workspace.targets import RateTarget, checked

WAIT_S = 2.0  # for another import of the same workspace to end
Seen = TypeVar("Seen")


class Workspace:
    """A folder of uploads and generations.

    Readers never wait and never see half an import: a generation is written beside the old one and the
    manifest is swapped in one rename. Writers hold the lock, and clean up what a crash left.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        manifests.read(folder)

    @property
    def manifest(self) -> Manifest:
        """The state as it is on disk now."""
        return manifests.read(self.folder)

    @property
    def generation(self) -> int:
        """The number of the current generation; 0 when nothing was imported yet."""
        return self.manifest.generation

    @property
    def uploads(self) -> list[Upload]:
        """The files the next import reads, in the order they came."""
        return list(self.manifest.uploads)

    @property
    def proposals(self) -> list[Proposal]:
        """What is recognised in the uploads, with what was decided before about the same headers."""
        return self.recognise()

    def receive(self, name: str, stream: Readable) -> Upload:
        """Store one uploaded file; `again` is true when its bytes are here already (nothing changes).

        Two exports of different days may be alike to the byte: nothing moved in between. Where both names
        tell a day, they are two files.
        """
        pending = self.folder / "uploads" / f"{PENDING}{token_hex(8)}"
        pending.mkdir()
        try:
            digest, size = copy_stream(stream, pending / ORIGINAL)
            with self._lock():
                state = self.manifest
                same = same_as(state.uploads, digest, from_name(name))
                if same is not None:
                    return same.model_copy(update={"again": True})
                if any(u.digest == digest for u in state.uploads):
                    digest = of_day(digest, from_name(name))
                upload = Upload(
                    name=Path(name).name or "file", digest=digest, size=size, received_at=datetime.now(UTC)
                )
                shutil.rmtree(self.folder / "uploads" / digest, ignore_errors=True)
                replace(pending, self.folder / "uploads" / digest)
                state.model_copy(update={"uploads": [*state.uploads, upload]}).write(self.folder)
                return upload
        finally:
            shutil.rmtree(pending, ignore_errors=True)

    def remove(self, upload: Upload) -> None:
        """Forget an uploaded file; generations that were made of it stay as they are."""
        with self._lock():
            state = self.manifest
            left = [u for u in state.uploads if u.digest != upload.digest]
            state.model_copy(update={"uploads": left}).write(self.folder)
            shutil.rmtree(self.folder / "uploads" / upload.digest, ignore_errors=True)

    def date(self, upload: Upload, day: Day | None) -> None:
        """Say of which day an upload speaks; None leaves it to its columns and its name again.

        A day in a column of the file goes before it, row by row. It counts from the next import on.
        """
        with self._lock():
            state = self.manifest
            uploads = [
                u.model_copy(update={"day": day}) if u.digest == upload.digest else u for u in state.uploads
            ]
            state.model_copy(update={"uploads": uploads}).write(self.folder)

    def rejected(self, file: str) -> bytes:
        """Return the rows of a file that could not be read, as CSV to repair and upload again; HitrateError
        where every row was read. Uploaded, they take the place of those rows; it is no new export."""
        number = self.generation
        if not number:
            raise nothing_rejected(file)
        with self._lock():
            tables = all_tables(self.folder / "uploads", self.uploads)
        with self._open(number) as pipeline:
            return rejected(tables, pipeline.rejects(), file)

    def set_targets(self, targets: Iterable[RateTarget]) -> None:
        """Replace the targets of the workspace; HitrateError for what is no rate. No import is needed."""
        kept = checked(targets)
        with self._lock():
            self.manifest.model_copy(update={"targets": kept}).write(self.folder)

    def recognise(
        self,
        recipe: Given | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> list[Proposal]:
        """Read the uploads and propose how to convert them, with the decisions of `recipe` in place.

        HitrateError naming every file that cannot be read.
        """
        with self._lock():
            read, recognised = _part(progress, 0.0, 0.7), _part(progress, 0.7, 1.0)
            tables = all_tables(self.folder / "uploads", self.uploads, read, cancelled)
            return self._proposals(tables, load(recipe), recognised, cancelled)

    def commit(
        self,
        recipe: Given | None = None,
        as_of: Day | None = None,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Pipeline:
        """Import the uploads as a new generation and return it.

        With the same files and decisions as last time nothing is written and the current generation is
        returned. HitrateError when there is nothing to import or the files do not fit together; the
        current generation then stays.
        """
        with self._lock():
            state, given = self.manifest, load(recipe)
            if not state.uploads:
                raise nothing_to_import()
            tables = all_tables(self.folder / "uploads", state.uploads, _part(progress, 0.0, 0.4), cancelled)
            proposals = self._proposals(tables, given, _part(progress, 0.4, 0.5), cancelled)
            definitions = state.defined(given)
            stamp = manifests.stamp(state, proposals, f"{definitions.model_dump_json()}{as_of}")
            if state.generation and stamp == state.stamp:
                with suppress(HitrateError):  # one that cannot be read is made again
                    return self._open(state.generation)
            tell = _part(progress, 0.5, 1.0)
            self._write(tables, proposals, definitions, as_of, stamp, tell, cancelled)
            recipes = state.recipes | {p.fingerprint: p.recipe for p in proposals}
            number = state.generation + 1
            days = given.days if given is not None else {}
            uploads = with_days(state.uploads, tables, proposals, days)
            state.model_copy(
                update={
                    "generation": number,
                    "recipes": recipes,
                    "definitions": definitions,
                    "stamp": stamp,
                    "uploads": uploads,
                }
            ).write(self.folder)
            cleaning.prune(self.folder, number)
            return self._open(number)

    def draft(
        self,
        found: list[Proposal],
        recipe: Recipe,
        as_of: Day | None,
        look: Callable[[Path, Meta], Seen],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Seen:
        """Convert the uploads as a commit of `recipe` would and return what `look` sees in the result.

        `found` is what was recognised. The result is kept until that commit, which then need not convert.
        Nobody is kept waiting meanwhile. HitrateError as for a commit.
        """
        state, made = self.manifest, drafts.begin(self.folder)
        tables = all_tables(self.folder / "uploads", state.uploads)
        proposals = dated(tables, applied(found, recipe), state.uploads, recipe.days)
        definitions = state.defined(recipe)
        try:
            meta = convert(
                tables, proposals, definitions, made, as_of, progress=progress, cancelled=cancelled
            )
            seen = look(made, meta)
            with suppress(HitrateError), self._lock():  # where another import is under way it is not kept
                stamp = manifests.stamp(state, proposals, f"{definitions.model_dump_json()}{as_of}")
                drafts.keep(self.folder, made, stamp)
            return seen
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _write(
        self,
        tables: list[RawTable],
        proposals: list[Proposal],
        definitions: Definitions,
        as_of: Day | None,
        stamp: str,
        progress: Progress | None,
        cancelled: Cancelled | None,
    ) -> None:
        """Write the next generation beside the current one, under a name that says it is not finished, and
        give it its own name only when it is."""
        number = self.generation + 1
        pending = self.folder / "generations" / f"{PENDING}{number:06d}"
        try:
            if not drafts.take(self.folder, stamp, pending):
                convert(
                    tables, proposals, definitions, pending, as_of, progress=progress, cancelled=cancelled
                )
            write_proposals(pending, proposals)
            publish(pending, self._generation(number))
        finally:
            shutil.rmtree(pending, ignore_errors=True)

    def pipeline(self) -> Pipeline | None:
        """Open the current generation; None when nothing was imported yet."""
        number = self.generation
        return self._open(number) if number else None

    def _proposals(
        self, tables: list[RawTable], given: Recipe | None, tell: Progress | None, cancelled: Cancelled | None
    ) -> list[Proposal]:
        state = self.manifest
        found = applied(propose(tables, Recipe(files=state.recipes), tell, cancelled), given)
        return dated(tables, found, state.uploads, given.days if given is not None else {})

    def _open(self, number: int) -> Pipeline:
        return Pipeline(self._generation(number), (self.id, number))

    def _generation(self, number: int) -> Path:
        return self.folder / "generations" / f"{number:06d}"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the right to write; clean up first what a crash left."""
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=WAIT_S)
        except Timeout as busy:
            raise being_written() from busy
        try:
            cleaning.clean(self.folder, self.manifest)
            yield
        finally:
            lock.release()


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    if progress is None:
        return None
    told = progress
    return lambda share, text: told(start + share * (end - start), text)


def nothing_to_import() -> HitrateError:
    return HitrateError(
        N_("Nothing to import"), N_("No file was uploaded yet."), N_("Upload a file with deals first.")
    )


def being_written() -> HitrateError:
    return HitrateError(
        N_("Another import is under way"),
        N_("This workspace is being changed by someone else just now."),
        N_("Try again in a moment."),
    )
