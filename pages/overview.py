"""Overview: how many deals are won, what they bring, where they leak, and what the numbers rest on."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data.errors import N_
from data.slice import Slice
from metrics.over_time import trend
from metrics.overview import Overview, overview
from pages.shared import address, drilling, figures, marks, numbers, over_time, sentences, tables
from pages.shared.charts import trend as trend_chart
from pages.shared.controls import readings
from pages.shared.leak_facts import Facts, compared, described, leak_facts
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, t

WORST = 3


def worst(view: View, question: Slice) -> None:
    """Draw the costliest leaks in sentences, each with its deals one click away."""
    asked = readings(question.with_(by=()), view.pipeline.meta)
    found: Facts = cached(leak_facts)(view.pipeline, asked)
    leaks = found.frame.filter(pl.col("state") == "leak").head(WORST).to_dicts()
    if found.no_loss:
        st.markdown(
            _("No deal is lost in these data, so no group can be seen to lose more. Import lost deals too.")
        )
        return
    if not leaks:
        st.markdown(_("No group loses more deals than chance would give. ") + compared(found))
        return
    for place, row in enumerate(leaks):
        with st.container(border=True, key=f"leak_{place}"):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(sentences.leak(row, found.currency))
            if right.button(_("See the deals"), key=f"see_leak_{place}", width="stretch"):
                drilling.go_to_deals(drilling.lost(row))
    with st.container(horizontal=True):
        if st.button(_("All leaks"), type="tertiary", icon=":material/arrow_forward:"):
            address.go("funnel.py")
        stake = _(
            "Deals lost beyond the rate of all others × their chance to win after this "
            "step × average won amount. “At least” is the low end of the 95 % interval."
        )
        tables.card(described(view, asked, found, stake), "worst")


def by_month(view: View, question: Slice, months: pl.DataFrame) -> None:
    """Draw the hit rate by month."""
    cohort = question.basis == "created"
    frame = marks.trend_frame(months, None, "month")
    if frame["rate"].drop_nulls().len() < 2:
        st.caption(_("A line by month needs deals decided in at least two months."))
        return
    words = {
        "period": _("Month"),
        "group": "",
        "rate": _("Hit rate"),
        "interval": _("95 % interval"),
        "n": "n",
    }
    told = t(
        N_("Hit rate by month, {first} to {last}."),
        first=frame["period_text"][0],
        last=frame["period_text"][-1],
    )
    chart = trend_chart(frame, words, palette(), told, locale=numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key="by_month", on_select="rerun")
    st.caption(sentences.joined(_("Band: 95 % interval."), sentences.immature(frame, cohort)))
    over_time.open_period(view, frame, event, "month")
    taken = tables.titled(view, months, {"period": _("Month")})
    tables.under(
        tables.about(view, question.with_(grain="month"), int(months["deals"].sum())),
        lambda: taken,
        tables.stamp(view, "by-month"),
        "by_month",
    )


view = current()
question = view.slice.with_(by=())
st.title(_("Overview"))
summary: Overview = cached(overview)(view.pipeline, question, view.definition)
sentences.answer(sentences.hit_rate(summary.rate, view.definition, summary.rate["currency"]))
if summary.rate["deals"]:
    months = cached(trend)(view.pipeline, question, view.definition)
    figures.cards(view, question, summary, months)
    st.header(_("The costliest leaks"))
    leaking = st.container(key="leaks")
    st.header(_("Hit rate by month"))
    by_month(view, question, months)
    st.header(_("What these numbers rest on"))
    figures.quality(view)
    with leaking, st.skeleton(height=260):
        worst(view, question)
