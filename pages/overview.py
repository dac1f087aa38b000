"""Overview: how many deals are won, what they bring, where they leak, and what the numbers rest on."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data.cells import count
from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import amounts, trend
from metrics.leaks import LeakReport, report
from metrics.overview import Overview, overview
from pages.shared import address, marks, numbers, sentences, tables
from pages.shared.charts import trend as trend_chart
from pages.shared.controls import readings, see
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, ngettext, plain, t

WORST = 3


def card(label: str, value: str, under: str, help: str, line: pl.Series | None = None) -> None:
    """Draw one figure with what it rests on below it."""
    points = None if line is None or line.drop_nulls().len() < 3 else line.fill_null(strategy="forward").drop_nulls()
    with st.container(border=True, height="stretch"):
        st.metric(label, value, help=help, chart_data=points, chart_type="line")
        st.caption(plain(under))


def revenue(view: View, question: Slice, figures: Overview) -> tuple[str, str]:
    """Return the won amount and its note; several currencies are listed, never added."""
    row, won = figures.rate, numbers.count(figures.rate["won"])
    if row["won_amount"] is not None:
        return numbers.money_short(row["won_amount"] * 100, row["currency"]), t(N_("{n} won deals"), n=won)
    if not view.pipeline.meta.has_amount:
        return numbers.NOT_AVAILABLE, _("The file has no amounts")
    each = cached(amounts)(view.pipeline, question.with_(by=())).filter(pl.col("won_amount") > 0)
    found = [numbers.money_short(r["won_amount"] * 100, r["currency"]) for r in each.to_dicts()]
    return numbers.NOT_AVAILABLE, " · ".join(found) or _("No won deal has an amount")


def cards(view: View, question: Slice, figures: Overview, months: pl.DataFrame) -> None:
    """Draw the five figures."""
    row, chosen = figures.rate, tables.definition(view)
    worth, note = revenue(view, question, figures)
    average = numbers.money_major(row["average_deal"], row["currency"])
    pace = numbers.money_major(figures.velocity, row["currency"])
    interval = t(N_("95 % interval {interval}"), interval=marks.interval_text(row))
    with st.grid(5, min_column_width=150, gap="small"):
        card(_("Hit rate"), numbers.rate(row["rate"], marks.n_of(row)),
             interval if row["low"] is not None else marks.rate_text(row),
             f"{_(chosen.formula)}. {_(chosen.reading)}", months["rate"] if months.height else None)
        card(_("Won revenue"), worth, note, _("The sum of the amounts of won deals. Currencies are never added up."),
             months["won_amount"] if months.height else None)
        card(_("Average won deal"), average, t(N_("{n} won deals with an amount"), n=numbers.count(row["won_known"])),
             _("Won revenue divided by the won deals whose amount is known."))
        card(_("Cycle time"), numbers.days(figures.cycle_days), _("median, created to won"),
             t(N_("Half of the won deals took this long or less. Of all deals, half were decided within {days}, "
                  "open deals counted as not decided yet."), days=numbers.days(figures.decision_days)))
        card(_("Sales velocity"), pace,
             t(N_("per day, from {n} open opportunities"), n=numbers.count(figures.opportunities)),
             _("Open opportunities × hit rate × average won deal / cycle time: the value won per day at this pace."))


def worst(view: View, question: Slice) -> None:
    """Draw the costliest leaks in sentences, each with its deals one click away."""
    found: LeakReport = cached(report)(view.pipeline, readings(question.with_(by=())))
    leaks = found.frame.filter(pl.col("state") == "leak").head(WORST).to_dicts()
    if not leaks:
        st.markdown(_("No group loses more deals than chance would give. ") + sentences.tested(found))
        return
    for place, row in enumerate(leaks):
        with st.container(border=True, key=f"leak_{place}"):
            left, right = st.columns([4, 1], vertical_alignment="center")
            left.markdown(sentences.leak(row, found.currency))
            if right.button(_("See the deals"), key=f"see_leak_{place}", width="stretch"):
                see({row["field"]: [row["value"]]}, ["lost"], row["stage_no"],
                    "lost" if row["stage_no"] else None, row["pipeline"])
    with st.container(horizontal=True):
        if st.button(_("All leaks"), type="tertiary", icon=":material/arrow_forward:"):
            address.go("funnel.py")
        about = tables.about(view, question, rate=False, more=[
            (_("Money at stake"), _("Deals lost beyond the rate of all others × their chance to win after this "
                                    "step × average won amount. “At least” is the low end of the 95 % interval.")),
            (_("False alarms"), sentences.tested(found))])
        tables.card(about, "worst")


def by_month(view: View, question: Slice, months: pl.DataFrame) -> None:
    """Draw the hit rate by month."""
    cohort = question.basis == "created"
    frame = marks.trend_frame(months, None, "month", view.pipeline.meta.as_of, cohort)
    if frame["rate"].drop_nulls().len() < 2:
        st.caption(_("A line by month needs deals decided in at least two months."))
        return
    words = {"period": _("Month"), "group": "", "rate": _("Hit rate"), "interval": _("95 % interval"), "n": "n"}
    told = t(N_("Hit rate by month, {first} to {last}."), first=frame["period_text"][0], last=frame["period_text"][-1])
    chart = trend_chart(frame, words, palette(), told, locale=numbers.altair_locale())
    st.altair_chart(chart, theme=None, key="by_month")
    st.caption(" ".join(filter(None, [_("Band: 95 % interval."), sentences.immature(frame, cohort)])))
    tables.under(tables.about(view, question, int(months["deals"].sum())), lambda: months,
                 tables.stamp(view, "by-month"), "by_month")


def quality(view: View) -> None:
    """Say what became of every row, and which facts are missing."""
    meta = view.pipeline.meta
    read, kept, rejected, junk = (sum(getattr(f, f"rows_{k}") for f in meta.files) for k in
                                  ("read", "kept", "rejected", "junk"))
    st.markdown(t(N_("**{read} rows read** = {kept} kept + {rejected} rejected + {junk} totals, footers or empty "
                     "lines."), read=numbers.count(read), kept=numbers.count(kept),
                  rejected=numbers.count(rejected), junk=numbers.count(junk)))
    source = meta.labels.get("source", "source") if meta.dimension("source") else None
    gaps = [(_("creation date"), "created_s"), (_("amount"), "amount_minor"), *([(source, "source")] if source else [])]
    missing = [(what, cached(count)(view.pipeline, Slice(where=((column, (None,)),)))) for what, column in gaps]
    parts = [ngettext("{n} deal has no {what}", "{n} deals have no {what}", n).format(
        n=numbers.count(n), what=plain(what)) for what, n in missing if n]
    st.markdown("; ".join(parts) + "." if parts else _("Every deal has a creation date and an amount."))
    if st.button(_("Data and definitions"), type="tertiary", icon=":material/arrow_forward:"):
        address.go("definitions.py")


view = current()
question = tables.asked(view).with_(by=())
st.title(_("Overview"))
figures: Overview = cached(overview)(view.pipeline, question, view.definition)
sentences.answer(sentences.hit_rate(figures.rate, view.definition, figures.rate["currency"]))
if figures.rate["deals"]:
    months = cached(trend)(view.pipeline, question, view.definition)
    cards(view, question, figures, months)
    st.subheader(_("The costliest leaks"))
    leaking = st.container(key="leaks")
    st.subheader(_("Hit rate by month"))
    by_month(view, question, months)
    st.subheader(_("What these numbers rest on"))
    quality(view)
    with leaking, st.skeleton(height=260):
        worst(view, question)
