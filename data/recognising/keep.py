"""What becomes of the columns that are no field: kept to slice by, or left out with a reason."""

from __future__ import annotations

from data.errors import N_
from data.recipe import Guess
from data.recognising import words, written
from data.recognising.assigning import Assigned
from data.recognising.fields import DATES, FREE_TEXT, PERSONAL
from data.recognising.headers import matches
from data.recognising.profile import Column, Facts

MOST_VALUES = 200  # a filter list longer than this helps nobody
MOST_SHARE = 0.5  # of the rows: above it a column names rows instead of grouping them
MOST_KEPT = 200  # columns kept to slice by; a form with more fields is not filled in by hand
SMALL = 40  # rows of a table (products, sellers) that may name each row

_DERIVED = {
    "weighted_amount",
    "amount_converted",
    "expected_revenue",
    "days_open",
    "days_to_close",
    "activity_count",
    "fiscal_period",
    "system_stamp",
    "row_checksum",
    "forecast_amount",
    "contract_value_annual",
    "contract_value_total",
    "product_amount",
    "days_to_assign",
    "stage_duration",
}
_IDS = {"owner_id", "account_id", "campaign_id", "contact_id", "deal_id"}

_KEPT = N_("Few enough values to slice by ({values} different ones).")
_WHY = {
    "personal": N_("It says who a person is or how to reach one; no number here needs it."),
    "free text": N_("Free text cannot be sliced by."),
    "derived": N_("It is worked out from other columns."),
    "id": N_("It is an id; the column it belongs to says more."),
    "too many values": N_("It has too many different values to slice by."),
    "number": N_("It is a number with many values; it can be cut into bands."),
    "date": N_("It is a date that no page uses."),
    "empty": N_("It is empty."),
    "one value": N_("It has the same value on every row."),
    "no name": N_("The column has no name."),
    "same name": N_("An earlier column has this name."),
    "too many columns": N_(
        "The file has more columns to slice by than anyone can choose from; the first ones are kept."
    ),
}


def sort_out(facts: Facts, found: Assigned, side: bool) -> tuple[list[str], dict[str, str]]:
    """Return the headers kept as dimensions and the headers left out, each with its reason.

    `side` is True for tables joined to the deals: there a column may name each row.
    """
    keep: list[str] = []
    drop: dict[str, str] = {}
    mapped = {c.index for c in found.fields.values()}
    for name, column in found.fields.items():
        if name in PERSONAL:
            drop[column.name] = "personal"
        elif name in FREE_TEXT:
            drop[column.name] = "free text"
    for column in facts.columns:
        if column.index in mapped:
            continue
        reason = why_drop(facts, column, side)
        guess = found.guesses[column.index]
        if reason is None and len(keep) >= MOST_KEPT:
            reason = "too many columns"
        if reason is None:
            keep.append(column.name)
            _tell(guess, _KEPT, column.distinct)
        else:
            if facts.by_name(column.name) is column:
                drop[column.name] = reason
            _tell(guess, _WHY[reason], column.distinct)
    return keep, drop


def _tell(guess: Guess, reason: str, values: int) -> None:
    guess.reason, guess.values, guess.confidence = reason, {"values": values}, 0.9


def why_drop(facts: Facts, column: Column, side: bool) -> str | None:
    """Return why a column that is no field is left out, or None where it is kept."""
    if not column.name:
        return "no name"
    if facts.by_name(column.name) is not column:
        return "same name"
    if not column.filled:
        return "empty"
    said = {m.field for m in matches(column.name) if m.strength > 0.55 and m.how != "like"}
    if _matches(column, "derived") or said & _DERIVED:
        return "derived"
    if column.kind in ("email",) or (
        (column.kind not in ("flag", "number") or "phone" in said)
        and (_matches(column, "personal") or said & {*PERSONAL, "personal_other"})
    ):
        return "personal"
    if column.kind == "id" or _matches(column, "id") or said & _IDS or _is_reference(column):
        return "id"
    if (column.kind == "date" and not _is_period(column)) or (
        said & DATES and column.kind == "number" and column.unique > 0.3
    ):
        return "date"
    if column.kind == "text" or _matches(column, "text") or said & FREE_TEXT:
        return "free text"
    if column.distinct == 1 and column.filled == column.rows and column.rows > 1:
        return "one value"
    return _many(column, side)


def _is_period(column: Column) -> bool:
    """True for weeks and months: few enough to slice by, where they are no date of the deal."""
    return all(written.period(cell) for cell in column.sample)


def _many(column: Column, side: bool) -> str | None:
    share = column.distinct > MOST_SHARE * column.rows and not (side and column.rows <= SMALL)
    if column.distinct <= MOST_VALUES and not share:
        return None
    return "number" if column.kind == "number" else "too many values"


def _matches(column: Column, kind: str) -> bool:
    return any(p.search(column.name) or p.search(column.header.text) for p in words.patterns(kind))


def _is_reference(column: Column) -> bool:
    """True for the id of another record, unless it has few values and nothing else names that record."""
    return column.header.reference and (column.unique > 0.5 or column.kind == "number")
