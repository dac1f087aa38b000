"""What fields there are, of which kind, and which of them each table may hold."""

from __future__ import annotations

# fmt: off
DATES = {"created_at", "closed_at", "expected_close_at", "first_contact_at", "last_activity_at",
         "stage_entered_at", "modified_at", "won_at", "lost_at", "snapshot_at", "changed_at", "left_at",
         "activity_at", "starts_at", "ends_at", "started_at", "next_activity_at", "converted_at",
         "assigned_at", "ended_at"}
PERIODS = {"starts_at", "ends_at"}
NUMBERS = {"amount", "amount_actual", "recurring_amount", "annual_amount", "probability", "cost", "target",
           "monthly_cost", "annual_revenue", "list_price", "activity_duration", "weighted_amount",
           "amount_converted", "expected_revenue", "founded", "target_count"}
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
    "activities": ("deal_id", "deal_name", "owner", "activity_at", "activity_type", "activity_outcome",
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
