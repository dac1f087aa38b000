"""The one error family: a sentence that says what, where, what was seen and what to do."""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:
    """Mark an English template for translation; the page that shows it looks it up."""
    return text


class HitrateError(Exception):
    """A failure a user can cause, told so that the user can mend it.

    `title`, `message` and `hint` are English templates with `{named}` gaps; `values` fills the gaps.
    Pages translate the template first and fill it after, so the same error reads right in every
    language. Values may name a file, a row, a column header or a nearest valid choice; they never
    hold the contents of a customer's cells beyond the one text that could not be read.
    """

    def __init__(self, title: str, message: str, hint: str = "", **values: Any) -> None:
        self.title = title
        self.message = message
        self.hint = hint
        self.values = values
        super().__init__(" ".join(part.format(**values) for part in (title, message, hint) if part))
