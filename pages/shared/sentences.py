"""The answer of each page in one sentence: its number, its doubt, and what it rests on."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from data.errors import N_
from metrics.definitions import REASONS
from pages.shared import numbers
from pages.shared.filters import shown
from pages.shared.marks import interval_text, n_of
from pages.shared.words import _, ngettext, plain, t

WHAT = {
    "decided": N_("decided deals"),
    "created": N_("deals created"),
    "cohort": N_("decided deals, by creation date"),
    "broad": N_("closed deals, disqualified ones included"),
    "value": N_("decided value"),
    "leads": N_("leads"),
    "contacted": N_("contacted leads"),
    "qualified": N_("qualified leads"),
    "meetings": N_("deals that reached a meeting"),
}
PATIENCE = 20  # times the deals there are now: beyond that a difference is too small to wait for
FEW = N_("That is too few to conclude from.")


def joined(*parts: str) -> str:
    """Return the sentences that there are, one after another."""
    return " ".join(part for part in parts if part)


def answer(sentence: str) -> None:
    """Show a page's answer, larger than text and smaller than a heading."""
    st.html("<style>.st-key-answer p { font-size: 1.2rem; line-height: 1.5; max-width: 62rem; }</style>")
    with st.container(key="answer"):
        st.markdown(sentence)


def hit_rate(row: dict[str, Any], name: str, currency: str | None = None) -> str:
    """Return what share was won, of how many, and how sure that is."""
    what = _(WHAT.get(name, N_("deals")))
    if not row["deals"]:
        return _("No deals fit these filters.")
    if row["rate"] is None:
        said = t(N_("There is no hit rate here: {reason}"), reason=_(REASONS.get(row["reason"], "")))
        return f"{said} {counts(row)}"
    rate = f"**{numbers.rate(row['rate'], n_of(row))}**"
    if row["low"] is None:
        won, of = (numbers.money_major(row[k], currency) for k in ("numerator", "denominator"))
        return t(
            N_("{rate} of the {what} was won: {won} of {of}. A rate by value has no simple interval."),
            rate=rate,
            what=what,
            won=won,
            of=of,
        )
    said = t(
        N_("{rate} of the {what} were won: {won} of {of}. 95 % interval {interval}."),
        rate=rate,
        what=what,
        won=numbers.number(row["numerator"]),
        of=numbers.number(row["denominator"]),
        interval=interval_text(row),
    )
    return said if row["enough"] else f"{said} {_(FEW)}"


def counts(row: dict[str, Any]) -> str:
    """Return how many deals are won, lost, open and disqualified."""
    kinds = [
        ("won", N_("won")),
        ("lost", N_("lost")),
        ("open", N_("open")),
        ("disqualified", N_("disqualified")),
    ]
    parts = ", ".join(f"{numbers.count(row[k])} {_(word)}" for k, word in kinds if row[k])
    whole = ngettext("{n} deal", "{n} deals", row["deals"]).format(n=numbers.count(row["deals"]))
    return f"{whole}: {parts}." if parts else f"{whole}."


def apart(row: dict[str, Any], group: str) -> str:
    """Return how one group compares with the rest; `row` is one of `compare`."""
    better = row["difference"] > 0
    template = (
        N_("{group} converts {points} better than the rest (95 % interval {low} to {high}, {n} deals).")
        if better
        else N_("{group} converts {points} worse than the rest (95 % interval {low} to {high}, {n} deals).")
    )
    return t(
        template,
        group=f"**{plain(shown(group))}**",
        points=numbers.points(abs(row["difference"])),
        n=numbers.number(row["denominator"]),
        **_ends(row),
    )


def _ends(row: dict[str, Any]) -> dict[str, str]:
    """Return the ends of a difference in points, in the direction of the sentence: 4 to 14, or −2 to 14."""
    ends = sorted((row["difference_low"], row["difference_high"]))
    if row["difference"] < 0:
        ends = [-ends[1], -ends[0]]
    sizes = [numbers.number(abs(end) * 100) for end in ends]
    low, high = (
        f"−{size}" if end < 0 and size != "0" else size for end, size in zip(ends, sizes, strict=True)
    )
    return {"low": low, "high": high}


def comparison(compared: pl.DataFrame, label: str) -> str:
    """Return the surest difference between the groups, or that there is none yet and what would settle it."""
    column = compared.columns[0]
    named = pl.col(column).is_not_null()  # blank is no group one can act on: named ones come first
    rows = compared.filter(pl.col("p").is_not_null()).sort(~named, "p")
    if compared.height < 2:
        return t(
            N_("All these deals have the same {column}, so there is nothing to compare."), column=plain(label)
        )
    if rows.is_empty():
        return t(N_("No group of {column} can be compared with the rest yet."), column=plain(label))
    rows = rows.filter("enough")
    if rows.is_empty():
        return t(N_("No group of {column} has enough deals to conclude from."), column=plain(label))
    sure = rows.filter("different")
    if sure.is_empty():
        first = rows.row(0, named=True)
        more = f" {needed(first)}" if first["more_deals"] else ""
        return (
            t(
                N_("No {column} differs from the rest by more than chance would give. The clearest gap: "),
                column=plain(label),
            )
            + apart(first, first[column])
            + more
        )
    best = apart(sure.row(0, named=True), sure.row(0, named=True)[column])
    if sure.height == 1:
        return best
    others = ngettext("One other group differs too.", "{n} other groups differ too.", sure.height - 1)
    return f"{best} {others.format(n=numbers.count(sure.height - 1))}"


def needed(row: dict[str, Any]) -> str:
    """Return how many more cases would settle a difference of this size."""
    if row["more_deals"] is None or row["more_deals"] > PATIENCE * n_of(row):
        return ""
    return ngettext(
        "About one more deal would settle it.", "About {n} more deals would settle it.", row["more_deals"]
    ).format(n=numbers.count(row["more_deals"]))


def immature(frame: pl.DataFrame, cohort: bool) -> str:
    """Return why the last stretch of a line is dashed; "" when none is."""
    if frame["mature"].all():
        return ""
    return (
        _("Dashed: many deals of these periods are still open, so the rate will still move.")
        if cohort
        else _("Dashed: the period is not over yet.")
    )


def worst_stage(funnel: pl.DataFrame) -> str:
    """Return at which stage most deals are lost, and how many get through the whole funnel."""
    lost = funnel.filter(pl.col("lost") > 0).sort("lost", descending=True)
    entered = funnel.row(0, named=True)["entered"] if funnel.height else 0
    if not entered:
        return _("No deal entered a stage within these filters.")
    if lost.is_empty():
        return ngettext(
            "{n} deal entered the funnel and it was not lost.",
            "{n} deals entered the funnel and none of them was lost.",
            entered,
        ).format(n=numbers.count(entered))
    row = lost.row(0, named=True)
    n = row["advanced"] + row["lost"]
    return t(
        N_(
            "Most deals are lost at **{stage}**: {lost} of the {n} decided there. {rate} went on, "
            "95 % interval {interval}."
        ),
        stage=plain(row["stage"]),
        lost=numbers.count(row["lost"]),
        n=numbers.count(n),
        rate=numbers.rate(row["conversion"], n),
        interval=interval_text(row, n),
    )


def change(now: dict[str, Any], before: str, enough: bool) -> str:
    """Return how a period compares with another; `now` is its row of `compare` over the two.

    `enough` is False where one of the two has too few deals to speak of.
    """
    if now["difference"] is None:
        return ""
    if not enough:
        return t(N_("too few deals to compare with {before}"), before=before)
    template = (
        N_("{points} above {before} (95 % interval {low} to {high}")
        if now["difference"] > 0
        else N_("{points} below {before} (95 % interval {low} to {high}")
    )
    said = t(template, points=numbers.points(abs(now["difference"])), before=before, **_ends(now))
    return said + (")" if now["different"] else "; " + _("within what chance gives") + ")")


LEAKS = {
    ("rest", True): N_(
        "{who} loses {excess} more of {n} deals at {where} than the others would: {rate} go on, "
        "{rest} elsewhere."
    ),
    ("rest", False): N_(
        "{who} loses {excess} more of {n} decided deals than the others would: {rate} are won, "
        "{rest} elsewhere."
    ),
    ("best", True): N_(
        "{who} loses {excess} more of {n} deals at {where} than at the rate of {other}: {rate} go on, "
        "{rest} there."
    ),
    ("best", False): N_(
        "{who} loses {excess} more of {n} decided deals than at the rate of {other}: {rate} are won, "
        "{rest} there."
    ),
    ("before", True): N_(
        "{who} loses {excess} more of {n} deals at {where} than in the period before: {rate} go on, "
        "{rest} then."
    ),
    ("before", False): N_(
        "{who} loses {excess} more of {n} decided deals than in the period before: {rate} are won, "
        "{rest} then."
    ),
    ("target", True): N_(
        "{who} loses {excess} more of {n} deals at {where} than its target allows: {rate} go on, "
        "the target is {rest}."
    ),
    ("target", False): N_(
        "{who} loses {excess} more of {n} decided deals than its target allows: {rate} are won, "
        "the target is {rest}."
    ),
}


def leak(row: dict[str, Any], currency: str | None) -> str:
    """Return one leak: who loses what where, against whom, and what it costs at the cautious end."""
    n, template = row["deals"], LEAKS[row.get("against") or "rest", bool(row["stage"])]
    said = t(
        template,
        who=f"**{plain(shown(row['value']))}** ({plain(row['label'])})",
        where=f"**{plain(row['stage'])}**" if row["stage"] else "",
        rate=numbers.rate(row["conversion"], n),
        rest=numbers.rate(row["reference"], n),
        other=plain(shown(row.get("reference_value"))),
        excess=numbers.count(round(row["excess_lost"])),
        n=numbers.count(n),
    )
    return f"{said} {stake(row, currency)}"


def stake(row: dict[str, Any], currency: str | None) -> str:
    """Return what a leak costs: the cautious end first, then the best estimate."""
    if row["revenue_at_stake"] is None:
        return t(
            N_("At stake: about {wins} wins; no amounts to price them with."),
            wins=numbers.number(row["wins_at_stake"], 1 if row["wins_at_stake"] < 10 else 0),
        )
    best = numbers.money_major(_round(row["revenue_at_stake"]), currency)
    if row["low"] <= 0:
        return t(N_("At stake: about {best}, though it may be nothing."), best=best)
    return t(
        N_("At stake: at least **{low}**, about {best}."),
        best=best,
        low=numbers.money_major(_round(row["low"]), currency),
    )


def _round(value: float) -> int:
    """Return an estimate without digits it cannot carry: two significant ones."""
    return int(float(f"{value:.2g}"))


def tested(report: Any) -> str:
    """Return how many comparisons were made and how false alarms are held down."""
    return t(
        N_(
            "{n} comparisons were made (columns: {columns}). Each is held against all the others "
            "(Benjamini-Hochberg): of the leaks shown, at most about one in ten is a false alarm."
        ),
        n=numbers.count(report.tested),
        columns=numbers.count(len(report.fields)),
    )
