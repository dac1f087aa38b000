"""One table's recipe, put together from what its columns turned out to be."""

from __future__ import annotations

from data.errors import N_
from data.meta import Status
from data.notice import Notice
from data.recipe import FileRecipe, OutcomeRule, Table
from data.recognising import (
    closing,
    currencies,
    dates,
    keep,
    numbers,
    outcome,
    periods,
    rivals,
    stages,
    swapping,
    wide,
)
from data.recognising.draft import ENTITY, Draft
from data.recognising.fields import ASIDE, DATES, DEALS, NUMBERS, PERIODS
from data.recognising.fitting import is_clock
from data.recognising.flags import read_words
from data.recognising.meaning import meaning
from data.recognising.periods import is_period
from data.recognising.profile import Column

MONEY = ("amount", "cost", "target", "monthly_cost", "list_price", "recurring_amount")
SIDE: tuple[Table, ...] = ("people", "customers", "products", "targets", "spend", "activities")


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
    if draft.table == "targets":
        wide.write(draft)
    for column in recipe.stage_columns:
        _stage_column(draft, column.column)
    if draft.table in ENTITY:
        _keep_named(draft)
    if draft.table == "deals":
        closing.close(draft)
        draft.notices += rivals.notices(draft.facts, draft.found)
        draft.notices += rivals.unsure(draft.facts, draft.found)


def _read_rules(draft: Draft) -> None:
    """Decide how dates, numbers and money are written."""
    facts, found, recipe = draft.facts, draft.found, draft.recipe
    entered = {c.column for c in stages.stage_columns(facts, found)}
    dated = [c for n, c in found.fields.items() if n in DATES and n not in ASIDE]
    dated += [c for c in facts.columns if c.name in entered and c not in dated]
    named = [c for n in PERIODS if (c := found.column(n)) is not None and is_period(c)]
    read = dates.decide(facts, [c for c in dated if c not in named], draft.language)
    read.rules |= {c.name: periods.rule(c) for c in named}
    for column in (c for n in PERIODS if (c := found.column(n)) is not None and c not in named):
        periods.settle(facts, column, read)
    swapping.settle(facts, [c for c in dated if c not in named], read)
    counted = [c for n, c in found.fields.items() if n in NUMBERS and n not in ASIDE and not is_clock(c)]
    figures = numbers.decide(facts, counted, draft.language)
    below = wide.below(facts) if draft.table == "targets" else []
    if below:
        figures = wide.rules(draft, below, figures)
    money = [found.fields[n] for n in MONEY if n in found.fields] + [c for c in below if c.filled]
    amounts = money[0] if money else None
    currency = currencies.currency(facts, amounts, found.column("currency"), draft.language)
    recipe.dates, recipe.numbers = read.rules, figures.rules
    recipe.currency, recipe.currency_words = currency.code, currency.words
    if draft.table == "deals" and (amount := found.column("amount")) is not None and recipe.numbers:
        _cents(draft, amount)
    if (chance := found.column("probability")) is not None:
        rule = recipe.numbers[chance.name]
        rule.scale = numbers.probability_scale(facts, chance, rule)
    quiet = draft.table in ("stage_entries", *SIDE, "unknown")
    draft.notices += [*read.notices, *figures.notices, *([] if quiet else currency.notices)]


def _cents(draft: Draft, amount: Column) -> None:
    """Read amounts as cents where another column or the system says they are, and tell."""
    if not numbers.in_cents(draft.facts, amount, draft.system):
        return
    for name in ("amount", "amount_actual", "recurring_amount"):
        if (column := draft.found.column(name)) is not None and column.header.parts == 1:
            draft.recipe.numbers[column.name].scale = 100
    draft.notices.append(
        Notice(
            code="amounts_in_cents",
            level="info",
            file=draft.facts.file,
            column=amount.name,
            count=amount.filled,
            values={"column": amount.name},
            message=N_("“{column}” is in cents: its numbers are divided by 100."),
        )
    )


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
            draft.recipe.numbers[column.name] = rule.model_copy(update={"scale": 12 * rule.scale})
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
