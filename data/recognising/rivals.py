"""Columns that may be another field than they are taken for: asked about, never settled in silence."""

from __future__ import annotations

from data.errors import N_
from data.notice import Notice
from data.recognising.assigning import Assigned
from data.recognising.profile import Column, Facts

CORE = ("stage", "status", "result", "is_won", "is_closed", "created_at", "closed_at", "expected_close_at",
        "amount", "owner", "source")  # fmt: skip
LEAST = 0.01  # of the rows on which both are filled: fewer differences change no number worth asking about
ASKED = {
    "amount": N_(
        "“{column}” and “{other}” may both be the amount of a deal; they differ on {count} rows. "
        "“{column}” is used."
    ),
    "created_at": N_(
        "“{column}” and “{other}” may both be the day a deal was created; they differ on {count} rows. "
        "“{column}” is used."
    ),
    "closed_at": N_(
        "“{column}” and “{other}” may both be the day a deal was closed; they differ on {count} rows. "
        "“{column}” is used."
    ),
    "expected_close_at": N_(
        "“{column}” and “{other}” may both be the day a deal is expected to close; they differ on {count} "
        "rows. “{column}” is used."
    ),
    "owner": N_(
        "“{column}” and “{other}” may both name the seller; they differ on {count} rows. “{column}” is used."
    ),
    "source": N_(
        "“{column}” and “{other}” may both name the lead source; they differ on {count} rows. "
        "“{column}” is used."
    ),
    "stage": N_(
        "“{column}” and “{other}” may both be the stage; they differ on {count} rows. “{column}” is used."
    ),
    "status": N_(
        "“{column}” and “{other}” may both say how deals ended; they differ on {count} rows. "
        "“{column}” is used."
    ),
}


def notices(facts: Facts, found: Assigned) -> list[Notice]:
    """Return a question for each field that a second column fits as well, where their cells differ."""
    asked = []
    for name, other in found.rivals.items():
        column = found.column(name)
        if name not in ASKED or column is None or other in found.fields.values():
            continue
        both, differ = _compared(facts, column, other)
        if both and differ > LEAST * both:
            asked.append(
                Notice(
                    code="two_columns_fit",
                    level="question",
                    file=facts.file,
                    column=column.name,
                    count=differ,
                    values={"column": column.name, "other": other.name, "field": name, "count": differ},
                    message=ASKED[name],
                )
            )
    return asked


def unsure(facts: Facts, found: Assigned) -> list[Notice]:
    """Return one question for all columns that matter and were told from their cells or a likeness alone."""
    columns = [found.fields[n].name for n in CORE if n in found.weak and n in found.fields]
    if not columns:
        return []
    return [
        Notice(
            code="told_by_values",
            level="question",
            file=facts.file,
            column=columns[0],
            count=len(columns),
            values={"columns": ", ".join(f"“{name}”" for name in columns), "count": len(columns)},
            message=N_(
                "What {columns} hold was told from their cells and from similar names: check these columns."
            ),
        )
    ]


def differing(one: Column, other: Column) -> str:
    """Return SQL that is true where both cells are filled and differ."""
    return f"trim(c{one.index}) <> trim(c{other.index})"


def _compared(facts: Facts, one: Column, other: Column) -> tuple[int, int]:
    both, differ = facts.ask(
        f"SELECT count(*) FILTER (c{one.index} IS NOT NULL AND c{other.index} IS NOT NULL), "
        f"count(*) FILTER ({differing(one, other)}) FROM {facts.view}"
    )[0]
    return int(both), int(differ)
