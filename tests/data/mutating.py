"""Exports made worse, the ways people and programs make them worse; the same number gives the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl
import xlsxwriter

SEED = 20261120
FORMULAS = (
    '=HYPERLINK("http://x.test","click")',
    "=1+1",
    "+SUM(A1:A9)",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
)
SCRIPTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${x}",
    "{file}",
    "{",
    "%s",
)
RIGHT_TO_LEFT = ("שלום עולם", "مرحبا", "\u202eevil\u202c", "a\u200fb")
EMOJI = ("🚀", "👩‍👩‍👧", "✅ Won", "🇩🇰 Vundet", "é́́")
NULLS = ("", " ", "NULL", "\x00", "Qual\x00ified", "N/A", "-", "NaN", "\ufeff", "\\N")
NUMBERS = (
    "1e400",
    "-0",
    "99999999999999999999999",
    "1,2,3",
    "1.234,5",
    "(5)",
    "12.345",
    "∞",
    "٣٤",
    "1E+05",
    "0x1F",
)
DATES = (
    "31-12-2025",
    "12/31/2025",
    "0000-00-00",
    "9999-12-31",
    "31-02-2026",
    "2026-13-45",
    "1-1-1",
    "46000",
    "20260101",
    "12. mei 2026",
    "29 feb 2025",
    "2026-01-01T00:00:00+99:99",
    "1795161240000",
)
QUOTES = ('"', "''", '";"', "a\nb", "a\r\nb", "a\tb", "\\", "x" * 5000, "'; DROP TABLE deals; --")
HOSTILE = (FORMULAS, SCRIPTS, RIGHT_TO_LEFT, EMOJI, NULLS, NUMBERS, DATES, QUOTES)


@dataclass
class Sheet:
    """One fixture as cells, and how it was written."""

    name: str
    rows: list[list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    original: bytes = field(default=b"", repr=False)


def fixtures(folder: Path) -> list[Sheet]:
    """Return every fixture below `folder` (CSV and .xlsx), in the order of their names."""
    found = []
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.xlsx"), *folder.glob("*/*.csv")]):
        told = path.with_suffix(".expected.json")
        known = json.loads(told.read_text()) if told.exists() else {}
        raw = path.read_bytes()
        if path.suffix == ".xlsx":
            frame = fastexcel.read_excel(raw).load_sheet(0, header_row=None, dtypes="string").to_polars()
            found.append(Sheet(path.name, [[c or "" for c in row] for row in frame.rows()], original=raw))
            continue
        encoding, delimiter = known.get("encoding") or "utf-8", known.get("delimiter") or ","
        text = raw.decode(encoding, "replace")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        rows = rows[1:] if rows[0][0] == "sep=" else rows
        found.append(Sheet(path.name, rows, encoding, delimiter, raw))
    return found


def mutation(sheets: list[Sheet], number: int) -> tuple[str, bytes]:
    """Return the name and the bytes of mutation `number`."""
    chance = random.Random(f"{SEED}:{number}")
    sheet = chance.choice(sheets)
    if chance.random() < 0.35:
        return sheet.name, changed_bytes(chance, sheet.original)
    rows = [list(row) for row in sheet.rows]
    for _ in range(chance.choice([1, 1, 2, 4])):
        rows = chance.choice(TABLES)(chance, rows)
    name, raw = chance.choice(WRITERS)(chance, sheet, rows)
    return name, changed_bytes(chance, raw) if chance.random() < 0.1 else raw


def changed_bytes(chance: random.Random, raw: bytes) -> bytes:
    """Flip, cut, double or put in a few bytes; or cut the file off."""
    data = bytearray(raw)
    for _ in range(chance.choice([1, 1, 3, 3, 10, 60])):
        place, size = chance.randrange(len(data) + 1), chance.choice([1, 1, 2, 8, 40, 400])
        match chance.randrange(6):
            case 0 | 1:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 2:
                del data[place : place + size]
            case 3:
                data[place:place] = data[place : place + size]
            case 4:
                data[place:place] = bytes(chance.choice(b'",;\t|\r\n\x00 \xff\xc3=') for _ in range(size))
            case _:
                if chance.random() < 0.1:
                    del data[place:]
    return bytes(data)


Rows = list[list[str]]


def _cells(chance: random.Random, rows: Rows) -> Rows:
    """Replace cells, headers now and then among them, by what no cell should hold."""
    kind = chance.choice(HOSTILE)
    for _ in range(chance.choice([1, 5, 40])):
        row = chance.choice(rows) if chance.random() < 0.9 else rows[0]
        if row:
            row[chance.randrange(len(row))] = chance.choice(kind)
    return rows


def _column_filled(chance: random.Random, rows: Rows) -> Rows:
    """Fill one column, below its header, with one hostile kind or with nothing."""
    kind: tuple[str, ...] = chance.choice((*HOSTILE, ("",)))
    place = chance.randrange(max(1, len(rows[0])))
    for row in rows[1:]:
        if place < len(row):
            row[place] = chance.choice(kind)
    return rows


def _columns_swapped(chance: random.Random, rows: Rows) -> Rows:
    """Let two columns change places, headers staying where they are or going with them."""
    one, other = chance.randrange(max(1, len(rows[0]))), chance.randrange(max(1, len(rows[0])))
    for row in rows[chance.choice([0, 1]) :]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]
    return rows


def _columns_changed(chance: random.Random, rows: Rows) -> Rows:
    """Drop columns, double one, or give two one name."""
    width = max(1, len(rows[0]))
    match chance.randrange(3):
        case 0:
            keep = sorted(chance.sample(range(width), max(1, width - chance.randrange(width))))
            return [[row[i] for i in keep if i < len(row)] for row in rows]
        case 1:
            place = chance.randrange(width)
            return [[*row, *row[place : place + 1]] for row in rows]
        case _:
            if rows[0]:
                rows[0][chance.randrange(len(rows[0]))] = chance.choice(rows[0])
            return rows


def _rows_changed(chance: random.Random, rows: Rows) -> Rows:
    """Cut, double, shuffle, shorten or lengthen rows; or put a title or a total in."""
    place = chance.randrange(len(rows))
    match chance.randrange(8):
        case 0:
            return rows[: place + 1]
        case 1:
            return rows[place:] or rows
        case 2:
            return [*rows, *[list(row) for row in chance.choices(rows, k=10)]]
        case 3:
            return [rows[0], *chance.sample(rows[1:], len(rows) - 1)]
        case 4:
            return [*rows[:place], rows[place][: chance.randrange(len(rows[place]) + 1)], *rows[place + 1 :]]
        case 5:
            return [*rows[:place], [*rows[place], "more", "cells"], *rows[place + 1 :]]
        case 6:
            return [["Report of all deals"], [], *rows, [], ["Total", "1.234,50"], ["Confidential"]]
        case _:
            return rows[:1]


TABLES: tuple[Callable[[random.Random, Rows], Rows], ...] = (
    _cells,
    _cells,
    _column_filled,
    _column_filled,
    _columns_swapped,
    _columns_changed,
    _rows_changed,
)


def _as_csv(chance: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    """Write the rows as they were, or in another encoding, or in two at once."""
    delimiter = sheet.delimiter if chance.random() < 0.7 else chance.choice([",", ";", "\t", "|"])
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=chance.choice(["\n", "\r\n"]))
    writer.writerows(rows)
    text = out.getvalue()
    half = len(text) // 2
    encoding = sheet.encoding if chance.random() < 0.6 else chance.choice(["utf-8-sig", "utf-16", "cp1252"])
    if chance.random() < 0.25:
        return sheet.name, text[:half].encode("utf-8") + text[half:].encode("cp1252", "replace")
    return sheet.name, text.encode(encoding, "replace")


def _as_gzip(chance: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    return sheet.name + ".gz", gzip.compress(_as_csv(chance, sheet, rows)[1], 1, mtime=0)


def _as_parquet(_: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    names = [f"{h}{'' if rows[0].index(h) == i else i}" for i, h in enumerate(rows[0])] or ["a"]
    width = len(names)
    body = [[*row[:width], *[""] * (width - len(row))] for row in rows[1:]]
    frame = pl.DataFrame(body, schema=dict.fromkeys(names, pl.String), orient="row", strict=False)
    out = io.BytesIO()
    frame.write_parquet(out)
    return sheet.name + ".parquet", out.getvalue()


def _as_workbook(_: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if cell.startswith("="):
                    page.write_formula(y, x, cell, None, "0")
                else:
                    page.write_string(y, x, cell.replace("\x00", ""))
    return sheet.name + ".xlsx", out.getvalue()


def _as_broken_workbook(chance: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    """Change bytes inside the parts of a sound zip file."""
    name, raw = _as_workbook(chance, sheet, rows)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in book.namelist():
            inner = book.read(part)
            copy.writestr(part, changed_bytes(chance, inner) if chance.random() < 0.2 else inner)
    return name, out.getvalue()


def _as_page(_: random.Random, sheet: Sheet, rows: Rows) -> tuple[str, bytes]:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return sheet.name + ".xls", f"<html><body><table>{lines}</table></body></html>".encode()


WRITERS: tuple[Callable[[random.Random, Sheet, Rows], tuple[str, bytes]], ...] = (
    _as_csv,
    _as_csv,
    _as_csv,
    _as_csv,
    _as_csv,
    _as_gzip,
    _as_parquet,
    _as_workbook,
    _as_broken_workbook,
    _as_page,
)
