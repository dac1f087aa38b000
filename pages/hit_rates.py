"""Hit rates: which groups convert better, how sure that is, and how it changes."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data.errors import N_
from data.slice import Slice
from metrics.comparison import compare
from metrics.hit_rate import rates
from pages.shared import filters, marks, numbers, over_time, sentences, tables
from pages.shared.charts import dots, heat
from pages.shared.controls import choose, hint, picked, see, values
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

MOST, WIDE = 24, 8
SIDES = {"better": N_("better than the rest"), "worse": N_("worse than the rest"),
         "same": N_("no difference shown"), "few": N_("too few to conclude")}


def words(view: View) -> dict[str, str]:
    """Return the titles of the charts."""
    return {"group": view.label(view.breakdown or ""), "rate": _("Hit rate"), "interval": _("95 % interval"),
            "n": _("n")}


def compared(view: View, question: Slice) -> pl.DataFrame:
    """Return every group of the breakdown against the rest."""
    return compare(cached(rates)(view.pipeline, question, view.definition))


def groups(view: View, question: Slice, column: str) -> None:
    """Draw the groups of one column: sentence, dots, table."""
    frame, label = compared(view, question), view.label(column)
    sentences.answer(sentences.comparison(frame, label))
    overall = cached(rates)(view.pipeline, question.with_(by=()), view.definition).row(0, named=True)
    drawn = marks.dot_frame(frame.head(MOST), frame.columns[0])
    chart = dots(drawn, words(view), palette(), sentences.comparison(frame, label), overall["rate"],
                 numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key=f"dots_{column}", on_select="rerun")
    st.caption(" ".join(filter(None, [
        t(N_("Dashed line: all deals, {rate}. ▲ better and ▼ worse than the rest, beyond chance; hollow: too few to "
             "conclude. Click a row for its deals."), rate=marks.rate_text(overall)), hint(MOST, frame.height)])))
    if mark := marks.pick(event):
        told = drawn.filter(pl.col("key") == mark.get("key"))["told"]
        if told.len():
            picked(plain(told[0]), {column: values(mark["key"])}, "dot", tables.definition(view).denominator.status)
    st.subheader(_("All groups"))
    table(view, question, frame, column)


def table(view: View, question: Slice, frame: pl.DataFrame, column: str) -> None:
    """Draw the table of the groups; a selected row opens its deals."""
    first, n = frame.columns[0], pl.col("denominator")
    frame = frame.sort("rate", descending=True, nulls_last=True)
    side = (pl.when(pl.col("rate").is_null() | (~pl.col("enough") & ~pl.col("different"))).then(pl.lit("few"))
            .when(~pl.col("different")).then(pl.lit("same"))
            .when(pl.col("difference") > 0).then(pl.lit("better")).otherwise(pl.lit("worse")))
    ready = tables.percent(frame, ("rate", "low", "high", "difference"), n).with_columns(
        pl.col(first).fill_null(filters.shown(None)), won_amount=pl.col("won_amount").round(0),
        more_deals=pl.when(pl.col("more_deals") <= sentences.PATIENCE * n).then("more_deals"),
        verdict=side.replace_strict({k: _(v) for k, v in SIDES.items()}))
    money = t(N_("Won value, {currency}"), currency=view.currency) if view.currency else _("Won value")
    titles = {first: view.label(column), "rate": _("Hit rate, %"), "low": _("95 % from"), "high": _("95 % to"),
              "denominator": _("n"), "verdict": _("Against the rest"), "difference": _("Points apart"),
              "more_deals": _("More deals needed"), "won": _("Won"), "lost": _("Lost"), "open": _("Open"),
              "won_amount": money}
    helps = {"more_deals": _("Deals this group still needs before a difference of this size would show four times "
                             "in five. 0: it shows already. Dash: the difference is too small to settle."), "denominator": _("What the rate is taken over.")}
    event = tables.show(ready, titles, f"groups_{column}", helps, select=True, wide=first)
    taken = tables.taken(ready, titles)
    tables.under(tables.about(view, question, int(frame["deals"].sum())), lambda: taken,
                 tables.stamp(view, "hit-rates"), "groups")
    if rows := event.selection.rows:
        see({column: [frame[first][rows[0]]]}, tables.definition(view).denominator.status)


def crossed(view: View, question: Slice, column: str) -> None:
    """Draw two columns crossed as a heat map."""
    others = [c for c in filters.breakdowns(view.pipeline.meta) if c != column]
    if not others:
        st.info(_("Crossing needs a second column to break down by; this file has only one."))
        return
    second = choose_other(view, others)
    frame = cached(rates)(view.pipeline, question.with_(by=(column, second)), view.definition)
    downs, acrosses = ([v or "" for v in cached(rates)(view.pipeline, question.with_(by=(c,)), view.definition)
                        .to_series(0).head(most)] for c, most in ((column, 12), (second, WIDE)))
    drawn = marks.heat_frame(frame, frame.columns[0], frame.columns[1], downs, acrosses)
    best = drawn.filter("enough").sort("rate", descending=True)
    told = _("No pair of groups has enough deals to say its hit rate.") if best.is_empty() else t(
        N_("Highest: {best}. Lowest: {worst}. Single cells are the luckiest and unluckiest of many; compare them "
           "before you act."), best=plain(best["told"][0]), worst=plain(best["told"][-1]))
    sentences.answer(told)
    titles = {**words(view), "down": view.label(column), "across": view.label(second)}
    chart = heat(drawn, titles, palette(), told, numbers.altair_locale())
    with st.grid(1, min_column_width=max(96 * len(acrosses) + 190, 320), wrap=False, key="heat_scroll"):
        event = st.altair_chart(chart, theme=None, key=f"heat_{column}_{second}", on_select="rerun", width="stretch")
    st.caption(_("Hatched: fewer than 30 deals. Click a cell for its deals."))
    tables.under(tables.about(view, question, int(frame["deals"].sum())), lambda: frame,
                 tables.stamp(view, "crossed"), "crossed")
    if (mark := marks.pick(event)) and {"down", "across"} <= set(mark):
        picked(f"{plain(filters.shown(mark['down']))} × {plain(filters.shown(mark['across']))}",
               {column: values(mark["down"]), second: values(mark["across"])}, "cell",
               tables.definition(view).denominator.status)


def choose_other(view: View, others: list[str]) -> str:
    """Return the second column of the heat map."""
    if len(others) <= 5:
        return choose(_("Crossed with"), "across", {c: view.label(c) for c in others}, others[0])
    return over_time.select(_("Crossed with"), "across", {c: view.label(c) for c in others}, others[0])


view = current()
question = tables.asked(view)
st.title(_("Hit rates"))
column = view.breakdown
ways = {"groups": _("Groups"), "time": _("Over time"), "two": _("Two fields")}
way = choose(_("Show"), "show", ways, "groups" if column else "time", hidden=True, disabled=() if column else ("groups", "two"))
if not cached(rates)(view.pipeline, question.with_(by=()), view.definition).item(0, "deals"):
    sentences.answer(_("No deals fit these filters."))
elif column is None or way == "time":
    over_time.draw(view, question, column)
elif way == "two":
    crossed(view, question, column)
else:
    groups(view, question.with_(by=(column,)), column)
