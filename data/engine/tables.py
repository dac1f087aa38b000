"""The canonical tables: the columns that every cell query may count on, and their types."""

from __future__ import annotations

import re

# Times are whole epoch seconds UTC, money is hundredths, months are first-of-month dates: no query needs
# a date function, so every engine gives the same answer.
DEALS: dict[str, str] = {
    "deal_key": "BIGINT",
    "deal_id": "VARCHAR",
    "deal_name": "VARCHAR",
    "file": "VARCHAR",
    "row": "BIGINT",
    "status": "VARCHAR",
    "stage": "VARCHAR",
    "pipeline": "VARCHAR",
    "created_s": "BIGINT",
    "closed_s": "BIGINT",
    "expected_close_s": "BIGINT",
    "first_contact_s": "BIGINT",
    "last_activity_s": "BIGINT",
    "stage_entered_s": "BIGINT",
    "created_month": "DATE",
    "closed_month": "DATE",
    "expected_close_month": "DATE",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "recurring_minor": "BIGINT",
    "probability": "DOUBLE",
    "visited_mask": "BIGINT",
    "furthest_no": "BIGINT",
    "last_no": "BIGINT",
    "stage_no": "BIGINT",
    "reopened": "BOOLEAN",
}
STAGE_ENTRIES: dict[str, str] = {
    "deal_key": "BIGINT",
    "deal_id": "VARCHAR",
    "seq": "BIGINT",
    "stage": "VARCHAR",
    "stage_no": "BIGINT",
    "entered_s": "BIGINT",
    "left_s": "BIGINT",
    "kind": "VARCHAR",
}
# Names that answers use for their own columns: a header kept as a dimension must not have one of them.
RESERVED = frozenset(
    {
        "deals",
        "amount_known",
        "contacted",
        "opportunities",
        "meetings",
        "period",
        "days",
        "ended",
        "column",
        "value",
        "created",
        "closed",
        "amount",
    }
)


def days_columns(schema: dict[str, str]) -> dict[int, str]:
    """Return stage number -> name of the `days_KK` column, for those present in `schema`."""
    found = ((re.fullmatch(r"days_(\d+)", name), name) for name in schema)
    return {int(match.group(1)): name for match, name in found if match}
