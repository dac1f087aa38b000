"""From the open pipeline of one snapshot to that of another: the steps, in words and for the waterfall."""

from __future__ import annotations

import polars as pl

from data.errors import N_
from data.meta import STATUSES
from pages.shared import numbers
from pages.shared.snapshots.chosen import Pair
from pages.shared.snapshots.measure import Measure
from pages.shared.snapshots.names import STEPS, TOTALS, ended, name, phrase
from pages.shared.words import _, t

SAID = 4  # parts of the difference that the sentence names
COMES = ("new", "reopened", "pulled_in", "moved_in", "increased")  # add to the pipeline; the others take away


def summed(ledger: pl.DataFrame, measure: Measure) -> dict[str, float]:
    """Return the size of every movement: deals over all currencies, or the amount in one of them."""
    sums = measure.of(ledger).group_by("movement", maintain_order=True).agg(pl.col("size").sum())
    return {movement: float(total) for movement, total in sums.iter_rows()}


def changed(ledger: pl.DataFrame) -> dict[str, int]:
    """Return how many deals are behind each movement, over all currencies."""
    sums = ledger.group_by("movement", maintain_order=True).agg(pl.col("changed").sum())
    return {movement: int(total) for movement, total in sums.iter_rows()}


def frame(sizes: dict[str, float], pair: Pair, measure: Measure) -> pl.DataFrame:
    """Return the steps as `charts.waterfall` wants them; a step of nothing is left out."""
    rows = []
    for movement in (TOTALS[0], *STEPS, TOTALS[1]):
        size, total = sizes.get(movement, 0.0), movement in TOTALS
        if not total and not size:
            continue
        text = measure.whole(size) if total else measure.signed(size)
        label = name(movement, pair.start, pair.end)
        rows.append(
            {"key": movement, "label": label, "kind": "total" if total else "step", "amount": size,
             "outcome": movement if movement in STATUSES else None, "amount_text": text,
             "told": f"{label}: {text}"}
        )  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"amount": pl.Float64, "outcome": pl.String})


def sentence(sizes: dict[str, float], pair: Pair, measure: Measure) -> str:
    """Return what the open pipeline was, what it is, and the largest parts of the difference."""
    opening, closing = (sizes.get(end, 0.0) for end in TOTALS)
    values = {
        "before": f"**{measure.said(opening)}**", "start": numbers.day(pair.start),
        "after": f"**{measure.said(closing)}**", "end": numbers.day(pair.end),
    }  # fmt: skip
    if pair.due is None:
        kinds = {
            1: N_("Open pipeline rose from {before} on {start} to {after} on {end}"),
            -1: N_("Open pipeline fell from {before} on {start} to {after} on {end}"),
            0: N_("Open pipeline stayed at {after} from {start} to {end}"),
        }
    else:
        values["due"] = numbers.within(*pair.due)
        kinds = {
            1: N_("Open pipeline due {due} rose from {before} on {start} to {after} on {end}"),
            -1: N_("Open pipeline due {due} fell from {before} on {start} to {after} on {end}"),
            0: N_("Open pipeline due {due} stayed at {after} from {start} to {end}"),
        }  # fmt: skip
    told = t(kinds[(closing > opening) - (closing < opening)], **values)
    parts = _parts(sizes, measure)
    return ended(f"{told}: {', '.join(parts)}." if parts else f"{told}.")


def _parts(sizes: dict[str, float], measure: Measure) -> list[str]:
    """Return the largest movements as parts of a sentence, in the order of the waterfall."""
    steps = {m: size for m in STEPS if (size := sizes.get(m, 0.0))}
    largest = sorted(steps, key=lambda m: -abs(steps[m]))[:SAID]
    return [_part(m, steps[m], measure) for m in STEPS if m in largest]


def _part(movement: str, size: float, measure: Measure) -> str:
    """Return "€310K came in", or "came in 12": the verbs of amounts do not fit numbers of deals."""
    own = size if movement in COMES else -size  # below 0 where what came or went are credit notes
    if measure.by_count:
        return f"{_(STEPS[movement]).lower()} {measure.brief(own)}"
    return phrase(movement, measure.brief(own))
