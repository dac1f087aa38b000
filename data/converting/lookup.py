"""What is worked out once per value of a column that repeats few, instead of once per row.

DuckDB calls a function once per value of the list that a Parquet column keeps, but walks a CASE row by row.
So a CASE over such a column is answered for its values beforehand, and becomes a search in two lists.
"""

from __future__ import annotations

import re
from typing import Any

from data.converting.looking import table
from data.converting.run import Run
from data.converting.source import File
from data.engine.quoting import literal

RAW = re.compile('"c[0-9]+"')  # a cell as it stands in the file
LOOKED_UP = 100  # values up to which a list is searched: where rows were joined it is searched for each row


def answers(run: Run, file: File, sql: str) -> dict[str | None, Any] | None:
    """Return what `sql` gives for every value of the one column it reads, NULL among them.

    None where it reads no column or several, or one with many values.
    """
    raw = _only(file, sql)
    if raw is None:
        return None
    if raw == sql:
        return {cell: cell for cell in (*file.listed[raw], None)}
    return dict(run.rows(f"SELECT {raw}, {sql} FROM {table(raw)}", [[*file.listed[raw], None]]))


def by_value(run: Run, file: File, sql: str, kind: str = "VARCHAR") -> str:
    """Return SQL that gives what `sql` does, of type `kind`: found by value where there are few values."""
    raw = _only(file, sql)
    if raw is None or raw == sql or len(file.listed[raw]) > LOOKED_UP:
        return sql
    known = answers(run, file, sql) or {}
    cells = ", ".join("NULL" if cell is None else literal(cell) for cell in known)
    found = ", ".join("NULL" if answer is None else literal(answer) for answer in known.values())
    return f"list_extract([{found}]::{kind}[], list_position([{cells}]::VARCHAR[], {raw}))"


def _only(file: File, sql: str) -> str | None:
    """Return the one column that `sql` reads, if its values are listed."""
    found = set(RAW.findall(sql))
    raw = found.pop() if len(found) == 1 else ""
    return raw if raw in file.listed and not file.joined else None
