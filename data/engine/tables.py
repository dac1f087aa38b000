"""The canonical tables: the columns that every cell query may count on, and their types."""

from __future__ import annotations

import re
from collections.abc import Container

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
    "stood_days": "BIGINT",  # of an open deal: days of earlier visits to the stage where it stands
}
# What a file of deals leaves out where no upload says it: it is null on every deal.
OPTIONAL = frozenset(
    {
        "pipeline",
        "expected_close_s",
        "first_contact_s",
        "last_activity_s",
        "stage_entered_s",
        "expected_close_month",
        "recurring_minor",
        "probability",
        "stood_days",
    }
)
# What a version of a deal has beside the columns of deals: which deal, and from and until which export.
VERSIONS = ("deal_no", "from_s", "until_s", "last_s", "before_s", "seen_s", "in_view")
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
# One row per call, e-mail, meeting, visit, message or task. `deal_key` is null where the deal is not among
# the deals; `deal_id`, `kind_text`, `direction_text` and `outcome` are as exported, `owner` is the seller's
# name as the deals write it where it is known. Further columns of the file stand behind these.
ACTIVITIES: dict[str, str] = {
    "activity_key": "BIGINT",
    "deal_key": "BIGINT",
    "deal_id": "VARCHAR",
    "owner": "VARCHAR",
    "kind": "VARCHAR",  # call | email | meeting | visit | message | task | other; never null
    "kind_text": "VARCHAR",
    "direction": "VARCHAR",  # in | out | internal; null: not said
    "direction_text": "VARCHAR",
    "outcome": "VARCHAR",
    "happened_s": "BIGINT",
    "happened_month": "DATE",
    "duration_s": "BIGINT",
    "campaign": "VARCHAR",
    "file": "VARCHAR",
    "row": "BIGINT",
}
# One row per lead source (campaign, medium) and period. Both ends of a period are whole days, included.
SPEND: dict[str, str] = {
    "source": "VARCHAR",
    "source_detail": "VARCHAR",
    "medium": "VARCHAR",
    "campaign": "VARCHAR",
    "starts_on": "DATE",
    "ends_on": "DATE",
    "period": "VARCHAR",  # day | week | month | quarter | half | year | other; null: not known
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "file": "VARCHAR",
    "row": "BIGINT",
}
# One row per target. `name` is the seller or the team, as the deals write it where it is known; null for
# the company. `team` is the team that the row names, whatever its scope. `deals` is a target in deals won.
TARGETS: dict[str, str] = {
    "scope": "VARCHAR",  # company | team | seller
    "name": "VARCHAR",
    "team": "VARCHAR",
    "product": "VARCHAR",
    "region": "VARCHAR",
    "starts_on": "DATE",
    "ends_on": "DATE",
    "period": "VARCHAR",
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "deals": "BIGINT",
    "file": "VARCHAR",
    "row": "BIGINT",
}
# One row per seller. `seller` is the name as the deals write it where it is known.
PEOPLE: dict[str, str] = {
    "seller": "VARCHAR",
    "team": "VARCHAR",
    "manager": "VARCHAR",
    "region": "VARCHAR",
    "country": "VARCHAR",
    "started_on": "DATE",
    "ended_on": "DATE",
    "monthly_cost_minor": "BIGINT",
    "currency": "VARCHAR",
    "file": "VARCHAR",
    "row": "BIGINT",
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


def unsaid(columns: Container[str]) -> dict[str, str]:
    """Return the columns of deals, with their types, that a file with these columns leaves out."""
    return {name: kind for name, kind in DEALS.items() if name in OPTIONAL and name not in columns}


def days_columns(schema: dict[str, str]) -> dict[int, str]:
    """Return stage number -> name of the `days_KK` column, for those present in `schema`.

    It holds the whole days of all visits to a stage that a deal has left; null where it never was, and
    where it still stands.
    """
    found = ((re.fullmatch(r"days_(\d+)", name), name) for name in schema)
    return {int(match.group(1)): name for match, name in found if match}
