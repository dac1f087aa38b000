"""What was decided about a file: the answer to every question the import could ask.

A recipe is plain data: it is proposed by `data.recognising`, corrected on the Review page, stored in
the workspace under the header's fingerprint, downloadable as JSON, and accepted by `open_exports`.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from data.meta import Definitions, Status
from data.notice import Notice

Table = Literal[
    "deals",
    "stage_entries",
    "activities",
    "spend",
    "targets",
    "people",
    "customers",
    "products",
    "more_deals",
    "unknown",
]
OutcomeFrom = Literal["flags", "status", "stage", "probability", "active", "dates", "none"]
Kind = Literal["call", "email", "meeting", "visit", "message", "task", "other"]
DurationUnit = Literal["seconds", "minutes", "hours"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DateRule(Part):
    """How one column's dates are written: a strptime pattern, `excel`, `epoch_ms`, `epoch_s` or `week`.

    Several patterns may be needed (with and without a time); each cell is read by the first that fits.
    `months` are month names in small letters -> 1..12, for languages no pattern reads; a name stands where
    a pattern has %m, and a dot behind it is ignored ("12. mei 2026" is "%d. %m %Y").
    `skip` are words in small letters that stand beside a date and say nothing more: weekdays, "den", the
    ending of "4th". `week` reads "2026-W12" and "uge 12, 2026" as the Monday of that ISO week.
    """

    formats: list[str]
    months: dict[str, int] = {}
    skip: list[str] = []


class NumberRule(Part):
    """How one column's numbers are written; `scale` divides (100 for cents or 0-100 percentages).

    `units` are words behind a number, in small letters, that multiply it: {"k": 1000} reads "45 k€"; ""
    multiplies a number without such a word, where the header says "in thousands".
    """

    decimal: Literal[".", ","] = "."
    thousands: str = ""
    scale: int = 1
    units: dict[str, int] = {}


class StageColumn(Part):
    """A `Date entered "Stage (Pipeline)"` column: each filled cell is one stage entry."""

    column: str
    stage: str
    pipeline: str | None = None


class PeriodColumn(Part):
    """A column of a plan in wide form, headed by the period whose targets stand below ("Jan 2026", "Q1").

    `number` is the month or the quarter of the year. Without a `year` the row's own column of years says it,
    else the name of the file.
    """

    column: str
    period: Literal["month", "quarter"]
    number: int
    year: int | None = None


class OutcomeRule(Part):
    """Which column decides won or lost, and which of its words mean what.

    `words` maps the text as exported (case kept) to a status; a word that is not listed is open.
    For "flags", `column` holds is_won and `second` is_closed (either may be null): won flag true is
    won, closed and not won is lost, else open; with no closed flag a false won flag takes `otherwise`.
    Where `second` is a date column, a filled date says closed.
    For "active" (archived = lost), `second` is the active flag and `words` still reads the stage.
    For "dates", `column` holds won_at and `second` lost_at (either may be null): a filled date decides,
    the later of two; neither is open. In a `more_deals` file the rule speaks for the deals it lists.
    """

    source: OutcomeFrom = "none"
    column: str | None = None
    second: str | None = None
    words: dict[str, Status] = {}
    otherwise: Status = "open"


class FileRecipe(Part):
    """Every decision about one kind of file (one header).

    `fields`        canonical field -> source header.
    `keep`          further source headers kept as dimensions.
    `drop`          source headers left out, with the reason ("personal", "free text", "derived", ...).
    `dates`, `numbers`  per source header.
    `stage_order`   pipeline name ("" when the file has none) -> open stage labels in order.
    `stage_columns` columns that hold the date a stage was entered.
    `period_columns` targets in wide form: one column per month or quarter; there is no field `target` then.
    `currency`      the currency of all amounts when no column says it.
    `currency_words` text in the currency column -> ISO code ("Euro" -> "EUR").
    `expected_is_closed` True where the one close date is the actual date on closed deals.
    `lost_stage_kept` True where a lost deal keeps the stage it was lost in.
    `merge`         source header -> {label as exported: the label it counts as} ("google" -> "Google").
    `bands`         source header of numbers -> edges, rising: the column is also a dimension of the bands
                    "< first edge", "edge–next edge less one", ..., "last edge+"; a blank stays blank.
    `kinds`         activities: text as exported -> the kind of activity it is; others go by their words.
    `duration_unit` activities: what the duration is counted in (None: as its header says, else minutes).
    `pipelines_share_stages` is decided by the converter.
    """

    table: Table = "deals"
    fields: dict[str, str] = {}
    keep: list[str] = []
    drop: dict[str, str] = {}
    dates: dict[str, DateRule] = {}
    numbers: dict[str, NumberRule] = {}
    outcome: OutcomeRule = OutcomeRule()
    stage_order: dict[str, list[str]] = {}
    stage_columns: list[StageColumn] = []
    period_columns: list[PeriodColumn] = []
    currency: str | None = None
    currency_words: dict[str, str] = {}
    expected_is_closed: bool = False
    lost_stage_kept: bool = False
    merge: dict[str, dict[str, str]] = {}
    bands: dict[str, list[float]] = {}
    kinds: dict[str, Kind] = {}
    duration_unit: DurationUnit | None = None


class Recipe(Part):
    """All decisions of a workspace: one FileRecipe per header, the day each file speaks of where its name and
    columns do not tell (by file name), and the definitions."""

    version: int = 1
    files: dict[str, FileRecipe] = {}
    days: dict[str, date] = {}
    definitions: Definitions = Definitions()


class Guess(Part):
    """One proposed column: why, how sure (0..1) and what else it could have been.

    `reason` is an English template (marked with `N_`), `values` its gaps.
    """

    column: str
    field: str | None
    reason: str
    values: dict[str, str | int | float] = {}
    confidence: float = 0.0
    runner_up: str | None = None


class Proposal(Part):
    """What was recognised in one file: its recipe, and the evidence for it.

    `questions` are notices of level "question": the import may go on, on the stated guess, but the
    user should confirm. `samples` holds up to five cell texts per column for the Review page. `offers` are
    merges nobody decided yet: header -> {label: the label it may count as}, within the file or met in
    another one. `bands` are edges that columns of numbers may be cut at; neither is in force until it is in
    the recipe. `snapshot_at` is the day the file speaks of and `snapshot_from` what says so.
    """

    file: str
    fingerprint: str
    container: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    sheet: str | None
    language: str
    system: str | None
    rows: int
    columns: list[str]
    recipe: FileRecipe
    guesses: list[Guess]
    notices: list[Notice]
    questions: list[Notice] = []
    samples: dict[str, list[str]] = {}
    offers: dict[str, dict[str, str]] = {}
    bands: dict[str, list[float]] = {}
    snapshot_at: str | None = None
    snapshot_from: Literal["column", "file name", "given"] | None = None
    from_memory: bool = False
    changed: dict[str, list[str]] = {}


def fingerprint(columns: list[str] | tuple[str, ...]) -> str:
    """Return the key under which decisions about this header are remembered."""
    return hashlib.sha256("\x1f".join(columns).encode()).hexdigest()[:16]
