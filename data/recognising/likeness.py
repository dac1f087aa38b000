"""What a header nobody told us about may mean: by how much it is like headers that are known.

Words and runs of four letters are compared, so that "Erstelldatum" is like "Erstellungsdatum" and
"Bedrag offerte" like "Offertebedrag". What stands in the names of few fields says much ("created"), what
stands in many says little ("date", "opportunity"); a word in no known header speaks against all.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from data.recognising import words

GRAM = 4
WORD = 2.0  # a whole word counts for so many runs of letters
SILENT = 0.25  # features that say less than this are not looked up


@dataclass(frozen=True)
class Like:
    """A field a header may mean by likeness, from 0 to 1, and the known header it is most like."""

    field: str
    likeness: float
    label: str
    languages: frozenset[str]


@cache
def known_words() -> frozenset[str]:
    """Return the words of at least four letters that stand alone in some known header."""
    return frozenset(w for r in words.table("fields") for w in words.fold(r["label"]).split() if len(w) >= 4)


@cache
def parts_of(word: str) -> tuple[str, ...]:
    """Return the known words a compound is made of: "verkoopstadium" is "verkoop" and "stadium".

    An s, e, en or n may stand between them. Where only the end, or only the beginning, is known, that.
    """
    known = known_words()
    ends = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
    for first, last in ends:
        for link in ("", "s", "e", "en", "n"):
            if last in known and first.endswith(link) and first[: len(first) - len(link)] in known:
                return first[: len(first) - len(link)], last
    return next(((last,) for _, last in ends if last in known), ()) or next(
        ((first,) for first, _ in reversed(ends) if first in known), ()
    )


def features(parts: tuple[str, ...]) -> Counter[str]:
    """Return the words of a header, those they are made of and their runs of letters, each with its count."""
    found: Counter[str] = Counter()
    for word in parts:
        found[f"={word}"] += 1
        found.update(f"={part}" for part in parts_of(word))
        edged = f"_{word}_"
        for i in range(max(1, len(edged) - GRAM + 1)):
            found[edged[i : i + GRAM]] += 1
    return found


@dataclass(frozen=True)
class Index:
    """Every known header by its features: feature -> (place, weight); and what is at each place."""

    postings: dict[str, list[tuple[int, float]]]
    says: dict[str, float]
    unknown: float
    labels: list[tuple[str, str, str, float]]  # field, language, label, strength


@cache
def index() -> Index:
    """Return the vocabulary as an index, worked out once."""
    rows = words.table("fields")
    seen = [features(tuple(words.fold(row["label"]).split())) for row in rows]
    fields_of: dict[str, set[str]] = defaultdict(set)
    for row, own in zip(rows, seen, strict=True):
        for feature in own:
            fields_of[feature].add(row["field"])
    every = len({row["field"] for row in rows})
    says = {feature: math.log(every / len(names)) for feature, names in fields_of.items()}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, own in enumerate(seen):
        weights = _weights(own, says, math.log(every))
        for feature, weight in weights.items():
            if says[feature] >= SILENT:
                postings[feature].append((place, weight))
    labels = [(r["field"], r["language"], r["label"], words.STRENGTH[r["strength"]]) for r in rows]
    return Index(dict(postings), says, math.log(every), labels)


def _weights(own: Counter[str], says: dict[str, float], unknown: float) -> dict[str, float]:
    """Return the weight of each feature, of length 1 together."""
    raw = {
        feature: count * says.get(feature, unknown) * (WORD if feature[0] == "=" else 1.0)
        for feature, count in own.items()
    }
    length = math.sqrt(sum(w * w for w in raw.values())) or 1.0
    return {feature: weight / length for feature, weight in raw.items()}


@cache
def like(parts: tuple[str, ...]) -> tuple[Like, ...]:
    """Return the fields whose known headers are most like these words, likest first."""
    known = index()
    alike: dict[int, float] = defaultdict(float)
    for feature, weight in _weights(features(parts), known.says, known.unknown).items():
        for place, other in known.postings.get(feature, ()):
            alike[place] += weight * other
    best: dict[str, Like] = {}
    for place, share in alike.items():
        field, language, label, strength = known.labels[place]
        if share * strength > (best[field].likeness if field in best else 0.0):
            best[field] = Like(field, share * strength, label, frozenset({language}))
    return tuple(sorted(best.values(), key=lambda one: -one.likeness)[:6])
