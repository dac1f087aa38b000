"""Targets of the workspace: to read, to set, and in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from data import HitrateError
from data.errors import N_
from data.meta import Meta
from data.workspace.targets import RateTarget, not_a_target
from metrics.targets import READINGS, Target, against_targets, benchmark, reading
from pages.shared import numbers, state
from pages.shared.errors import box
from pages.shared.filters import shown
from pages.shared.leak_facts import Step
from pages.shared.state import View
from pages.shared.words import _, plain, t

VERDICTS = {
    "above": N_("above target"),
    "below": N_("below target"),
    "within": N_("within its band"),
    "not known": N_("not settled"),
}
LISTED = 60  # groups that can be given a target on screen: the largest
PERCENTAGE = re.compile(r"(100([.,]0)?|\d{1,2}([.,]\d)?)")
Rows = Sequence[tuple[str, RateTarget]]
Now = tuple[float | None, int] | None


def stored() -> tuple[RateTarget, ...]:
    """Return the targets of the workspace; none where there is no workspace."""
    here = state.workspace()
    return tuple(here.manifest.targets) if here is not None else ()


def _target(found: RateTarget) -> Target:
    return Target(found.low, found.high)


def of_rates(definition: str, column: str | None) -> tuple[dict[str | None, Target], Target | None]:
    """Return the targets of a column's values under a definition, and the one for all deals."""
    own = [a for a in stored() if a.stage is None and a.definition == definition]
    values = {a.value: _target(a) for a in own if column is not None and a.column == column}
    return values, next((_target(a) for a in own if a.column is None), None)


def of_steps(meta: Meta, run: str | None) -> tuple[Step, ...]:
    """Return the targets that leaks can be held against, as plain tuples, so that answers can be kept.

    Where stages are not known the step is the decided hit rate, and so is its target.
    """
    staged, run = meta.stage_source != "none", None if meta.stages() else run
    found = [
        a
        for a in stored()
        if (a.stage is not None and a.pipeline == run if staged else a.definition == "decided")
        and (a.column is None or a.value is not None)
    ]
    return tuple((a.low, a.stage, a.column, a.value) for a in found)


def measured(frame: pl.DataFrame, column: str | None, definition: str) -> pl.DataFrame:
    """Return groups with their targets: target_low, target_high, wins_short, and `aim`, the verdict."""
    values, everyone = of_rates(definition, column)
    found = against_targets(frame, frame.columns[0] if column else None, values, everyone)
    return frame.with_columns(found.select("target_low", "target_high", "wins_short", aim="verdict"))


def written(low: float | None, high: float | None) -> str:
    """Return a target or a band as a percentage; "" where there is none."""
    if low is None:
        return ""
    known = [end for end in (low, high) if end is not None]
    exact = any(round(end * 1000) % 10 for end in known)  # a target has the decimal it was given
    ends = [numbers.rate(end, 100 if exact else None) for end in known]
    return ends[0] if len(ends) < 2 or ends[0] == ends[1] else numbers.span(*ends)


def sentence(frame: pl.DataFrame) -> str:
    """Return which groups are surely below or above their target; "" where nobody has one."""
    known = frame.drop_nulls("target_low")
    if known.is_empty():
        return ""
    said = []
    for verdict, template in (
        ("below", N_("Below target beyond chance: {groups}.")),
        ("above", N_("Above target beyond chance: {groups}.")),
    ):
        rows = known.filter(aim=verdict).to_dicts()
        names = [f"**{plain(shown(r[frame.columns[0]]))}**" for r in rows[:5]]
        if names:
            said.append(t(template, groups=", ".join(names)))
    return " ".join(said) or _("Nobody is above or below target by more than chance would give.")


def whole(row: dict[str, Any], definition: str) -> str:
    """Return how one rate of all deals stands to its target, or what its size usually means."""
    _values, everyone = of_rates(definition, None)
    if everyone is None or row["rate"] is None:
        return ""
    own = {c: row[c] for c in ("rate", "low", "high", "enough", "numerator", "denominator")}
    frame = pl.DataFrame([own]).with_columns(pl.col("rate", "low", "high").cast(pl.Float64))
    told = against_targets(frame, None, {}, everyone).row(0, named=True)
    target, verdict = written(told["target_low"], told["target_high"]), VERDICTS[told["verdict"]]
    return t(N_("Target {target}: {verdict}"), target=target, verdict=_(verdict))


def hint(frame: pl.DataFrame, overall: float | None) -> str:
    """Return what to measure by where no target is set: the own benchmark, and what so large a rate means."""
    best = benchmark(frame)
    said = [_(READINGS[reading(overall)])]
    if best is not None and frame.height > 1:
        told = N_("Of your own groups **{group}** shows what can be reached: {rate}, surely at least {low}.")
        n = int(best["denominator"])  # type: ignore[call-overload]
        gaps = {"rate": numbers.rate(best["rate"], n), "low": numbers.rate(best["low"], n)}  # type: ignore[arg-type]
        said.append(t(told, group=plain(shown(best[frame.columns[0]])), **gaps))  # type: ignore[arg-type]
    return " ".join(said)


def typed(text: str | None) -> float | None:
    """Return the rate (0..1) that a reader typed as a percentage, with a comma or a point; None for nothing.

    HitrateError for what is no percentage.
    """
    if text is None or not text.strip():
        return None
    if not PERCENTAGE.fullmatch(text.strip()):
        raise not_a_target()
    return round(float(text.replace(",", ".")) / 100, 4)


def percentage(rate: float | None) -> str | None:
    """Return a rate as a reader types it back: 32,5, or 30."""
    size = None if rate is None else round(rate * 100, 1)
    return None if size is None else numbers.number(size, 0 if size == int(size) else 1)


def editor(key: str, head: str, rows: Rows, intro: str, now: Callable[[RateTarget], Now]) -> None:
    """Draw a table in which a reader sets a target, or a band, per row; nothing without a workspace.

    Each row is a name and whose target it is; `now` gives the rate that the row has at present and its n.
    """
    here = state.workspace()
    if here is None:
        return
    with st.expander(head), st.form(f"targets_{key}", border=False):
        st.markdown(intro)
        known = {a.whose: a for a in here.manifest.targets}
        found = [known.get(template.whose) for _name, template in rows]
        frame = pl.DataFrame(
            {
                "name": [name for name, _t in rows],
                "now": _told([now(template) for _name, template in rows]),
                "low": [percentage(a.low if a else None) for a in found],
                "high": [percentage(a.high if a else None) for a in found],
            },
            schema=dict.fromkeys(("name", "now", "low", "high"), pl.String),
        )
        # Texts, not numbers: a cell that can be edited takes no text beside its value, so a number would be
        # shown, and had to be typed, the browser's way. What is typed is checked here and when it is saved.
        percent: dict[str, Any] = {"validate": f"^{PERCENTAGE.pattern}$", "alignment": "right"}
        config = {
            "name": st.column_config.TextColumn(_("For"), disabled=True),
            "now": st.column_config.TextColumn(_("Now"), disabled=True, alignment="right"),
            "low": st.column_config.TextColumn(_("Target, %"), **percent),
            "high": st.column_config.TextColumn(_("Band up to, %"), **percent),
        }
        edited = st.data_editor(
            frame, column_config=config, hide_index=True, key=f"aims_{key}", placeholder=numbers.NOT_AVAILABLE
        )
        if st.form_submit_button(_("Save targets"), key=f"save_{key}"):
            _save(rows, edited)


def _told(found: Sequence[Now]) -> list[str]:
    """Return rates with their n as texts with the same number of decimals; "" where none is asked for."""
    least = min((one[1] for one in found if one is not None and one[0] is not None), default=0)
    return ["" if one is None else numbers.rate(one[0], least) for one in found]


def _save(rows: Rows, edited: pl.DataFrame) -> None:
    """Put what was typed in place of the targets of these rows."""
    here = state.workspace()
    if here is None:
        return
    gone = {template.whose for _name, template in rows}
    kept = [a for a in here.manifest.targets if a.whose not in gone]
    try:
        for (_name, template), cells in zip(rows, edited.to_dicts(), strict=True):
            if (low := typed(cells["low"])) is not None:
                kept.append(template.model_copy(update={"low": low, "high": typed(cells["high"])}))
        here.set_targets(kept)
    except HitrateError as error:
        box(error)
        return
    st.toast(_("The targets are saved."))
    st.rerun()


def of_stages(view: View, frame: pl.DataFrame, run: str | None, values: Sequence[str]) -> None:
    """Draw the targets of each stage's step, for all deals and for the largest groups of the breakdown."""
    column, steps = view.breakdown, frame.to_dicts()
    run = run if not view.pipeline.meta.stages() else None
    whose: list[tuple[str, dict[str, Any]]] = [(_("All deals"), {})]
    whose += [(shown(v), {"column": column, "value": v}) for v in values if column and v]
    rows = [
        (f"{row['stage']}: {name}", RateTarget(low=0, stage=row["stage_no"], pipeline=run, **own))
        for name, own in whose
        for row in steps
    ]
    intro = _("The share that goes on from a stage. Leaks can then be held against these targets.")
    everyone = {row["stage_no"]: (row["conversion"], row["advanced"] + row["lost"]) for row in steps}
    head = _("Targets per stage")
    editor("steps", head, rows, intro, lambda a: None if a.column else everyone[a.stage or 0])


def of_groups(view: View, frame: pl.DataFrame, column: str, overall: dict[str, Any]) -> None:
    """Draw the targets of a column's values, and the one for all deals."""
    blank = RateTarget(low=0, definition=view.definition)
    names = frame.sort("deals", descending=True, maintain_order=True).head(LISTED).to_series(0).to_list()
    own = [(shown(v), blank.model_copy(update={"column": column, "value": v})) for v in names]
    rates = {row[frame.columns[0]]: row for row in frame.to_dicts()}

    def now(template: RateTarget) -> Now:
        row = overall if template.column is None else rates[template.value]
        return row["rate"], int(row["denominator"] or 0)

    head = t(N_("Targets: {column}"), column=view.label(column))
    editor(f"rate_{column}", head, [(_("All deals"), blank), *own], hint(frame, overall["rate"]), now)
