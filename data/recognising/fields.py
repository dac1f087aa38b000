"""Which column is which field: by its name first, by its values where the name could be several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from data.errors import N_
from data.recipe import Guess
from data.recognising import words
from data.recognising.cues import Cues, number
from data.recognising.dates import number_like_date
from data.recognising.headers import Match, matches
from data.recognising.meaning import known_share
from data.recognising.periods import is_period
from data.recognising.profile import Column, Facts
from data.recognising.supporting import by_values, cues_of, share_of_codes, support

# fmt: off
DATES = {"created_at", "closed_at", "expected_close_at", "first_contact_at", "last_activity_at",
         "stage_entered_at", "modified_at", "won_at", "lost_at", "snapshot_at", "changed_at", "left_at",
         "activity_at", "starts_at", "ends_at", "started_at", "next_activity_at", "converted_at",
         "assigned_at", "ended_at"}
PERIODS = {"starts_at", "ends_at"}
NUMBERS = {"amount", "amount_actual", "recurring_amount", "annual_amount", "probability", "cost", "target",
           "monthly_cost", "annual_revenue", "list_price", "activity_duration", "weighted_amount",
           "amount_converted", "expected_revenue", "founded", "target_count"}
WEAK = ("like", "inside")  # readings of a name that need their values
APART = ("stage_entered", "derived")  # patterns of columns that are no field, whatever words are in them
SURE = 0.5  # of a name: from here on values need not tell which column is a field
SAME = 0.95  # of a score: two columns that fit equally well, but for the language of the header
WAYS = ("in", "out", "uit", "ud", "ut", "aus", "ein", "sort", "entr", "received", "sent")
FLAGS = {"is_won", "is_closed", "is_lost", "is_deleted", "active"}
PERSONAL = {"contact", "email", "phone"}
FREE_TEXT = {"description", "next_step"}
DIMENSIONS = ("owner", "team", "source", "source_detail", "medium", "campaign", "account", "customer_type",
              "deal_type", "product", "industry", "company_size", "region", "country", "city", "age_group",
              "lost_reason", "status_reason", "competitor", "forecast_category")
DEALS = ("deal_id", "deal_name", "pipeline", "stage", "status", "result", "created_at", "closed_at",
         "expected_close_at", "first_contact_at", "last_activity_at", "stage_entered_at", "modified_at",
         "won_at", "lost_at", "amount", "currency", "amount_actual", "recurring_amount", "probability",
         *DIMENSIONS, "is_won", "is_closed", "is_lost", "is_deleted", "active", "snapshot_at", "contact",
         "email", "phone", "description", "next_step")
# Recognised so that no other field takes the column; not part of a recipe.
ASIDE = ("weighted_amount", "expected_revenue", "amount_converted", "days_open", "days_to_close",
         "activity_count", "next_activity_at", "last_stage", "created_by", "owner_id", "account_id",
         "campaign_id", "contact_id", "row_checksum", "fiscal_period", "system_stamp", "personal_other",
         "forecast_amount", "annual_amount", "product_amount", "contract_value_annual",
         "contract_value_total", "converted_at", "assigned_at", "days_to_assign")
TABLE_FIELDS: dict[str, tuple[str, ...]] = {
    "deals": DEALS,
    "more_deals": DEALS,
    "stage_entries": ("deal_id", "deal_name", "owner", "from_stage", "stage", "changed_at", "amount",
                      "probability", "expected_close_at", "created_at", "pipeline", "currency",
                      "forecast_category"),
    "activities": ("deal_id", "owner", "activity_at", "activity_type", "activity_outcome",
                   "activity_direction", "activity_duration", "campaign", "account", "created_at", "opened",
                   "clicked", "contact", "email", "phone", "description"),
    "spend": ("source", "medium", "campaign", "starts_at", "ends_at", "cost", "currency"),
    "targets": ("owner", "team", "starts_at", "ends_at", "target", "target_count", "currency", "product",
                "region"),
    "people": ("owner", "team", "manager", "started_at", "ended_at", "monthly_cost", "region", "country",
               "currency", "email", "phone"),
    "customers": ("account", "industry", "company_size", "region", "country", "city", "customer_type",
                  "annual_revenue", "source", "owner", "email", "phone"),
    "products": ("product", "product_family", "list_price", "currency"),
    "unknown": (),
}
# fmt: on


@dataclass
class Candidate:
    """One possible reading of one column."""

    column: Column
    field: str
    score: float
    match: Match | None
    reason: str


@dataclass
class Assigned:
    """The chosen columns and what else each could have been."""

    fields: dict[str, Column] = field(default_factory=dict)
    guesses: dict[int, Guess] = field(default_factory=dict)
    rivals: dict[str, Column] = field(default_factory=dict)  # field -> another column that fits as well

    def column(self, name: str) -> Column | None:
        return self.fields.get(name)


_NAME = N_("The name says so.")
_ID = N_("The name says it holds the id of this.")
_LIKE = N_("The name is like “{label}”.")
_WHY = {"name": _NAME, "id": _ID, "like": _LIKE}
_INSIDE = N_("Part of the name says so.")
_EMPTY = N_("The name says so, but the column is empty.")
_NOTHING = N_("Neither name nor values say what it is.")


def fit(facts: Facts, column: Column, name: str) -> float:
    """Return how well the values of a column suit a field: 0 not at all, 1 fully."""
    if not column.filled:
        return 0.1
    kind = column.kind
    if name in PERIODS and is_period(column):
        return 1.0
    if name == "activity_direction":
        return _fit_direction(column)
    if name in DATES:
        return _fit_date(facts, column)
    if name == "days_open":
        return _fit_days(column)
    if name in NUMBERS:
        return _fit_number(column, name)
    if name in FLAGS:
        return 1.0 if column.flag else 0.0
    if name in ("status", "result", "stage", "from_stage"):
        return _fit_words(column, name)
    if name == "deal_id":
        return 0.0 if kind in ("date", "flag") else 1.0 if column.header.deal else _fit_id(column)
    if name == "currency":
        return share_of_codes(column)
    if name == "email":
        return 1.0 if kind == "email" else 0.0
    if kind == "date":
        return 0.0
    if name in PERSONAL or name in FREE_TEXT or name in ASIDE or name == "deal_name":
        return 0.3 if kind in ("flag", "number") and name not in ("phone", *ASIDE) else 1.0
    return _fit_dimension(column, name)


def _fit_date(facts: Facts, column: Column) -> float:
    if column.kind == "date":
        return 1.0
    if number_like_date(facts, column):
        return 0.9
    return 0.5 if column.dates >= 0.3 else 0.0


def _fit_number(column: Column, name: str) -> float:
    if column.kind == "flag" and name != "founded":
        return 0.5
    if column.kind != "number":
        return 0.5 if column.kind in ("words", "text") and column.numbers >= 0.3 else 0.0
    if name == "probability":
        top = [c for c in column.sample if len(c.split(".")[0].split(",")[0].strip(" %")) > 3]
        return 0.0 if len(top) > 0.02 * len(column.sample) else 1.0
    return 0.2 if column.header.unit == "%" else 1.0


def _fit_days(column: Column) -> float:
    """How well the values are days: "Age" may also be a person's, and then no number is under 16 or over 100."""
    read = [n for cell in column.sample if (n := number(cell)) is not None]
    if column.kind != "number" or not read:
        return 0.0
    return 0.5 if column.rows >= 30 and min(read) >= 16 and max(read) <= 100 else 1.0


def _fit_direction(column: Column) -> float:
    """How well the values say which way a call or a message went."""
    ways = [w.casefold().startswith(WAYS) for w in column.values or ()]
    return 1.0 if ways and sum(ways) >= 0.5 * len(ways) else 0.3


def _fit_words(column: Column, name: str) -> float:
    if column.kind in ("date", "email", "text") or column.distinct > 100:
        return 0.0
    if column.kind == "flag":
        return 0.1
    if column.kind == "number":
        return 0.4
    known = known_share(column)
    if name in ("stage", "from_stage"):
        return 1.0
    return 1.0 if known >= 0.4 else 0.7 if column.distinct <= 6 else 0.35


def _fit_id(column: Column) -> float:
    if column.filled < 0.8 * column.rows:
        return 0.4
    return 1.0 if column.unique > 0.5 else 0.6


def _fit_dimension(column: Column, name: str) -> float:
    if column.kind == "flag":
        return 0.75 if name in ("customer_type", "deal_type", "competitor") else 0.2
    if column.kind == "number" or column.kind == "id":
        return 0.9 if name in ("company_size", "age_group") else 0.6
    if name == "region" and known_share(column) > 0.3:
        return 0.1
    if name in ("owner", "team", "source", "region", "country") and column.rows > 50 and column.unique > 0.9:
        return 0.4
    return 0.9 if column.kind == "text" else 1.0


def candidates(facts: Facts, allowed: Iterable[str], language: str) -> list[Candidate]:
    """Return every reading of every column that its values do not rule out, best first."""
    order = {name: i for i, name in enumerate((*allowed, *ASIDE))}
    found: list[Candidate] = []
    cues = cues_of(facts)
    for column in facts.columns:
        aside = any(p.search(column.name) for kind in APART for p in words.patterns(kind))
        for match in matches(column.name):
            if match.field not in order:
                continue
            score = match.strength * fit(facts, column, match.field)
            if match.how in WEAK and (aside or (not column.filled and match.strength < 0.7)):
                continue
            if match.how in WEAK:
                score *= support(cues, column, match.field)
            if language in match.languages:
                score *= 1.04
            reason = _EMPTY if not column.filled else _WHY.get(match.how, _INSIDE)
            if score >= (0.05 if not column.filled else 0.3):
                found.append(Candidate(column, match.field, score, match, reason))
    missing = set(order) - {c.field for c in found if c.score >= SURE}
    named = {c.column.index for c in found if c.score >= SURE}
    found += [
        Candidate(c, n, s, None, why) for c, n, s, why in by_values(facts, missing, named) if n in order
    ]
    if cues.outcome is not None:
        found = [c for c in found if not _is_no_status(cues, c, found)]
    ways = Counter(
        c.column.index for c in found if c.score >= SURE
    )  # of two equals the plainer name goes first
    return sorted(
        found, key=lambda c: (-round(c.score, 3), order[c.field], ways[c.column.index], c.column.index)
    )


def _is_no_status(cues: Cues, one: Candidate, found: list[Candidate]) -> bool:
    """True for a "Status" few of whose words are known, where another column says won and lost and the name
    has another meaning too: the province, say."""
    return (
        one.field in ("status", "result")
        and one.column is not cues.outcome
        and known_share(one.column) < 0.4
        and any(c.column is one.column and c.field not in ("status", "result") for c in found)
    )


def assign(facts: Facts, allowed: Iterable[str], language: str) -> Assigned:
    """Give each field at most one column and each column at most one field, surest first."""
    result, taken = Assigned(), set[int]()
    ranked = candidates(facts, allowed, language)
    for candidate in ranked:
        index = candidate.column.index
        if index in taken or candidate.field in result.fields or _named_twice(facts, candidate.column):
            continue
        taken.add(index)
        result.fields[candidate.field] = candidate.column
        if (rival := _rival(ranked, candidate)) is not None:
            result.rivals[candidate.field] = rival
        other = next(
            (
                c.field
                for c in ranked
                if c.column.index == index and c.field != candidate.field and c.field not in ASIDE
            ),
            None,
        )
        result.guesses[index] = Guess(
            column=candidate.column.name,
            field=candidate.field,
            reason=candidate.reason,
            values={"label": candidate.match.label} if candidate.match and candidate.match.label else {},
            confidence=round(min(1.0, candidate.score), 2),
            runner_up=other,
        )
    for column in facts.columns:
        if column.index not in taken:
            other = next(
                (c.field for c in ranked if c.column.index == column.index and c.field not in ASIDE), None
            )
            result.guesses[column.index] = Guess(
                column=column.name, field=None, reason=_NOTHING, runner_up=other
            )
    return result


def _rival(ranked: list[Candidate], chosen: Candidate) -> Column | None:
    """Return the next column that fits a field as well by name and values, where it is filled as much."""
    return next(
        (
            c.column
            for c in ranked
            if c.field == chosen.field
            and c.column is not chosen.column
            and c.score >= SAME * chosen.score
            and c.match is not None
            and c.column.filled >= 0.5 * chosen.column.filled > 0
            and c.column.name != chosen.column.name
        ),
        None,
    )


def _named_twice(facts: Facts, column: Column) -> bool:
    """True for the later of two columns of one name: a recipe could not tell them apart."""
    return facts.by_name(column.name) is not column or not column.name
