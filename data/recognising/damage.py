"""What a spreadsheet did to a file on its way: ranges that became dates, ids that became round numbers."""

from __future__ import annotations

import re

from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe
from data.recognising import words
from data.recognising.profile import Column, Facts

RANGE = re.compile(r"\d+\s*[-–]\s*\d+$|\d+\s*\+$|[<>]\s*\d+$")
MONTH_FIRST = re.compile(r"([^\W\d_]{3,4})\.?-(\d{1,2})$")
DAY_FIRST = re.compile(r"(\d{1,2})-([^\W\d_]{3,4})\.?$")
ROUNDED = re.compile(r"\d[.,]?\d*E\+\d{2,}$", re.IGNORECASE)
SHOWN = 3


def ranges(column: Column) -> dict[str, str]:
    """Return the labels of a column that were ranges before a spreadsheet took them for days of the year:
    "May-20" was "5-20", "01-May" was "1-5".

    Only beside labels that still are ranges: a column of months has none.
    """
    labels = [label.strip() for label in column.values or ()]
    if not any(RANGE.match(label) for label in labels):
        return {}
    return {label: was for label in labels if (was := _before(label)) is not None}


def _before(label: str) -> str | None:
    found = MONTH_FIRST.match(label) or DAY_FIRST.match(label)
    if found is None:
        return None
    first, second = found.groups()
    name, number = (first, second) if second.isdigit() else (second, first)
    month = next((known[name.casefold()] for known in words.months().values() if name.casefold() in known), 0)
    low, high = sorted((month, int(number)))
    return f"{low}-{high}" if month else None


def offers(facts: Facts, recipe: FileRecipe) -> dict[str, dict[str, str]]:
    """Return header -> {damaged label: the range it was}, for columns that deals are sliced by."""
    headers = [*recipe.fields.values(), *recipe.keep]
    found = {}
    for header in dict.fromkeys(headers):
        column = facts.by_name(header)
        known = recipe.merge.get(header, {})
        pairs = {} if column is None else {a: b for a, b in ranges(column).items() if a not in known}
        if pairs:
            found[header] = pairs
    return found


def notices(facts: Facts, recipe: FileRecipe, found: dict[str, dict[str, str]]) -> list[Notice]:
    """Tell which columns a spreadsheet has damaged, and whether it can be undone."""
    told = [_ranges(facts, header, pairs) for header, pairs in found.items()]
    for column in facts.columns:
        cells = [c for c in column.sample if ROUNDED.match(c.strip())]
        if cells and (column.name == recipe.fields.get("deal_id") or column.header.reference):
            told.append(_ids(facts, column, cells))
    return told


def _ranges(facts: Facts, header: str, pairs: dict[str, str]) -> Notice:
    column = facts.by_name(header)
    counts = {} if column is None else {v.strip(): n for v, n in (column.values or {}).items()}
    count = sum(counts.get(label, 0) for label in pairs)
    merges = ", ".join(f"{label} ({counts.get(label, 0)}) → {was}" for label, was in pairs.items())
    return Notice(
        code="ranges_became_dates",
        level="warning",
        file=facts.file,
        column=header,
        count=count,
        values={"column": header, "merges": merges, "count": count},
        message=N_(
            "A spreadsheet has taken ranges in “{column}” for dates: {merges}. Merging them puts {count} "
            "cells right."
        ),
    )


def _ids(facts: Facts, column: Column, cells: list[str]) -> Notice:
    return Notice(
        code="ids_rounded",
        level="warning",
        file=facts.file,
        column=column.name,
        count=len(cells),
        values={"column": column.name, "examples": ", ".join(cells[:SHOWN])},
        message=N_(
            "A spreadsheet has rounded the ids in “{column}” ({examples}): different records now have the "
            "same id, and nothing can be joined by it. Export the file again and do not open it before."
        ),
    )
