"""The table of a change: what each group contributes, in money and in points of the hit rate."""

from __future__ import annotations

import polars as pl

from data import Slice
from metrics.change import FACTORS, LABELS, Change
from pages.shared import changing, drilling, filters, tables
from pages.shared.state import View
from pages.shared.words import _


def deals(view: View, column: str, value: str | None, after: Slice) -> drilling.Drill:
    """Return the deals of one group in the later period."""
    where = drilling.one(column, value)
    return drilling.denominator(view.pipeline.meta, view.definition, where, after.start, after.end)


def draw(view: View, found: Change, before: Slice, after: Slice, column: str) -> None:
    """Draw what each group contributes; a selected row opens its deals of the later period."""
    first = found.groups.columns[0]
    amounts = ("before_minor", "after_minor", *FACTORS, "change")
    sums = found.groups.select(pl.col(amounts).abs().sum()).sum_horizontal().item()
    priced = found.reason is None and bool(sums)
    exact = found.groups.with_columns(pl.col(c) / 100 for c in amounts)
    exact = exact.with_columns((pl.col("rate_mix", "rate_within") * 100).round(2).replace(-0.0, 0.0))
    ready = exact.with_columns(pl.col(first).fill_null(filters.shown(None)))
    unit = f", {found.currency}" if found.currency else ""
    shown = [f for f in FACTORS if f != "priced" or found.parts.get("priced")]
    values = {
        "change": _("Difference") + unit, **{f: _(LABELS[f]) for f in shown},
        "before_minor": _("Won value before") + unit, "after_minor": _("Won value after") + unit,
    }  # fmt: skip
    titles = {
        first: view.label(column), **(values if priced else {}), "before_deals": _("n before"),
        "before_won": _("Won before"), "after_deals": _("n after"), "after_won": _("Won after"),
        "rate_mix": _("Hit rate by mix, points"), "rate_within": _("By own rate, points"),
    }  # fmt: skip
    whole = ready.with_columns(pl.col(c).round(0) for c in amounts)
    event = tables.show(whole, titles, f"change_{column}", select="row", wide=(first,))
    facts = [(_("Held against"), changing.words(before)), changing.method()]
    n = int(found.groups["after_deals"].sum())
    what = tables.about(view, after.with_(by=(column,)), n, more=facts)
    tables.under(what, lambda: tables.taken(ready, titles), tables.stamp(view, "change"), "change")
    if rows := event.selection.rows:
        drilling.go_to_deals(deals(view, column, found.groups[first][rows[0]], after))
