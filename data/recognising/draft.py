"""One table's recipe, put together from what its columns turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data.errors import N_
from data.meta import Status
from data.notice import Notice
from data.recipe import FileRecipe, OutcomeRule, Table
from data.recognising import dates, keep, numbers, outcome, snapshot, stages, words
from data.recognising.fields import ASIDE, DATES, DEALS, NUMBERS, TABLE_FIELDS, Assigned, assign
from data.recognising.flags import read_words
from data.recognising.meaning import meaning
from data.recognising.profile import Column, Facts
from data.recognising.tallying import Tally, tally

SIDE: tuple[Table, ...] = ("people", "customers", "products", "targets", "spend", "activities")
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


def write(draft: Draft, has_history: bool) -> None:
    """Fill the draft's recipe and notices; the history of stages must be known before."""
    recipe = draft.recipe = FileRecipe(table=draft.table)
    _read_rules(draft)
    if draft.table in ("deals", "more_deals", "stage_entries", "unknown"):
        _outcome(draft)
    if draft.table in ("deals", "stage_entries"):
        _stages(draft, has_history)
    recipe.fields = {n: c.name for n, c in draft.found.fields.items() if n not in ASIDE}
    _set_aside(draft)
    recipe.keep, recipe.drop = keep.sort_out(draft.facts, draft.found, draft.table in SIDE)
    for column in recipe.stage_columns:
        _stage_column(draft, column.column)
    if draft.table in ENTITY:
        _keep_named(draft)
    if draft.table == "deals":
        _close(draft)


def _read_rules(draft: Draft) -> None:
    """Decide how dates, numbers and money are written."""
    facts, found, recipe = draft.facts, draft.found, draft.recipe
    entered = {c.column for c in stages.stage_columns(facts, found)}
    dated = [c for n, c in found.fields.items() if n in DATES and n not in ASIDE]
    dated += [c for c in facts.columns if c.name in entered and c not in dated]
    read = dates.decide(facts, dated, draft.language)
    counted = [c for n, c in found.fields.items() if n in NUMBERS and n not in ASIDE]
    figures = numbers.decide(facts, counted, draft.language)
    money = next(
        (
            found.fields[n]
            for n in ("amount", "cost", "target", "list_price", "recurring_amount")
            if n in found.fields
        ),
        None,
    )
    currency = numbers.currency(facts, money, found.column("currency"), draft.language)
    recipe.dates, recipe.numbers = read.rules, figures.rules
    recipe.currency, recipe.currency_words = currency.code, currency.words
    if (chance := found.column("probability")) is not None:
        rule = recipe.numbers[chance.name]
        rule.scale = numbers.probability_scale(facts, chance, rule)
    quiet = draft.table in ("stage_entries", *SIDE, "unknown")
    draft.notices += [*read.notices, *figures.notices, *([] if quiet else currency.notices)]


def snapshot_of(facts: Facts, recipe: FileRecipe) -> date | None:
    """Return the day a file speaks of: the latest in its snapshot column, or the one in its name."""
    column = facts.by_name(recipe.fields.get("snapshot_at"))
    if column is not None and column.filled and column.name in recipe.dates:
        found = snapshot.latest(list(column.values or column.sample), recipe.dates[column.name].formats)
        if found is not None:
            return found
    return snapshot.from_name(facts.file)


def _outcome(draft: Draft) -> None:
    """Decide what says how deals ended, and whether lost deals keep their stage."""
    facts, found, recipe = draft.facts, draft.found, draft.recipe
    if draft.table == "stage_entries":
        said = read_words(found.column("stage"))
        closing: dict[str, Status] = {v: m.status for v, m in said.items() if m.status}
        stage = found.column("stage")
        recipe.outcome = OutcomeRule(source="stage", column=stage.name if stage else None, words=closing)
        return
    decided = outcome.decide(facts, found, draft.system, recipe.numbers)
    recipe.outcome = decided.rule
    if draft.table == "deals":
        draft.notices += [
            _told(n) if draft.told and n.code == "outcome_unknown" else n for n in decided.notices
        ]
    _last_stage(draft)
    if decided.rule.source == "flags":
        words_ = {v: m.status for v, m in read_words(found.column("stage")).items() if m.status}
        recipe.outcome = decided.rule.model_copy(update={"words": words_})


def _told(asked: Notice) -> Notice:
    return Notice(
        code="outcome_elsewhere",
        file=asked.file,
        count=asked.count,
        message=N_(
            "Another file says how these deals ended; deals it does not list count as "
            "open. If it lists only won deals, nothing says who was lost and there is no "
            "hit rate of decided deals."
        ),
    )


def _last_stage(draft: Draft) -> None:
    """Where a column keeps the stage a deal was closed from, that is the stage and the other the status."""
    found, recipe = draft.found, draft.recipe
    last, stage = found.column("last_stage"), found.column("stage")
    if (
        last is None
        or stage is None
        or recipe.outcome.source != "stage"
        or last.filled < 0.95 * draft.facts.rows
    ):
        return
    if any(meaning(v).status in ("won", "lost", "disqualified") for v in last.values or {}):
        return
    del found.fields["last_stage"]
    found.fields["stage"], found.fields["status"] = last, stage
    found.guesses[last.index].field, found.guesses[stage.index].field = "stage", "status"
    recipe.outcome = recipe.outcome.model_copy(update={"source": "status"})


def _stages(draft: Draft, has_history: bool) -> None:
    facts, found, recipe = draft.facts, draft.found, draft.recipe
    closing = recipe.outcome.words if recipe.outcome.source in ("stage", "active", "flags") else {}
    decided = stages.decide(facts, found, closing, recipe.numbers, draft.history)
    if draft.table == "stage_entries" and has_history:
        decided.order, decided.notices = {}, []
    recipe.stage_order, recipe.stage_columns = decided.order, decided.columns
    draft.notices += decided.notices
    if closing:
        for column in decided.columns:
            status = meaning(column.stage).status
            if status and column.stage not in recipe.outcome.words:
                recipe.outcome.words[column.stage] = status


def _set_aside(draft: Draft) -> None:
    """Free the columns that were only recognised so that nothing else took them."""
    for name in [n for n in draft.found.fields if n in ASIDE]:
        column = draft.found.fields.pop(name)
        if name == "annual_amount" and "recurring_amount" not in draft.found.fields:
            draft.found.fields["recurring_amount"] = column
            draft.found.guesses[column.index].field = "recurring_amount"
            draft.recipe.fields["recurring_amount"] = column.name
            rule = numbers.decide(draft.facts, [column], draft.language).rules[column.name]
            draft.recipe.numbers[column.name] = rule.model_copy(update={"scale": 12})
        else:
            draft.found.guesses[column.index].field = None


def _stage_column(draft: Draft, header: str) -> None:
    draft.recipe.drop.pop(header, None)
    column = draft.facts.by_name(header)
    if column is not None:
        guess = draft.found.guesses[column.index]
        guess.reason, guess.confidence = N_("It holds the day each deal entered a stage."), 1.0


def _keep_named(draft: Draft) -> None:
    """Keep, in joined tables, named fields that are no field of deals (manager, product family)."""
    recipe = draft.recipe
    for name, header in recipe.fields.items():
        column = draft.facts.by_name(header)
        if (
            name not in DEALS
            and name not in DATES
            and column is not None
            and header not in recipe.keep
            and keep.why_drop(draft.facts, column, True) is None
        ):
            recipe.keep.append(header)


def _close(draft: Draft) -> None:
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
