"""Something the user should know about the data: a sentence, its count, and where to look."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """What a notice about several files says of one: `count` and `rows` as in the notice."""

    model_config = ConfigDict(frozen=True)

    file: str
    count: int | None = None
    rows: tuple[int, ...] = ()


class Notice(BaseModel):
    """One warning or remark.

    `code` is stable and machine-readable; `message` is an English template (marked with `N_` where
    it is written) filled from `values`; `count` is how many rows it is about (null: the whole file);
    `column` is the source header it concerns, if one. `rows` are the numbers of the first of those rows as
    they stand in `file`, rows that differ first: up to 20, for a sample to be shown beside the sentence.
    `parts`, where it is about several files: each of them; `file` is then the first, `count` the sum.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    level: Literal["info", "warning", "question"] = "warning"
    values: dict[str, str | int | float] = {}
    count: int | None = None
    file: str | None = None
    column: str | None = None
    rows: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()

    def text(self) -> str:
        """Return the sentence in English."""
        return self.message.format(**self.values)
