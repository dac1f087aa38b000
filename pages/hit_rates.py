"""Hit rates: which groups convert better, how sure that is, and how it changes."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import rates
from pages.shared import aims, crossed, drilling, groups, marks, numbers, over_time, sentences, staleness
from pages.shared.charts import dots
from pages.shared.controls import choose, hint, picked
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, plain, t

MOST = 24


def ranked(view: View, question: Slice, column: str) -> None:
    """Draw the groups of one column: sentence, dots, table."""
    stale_lost = staleness.choice(view)
    frame, overall = cached(groups.compared)(view.pipeline, question, view.definition, stale_lost)
    if not overall["deals"]:
        sentences.answer(_("No deals fit these filters."))
        return
    frame = aims.measured(frame, column, view.definition)
    rated = overall["rate"] is not None
    said = (
        sentences.comparison(frame, view.label(column))
        if rated
        else sentences.hit_rate(overall, view.definition)
    )
    sentences.answer(said)
    aimed = aims.sentence(frame)
    if aimed:
        st.markdown(aimed)
    drawn = marks.dot_frame(frame.head(MOST), frame.columns[0])
    chart = dots(
        drawn,
        groups.words(view),
        palette(),
        said,
        overall["rate"],
        numbers.altair_locale(),
    )
    event = st.altair_chart(chart, theme=None, key=f"dots_{column}", on_select="rerun")
    st.caption(
        sentences.joined(
            t(
                N_(
                    "Dashed line: all deals, {rate}. ▲ better and ▼ worse than the rest, beyond chance; "
                    "hollow: too few to conclude. Click a row for its deals."
                ),
                rate=marks.rate_text(overall),
            )
            if rated
            else "",
            _("Upright mark: the target.") if aimed else "",
            hint(MOST, frame.height),
        )
    )
    if not stale_lost and (mark := marks.pick(event)):
        told = drawn.filter(pl.col("key") == mark.get("key"))["told"]
        if told.len():
            where = drilling.one(column, mark["key"])
            picked(plain(told[0]), drilling.denominator(view.pipeline.meta, view.definition, where), "dot")
    st.header(_("All groups"))
    groups.table(view, question, frame, column, stale_lost)
    aims.of_groups(view, frame, column, overall)


view = current()
question = view.slice
st.title(_("Hit rates"))
column = view.breakdown
ways = {"groups": _("Groups"), "time": _("Over time"), "two": _("Two fields")}
way = choose(
    _("Show"),
    "show",
    ways,
    "groups" if column else "time",
    hidden=True,
    disabled=() if column else ("groups", "two"),
)
if column and way == "groups":
    ranked(view, question.with_(by=(column,)), column)
elif not cached(rates)(view.pipeline, question.with_(by=()), view.definition).item(0, "deals"):
    sentences.answer(_("No deals fit these filters."))
elif column is None or way == "time":
    over_time.draw(view, question, column)
else:
    crossed.draw(view, question, column)
