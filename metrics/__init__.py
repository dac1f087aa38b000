"""Hit rates, funnels and leaks: what the cells say, with an interval and a word on whether it is enough."""

from __future__ import annotations

from metrics.funnel import funnel
from metrics.hit_rate import hit_rate
from metrics.leaks import leaks

__all__ = ["funnel", "hit_rate", "leaks"]
