"""What a generation knows about itself: written once at conversion, read by every layer above."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from data.notice import Notice

Status = Literal["open", "won", "lost", "disqualified"]
StageSource = Literal["history", "stage", "none"]
FORMAT = 1  # of a generation's files; raised when code from before or after would misread them
STATUSES: tuple[Status, ...] = ("open", "won", "lost", "disqualified")


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimension(Frozen):
    """A column of the deals table that deals can be sliced by.

    `column` is its name in the table, `label` the header in the user's file. `role` is "dimension",
    or "outcome" when the column is only known because of how the deal ended (lost reason, forecast
    category): such a column may be shown but never ranked for leaks. `order` lists the values in the order
    they are to be shown in, where they have one of their own (bands of numbers).
    """

    column: str
    label: str
    values: int
    blanks: int
    role: Literal["dimension", "outcome"] = "dimension"
    order: tuple[str, ...] = ()


class Stage(Frozen):
    """One open stage of a pipeline; `number` counts from 1 in the order a deal passes them."""

    number: int
    label: str


class Pipeline_(Frozen):
    """A pipeline and the order of its open stages."""

    name: str
    stages: tuple[Stage, ...]


class FileLedger(Frozen):
    """What became of every row of one file: read = kept + rejected + junk, always."""

    file: str
    table: str
    rows_read: int
    rows_kept: int
    rows_rejected: int
    rows_junk: int
    values_unread: int = 0
    total_agrees: bool | None = None


class Definitions(Frozen):
    """What this workspace calls an opportunity; shown beside every number it shapes."""

    opportunity_stage: int = 1
    meeting_stage: int | None = None
    rate: str = "decided"
    basis: Literal["created", "closed"] = "closed"
    fiscal_month: int = 1
    week_start: int = 0
    currency: str | None = None


class Meta(Frozen):
    """The description that lies beside a generation's Parquet files.

    `stage_source` says what stage numbers rest on: "history" (stage entries), "stage" (the export
    keeps the stage a deal was lost in), or "none" (lost deals stand in a closing stage, so nothing
    supports a funnel by stage). `as_of` is the day the newest data speak of. `tables` counts the rows of the
    further tables there are: activities, spend, targets, people. `format` is the shape of the files.
    """

    as_of: date
    as_of_source: Literal["given", "file name", "latest date", "upload date"]
    currencies: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    labels: dict[str, str]
    pipelines: tuple[Pipeline_, ...]
    stage_source: StageSource
    has_created: bool
    has_closed: bool
    has_amount: bool
    has_contact: bool
    definitions: Definitions
    files: tuple[FileLedger, ...]
    notices: tuple[Notice, ...]
    counts: dict[str, int]
    snapshots: tuple[date, ...] = ()
    tables: dict[str, int] = {}
    format: int = 1

    def stages(self, pipeline: str | None = None) -> tuple[Stage, ...]:
        """Return the open stages of one pipeline, or those all pipelines share, else ()."""
        if pipeline is not None:
            return next((p.stages for p in self.pipelines if p.name == pipeline), ())
        kinds = {p.stages for p in self.pipelines}
        return next(iter(kinds)) if len(kinds) == 1 else ()

    def dimension(self, column: str) -> Dimension | None:
        """Return the dimension stored under `column`, if there is one."""
        return next((d for d in self.dimensions if d.column == column), None)
