"""The definitions side by side in words: the answer, what they disagree about, and a row each."""

from __future__ import annotations

from typing import Any

import polars as pl

from data.errors import N_
from metrics.definition_lab import spread
from metrics.definitions import REASONS
from pages.shared import numbers
from pages.shared.marks import interval_text, n_of, n_text, rate_text, text
from pages.shared.words import _, ngettext, plain, t


def label(row: dict[str, Any]) -> str:
    """Return the name of a definition, with its horizon where it has one."""
    name = row["label"]
    return f"{_(name)}: {numbers.days(row['days'])}" if row["days"] else _(name)


def formula(row: dict[str, Any]) -> str:
    """Return the formula of a definition, its horizon filled in."""
    template = row["formula"]
    return t(template, days=numbers.count(row["days"] or 0))


def lines(lab: pl.DataFrame, currency: str | None) -> pl.DataFrame:
    """Return the lab with the texts of the chart and the table; `n` is null where money is counted."""
    frame = lab.with_columns(
        key=pl.col("name"), enough=pl.col("enough").fill_null(False), n=pl.col("denominator").fill_null(0)
    )
    frame = text(
        frame,
        label=label,
        formula_text=formula,
        rate_text=rate_text,
        interval_text=interval_text,
        n_text=lambda r: (
            t(N_("worth {amount}"), amount=numbers.money_major(r["denominator"], currency))
            if r["by_value"] and r["denominator"] is not None
            else numbers.NOT_AVAILABLE
            if r["reason"] and not r["denominator"]
            else n_text(r)
        ),
        note=lambda r: _(REASONS.get(r["reason"] or "", "")),
    )
    return text(frame, told=_told)


def _told(row: dict[str, Any]) -> str:
    return t(
        N_("{label}: {rate}, interval {interval}, n {n}"),
        label=row["label"],
        rate=row["rate_text"],
        interval=row["interval_text"],
        n=row["n_text"],
    )


def answer(lab: pl.DataFrame) -> str:
    """Return how far apart the definitions lie, and what the one in use says."""
    found, own = spread(lab), lab.filter("chosen").row(0, named=True)
    if own["rate"] is None:
        yours = t(
            N_("The one in use, “{label}”, gives none: {reason}"),
            label=plain(label(own)),
            reason=_(REASONS.get(own["reason"] or "", "")),
        )
    else:
        yours = t(N_("The one in use, “{label}”, says **{rate}**."), label=plain(label(own)), rate=_rate(own))
    if found is None:
        none = _("Fewer than two definitions give a rate on these deals.")
        return f"{none} {yours}"
    if not found.difference:
        return t(
            N_("All {n} definitions that give a rate agree: **{rate}**."),
            n=numbers.count(found.counted),
            rate=_rate(found.lowest),
        )
    said = t(
        N_(
            "The same deals give a hit rate of anything from **{low}** (“{lowest}”) to **{high}** "
            "(“{highest}”): {points} between {n} definitions."
        ),
        low=_rate(found.lowest),
        high=_rate(found.highest),
        lowest=plain(label(found.lowest)),
        highest=plain(label(found.highest)),
        points=numbers.points(found.difference),
        n=numbers.count(found.counted),
    )
    return f"{said} {yours}"


def _rate(row: dict[str, Any]) -> str:
    return numbers.rate(row["rate"], n_of(row))


def explained(whole: dict[str, Any]) -> str:
    """Return what the definitions disagree about: deals still open, and deals disqualified."""
    parts = []
    if n := whole["open"]:
        words = ngettext("{n} deal is still open", "{n} deals are still open", n)
        parts.append(words.format(n=numbers.count(n)))
    if n := whole["disqualified"]:
        words = ngettext("{n} is disqualified", "{n} are disqualified", n)
        parts.append(words.format(n=numbers.count(n)))
    if not parts:
        return _("No deal here is open or disqualified, so the definitions differ in little.")
    return t(
        N_("What they disagree about: {parts}; some count them as not won, some leave them out."),
        parts=", ".join(parts),
    )
