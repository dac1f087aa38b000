"""What kind of file the bytes are, by the bytes themselves: a name can say anything."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path
from typing import NoReturn

from blake3 import blake3

from data.errors import N_, HitrateError
from data.reading import sample
from data.reading.encoding import wide_order
from data.reading.tables import Task

_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"{\\rtf", "RTF"),
    (b"ARROW1\x00\x00", "Arrow"),
    (b"Obj\x01", "Avro"),
)
_WEB = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = bytes(c for c in range(32) if c not in (0, 9, 10, 11, 12, 13, 26, 27))
EXPORT_AGAIN = N_("Export the data as CSV or Excel (.xlsx) and upload that file.")
RATIO, FREE = 250, 64 << 20  # a bomb unpacks to more than 250 times its size; 64 MB are always allowed
LINE = 8 << 20  # bytes of the first line: 16 384 long headers fit in far fewer
LIMIT = 20 << 30


def kind(path: Path, name: str) -> str:
    """Return csv, csv.gz, parquet, zip or html; refuse what cannot hold a table, saying what it is."""
    first = sample.head(path)
    if not first.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff") and path.stat().st_size <= len(first):
        raise HitrateError(
            N_("Empty file"),
            N_("{file} is empty."),
            N_("Export the data again and upload the new file."),
            code="empty",
            file=name,
        )
    if first.startswith(b"PAR1"):
        return "parquet"
    if first.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if first.startswith(b"\x1f\x8b"):
        return "csv.gz"
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        _refuse_ole(path, name)
    for magic, what in _MAGIC:
        if first.startswith(magic):
            _refuse(name, what)
    found = _kind_of_text(first, name)
    if found == "csv":
        _refuse_endless(path, name)
    return found


def _refuse_endless(path: Path, name: str) -> None:
    """Refuse a text without a line end near its beginning: no table has such a line, and one of gigabytes
    would take all memory."""
    if path.stat().st_size <= LINE:
        return
    with path.open("rb") as file:
        if not any(end in file.read(LINE) for end in (b"\n", b"\r")):
            raise HitrateError(
                N_("Not a table"),
                N_("The first line of {file} has no end within {most} megabytes."),
                EXPORT_AGAIN,
                code="endless",
                file=name,
                most=LINE >> 20,
            )


def _kind_of_text(first: bytes, name: str) -> str:
    if first.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or wide_order(first):
        text = first.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    else:
        text = first.removeprefix(b"\xef\xbb\xbf")
        _refuse_binary(text, name)
    if _WEB.match(text):
        return "html"
    start = text[:400].lstrip()
    if start.startswith(b"<?xml"):
        if _WEB.match(re.sub(rb"^\s*<\?xml.*?\?>", b"", text[:4000], flags=re.DOTALL)):
            return "html"
        _refuse(name, "XML")
    if re.match(rb'\{\s*"|\[\s*\{', start):
        _refuse(name, "JSON")
    return "csv"


def _refuse_binary(text: bytes, name: str) -> None:
    """Refuse bytes that no text holds; a stray control character in a cell is no reason."""
    control = sum(text.count(bytes([c])) for c in _CONTROL)
    kinds = sum(bytes([c]) in text for c in _CONTROL)
    zeros = text.count(0)
    if (kinds >= 6 and control > 0.01 * len(text)) or control + zeros > 0.3 * len(text):
        raise HitrateError(
            N_("Not a table"),
            N_("{file} is not text: it holds bytes no table has."),
            EXPORT_AGAIN,
            code="binary",
            file=name,
        )


def _refuse(name: str, what: str) -> NoReturn:
    raise HitrateError(
        N_("Not a table"),
        N_("{file} is a {kind} file, which cannot be read."),
        EXPORT_AGAIN,
        code="kind",
        file=name,
        kind=what,
    )


def _refuse_ole(path: Path, name: str) -> NoReturn:
    if "EncryptedPackage".encode("utf-16-le") in b"".join(sample.pieces(path, 1 << 20)):
        raise HitrateError(
            N_("Protected workbook"),
            N_("{file} is protected with a password."),
            N_("Open it in Excel, remove the password and save it again."),
            code="protected",
            file=name,
        )
    raise HitrateError(
        N_("Old Excel format"),
        N_("{file} is a workbook in the old .xls format, which cannot be read."),
        N_("Open it in Excel and save it as .xlsx or CSV."),
        code="old_xls",
        file=name,
    )


def gunzip(path: Path, task: Task) -> Path:
    """Return the unpacked copy of a gzip file; stop at a file made to fill the disk."""
    target, written = task.scratch / "unpacked.csv", 0
    allowed = min(LIMIT, max(FREE, RATIO * path.stat().st_size))
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as out:
            while chunk := packed.read(1 << 20):
                written += len(chunk)
                if written > allowed:
                    raise bomb(task.name)
                out.write(chunk)
    except (EOFError, OSError, zlib.error) as error:
        raise HitrateError(
            N_("Damaged file"),
            N_("{file} cannot be unpacked; the gzip file is cut off or damaged."),
            N_("Download it again and upload the new file."),
            code="damaged",
            file=task.name,
        ) from error
    return target


def bomb(name: str) -> HitrateError:
    """Return the error for a file that unpacks to far more than its own size."""
    return HitrateError(
        N_("Too large"),
        N_("{file} unpacks to far more than a table of its size holds."),
        EXPORT_AGAIN,
        code="bomb",
        file=name,
    )


def digest(path: Path) -> str:
    """Return the BLAKE3 digest of the file's bytes."""
    return blake3().update_mmap(path).hexdigest()
