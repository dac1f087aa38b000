"""The only two ways text enters a query: a quoted identifier and a literal value."""

from __future__ import annotations

from datetime import date
from math import isfinite

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB  # here, so that the first import of a file need not load it

Value = str | int | float | bool | date | None


def quote(name: str) -> str:
    """Return `name` as a quoted SQL identifier, whatever it holds.

    Identifiers are also checked against the table's schema before they are used; quoting is the second
    fence, not the only one. A NUL character would end the query text early, so it is refused.

    >>> quote('a"b; DROP TABLE deals')
    '"a""b; DROP TABLE deals"'
    """
    if "\0" in name:
        raise ValueError("an identifier cannot hold a NUL character")
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """Return `value` as a SQL literal that reads back as exactly that value.

    None becomes NULL, a date a CAST of its ISO text. NaN, infinities and NUL characters have no literal.

    >>> literal("O'Neil")
    "'O''Neil'"
    """
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a literal cannot hold a NUL character")
        return "'" + value.replace("'", "''") + "'"  # an import writes thousands: 60 times as fast as below
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("a literal must be a finite number")
    return str(exp.convert(value).sql(dialect=DuckDB))
