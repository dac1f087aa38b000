"""Words that mark a record as something other than data, in the seven languages exports come in.

Each is compared with a whole cell (case and a closing colon ignored), so an account called
"Total Energies" or a deal called "Sum of parts" is not mistaken for a total.
"""

from __future__ import annotations

import re

TOTAL_WORDS = (
    "total",
    "totals",
    "grand total",
    "grand totals",
    "sum",
    "overall total",
    "report total",
    "totaal",
    "eindtotaal",
    "totaal generaal",
    "algemeen totaal",
    "som",
    "i alt",
    "ialt",
    "hovedtotal",
    "samlet",
    "samlet total",
    "sum i alt",
    "gesamt",
    "summe",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "totalt",
    "summa",
    "totalsumma",
    "summa totalt",
    "sum totalt",
    "totalsum",
    "total général",
    "total general",
    "totaux",
    "somme",
)
SUBTOTAL_WORDS = (
    "subtotal",
    "subtotals",
    "sub-total",
    "sub total",
    "subtotaal",
    "tussentotaal",
    "deltotaal",
    "delsum",
    "deltotal",
    "mellemtotal",
    "zwischensumme",
    "teilsumme",
    "teilergebnis",
    "delsumma",
    "delresultat",
    "sous-total",
    "sous total",
    "count",
    "record count",
    "aantal",
    "anzahl",
    "antal",
    "antall",
    "nombre",
    "average",
    "avg",
    "gemiddelde",
    "gennemsnit",
    "durchschnitt",
    "mittelwert",
    "medelvärde",
    "genomsnitt",
    "gjennomsnitt",
    "moyenne",
)
# Words a total row may hold beside its numbers ("Subtotal | Sum | 1 234,50").
AGGREGATE_WORDS = (
    "sum",
    "count",
    "avg",
    "average",
    "min",
    "max",
    "total",
    "som",
    "aantal",
    "summe",
    "anzahl",
    "antal",
    "antall",
    "summa",
    "somme",
    "nombre",
    "-",
)

_RECORDS = r"(?:records?|rows?|deals?|opportunities|rijen|records?|rækker|poster|datensätze|rader|lignes?)"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(w.replace("-", r"\-").replace(" ", r"\s+") for w in sorted(words, key=len, reverse=True))


_TAIL = rf"(?:\s*[:=]?\s*\(?\s*\d[\d.,\s]*\s*{_RECORDS}?\s*\)?|\s*:)?"
TOTAL_RE = rf"(?i)^\s*(?:{_any(TOTAL_WORDS)}){_TAIL}\s*$"
SUBTOTAL_RE = rf"(?i)^\s*(?:{_any(SUBTOTAL_WORDS)}){_TAIL}\s*$"
# "Alicia Moreno Total", Excel's own outline label: only ever beside nothing but numbers.
NAMED_TOTAL_RE = rf"(?i)^\s*\S.{{0,80}}\s(?:{_any(('total', 'totaal', 'ergebnis', 'resultat'))})\s*$"

FOOTER_RE = (
    r"(?i)^\s*(?:"
    r"copyright\s*(?:©|\(c\)|\d{4})|©\s*\d{4}"
    r"|confidential\b|vertrouwelijk\b|fortrolig|vertraulich|konfidentiell|konfidensiell"
    r"|confidentiel|strictly confidential|company confidential"
    r"|(?:generated|exported|printed|created) (?:by|on|at)\s*:"
    r"|(?:generiert|erstellt|exportiert) (?:von|am)\s*:|(?:gegenereerd|geëxporteerd|gemaakt) (?:door|op)\s*:"
    r"|(?:genereret|eksporteret|udskrevet) (?:af|den)\s*:|(?:skapad|exporterad|genererad) (?:av|den)\s*:"
    r"|(?:generert|eksportert) (?:av|den)\s*:|(?:généré|exporté|créé) (?:par|le)\s*:"
    r"|rows? \d[\d.,]* ?(?:-|to|of)|end of (?:report|file|export)|einde (?:rapport|bestand)"
    r"|\d[\d.,]* (?:records?|rows?) (?:exported|found|shown)"
    r")"
)
# A line that names a group and counts it: "Owner: Alicia Moreno (5 records)".
GROUP_RE = rf"(?i)^\s*\S.{{0,200}}\(\s*\d[\d.,\s]*{_RECORDS}\s*\)\s*$"

ANY_RE = "|".join(f"(?:{p})" for p in (TOTAL_RE, SUBTOTAL_RE, FOOTER_RE, GROUP_RE, NAMED_TOTAL_RE))

_UNIT = r"(?:%|[€$£¥]|eur|usd|gbp|dkk|sek|nok|chf|pln|kr\.?|k€)"
_NUMBER = re.compile(rf"[-+(]?{_UNIT}?[-+]?\d[\d.,'’]*(?:e[-+]?\d+)?{_UNIT}?\)?", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T,]?\d{1,2}[:.]\d{2}[\w:.+]*)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST_VALUE = 40  # no number or date is written in more characters


def is_number(text: str) -> bool:
    """Return whether a cell is one number, with or without a currency or percent sign."""
    return len(text) <= LONGEST_VALUE and bool(_NUMBER.fullmatch(_solid(text)))


def is_date(text: str) -> bool:
    """Return whether a cell is one date in figures, with or without a time."""
    return len(text) <= LONGEST_VALUE and bool(_DATE.fullmatch(_solid(text)))


def is_year(text: str) -> bool:
    """Return whether a cell is a year, which names a column as well as it fills one."""
    return bool(_YEAR.fullmatch(text.strip()))


def _solid(text: str) -> str:
    """Return text without any blanks (thousands are set apart by several kinds of them)."""
    return "".join(text.split())
