"""A small sound export, and ways to spoil it: what the tests of bad input change and hand in."""

from __future__ import annotations

import io
import zipfile

import polars as pl

from data import Pipeline

HEADER = [
    "Deal ID",
    "Deal name",
    "Stage",
    "Status",
    "Created",
    "Close date",
    "Amount",
    "Currency",
    "Lead source",
]
STAGES = {"Won": "Closed Won", "Lost": "Closed Lost", "Open": "Proposal"}
DEALS = 12
OPEN = (2, 5, 8, 11)  # the rows that are open deals


def rows() -> list[list[str]]:
    ends = [("Open", "Won", "Lost")[i % 3] for i in range(1, DEALS + 1)]
    return [
        [
            str(i),
            f"Deal {i}",
            STAGES[end],
            end,
            f"2026-01-{i:02d}",
            f"2026-02-{i:02d}",
            f"{i}00.50",
            "EUR",
            "Web",
        ]
        for i, end in enumerate(ends, 1)
    ]


def written(table: list[list[str]], header: list[str] = HEADER) -> bytes:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [header, *table]]
    return ("\n".join(lines) + "\n").encode()


def changed(column: str, cells: dict[int, str]) -> bytes:
    table = rows()
    for row, text in cells.items():
        table[row][HEADER.index(column)] = text
    return written(table)


def without(*columns: str) -> bytes:
    left = [i for i, name in enumerate(HEADER) if name not in columns]
    return written([[row[i] for i in left] for row in rows()], [HEADER[i] for i in left])


def codes(pipeline: Pipeline) -> dict[str, int | None]:
    return {n.code: n.count for n in pipeline.meta.notices}


def workbook_of(part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", part)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows(), schema=HEADER, orient="row").write_parquet(out)
    return out.getvalue()
