"""Cells: small tables of counts and sums that answer a question about any number of deals.

Everything after this is arithmetic on a few thousand rows. Cells hold only what can be added: rates,
medians and intervals are worked out from them by the metrics.
"""

from __future__ import annotations

from data.cells.drilldown import count, deals, values
from data.cells.each import flow_by_each
from data.cells.explaining import explain
from data.cells.names import resolve
from data.cells.questions import ages, flow, outcomes, stage_ages

__all__ = [
    "ages",
    "count",
    "deals",
    "explain",
    "flow",
    "flow_by_each",
    "outcomes",
    "resolve",
    "stage_ages",
    "values",
]
