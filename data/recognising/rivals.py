"""Two columns that may both be one field: the file is asked about, never settled in silence."""

from __future__ import annotations

from data.errors import N_
from data.notice import Notice
from data.recognising.fields import Assigned
from data.recognising.profile import Column, Facts

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


def differing(one: Column, other: Column) -> str:
    """Return SQL that is true where both cells are filled and differ."""
    return f"trim(c{one.index}) <> trim(c{other.index})"


def _compared(facts: Facts, one: Column, other: Column) -> tuple[int, int]:
    both, differ = facts.ask(
        f"SELECT count(*) FILTER (c{one.index} IS NOT NULL AND c{other.index} IS NOT NULL), "
        f"count(*) FILTER ({differing(one, other)}) FROM {facts.view}"
    )[0]
    return int(both), int(differ)
