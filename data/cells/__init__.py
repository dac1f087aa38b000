"""Cells: small tables of counts and sums that answer a question about any number of deals.

Everything after this is arithmetic on a few thousand rows. Cells hold only what can be added: rates,
medians and intervals are worked out from them by the metrics.
"""

from __future__ import annotations

from data.cells.drilldown import count, deals, values
from data.cells.each import flow_by_each
from data.cells.explaining import explain
from data.cells.further import activities, activity_list, people, spend, targets, touched
from data.cells.names import resolve
from data.cells.questions import ages, flow, outcomes, stage_ages

__all__ = [
    "activities",
    "activity_list",
    "ages",
    "count",
    "deals",
    "explain",
    "flow",
    "flow_by_each",
    "outcomes",
    "people",
    "resolve",
    "spend",
    "stage_ages",
    "targets",
    "touched",
    "values",
]
