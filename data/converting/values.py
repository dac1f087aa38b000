"""SQL that reads one text cell as a text, a date, a number or money, exactly as its rule says.

Every function takes SQL for a trimmed cell and returns SQL. A cell that cannot be read gives NULL;
`data.converting.unread` then lists it.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from babel.numbers import list_currencies

from data.converting import spoken
from data.engine.quoting import literal
from data.recipe import DateRule, NumberRule

FIRST_S = 31_536_000  # 1971-01-01: earlier is a spreadsheet's zero, not a date
LAST_S = 4_260_211_199  # 2104-12-31 23:59:59: later is a "never" date such as 9999-12-31
DAY_S = 86_400
EXCEL_1970 = 25_569  # the serial number of 1970-01-01
Edge = Literal["clean", "spaces", "odd"]
GUARD = "regexp_matches({}, '^''[=+@-]')"
SPECIAL = ("excel", "epoch_ms", "epoch_s", "week")
SPACES = r"[\s\x{00a0}\x{2007}\x{2009}\x{202f}]"
EDGE = " \t\r\n\v\f\u00a0\u2007\u2009\u200b\u202f\ufeff"
# What programs write for "nothing". Words a person may have meant ("None", "N/A", "-") are nothing only
# where a date or a number is expected; "tbd", "?" and Excel's #REF! are never: somebody has to look.
MACHINE_NULLS = (
    "NULL",
    "null",
    "Null",
    "(null)",
    "<null>",
    "\\N",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "NaN",
    "nan",
    "<NA>",
)
NULL_WORDS = (
    "-",
    "--",
    "–",
    "—",
    ".",
    "n/a",
    "n.v.t.",
    "na",
    "n.a.",
    "none",
    "null",
    "(null)",
    "<null>",
    "nan",
    "<na>",
    "nat",
    "#n/a",
    "\\n",
    "0000-00-00",
    "0000-00-00 00:00:00",
    "(blank)",
    "(leeg)",
    "(leer)",
    "(tom)",
)
MONEY_WORDS = (
    "kr",
    "kr.",
    "Kr",
    "Kr.",
    "KR",
    "Kč",
    "zł",
    "Ft",
    "lei",
    "Fr.",
    "SFr.",
    "SFr",
    "Rs",
    "Rs.",
    "R",
    "RM",
    "US",
    "A",
    "C",
    "euro",
    "euros",
    "Euro",
    "dollar",
    "dollars",
    "Dollar",
    "pond",
    "pund",
    "kroner",
    "kronor",
)


def text(raw: str, edge: Edge = "odd") -> str:
    """Read a cell as text: outer space off, empty is NULL.

    `edge` says what the column holds at its edges: nothing to take off ("clean"), spaces, or also tabs,
    line ends and a spreadsheet's formula guard ("odd"): `'+31 6` and `'=x` lose the apostrophe,
    `'s-Gravenhage` keeps it.
    """
    if edge == "clean":
        return raw
    if edge == "spaces":
        return f"nullif(trim({raw}), '')"
    bare = f"trim({raw}, {literal(EDGE)})"
    return f"nullif(CASE WHEN {GUARD.format(bare)} THEN {bare}[2:] ELSE {bare} END, '')"


def is_odd(raw: str) -> str:
    """Say whether a raw cell needs more than its spaces taken off."""
    return f"(trim({raw}, {literal(EDGE)}) <> trim({raw}) OR {GUARD.format(raw)})"


def is_null_word(cell: str) -> str:
    """Say whether a cell is a program's word for nothing."""
    return f"{cell} IN ({_list(MACHINE_NULLS)})"


def word(cell: str) -> str:
    """Read a cell as the value of a dimension: as `text`, and a program's word for nothing is NULL."""
    return f"CASE WHEN {is_null_word(cell)} THEN NULL ELSE {cell} END"


def merged(cell: str, labels: dict[str, str]) -> str:
    """Read a cell as the label it counts as, where the recipe merges several spellings."""
    if not labels:
        return cell
    cases = " ".join(f"WHEN {literal(label)} THEN {literal(into)}" for label, into in labels.items())
    return f"CASE {cell} {cases} ELSE {cell} END"


def is_filled(cell: str) -> str:
    """Say whether a cell of a date or number column holds anything but a word for nothing."""
    return f"({cell} IS NOT NULL AND lower({cell}) NOT IN ({_list(NULL_WORDS)}))"


def seconds(cell: str, rule: DateRule, sure: bool = False) -> str:
    """Read a cell as a time: whole seconds since 1970 UTC, within 1971 to 2104.

    `sure`: no cell of the column begins with an apostrophe (taking one off costs a third of the time).
    """
    bare = cell if sure else f"ltrim({cell}, '''')"
    bare = months(spoken.skipped(bare, rule.skip), rule.months)
    plain = [f for f in rule.formats if f not in SPECIAL]
    parts = []
    if plain:
        when = f"replace({bare}, chr(8239), ' ')" if any("%p" in f for f in plain) else bare
        if any("%z" in f for f in plain):
            when = f"regexp_replace({when}, '[zZ]$', '+00:00')"
        parts.append(f"epoch_us(try_strptime({when}, [{_list(plain)}])) // 1000000")
    if "week" in rule.formats:
        parts.append(f"epoch_us({spoken.monday(bare)}) // 1000000")
    if "epoch_s" in rule.formats:
        parts.append(f"TRY_CAST(trunc(TRY_CAST({bare} AS DOUBLE)) AS BIGINT)")
    if "epoch_ms" in rule.formats:
        parts.append(f"TRY_CAST({bare} AS BIGINT) // 1000")
    if "excel" in rule.formats:
        serial = f"TRY_CAST(replace({bare}, ',', '.') AS DOUBLE)"
        parts.append(f"TRY_CAST(round(({serial} - {EXCEL_1970}) * {DAY_S}) AS BIGINT)")
    read = parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"
    return f"CASE WHEN {read} BETWEEN {FIRST_S} AND {LAST_S} THEN {read} END"


def months(cell: str, names: dict[str, int]) -> str:
    """Put a month's number where its name stands; a word that is no known month stays."""
    if not names:
        return cell
    word = "'[\\p{L}]{3,}'"
    cases = " ".join(f"WHEN {literal(name)} THEN '{number:02d}'" for name, number in names.items())
    number = f"CASE regexp_extract(lower({cell}), {word}) {cases} END"
    return f"coalesce(regexp_replace({cell}, '[\\p{{L}}]{{3,}}[.]?', {number}), {cell})"


def month(when: str) -> str:
    """Give the first day of the month of a time in seconds."""
    return f"CAST(date_trunc('month', make_timestamp({when} * 1000000)) AS DATE)"


def plain_number(cell: str, rule: NumberRule, kind: str) -> str:
    """Read a cell of digits, at most one decimal sign and a minus; NULL for anything else."""
    if rule.decimal == ".":
        return f"TRY_CAST({cell} AS {kind})"
    return f"CASE WHEN NOT contains({cell}, '.') THEN TRY_CAST(replace({cell}, ',', '.') AS {kind}) END"


def number(cell: str, rule: NumberRule, kind: str, plain: bool = False) -> str:
    """Read a cell as a number of SQL type `kind`, not yet scaled.

    Symbols, currency words, a percent sign, spaces, thousands marks, `(5)` and `5-` for minus, `5,-`.
    A dot where the rule expects a decimal comma is only read as a thousands mark if the rule says so.
    `plain`: the column is known to need none of that. The long way must stand in a CASE: in a COALESCE
    DuckDB walks it for every cell (5 s for a million amounts instead of 0.1).
    """
    fast = plain_number(cell, rule, kind)
    if plain and "" not in rule.units:
        return fast
    if rule.units:
        return _multiplied(cell, rule, kind)
    bare = f"regexp_replace(ltrim({cell}, ''''), '[.,][-–—]+$', '')"
    digits = f"regexp_extract({bare}, {literal(_decorated(rule))}, 1)"
    kept = f"regexp_replace({digits}, '[^0-9{rule.decimal}]', '', 'g')"
    kept = kept if rule.decimal == "." else f"replace({kept}, ',', '.')"
    minus = f"CASE WHEN regexp_matches({bare}, '[-−]|^[(]') THEN '-' ELSE '' END"
    paired = f"starts_with({bare}, '(') = ends_with({bare}, ')')"
    slow = f"CASE WHEN {digits} <> '' AND {paired} THEN TRY_CAST({minus} || {kept} AS {kind}) END"
    return f"CASE WHEN {fast} IS NOT NULL THEN {fast} ELSE {slow} END"


def minor(cell: str, rule: NumberRule, plain: bool = False) -> str:
    """Read a cell as money: whole hundredths, rounded half away from zero, never through a float."""
    if rule.units:
        factor = f"CAST({literal(f'{100 / rule.scale:.6f}')} AS DECIMAL(10, 6))"
        read = number(cell, rule, "DECIMAL(18, 4)", plain)
        return f"TRY_CAST(round(CAST({read} AS DECIMAL(28, 4)) * {factor}, 0) AS BIGINT)"
    if rule.scale == 1:
        return f"CAST({number(cell, rule, 'DECIMAL(15, 2)', plain)} * 100 AS BIGINT)"
    if rule.scale == 100:
        return f"TRY_CAST(round({number(cell, rule, 'DECIMAL(24, 6)', plain)}, 0) AS BIGINT)"
    factor = f"CAST({literal(f'{100 / rule.scale:.9f}')} AS DECIMAL(10, 9))"
    return f"TRY_CAST(round({number(cell, rule, 'DECIMAL(26, 6)', plain)} * {factor}, 0) AS BIGINT)"


def _multiplied(cell: str, rule: NumberRule, kind: str) -> str:
    """Read a cell with a word such as k or mio behind its number; without one it is read as it stands."""
    names = "|".join(sorted(rule.units, key=len, reverse=True))
    # R (rand) is left out: "KR" behind a number is kroner, not thousands of rand.
    pattern = literal(rf"([0-9]){SPACES}*(?i:({names}))[.]?({SPACES}*{_money(('R',))}{SPACES}*-?[)]?)$")
    bare = f"regexp_replace({cell}, {pattern}, '\\1\\3')"
    cases = " ".join(f"WHEN {literal(word)} THEN {factor}" for word, factor in rule.units.items())
    factor = f"CAST(CASE lower(regexp_extract({cell}, {pattern}, 2)) {cases} ELSE 1 END AS DECIMAL(7, 0))"
    read = number(bare, rule.model_copy(update={"units": {}}), kind)
    wide = "DECIMAL(24, 4)" if kind.startswith("DECIMAL") else kind
    return f"(CAST({read} AS {wide}) * {factor})"


def share(cell: str, rule: NumberRule, plain: bool = False) -> str:
    """Read a cell as a probability, 0 to 1."""
    read = f"({number(cell, rule, 'DOUBLE', plain)} / {rule.scale})"
    return f"CASE WHEN {read} BETWEEN 0 AND 1 THEN {read} END"


def is_true(cell: str) -> str:
    """Read a cell as a flag: true for yes in the languages we read, else false (never NULL)."""
    yes = (
        "1",
        "1.0",
        "true",
        "t",
        "yes",
        "y",
        "x",
        "ja",
        "j",
        "waar",
        "sand",
        "sandt",
        "wahr",
        "sant",
        "vrai",
        "oui",
        "✓",
    )
    return f"coalesce(lower({cell}) IN ({_list(yes)}), false)"


@cache
def _money(but: tuple[str, ...] = ()) -> str:
    words = sorted({*MONEY_WORDS, *list_currencies()} - {*but}, key=lambda w: (-len(w), w))
    return r"(?:(?:" + "|".join(w.replace(".", "[.]") for w in words) + r")?\p{Sc}?)"


def _decorated(rule: NumberRule) -> str:
    point = "[.]" if rule.decimal == "." else ","
    marks = {".": "[.]", ",": ",", " ": SPACES}.get(rule.thousands, "")
    loose = r"\s\x{00a0}\x{2007}\x{2009}\x{202f}'’"  # never a decimal sign, so always a thousands mark
    group = f"(?:{marks}|[{loose}])" if marks and rule.thousands != " " else f"[{loose}]"
    digits = rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}}|[0-9]+)?(?:{point}[0-9]+)?"
    sign, space = "[-+−]?", SPACES + "*"
    return (
        rf"^[(]?{space}{sign}{space}{_money()}{space}{sign}{space}({digits}){space}(?:%|{_money()})"
        rf"{space}-?{space}[)]?$"
    )


def _list(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(literal(w) for w in words)
