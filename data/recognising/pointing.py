"""The rows a notice is about: the first of them, by their number in the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from data.engine.quoting import literal
from data.notice import Notice
from data.recipe import FileRecipe
from data.recognising import tallying
from data.recognising.checks import contradiction
from data.recognising.flags import disagreement, text_of
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts
from data.recognising.rivals import differing
from data.recognising.stages import waits

OF_STATUS = {
    "open_only": "open",
    "no_lost_deals": "won",
    "no_won_deals": "lost",
    "lost_without_value": "lost",
    "no_stage_of_loss": "lost",
    "not_won_is_lost": "lost",
    "archived_is_lost": "lost",
    "closed_by_date": "lost",
}
# Notices about how a column is written: one row of each way is shown first.
WRITTEN = (
    "date_order_unknown",
    "date_order_mixed",
    "date_orders_differ",
    "decimal_unknown",
    "decimal_signs_differ",
    "currencies_in_cells",
    "week_is_monday",
    "month_is_first",
)
FILLED = (
    "name_without_values",
    "scale_in_header",
    "amounts_in_cents",
    "currency_guessed",
    "currency_unknown",
)
WHOLE = ("told_by_values", "table_unknown", "several_lists", "outcome_unknown", "no_dates", "no_created")


def point(facts: Facts, recipe: FileRecipe, notices: Iterable[Notice], snapshot: date | None) -> list[Notice]:
    """Return the notices, each with the first rows it is about where they can be told."""
    return [
        n if n.rows else n.model_copy(update={"rows": _rows(facts, recipe, n, snapshot)}) for n in notices
    ]


def _rows(facts: Facts, recipe: FileRecipe, notice: Notice, snapshot: date | None) -> tuple[int, ...]:
    column = facts.by_name(notice.column)
    if notice.code in WRITTEN and column is not None:
        return tuple(facts.rows_of_each(_way(column), f"c{column.index} IS NOT NULL"))
    if notice.code == "stage_order_guessed" and column is not None:
        return tuple(facts.rows_of_each(f"trim(c{column.index})", f"c{column.index} IS NOT NULL"))
    test = _test(facts, recipe, notice, column, snapshot)
    return tuple(facts.rows_where(test)) if test else ()


def _way(column: Column) -> str:
    """Return SQL for how a cell is written: its signs, and whether its first two numbers are over 12."""
    cell = f"c{column.index}"
    parts = (r"^(\d{1,2})[-/.]", r"^\d{1,2}[-/.](\d{1,2})[-/.]")
    over = (f"TRY_CAST(regexp_extract({cell}, '{part}', 1) AS INTEGER) > 12" for part in parts)
    sides = " || ".join(f"coalesce({test}, false)" for test in over)
    return f"regexp_replace({cell}, '[0-9]+', '9', 'g') || {sides}"


def _test(
    facts: Facts, recipe: FileRecipe, notice: Notice, column: Column | None, snapshot: date | None
) -> str | None:
    """Return SQL that is true on the rows a notice is about, or None where no rows can be named."""
    code = notice.code
    status = tallying.status_sql(facts, recipe.outcome)
    if code in OF_STATUS:
        return f"{status} = {literal(OF_STATUS[code])}"
    if code == "won_in_future":
        return f"{status} = 'won' AND {tallying.future(facts, recipe, snapshot)}"
    if code in WHOLE:
        return "true"
    if column is None:
        return None
    cell = f"c{column.index}"
    other = facts.by_name(str(notice.values.get("other")))
    if code == "two_columns_fit":
        return differing(column, other) if other is not None else None
    if code == "flag_and_stage_disagree":
        return disagreement(column, facts.by_name(recipe.fields.get("stage")))
    if code == "status_and_stage_disagree":
        return contradiction(facts, recipe)
    if code == "won_at_zero":
        return f"{status} = 'won' AND {tallying.zero(column)}"
    if code == "outcome_by_probability":
        return f"{status} <> 'open'"
    if code == "source_blank":
        return f"{cell} IS NULL"
    if code == "ids_repeated":
        return f"{cell} IN (SELECT {cell} FROM {facts.view} GROUP BY 1 HAVING count(*) > 1)"
    if code in FILLED:
        return f"{cell} IS NOT NULL"
    labels = [v for v in column.values or () if _is_meant(v, code, recipe)]
    listed = ", ".join(literal(v.strip()) for v in labels)
    return f"{text_of(column)} IN ({listed})" if listed else None


def _is_meant(label: str, code: str, recipe: FileRecipe) -> bool:
    """True for a label that a notice about labels is about."""
    if code == "outcome_unknown_words":
        return label not in recipe.outcome.words
    if code == "outcome_doubtful":
        return meaning(label).doubtful
    if code == "stage_parked":
        return waits(label)
    if code == "stage_new":
        known = {s for order in recipe.stage_order.values() for s in order}
        return label.strip() not in known | {w.strip() for w in recipe.outcome.words}
    return False
