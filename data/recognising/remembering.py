"""Decisions made before for a file with (nearly) the same columns: only the difference is new."""

from __future__ import annotations

from dataclasses import dataclass

from data.errors import N_
from data.notice import Notice
from data.recipe import FileRecipe, Guess, Recipe
from data.recognising.profile import Facts

OUTCOME = ("outcome_unknown", "outcome_unknown_words", "outcome_by_probability", "not_won_is_lost")
MOSTLY = 0.75  # of all columns of both headers that both have: the same export, changed
FEWEST = 4  # columns in common

_REMEMBERED = N_("Decided before, for a file with the same columns.")


@dataclass(frozen=True)
class Memory:
    """What was decided for a header like this one, which columns are new to it and which are gone."""

    recipe: FileRecipe
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """True where the header is the very same."""
        return not self.new and not self.gone

    def is_new(self, notice: Notice) -> bool:
        """True for a notice about a new column, or about the outcome if the column that told it is gone."""
        told = {self.recipe.outcome.column, self.recipe.outcome.second} & set(self.gone)
        return notice.column in self.new or bool(told and notice.code in OUTCOME)


def recall(columns: tuple[str, ...], key: str, known: Recipe | None) -> Memory | None:
    """Return what was decided for this header, or for the one most like it."""
    if known is None:
        return None
    if key in known.files:
        return Memory(known.files[key])
    here = {c for c in columns if c}
    best: tuple[float, Memory] | None = None
    for recipe in known.files.values():
        there = decided(recipe)
        shared = len(here & there) / max(1, len(here | there))
        if len(here & there) >= FEWEST and shared >= MOSTLY and (best is None or shared >= best[0]):
            new = tuple(c for c in dict.fromkeys(columns) if c and c not in there)
            best = shared, Memory(recipe, new, tuple(sorted(there - here)))
    return best[1] if best is not None else None


def decided(recipe: FileRecipe) -> set[str]:
    """Return the headers that a recipe says something about."""
    entered = {c.column for c in recipe.stage_columns}
    periods = {c.column for c in recipe.period_columns}
    return {*recipe.fields.values(), *recipe.keep, *recipe.drop, *entered, *periods}


def renewed(memory: Memory, fresh: FileRecipe) -> FileRecipe:
    """Return the remembered recipe for a changed header: new columns as recognised now, all else as decided.

    What rested on a column that is gone is recognised anew.
    """
    old, gone, new = memory.recipe, set(memory.gone), set(memory.new)
    fields = {n: h for n, h in old.fields.items() if h not in gone}
    fields |= {n: h for n, h in fresh.fields.items() if n not in fields and h in new}
    rests = {old.outcome.column, old.outcome.second} & gone
    dated = {old.fields.get("closed_at"), old.fields.get("expected_close_at")} & gone
    return old.model_copy(
        deep=True,
        update={
            "fields": fields,
            "keep": [h for h in old.keep if h not in gone] + [h for h in fresh.keep if h in new],
            "drop": {h: why for h, why in old.drop.items() if h not in gone}
            | {h: why for h, why in fresh.drop.items() if h in new},
            "dates": {h: rule for h, rule in {**fresh.dates, **old.dates}.items() if h not in gone},
            "numbers": {h: rule for h, rule in {**fresh.numbers, **old.numbers}.items() if h not in gone},
            "outcome": (fresh if rests else old).outcome.model_copy(deep=True),
            "stage_columns": [c for c in old.stage_columns if c.column not in gone]
            + [c for c in fresh.stage_columns if c.column in new],
            "period_columns": [c for c in old.period_columns if c.column not in gone]
            + [c for c in fresh.period_columns if c.column in new],
            "stage_order": (fresh if old.fields.get("stage") in gone else old).stage_order,
            "expected_is_closed": (fresh if dated else old).expected_is_closed,
            "lost_stage_kept": (fresh if rests else old).lost_stage_kept,
            "merge": {h: pairs for h, pairs in old.merge.items() if h not in gone},
            "bands": {h: edges for h, edges in old.bands.items() if h not in gone},
        },
    )


def guesses(facts: Facts, memory: Memory, recipe: FileRecipe, fresh: dict[int, Guess]) -> dict[int, Guess]:
    """Return the remembered columns as decided, the new ones with the reason they are recognised by."""
    field_of = {header: name for name, header in recipe.fields.items()}
    told = {}
    for column in facts.columns:
        field = field_of.get(column.name)
        if column.name in memory.new:
            told[column.index] = fresh[column.index].model_copy(update={"field": field})
        else:
            told[column.index] = Guess(column=column.name, field=field, reason=_REMEMBERED, confidence=1.0)
    return told
