"""The fair comparison in words: who only looks good by the mix, and which mix that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from data import Slice
from data.errors import N_
from metrics.mix import MixReport
from metrics.mix_fields import favours, held
from pages.shared import marks, numbers, sentences
from pages.shared.filters import shown
from pages.shared.state import View, cached
from pages.shared.words import _, ngettext, plain, t

SIDES = {
    ("better", "better"): N_("better, whatever the mix"),
    ("worse", "worse"): N_("worse, whatever the mix"),
    ("better", "same"): N_("looks better by its mix"),
    ("worse", "same"): N_("looks worse by its mix"),
    ("same", "better"): N_("better than its mix lets see"),
    ("same", "worse"): N_("worse than its mix lets see"),
    ("better", "worse"): N_("worse than its mix lets see"),
    ("worse", "better"): N_("better than its mix lets see"),
    ("same", "same"): N_("no difference shown"),
}
FEW = N_("too few to conclude")
PARTLY = N_("less clear with everybody's mix")
SEEN = 0.005  # half a point: a gap that is less is written as none


@dataclass(frozen=True)
class Fair:
    """What the page draws: the groups, best fair rate first, and the report they come from."""

    frame: pl.DataFrame
    report: MixReport
    fields: str

    @property
    def first(self) -> str:
        """Return the name of the column that holds the groups."""
        return self.frame.columns[0]

    def of(self, raw: str, fair: str) -> list[dict[str, Any]]:
        """Return the groups with enough deals that are `raw` as they are and `fair` without their mix."""
        return self.frame.filter("enough", raw_side=raw, fair_side=fair).to_dicts()


def read(report: MixReport) -> Fair:
    """Return a report with its verdicts, thin groups last."""
    inside = pl.lit(report.overall, pl.Float64).is_between(pl.col("adjusted_low"), pl.col("adjusted_high"))
    apart = (pl.col("raw_side") != "same") & (pl.col("fair_side") == "same")
    frame = held(report.frame).with_columns(by_mix=apart & inside, partly=apart & ~inside)
    frame = frame.sort("enough", "adjusted", descending=True, nulls_last=True)
    return Fair(frame, report, _and([plain(label) for label in report.labels]))


def _and(names: list[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return t(N_("{many} and {last}"), many=", ".join(names[:-1]), last=names[-1])


def drawn(fair: Fair) -> pl.DataFrame:
    """Return the frame that `charts.paired` wants."""
    frame = fair.frame.select(
        key=pl.col(fair.first).cast(pl.String).fill_null(""), raw="rate", rate="adjusted",
        low="adjusted_low", high="adjusted_high", deals="deals", side="fair_side",
        spoken=pl.col("enough") & (pl.col("by_mix") | pl.col("partly")),
    )  # fmt: skip
    frame = marks.text(
        frame,
        label=lambda r: shown(r["key"]),
        raw_text=lambda r: numbers.rate(r["raw"], r["deals"]),
        rate_text=lambda r: numbers.rate(r["rate"], r["deals"]),
        interval_text=lambda r: marks.interval_text(r, r["deals"]),
        n_text=lambda r: numbers.count(r["deals"]),
    )
    template = N_("{label}: {raw} as it is, {rate} with everybody's mix, interval {interval}, n {n}")
    names = {"label": "label", "raw": "raw_text", "rate": "rate_text", "interval": "interval_text"}
    names["n"] = "n_text"
    return marks.text(frame, told=lambda r: t(template, **{gap: r[c] for gap, c in names.items()}))


def answer(view: View, question: Slice, fair: Fair) -> tuple[list[str], list[str]]:
    """Return the page's answer and what explains it; and what else is to be said, for below the chart."""
    label = plain(view.label(question.by[0]))
    if fair.frame.height < 2:
        one = N_("All these deals have the same {column}, so there is nothing to compare.")
        return [t(one, column=label)], []
    if not fair.frame["enough"].any():
        return [t(N_("No group of {column} has enough deals to conclude from."), column=label)], []
    by_mix, turned, hidden = _by_mix(fair), _turned(fair), _hidden(fair)
    hidden = _partly(fair) + hidden
    real = fair.of("better", "better") + fair.of("worse", "worse")
    still = [_real(fair, real)] if real else []
    if by_mix:
        return [by_mix[0], *_why(view, question, fair)], [*by_mix[1:], *turned, *hidden, *still]
    if turned or hidden:
        first, *more = [*turned, *hidden, *still]
        return [first], more
    if real:
        return [t(N_("The mix of {fields} explains little."), fields=fair.fields) + " " + still[0]], []
    return [_alike(fair, label)], []


def _names(rows: list[dict[str, Any]], fair: Fair) -> str:
    return _and([f"**{plain(shown(row[fair.first]))}**" for row in rows[:4]])


def _rates(row: dict[str, Any], fair: Fair) -> dict[str, str]:
    """Return the numbers of a group as they stand in sentences."""
    n, total = row["deals"], int(fair.frame["deals"].sum())
    ends = {"low": row["adjusted_low"], "high": row["adjusted_high"]}
    return {
        "group": f"**{plain(shown(row[fair.first]))}**", "fields": fair.fields,
        "rate": numbers.rate(row["rate"], n), "fair": f"**{numbers.rate(row['adjusted'], n)}**",
        "interval": marks.interval_text(ends, n), "all": numbers.rate(fair.report.overall, total),
        "n": numbers.count(n),
    }  # fmt: skip


BY_MIX = {
    "better": N_(
        "{group} wins {rate} of {n} deals, against {all} over all, but looks that good only by the mix: with "
        "everybody's mix of {fields} it would be {fair} (95 % interval {interval}), which chance can explain."
    ),
    "worse": N_(
        "{group} wins {rate} of {n} deals, against {all} over all, but looks that poor only by the mix: with "
        "everybody's mix of {fields} it would be {fair} (95 % interval {interval}), which chance can explain."
    ),
}


def misled(fair: Fair, side: str) -> list[dict[str, Any]]:
    """Return the groups that look "better" or "worse" by their mix, the most misleading first."""
    return sorted(
        (r for r in fair.of(side, "same") if r["by_mix"]), key=lambda r: -abs(r["rate"] - r["adjusted"])
    )


def _by_mix(fair: Fair) -> list[str]:
    """Return who differs from the rest as things are, but not once the mix is taken out."""
    said = []
    for side, template in BY_MIX.items():
        rows = misled(fair, side)
        if not rows:
            continue
        more = len(rows) - 1
        others = ngettext("The same goes for one other group.", "The same goes for {n} other groups.", more)
        said.append(
            sentences.joined(t(template, **_rates(rows[0], fair)), others.format(n=more) if more else "")
        )
    return said


def _partly(fair: Fair) -> list[str]:
    """Return who differs as things are, and less clearly, but not within chance, without the mix."""
    rows = fair.frame.filter("enough", "partly").to_dicts()
    template = N_(
        "{group} wins {rate} of {n} deals, against {all} over all; part of that may be the mix: with "
        "everybody's mix of {fields} it would be {fair} (95 % interval {interval})."
    )
    return [t(template, **_rates(row, fair)) for row in rows[:1]]


def _why(view: View, question: Slice, fair: Fair) -> list[str]:
    """Return which part of the mix does it, for the group that the answer begins with."""
    found = [(r, sign) for side, sign in (("better", 1), ("worse", -1)) for r in misled(fair, side)]
    if not found:
        return []
    row, sign = found[0]
    mix = cached(favours)(view.pipeline, question, row[fair.first], fair.report.fields, view.definition)
    parts = mix.filter(pl.col("lift") * sign >= 0.005).head(2).to_dicts()
    total = int(fair.frame["deals"].sum())
    said = [
        t(
            N_("{own} of these deals have {field} “{value}”, {share} of all do; of those {rate} are won."),
            own=numbers.rate(part["own_share"], row["deals"]), field=plain(view.label(part["field"])),
            value=plain(shown(part["value"])), share=numbers.rate(part["share"], total),
            rate=numbers.rate(part["rate"], round(part["share"] * total)),
        )
        for part in parts
    ]  # fmt: skip
    return [" ".join(said)] if said else []


def _turned(fair: Fair) -> list[str]:
    """Return the clearest pair whose order the mix turns round, where that is more than chance."""
    name = pl.col(fair.first).cast(pl.String).fill_null("-")
    pairs = fair.report.reversals
    for side in ("better", "worse"):
        ends = fair.frame.select(
            name.alias(side), pl.col("low").alias(f"{side}_low"), pl.col("deals").alias(f"{side}_n"),
            pl.col("adjusted_low").alias(f"{side}_fair_low"),
        )  # fmt: skip
        pairs = pairs.join(ends, on=side, maintain_order="left")
    sure = pairs.filter(
        (pl.col("better_rate") < pl.col("worse_low"))
        | (pl.col("worse_adjusted") < pl.col("better_fair_low")),
        pl.col("better_adjusted") - pl.col("worse_adjusted") >= SEEN,
        pl.col("worse_rate") - pl.col("better_rate") >= SEEN,
    )
    if sure.is_empty():
        return []
    row = sure.row(0, named=True)
    rates = {
        f"{side}_{what}": numbers.rate(row[f"{side}_{what}"], row[f"{side}_n"])
        for side in ("better", "worse") for what in ("rate", "adjusted", "share")
    }  # fmt: skip
    said = t(
        N_(
            "The mix turns an order round (Simpson's paradox): {better} wins {better_rate} and {worse} "
            "{worse_rate}, but with the same mix {better} would win {better_adjusted} and {worse} "
            "{worse_adjusted}."
        ),
        better=f"**{plain(row['better'])}**", worse=f"**{plain(row['worse'])}**",
        **{gap: text for gap, text in rates.items() if not gap.endswith("share")},
    )  # fmt: skip
    if row["stratum"] is None:
        return [said]
    more = t(
        N_("Most of it: {better_share} and {worse_share} of their deals are {stratum}, with {rate} won."),
        better_share=rates["better_share"], worse_share=rates["worse_share"],
        stratum=plain(row["stratum"]), rate=numbers.rate(row["stratum_rate"]),
    )  # fmt: skip
    return [f"{said} {more}"]


def _hidden(fair: Fair) -> list[str]:
    """Return who differs only once the mix is taken out."""
    said = []
    for side, template in (
        ("better", N_("Better than their mix lets see: {groups}.")),
        ("worse", N_("Worse than their mix lets see: {groups}.")),
    ):
        if rows := fair.of("same", side):
            said.append(t(template, groups=_names(rows, fair)))
    return said


def _real(fair: Fair, rows: list[dict[str, Any]]) -> str:
    """Return who differs from the rest with the mix taken out as well."""
    up = [r for r in rows if r["fair_side"] == "better"]
    down = [r for r in rows if r["fair_side"] == "worse"]
    first = (up or down)[0]
    template = (
        N_("With everybody's mix {group} still wins more: {fair} (95 % interval {interval}), against {all}.")
        if up
        else N_(
            "With everybody's mix {group} still wins less: {fair} (95 % interval {interval}), against {all}."
        )
    )
    said = [t(template, **_rates(first, fair))]
    if up[1:]:
        said.append(t(N_("Better too: {groups}."), groups=_names(up[1:], fair)))
    if low := down if up else down[1:]:
        said.append(t(N_("Worse too: {groups}."), groups=_names(low, fair)))
    return " ".join(said)


def _alike(fair: Fair, label: str) -> str:
    able = fair.frame.filter("enough")
    same = able.sort("rate", descending=True)[fair.first].to_list() == able[fair.first].to_list()
    first = t(
        N_(
            "No {column} differs from the others by more than chance would give, with or without the mix of "
            "{fields}."
        ),
        column=label, fields=fair.fields,
    )  # fmt: skip
    more = (
        _("Their order does not change.") if same else _("Their order changes only within what chance gives.")
    )
    return f"{first} {more}"


def thin(fair: Fair) -> str:
    """Return how many combinations were too small for a rate of their own; "" when none was."""
    report = fair.report
    if not report.thin:
        return ""
    share = numbers.rate(report.thin_share)
    n = numbers.count(report.thin)
    return ngettext(
        "{n} combination of these fields has under 20 deals ({share} of all) and no rate of its own.",
        "{n} combinations of these fields have under 20 deals each ({share} of all); they share one rate.",
        report.thin,
    ).format(n=n, share=share)
