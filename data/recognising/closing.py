"""Which closing date is expected and which actual, and whether lost deals keep their stage: by values."""

from __future__ import annotations

from data.errors import N_
from data.recognising import words
from data.recognising.draft import Draft
from data.recognising.profile import Column
from data.recognising.tallying import Tally, tally


def close(draft: Draft) -> None:
    """Settle by values which closing date is which, and whether lost deals keep their stage."""
    recipe, facts = draft.recipe, draft.facts
    counted = tally(facts, recipe, None)
    settle_close(draft, counted)
    lost = counted.get("lost", Tally())
    beside = recipe.outcome.source not in ("stage", "none") and "stage" in recipe.fields
    recipe.lost_stage_kept = beside and lost.rows > 0 and lost.on_the_way >= 0.5 * lost.rows


def settle_close(draft: Draft, counted: dict[str, Tally]) -> None:
    """Decide by values which date is expected and which is actual.

    A date filled on most open deals is an expected one, and with no other it is the actual one on closed
    deals; a date blank on open deals and filled on closed ones is the actual one.
    """
    fields, guesses = draft.recipe.fields, draft.found.guesses
    still = counted.get("open", Tally())
    over = [t for s, t in counted.items() if s != "open"]
    actual, expected = fields.get("closed_at"), fields.get("expected_close_at")
    clear = still.rows >= 5
    if actual and clear and still.closed > 0.5 * still.rows and still.expected <= 0.1 * still.rows:
        _swap(draft, "closed_at", "expected_close_at")
    elif (
        expected
        and not actual
        and clear
        and still.expected <= 0.1 * still.rows
        and sum(t.expected for t in over) > 0.5 * sum(t.rows for t in over)
        and _may_be(draft, expected, "closed_at")
    ):
        _swap(draft, "expected_close_at", "closed_at")
    own = {"closed_at", "won_at", "lost_at"} & set(fields)
    if "expected_close_at" in fields and not any(_filled(draft, n) for n in own) and over:
        draft.recipe.expected_is_closed = True
        column = draft.facts.by_name(fields["expected_close_at"])
        if column is not None:
            guesses[column.index].reason = N_(
                "The one closing date: expected on open deals, actual on closed ones."
            )


def _may_be(draft: Draft, header: str, name: str) -> bool:
    column = draft.facts.by_name(header)
    said = {label.field for label in words.labels().get(column.header.key, ())} if column else set()
    return name in said or not said


def _filled(draft: Draft, name: str) -> bool:
    column = draft.facts.by_name(draft.recipe.fields.get(name))
    return column is not None and column.filled > 0


def _swap(draft: Draft, one: str, other: str) -> None:
    fields = draft.recipe.fields
    fields[one], fields[other] = fields.get(other, ""), fields[one]
    for name in (one, other):
        column: Column | None = draft.facts.by_name(fields[name]) if fields[name] else None
        if column is None:
            del fields[name]
            draft.found.fields.pop(name, None)
        else:
            draft.found.fields[name] = column
            draft.found.guesses[column.index].field = name
            draft.found.guesses[column.index].reason = N_(
                "Decided by which deals, open or closed, have it filled."
            )
