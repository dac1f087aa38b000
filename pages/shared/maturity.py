"""The matured hit rate in words and frames: its horizon in the address, its answer, its curves."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import streamlit as st

from data import Pipeline, Slice
from data.errors import N_
from metrics.matured import WHY, aged, usual_horizon, why
from pages.shared import address, numbers, sentences, unread
from pages.shared.controls import choose
from pages.shared.filters import shown
from pages.shared.marks import interval_text, text
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, t

FIXED, USUAL, CUSTOM, MOST = (90, 180, 365), "usual", "own", 3650
STEPS = 12  # ages at which a curve can be read off with the mouse


def _usual(pipeline: Pipeline, question: Slice) -> int:
    return usual_horizon(aged(pipeline, question))


def usual(view: View) -> int:
    """Return the horizon by which 19 of 20 wins of these deals had come."""
    return cached(_usual)(view.pipeline, view.slice.with_(by=()))


def horizon(default: int) -> int:
    """Return the horizon the address asks for: any whole number of days; the usual one where it is none."""
    if address.one("horizon") is None and address.came("days") and whole(address.one("days")):
        address.put("horizon", CUSTOM)
    name = "days" if address.one("horizon") == CUSTOM else "horizon"
    value, aside = address.one(name), address.one("days")
    if name == "horizon" and aside is not None:
        unread.refuse("days", unread.absent(aside))
    if value is None or value == USUAL:
        return default
    if found := whole(value):
        address.settle(name)
        return found
    told = N_("“{value}” in the address is not a number of days from 1 to {most}; "
              "the usual is taken instead: {days}.")  # fmt: skip
    gaps = {"value": unread.quoted(value), "most": numbers.count(MOST), "days": numbers.days(default)}
    unread.refuse(name, t(told, **gaps))
    return default


def whole(value: str | None) -> int | None:
    """Return a text as a number of days, if it is one."""
    found = int(value) if value and re.fullmatch(r"[1-9][0-9]{0,3}", value) else 0
    return found if 1 <= found <= MOST else None


def selector(default: int) -> int:
    """Draw the choice of a horizon; return it."""
    own = whole(address.one("horizon"))
    fixed = {
        str(days): numbers.days(days)
        for days in sorted({*FIXED, *([own] if own else [])})
        if days != default or days == own
    }
    options = {USUAL: t(N_("Usual: {days}"), days=numbers.days(default)), **fixed, CUSTOM: _("Other")}
    now = horizon(default)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if choose(_("Won within"), "horizon", options, USUAL) == CUSTOM:
            if st.session_state.get("pick_days") != now:
                st.session_state["pick_days"] = now
            st.number_input(
                _("Days"), 1, MOST, key="pick_days", step=1, width=140,
                on_change=lambda: address.put("days", str(st.session_state["pick_days"])),
            )  # fmt: skip
        elif not address.came("days"):
            address.put("days", None)
    return horizon(default)


def answer(row: dict[str, Any], usual: int) -> str:
    """Return the matured rate beside the plain ones, and why they differ."""
    if not row["deals"]:
        return _("No deals fit these filters.")
    if row["deals"] == row["undated"]:
        return _(
            "A matured hit rate needs the day on which each deal was created, and on which it was closed; "
            "these deals do not have them."
        )
    if row["rate"] is None:
        return t(
            N_("No deal has been followed for {days} yet, only for {reach}: choose a shorter horizon."),
            days=numbers.days(row["horizon"]),
            reach=numbers.days(row["reach"]),
        )
    said = t(
        N_("**{rate}** of these deals are won within {days} of creation, 95 % interval {interval}."),
        rate=numbers.rate(row["rate"], row["known"]),
        days=numbers.days(row["horizon"]),
        interval=interval_text(row, row["known"]),
    )
    few = "" if row["enough"] else _(sentences.FEW)
    return sentences.joined(said, few, beside(row, usual))


def beside(row: dict[str, Any], usual: int) -> str:
    """Return the plain rates of the same deals and what sets them apart; "" where there are none."""
    decided, live = row["won"] + row["lost"], row["won"] + row["lost"] + row["open"]
    if not live:
        return ""
    plain = t(
        N_("Plainly counted, {created} of all created and {decided} of the decided deals are won.")
        if row["decided_rate"] is not None
        else N_(
            "Plainly counted, {created} of all created deals are won; no deal is lost, so the decided say "
            "nothing."
        ),
        created=numbers.rate(row["created_rate"], live),
        decided=numbers.rate(row["decided_rate"], decided),
    )
    if row["horizon"] < usual:  # `why` compares with wins at any age
        late = t(
            N_("After {days} more deals are won: 19 of 20 wins come within {usual}."),
            days=numbers.days(row["horizon"]),
            usual=numbers.days(usual),
        )
        return sentences.joined(plain, late)
    reason = why(row)
    gaps = {"open": numbers.count(row["open"]), "deals": numbers.count(row["deals"])}
    return sentences.joined(plain, t(WHY[reason], **gaps) if reason else "")


def undated(row: dict[str, Any]) -> str:
    """Return how many deals have no place on a curve, and why; "" when all do."""
    if not row["undated"]:
        return ""
    return ngettext(
        "{n} deal has no usable date, or was closed before it was created; it is in no curve.",
        "{n} deals have no usable date, or were closed before they were created; they are in no curve.",
        row["undated"],
    ).format(n=numbers.count(row["undated"]))


def too_young(groups: int, days: int) -> str:
    """Return how many groups have no rate because nobody was followed for so long."""
    return ngettext(
        "{n} group has not been followed for {days} yet and has a dash: choose a shorter horizon.",
        "{n} groups have not been followed for {days} yet and have a dash: choose a shorter horizon.",
        groups,
    ).format(n=numbers.count(groups), days=numbers.days(days))


def labelled(frame: pl.DataFrame, column: str | None) -> pl.DataFrame:
    """Return curves with the name of each."""
    if column is None:
        return frame.with_columns(label=pl.lit(_("All deals")))
    return text(frame, label=lambda r: shown(r[column]))


def drawn(frame: pl.DataFrame, until: int) -> pl.DataFrame:
    """Return curves up to an age; one with nobody left to follow stays level to there."""
    frame = frame.filter(pl.col("days") <= until)
    last = frame.group_by("label", maintain_order=True).last()
    level = last.filter((pl.col("n") == pl.col("events")) & (pl.col("days") < until))
    more = level.with_columns(days=pl.lit(until, pl.Int64), n=pl.lit(0, frame.schema["n"]))
    order = frame["label"].unique(maintain_order=True).to_list()
    place = pl.col("label").replace_strict({name: i for i, name in enumerate(order)}, return_dtype=pl.Int64)
    return pl.concat([frame, more.select(frame.columns)]).sort(place, "days")


def points(frame: pl.DataFrame, until: int) -> pl.DataFrame:
    """Return the ages at which the curves can be read off, with the texts of their tooltips."""
    ages = pl.DataFrame({"days": sorted({round(until * k / STEPS) for k in range(1, STEPS + 1)})})
    ends = frame.group_by("label", maintain_order=True).agg(end=pl.col("days").max())
    grid = ends.join(ages, how="cross").filter(pl.col("days") <= pl.col("end")).sort("days")
    read = grid.join_asof(frame.sort("days"), on="days", by="label", check_sortedness=False)
    read = read.filter(pl.col("incidence").is_not_null())
    read = text(
        read,
        age_text=lambda r: numbers.days(r["days"]),
        rate_text=lambda r: numbers.rate(r["incidence"], r["n"]),
        interval_text=lambda r: interval_text(r, r["n"]),
        n_text=lambda r: numbers.count(r["n"]),
    )
    return text(
        read,
        told=lambda r: t(
            N_("{label}: {rate}, interval {interval}, n {n}"),
            label=f"{r['label']}, {r['age_text']}",
            rate=r["rate_text"],
            interval=r["interval_text"],
            n=r["n_text"],
        ),
    )
