"""A table on its way to a proposal: its columns, and which field each turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data.notice import Notice
from data.recipe import FileRecipe, Table
from data.recognising import snapshot, stages, wide
from data.recognising.assigning import Assigned, assign
from data.recognising.fields import DEALS, TABLE_FIELDS
from data.recognising.profile import Facts

ENTITY = {"people": "owner", "customers": "account", "products": "product"}


@dataclass
class Draft:
    """A table on its way to a proposal."""

    facts: Facts
    table: Table
    language: str
    system: str | None
    found: Assigned = field(default_factory=Assigned)
    recipe: FileRecipe = field(default_factory=FileRecipe)
    notices: list[Notice] = field(default_factory=list)
    history: stages.History | None = None
    told: bool = False  # another file says how these deals ended


def fields_of(draft: Draft) -> Assigned:
    """Assign columns to the fields of this kind of table."""
    allowed = TABLE_FIELDS[draft.table] or DEALS
    if draft.table == "activities":  # a subject looks like the name of a deal; the deals file tells which is
        allowed = tuple(name for name in allowed if name != "deal_name")
    extra = {
        "people": "person_name",
        "customers": "deal_name",
        "products": "deal_name",
        "stage_entries": "to_stage",
    }.get(draft.table)
    found = assign(draft.facts, (extra, *allowed) if extra else allowed, draft.language)
    if (
        draft.table == "activities"
        and (own := found.column("deal_id")) is not None
        and own.unique > 0.99
        and not own.header.deal
    ):
        found.guesses[found.fields.pop("deal_id").index].field = None
    if draft.table == "stage_entries":
        _rename(found, "to_stage", "stage")
    elif extra:
        _rename(found, extra, ENTITY[draft.table])
    if draft.table == "targets":
        wide.settle(draft.facts, found)
    if draft.table == "deals" and "created_at" not in found.fields:
        _rename(found, "first_contact_at", "created_at")
    return found


def _rename(found: Assigned, old: str, new: str) -> None:
    """Let the column found as `old` be the field `new`, unless `new` has a column that is no mere id."""
    column, present = found.fields.pop(old, None), found.fields.get(new)
    if column is None:
        return
    if present is not None and not present.header.reference and old != "to_stage":
        found.guesses[column.index].field = None
        return
    if present is not None:
        found.guesses[present.index].field = None
    found.fields[new] = column
    found.guesses[column.index].field = new


def snapshot_of(facts: Facts, recipe: FileRecipe, name: str) -> date | None:
    """Return the day a file speaks of: the latest in its snapshot column, or that in the `name` the user
    gave it."""
    column = facts.by_name(recipe.fields.get("snapshot_at"))
    if column is not None and column.filled and column.name in recipe.dates:
        found = snapshot.latest(list(column.values or column.sample), recipe.dates[column.name].formats)
        if found is not None:
            return found
    return snapshot.from_name(name)
