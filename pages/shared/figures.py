"""The figures of the first screen, each with what it rests on, and what became of every row."""

from __future__ import annotations

import polars as pl
import streamlit as st

from data.cells import count
from data.errors import N_
from data.slice import Slice
from metrics.hit_rate import amounts
from metrics.overview import Overview
from pages.shared import address, aims, marks, numbers, tables
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, plain, t

# Five cards stand side by side on a laptop; a longer word in another language wraps instead of being cut.
STYLE = """<style>
.st-key-figures [data-testid="stMetricValue"], .st-key-figures [data-testid="stMetricValue"] * {
  font-size: 1.5rem; white-space: normal; overflow: visible; }
.st-key-figures [data-testid="stMetricLabel"] * { white-space: normal; overflow: visible; }
</style>"""


def card(label: str, value: str, under: str, help: str, line: pl.Series | None = None) -> None:
    """Draw one figure with what it rests on below it."""
    points = (
        None
        if line is None or line.drop_nulls().len() < 3
        else line.fill_null(strategy="forward").drop_nulls()
    )
    with st.container(border=True, height="stretch"):
        st.metric(label, value, help=help, chart_data=points, chart_type="line")
        st.caption(plain(under))


def revenue(view: View, question: Slice, found: Overview) -> tuple[str, str]:
    """Return the won amount and its note; several currencies are listed, never added."""
    row, won = found.rate, numbers.count(found.rate["won"])
    if row["won_amount"] is not None:
        return numbers.money_short(row["won_amount"] * 100, row["currency"]), t(N_("{n} won deals"), n=won)
    if not view.pipeline.meta.has_amount:
        return numbers.NOT_AVAILABLE, _("The file has no amounts")
    each = cached(amounts)(view.pipeline, question.with_(by=())).filter(pl.col("won_amount") > 0)
    won_each = [numbers.money_short(r["won_amount"] * 100, r["currency"]) for r in each.to_dicts()]
    return numbers.NOT_AVAILABLE, " · ".join(won_each) or _("No won deal has an amount")


def cards(view: View, question: Slice, found: Overview, months: pl.DataFrame) -> None:
    """Draw the five found."""
    row, chosen = found.rate, tables.definition(view)
    worth, note = revenue(view, question, found)
    average = numbers.money_major(row["average_deal"], row["currency"])
    pace = numbers.money_major(found.velocity, row["currency"])
    interval = t(N_("95 % interval {interval}"), interval=marks.interval_text(row))
    aim = aims.whole(row, view.definition)
    st.html(STYLE)
    with st.grid(5, min_column_width=150, gap="small", key="figures"):
        card(
            _("Hit rate"),
            numbers.rate(row["rate"], marks.n_of(row)),
            " · ".join(filter(None, (interval if row["low"] is not None else None, aim))),
            f"{_(chosen.formula)}. {_(chosen.reading)}",
            months["rate"] if months.height else None,
        )
        card(
            _("Won revenue"),
            worth,
            note,
            _("The sum of the amounts of won deals. Currencies are never added up."),
            months["won_amount"] if months.height else None,
        )
        card(
            _("Average won deal"),
            average,
            t(N_("{n} won deals with an amount"), n=numbers.count(row["won_known"])),
            _("Won revenue divided by the won deals whose amount is known."),
        )
        card(
            _("Cycle time"),
            numbers.days(found.cycle_days),
            _("median, created to won"),
            t(
                N_(
                    "Half of the won deals took this long or less. Of all deals, half were decided within "
                    "{days}, open deals counted as not decided yet."
                ),
                days=numbers.days(found.decision_days),
            ),
        )
        card(
            _("Sales velocity"),
            pace,
            t(N_("per day, from {n} open opportunities"), n=numbers.count(found.opportunities)),
            _(
                "Open opportunities × hit rate × average won deal / cycle time: "
                "the value won per day at this pace."
            ),
        )


def quality(view: View) -> None:
    """Say what became of every row, and which facts are missing."""
    meta = view.pipeline.meta
    read, kept, rejected, junk = (
        sum(getattr(f, f"rows_{k}") for f in meta.files) for k in ("read", "kept", "rejected", "junk")
    )
    st.markdown(
        t(
            N_(
                "**{read} rows read** = {kept} kept + {rejected} rejected + {junk} totals, footers or empty "
                "lines."
            ),
            read=numbers.count(read),
            kept=numbers.count(kept),
            rejected=numbers.count(rejected),
            junk=numbers.count(junk),
        )
    )
    source = meta.labels.get("source", "source") if meta.dimension("source") else None
    gaps = [
        (_("creation date"), "created_s"),
        (_("amount"), "amount_minor"),
        *([(source, "source")] if source else []),
    ]
    missing = [
        (what, cached(count)(view.pipeline, Slice(where=((column, (None,)),)))) for what, column in gaps
    ]
    parts = [
        ngettext("{n} deal has no {what}", "{n} deals have no {what}", n).format(
            n=numbers.count(n), what=plain(what)
        )
        for what, n in missing
        if n
    ]
    st.markdown("; ".join(parts) + "." if parts else _("Every deal has a creation date and an amount."))
    if st.button(_("Data and definitions"), type="tertiary", icon=":material/arrow_forward:"):
        address.go("definitions.py")
