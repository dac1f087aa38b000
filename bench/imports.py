"""What importing costs: by size, beside an expert's one statement and a user's pandas scripts.

"pandas" only reads the CSV; "script" goes on to dates as dates, amounts as numbers and words as outcomes,
written to Parquet; "careful" does what an import does: cells are kept as they stand, rows whose id repeats
are taken out, every cell that cannot be read is listed, the rows are counted and the file is hashed. All
three hold everything in memory, so the largest size is left out for them. Recognition is measured on files
that are read already, beside a summary of their columns by DuckDB.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from bench.make_csv import make_csv
from bench.measure import Figure, compare, report
from bench.tasks import Work, scratch

SIZES = (100_000, 1_000_000, 10_000_000)
IN_MEMORY = 1_000_000  # rows up to which pandas takes part
LINEAR = 1.1  # exponent up to which the cost counts as linear
MOST_MB = 4_096
FILES, FILE_ROWS = 50, 2_000
WIDE, WIDE_ROWS = 3_000, 1_000
WORDS = {"Won": "won", "Lost": "lost", "Open": "open"}


def bench(out: Path, sizes: tuple[int, ...], rounds: int) -> None:
    """Print the cost of an import at every size, and how it grows."""
    found: dict[int, Figure] = {}
    for rows in sizes:
        path = make_csv(out / f"export_{rows}.csv", rows)
        rivals = ("hitrate", "floor", "pandas", "script", "careful")[: 5 if rows <= IN_MEMORY else 2]
        tasks: dict[str, tuple[str, ...]] = {rival: (f"import_{rival}", str(path)) for rival in rivals}
        figures = compare(tasks, rounds if rows <= IN_MEMORY else 1)
        report(f"import of a CSV of {rows:,} rows ({path.stat().st_size / 1e6:.0f} MB)", figures)
        found[rows] = figures["hitrate"]
    if len(found) > 1:
        _growth(found)


def _growth(found: dict[int, Figure]) -> None:
    """Print by which power of the rows the cost grows: 1 is in step with them."""
    print(f"\ngrowth of an import from {min(found):,} to {max(found):,} rows (1 is linear)")
    for name, cost in (
        ("seconds", [f.seconds for f in found.values()]),
        ("CPU", [f.cpu for f in found.values()]),
    ):
        power = slope(list(found), cost)
        print(f"  {name:8} rows ^ {power:.2f}{'' if power <= LINEAR else '   MORE THAN LINEAR'}")
    most = max(figure.megabytes for figure in found.values())
    print(f"  peak     {most:.0f} MB of at most {MOST_MB}{'' if most <= MOST_MB else '   TOO MUCH'}")


def slope(rows: list[int], cost: list[float]) -> float:
    """Return the slope of the least-squares line through the logarithms of both."""
    xs, ys = [math.log(r) for r in rows], [math.log(c) for c in cost]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def recognition(out: Path, rounds: int) -> None:
    """Print what recognising a drop of many files costs, and one of very many columns."""
    drop, wide = _drop(out / "drop"), _wide(out / f"columns_{WIDE}.csv")
    for title, path in (
        (f"{FILES} files of {FILE_ROWS:,} rows", drop),
        (f"a file of {WIDE:,} columns", wide),
    ):
        tasks: dict[str, tuple[str, ...]] = {
            rival: (f"recognise_{rival}", str(path)) for rival in ("hitrate", "floor")
        }
        report(f"recognition of {title}", compare(tasks, rounds))


def import_script(path: str) -> Work:
    """CSV -> typed Parquet, the way a user would write it with pandas."""
    import pandas as pd

    target = scratch() / "script.parquet"

    def work() -> None:
        deals = pd.read_csv(path)
        for name in ("Created Date", "Close Date"):
            deals[name] = pd.to_datetime(deals[name], format="%Y-%m-%d", errors="coerce")
        deals["Amount"] = pd.to_numeric(deals["Amount"], errors="coerce")
        deals["Outcome"] = deals["Status"].map(WORDS)
        deals.to_parquet(target)

    return work


def import_careful(path: str) -> Work:
    """CSV -> text and typed Parquet, what cannot be read and what was counted, with pandas."""
    import hashlib

    import pandas as pd

    folder = scratch()

    def work() -> None:
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        text = pd.read_csv(path, dtype=str, keep_default_na=False)
        text.to_parquet(folder / "text.parquet")
        again = text["Opportunity ID"].duplicated()
        deals = text[~again].apply(lambda cells: cells.str.strip())
        typed, unread = deals.replace("", None), []
        for name in ("Created Date", "Close Date", "Amount"):
            read = (
                pd.to_numeric(typed[name], errors="coerce")
                if name == "Amount"
                else pd.to_datetime(typed[name], format="%Y-%m-%d", errors="coerce")
            )
            unread.append(typed[name][read.isna() & typed[name].notna()])
            typed[name] = read
        typed["Outcome"] = typed["Status"].map(WORDS)
        for name in ("Created Date", "Close Date"):
            typed[f"{name} month"] = typed[name].dt.to_period("M").dt.to_timestamp()
        typed.to_parquet(folder / "deals.parquet")
        pd.concat(unread).to_frame("text").to_parquet(folder / "unread.parquet")
        for name in ("Opportunity Owner", "Lead Source", "Country", "Industry"):
            typed.groupby([name, "Outcome"]).size()
        assert len(text) == len(typed) + int(again.sum())

    return work


def recognise_hitrate(path: str) -> Work:
    """Files that are read -> proposals."""
    from data.workspace import Store
    from data.workspace.recognised import all_tables

    workspace = Store(scratch()).create()
    for file in _files(path):
        with file.open("rb") as stream:
            workspace.receive(file.name, stream)
    all_tables(workspace.folder / "uploads", workspace.uploads)
    return workspace.recognise


def recognise_floor(path: str) -> Work:
    """Parquet -> count, blanks, about how many values, least and greatest of every column."""
    import duckdb

    home = scratch()
    con = duckdb.connect()
    copies = []
    for file in _files(path):
        copies.append(home / f"{file.stem}.parquet")
        con.execute(
            f"COPY (FROM read_csv('{file}', all_varchar = true)) TO '{copies[-1]}' (FORMAT parquet)"
        ).fetchall()
    return lambda: [con.execute(f"SUMMARIZE FROM '{copy}'").fetchall() for copy in copies]


def _files(path: str) -> list[Path]:
    found = Path(path)
    return sorted(found.glob("*.csv")) if found.is_dir() else [found]


def _drop(folder: Path) -> Path:
    """Write weekly exports of one list, unless they are there."""
    for week in range(FILES):
        path = folder / f"deals-2025-{1 + week // 28:02d}-{1 + week % 28:02d}.csv"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _write(path, FILE_ROWS, 20, week)
    return folder


def _wide(path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, WIDE_ROWS, WIDE - len(COLUMNS), 0)
    return path


COLUMNS = ("Opportunity ID", "Opportunity Name", "Owner", "Lead Source", "Stage", "Status", "Amount",
           "Currency", "Created Date", "Close Date")  # fmt: skip


def _write(path: Path, rows: int, custom: int, week: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow([*COLUMNS, *(f"Custom field {n}" for n in range(custom))])
        for i in range(rows):
            out.writerow([*_deal(i, week), *(_cell(i, n) for n in range(custom))])


def _deal(i: int, week: int) -> list[str]:
    status = "Open" if (i + week) % 5 == 0 else "Won" if i % 3 == 0 else "Lost"
    return [
        f"O-{i + 40 * week:06d}", f"Customer {i % 700} - project", f"Seller {i % 20}",
        ("Web", "Fair", "Ads")[i % 3], ("Qualification", "Meeting", "Proposal")[i % 3], status,
        f"{500 + i * 7 % 9000}.50", "EUR",
        f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}", f"2025-{1 + i % 12:02d}-{1 + i % 28:02d}",
    ]  # fmt: skip


def _cell(i: int, n: int) -> str:
    """Return a cell of a custom field: words, numbers, dates, blanks, flags and free text in turn."""
    spread = (i * 7919 + n * 104_729) % 100_003
    return (
        f"Choice {spread % 20}", f"{spread / 100:.2f}", f"2025-{1 + spread % 12:02d}-{1 + spread % 28:02d}",
        "", ("yes", "no")[spread % 2], f"note {spread} of field {n}",
    )[n % 6]  # fmt: skip
