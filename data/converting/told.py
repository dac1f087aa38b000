"""Every sentence the converter has to say, in one place."""

from __future__ import annotations

from typing import Literal

from data.errors import N_
from data.notice import Notice

Level = Literal["info", "warning", "question"]
SENTENCES: dict[str, tuple[Level, str]] = {
    "shared_id": (
        "warning",
        N_(
            '{ids} ids in "{column}" stand for more than one deal ({deals} rows that differ). They are '
            "kept as "
            "separate deals."
        ),
    ),
    "undated_again": (
        "question",
        N_(
            "{deals} deals of {file} stand in a later file with the same columns, and no date tells "
            "the two apart. "
            "The later file counts. Put the day of the export in the file names to compare them."
        ),
    ),
    "join_no_key": (
        "warning",
        N_("No column of {file} holds the same values as a column of {deals}, so it was not joined."),
    ),
    "join_unmatched": (
        "warning",
        N_('{keys} values of "{column}" ({rows} rows) are not in {file}; what it adds is blank there.'),
    ),
    "join_unused": ("info", N_("{unused} rows of {file} belong to no deal.")),
    "join_near_miss": ("question", N_('"{mine}" in {deals} and "{theirs}" in {file} look like the same.')),
    "history_unmatched": (
        "warning",
        N_("{rows} rows of {file} are about {keys} deals that no deals file holds; they are left out."),
    ),
    "history_missing": (
        "warning",
        N_("{deals} deals have no row in {file}; for them only the present stage is known."),
    ),
    "history_shared_id": (
        "warning",
        N_("{ids} ids stand for several deals; their stage history goes to the first of them."),
    ),
    "stage_of_other_pipeline": (
        "info",
        N_(
            "{entries} dates belong to a stage of another pipeline than the deal's; the deal moved between "
            "pipelines. They are left out."
        ),
    ),
    "stage_without_place": (
        "question",
        N_("{deals} open deals stand in stages that have no place in the order: {stages}."),
    ),
    "lost_with_no_stage": (
        "info",
        N_(
            "{deals} lost deals have no open stage on record, so no stage can be told as where they "
            "were lost."
        ),
    ),
    "closed_before_created": (
        "warning",
        N_("{deals} deals closed before they were created. They count, but not in cycle times."),
    ),
    "closed_in_future": (
        "warning",
        N_("{deals} decided deals have a closing date after {as_of}, the day these data speak of."),
    ),
    "closed_without_date": (
        "warning",
        N_(
            "{deals} decided deals have no closing date. They are missing wherever a period is chosen "
            "by closing "
            "date."
        ),
    ),
    "values_unread": (
        "warning",
        N_("{cells} cells of {file} could not be read. They are blank in the tables and listed below."),
    ),
    "lost_without_value": (
        "warning",
        N_(
            "None of the {deals} lost deals carries a value, so the hit rate by value is 100 % "
            "whatever happens. "
            "Use the hit rate by count."
        ),
    ),
    "negative_amounts": (
        "warning",
        N_("{deals} deals have an amount below zero. They count, and lower every sum they are in."),
    ),
    "several_currencies": (
        "info",
        N_("Amounts are in several currencies ({currencies}). They are never added together."),
    ),
    "snapshots": (
        "info",
        N_("{snapshots} snapshots of the same deals: outcomes are those of the latest, {day}."),
    ),
    "vanished": (
        "warning",
        N_(
            "{deals} deals of earlier snapshots are not in that of {day}: deleted, merged or filtered "
            "out. They are "
            "neither won nor lost and are not counted."
        ),
    ),
    "file_unused": ("info", N_("{file} was read but nothing is counted from it.")),
}


def tell(
    code: str, count: int, *, about: str | None = None, header: str | None = None, **values: str | int | float
) -> Notice:
    """Return the notice `code` on `count` rows, about the file and column named.

    `about` also fills the gap {file} where no other value does.
    """
    level, message = SENTENCES[code]
    if about is not None:
        values.setdefault("file", about)
    return Notice(
        code=code, level=level, message=message, values=values, count=count, file=about, column=header
    )
