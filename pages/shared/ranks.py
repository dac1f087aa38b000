"""The ranking: rates drawn to what all groups have in common, with the ranks each may as well hold."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline, Slice
from data.errors import N_
from metrics.hit_rate import rates
from metrics.ranking import ranking
from pages.shared import drilling, marks, numbers, sentences, tables
from pages.shared.charts import dots
from pages.shared.controls import hint
from pages.shared.filters import shown
from pages.shared.state import View, cached
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

MOST = 24
MARKS = {"strong": N_("strong"), "weak": N_("weak")}


def ranked(pipeline: Pipeline, asked: Slice, definition: str) -> pl.DataFrame:
    """Return `ranking` of the groups of a slice."""
    return ranking(rates(pipeline, asked, definition))


def answer(frame: pl.DataFrame, by_mix: set[str | None]) -> str:
    """Return who stands out, or that nobody can be ranked; `by_mix` are those the mix explains."""
    first = frame.columns[0]
    if frame["rank"].drop_nulls().len() < 2:
        return _(
            "There is nothing to rank: a ranking needs two groups with deals, and a rate that counts deals."
        )
    best = frame.row(0, named=True)
    sure = best["rank_low"] == best["rank_high"]
    span = t(
        N_("First stands **{group}**, with little doubt.")
        if sure
        else N_("First stands **{group}**; its rank may as well be any from {low} to {high}."),
        group=plain(shown(best[first])), low=best["rank_low"], high=best["rank_high"],
    )  # fmt: skip
    said = []
    for mark, template in (
        ("strong", N_("Strong beyond chance: {groups}.")),
        ("weak", N_("Weak beyond chance: {groups}.")),
    ):
        rows = frame.filter(mark=mark)[first].to_list()
        if rows:
            said.append(t(template, groups=", ".join(f"**{plain(shown(v))}**" for v in rows[:6])))
    if not said:
        return sentences.joined(_("Nobody stands out beyond chance, so this order is no league table."), span)
    if by_mix & set(frame.drop_nulls("mark")[first]):
        said.append(_("The ranking leaves the mix in: above, it explains some of this away."))
    return sentences.joined(*said, span)


def range_text(row: dict[str, Any]) -> str:
    """Return "1 – 6", the ranks that a group may as well hold."""
    if row["rank_low"] is None:
        return numbers.NOT_AVAILABLE
    return numbers.span(numbers.count(row["rank_low"]), numbers.count(row["rank_high"]))


def _dots(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame that `charts.dots` wants, its right column the range of ranks."""
    side = pl.col("mark").replace_strict({"strong": "better", "weak": "worse"}, default="same")
    known = frame.filter(pl.col("rank").is_not_null())
    own = known.select(
        key=pl.col(frame.columns[0]).cast(pl.String).fill_null(""), rate="shrunk", low="shrunk_low",
        high="shrunk_high", denominator="denominator", side=side, enough="enough", rank_low="rank_low",
        rank_high="rank_high", reason=pl.lit(None, pl.String),
    )  # fmt: skip
    own = marks.text(
        own, label=lambda r: shown(r["key"]), rate_text=marks.rate_text, interval_text=marks.interval_text,
        n_text=range_text,
    )  # fmt: skip
    return marks.text(
        own,
        told=lambda r: t(
            N_("{label}: {rate}, interval {interval}, rank {rank}"),
            label=r["label"], rate=r["rate_text"], interval=r["interval_text"], rank=r["n_text"],
        ),
    )  # fmt: skip


def draw(view: View, question: Slice, by_mix: set[str | None]) -> None:
    """Draw the ranking: sentence, dots, table."""
    st.header(_("Ranking"))
    frame = cached(ranked)(view.pipeline, question, view.definition)
    said = answer(frame, by_mix)
    st.markdown(said)
    drawn = _dots(frame.head(MOST))
    if drawn.height < 2:
        return
    words = {
        "group": view.label(question.by[0]), "rate": _("Rate to rank by"), "interval": _("95 % interval"),
        "n": _("Ranks"),
    }  # fmt: skip
    overall = cached(rates)(view.pipeline, question.with_(by=()), view.definition)["rate"].item()
    chart = dots(drawn, words, palette(), said, overall, numbers.altair_locale())
    st.altair_chart(chart, theme=None, key=f"ranks_{question.by[0]}")
    told = _(
        "Each rate is drawn to the common one, the more so the fewer its deals: 2 of 2 does not lead. On the "
        "right the ranks held in 95 % of draws. ▲ strong, ▼ weak beyond chance; hollow: too few to conclude."
    )
    st.caption(sentences.joined(told, hint(MOST, frame.height)))
    table(view, question, frame)


def table(view: View, question: Slice, frame: pl.DataFrame) -> None:
    """Draw the numbers of the ranking; a selected row opens its deals."""
    first, n = frame.columns[0], pl.col("denominator")
    ready = tables.percent(frame, ("shrunk", "shrunk_low", "shrunk_high", "rate"), n).with_columns(
        pl.col(first).fill_null(shown(None)),
        mark=pl.col("mark").replace_strict({k: _(v) for k, v in MARKS.items()}, default=None),
        weight=(pl.col("weight") * 100).round(0),
    )
    titles = {
        "rank": _("Rank"), "rank_low": _("Could be from"), "rank_high": _("Could be to"),
        first: view.label(question.by[0]), "shrunk": _("Rate to rank by, %"), "shrunk_low": _("95 % from"),
        "shrunk_high": _("95 % to"), "mark": _("Beyond chance"), "rate": _("Hit rate, %"),
        "denominator": _("n"), "numerator": _("Won"), "weight": _("Own weight, %"),
    }  # fmt: skip
    helps = {"weight": _("How much of the rate to rank by is the group's own; the rest is the common rate.")}
    event = tables.show(ready, titles, f"ranking_{question.by[0]}", helps, select="row", wide=(first,))
    method = (
        _("Ranking"),
        _("Empirical Bayes (beta-binomial); ranks from 4,000 draws; strong and weak corrected after Holm."),
    )
    what = tables.about(view, question, int(frame["deals"].sum()), more=[method])
    tables.under(what, lambda: tables.taken(ready, titles), tables.stamp(view, "ranking"), "ranking")
    if rows := event.selection.rows:
        where = drilling.one(question.by[0], frame[first][rows[0]])
        drilling.go_to_deals(drilling.denominator(view.pipeline.meta, view.definition, where))
