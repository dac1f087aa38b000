"""Which characters the bytes stand for, and the same text as UTF-8.

A byte order mark decides; then the pattern of zero bytes that UTF-16 leaves; then whether all of it
is UTF-8; else it is Windows-1252. No statistics: a guesser calls a Danish file Central European.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from data.reading import sample
from data.reading.tables import Task

CHUNK = 1 << 20
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


@dataclass(frozen=True)
class Text:
    """A file known to be UTF-8 from byte `start` on; `encoding` is what the user's file was in.

    `mixed` bytes were read in another encoding than the rest; `nuls` NUL characters were left out.
    """

    path: Path
    start: int
    encoding: str
    bom: bool
    mixed: int = 0
    nuls: int = 0


def guess(path: Path) -> tuple[str, int]:
    """Return (encoding, length of its byte order mark), from a few pieces of the file."""
    first = sample.head(path)
    for mark, name in _BOMS:
        if first.startswith(mark):
            return name, len(mark)
    wide = wide_order(first)
    if wide is not None:
        return wide, 0
    start, *rest = sample.pieces(path)
    return ("utf-8" if _fits_utf8(start, 1) and all(_fits_utf8(p) for p in rest) else "cp1252"), 0


def wide_order(piece: bytes) -> str | None:
    """Return utf-16-le or utf-16-be when every second byte of `piece` is mostly zero, else None."""
    piece = piece[: len(piece) // 2 * 2]
    if len(piece) < 8:
        return None
    even = piece[0::2].count(0) / (len(piece) / 2)
    odd = piece[1::2].count(0) / (len(piece) / 2)
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    if even > 0.6 and odd < 0.05:
        return "utf-16-be"
    return None


def as_utf8(path: Path, task: Task) -> Text:
    """Return the file as UTF-8: itself when it already is (as far as was looked), else a copy."""
    encoding, mark = guess(path)
    if encoding == "utf-8":
        return Text(path, mark, "utf-8", mark > 0)
    if encoding == "cp1252":
        return from_bytes(path, task)
    copy = task.scratch / "text.csv"
    nuls = _write(copy, _decoded(path, encoding, mark, "replace"))
    return Text(copy, 0, encoding, mark > 0, nuls=nuls)


def without_nuls(text: Text, task: Task) -> Text:
    """Return a copy without NUL characters: no database or file name holds them, and no one typed them."""
    copy, nuls = task.scratch / "plain.csv", 0
    with text.path.open("rb") as stream, copy.open("wb") as out:
        stream.seek(text.start)
        while chunk := stream.read(CHUNK):
            nuls += chunk.count(0)
            out.write(chunk.replace(b"\x00", b""))
    return replace(text, path=copy, start=0, nuls=nuls)


def is_utf8(path: Path) -> bool:
    """Return whether every byte of the file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def from_bytes(path: Path, task: Task) -> Text:
    """Return a UTF-8 copy of a file that is not all UTF-8.

    It is Windows-1252, unless ten times more of it is proper UTF-8 than not: then two exports were
    pasted together, and only the bytes that are no UTF-8 are read as Windows-1252 (`mixed` of them).
    """
    mark = 3 if sample.head(path, 3) == codecs.BOM_UTF8 else 0
    proper = strays = 0
    for text in _decoded(path, "utf-8", mark, "surrogateescape"):
        if not text.isascii():
            bad = len(_STRAY.findall(text))
            strays += bad
            proper += len(_FOREIGN.findall(text)) - bad
    copy = task.scratch / "text.csv"
    if proper > 10 * strays:
        nuls = _write(copy, _decoded(path, "utf-8", mark, "surrogateescape"))
        return Text(copy, 0, "utf-8", mark > 0, mixed=strays, nuls=nuls)
    nuls = _write(copy, _decoded(path, "cp1252", mark, "surrogateescape"))
    return Text(copy, 0, "cp1252", mark > 0, nuls=nuls)


def _windows(byte: int) -> str:
    """Return a byte as Windows-1252, or as the control character of the same number."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_STRAY = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[^\x00-\x7f]")
_STRAYS = {0xDC00 + byte: _windows(byte) for byte in range(128, 256)}


def _fits_utf8(piece: bytes, cuts: int = 4) -> bool:
    """Return whether a piece cut anywhere may come from UTF-8 text; `cuts` is 1 for the start of a file."""
    for lost in range(cuts):  # the cut may have left up to three bytes of a character at the start
        try:
            codecs.getincrementaldecoder("utf-8")().decode(piece[lost:])
            return True
        except UnicodeDecodeError as error:
            if error.start > 0:
                return False
    return False


def _decoded(path: Path, encoding: str, skip: int, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with path.open("rb") as stream:
        stream.seek(skip)
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", True)


def _write(copy: Path, texts: Iterator[str]) -> int:
    """Write the text as UTF-8 without NUL characters; return how many there were."""
    nuls = 0
    with copy.open("wb") as out:
        for text in texts:
            # A lone half of a surrogate pair cannot be written; everything else is kept as it is.
            plain = text if text.isascii() or not _STRAY.search(text) else text.translate(_STRAYS)
            raw = plain.encode("utf-8", "replace")
            nuls += raw.count(0)
            out.write(raw.replace(b"\x00", b"") if nuls else raw)
    return nuls
