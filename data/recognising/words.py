"""The vocabulary: what CRMs and people call fields, stages and outcomes in seven languages.

The words live in `vocabulary/*.csv`, so that adding one is a line of data. A look-up ignores case,
accents, spaces and punctuation: "Opportunity-ID", "opportunity_id" and "OpportunityId" are one word.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

LANGUAGES = ("en", "nl", "da", "de", "sv", "nb", "fr")
LANGUAGE_CURRENCY = {"nl": "EUR", "de": "EUR", "fr": "EUR", "da": "DKK", "sv": "SEK", "nb": "NOK"}
STRENGTH = {"3": 1.0, "2": 0.8, "1": 0.55}
# How CRMs, spreadsheets and databases write "nothing here".
NULL_WORDS = (
    "-",
    "--",
    "—",
    "–",
    "n/a",
    "na",
    "#n/a",
    "null",
    "none",
    "nan",
    "(blank)",
    "(leeg)",
    "(ingen)",
    "(tom)",
    "(leer)",
    "(vide)",
    "--none--",
    "--geen--",
    "no value",
    "&nbsp;",
    "0000-00-00",
    "0000-00-00 00:00:00",
)

_MARKS = re.compile(r"[^\w]|_")
_ASCII_MARKS = {i: " " for i in range(128) if not chr(i).isalnum()}
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l"})


def prepare() -> None:
    """Read every vocabulary now, so that the first upload need not wait for it."""
    for read in (phrases, stage_words, stage_phrases, month_names, flag_words, units, currency_words):
        read()
    for kind in {row["kind"] for row in table("patterns")}:
        patterns(kind)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return one vocabulary file as rows."""
    path = files("data.recognising") / "vocabulary" / f"{name}.csv"
    names, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return tuple(dict(zip(names, row, strict=True)) for row in rows if row)


def fold(text: str) -> str:
    """Return `text` in small letters without accents, words parted by single spaces."""
    bare = text.casefold()
    if not bare.isascii():
        plain = unicodedata.normalize("NFKD", bare.translate(_LETTERS))
        bare = "".join(c for c in plain if not unicodedata.combining(c))
        return " ".join(_MARKS.sub(" ", bare).split())
    return " ".join(bare.translate(_ASCII_MARKS).split())


@cache
def key(text: str) -> str:
    """Return the form under which words are compared: folded, without spaces."""
    return fold(text).replace(" ", "")


@cache
def patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns whose kind is, or starts with, `kind`."""
    return tuple(
        re.compile(row["regex"], re.IGNORECASE)
        for row in table("patterns")
        if row["kind"] == kind or row["kind"].startswith(kind + "_")
    )


@dataclass(frozen=True)
class Label:
    """One vocabulary entry for a column header."""

    field: str
    language: str
    strength: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class StageWord:
    """One vocabulary entry for a stage or status word; `rank` 0..100 is how far along it usually is."""

    meaning: str
    rank: float | None
    scope: str
    part: bool
    language: str


@cache
def labels() -> dict[str, tuple[Label, ...]]:
    """Return header key -> the fields it may mean."""
    found: dict[str, list[Label]] = defaultdict(list)
    for row in table("fields"):
        said = tuple(fold(row["label"]).split())
        found["".join(said)].append(Label(row["field"], row["language"], STRENGTH[row["strength"]], said))
    return {k: tuple(v) for k, v in found.items()}


@cache
def phrases() -> dict[str, list[tuple[int, tuple[str, ...], str]]]:
    """Return headers of two words or more, to look for inside a longer header: first word -> (rank, words,
    key). The longest comes first and has the lowest rank."""
    several = {label.words: k for k, group in labels().items() for label in group if len(label.words) > 1}
    found: dict[str, list[tuple[int, tuple[str, ...], str]]] = defaultdict(list)
    for rank, (phrase, k) in enumerate(sorted(several.items(), key=lambda item: -len(" ".join(item[0])))):
        found[phrase[0]].append((rank, phrase, k))
    return dict(found)


@cache
def stage_words() -> dict[str, tuple[StageWord, ...]]:
    """Return stage key -> what the word may mean."""
    found: dict[str, list[StageWord]] = defaultdict(list)
    for row in table("stages"):
        rank = float(row["rank"]) if row["rank"] else None
        word = StageWord(row["meaning"], rank, row["scope"], bool(row["part"]), row["language"])
        found[key(row["word"])].append(word)
    return {k: tuple(v) for k, v in found.items()}


@cache
def stage_phrases() -> tuple[str, ...]:
    """Return the words that may be looked for inside a longer label: outcomes first, then longest."""
    some = {
        f" {fold(row['word'])} ": not row["part"]
        for row in table("stages")
        if row["part"] or (row["meaning"] == "open" and row["rank"] and len(row["word"]) >= 5)
    }
    return tuple(sorted(some, key=lambda phrase: (some[phrase], -len(phrase))))


@cache
def months() -> dict[str, dict[str, int]]:
    """Return language -> month name or abbreviation in small letters -> 1..12."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in table("months"):
        found[row["language"]][row["word"]] = int(row["number"])
    return dict(found)


@cache
def month_names() -> re.Pattern[str]:
    """Return a pattern for month names that strptime does not read: other languages, and any with a dot."""
    english = {word for word in months()["en"] if word != "sept"}
    every = {word for known in months().values() for word in known}
    other = "|".join(sorted(every - english, key=len, reverse=True))
    dotted = "|".join(sorted(english, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:(?:{other})\.?|(?:{dotted})\.)(?![^\W_])", re.IGNORECASE)


@cache
def _month_words() -> frozenset[str]:
    return frozenset(word for known in months().values() for word in known)


def may_name_month(text: str) -> bool:
    """Say whether one of the words of a text of plain letters is a month's name."""
    return not _month_words().isdisjoint(re.findall("[a-z]+", text.lower()))


@cache
def flag_words() -> dict[str, bool]:
    """Return folded text -> true or false."""
    return {row["word"]: row["meaning"] == "true" for row in table("flags")}


@cache
def units() -> dict[str, int]:
    """Return the words that multiply a number they stand behind, in small letters -> factor."""
    return {row["word"]: int(row["factor"]) for row in table("units")}


@lru_cache(maxsize=4096)
def without_unit(mark: str) -> str:
    """Return what stands beside a number ("k€", "mio kr") without the word that multiplies it."""
    small = mark.casefold().strip(" .")
    if small in currency_words() or small == "kr" or currency_code(mark):
        return mark
    known = sorted((unit for unit in units() if small.startswith(unit)), key=len, reverse=True)
    return mark.strip(" .")[len(known[0]) :].strip(" .") if known else mark


@cache
def currency_words() -> dict[str, str]:
    """Return currency word or sign in small letters -> ISO code."""
    return {row["word"].casefold(): row["code"] for row in table("currencies")}


@cache
def value_words(field: str) -> frozenset[str]:
    """Return the keys of values CRMs ship for `field`."""
    return frozenset(key(row["word"]) for row in table("values") if row["field"] == field)


@lru_cache(maxsize=4096)
def currency_code(text: str) -> str | None:
    """Return the ISO code for a currency as exported ("Euro", "kr.", "DKK"), or None."""
    bare = text.strip().casefold().rstrip(".")
    found = currency_words().get(bare)
    if found is None and re.fullmatch(r"[a-z]{3}", bare) and text.strip().isupper():
        return text.strip()
    return found
