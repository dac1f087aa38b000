"""In which currency the amounts of a file are: a column, signs in the cells, the header, the language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from data.errors import N_
from data.notice import Notice
from data.recognising import words
from data.recognising.headers import KRONE
from data.recognising.numbers import plain
from data.recognising.profile import Column, Facts

KRONES = {"da": "DKK", "sv": "SEK", "nb": "NOK"}


@dataclass
class Currency:
    """The currency of a file: of all amounts, or per word of a column."""

    code: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


def currency(facts: Facts, amount: Column | None, column: Column | None, language: str) -> Currency:
    """Decide the currency by column, sign in the cells, header, and last the header language."""
    found = Currency()
    if column is not None and column.filled:
        codes = {v: words.currency_code(v) for v in (column.values or dict.fromkeys(column.sample, 1))}
        found.words = {v: code for v, code in codes.items() if code}
        return found
    if amount is None or not amount.filled:
        return found
    seen = _signs_in_cells(facts, amount, language)
    if len(seen) > 1:
        found.notices.append(
            Notice(
                code="currencies_in_cells",
                level="question",
                file=facts.file,
                column=amount.name,
                count=sum(seen.values()) - max(seen.values()),
                values={"column": amount.name, "currencies": ", ".join(sorted(seen))},
                message=N_(
                    "“{column}” holds amounts in several currencies ({currencies}) and no column says "
                    "which. They cannot be added; the most frequent one is taken for all."
                ),
            )
        )
    if seen:
        found.code = seen.most_common(1)[0][0]
    elif amount.header.unit not in (None, "%", KRONE):
        found.code = amount.header.unit
    elif amount.header.unit == KRONE and language in KRONES:
        found.code = KRONES[language]
    else:
        found.code = words.LANGUAGE_CURRENCY.get(language)
        found.notices.append(_guessed(facts, amount, found.code))
    return found


def _guessed(facts: Facts, amount: Column, code: str | None) -> Notice:
    if code is None:
        return Notice(
            code="currency_unknown",
            level="warning",
            file=facts.file,
            column=amount.name,
            values={"column": amount.name},
            message=N_(
                "Nothing says in which currency “{column}” is; amounts are shown without "
                "one. Set the currency to show it."
            ),
        )
    return Notice(
        code="currency_guessed",
        level="question",
        file=facts.file,
        column=amount.name,
        values={"column": amount.name, "currency": code},
        message=N_(
            "Nothing says in which currency “{column}” is; {currency} is a guess from the "
            "language of the headers. It changes what is shown, not the hit rate."
        ),
    )


def _signs_in_cells(facts: Facts, amount: Column, language: str) -> Counter[str]:
    """Count the currency signs and codes written in the amounts themselves."""
    if plain(facts, amount):
        return Counter()
    written = {re.sub(r"[9.,'()\s+\u00a0\u202f’-]", "", s) for s, *_ in facts.shapes(amount)} - {"", "%"}
    if not written:
        return Counter()
    cell = f"c{amount.index}"
    rows = facts.con.execute(
        f"SELECT regexp_replace({cell}, '[\\d.,''()\\s\\x{{00a0}}\\x{{202f}}’+-]', '', 'g') AS sign, "
        f"count(*) "
        f"FROM {facts.view} WHERE {cell} IS NOT NULL GROUP BY 1"
    ).fetchall()
    krone = KRONES.get(language)
    seen: Counter[str] = Counter()
    for mark, cells in rows:
        sign = words.without_unit(mark)
        code = krone if sign.casefold().rstrip(".") == "kr" else words.currency_words().get(sign.casefold())
        if code:
            seen[code] += int(cells)
    return seen
