"""Deals drawn from a known law, as ages cells: what a matured rate must find again. True hit rate 25 %."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

WON = 0.25
YEARS = 3 * 365  # of creation dates before the as-of date


@dataclass(frozen=True)
class Law:
    """Median days to a win and to a loss (exponential), how inflow grows, which losses nobody ever closes."""

    win_days: float = 45
    loss_days: float = 120
    growth: float = 1.0  # deals created at the end per deal created at the beginning
    never: float = 0.0  # share of the losses that stay open for ever

    def incidence(self, horizon: int) -> float:
        """Return the true share won whose age in whole days is at most the horizon."""
        return WON * (1 - 0.5 ** ((horizon + 1) / self.win_days))


LAWS = {
    "wins fast, losses slow": Law(),
    "growing inflow": Law(growth=8.0),
    "equal speed": Law(80, 80),
    "a quarter of losses never closed": Law(never=0.25),
    "wins slower than losses": Law(120, 45),
}


def drawn(law: Law, rng: np.random.Generator, runs: int, deals: int) -> pl.DataFrame:
    """Return ages cells of many runs: run, days, status, created_ago, deals."""
    n = runs * deals
    u = rng.random(n)
    g = law.growth
    ago = YEARS * (1 - (u if g == 1 else (np.sqrt(1 + u * (g * g - 1)) - 1) / (g - 1)))
    won = rng.random(n) < WON
    lasts = rng.exponential(1 / np.log(2), n) * np.where(won, law.win_days, law.loss_days)
    lasts[~won & (rng.random(n) < law.never)] = np.inf
    still = lasts > ago
    status = np.where(still, "open", np.where(won, "won", "lost"))
    frame = pl.DataFrame(
        {
            "run": np.repeat(np.arange(runs), deals),
            "days": np.floor(np.minimum(lasts, ago)).astype(np.int64),
            "status": status,
            "created_ago": ago,
        }
    )
    return frame.with_columns(deals=pl.lit(1, pl.Int64))
