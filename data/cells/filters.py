"""A slice as a SQL condition on the deals table: every filter, and every mark one can click."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, get_args

from data.cells.names import one_of, resolve
from data.engine.quoting import Value, literal, quote
from data.errors import N_, HitrateError
from data.meta import STATUSES
from data.slice import Basis, Slice

if TYPE_CHECKING:
    from data.pipeline import Pipeline

DAY = 86_400
EPOCH = date(1970, 1, 1)
EXITS = ("entered", "advanced", "lost", "disqualified", "moved_back", "still_there", "no_stage")
EVERY_DEAL = "1 = 1"
NO_DEAL = "1 = 0"


def condition(pipeline: Pipeline, question: Slice) -> str:
    """Return the WHERE text of a slice: all its parts must hold.

    HitrateError for an unknown name or choice.
    """
    parts = [
        *(any_of(pipeline, column, values) for column, values in question.where),
        *(f"{quote(resolve(pipeline, column))} IS NOT NULL" for column in question.known),
        *(dated(question) if question.stale is None or question.basis == "created" else []),
        *gone_stale(pipeline, question),
        *of_pipeline(pipeline, question.pipeline),
        *having_status(question.status),
        *([] if question.reached is None else [reached(question.reached)]),
        *left_stage(question),
    ]
    return "\n  AND ".join(parts) or EVERY_DEAL


def any_of(pipeline: Pipeline, name: str, values: tuple[str | None, ...]) -> str:
    """Return the condition that a column holds one of `values`, None meaning blank; () matches nothing."""
    column = resolve(pipeline, name)
    kind = pipeline.engine.schema("deals")[column]
    texts = [literal(typed(value, kind, name)) for value in values if value is not None]
    options = [f"{quote(column)} IN ({', '.join(texts)})"] if texts else []
    options += [f"{quote(column)} IS NULL"] if None in values else []
    return f"({' OR '.join(options)})" if options else NO_DEAL


def typed(value: str, kind: str, name: str) -> Value:
    """Return a filter's text as a value of the column's type; HitrateError when it cannot be one."""
    try:
        if kind == "VARCHAR":
            str(value).encode()
            if "\0" in str(value):
                raise ValueError("NUL")
            return str(value)
        if kind == "DATE":
            return date.fromisoformat(str(value))
        if kind == "BOOLEAN":
            return {"true": True, "false": False}[str(value).lower()]
        number = float(value)
        if number != number or abs(number) == float("inf"):
            raise ValueError("not finite")
        return number if kind in ("DOUBLE", "FLOAT") else int(value)
    except (ValueError, KeyError) as bad:
        raise HitrateError(
            N_("This filter cannot be read"),
            N_("A value chosen for “{name}” does not fit that column."),
            N_("Clear the filter and choose again from the list."),
            name=name,
        ) from bad


def dated(question: Slice) -> list[str]:
    """Return the conditions of the period; both ends are whole days, both included."""
    column = f"{one_of('date basis', question.basis, get_args(Basis))}_s"
    parts = [] if question.start is None else [f"{column} >= {epoch(question.start)}"]
    return parts + ([] if question.end is None else [f"{column} < {epoch(question.end) + DAY}"])


def epoch(day: date) -> int:
    """Return the first second of a day, UTC."""
    return (day - EPOCH).days * DAY


def gone_stale(pipeline: Pipeline, question: Slice) -> list[str]:
    """Return the condition that an open deal has been where it is for longer than the days given.

    Whole days of earlier visits and of the running one, to the end of the as-of day, as in stage_ages. All
    in whole seconds: days > limit exactly when beginning + (limit + 1) days has come.
    """
    if question.stale is None:
        return []
    now = epoch(pipeline.meta.as_of) + DAY - 1
    ways = []
    for stage, limit in question.stale:
        here, begun = ["status = 'open'"], "created_s"
        if stage:
            here += [f"last_no = {int(stage)}", f"stage_entered_s <= {now}"]
            begun = f"stage_entered_s - {DAY} * COALESCE(stood_days, 0)"
        went = f"{begun} + {DAY * (int(limit) + 1)}"
        ways.append(" AND ".join([*here, f"{went} <= {now}", *went_in(question, went)]))
    return [f"({' OR '.join(ways)})"] if ways else [NO_DEAL]


def went_in(question: Slice, went: str) -> list[str]:
    """Return the conditions that a deal went stale in the period, where the period is of closing dates."""
    if question.basis == "created":
        return []
    parts = [] if question.start is None else [f"{went} >= {epoch(question.start)}"]
    return parts + ([] if question.end is None else [f"{went} < {epoch(question.end) + DAY}"])


def of_pipeline(pipeline: Pipeline, name: str | None) -> list[str]:
    if name is None:
        return []
    one_of("pipeline", name, [p.name for p in pipeline.meta.pipelines])
    return [f"pipeline = {literal(name)}" if name else "(pipeline IS NULL OR pipeline = '')"]


def having_status(status: tuple[str, ...]) -> list[str]:
    texts = [literal(one_of("status", word, STATUSES)) for word in status]
    return [f"status IN ({', '.join(texts)})"] if texts else []


def reached(stage: int) -> str:
    """Return the condition that a deal got as far as a stage: was there, further, or was won.

    Every deal reached the first stage, also one whose stages are not recorded: it is where leads start.
    """
    return EVERY_DEAL if stage <= 1 else f"(furthest_no >= {int(stage)} OR status = 'won')"


def left_stage(question: Slice) -> list[str]:
    """Return the conditions that a deal entered a stage, and how it left, under the slice's readings.

    Entered: reached it or any later one, or won (skipped "passed"); was recorded there (skipped "not").
    Advanced: won, or last seen further on; with back "stands", also when it went further and fell back.
    Lost, disqualified, still there: by its status, when this is the last stage it stood in.
    Moved back: not won and last seen before this stage, unless it counts as advanced.
    """
    how = one_of("way to leave a stage", question.exit or "entered", EXITS)
    passed = one_of("reading of skipped stages", question.skipped, ("passed", "not")) == "passed"
    stands = one_of("reading of moves back", question.back, ("stands", "cancels")) == "stands"
    if how == "no_stage":
        return ["furthest_no = 0", "status <> 'won'"] if passed else ["visited_mask = 0"]
    if question.stage is None:
        if question.exit is None:
            return []
        raise HitrateError(
            N_("Which stage?"),
            N_("A way to leave a stage was chosen, but no stage."),
            N_("Choose a stage too."),
        )
    s = int(question.stage)
    if not 1 <= s <= 62:
        return [NO_DEAL]
    here = f"(furthest_no >= {s} OR status = 'won')" if passed else f"visited_mask % {2**s} >= {2 ** (s - 1)}"
    fell = f"status <> 'won' AND last_no < {s}"
    fell_after = f" OR (last_no < {s} AND furthest_no > {s})" if stands else ""
    ways = {
        "entered": EVERY_DEAL,
        "advanced": f"(status = 'won' OR last_no > {s}{fell_after})",
        "lost": f"status = 'lost' AND last_no = {s}",
        "disqualified": f"status = 'disqualified' AND last_no = {s}",
        "still_there": f"status = 'open' AND last_no = {s}",
        "moved_back": fell + (f" AND furthest_no <= {s}" if stands else ""),
    }
    return [here, ways[how]]
