"""HTML tables saved as .xls (older Salesforce reports and others) to draft tables."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from lxml import etree, html

from data.errors import N_, HitrateError
from data.reading.container import EXPORT_AGAIN
from data.reading.encoding import guess
from data.reading.grid import read_grid
from data.reading.tables import MAX_COLUMNS, Draft, Task

LIMIT = 200 << 20  # the whole page is held in memory, several times its size
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def read_webtable(path: Path, task: Task) -> list[Draft]:
    """Return a draft per table of the page that has rows and columns and no table inside."""
    if path.stat().st_size > LIMIT:
        raise HitrateError(
            N_("Too large"),
            N_("{file} is a web page of more than {limit} MB."),
            EXPORT_AGAIN,
            code="too_large",
            file=task.name,
            limit=LIMIT >> 20,
        )
    text, encoding, bom = _decode(path)
    task.step(0.2)
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(recover=True, no_network=True))
        tables = [t for t in page.iter("table") if not any(True for _ in t.iter("table") if _ is not t)]
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise _no_table(task.name) from error
    found = [rows for table in tables if (rows := _rows(table))]
    grids = [rows for rows in found if len(rows) > 1 and max(map(len, rows)) > 1] or found
    drafts = []
    for rows in grids:
        draft = read_grid(_frame(rows), task, "html", None)
        if draft is not None:
            draft.encoding, draft.bom = encoding, bom
            drafts.append(draft)
    if not drafts:
        raise _no_table(task.name)
    return drafts


def _decode(path: Path) -> tuple[str, str, bool]:
    encoding, mark = guess(path)
    content = path.read_bytes()[mark:]
    if encoding == "utf-8" and not mark:
        stated = _CHARSET.search(content[:4096])
        western = stated is not None and stated[1].lower() in (b"windows-1252", b"iso-8859-1", b"latin1")
        if not _is_utf8(content) or (western and content.isascii()):
            encoding = "cp1252"
    text = content.decode(encoding, "replace").replace("\x00", "")
    return re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL), encoding, mark > 0


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _rows(table: html.HtmlElement) -> list[list[str]]:
    """Return the cells of a table row by row; a cell that spans columns leaves the others empty."""
    rows = []
    for line in table.iter("tr"):
        cells: list[str] = []
        for cell in line:
            if cell.tag in ("td", "th"):
                cells.append(_text(cell))
                span = cell.get("colspan") or "1"
                cells += [""] * (min(int(span), MAX_COLUMNS) - 1 if span.isdecimal() else 0)
        rows.append(cells[:MAX_COLUMNS])
    return rows


def _text(cell: html.HtmlElement) -> str:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    text = "".join(str(piece) for piece in cell.itertext())
    return text.replace("\u00a0", " ").strip()


def _frame(rows: list[list[str]]) -> pl.DataFrame:
    width = max(map(len, rows))
    columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
    return pl.DataFrame({f"c{i}": pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)})


def _no_table(name: str) -> HitrateError:
    return HitrateError(
        N_("Not a table"),
        N_("{file} is a web page without a table of data."),
        EXPORT_AGAIN,
        code="no_table",
        file=name,
    )
