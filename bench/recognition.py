"""How well columns are recognised that the vocabulary does not know.

    python -m bench.recognition

For every fixture of ../shared/exports: take all its headers out of the vocabulary (by their cleaned label, in
every language and for every field, as if its system had never been seen), recognise the file again, and
count the fields that still get the right column. What is left to go by: the values, the other columns, known
phrases inside longer headers. The figures go into docs/recognition.md.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.reading import RawTable, read
from data.recognising import FIELD_LABELS, headers, likeness, propose, words

FIXTURES = Path(__file__).resolve().parents[2] / "shared" / "exports" / "fixtures"
# Without these a file gives no hit rate, no period and no money.
CORE = (
    "deal_id",
    "stage",
    "status",
    "is_won",
    "created_at",
    "closed_at",
    "expected_close_at",
    "amount",
    "owner",
    "source",
)


@dataclass(frozen=True)
class Score:
    """One fixture: how many of its fields are expected, and right, wrong or missing without its words."""

    file: str
    expected: int
    with_words: int
    right: int
    wrong: int
    core: int
    core_right: int
    table: str


@contextmanager
def without(columns: tuple[str, ...]) -> Iterator[None]:
    """Take these headers out of the vocabulary for a while."""
    gone = {key for name in columns for key in (headers.parse(name).key, headers.parse(name).base)}
    real = words.table

    def fewer(name: str) -> list[dict[str, str]]:
        rows = real(name)
        return [r for r in rows if words.key(r["label"]) not in gone] if name == "fields" else rows

    words.table = fewer
    _forget()
    try:
        yield
    finally:
        words.table = real
        _forget()


def _forget() -> None:
    """Empty what is worked out once from the vocabulary of fields."""
    known = (likeness.index, likeness.like, likeness.parts_of, likeness.known_words)
    for cached in (words.labels, words.phrases, headers.matches, headers.parse, *known):
        cached.cache_clear()


def score(path: Path, into: Path) -> Score:
    """Recognise one fixture with and without its own words."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    source = path.with_name(expected["file"])
    tables = read(source, source.name, into)
    wanted = dict(expected["mapping"])
    if "to_stage" in wanted:
        wanted["stage"] = wanted.pop("to_stage")
    wanted = {field: header for field, header in wanted.items() if field in FIELD_LABELS}
    full = _found(tables)[0]
    with without(tables[0].columns):
        blind, table = _found(tables)
    right = {f for f, h in wanted.items() if blind.get(f) == h}
    core = [f for f in CORE if f in wanted]
    return Score(
        source.name,
        len(wanted),
        sum(full.get(f) == h for f, h in wanted.items()),
        len(right),
        sum(1 for f, h in blind.items() if wanted.get(f) != h),
        len(core),
        sum(f in right for f in core),
        table,
    )


def _found(tables: list[RawTable]) -> tuple[dict[str, str], Any]:
    recipe = propose(tables)[0].recipe
    return recipe.fields, recipe.table


def main() -> None:
    scores = []
    for path in sorted(FIXTURES.glob("*.expected.json")):
        with tempfile.TemporaryDirectory() as into:
            scores.append(score(path, Path(into)))
    print("| file | fields | found with its words | found without | wrong without | core | table without |")
    print("|---|---|---|---|---|---|---|")
    for s in scores:
        print(
            f"| {s.file} | {s.expected} | {s.with_words} | {s.right} | {s.wrong} "
            f"| {s.core_right} of {s.core} "
            f"| {s.table} |"
        )
    fields, right = sum(s.expected for s in scores), sum(s.right for s in scores)
    core, core_right = sum(s.core for s in scores), sum(s.core_right for s in scores)
    print(
        f"\n{right} of {fields} fields ({right / fields:.0%}), {core_right} of {core} of the core "
        f"({core_right / core:.0%}), {sum(s.wrong for s in scores)} wrong"
    )


if __name__ == "__main__":
    main()
