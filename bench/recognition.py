"""How well columns are recognised that the vocabulary does not know.

    python -m bench.recognition

For every fixture of ../shared/exports its columns are recognised three times: with the whole vocabulary;
"without its words", all headers of the file taken out of the vocabulary (by their cleaned label, in every
language and for every field, as if its system had never been seen), so that what is left are the headers of
other systems that are like them, the values and the other columns; and "without names", every header replaced
by "Column 1", "Column 2" and so on, so that only the values are left. Right is a field that got the column
the fixture names, wrong a field that got another. The figures go into docs/recognition.md.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

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
class Found:
    """What one way of recognising found in a file: fields right and wrong, and right ones of the core."""

    right: int
    wrong: int
    core: int
    table: str

    @property
    def precision(self) -> float:
        """Share of the columns given to a field that were given to the right one."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


@dataclass(frozen=True)
class Score:
    """One fixture: how many fields it has, how many of them in the core, and what each way found."""

    file: str
    expected: int
    core: int
    full: Found
    wordless: Found
    nameless: Found


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
    """Recognise one fixture in all three ways."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    source = path.with_name(expected["file"])
    tables = read(source, source.name, into)
    wanted = dict(expected["mapping"])
    if "to_stage" in wanted:
        wanted["stage"] = wanted.pop("to_stage")
    wanted = {field: header for field, header in wanted.items() if field in FIELD_LABELS}
    full = _found(tables, wanted)
    with without(tables[0].columns):
        wordless = _found(tables, wanted)
    names = {header: f"Column {i}" for i, header in enumerate(tables[0].columns, 1)}
    bare = [replace(one, columns=tuple(f"Column {i + 1}" for i in range(len(one.columns)))) for one in tables]
    nameless = _found(bare, {field: names[header] for field, header in wanted.items() if header in names})
    core = sum(field in wanted for field in CORE)
    return Score(source.name, len(wanted), core, full, wordless, nameless)


def _found(tables: list[RawTable], wanted: dict[str, str]) -> Found:
    recipe = propose(tables)[0].recipe
    right = {field for field, header in wanted.items() if recipe.fields.get(field) == header}
    wrong = sum(1 for field, header in recipe.fields.items() if wanted.get(field) != header)
    return Found(len(right), wrong, sum(field in right for field in CORE), recipe.table)


def main() -> None:
    scores = []
    for path in sorted(FIXTURES.glob("*.expected.json")):
        with tempfile.TemporaryDirectory() as into:
            scores.append(score(path, Path(into)))
    ways = ("full", "wordless", "nameless")
    print("| file | fields (core) | with its words | without its words | wrong | without names | wrong |")
    print("|---|---|---|---|---|---|---|")
    for s in scores:
        one, two, three = (getattr(s, way) for way in ways)
        print(
            f"| {s.file} | {s.expected} ({s.core}) | {one.right} | {two.right} ({two.core}) | {two.wrong} "
            f"| {three.right} ({three.core}) | {three.wrong} |"
        )
    fields, core = sum(s.expected for s in scores), sum(s.core for s in scores)
    for way in ways:
        every = [getattr(s, way) for s in scores]
        whole = Found(
            sum(f.right for f in every), sum(f.wrong for f in every), sum(f.core for f in every), ""
        )
        print(
            f"{way}: {whole.right} of {fields} fields ({whole.right / fields:.0%}), {whole.core} of {core} "
            f"of the core ({whole.core / core:.0%}), {whole.wrong} wrong (precision {whole.precision:.0%})"
        )


if __name__ == "__main__":
    main()
