"""Which table a file is, each kind by its own evidence."""

from __future__ import annotations

from dataclasses import dataclass

from data.recipe import Table
from data.recognising import wide, words
from data.recognising.fitting import fit
from data.recognising.headers import matches
from data.recognising.meaning import known_share, meaning
from data.recognising.profile import Column, Facts

SELLERS = ("user", "seller", "manager", "salesteam", "people", "rep", "agent", "saelger", "verkoper")


@dataclass
class Evidence:
    """How strongly each field is present in a file, and which column says so."""

    facts: Facts
    best: dict[str, tuple[float, Column]]

    def of(self, *names: str) -> float:
        """Return the strongest presence of any of these fields (0..1)."""
        return max((self.best[n][0] for n in names if n in self.best), default=0.0)

    def has(self, *names: str, least: float = 0.5) -> bool:
        return self.of(*names) >= least

    def column(self, name: str) -> Column | None:
        return self.best[name][1] if name in self.best else None

    def count(self, *names: str) -> int:
        return sum(self.has(n) for n in names)


def evidence(facts: Facts) -> Evidence:
    """Look at every header and its values once."""
    best: dict[str, tuple[float, Column]] = {}
    for column in facts.columns:
        for match in matches(column.name):
            score = match.strength * (fit(facts, column, match.field) if column.filled else 0.3)
            if score > best.get(match.field, (0.0, column))[0]:
                best[match.field] = (score, column)
    return Evidence(facts, best)


def outcome_words(facts: Facts) -> bool:
    """True where some column of few values holds words for won or lost."""
    for column in facts.columns:
        if column.kind == "words" and column.values and column.distinct <= 60:
            said = {meaning(v).status for v in column.values}
            if said & {"won", "lost"} and known_share(column) >= 0.5:
                return True
    return False


def kind(facts: Facts) -> Table:
    """Return which table a file is, judged on its own."""
    if not facts.columns or not facts.rows:
        return "unknown"
    seen = evidence(facts)
    if any(words.patterns("stage_entered")[0].match(c.name) for c in facts.columns) and seen.has(
        "stage", "deal_id"
    ):
        return "deals"
    if _is_history(seen):
        return "stage_entries"
    outcome = seen.has("stage", "is_won", "is_lost", "won_at", "lost_at") or (
        seen.has("status", "result", least=0.7) and outcome_words(facts)
    )
    if _is_activities(seen, outcome):
        return "activities"
    if not outcome and wide.columns(facts) and not outcome_words(facts):
        return "targets"
    if not outcome and (side := _side_table(seen)):
        return side
    if outcome or outcome_words(facts):
        return "deals"
    return "unknown"


def _is_history(seen: Evidence) -> bool:
    """One row per change: two stages, old and new values, or a repeated deal beside stage and date."""
    if seen.has("from_stage") and seen.has("to_stage", "stage"):
        return True
    if seen.has("old_value") and seen.has("new_value"):
        return True
    deal, stage = seen.column("deal_id"), seen.column("stage") or seen.column("to_stage")
    if deal is None or stage is None or not seen.has("stage", "to_stage") or seen.has("snapshot_at"):
        return False
    dated = seen.has("changed_at", "created_at", "stage_entered_at", "left_at")
    repeated = deal.unique < 0.8
    named = any(p.search(seen.facts.file) for p in words.patterns("history"))
    few = len(seen.facts.columns) <= 5 and not seen.has("amount", "source", "owner")
    return dated and ((repeated and (named or few or _own_id(seen, deal))) or (named and deal.unique < 1))


def _own_id(seen: Evidence, deal: Column) -> bool:
    """True where rows have a number of their own beside the deal's."""
    return any(
        c is not deal
        and c.header.reference
        and c.unique > 0.99
        and c.filled == c.rows
        and any(m.field == "deal_id" for m in matches(c.name))
        for c in seen.facts.columns
    )


def _is_activities(seen: Evidence, outcome: bool) -> bool:
    special = seen.count(
        "activity_subject", "activity_duration", "activity_outcome", "activity_direction", "opened", "clicked"
    )
    typed = seen.has("activity_type", "activity_subject")
    if outcome or seen.has("probability", "amount", "list_price", least=0.7):
        return False
    return seen.has("activity_at") and (
        (special >= 1 and typed)
        or special >= 2
        or (
            typed
            and seen.has("deal_id")
            and (deal := seen.column("deal_id")) is not None
            and deal.unique < 0.95
        )
    )


def _side_table(seen: Evidence) -> Table | None:
    """Return the kind of a table that only describes sellers, customers, products, targets or spend."""
    facts = seen.facts
    file = words.key(facts.file.rsplit(".", 1)[0])
    if seen.has("target", "target_count", least=0.8) or (
        seen.has("target") and _named(file, "quota", "target", "budget", "maal")
    ):
        return "targets"
    if seen.has("cost", least=0.8) and seen.has("source", "campaign", "medium"):
        return "spend"
    keys = {
        name: column
        for name in ("account", "product", "owner", "person_name")
        if (column := _key(seen, name)) is not None
    }
    if seen.has("list_price", "product_family", "product_code") and (
        "product" in keys or _named(file, "product", "produkt", "pricebook", "price")
    ):
        return "products"
    if (
        seen.count("industry", "company_size", "annual_revenue", "founded", "country") >= 2
        and not seen.has("created_by")
        and ("account" in keys or _named(file, "account", "customer", "client", "compan", "klant", "kunde"))
    ):
        return "customers"
    if _named(file, "account", "customer", "compan", "klant", "kunde", "client") and "account" in keys:
        return "customers"
    staff = seen.count("manager", "team", "role", "monthly_cost", "started_at")
    if (staff and ("owner" in keys or "person_name" in keys)) or (
        _named(file, *SELLERS) and (keys or facts.columns[0].unique > 0.95)
    ):
        return "people"
    return None


def _named(file: str, *parts: str) -> bool:
    return any(part in file for part in parts)


def _key(seen: Evidence, name: str) -> Column | None:
    """Return the column of a field where it names each row once."""
    column = seen.column(name)
    return (
        column if column is not None and column.unique > 0.95 and column.filled > 0.9 * column.rows else None
    )
