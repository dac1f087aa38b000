"""Exports that mislead: what a deals file cannot answer, or answers wrongly, with counts."""

from __future__ import annotations

from collections.abc import Iterator

from data.engine.quoting import literal
from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe
from data.recognising.flags import text_of
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts
from data.recognising.tallying import Tally, status_sql

FEW_CLOSED = 5  # below this many closed deals a missing outcome proves nothing
BLANK = 0.6


def check(facts: Facts, recipe: FileRecipe, counted: dict[str, Tally], has_history: bool) -> list[Notice]:
    """Return every warning a deals file deserves."""
    return [
        *_outcomes(facts, recipe, counted),
        *_values(facts, recipe, counted),
        *_stages(facts, recipe, counted, has_history),
        *_columns(facts, recipe),
    ]


def _outcomes(facts: Facts, recipe: FileRecipe, counted: dict[str, Tally]) -> Iterator[Notice]:
    won, lost, still = (counted.get(s, Tally()).rows for s in ("won", "lost", "open"))
    if recipe.outcome.source != "none" and won + lost == 0 and still:
        yield Notice(
            code="open_only",
            file=facts.file,
            count=still,
            values={"count": still},
            message=N_(
                "All {count} deals are open, so there is no hit rate. Export closed deals "
                "too: remove the filter on open deals."
            ),
        )
    elif won >= FEW_CLOSED and not lost:
        yield Notice(
            code="no_lost_deals",
            file=facts.file,
            count=won,
            values={"count": won},
            message=N_(
                "There are {count} won deals and not one lost deal, so the hit rate would "
                "be 100 %. Exports often leave lost or archived deals out: export those "
                "too."
            ),
        )
    elif lost >= FEW_CLOSED and not won:
        yield Notice(
            code="no_won_deals",
            file=facts.file,
            count=lost,
            values={"count": lost},
            message=N_(
                "There are {count} lost deals and not one won deal, so the hit rate would "
                "be 0 %. Check that the export is not filtered."
            ),
        )


def _values(facts: Facts, recipe: FileRecipe, counted: dict[str, Tally]) -> Iterator[Notice]:
    won, lost = counted.get("won", Tally()), counted.get("lost", Tally())
    amount = recipe.fields.get("amount")
    if amount and lost.rows >= FEW_CLOSED and not lost.worth and won.worth:
        yield Notice(
            code="lost_without_value",
            file=facts.file,
            column=amount,
            count=lost.rows,
            values={"column": amount, "count": lost.rows},
            message=N_(
                "None of the {count} lost deals carries a value in “{column}”, so the hit "
                "rate by value would always be 100 %. Use the hit rate by count."
            ),
        )
    yield from _disagreeing(facts, recipe)
    if won.future:
        column = recipe.fields.get("closed_at") or recipe.fields["expected_close_at"]
        yield Notice(
            code="won_in_future",
            file=facts.file,
            column=column,
            count=won.future,
            values={"column": column, "count": won.future},
            message=N_(
                "{count} won deals have a date in “{column}” after the day of the export. "
                "By closing date they fall in a period that has not been yet."
            ),
        )
    if won.hopeless:
        column = recipe.fields["probability"]
        yield Notice(
            code="won_at_zero",
            file=facts.file,
            column=column,
            count=won.hopeless,
            values={"column": column, "count": won.hopeless},
            message=N_(
                "{count} won deals stand at 0 % in “{column}”. Check that they were won: if "
                "not, the hit rate is lower than shown."
            ),
        )


def _disagreeing(facts: Facts, recipe: FileRecipe) -> Iterator[Notice]:
    """Tell where the column that decides says won or lost and the stage says the opposite."""
    test = contradiction(facts, recipe)
    count = int(facts.ask(f"SELECT count(*) FROM {facts.view} WHERE {test}")[0][0]) if test else 0
    if count:
        decides = recipe.outcome.column or recipe.outcome.second or ""
        yield Notice(
            code="status_and_stage_disagree",
            file=facts.file,
            column=decides,
            count=count,
            values={"status": decides, "stage": recipe.fields["stage"], "count": count},
            message=N_(
                "On {count} rows “{status}” and “{stage}” disagree about who won. “{status}” is followed; "
                "by “{stage}” the hit rate would differ."
            ),
        )


def contradiction(facts: Facts, recipe: FileRecipe) -> str | None:
    """Return SQL that is true where another column than the stage decides and the stage says the opposite."""
    stage = facts.by_name(recipe.fields.get("stage"))
    if stage is None or recipe.outcome.source not in ("status", "dates"):
        return None
    said = {v: m.status for v in stage.values or {} if (m := meaning(v)).exact}
    parts = []
    for one, other in (("won", "lost"), ("lost", "won")):
        if labels := [v for v, status in said.items() if status == other]:
            listed = ", ".join(literal(v.strip()) for v in labels)
            parts.append(
                f"({status_sql(facts, recipe.outcome)} = '{one}' AND {text_of(stage)} IN ({listed}))"
            )
    return " OR ".join(parts) or None


def _stages(
    facts: Facts, recipe: FileRecipe, counted: dict[str, Tally], has_history: bool
) -> Iterator[Notice]:
    lost = counted.get("lost", Tally())
    if recipe.lost_stage_kept or recipe.stage_columns or has_history or not lost.rows:
        return
    stage = recipe.fields.get("stage")
    if stage is None:
        yield Notice(
            code="no_stage",
            file=facts.file,
            level="info",
            message=N_(
                "There is no column with stages, so no funnel can be drawn. Hit rates do not need one."
            ),
        )
        return
    yield Notice(
        code="no_stage_of_loss",
        file=facts.file,
        column=stage,
        count=lost.rows,
        values={"column": stage, "count": lost.rows},
        message=N_(
            "Every lost deal ({count}) stands in a closing stage of “{column}”; where it "
            "was lost is not in this file, so no funnel by stage is drawn. Upload the stage "
            "history, an export with the dates each stage was entered, or a second export "
            "of another day."
        ),
    )


def _columns(facts: Facts, recipe: FileRecipe) -> Iterator[Notice]:
    fields = recipe.fields
    if not {"closed_at", "expected_close_at", "created_at", "won_at", "lost_at"} & set(fields):
        yield Notice(
            code="no_dates",
            file=facts.file,
            message=N_(
                "No column says when deals were created or closed: there are no trends, "
                "periods or cycle times. Hit rates over all deals are unaffected."
            ),
        )
    elif "created_at" not in fields:
        yield Notice(
            code="no_created",
            file=facts.file,
            message=N_("No column says when deals were created, so there are no cohorts and no cycle times."),
        )
    if "created_at" in fields and not {"closed_at", "expected_close_at", "won_at", "lost_at"} & set(fields):
        yield Notice(
            code="no_closed",
            file=facts.file,
            level="info",
            message=N_(
                "No column says when deals were closed, so nothing can be counted by closing date; there are "
                "no cycle times."
            ),
        )
    source = facts.by_name(fields.get("source"))
    if source is not None and source.blanks > BLANK * facts.rows:
        yield Notice(
            code="source_blank",
            file=facts.file,
            column=source.name,
            count=source.blanks,
            values={
                "column": source.name,
                "count": source.blanks,
                "share": round(100 * source.blanks / facts.rows),
            },
            message=N_(
                "“{column}” is blank on {count} deals ({share} %), so lead sources compare only the rest."
            ),
        )
    ident = facts.by_name(fields.get("deal_id"))
    if ident is not None and (repeated := repeats(facts, ident)) and "snapshot_at" not in fields:
        yield Notice(
            code="ids_repeated",
            file=facts.file,
            column=ident.name,
            count=repeated,
            values={"column": ident.name, "count": repeated},
            message=N_(
                "{count} rows repeat a value of “{column}” that stands on an earlier row. "
                "Rows that are the same are counted once; others are listed."
            ),
        )


def twins(facts: Facts) -> Iterator[Notice]:
    """Tell about columns of one name: only the first can be used."""
    seen: set[str] = set()
    for column in facts.columns:
        if column.name and column.name in seen:
            yield Notice(
                code="same_name",
                file=facts.file,
                column=column.name,
                count=column.filled,
                values={"column": column.name},
                message=N_(
                    "Two columns are called “{column}”; only the first is used. Rename one to use both."
                ),
            )
        seen.add(column.name)


def repeats(facts: Facts, column: Column) -> int:
    """Count the rows whose value stands on an earlier row."""
    if column.values is not None:
        return sum(n - 1 for n in column.values.values())
    return column.filled - facts.exact(column)
