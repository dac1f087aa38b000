"""From the frames of metrics to the frames of charts: the same rows, with the words a reader sees.

Texts are made here because a rate's decimals depend on its n, and because a chart's tooltip, its
description for screen readers and its labels must say the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from data.errors import N_
from metrics.definitions import REASONS
from metrics.stats.intervals import ENOUGH_CASES
from pages.shared import numbers
from pages.shared.filters import shown
from pages.shared.words import _, t


def text(frame: pl.DataFrame, **make: Callable[[dict[str, Any]], object]) -> pl.DataFrame:
    """Return the frame with one text column per function of a row."""
    rows = frame.to_dicts()
    return frame.with_columns(
        pl.Series(name, [str(of(row)) for row in rows], dtype=pl.String) for name, of in make.items()
    )


def n_of(row: dict[str, Any]) -> int:
    """Return the number of cases that a rate rests on."""
    return int(row.get("denominator") or 0)


def rate_text(row: dict[str, Any]) -> str:
    """Return the rate, or a dash with the reason why there is none."""
    if row["rate"] is not None:
        return numbers.rate(row["rate"], n_of(row))
    return (
        f"{numbers.NOT_AVAILABLE} ({_(REASONS[row['reason']])})"
        if row.get("reason")
        else numbers.NOT_AVAILABLE
    )


def interval_text(row: dict[str, Any], n: int | None = None) -> str:
    """Return "27.8% – 34.8%", or a dash where there is no interval."""
    if row["low"] is None:
        return numbers.NOT_AVAILABLE
    cases = n_of(row) if n is None else n
    return numbers.span(numbers.rate(row["low"], cases), numbers.rate(row["high"], cases))


def n_text(row: dict[str, Any]) -> str:
    """Return what the rate rests on: a number of deals, or an amount."""
    value = row.get("denominator")
    return numbers.number(value) if value else "0"


def _told(label: str, row: dict[str, Any]) -> str:
    return t(
        N_("{label}: {rate}, interval {interval}, n {n}"),
        label=label,
        rate=rate_text(row),
        interval=interval_text(row),
        n=n_text(row),
    )


def side() -> pl.Expr:
    """Return where a group of `compare` stands: "better", "worse", "same", or "few" to conclude from."""
    few = pl.col("rate").is_null() | ~pl.col("enough")
    return (
        pl.when(few)
        .then(pl.lit("few"))
        .when(~pl.col("different"))
        .then(pl.lit("same"))
        .when(pl.col("difference") > 0)
        .then(pl.lit("better"))
        .otherwise(pl.lit("worse"))
    )


def dot_frame(compared: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return `compare(rates(...))` as `charts.dots` wants it, best rate first, thin groups last."""
    frame = compared.sort("enough", "rate", descending=True, nulls_last=True).with_columns(
        key=pl.col(column).fill_null(""), side=side().replace("few", "same")
    )
    return text(
        frame,
        label=lambda r: shown(r["key"]),
        rate_text=rate_text,
        interval_text=interval_text,
        n_text=n_text,
        told=lambda r: _told(shown(r["key"]), r),
    ).select(
        *(c for c in ("target_low", "target_high") if c in frame.columns),
        "key",
        "label",
        "rate",
        "low",
        "high",
        "side",
        "enough",
        "rate_text",
        "interval_text",
        "n_text",
        "told",
    )


def heat_frame(
    rates: pl.DataFrame, down: str, across: str, downs: list[str], acrosses: list[str]
) -> pl.DataFrame:
    """Return crossed rates as `charts.heat` wants them; a pair that never occurs is an empty cell.

    `enough`: 30 deals, so that the cell is drawn; `sure`: also an interval narrow enough to speak of.
    """
    own = rates.with_columns(down=pl.col(down).fill_null(""), across=pl.col(across).fill_null(""))
    grid = pl.DataFrame({"down": downs}).join(pl.DataFrame({"across": acrosses}), how="cross")
    frame = grid.join(
        own.drop({down, across} - {"down", "across"}),
        on=["down", "across"],
        how="left",
        maintain_order="left",
    )
    full = (
        pl.when(pl.col("low").is_not_null()).then(pl.col("denominator") >= ENOUGH_CASES).otherwise("enough")
    )
    frame = frame.with_columns(
        sure=pl.col("enough").fill_null(False),
        enough=full.fill_null(False),
        reason=pl.col("reason").fill_null("empty"),
    )
    return text(
        frame,
        down_label=lambda r: shown(r["down"]),
        across_label=lambda r: shown(r["across"]),
        rate_text=rate_text,
        interval_text=interval_text,
        n_text=n_text,
        cell_text=lambda r: f"n {n_text(r)}",
        told=lambda r: _told(f"{shown(r['down'])} × {shown(r['across'])}", r),
    ).select(
        "down",
        "across",
        "down_label",
        "across_label",
        "rate",
        "enough",
        "sure",
        "rate_text",
        "n_text",
        "cell_text",
        "interval_text",
        "told",
    )


def period_text(period: Any, grain: str) -> str:
    """Return "Nov 2025", "2025 Q4" or "2025"."""
    if grain == "month":
        return numbers.month(period)
    return str(period.year) if grain == "year" else f"{period.year} Q{(period.month + 2) // 3}"


def trend_frame(rates: pl.DataFrame, column: str | None, grain: str) -> pl.DataFrame:
    """Return rates by period, as `metrics.over_time` has them, as `charts.trend` wants them."""
    frame = rates.with_columns(
        period_key=pl.col("period").cast(pl.String),
        key=pl.col(column).fill_null("") if column else pl.lit(_("All deals")),
    )
    frame = text(
        frame,
        label=lambda r: shown(r["key"]),
        rate_text=rate_text,
        interval_text=interval_text,
        n_text=n_text,
        period_text=lambda r: period_text(r["period"], grain),
    )
    frame = text(frame, told=lambda r: _told(f"{r['label']}, {r['period_text']}", r))
    return frame.select(
        "key",
        "period_key",
        "period",
        "label",
        "rate",
        "low",
        "high",
        "mature",
        "period_text",
        "rate_text",
        "interval_text",
        "denominator",
        "n_text",
        "told",
    )


PARTS = {
    "advanced": N_("Went on"),
    "still_there": N_("Still here"),
    "moved_back": N_("Moved back"),
    "disqualified": N_("Disqualified"),
    "lost": N_("Lost here"),
}


def _between(row: dict[str, Any]) -> str:
    n = row["advanced"] + row["lost"]
    if row["conversion"] is None:
        return _("No deal was decided here yet")
    rate = numbers.rate(row["conversion"], n)
    if row["median_days"] is None:
        return t(N_("{rate} went on"), rate=rate)
    return t(N_("{rate} went on, median {days}"), rate=rate, days=numbers.days(row["median_days"]))


def stage_frame(funnel: pl.DataFrame) -> pl.DataFrame:
    """Return one funnel as `charts.stages` wants it."""
    parts = {f"{part}_text": (lambda r, part=part: numbers.count(r[part])) for part in PARTS}
    return text(
        funnel,
        between=_between,
        entered_text=lambda r: numbers.count(r["entered"]),
        **parts,
        told=lambda r: t(
            N_("{stage}: {n} entered; {told}"),
            stage=r["stage"],
            n=numbers.count(r["entered"]),
            told=_between(r),
        ),
    )


def pick(event: Any) -> dict[str, Any] | None:
    """Return the mark that was clicked last, as the fields of its selection; None when none is."""
    points = event["selection"]["pick"] if event and "pick" in event["selection"] else None
    return dict(points[-1]) if isinstance(points, list) and points else None
