"""Two periods side by side: which ones, what the answer is, and the steps of the waterfall between them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from data import Slice
from data.errors import N_
from metrics.change import LABELS, Change
from metrics.definitions import REASONS
from metrics.over_time import trend
from metrics.periods import bounds as ends
from metrics.periods import period_before, year_before
from pages.shared import numbers, periods, sentences
from pages.shared.controls import choose
from pages.shared.filters import shown
from pages.shared.marks import rate_text
from pages.shared.state import View, cached
from pages.shared.words import _, plain, t

DAY, MONTH = timedelta(days=1), timedelta(days=31)
SPANS = {"year": N_("Last 12 months"), "quarter": N_("Last full quarter"), "month": N_("Last full month")}
SIDES = {"before": N_("The period before"), "year": N_("A year earlier")}
TOP = 7
SAME = 0.005  # half a point: a difference that is less is written as none


def chosen(view: View) -> tuple[Slice, Slice]:
    """Return the period and the one it is held against, and draw their controls.

    The sidebar's period is the period; where all time is chosen there, the last year, quarter or month.
    """
    as_of, asked, span, against = view.pipeline.meta.as_of, view.slice, "own", "before"
    with st.container(horizontal=True):
        if asked.start is None:
            span = choose(_("Period"), "span", {k: _(v) for k, v in SPANS.items()}, "year", hidden=True)
            start, end = last(span, as_of, view.pipeline.meta.definitions.fiscal_month)
            asked = asked.with_(start=start, end=end)
        if span != "year":
            sides = {k: _(v) for k, v in SIDES.items()}
            against = choose(_("Held against"), "against", sides, "before", hidden=True)
    start, end = ends(asked, as_of)
    after = asked.with_(start=start, end=end)
    if span == "year" or against == "year":
        return year_before(after, as_of), after
    return period_before(after, as_of), after


def last(span: str, as_of: date, fiscal_month: int) -> tuple[date, date]:
    """Return the twelve months up to the as-of date, or the last full quarter or month before it."""
    if span == "quarter":
        start, end = periods.bounds("lastquarter", as_of, fiscal_month)
        if start and end:
            return start, end
    if span == "month":
        first = (as_of + DAY).replace(day=1)
        return (first - DAY).replace(day=1), first - DAY
    next_day = as_of + DAY
    day = min(next_day.day, 28) if next_day.month == 2 else next_day.day
    return next_day.replace(year=next_day.year - 1, day=day), as_of


def method() -> tuple[str, str]:
    """Return how a difference is taken apart, as a line of a definition card."""
    return _("Method"), _(
        "Shapley value over volume, mix, hit rate and deal size; Kitagawa for the hit rate."
    )


def words(asked: Slice) -> str:
    """Return a period as a name: "May 2017", or its first and last day."""
    return numbers.dates(asked.start, asked.end)


def within(asked: Slice) -> str:
    """Return a period as a part of a sentence: "in May 2017", or "from 1 May to 15 June 2017"."""
    return numbers.within(asked.start, asked.end)


def partial(view: View, before: Slice) -> str:
    """Return that the data begin with the earlier period or in it, so that it is not whole; "" if it is.

    A period is decided on deals from before it too: those of the month before must be there.
    """
    if before.start is None or before.end is None or not view.pipeline.meta.has_created:
        return ""
    asked = view.slice.with_(by=(), start=None, end=None, basis="created")
    first = cached(trend)(view.pipeline, asked, view.definition)["period"].drop_nulls().min()
    if not isinstance(first, date) or first <= before.start - MONTH or first > before.end:
        return ""
    told = N_(
        "The data begin in {month}: the earlier period lacks older deals, and part of the change is that."
    )
    return t(told, month=numbers.month(first))


def answer(found: Change | None, rates: dict[str, Any], before: Slice, currency: str | None) -> list[str]:
    """Return what changed: won revenue first, where it is known, then the hit rate."""
    said = []
    if found is not None and (found.before_minor or found.after_minor):
        said.append(_revenue(found, currency, within(before)))
    return [*said, rate(rates, before)]


def _revenue(found: Change, currency: str | None, then: str) -> str:
    before, after = found.before_minor or 0, found.after_minor or 0
    gap = after - before
    values = {
        "gap": f"**{numbers.money(abs(gap), currency)}**", "after": numbers.money(after, currency),
        "before": numbers.money(before, currency), "then": then,
    }  # fmt: skip
    if not gap:
        return t(N_("Won revenue is the same as {then}: {after}."), **values)
    first = (
        N_("Won revenue rose by {gap}: {after}, against {before} {then}.")
        if gap > 0
        else N_("Won revenue fell by {gap}: {after}, against {before} {then}.")
    )
    name, part = max(found.parts.items(), key=lambda item: item[1] * (1 if gap > 0 else -1))
    most = t(
        N_("The largest part of it: {part} ({amount})."),
        part=_(LABELS[name]).lower(), amount=signed(part, currency),
    )  # fmt: skip
    return f"{t(first, **values)} {most}"


def rate(row: dict[str, Any], before: Slice) -> str:
    """Return how the hit rate differs; `row` is of `metrics.periods.against`."""
    then = within(before)
    if row["rate"] is None:
        why = REASONS[row["reason"]]
        return t(N_("The hit rate of this period is not known: {reason}"), reason=_(why))
    now = f"**{rate_text(row)}**"
    if row["before_rate"] is None:
        return t(N_("Hit rate {rate}; {then} there is none to compare with."), rate=now, then=then)
    if row["difference"] is None or row["difference_low"] is None:
        was = numbers.rate(row["before_rate"], int(row["before_denominator"] or 0))
        return t(N_("Hit rate {rate}, against {was} {then}; a rate by value has no simple interval."),
                 rate=now, was=was, then=then)  # fmt: skip
    if abs(row["difference"]) < SAME:
        low, high = (numbers.points(row[f"difference_{end}"], signed=True) for end in ("low", "high"))
        told = N_("Hit rate {rate}, about the same as {then} (95 % interval {low} to {high}).")
        return t(told, rate=now, then=then, low=low, high=high)
    many = row["enough"] and row["before_enough"]
    told = sentences.change({**row, "different": row["changed"]}, words(before), many)
    return t(N_("Hit rate {rate}, {change}."), rate=now, change=told)


def parts(found: Change) -> str:
    """Return what the mix and the groups' own rates did to the hit rate; "" where it is not known."""
    if found.rate_mix is None or found.rate_within is None or not found.groups.height > 1:
        return ""
    gap, mix = round(found.rate_mix + found.rate_within, 3), round(found.rate_mix, 3)
    if abs(gap) < SAME:
        return ""
    signed_ = {"gap": gap, "mix": mix, "within": gap - mix}  # as written, so that the parts add up
    return t(
        N_("Of the {gap} of the hit rate, {mix} come from the mix of groups, {within} from their own rates."),
        **{name: numbers.points(part, 100, signed=True) for name, part in signed_.items()},
    )


def signed(minor: int, currency: str | None) -> str:
    """Return an amount with its sign: +€ 1,200 or −€ 300."""
    return ("−" if minor < 0 else "+" if minor > 0 else "") + numbers.money(abs(minor), currency)


def by_cause(found: Change, before: Slice, after: Slice, currency: str | None) -> pl.DataFrame:
    """Return the steps from one revenue to the other, by what they consist of."""
    one = found.groups.height < 2
    steps = [
        (name, _(LABELS[name]), minor)
        for name, minor in found.parts.items()
        if minor or (name != "priced" and not (one and name == "mix"))
    ]
    return _steps(found, steps, before, after, currency)


def by_group(found: Change, before: Slice, after: Slice, currency: str | None) -> pl.DataFrame:
    """Return the steps from one revenue to the other, by the groups that contribute most."""
    first = found.groups.columns[0]
    top = found.groups.head(TOP)
    steps = [(r[first] or "", shown(r[first]), r["change"]) for r in top.to_dicts() if r["change"]]
    rest = found.groups.slice(TOP)
    if rest.height and (left := int(rest["change"].sum())):
        steps.append(("\0", t(N_("{n} other groups"), n=numbers.count(rest.height)), left))
    return _steps(found, steps, before, after, currency)


def _steps(
    found: Change, steps: list[tuple[str, str, int]], before: Slice, after: Slice, currency: str | None
) -> pl.DataFrame:
    totals = [
        (f"\0{side}", words(asked), minor or 0)
        for side, asked, minor in (("b", before, found.before_minor), ("a", after, found.after_minor))
    ]
    rows = [(*totals[0], "total"), *((*step, "step") for step in steps), (*totals[1], "total")]
    texts = [numbers.money(m, currency) if kind == "total" else signed(m, currency) for *_k, m, kind in rows]
    return pl.DataFrame(
        {
            "key": [r[0] for r in rows], "label": [r[1] for r in rows], "kind": [r[3] for r in rows],
            "amount": [r[2] / 100 for r in rows], "amount_text": texts,
            "told": [f"{r[1]}: {text}" for r, text in zip(rows, texts, strict=True)],
        },
        schema={"key": pl.String, "label": pl.String, "kind": pl.String, "amount": pl.Float64,
                "amount_text": pl.String, "told": pl.String},
    )  # fmt: skip


def most(found: Change, label: str, currency: str | None) -> str:
    """Return which group contributes most, and by what."""
    if found.groups.height < 2 or found.before_minor is None:
        return ""
    first = found.groups.columns[0]
    row = found.groups.row(0, named=True)
    if not row["change"]:
        return ""
    sign = 1 if row["change"] > 0 else -1
    cause = max(LABELS, key=lambda name: row[name] * sign)
    return t(
        N_("{column} **{group}** contributes most: {amount}, mainly: {part}."),
        column=plain(label), group=plain(shown(row[first])), amount=signed(row["change"], currency),
        part=_(LABELS[cause]).lower(),
    )  # fmt: skip
