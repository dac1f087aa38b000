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
            "The later file counts. Say of which day each is, or put the day in its name, to compare them."
        ),
    ),
    "added_up": (
        "warning",
        N_(
            "{file} and {other} have the same columns, and neither an id, a name nor a date that tells "
            "whether they are one list exported twice. Their deals are added up: remove one of the two "
            "if they are."
        ),
    ),
    "join_no_key": (
        "warning",
        N_("No column of {file} holds the same values as a column of {deals}, so it was not joined."),
    ),
    "joined": (
        "info",
        N_(
            '{file} is joined to {deals} where "{theirs}" is the same as "{mine}": {known} of {keys} '
            "values are found."
        ),
    ),
    "join_unmatched": (
        "warning",
        N_('Values of "{column}" that are not in {file}: {keys} ({rows} rows). What it adds is blank there.'),
    ),
    "join_unused": ("info", N_("Rows of {file} that belong to no deal: {unused}.")),
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
        N_(
            "Deals closed before they were created: {deals}. They count, but not in cycle times and matured "
            "hit rates."
        ),
    ),
    "closed_in_future": (
        "warning",
        N_("{deals} decided deals have a closing date after {as_of}, the day these data speak of."),
    ),
    "closed_without_date": (
        "warning",
        N_(
            "Decided deals without a closing date: {deals}. They are missing wherever a period is chosen by "
            "closing date."
        ),
    ),
    "targets_by_month": (
        "info",
        N_(
            "{file} is read as targets with one column per month: {columns} of them, “{first}” to “{last}”. "
            "A blank cell is no target."
        ),
    ),
    "targets_by_quarter": (
        "info",
        N_(
            "{file} is read as targets with one column per quarter: {columns} of them, “{first}” to "
            "“{last}”. A blank cell is no target."
        ),
    ),
    "targets_by_month_of_year": (
        "info",
        N_(
            "{file} is read as targets with one column per month of {year}, the year in its name: {columns} "
            "of them, “{first}” to “{last}”. A blank cell is no target."
        ),
    ),
    "targets_by_quarter_of_year": (
        "info",
        N_(
            "{file} is read as targets with one column per quarter of {year}, the year in its name: "
            "{columns} of them, “{first}” to “{last}”. A blank cell is no target."
        ),
    ),
    "targets_total_rows": (
        "info",
        N_("Rows of {file} that add up other rows: {rows}. They are totals, not targets."),
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
    "activities_unmatched": (
        "warning",
        N_("{rows} activities of {file} are about {keys} deals that are not here; they count for no deal."),
    ),
    "activities_without_deal": (
        "info",
        N_("{rows} activities of {file} name no deal; they count for no deal."),
    ),
    "activities_missing": ("info", N_("{deals} deals have no activity in {file}.")),
    "first_contact_from_activities": (
        "info",
        N_(
            "No column says when a deal was first contacted. The first call, e-mail, meeting, visit or "
            "message of each deal counts as its first contact; {deals} deals have one."
        ),
    ),
    "spend_unmatched": (
        "warning",
        N_("{rows} rows of {file} are costs of {keys} lead sources that no deal has: {names}."),
    ),
    "spend_missing": (
        "info",
        N_("{deals} deals come from {keys} lead sources without costs in {file}: {names}."),
    ),
    "targets_unmatched_owner": (
        "warning",
        N_("{rows} targets of {file} are of {keys} sellers that no deal has: {names}."),
    ),
    "targets_missing_owner": ("info", N_("{keys} sellers have no target in {file}: {names}.")),
    "targets_unmatched_team": (
        "warning",
        N_("{rows} targets of {file} are of {keys} teams that no deal has: {names}."),
    ),
    "targets_missing_team": ("info", N_("{keys} teams have no target in {file}: {names}.")),
    "targets_by_other_column": (
        "warning",
        N_(
            'No deal has a seller of "{column}" in {file}. The sellers are taken from "{other}", whose '
            "values the deals know."
        ),
    ),
    "history_contradicted": (
        "warning",
        N_(
            "Stage changes that the snapshots show and the stage history does not have at that time: "
            "{entries}. The history counts."
        ),
    ),
    "ids_rewritten": (
        "warning",
        N_(
            "Deals whose id is written in another way from some export on (15 or 18 characters, leading "
            "zeros, a word in front): {deals}. They were matched."
        ),
    ),
    "snapshots_without_id": (
        "question",
        N_(
            "The exports ({snapshots}) have no column with the deal's id, and too little else to tell deals "
            "apart. The latest counts, and they are not compared. Export them again with the id."
        ),
    ),
    "snapshots_by_name": (
        "warning",
        N_(
            "The exports have no column with the deal's id: deals are matched by name, account and day of "
            "creation. A deal that was renamed looks like one that vanished and a new one."
        ),
    ),
    "snapshots_doubtful": (
        "question",
        N_(
            "Names that stand for several deals of one account and day: {names}. These may be mixed up "
            "from one export to the next."
        ),
    ),
    "snapshot_filtered": (
        "question",
        N_(
            "The export of {day} shows a part only ({values}). Deals that it does not show: {deals}. "
            "They count as they were last seen, not as lost."
        ),
    ),
    "snapshot_shrunk": (
        "question",
        N_(
            "Deals missing from the export of {day}: {deals}. No column explains why; they count as "
            "vanished, not as lost. Was it filtered?"
        ),
    ),
    "snapshot_missing": (
        "info",
        N_("Exports that seem to be missing before that of {day}, by the usual rhythm: {snapshots}."),
    ),
    "snapshot_twice": (
        "warning",
        N_("Several files are of {day}; deals that differ between them: {deals}. The later upload counts."),
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
