"""Files in, cells out: everything that reads, recognises, converts, keeps and counts deals."""

from __future__ import annotations

from data.cells import ages, count, deals, flow, flow_by_each, outcomes, resolve, stage_ages, values
from data.errors import HitrateError
from data.pipeline import Pipeline, open_exports
from data.slice import Slice

__all__ = [
    "HitrateError",
    "Pipeline",
    "Slice",
    "ages",
    "count",
    "deals",
    "flow",
    "flow_by_each",
    "open_exports",
    "outcomes",
    "resolve",
    "stage_ages",
    "values",
]
