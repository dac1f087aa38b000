"""Activities: calls, e-mails, meetings, visits and messages, each with the deal it was about."""

from __future__ import annotations

import re

from data.converting import linking, rows, values
from data.converting.plans import near
from data.converting.run import Run
from data.converting.source import File
from data.converting.told import tell
from data.engine.quoting import literal, quote
from data.engine.tables import ACTIVITIES
from data.naming import unique
from data.notice import Notice
from data.recipe import Kind

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
UNITS = (
    (r"\b(sec|secs|second|seconds|secondes?|seconden|sek|sekunder?|sekunden)\b", "seconds"),
    (r"\b(min|mins|minutes?|minuten|minutter|minuter)\b", "minutes"),
    (r"\b(hours?|hrs?|uur|uren|timer?|timmar|stunden?|heures?)\b", "hours"),
)
# The first whose words stand in the text says what it is; looked for in small letters.
MESSAGES = "message|messag|bericht|besked|nachricht|meddel|\\bsms\\b|whats ?app|chat|linked ?in|social"
MEETINGS = (
    "meet|afspraak|m[oø]de|m[oö]te|besprech|termin|r[eé]union|rendez|demo|event|appointment|vergadering|"
    "presentat|overleg|lunch"
)
CALLS = (
    "\\bcalls?\\b|phone|telef|t[eé]l[eé]phon|\\bbel(len|afspraak|notitie)?\\b|gebeld|opkald|anruf|appel|"
    "samtal|ring|dial|voicemail"
)
TASKS = "task|taak|taken|opgave|aufgabe|oppgave|uppgift|t[aâ]che|to-?do|note|notit|deadline|follow"
KINDS: tuple[tuple[Kind, str], ...] = (
    ("email", r"e-?mail|\bmails?\b|courriel|e-?post"),
    ("visit", r"visit|bezoek|bes[oø]g|besuch|bes[oö]k"),
    ("message", MESSAGES),
    ("meeting", MEETINGS),
    ("call", CALLS),
    ("task", TASKS),
)
IN = r"^(in|inbound|incoming|inkom|indg[aå]ende|inng[aå]ende|eingehend|eingang|entrant|received)"
OUT = r"^(out|uitgaand|utg[aå]ende|udg[aå]ende|ausgehend|ausgang|sortant|sent)"
MOST_KINDS = 2_000  # different texts looked at; of the rest the kind is "other"
BARE = ("task",)  # a to-do is no contact with anybody


def kind_of(text: str, known: dict[str, Kind] | None = None) -> Kind:
    """Return the kind of activity that a text as exported names: what the recipe says, else by its words.

    >>> kind_of("Telefonisch contact"), kind_of("E-mail"), kind_of("Besøg")
    ('call', 'email', 'visit')
    """
    if known and text in known:
        return known[text]
    small = text.casefold()
    return next((kind for kind, pattern in KINDS if re.search(pattern, small)), "other")


def unit_of(header: str) -> str:
    """Return the unit of a duration by its header: seconds, minutes (also where nothing is said) or hours."""
    return next((unit for pattern, unit in UNITS if re.search(pattern, _spelled(header))), "minutes")


def _spelled(header: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", header).casefold()


def build(run: Run, files: list[File], deals: list[File]) -> list[Notice]:
    """Create the table `activities` and tell what did not meet, both ways. `sellers` must be there.

    Every row of the files becomes one activity, with its deal where that is among the deals: by id, or by
    name where there is no id. An id that stands for several deals gives the activity to the first of them.
    """
    extra = _extra(files)
    columns = ", ".join(f"{quote(name)} {kind}" for name, kind in ACTIVITIES.items())
    more = "".join(f", {quote(name)} VARCHAR" for name in extra.values())
    run.do(f"CREATE TABLE activities ({columns}{more})")
    notices: list[Notice] = []
    for file in files:
        notices += _add(run, file, deals, extra)
    return notices + _without(run, files)


def contacts(run: Run, until: int | None) -> None:
    """Create `contacted`: per deal the time of its first contact and of its last activity.

    Contact is any activity but a mere task; what is planned after `until` (epoch seconds) has not happened.
    """
    past = "true" if until is None else f"happened_s <= {int(until)}"
    bare = ", ".join(literal(kind) for kind in BARE)
    run.do(
        f"CREATE OR REPLACE TEMP TABLE contacted AS SELECT deal_key, "
        f"min(happened_s) FILTER (kind NOT IN ({bare})) AS first_s, max(happened_s) AS last_s "
        f"FROM activities WHERE deal_key IS NOT NULL AND {past} GROUP BY 1"
    )


def _extra(files: list[File]) -> dict[str, str]:
    """Return, for the further columns that are kept, header in small letters -> column name."""
    found: dict[str, str] = {}
    for file in files:
        for header in file.recipe.keep:
            if header in file.cells and header.casefold() not in found:
                found[header.casefold()] = unique(header, [*ACTIVITIES, *found.values()])
    return found


def _add(run: Run, file: File, deals: list[File], extra: dict[str, str]) -> list[Notice]:
    name = next((n for n in ("deal_id", "deal_name") if file.has(n) and any(d.has(n) for d in deals)), None)
    key = file.cell(name) if name else "NULL::VARCHAR"
    _owners(run, name)
    run.do(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {key} AS key, {file.cell('deal_id')} AS deal_id, "
        f"{file.cell('owner')} AS owner, {_words(run, file)}, {_figures(file)}, row, frn"
        f"{_kept(file, extra)} FROM {rows.kept(run, file)}"
    )
    if name == "deal_id":
        linking.lengths_alike(run, "raw", "owners")
    month = values.month("r.happened_s")
    more = "".join(f", r.{quote(column)}" for column in extra.values())
    run.do(
        "INSERT INTO activities SELECT (SELECT count(*) FROM activities) + row_number() OVER (ORDER BY frn), "
        "o.deal_key, r.deal_id, coalesce(s.name, r.owner), r.kind, r.kind_text, r.direction, "
        f"r.direction_text, r.outcome, r.happened_s, {month}, r.duration_s, r.campaign, "
        f"{literal(file.name)}, r.row{more} "
        "FROM raw r LEFT JOIN owners o ON o.key = r.key LEFT JOIN sellers s ON s.key = r.owner"
    )
    notices = _left_over(run, file, name, ", ".join(dict.fromkeys(d.name for d in deals)))
    run.do("DROP TABLE raw")
    run.do("DROP TABLE owners")
    return notices


def _owners(run: Run, name: str | None) -> None:
    """Create `owners`: which deal a key stands for; once each, so that no activity is counted twice.

    A name that several deals have stands for none of them.
    """
    key, known = (quote(name), f"{quote(name)} IS NOT NULL") if name else ("NULL::VARCHAR", "false")
    one = "HAVING count(*) = 1" if name == "deal_name" else ""
    run.do(
        f"CREATE OR REPLACE TEMP TABLE owners AS SELECT {key} AS key, min(deal_key) AS deal_key "
        f"FROM typed_now WHERE {known} GROUP BY 1 {one}"
    )


def _words(run: Run, file: File) -> str:
    """Return SQL for what is said of an activity: kind, direction and outcome."""
    fields = ("activity_type", "activity_outcome", "activity_direction", "campaign")
    cell = {name: _word(file, name) for name in fields}
    kind = literal("other")
    if file.has("activity_type"):
        texts = [
            str(text)
            for (text,) in run.rows(
                f"SELECT {cell['activity_type']} AS t FROM {file.relation} WHERE t IS NOT NULL "
                f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {MOST_KINDS}"
            )
        ]
        known = {text: kind_of(text, file.recipe.kinds) for text in texts}
        cases = " ".join(
            f"WHEN {literal(text)} THEN {literal(is_)}" for text, is_ in known.items() if is_ != "other"
        )
        kind = f"CASE {cell['activity_type']} {cases} ELSE 'other' END" if cases else kind
    way = f"lower({cell['activity_direction']})"
    direction = (
        f"CASE WHEN starts_with({way}, 'intern') THEN 'internal' "
        f"WHEN regexp_matches({way}, {literal(IN)}) THEN 'in' "
        f"WHEN regexp_matches({way}, {literal(OUT)}) THEN 'out' END"
    )
    return (
        f"{kind} AS kind, {cell['activity_type']} AS kind_text, {direction} AS direction, "
        f"{cell['activity_direction']} AS direction_text, {cell['activity_outcome']} AS outcome, "
        f"{cell['campaign']} AS campaign"
    )


def _word(file: File, name: str) -> str:
    return file.word(file.recipe.fields[name]) if file.has(name) else "NULL::VARCHAR"


def _figures(file: File) -> str:
    """Return SQL for when an activity happened and how long it took."""
    return f"{happened(file)} AS happened_s, {duration(file)} AS duration_s"


def happened(file: File) -> str:
    """Return SQL for the time of an activity: its own, else when it was entered."""
    times = [
        values.seconds(file.cell(n), file.date_rule(n)) for n in ("activity_at", "created_at") if file.has(n)
    ]
    return f"coalesce({', '.join(times)})" if times else "NULL::BIGINT"


def duration(file: File) -> str:
    """Return SQL for the length of an activity in seconds, from a number or a clock text (1:30:00, 12:05)."""
    if not file.has("activity_duration"):
        return "NULL::BIGINT"
    cell, header = file.cell("activity_duration"), file.recipe.fields["activity_duration"]
    factor = SECONDS[file.recipe.duration_unit or unit_of(header)]
    read = values.number(cell, file.number_rule("activity_duration"), "DOUBLE")
    parts = f"regexp_extract({cell}, '^([0-9]{{1,3}}):([0-9]{{2}})(?::([0-9]{{2}}))?$', ['a', 'b', 'c'])"
    two = 60 if _in_hours(file, header) else 1  # what the second of two parts counts
    a, b, c = (f"{parts}.{name}::BIGINT" for name in "abc")
    clock = (
        f"CASE WHEN {parts}.c <> '' THEN {a} * 3600 + {b} * 60 + {c} "
        f"WHEN {parts}.a <> '' THEN ({a} * 60 + {b}) * {two} END"
    )
    plain = f"CASE WHEN {read} BETWEEN 0 AND 1e9 THEN CAST(round({read} * {factor}) AS BIGINT) END"
    return f"CASE WHEN contains({cell}, ':') THEN {clock} ELSE {plain} END"


def _in_hours(file: File, header: str) -> bool:
    """Say whether 0:30 is half an hour: not where a unit is named, nor of a call, which is minutes long."""
    if file.recipe.duration_unit is not None:
        return file.recipe.duration_unit == "hours"
    plain = _spelled(header)
    named = next((unit for pattern, unit in UNITS if re.search(pattern, plain)), None)
    return named == "hours" or (named is None and not re.search(CALLS, plain))


def _kept(file: File, extra: dict[str, str]) -> str:
    mine = {h.casefold(): h for h in file.recipe.keep if h in file.cells}
    return "".join(
        f", {file.word(mine[folded]) if folded in mine else 'NULL::VARCHAR'} AS {quote(column)}"
        for folded, column in extra.items()
    )


def _left_over(run: Run, file: File, name: str | None, deals: str) -> list[Notice]:
    blank, rows_, keys = run.one(
        "SELECT count(*) FILTER (r.key IS NULL), count(*) FILTER (r.key IS NOT NULL AND o.key IS NULL), "
        "count(DISTINCT r.key) FILTER (o.key IS NULL) FROM raw r LEFT JOIN owners o ON o.key = r.key"
    )
    header = file.recipe.fields.get(name or "deal_id")
    told = [
        tell("activities_unmatched", rows_, about=file.name, header=header, rows=rows_, keys=keys),
        tell("activities_without_deal", blank, about=file.name, header=header, rows=blank),
    ]
    met = linking.meet(run, "SELECT key AS k FROM raw", "SELECT key AS k FROM owners") if rows_ else None
    return [n for n in told if n.count] + (near(met, file.name, header, deals) if met else [])


def _without(run: Run, files: list[File]) -> list[Notice]:
    """Count the deals that no activity of any file is about."""
    if not run.one("SELECT count(deal_key) FROM activities")[0]:
        return []
    (alone,) = run.one(
        "SELECT count(*) FROM typed_now t WHERE NOT EXISTS "
        "(SELECT 1 FROM activities a WHERE a.deal_key = t.deal_key)"
    )
    names = ", ".join(dict.fromkeys(f.name for f in files))
    return [tell("activities_missing", alone, about=names, deals=alone)] if alone else []
