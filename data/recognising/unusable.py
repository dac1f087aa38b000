"""Columns whose name promises a date, a number or a flag that their cells do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe
from data.recognising.fields import DATES, NUMBERS
from data.recognising.headers import matches
from data.recognising.profile import Column, Facts

CORE = ("amount", "created_at", "closed_at", "expected_close_at", "won_at", "lost_at", "probability")


def notices(facts: Facts, recipe: FileRecipe) -> Iterator[Notice]:
    """Tell what is missing because of such columns, and of mapped columns that are empty."""
    for name in CORE:
        mapped = facts.by_name(recipe.fields.get(name))
        if mapped is not None and not mapped.filled:
            yield Notice(
                code="column_empty",
                file=facts.file,
                column=mapped.name,
                count=facts.rows,
                values={"column": mapped.name},
                message=N_("“{column}” is empty on every row, so nothing is known of it. Blank is not zero."),
            )
        elif mapped is None and (column := _named(facts, recipe, name)) is not None:
            yield _told(facts, column, name)


def _named(facts: Facts, recipe: FileRecipe, name: str) -> Column | None:
    """Return the column that is surely called `name` and is used for nothing."""
    used = {*recipe.fields.values(), *(c.column for c in recipe.stage_columns)}
    return next(
        (
            c
            for c in facts.columns
            if c.filled
            and c.name not in used
            and c.kind in ("words", "text", "flag")
            and any(m.field == name and m.strength == 1.0 and m.how == "name" for m in matches(c.name))
        ),
        None,
    )


def _told(facts: Facts, column: Column, name: str) -> Notice:
    number = name in NUMBERS
    assert number or name in DATES
    return Notice(
        code="name_without_values",
        file=facts.file,
        column=column.name,
        count=column.filled,
        values={"column": column.name, "example": column.sample[0][:40]},
        message=N_(
            "“{column}” is named like a number, but its cells hold none that can be read (one of them is "
            "“{example}”), so it is not used as one."
        )
        if number
        else N_(
            "“{column}” is named like a date, but its cells hold none that can be read (one of them is "
            "“{example}”), so it is not used as one."
        ),
    )
