"""How far the cells of a deals file bear out a reading that its header only hints at, or not even that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from data.errors import N_
from data.recognising import words
from data.recognising.cues import ENOUGH, WIDE, Cues, is_chance, is_id, is_money, is_person
from data.recognising.meaning import known_share
from data.recognising.profile import Column, Facts

Reading = tuple[Column, str, float, str]

_VALUES = N_("The values look like it.")
_ONLY_LOST = N_("It is filled on lost deals only.")
_ONLY_WON = N_("It is filled on won deals only.")
_ONLY_CLOSED = N_("It is filled on won and lost deals only.")
_FIRST = N_("No other date of a deal comes before it.")
_AHEAD = N_("Some of its dates lie after every other date.")
_NAMES_BEGIN = N_("The names of the deals begin with it.")
_EACH_ONCE = N_("Each of its values stands on one row only.")
_BEGINS = N_("It begins with the customer's name.")
GROUPS = {"customer_type", "deal_type", "team", "source", "medium", "industry", "region", "country",
          "pipeline", "forecast_category", "age_group", "company_size"}  # fmt: skip
FLAGS: dict[str, tuple[str, ...]] = {
    "is_won": ("won",), "is_lost": ("lost",), "is_closed": ("won", "lost"), "is_deleted": (), "active": (),
}  # fmt: skip
MARKED = ("last_stage", "from_stage", "to_stage", "recurring_amount", "annual_amount", "amount_actual")


def cues_of(facts: Facts) -> Cues:
    """Return the cues of a table, the same ones every time it is asked."""
    if facts.cues is None:
        facts.cues = Cues(facts)
    cues: Cues = facts.cues
    return cues


def support(cues: Cues, column: Column, name: str) -> float:
    """Return what the cells add to a weak reading: over 1 they bear it out, under 1 they speak against."""
    if not column.filled:
        return 0.8
    if column.header.reference and name != "deal_id":
        return 0.4
    marked = 0.5 if name in MARKED else 1.0  # "Last stage" is like "Stage", yet it is another field
    if name in _BY_NAME:
        return marked * _BY_NAME[name](cues, column)
    if name in FLAGS:
        return 1.2 if FLAGS[name] and cues.is_flag_of(column, *FLAGS[name]) else 0.6
    if name in GROUPS and column.distinct > 0.3 * column.filled and column.rows > 20:
        return 0.4
    return marked


def _lost_reason(cues: Cues, column: Column) -> float:
    if cues.only_on(column, "lost", least=0.2):
        return 1.3
    return 0.3 if cues.on(column, "open") > 0.5 or column.kind == "text" else 1.0


def _status_reason(cues: Cues, column: Column) -> float:
    return 1.2 if cues.on(column, "open") > 0.5 else 0.8


def _closed(cues: Cues, column: Column) -> float:
    if cues.only_on(column, "won", "lost", least=0.8):
        return 1.2
    return 0.6 if cues.on(column, "open", 0.0) > 0.5 else 1.0


def _expected(cues: Cues, column: Column) -> float:
    return 1.1 if cues.on(column, "open") >= 0.5 else 0.5


def _won(cues: Cues, column: Column) -> float:
    return 1.3 if cues.only_on(column, "won", least=0.8) else 0.4


def _lost(cues: Cues, column: Column) -> float:
    if cues.only_on(column, "lost", least=0.8):
        return 1.3
    return 1.0 if cues.on(column, "lost") > 0.8 and cues.on(column, "open") < 0.4 else 0.4


def _created(cues: Cues, column: Column) -> float:
    return 1.1 if column.filled >= 0.95 * column.rows else 0.5


def _spaced(column: Column) -> bool:
    """True where most cells are several words: names or sentences, not ids."""
    return sum(" " in cell for cell in column.sample) > 0.5 * len(column.sample)


def _deal_id(cues: Cues, column: Column) -> float:
    return 0.3 if _spaced(column) or column.unique < 0.5 else 1.1


def _deal_name(cues: Cues, column: Column) -> float:
    if column.kind in ("number", "id", "flag", "email"):
        return 0.3
    pair = cues.named_after
    if pair is not None and column in pair:
        return 1.3 if column is pair[0] else 0.4
    return 1.0 if column.unique > 0.5 else 0.5


def _account(cues: Cues, column: Column) -> float:
    if column.kind in ("number", "flag", "email") or column.distinct < 0.05 * column.filled:
        return 0.3
    pair = cues.named_after
    if pair is not None and column in pair:
        return 1.3 if column is pair[1] else 0.4
    return 0.7 if is_person(column) else 1.0


def _owner(cues: Cues, column: Column) -> float:
    if column.kind in ("number", "flag") or (column.rows > 20 and column.distinct > 0.6 * column.filled):
        return 0.4
    return 1.2 if is_person(column) else 0.9


def _contact(cues: Cues, column: Column) -> float:
    return 1.1 if is_person(column) else 0.3


def _stage(cues: Cues, column: Column) -> float:
    known = known_share(column)
    if column.distinct < 2:
        return 0.4
    return 1.2 if known >= 0.5 else 0.5 if not known else 0.8


def _status(cues: Cues, column: Column) -> float:
    return _stage(cues, column) * (1.0 if column.distinct <= 5 else 0.7)


def _amount(cues: Cues, column: Column) -> float:
    return 1.1 if is_money(column) else 0.4


def _probability(cues: Cues, column: Column) -> float:
    return 1.2 if is_chance(column) else 0.3


def _phone(cues: Cues, column: Column) -> float:
    digits = [sum(c.isdigit() for c in cell) for cell in column.sample]
    return 1.1 if digits and sum(n >= 6 for n in digits) >= 0.8 * len(digits) else 0.3


def _label(cues: Cues, column: Column) -> float:
    return 0.2 if column.kind in ("number", "date", "text") or column.distinct > 0.5 * column.filled else 1.0


_BY_NAME = {
    "lost_reason": _lost_reason,
    "status_reason": _status_reason,
    "closed_at": _closed,
    "expected_close_at": _expected,
    "won_at": _won,
    "lost_at": _lost,
    "created_at": _created,
    "deal_id": _deal_id,
    "deal_name": _deal_name,
    "account": _account,
    "owner": _owner,
    "contact": _contact,
    "stage": _stage,
    "from_stage": _stage,
    "status": _status,
    "result": _status,
    "amount": _amount,
    "amount_actual": _amount,
    "recurring_amount": _amount,
    "annual_amount": _amount,
    "last_stage": _stage,
    "to_stage": _stage,
    "probability": _probability,
    "phone": _phone,
    "product": _label,
    "source_detail": _label,
    "competitor": _label,
}


def by_values(facts: Facts, missing: set[str], named: set[int]) -> Iterator[Reading]:
    """Return what the values alone suggest for the fields that no header names; weaker than a good name.

    `named` are the columns whose header says what they are.
    """
    for column in facts.columns:
        if column.filled and (told := _one(column)) is not None:
            yield column, *told
    left = [c for c in facts.columns if c.filled and c.index not in named]
    if left and len(facts.columns) <= WIDE and facts.rows >= ENOUGH:
        yield from _together(cues_of(facts), missing, left)


def _one(column: Column) -> tuple[str, float, str] | None:
    """Return what a column is by its own cells."""
    if column.kind == "email":
        return "email", 0.45, _VALUES
    if column.kind == "id" and column.unique > 0.99 and column.filled == column.rows:
        return "deal_id", 0.42, _VALUES
    if column.kind == "number" and has_currency(column):
        return "amount", 0.4, _VALUES
    if column.kind != "words" or column.distinct > 60:
        return None
    if column.distinct >= 2 and known_share(column) >= 0.75:
        return "stage" if column.distinct > 3 else "status", 0.42, _VALUES
    if share_of_codes(column) and column.distinct <= 20:
        return "currency", 0.42, _VALUES
    known = words.value_words("source")
    if column.values and sum(words.key(v) in known for v in column.values) >= 0.6 * len(column.values):
        return "source", 0.4, _VALUES
    return None


def _together(cues: Cues, missing: set[str], columns: list[Column]) -> Iterator[Reading]:
    """Return what a column is by what the others hold."""
    if "deal_id" in missing and (ids := [c for c in columns if is_id(c)]):
        yield ids[0], "deal_id", 0.4, _EACH_ONCE
    if "probability" in missing:
        yield from ((c, "probability", 0.4, _VALUES) for c in columns if _is_probability(cues, c))
    if {"account", "deal_name"} & missing and (pair := cues.named_after) is not None:
        yield pair[0], "deal_name", 0.45, _BEGINS
        yield pair[1], "account", 0.45, _NAMES_BEGIN
    tests: tuple[tuple[str, Callable[[Cues, Column], bool], str], ...] = (
        ("lost_reason", _is_lost_reason, _ONLY_LOST),
        ("won_at", _dated("won"), _ONLY_WON),
        ("lost_at", _dated("lost"), _ONLY_LOST),
        ("closed_at", _dated("won", "lost"), _ONLY_CLOSED),
        ("is_won", lambda one, c: one.is_flag_of(c, "won"), _VALUES),
        ("is_closed", lambda one, c: one.is_flag_of(c, "won", "lost"), _VALUES),
    )
    for name, test, why in tests:
        if name in missing and len(fit := [c for c in columns if test(cues, c)]) == 1:
            yield fit[0], name, 0.45, why
    if "created_at" in missing and cues.created is not None and cues.created in columns:
        yield cues.created, "created_at", 0.42, _FIRST
    if "expected_close_at" in missing:
        ahead = [c for c in columns if c.kind == "date" and cues.is_ahead(c) and cues.on(c, "open") >= 0.4]
        if len(ahead) == 1:
            yield ahead[0], "expected_close_at", 0.42, _AHEAD
    if "amount" in missing and len(money := [c for c in columns if _is_amount(c)]) == 1:
        yield money[0], "amount", 0.4, _VALUES
    if "owner" in missing:
        people = [c for c in columns if is_person(c) and 2 <= c.distinct <= 0.34 * c.filled]
        if len(people) == 1:
            yield people[0], "owner", 0.4, _VALUES


def _dated(*statuses: str) -> Callable[[Cues, Column], bool]:
    return lambda cues, column: column.kind == "date" and cues.only_on(column, *statuses, least=0.8)


def _is_lost_reason(cues: Cues, column: Column) -> bool:
    return column.kind == "words" and column.distinct <= 40 and cues.only_on(column, "lost", least=0.3)


def _is_probability(cues: Cues, column: Column) -> bool:
    """True for chances that are highest on won deals and nothing on lost ones, where both are known."""
    return is_chance(column) and cues.ends_at_the_ends(column)


def _is_amount(column: Column) -> bool:
    return is_money(column) and column.filled >= 0.5 * column.rows and column.distinct > 0.3 * column.filled


def share_of_codes(column: Column) -> float:
    """Return 1 where (nearly) every cell is a currency."""
    known = sum(1 for c in column.sample if words.currency_code(c) or c.casefold().rstrip(".") == "kr")
    return 1.0 if column.sample and known >= 0.8 * len(column.sample) else 0.0


def has_currency(column: Column) -> bool:
    """True where (nearly) every cell is written with a currency: a number that is money."""
    marks = (re.sub(r"[\d\s.,'’()+-]", "", cell) for cell in column.sample)
    bare = (words.without_unit(mark) for mark in marks)
    known = sum(1 for mark in bare if mark.casefold().rstrip(".") == "kr" or words.currency_code(mark))
    return bool(column.sample) and known >= 0.8 * len(column.sample)
