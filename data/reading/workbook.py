"""Excel workbooks (.xlsx) to draft tables, one per visible sheet that holds something."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl
from lxml import etree

from data.errors import N_, HitrateError
from data.reading.container import EXPORT_AGAIN, FREE, RATIO, bomb
from data.reading.grid import read_grid
from data.reading.tables import Draft, Task

LIMIT = 4 << 30  # unpacked; a full sheet of a million rows and thirty columns is about 2 GB
CELL_ERRORS = N_("Cells of {file} that hold an Excel error such as #N/A, read as blank: {count}.")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})\d+"')


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


def read_workbook(path: Path, task: Task) -> list[Draft]:
    """Return a draft per visible sheet with at least one filled cell."""
    sheets, errors = _check(path, task.name)
    visible = [sheet.name for sheet in sheets if not sheet.hidden]
    unseen = [sheet.name for sheet in sheets if sheet.hidden]
    task.step(0.3)
    try:
        drafts = _drafts(path, task, visible)
        for draft in drafts:
            part = next(sheet.part for sheet in sheets if sheet.name == draft.sheet)
            draft.hidden = [*_hidden(path, part, draft.headers), *unseen]
            if count := errors.get(part, 0):
                draft.notices.append(task.notice("cell_errors", CELL_ERRORS, count=count))
    except HitrateError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        raise _damaged(task.name) from error
    if not drafts:
        raise HitrateError(
            N_("Nothing to read"),
            N_("{file} has no visible sheet with data."),
            N_("Unhide the sheet or export it again."),
            code="empty",
            file=task.name,
        )
    return drafts


def _drafts(path: Path, task: Task, visible: list[str]) -> list[Draft]:
    book = fastexcel.read_excel(path.read_bytes())
    drafts = []
    for number, name in enumerate(visible):
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        draft = read_grid(sheet.to_polars(), task, "xlsx", name) if sheet.width and sheet.height else None
        drafts += [draft] if draft is not None else []
        task.step(0.3 + 0.5 * (number + 1) / len(visible))
    return drafts


def _check(path: Path, name: str) -> tuple[list[_Sheet], dict[str, int]]:
    """Unpack every part once, in passing; return the sheets, and the number of error cells per part.

    Refuses what is no .xlsx, what is damaged, and what unpacks to far more than it should: the sizes
    a zip file states about itself are not believed.
    """
    try:
        with zipfile.ZipFile(path) as book:
            names = {info.filename.lower() for info in book.infolist()}
            _refuse_other(names, name)
            allowed = min(LIMIT, max(FREE, RATIO * path.stat().st_size))
            if sum(info.file_size for info in book.infolist()) > allowed:
                raise bomb(name)
            found: dict[str, int] = {}
            for info in book.infolist():
                errors, size = 0, 0
                for chunk in _unpacked(path, book, info):
                    size += len(chunk)
                    if size > info.file_size:
                        raise bomb(name)
                    errors += chunk.count(b't="e"')
                found[info.filename] = errors
            return _sheets(book), found
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        etree.LxmlError,
    ) as error:
        raise _damaged(name) from error


def _refuse_other(names: set[str], name: str) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise HitrateError(
            N_("Binary workbook"),
            N_("{file} is a binary workbook (.xlsb), which cannot be read."),
            N_("Open it in Excel and save it as .xlsx or CSV."),
            code="xlsb",
            file=name,
        )
    if "content.xml" in names:
        raise HitrateError(
            N_("Not a workbook"),
            N_("{file} is an OpenDocument file, which cannot be read."),
            N_("Save it as .xlsx or CSV."),
            code="ods",
            file=name,
        )
    raise HitrateError(
        N_("Zip archive"),
        N_("{file} is a zip archive, not a workbook."),
        N_("Unpack it and upload the CSV files in it."),
        code="zip",
        file=name,
    )


def _unpacked(path: Path, book: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what one part really unpacks to, however large it claims to be."""
    if info.flag_bits & 1:
        raise RuntimeError("encrypted")
    with path.open("rb") as stream:
        stream.seek(info.header_offset + 26)
        lengths = stream.read(4)
        if len(lengths) < 4:
            raise zipfile.BadZipFile("cut off")
        stream.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
        left, inflate = info.compress_size, zlib.decompressobj(-15)
        while left > 0 and (packed := stream.read(min(left, 1 << 16))):
            left -= len(packed)
            if info.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            while packed and not inflate.eof:
                yield inflate.decompress(packed, 1 << 20)
                packed = inflate.unconsumed_tail


def _sheets(book: zipfile.ZipFile) -> list[_Sheet]:
    """Return the sheets of cells (not charts) in the order of their tabs."""
    links = {node.get("Id"): node.get("Target") or "" for node in _tree(book, "xl/_rels/workbook.xml.rels")}
    found = []
    for node in _tree(book, "xl/workbook.xml").iter("{*}sheet"):
        relation = next((value for key, value in node.attrib.items() if str(key).endswith("}id")), None)
        target = links.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if _SHEET.fullmatch(part):
            hidden = node.get("state", "visible") != "visible"
            found.append(_Sheet(str(node.get("name")), part, hidden))
    return found


def _tree(book: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(book.read(part), parser)


def _hidden(path: Path, part: str, headers: list[str]) -> list[str]:
    """Return the headers of a sheet's hidden columns; the reader itself shows all columns alike."""
    with zipfile.ZipFile(path) as book:
        spans: list[tuple[int, int]] = []
        with book.open(part) as stream:
            head = stream.read(1 << 20).partition(b"<sheetData")[0]
        for column in re.findall(rb"<(?:\w+:)?col\s[^>]*>", head):
            if re.search(rb'\bhidden="(?:1|true)"', column):
                low, high = (
                    int(m[1]) if (m := re.search(rb'\b%s="(\d+)"' % key, column)) else 0
                    for key in (b"min", b"max")
                )
                spans.append((low, high))
        first = _first_column(book, part) if spans else 1
    places = (p - first for low, high in spans for p in range(low, min(high, first + len(headers)) + 1))
    return [headers[p] for p in places if 0 <= p < len(headers) and headers[p]]


def _first_column(book: zipfile.ZipFile, part: str) -> int:
    """Return the number of the leftmost column with a cell; what is left of it is not read at all."""
    letters: set[bytes] = set()
    with book.open(part) as stream:
        rest = b""
        while chunk := stream.read(1 << 20):
            letters.update(_CELL.findall(rest + chunk))
            rest = chunk[-200:]
    numbers = [sum((c - 64) * 26**i for i, c in enumerate(reversed(text))) for text in letters]
    return min(numbers, default=1)


def _damaged(name: str) -> HitrateError:
    return HitrateError(
        N_("Damaged file"),
        N_("{file} is a workbook that cannot be opened; it is damaged."),
        EXPORT_AGAIN,
        code="damaged",
        file=name,
    )
