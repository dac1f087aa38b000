"""Rewrite audit: what was changed in the past that should stand still, seen by comparing snapshots."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline
from data.errors import N_
from metrics.snapshots import contradictions, doubtful, rewrite_counts, rewrites
from pages.shared import numbers, sentences, tables
from pages.shared.chips import STATUS_WORDS
from pages.shared.controls import choose
from pages.shared.snapshots import told
from pages.shared.snapshots.chosen import DAY, Pair, where
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, t

KINDS = {
    "reopened": N_("Reopened"),
    "outcome_changed": N_("Won and lost exchanged"),
    "created_moved": N_("Creation date moved"),
    "created_back": N_("Back-dated creation"),
    "closed_moved": N_("Closing date moved"),
    "closed_back": N_("Back-dated closing"),
    "amount_after_close": N_("Amount changed after closing"),
    "owner_after_close": N_("Owner changed after closing"),
    "stage_back": N_("Stage moved back"),
    "deleted": N_("Gone from the export"),
}
MEANING = {
    "created_back": N_("first seen with a creation day before an export that did not have it"),
    "closed_back": N_("closed on a day on which an export still showed it open"),
    "deleted": N_("in one export, not in the next that covers it: deleted or merged"),
    "outcome_changed": N_("won became lost, or lost became won"),
}
WORDS = {
    "created_s": "created_at",
    "closed_s": "closed_at",
    "amount_minor": "amount",
    "expected_close_s": "expected_close_at",
}
BOOK = 100_000


def draw(view: View, base: Pipeline, pair: Pair) -> None:
    """Draw the view: sentence, counts by kind, the list, and what the snapshots contradict."""
    question: dict[str, Any] = {
        "start": pair.start + DAY,
        "end": pair.end,
        "where": where(view),
    }  # seen after the first
    counts: pl.DataFrame = cached(rewrite_counts)(base, **question)
    found = {kind: n for kind, n in _by_kind(counts, "deals").items() if n}
    sentences.answer(sentence(view, base, pair, question, found))
    told.gaps(view, base, pair)
    if found:
        tally(counts)
        ways = {"all": t(N_("All ({n})"), n=numbers.count(sum(_by_kind(counts, "changes").values())))}
        ways |= {
            k: f"{_(KINDS[k])} ({numbers.count(n)})" for k, n in _by_kind(counts, "changes").items() if n
        }
        st.header(_("What was rewritten"))
        kind = choose(_("Kind"), "kind", ways, "all", hidden=True)
        listed(view, base, pair, question, None if kind == "all" else kind)
    disagreeing(view, base)


def _by_kind(counts: pl.DataFrame, column: str) -> dict[str, int]:
    sums = dict(counts.group_by("kind").agg(pl.col(column).sum()).iter_rows())
    return {kind: int(sums.get(kind) or 0) for kind in KINDS}


def sentence(view: View, base: Pipeline, pair: Pair, question: dict[str, Any], found: dict[str, int]) -> str:
    """Return how many deals had their past changed, and how."""
    start, end = numbers.day(pair.start), numbers.day(pair.end)
    if not found:
        return t(N_("Nothing that was past on {start} was rewritten by {end}, as far as the exports show."),
                 start=start, end=end)  # fmt: skip
    frame: pl.DataFrame = cached(rewrites)(base, **question)
    n = frame["deal_id"].fill_null(frame["deal_name"]).n_unique()
    most = sorted(found, key=lambda kind: -found[kind])[:4]
    said = ngettext(
        "Between {start} and {end} the past of **{n} deal** was rewritten: {parts}.",
        "Between {start} and {end} the past of **{n} deals** was rewritten: {parts}.", n,
    )  # fmt: skip
    parts = ", ".join(f"{_(KINDS[kind]).lower()} {numbers.count(found[kind])}" for kind in most)
    return said.format(start=start, end=end, n=numbers.count(n), parts=parts)


def tally(counts: pl.DataFrame) -> None:
    """Draw the counts by kind; amounts per currency."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    frame = counts.filter(pl.col("deals") > 0).sort(pl.col("kind").replace_strict(order), "currency")
    ready = frame.with_columns(
        pl.col("kind").replace_strict({k: _(v) for k, v in KINDS.items()}), pl.col("amount").round(0)
    )
    titles = {"kind": _("Kind"), "deals": _("Deals"), "changes": _("Changes"), "amount": _("Amount")}
    if ready["currency"].n_unique() > 1:
        titles["currency"] = _("Currency")
    tables.show(ready, titles, "rewrite_counts", wide=("kind",))


def listed(view: View, base: Pipeline, pair: Pair, question: dict[str, Any], kind: str | None) -> None:
    """Draw the list of changes: which deal, whose, what, before, after, when seen."""
    frame: pl.DataFrame = cached(rewrites)(base, **question, kind=kind)
    ready = readable(frame, view)
    first = {"deal_id": _("Deal"), "deal_name": _("Name"), "owner": _("Owner")}
    titles = {c: view.labels.get(c, w) for c, w in first.items() if ready[c].null_count() < ready.height}
    titles |= {
        "kind": _("What happened"), "field": _("Column"), "before": _("Before"), "after": _("After"),
        "seen_before": _("Last seen so"), "seen": _("First seen changed"), "amount": _("Amount"),
    }  # fmt: skip
    if ready["currency"].n_unique() > 1:
        titles["currency"] = _("Currency")
    tables.show(ready, titles, "rewrites", wide=("kind",), rows=15)
    meaning = "; ".join(f"{_(KINDS[k])}: {_(text)}" for k, text in MEANING.items())
    card = told.about(view, pair, ready.height, [(_("Meaning"), meaning)])
    tables.under(
        card,
        lambda: tables.taken(ready, titles),
        told.stamp("rewritten", pair),
        "rewrites",
        ready.height <= BOOK,
    )


def readable(frame: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return the changes in the reader's words: kinds, columns, outcomes, dates and amounts."""
    rows, kinds = frame.to_dicts(), {kind: _(word) for kind, word in KINDS.items()}
    made: dict[str, list[str | None]] = {
        "kind": [kinds[r["kind"]] for r in rows],
        "field": [None if r["kind"] == "deleted" else _field(r["field"], view) for r in rows],
        "before": [_value(r["before"], r) for r in rows],
        "after": [_value(r["after"], r) for r in rows],
    }
    return frame.with_columns(pl.Series(name, texts, dtype=pl.String) for name, texts in made.items())


def _field(name: str | None, view: View) -> str | None:
    if name is None:
        return None
    words = {"status": _("Outcome"), "stage": _("Stage"), "owner": _("Owner"), "amount": _("Amount"),
             "created_at": _("Created"), "closed_at": _("Closed")}  # fmt: skip
    own = WORDS.get(name, name)
    return _("Outcome") if own == "status" else view.labels.get(own, words.get(own, own))


def _value(text: str | None, row: dict[str, Any]) -> str | None:
    if text is None:
        return None
    if row["field"] in ("amount", "amount_minor"):
        try:
            return numbers.money_major(float(text), row["currency"])
        except ValueError:
            return text
    if row["field"] == "status" or row["kind"] == "deleted":
        return _(STATUS_WORDS.get(text, text))
    try:
        return (
            numbers.day(date.fromisoformat(text[:10])) if str(row["field"])[-3:] in ("_at", "d_s") else text
        )
    except ValueError:
        return text


def disagreeing(view: View, base: Pipeline) -> None:
    """Draw where the stage history and the snapshots disagree, and deals that may have been mixed up."""
    frame: pl.DataFrame = cached(contradictions)(base, view.pipeline.meta.as_of)
    if frame.height:
        st.header(_("Where the stage history and the snapshots disagree"))
        st.markdown(
            ngettext(
                "{n} entry into a stage lies, by the history, outside the time in which the snapshots saw "
                "it happen.",
                "{n} entries into a stage lie, by the history, outside the time in which the snapshots saw "
                "them happen.",
                frame.height,
            ).format(n=numbers.count(frame.height))
        )
        titles = {
            "deal_id": view.labels.get("deal_id", _("Deal")),
            "deal_name": view.labels.get("deal_name", _("Name")),
            "stage": view.labels.get("stage", _("Stage")), "history_day": _("Day by the history"),
            "window_start": _("Not yet on"), "window_end": _("Seen there on"),
        }  # fmt: skip
        titles = {
            c: w for c, w in titles.items() if frame[c].null_count() < frame.height or c == "history_day"
        }
        tables.show(frame, titles, "contradictions", rows=8)
    unsure: pl.DataFrame = cached(doubtful)(base)
    if unsure.height:
        st.header(_("Deals that may have been mixed up"))
        st.markdown(
            _("These exports have no deal id: rows were matched by name and date. Here more than one fits.")
        )
        names = {
            "deal_name": view.labels.get("deal_name", _("Name")),
            "day": _("Snapshot"),
            "deals": _("Rows that fit"),
        }
        tables.show(unsure, names, "doubtful", rows=8)
