"""Labels that look like one label written in several ways: offered for merging, never merged unasked."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from data.engine.quoting import literal
from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe
from data.recognising.fields import DIMENSIONS
from data.recognising.profile import Column, Facts

SHOWN = 5
LEAST = 3  # letters and digits: shorter labels ("A+", "A-") are not alike because their signs are


def alike(label: str) -> str:
    """Return the form under which spellings of one label are the same.

    Case, accents, and blanks, dots and dashes between letters do not count; between digits they do ("1-10" is
    not "110"), and so does every other sign ("C++", "50+").
    """
    folded = unicodedata.normalize("NFKD", label.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).strip()
    return re.sub(r"(?<=\w)[\s_.-]+(?=[^\W\d])|(?<=[^\W\d])[\s_.-]+(?=\d)", "", plain)


def offers(facts: Facts, recipe: FileRecipe) -> dict[str, dict[str, str]]:
    """Return header -> {label: the most frequent spelling of it}, for columns that deals are sliced by."""
    headers = [recipe.fields[n] for n in DIMENSIONS if n in recipe.fields] + recipe.keep
    found = {}
    for header in dict.fromkeys(headers):
        column = facts.by_name(header)
        pairs = _pairs(column.values) if column is not None and column.values else {}
        if pairs:
            found[header] = pairs
    return found


def _pairs(values: dict[str, int]) -> dict[str, str]:
    groups: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for value, cells in values.items():
        counts[value.strip()] += cells
    for label in counts:
        if sum(c.isalnum() for c in label) >= LEAST and not label.isdecimal():
            groups[alike(label)].append(label)
    several = (sorted(g, key=lambda label: -counts[label]) for g in groups.values() if len(g) > 1)
    return {label: first for first, *others in several for label in others}


def _rows(facts: Facts, column: Column | None, labels: dict[str, str]) -> tuple[int, ...]:
    if column is None:
        return ()
    listed = ", ".join(literal(label) for label in labels)
    return tuple(facts.rows_where(f"trim(c{column.index}) IN ({listed})"))


def notices(facts: Facts, found: dict[str, dict[str, str]]) -> list[Notice]:
    """Tell about the labels on offer, one notice per column, with the rows a merge would change."""
    told = []
    for header, pairs in found.items():
        column = facts.by_name(header)
        counts = {} if column is None else {v.strip(): n for v, n in (column.values or {}).items()}
        rows = sum(counts.get(label, 0) for label in pairs)
        some = ", ".join(
            f"{label} ({counts.get(label, 0)}) → {into}" for label, into in list(pairs.items())[:SHOWN]
        )
        told.append(
            Notice(
                code="near_miss",
                level="info",
                file=facts.file,
                column=header,
                count=rows,
                rows=_rows(facts, column, pairs),
                values={"column": header, "labels": len(pairs), "merges": some, "count": rows},
                message=N_(
                    "“{column}” has labels that look like one ({merges}). They are counted apart; merging "
                    "them changes {count} rows."
                ),
            )
        )
    return told
