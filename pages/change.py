"""What changed: won revenue and hit rate between two periods, taken apart, and what the season explains."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data import HitrateError, Slice
from data.errors import N_
from metrics.change import Change, change
from metrics.hit_rate import rates
from metrics.periods import against
from pages.shared import change_table, changing, marks, numbers, seasons, sentences, tables
from pages.shared.charts.waterfall import waterfall
from pages.shared.controls import choose, picked
from pages.shared.errors import box
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.words import _, plain, t


def explained(view: View, found: Change, before: Slice, after: Slice) -> None:
    """Draw won revenue taken apart: waterfall, then the groups."""
    column = view.breakdown
    if found.reason == "currencies":
        st.markdown(_("Won revenue is not explained here: the deals have amounts in several currencies, "
                      "which are never added up."))  # fmt: skip
    elif not view.pipeline.meta.has_amount or not (found.before_minor or found.after_minor):
        st.markdown(_("Won revenue is not explained here: no won deal of the two periods has an amount."))
    else:
        drawn(view, found, before, after)
    if column and found.groups.height > 1:
        st.header(_("All groups"))
        change_table.draw(view, found, before, after, column)


def drawn(view: View, found: Change, before: Slice, after: Slice) -> None:
    """Draw the waterfall, by cause or by group."""
    column, money, shape = view.breakdown, found.currency, "cause"
    st.header(_("Where the difference comes from"))
    if column and found.groups.height > 1:
        ways = {"cause": _("By cause"), "group": view.label(column)}
        shape = choose(_("Taken apart by"), "parts", ways, "cause", hidden=True)
    make = changing.by_group if shape == "group" else changing.by_cause
    frame = make(found, before, after, money)
    told = sentences.joined(changing.most(found, view.label(column or ""), money))
    if told:
        st.markdown(told)
    words = {"part": _("Part"), "amount": _("Won revenue")}
    chart = waterfall(frame, words, palette(), told or _("Won revenue"), numbers.altair_locale(),
                      lambda value: numbers.money_short(round(value * 100), money))  # fmt: skip
    event = st.altair_chart(chart, theme=None, key=f"parts_{shape}_{column}", on_select="rerun")
    st.caption(
        _(
            "The parts add up to the difference, to the cent: each is its effect averaged over every order "
            "in which things could have changed. It says what the difference consists of, not what caused it."
        )
    )
    facts = [(_("Held against"), changing.words(before)), changing.method()]
    n = int(found.groups["after_deals"].sum())
    tables.card(tables.about(view, after, n, more=facts), "waterfall")
    mark = marks.pick(event)
    if shape == "group" and column and mark and not str(mark.get("key", "\0")).startswith("\0"):
        row = frame.filter(pl.col("key") == mark["key"])
        if row.height:
            picked(plain(row["told"][0]), change_table.deals(view, column, mark["key"], after), "parts")


def compared(view: View) -> None:
    """Draw one period against another."""
    before, after = changing.chosen(view)
    row = cached(against)(view.pipeline, after.with_(by=()), before.with_(by=()), view.definition).row(
        0, named=True
    )
    then = cached(rates)(view.pipeline, before.with_(by=()), view.definition)["deals"].item()
    if not row["deals"] and not then:
        sentences.answer(t(N_("No deal falls in these periods: {now} and {then}."), now=changing.words(after),
                           then=changing.words(before)))  # fmt: skip
        return
    found: Change | None = None
    failure: HitrateError | None = None
    by = (view.breakdown,) if view.breakdown else ()
    try:
        found = cached(change)(view.pipeline, before, after.with_(by=by), view.definition)
    except HitrateError as error:  # a definition that does not count deals
        failure = error
    answer, *more = changing.answer(found, row, before, found.currency if found else None)
    sentences.answer(answer)
    for line in [*more, changing.parts(found) if found else ""]:
        if line:
            st.markdown(line)
    st.caption(sentences.joined(
        t(N_("{now}, held against {then}."), now=changing.words(after), then=changing.words(before)),
        changing.partial(view, before),
    ))  # fmt: skip
    if failure is not None:
        box(failure)
    elif found is not None:
        explained(view, found, before, after)


view = current()
st.title(_("What changed"))
question = view.slice.with_(by=())
meta = view.pipeline.meta
dated = {"created": meta.has_created, "closed": meta.has_closed}[question.basis]
if not cached(rates)(view.pipeline, question.with_(start=None, end=None), view.definition)["deals"].item():
    sentences.answer(_("No deals fit these filters."))
elif not dated:
    sentences.answer(_("A change needs dates, and these deals have none of that kind."))
    st.markdown(
        _("Name a column with creation or closing dates on the review page, or add an export with them.")
    )
else:
    compared(view)
    seasons.draw(view, question)
