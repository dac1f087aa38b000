"""Exports that mislead: what a deals file cannot answer, or answers wrongly, with counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from data.engine.quoting import literal
from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe, OutcomeRule
from data.recognising.flags import is_true, text_of
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts

FEW_CLOSED = 5  # below this many closed deals a missing outcome proves nothing
BLANK = 0.6


@dataclass(frozen=True)
class Tally:
    """Rows of one status, and how many of them have what."""

    rows: int = 0
    amounts: int = 0  # an amount is written
    worth: int = 0  # an amount other than 0
    hopeless: int = 0  # probability 0
    closed: int = 0  # closed_at is filled
    expected: int = 0  # expected_close_at is filled
    future: int = 0  # closes after the day of the export
    on_the_way: int = 0  # stands in an open stage


def status_sql(facts: Facts, rule: OutcomeRule) -> str:
    """Return SQL for the status of a row under an outcome rule."""
    first, second = facts.by_name(rule.column), facts.by_name(rule.second)
    spoken = " ".join(
        f"WHEN {literal(w.strip())} THEN {literal(s)}" for w, s in rule.words.items() if w.strip()
    )
    read = f"CASE {text_of(first)} {spoken} END" if first is not None and spoken else "NULL"
    if rule.source == "flags":
        yes = is_true(first) if first is not None else "false"
        if second is not None:
            over = f"c{second.index} IS NOT NULL" if second.kind == "date" else is_true(second)
            return f"CASE WHEN {yes} THEN 'won' WHEN {over} THEN 'lost' ELSE 'open' END"
        return f"CASE WHEN {yes} THEN 'won' ELSE {literal(rule.otherwise)} END"
    if rule.source == "active" and second is not None:
        gone = f"WHEN NOT {is_true(second)} THEN 'lost'"
        return f"CASE WHEN {read} = 'won' THEN 'won' {gone} ELSE coalesce({read}, 'open') END"
    if rule.source == "dates":
        won = f"WHEN c{first.index} IS NOT NULL THEN 'won' " if first is not None else ""
        lost = f"WHEN c{second.index} IS NOT NULL THEN 'lost' " if second is not None else ""
        return f"CASE {won}{lost}ELSE 'open' END"
    return f"coalesce({read}, 'open')"


def tally(facts: Facts, recipe: FileRecipe, snapshot: date | None) -> dict[str, Tally]:
    """Count, per status, everything the checks look at, in one pass."""
    column = {f: facts.by_name(h) for f, h in recipe.fields.items()}

    def filled(name: str) -> str:
        found = column.get(name)
        return f"c{found.index} IS NOT NULL" if found is not None else "false"

    def worth(name: str) -> str:
        found = column.get(name)
        if found is None:
            return "false"
        cell = f"c{found.index}"  # most amounts begin with such a digit: that is told at half the cost
        return f"CASE WHEN {cell} >= '1' AND {cell} < ':' THEN true ELSE regexp_matches({cell}, '[1-9]') END"

    parts = {
        "amounts": filled("amount"),
        "worth": worth("amount"),
        "hopeless": f"{filled('probability')} AND NOT {worth('probability')}",
        "closed": filled("closed_at"),
        "expected": filled("expected_close_at"),
        "future": _future(facts, recipe, snapshot),
        "on_the_way": _on_the_way(column.get("stage")),
    }
    asked = sorted(set(parts.values()))  # the same question however the fields are named: asked once
    counts = ", ".join(f"count(*) FILTER ({part})" for part in asked)
    rows = facts.ask(
        f"SELECT {status_sql(facts, recipe.outcome)}, count(*), {counts} FROM {facts.view} GROUP BY 1"
    )
    return {
        status: Tally(all_, **{name: int(found[asked.index(part)]) for name, part in parts.items()})
        for status, all_, *found in rows
    }


def _on_the_way(stage: Column | None) -> str:
    """Return SQL that is true where a deal stands in an open stage."""
    labels = [v for v in (stage.values or {}) if meaning(v).status in (None, "open")] if stage else []
    listed = ", ".join(literal(v.strip()) for v in labels)
    return f"{text_of(stage)} IN ({listed})" if stage is not None and listed else "false"


def _future(facts: Facts, recipe: FileRecipe, snapshot: date | None) -> str:
    """Return SQL that is true where the closing date lies after the day of the export."""
    header = recipe.fields.get("closed_at") or recipe.fields.get("expected_close_at")
    column, rule = facts.by_name(header), recipe.dates.get(header or "")
    if snapshot is None or column is None or rule is None:
        return "false"
    plain = [f for f in rule.formats if f.startswith("%") and "%z" not in f and "%Z" not in f]
    if not plain:
        return "false"
    formats = ", ".join(literal(f) for f in plain)
    return (
        f"CAST(try_strptime({text_of(column)}, [{formats}]) AS DATE) > "
        f"CAST({literal(snapshot.isoformat())} AS DATE)"
    )


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
