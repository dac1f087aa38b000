"""One column header taken apart: what is name, what is wrapping."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from data.recognising import likeness, words

KRONE = "kr"  # of Denmark, Sweden or Norway: the language says
_UNIT = re.compile(r"[\s,\"“(\[]*(%|€|\$|£|\b[A-Z]{3}\b|kr\.?|k€)[\"”\])]*\s*$")
LIKE = 0.75  # of the strength of the header it is like
LEAST_LIKE = 0.4
_SIGNS = {"%": "%", "kr": KRONE}
_TIMES = {"scale_1000": 1_000, "scale_1000000": 1_000_000}
_PARTS = {"scale_cents": 100, "scale_micros": 1_000_000}
_ID_WORDS = {"id", "ids", "externalid", "guid", "uuid", "key"}
# Words that only say whose column it is: "Opportunity Amount" is the amount.
_OWNERS = (
    "opportunity",
    "opp",
    "deal",
    "lead",
    "sales",
    "sale",
    "crm",
    "customer",
    "client",
    "account",
    "potential",
    "verkoopkans",
    "salgsmulighed",
    "aftale",
    "affar",
    "sag",
    "transaction",
)


_CUSTOMER = ("customer", "client", "account")
_OF_CUSTOMER = ("industry", "company_size", "annual_revenue", "region", "country", "city", "age_group",
                "customer_type", "source", "email", "phone", "owner")  # fmt: skip
# What a deal is called when another table points at it: "Opportunity.Id", "deal_id", "mql_id".
_DEALS = frozenset(
    {
        "opportunity",
        "opportunities",
        "deal",
        "deals",
        "lead",
        "potential",
        "mql",
        "salesopportunity",
        "verkoopkans",
        "kans",
        "salgsmulighed",
        "sag",
        "affar",
        "verkaufschance",
        "affaire",
    }
)


@dataclass(frozen=True)
class Header:
    """A header cleaned for look-up.

    `unit` is the sign it ends in ("%", an ISO currency code or KRONE), `reference` is True where the column
    holds the id of another record, `base` is then the key of that record's name. `times` is 1000 for "in
    thousands", `parts` is 100 for "in cents".
    """

    text: str
    key: str
    words: tuple[str, ...]
    unit: str | None = None
    reference: bool = False
    base: str = ""
    times: int = 1
    parts: int = 1

    @property
    def deal(self) -> bool:
        """True where the column says it holds the id of a deal."""
        return self.reference and bool({self.base, self.base.removesuffix("s")} & _DEALS)


@dataclass(frozen=True)
class Match:
    """A field a header may mean, how strongly, and by which reading of it."""

    field: str
    strength: float
    languages: frozenset[str]
    how: str
    label: str = ""  # the known header it is like


def clean(text: str) -> tuple[str, str | None]:
    """Return the header without wrapping, and the unit it carried."""
    text = text.replace("\ufeff", "").replace('""', '"').strip()
    if text.count('"') == 1 or (text.startswith('"') and text.endswith('"')):
        text = text.strip('"').strip()
    text = re.sub(r"\s+[↑↓]$", "", text)
    for prefix in words.patterns("prefix"):
        text = prefix.sub("", text)
    text = re.sub(r"__(c|r)$", "", text)
    unit = None
    found = _UNIT.search(text)
    if found and found.start() > 0:
        sign = found.group(1)
        code = _SIGNS.get(sign.casefold().rstrip(".")) or words.currency_words().get(sign.casefold())
        if code:
            unit, text = code, text[: found.start()].strip()
    return text, unit


def scaled(text: str) -> tuple[str, str, int, int]:
    """Return a header without the words that say its numbers are in thousands, millions or cents; those
    words; what to multiply by and what to divide by."""
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])", " ", text).replace("_", " ").replace("\u00a0", " ")
    for kind, times, parts in (
        *((k, n, 1) for k, n in _TIMES.items()),
        *((k, 1, n) for k, n in _PARTS.items()),
    ):
        for pattern in words.patterns(kind):
            if (found := pattern.search(spaced) or pattern.search(text)) and found.start() > 0:
                return found.string[: found.start()].strip(), found.group(), times, parts
    return text, "", 1, 1


def _currency_in(said: str) -> str | None:
    """Return the currency written beside a scale: EUR for "(k€)" and "in thousands of euros"."""
    for word in re.findall(r"[^\W\d_]+|[€$£]", said.casefold()):
        for bare in (word, word.removesuffix("s"), *(word.removeprefix(c) for c in "ktm")):
            if code := words.currency_words().get(bare) or _SIGNS.get(bare):
                return code
    return None


@cache
def parse(text: str) -> Header:
    """Take a header apart."""
    short, said, times, parts = scaled(text)
    if said:
        bare, unit = clean(short)
        return replace(_parse(bare), unit=unit or _currency_in(said), times=times, parts=parts)
    return _parse(text)


def _parse(text: str) -> Header:
    bare, unit = clean(text)
    spaced = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])", " ", bare)
    folded = tuple(words.fold(spaced).split())
    whole = words.key(bare)
    owner, _, attribute = re.sub(r"__[cr]\b", "", bare).replace("/", ".").rpartition(".")
    if owner and words.key(attribute) in _ID_WORDS:
        return Header(bare, whole, folded, unit, True, words.key(owner))
    if owner and words.key(attribute) == "name":
        return Header(bare, words.key(owner), tuple(words.fold(owner).split()), unit)
    if len(folded) > 1 and folded[-1] in _ID_WORDS:
        return Header(bare, whole, folded, unit, True, "".join(folded[:-1]))
    return Header(bare, whole, folded, unit)


def _exact(found: str, factor: float, how: str) -> list[Match]:
    return [
        Match(label.field, label.strength * factor, frozenset({label.language}), how)
        for label in words.labels().get(found, ())
    ]


def _inside(header: Header) -> list[Match]:
    """Return what a known phrase inside a longer header may mean."""
    starts = words.phrases()
    known = [(*entry, i) for i, word in enumerate(header.words) for entry in starts.get(word, ())]
    for _, phrase, found, i in sorted(known, key=lambda entry: entry[0]):
        size = len(phrase)
        if size < len(header.words) and header.words[i : i + size] == phrase:
            return _exact(found, 0.5, "inside")
    return []


def _alike(header: Header) -> list[Match]:
    """Return what the known headers mean that this one is like."""
    return [
        Match(one.field, LIKE * one.likeness, one.languages, "like", one.label)
        for one in likeness.like(header.words)
        if one.likeness >= LEAST_LIKE
    ]


@cache
def matches(text: str) -> tuple[Match, ...]:
    """Return the fields a header may mean, strongest reading of each field first."""
    header = parse(text)
    found = _exact(header.key, 1.0, "name")
    if header.deal:
        found = [Match("deal_id", 1.0, frozenset({"en"}), "id")]
    if not found and header.words and header.words[0] in _OWNERS:
        found = _exact("".join(header.words[1:]), 0.85, "name")
        if header.words[0] in _CUSTOMER:
            found = [m for m in found if m.field in _OF_CUSTOMER]
    if header.reference:
        found += _exact(header.base, 0.6, "id")
    if not found:
        found = [*_inside(header), *_alike(header)]
    best: dict[str, Match] = {}
    for match in sorted(found, key=lambda m: -m.strength):
        first = best.setdefault(match.field, match)
        if first.strength == match.strength:
            best[match.field] = replace(first, languages=first.languages | match.languages)
    return tuple(best.values())


def languages(columns: tuple[str, ...]) -> dict[str, float]:
    """Return how many headers speak for each language; a word of few languages counts for more."""
    votes = dict.fromkeys(words.LANGUAGES, 0.0)
    for column in columns:
        spoken = {label.language for label in words.labels().get(parse(column).key, ())} & set(votes)
        for language in spoken:
            votes[language] += 1 / len(spoken)
    return votes


def language(columns: tuple[str, ...]) -> str:
    """Return the language most headers are written in; English where none says otherwise."""
    votes = languages(columns)
    return max(words.LANGUAGES, key=lambda code: votes[code])


def system(columns: tuple[str, ...]) -> str | None:
    """Return the CRM whose signature headers are all present, or None."""
    present = {c.casefold().strip() for c in columns}
    bare = {clean(c)[0].casefold() for c in columns} | present
    for row in words.table("systems"):
        wanted = [h.casefold() for h in row["headers"].split("|")]
        if all(h in (present if " - " in h else bare) for h in wanted):
            return row["system"]
    return None
