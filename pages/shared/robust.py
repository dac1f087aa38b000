"""Whether "A converts better than B" survives every definition, and stale open deals counted as lost."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Slice
from data.errors import N_
from metrics.definition_lab import Verdict, robustness, verdict
from metrics.hit_rate import rates
from pages.shared import lab_words, numbers, pairing, sentences, tables
from pages.shared.charts.strip import strip
from pages.shared.filters import shown
from pages.shared.marks import text
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, ngettext, plain, t


def draw(view: View, question: Slice, days: int) -> None:
    """Draw the choice of two groups, the verdict, the strip and the table."""
    pair = pairing.two(view, question)
    if pair is None or view.breakdown is None:
        return
    column, (first, second) = view.breakdown, pair
    sides = [question.with_(where=(*question.where, (column, (g or None,)))) for g in (first, second)]
    found = cached(robustness)(view.pipeline, sides[0], sides[1], days)
    names = {"a": shown(first), "b": shown(second)}
    told = sentence(verdict(found), names, found.height)
    st.markdown(told)
    frame = lines(found, names)
    words = {
        "definition": _("Definition"),
        "reading": _("Open deals"),
        "ahead": _("Ahead"),
        "rates": _("Hit rates"),
        "interval": _("95 % interval"),
    }
    chart = strip(frame, words, palette(), told, numbers.altair_locale())
    st.altair_chart(chart, theme=None, key="strip")
    st.caption(
        _(
            "Solid: beyond chance under that definition. Pale: chance may explain it, or, by value, nobody "
            "can tell. Stale: open longer in "
            "the stage than 95 % of the won deals were. The readings share their deals, so they do not add "
            "up to proof."
        )
    )
    table(view, question, frame, names)


def sentence(found: Verdict, names: dict[str, str], readings: int) -> str:
    """Return the verdict: who is ahead under how many readings, and how many of those are settled."""
    told = readings - found.untold
    if not told:
        return _("No definition gives a rate for both groups, so nothing can be compared.")
    if not found.a and not found.b:
        return _("The two groups have the same rate under every definition.")
    parts = {"a": (found.a, found.settled_a, "b"), "b": (found.b, found.settled_b, "a")}
    lead = found.ahead or ("a" if found.a >= found.b else "b")
    n, settled, other = parts[lead]
    sure = (
        t(N_("The lead is beyond chance in {settled} of them."), settled=numbers.count(settled))
        if settled
        else _("Chance may explain every one of these leads.")
    )
    gaps = {
        "first": f"**{plain(names[lead])}**",
        "second": f"**{plain(names[other])}**",
        "n": numbers.count(n),
        "of": numbers.count(told),
        "behind": numbers.count(parts[other][0]),
    }
    if found.ahead and n == told:
        said = t(N_("{first} is ahead of {second} under all {of} readings."), **gaps)
    elif found.ahead:
        said = t(N_("{first} is never behind {second}: ahead under {n} of {of} readings."), **gaps)
    else:
        said = t(
            N_(
                "{first} is ahead of {second} under {n} of {of} readings and behind under {behind}: who is "
                "ahead depends on the definition."
            ),
            **gaps,
        )
        sure = ""
    blank = ngettext("{n} reading gives no rate.", "{n} readings give no rate.", found.untold)
    return sentences.joined(said, sure, blank.format(n=numbers.count(found.untold)) if found.untold else "")


def lines(found: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Return the strip with the texts of its cells."""
    columns = {False: _("Open deals as they are"), True: _("Stale deals as lost")}
    frame = text(
        found,
        label=lab_words.label,
        reading=lambda r: columns[r["stale_lost"]],
        who_text=lambda r: _who(r, names),
        gap_text=lambda r: numbers.points(r["difference"] and abs(r["difference"])) if r["ahead"] else "",
        rates_text=lambda r: " / ".join(numbers.rate(r[f"rate_{s}"], _n(r, s)) for s in "ab"),
        interval_text=_interval,
        chance=lambda r: numbers.NOT_AVAILABLE if r["low"] is None else _("yes") if r["settled"] else _("no"),
    )
    return text(frame, told=lambda r: f"{r['label']}, {r['reading']}: {r['who_text']} {r['gap_text']}")


def _who(row: dict[str, Any], names: dict[str, str]) -> str:
    if row["ahead"] is None:
        return numbers.NOT_AVAILABLE
    name = names.get(row["ahead"], _("equal"))
    return name if len(name) <= 16 else name[:15] + "…"


def _n(row: dict[str, Any], side: str) -> int:
    return int(row[f"cases_{side}"] or 0)


def _interval(row: dict[str, Any]) -> str:
    if row["low"] is None:
        return numbers.NOT_AVAILABLE
    return numbers.span(*(numbers.points(row[end], signed=True) for end in ("low", "high")))


def table(view: View, question: Slice, frame: pl.DataFrame, names: dict[str, str]) -> None:
    """Draw the rates behind the strip."""
    frame = frame.with_columns(
        reading=pl.when("stale_lost").then(pl.lit(_("stale as lost"))).otherwise(pl.lit(_("as they are")))
    )
    ready = tables.percent(frame, ("rate_a",), pl.col("cases_a").fill_null(0))
    ready = tables.percent(ready, ("rate_b",), pl.col("cases_b").fill_null(0))
    least = pl.min_horizontal("cases_a", "cases_b").fill_null(0)
    ready = tables.percent(ready, ("difference", "low", "high"), least)
    titles = {
        "label": _("Definition"),
        "reading": _("Open deals"),
        "rate_a": t(N_("{group}, %"), group=names["a"]),
        "rate_b": t(N_("{group}, %"), group=names["b"]),
        "difference": _("Points apart"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "who_text": _("Ahead"),
        "chance": _("Beyond chance"),
    }
    tables.show(ready, titles, "strip_table", wide=("label",))
    taken = tables.taken(ready, titles)
    told = " / ".join(plain(name) for name in names.values())
    more = [(view.label(view.breakdown or ""), told)]
    n = int(cached(rates)(view.pipeline, question, view.definition).item(0, "deals"))
    tables.under(
        tables.about(view, question, n, False, more, ("outcomes", "ages")),
        lambda: taken,
        tables.stamp(view, "robustness", rate=False),
        "strip",
    )
