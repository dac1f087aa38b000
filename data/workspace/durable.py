"""Writing that survives a crash: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Protocol

from blake3 import blake3

CHUNK = 1 << 20
FLUSHED = 16 << 20  # bytes written after which the disk is given them
PENDING = ".tmp-"  # what begins with this was never finished


class Readable(Protocol):
    """A stream of bytes; anything with `read`."""

    def read(self, size: int = -1, /) -> bytes: ...


def write_text(path: Path, text: str) -> None:
    """Replace a small file as a whole: a reader sees the old text or the new, never half of one."""
    pending = path.with_name(f"{PENDING}{path.name}")
    with pending.open("w", encoding="utf-8") as file:
        file.write(text)
        flush(file.fileno())
    replace(pending, path)


def replace(source: Path, target: Path) -> None:
    """Rename within one folder, and make the renaming itself durable."""
    source.replace(target)
    sync_folder(target.parent)


def publish(source: Path, target: Path) -> None:
    """Give a finished folder its name, after everything in it is on disk."""
    for path in source.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                flush(file.fileno())
    for path in [p for p in source.rglob("*") if p.is_dir()]:
        sync_folder(path)
    sync_folder(source)
    replace(source, target)


def copy_stream(stream: Readable, path: Path) -> tuple[str, int]:
    """Write a stream to a new file in pieces; return its BLAKE3 digest and length.

    While one piece is read and written, a second thread sums the piece before (no more than two are held),
    and a third brings to the disk what was written so far, so that little is left to wait for.
    """
    digest, length, flushed = blake3(), 0, 0
    with path.open("xb") as file, ThreadPoolExecutor(1) as sums, ThreadPoolExecutor(1) as disk:
        summed: Future[object] | None = None
        flushing: Future[None] | None = None
        while piece := stream.read(CHUNK):
            if summed is not None:
                summed.result()
            summed = sums.submit(digest.update, piece)
            file.write(piece)
            length += len(piece)
            if length - flushed >= FLUSHED and (flushing is None or flushing.done()):
                if flushing is not None:
                    flushing.result()  # a disk that fails must not go unnoticed
                flushing, flushed = disk.submit(flush, file.fileno()), length
        for last in (summed, flushing):
            if last is not None:
                last.result()
        _settle(file)
    return digest.hexdigest(), length


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        flush(handle)
    finally:
        os.close(handle)


def flush(handle: int) -> None:
    """Wait until what was written is on disk."""
    os.fsync(handle)


def sweep(folder: Path) -> None:
    """Remove what a crash left unfinished. Only for the holder of the lock."""
    for path in folder.glob(f"{PENDING}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _settle(file: BinaryIO) -> None:
    file.flush()
    flush(file.fileno())
