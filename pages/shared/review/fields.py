"""What a column can be read as, in words a salesperson uses. Canonical names never reach the screen."""

from __future__ import annotations

from data.errors import N_
from data.recognising.fields import TABLE_FIELDS
from data.recognising.labels import FIELD_LABELS

KEEP, DROP = "keep", "drop"
OTHER: dict[str, str] = {
    KEEP: N_("Kept, to slice by"),
    DROP: N_("Left out"),
}
NUMBERS = frozenset(
    {
        "amount",
        "amount_actual",
        "recurring_amount",
        "probability",
        "cost",
        "target",
        "monthly_cost",
        "annual_revenue",
        "list_price",
    }
)

CONTAINERS = {
    "csv": N_("CSV"),
    "csv.gz": N_("compressed CSV"),
    "parquet": N_("Parquet"),
    "xlsx": N_("Excel"),
    "html": N_("web page table"),
}
DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}
ENCODINGS = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8"}
OUTCOME_FROM = {
    "flags": N_("Won and lost are read from the column “{column}”."),
    "status": N_("Won and lost are read from the words in “{column}”."),
    "stage": N_("Won and lost are read from the stage, “{column}”."),
    "probability": N_("Won and lost are read from the probability in “{column}”: 100 is won, 0 is lost."),
    "active": N_("Archived deals are read as lost; won is read from “{column}”."),
    "none": N_("Nothing in this file says which deals were won or lost."),
}


def is_date(field: str) -> bool:
    """Return True for a field that holds a date."""
    return field.endswith("_at")


def choices(table: str) -> dict[str, str]:
    """Return what a column of this table can be read as, with its label."""
    known = TABLE_FIELDS.get(table) or TABLE_FIELDS["deals"]
    return {**OTHER, **{name: FIELD_LABELS[name] for name in known if name in FIELD_LABELS}}
