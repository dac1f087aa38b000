"""Slippage: what became of the deals due in a period, who pushes most, and how pushed deals end."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from data.meta import STATUSES
from metrics.push_odds import ever_pushed
from metrics.snapshots import by_pushes, explain_ledger, slippage
from pages.shared import address, marks, numbers, sentences, tables, unread
from pages.shared.charts.dots import dots
from pages.shared.charts.waterfall import waterfall
from pages.shared.filters import shown
from pages.shared.snapshots import behind, told
from pages.shared.snapshots.chosen import Pair, where
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, ngettext, t

FATES = {
    "won": N_("Won"),
    "lost": N_("Lost"),
    "disqualified": N_("Disqualified"),
    "pushed": N_("Pushed out of the period"),
    "pulled": N_("Pulled to before it"),
    "undated": N_("Date taken out"),
    "vanished": N_("Gone from the export"),
}
ENDS = {"due": N_("Due at the start"), "still_due": N_("Still due")}
PUSHES = {
    "0": N_("Never pushed"),
    "1": N_("Pushed once"),
    "2": N_("Pushed twice"),
    "3+": N_("Three times or more"),
}
TOP = 15


def draw(view: View, base: Pipeline, pair: Pair) -> None:
    """Draw the view: sentence, what became of the deals due, who pushes, how pushed deals end."""
    frame: pl.DataFrame = cached(slippage)(base, **pair.question(view))
    row = frame.row(0, named=True) if frame.height else {}
    if not row or not row["due"]:
        sentences.answer(
            t(N_("No deal that was open on {start} was expected to close {due}."),
              start=numbers.day(pair.start), due=_due(pair))
        )  # fmt: skip
    else:
        said = sentence(row, pair)
        sentences.answer(said)
        told.gaps(view, base, pair)
        bars(view, base, pair, row, said)
        if (fate := address.one("moved")) in {**FATES, **ENDS}:
            question = {**pair.question(view), "movement": fate}
            behind.draw(view, base, pair, question, _({**FATES, **ENDS}[str(fate)]))
        unread.check("moved", {**FATES, **ENDS})
        groups(view, base, pair)
    credibility(view, base)


def _due(pair: Pair) -> str:
    assert pair.due is not None
    return numbers.within(*pair.due)


def sentence(row: dict[str, Any], pair: Pair) -> str:
    """Return which share of the deals due was pushed, with its interval, and what became of the rest."""
    values = {
        "rate": f"**{numbers.rate(row['rate'], row['due'])}**", "period": _due(pair),
        "pushed": f"**{numbers.count(row['pushed'])}**", "due": numbers.count(row["due"]),
        "interval": numbers.span(*(numbers.rate(row[end], row["due"]) for end in ("low", "high"))),
        "won": numbers.count(row["won"]), "lost": numbers.count(row["lost"]),
    }  # fmt: skip
    said = t(
        N_("Of the {due} deals expected to close {period}, {pushed} ({rate}) were pushed to later. "
           "95 % interval {interval}. {won} were won, {lost} lost."), **values,
    )  # fmt: skip
    return said if row["enough"] else f"{said} {_(sentences.FEW)}"


def bars(view: View, base: Pipeline, pair: Pair, row: dict[str, Any], said: str) -> None:
    """Draw from the deals due down to those still due; a click lists the deals."""
    rows = []
    for part, word in (("due", ENDS["due"]), *FATES.items(), ("still_due", ENDS["still_due"])):
        n, total = int(row[part] or 0), part in ENDS
        if n or total:
            text = numbers.count(n) if total else f"−{numbers.count(n)}"
            row_: dict[str, Any] = {
                "key": part,
                "label": _(word),
                "kind": "total" if total else "step",
                "amount_text": text,
            }
            outcome = part if part in STATUSES else "open" if part == "pulled" else None
            told_ = f"{_(word)}: {text}"
            rows.append(row_ | {"amount": float(n if total else -n), "outcome": outcome, "told": told_})
    frame = pl.DataFrame(rows, schema_overrides={"outcome": pl.String})
    words = {"part": _("What became of it"), "amount": _("Deals")}
    chart = waterfall(frame, words, palette(), said, numbers.altair_locale(),
                      lambda value: numbers.count(round(value)), address.one("moved"))  # fmt: skip
    st.altair_chart(chart, theme=None, key="slips", on_select=lambda: behind.keep("slips", moved="key"))
    st.caption(_("Click a bar to see its deals."))
    query = explain_ledger(base, **pair.question(view))
    card = told.about(view, pair, int(row["due"]), [(_("Method"), _(METHOD))], query)
    titles = {"label": words["part"], "amount": words["amount"]}
    tables.under(card, lambda: tables.taken(frame, titles), told.stamp("slippage", pair), "slips")


METHOD = N_(
    "Of the deals open in the first snapshot and expected to close in the period, the share that in the "
    "second one is open with a later date. Wilson score interval, 95 %. A push back and forth between two "
    "snapshots is not seen."
)


def groups(view: View, base: Pipeline, pair: Pair) -> None:
    """Draw the share pushed per value of the breakdown."""
    column = view.breakdown
    if not column:
        return
    frame: pl.DataFrame = cached(slippage)(base, by=column, **pair.question(view))
    frame = frame.filter(pl.col("due") > 0)
    if frame.height < 2:
        return
    st.header(t(N_("Pushed by {column}"), column=view.label(column)))
    first = frame.columns[0]
    frame = frame.sort("low", "due", descending=True, nulls_last=True)  # the cautious end: not 1 of 1 first
    top = frame.head(TOP).with_columns(key=pl.col(first).fill_null(""))
    _dots(top, lambda r: shown(r["key"]), "due", view.label(column), _("Share pushed"), f"pushed_{column}")
    ready = tables.percent(frame, ("rate", "low", "high"), pl.col("due"))
    ready = ready.with_columns(pl.col(first).fill_null(shown(None)))
    titles = {
        first: view.label(column), "rate": _("Pushed, %"), "low": _("95 % from"), "high": _("95 % to"),
        "due": _("Due at the start"), "pushed": _("Pushed"), "won": _("Won"), "lost": _("Lost"),
        "still_due": _("Still due"),
    }  # fmt: skip
    tables.show(ready, titles, f"pushed_table_{column}", wide=(first,), rows=8)
    card = told.about(view, pair, int(frame["due"].sum()), [(_("Method"), _(METHOD))])
    tables.under(card, lambda: tables.taken(ready, titles), told.stamp("slippage-by", pair), "pushed_by")


def _dots(frame: pl.DataFrame, name: Any, n: str, group: str, rate: str, key: str) -> None:
    ready = marks.text(
        frame.with_columns(side=pl.lit("same"), denominator=pl.col(n)),
        label=name, rate_text=marks.rate_text, interval_text=marks.interval_text, n_text=marks.n_text,
    )  # fmt: skip
    ready = marks.text(
        ready, told=lambda r: f"{r['label']}: {r['rate_text']}, {r['interval_text']}, n {r['n_text']}"
    )
    words = {"group": group, "rate": rate, "interval": _("95 % interval"), "n": _("n")}
    chart = dots(ready, words, palette(), rate, locale=numbers.altair_locale())
    st.altair_chart(chart, theme=None, key=key)


def credibility(view: View, base: Pipeline) -> None:
    """Draw the odds of winning by the number of times a deal was pushed, over all snapshots."""
    frame: pl.DataFrame = cached(by_pushes)(base, where=where(view), until=view.pipeline.meta.as_of)
    decided = pl.col("won") + pl.col("lost")
    frame = frame.with_columns(decided=decided, key=pl.col("pushes"))
    if not frame["decided"].sum():
        return
    words = {pushes: _(word) for pushes, word in PUSHES.items()}
    st.header(_("How pushed deals end"))
    st.markdown(ends(frame))
    _dots(frame, lambda r: words[r["pushes"]], "decided", _("Times pushed"), _("Hit rate"), "pushes")
    ready = tables.percent(frame, ("rate", "low", "high"), pl.col("decided"))
    ready = ready.with_columns(pl.col("pushes").replace(words))
    titles = {
        "pushes": _("Times pushed"), "rate": _("Hit rate, %"), "low": _("95 % from"), "high": _("95 % to"),
        "deals": _("Deals"), "won": _("Won"), "lost": _("Lost"), "open": _("Open"),
        "median_delay_days": _("Median delay, days"),
    }  # fmt: skip
    helps = {
        "median_delay_days": _("Days from the closing day first expected to the real one; half were later.")
    }
    tables.show(ready, titles, "pushes_table", helps)
    known = [day for day in base.meta.snapshots if day <= view.pipeline.meta.as_of]
    pair = Pair(known[0], known[-1])
    how = _("A push: the expected closing day lies later than in the snapshot before. Counted over all "
            "snapshots up to the day shown; the hit rate is won / (won + lost).")  # fmt: skip
    card = told.about(view, pair, int(frame["deals"].sum()), [(_("Method"), how)])
    tables.under(card, lambda: tables.taken(ready, titles), told.stamp("pushes", pair), "pushes")


def ends(frame: pl.DataFrame) -> str:
    """Return how often pushed deals are won, against those never pushed, and how sure that is."""
    row = ever_pushed(frame).row(0, named=True)
    if not row["enough"]:
        return ngettext(
            "{n} decided deal had been pushed: too few to say what a push does to the odds.",
            "{n} decided deals had been pushed: too few to say what a push does to the odds.",
            row["pushed_decided"],
        ).format(n=numbers.count(row["pushed_decided"]))
    never, pushed = (
        f"**{numbers.rate(row[f'{side}_rate'], row[f'{side}_decided'])}**" for side in ("never", "pushed")
    )
    low, high = (numbers.points(row[f"difference_{end}"], signed=True) for end in ("low", "high"))
    said = t(
        N_("Deals pushed at least once are won in {pushed}, those never pushed in {never}; 95 % interval of "
           "the difference {low} to {high}."), pushed=pushed, never=never, low=low, high=high,
    )  # fmt: skip
    return sentences.joined(
        said, _("A deal that lives longer has more time to be pushed: it is no cause yet.")
    )
