"""Fair comparison: who is better, and who only has the better deals."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from data import HitrateError, Slice
from data.errors import N_
from metrics.hit_rate import rates
from metrics.mix import OUTCOMES, mix_adjusted
from metrics.mix_fields import MANY, telling_fields
from pages.shared import address, drilling, fair_table, fairness, filters, marks, numbers, ranks, sentences
from pages.shared.charts.paired import paired
from pages.shared.controls import hint, picked
from pages.shared.errors import box
from pages.shared.state import View, cached, current
from pages.shared.theme import palette
from pages.shared.unread import absent, refuse
from pages.shared.words import _, plain, t

MOST, NAME, NONE = 24, "mix", "-"


def able(view: View, by: str) -> list[str]:
    """Return the fields one may adjust for."""
    few = {d.column for d in view.pipeline.meta.dimensions if 1 < d.values <= 10 * MANY}
    listed = filters.breakdowns(view.pipeline.meta)
    return [c for c in listed if c != by and c in few and c not in OUTCOMES]


def fields(view: View, question: Slice) -> list[str]:
    """Return the fields the address asks to adjust for, else the proposed ones, and draw their selector."""
    options = able(view, question.by[0])
    own = [c for c in cached(telling_fields)(view.pipeline, question, view.definition) if c in options]
    asked = [c for c in address.many(NAME) if c in options]
    now = asked or ([] if address.many(NAME) == (NONE,) else own)
    gone = [c for c in address.many(NAME) if c not in (*asked, NONE)]
    if gone:
        refuse(NAME, " ".join(absent(c) for c in gone[:3]), keep=asked)
    key = f"choose_{NAME}"
    if st.session_state.get(key) != now:
        st.session_state[key] = now

    def keep() -> None:
        chosen: list[str] = st.session_state[key]
        address.put(NAME, None if sorted(chosen) == sorted(own) else chosen or NONE)

    st.multiselect(
        _("Adjusted for"), options, key=key, format_func=view.label, on_change=keep,
        placeholder=_("Choose a field"),
        help=_("Proposed: the fields whose mix moves this comparison most, as far as deals share them."),
    )  # fmt: skip
    return now


def nothing(options: Sequence[str]) -> str:
    """Return why there is no comparison without the mix."""
    if not options:
        return _("A fair comparison needs a second field, such as the lead source; this file has only one.")
    return _("Choose a field to adjust for: by itself, none of this file moves the comparison.")


def compared(view: View, question: Slice, chosen: Sequence[str]) -> fairness.Fair:
    """Draw the groups as they are and with everybody's mix: sentence, dots, table."""
    fair = fairness.read(cached(mix_adjusted)(view.pipeline, question, list(chosen), view.definition))
    (answer, *why), more = fairness.answer(view, question, fair)
    with said:
        sentences.answer(answer)
        for line in why:
            st.markdown(line)
    drawn, column = fairness.drawn(fair), question.by[0]
    words = {
        "group": view.label(column), "raw": _("As it is"), "rate": _("Hit rate with everybody's mix"),
        "interval": _("95 % interval"), "n": _("n"),
    }  # fmt: skip
    top = drawn.head(MOST)
    chart = paired(top, words, palette(), answer, fair.report.overall, numbers.altair_locale())
    event = st.altair_chart(chart, theme=None, key=f"fair_{column}", on_select="rerun")
    told = N_(
        "○ as it is, ● with everybody's mix and its interval. Dashed line: all deals, {rate}. ▲ better and "
        "▼ worse than its mix gives, beyond chance. Click a row for its deals."
    )
    rate = numbers.rate(fair.report.overall, int(fair.frame["deals"].sum()))
    st.caption(sentences.joined(t(told, rate=rate), fairness.thin(fair), hint(MOST, drawn.height)))
    if (mark := marks.pick(event)) and (row := drawn.filter(pl.col("key") == mark.get("key"))).height:
        where = drilling.one(column, mark["key"])
        picked(
            plain(row["told"][0]), drilling.denominator(view.pipeline.meta, view.definition, where), "fair"
        )
    for line in more:
        st.markdown(line)
    st.header(_("All groups"))
    fair_table.draw(view, question, fair)
    return fair


view = current()
st.title(_("Fair comparison"))
column = view.breakdown
whole = cached(rates)(view.pipeline, view.slice.with_(by=()), view.definition).row(0, named=True)
if column is None:
    sentences.answer(_("A fair comparison needs a column to break down by; this file has none."))
elif not whole["deals"] or whole["rate"] is None:
    sentences.answer(sentences.hit_rate(whole, view.definition))
else:
    question = view.slice.with_(by=(column,))
    said = st.container(key="said")
    by_mix: set[str | None] = set()
    chosen = fields(view, question)
    if not chosen:
        with said:
            sentences.answer(nothing(able(view, column)))
    else:
        try:
            fair = compared(view, question, chosen)
            misled = [*fairness.misled(fair, "better"), *fairness.misled(fair, "worse")]
            by_mix = {row[fair.first] for row in misled}
        except HitrateError as error:
            box(error)
    ranks.draw(view, question, by_mix)
