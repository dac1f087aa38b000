"""Look at a file's bytes without reading it whole."""

from __future__ import annotations

from pathlib import Path

PIECE = 64 * 1024


def head(path: Path, size: int = PIECE) -> bytes:
    """Return the first `size` bytes."""
    with path.open("rb") as stream:
        return stream.read(size)


def pieces(path: Path, size: int = PIECE) -> list[bytes]:
    """Return the head, two pieces of the middle and the tail, without overlap."""
    total = path.stat().st_size
    if total <= 4 * size:
        return [path.read_bytes()]
    found = []
    with path.open("rb") as stream:
        for start in (0, total // 3, 2 * total // 3, total - size):
            stream.seek(start)
            found.append(stream.read(size))
    return found


def after_line(piece: bytes) -> bytes:
    """Return a piece of a file's middle from its first line start on."""
    return piece[piece.find(b"\n") + 1 :]
