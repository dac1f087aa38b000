"""Where the funnel leaks: one bar per stage, kept and lost in it, the conversion written below."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts.look import centred, finish, lifted, named, tips
from pages.shared.theme import Palette

ROW, FOLD = 66, 18
PARTS = ("advanced", "still_there", "moved_back", "disqualified", "lost")


def stages(
    frame: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    locale: alt.Locale | None = None,
    legend: bool = True,
) -> alt.TopLevelMixin:
    """Return horizontal bars, one per stage in order.

    Columns: `stage_no`, `stage` (label as in the user's file), `entered`, the five parts it is the sum
    of (`advanced`, `still_there`, `moved_back`, `disqualified`, `lost`), the texts `between`
    (conversion and median days, written under the bar), `entered_text` (at the bar's end), `told`, and
    each part's count as text (`advanced_text` ...).
    `words`: each part's name, plus "stage", "deals", "part".
    """
    data = frame.with_row_index("place").with_columns(pl.col("place").cast(pl.String))
    places, labels = data["place"].to_list(), data["stage"].to_list()
    parts = [part for part in PARTS if frame[part].sum()]
    y = alt.Y(
        "place:N",
        sort=places,
        scale=alt.Scale(domain=places, paddingInner=0.52, paddingOuter=0.26),
        axis=alt.Axis(
            labelExpr=named(labels, FOLD),
            labelBaseline=centred(labels, FOLD),
            labelOffset=lifted(labels, FOLD),
            title=None,
            grid=False,
            labelColor=look.text,
            description=", ".join(labels),
        ),
    )
    top: int = max(data["entered"], default=0) or 1
    scale = alt.Scale(domain=[0, top * 1.13])
    hues = (look.won, look.open, look.series[3], look.disqualified, look.lost)
    colours = dict(zip(PARTS, hues, strict=True))
    key = alt.Legend(title=None, orient="top", columns=2)  # fits a phone
    colour = alt.Color(
        "part_text:N",
        sort=None,
        legend=key if legend else None,
        scale=alt.Scale(domain=[words[p] for p in parts], range=[colours[p] for p in parts]),
    )
    pick = alt.selection_point("pick", fields=["stage_no", "part"], on="click", clear="dblclick")
    long = _long(data, words)
    start, end = alt.X("start:Q", scale=scale, axis=None), alt.X2("end:Q")
    bar = (
        alt.Chart(long)
        .mark_bar(cursor="pointer", stroke=look.background, strokeWidth=1)
        .encode(
            y=y,
            x=start,
            x2=end,
            color=colour,
            description="part_told:N",
            tooltip=tips(
                ("stage", words["stage"]), ("part_text", words["part"]), ("deals_text", words["deals"])
            ),
        )
        .add_params(pick)
    )
    inside = (
        alt.Chart(long.filter((pl.col("end") - pl.col("start")) > top * 0.09))
        .mark_text(aria=False, color=look.background, fontSize=12, fontWeight=600)
        .encode(y=y, x=alt.X("middle:Q", scale=scale, axis=None), text="deals_text:N")
    )
    base = alt.Chart(data)
    count = base.mark_text(aria=False, align="left", dx=6, color=look.text).encode(
        y=y, x=alt.X("entered:Q", scale=scale, axis=None), text="entered_text:N"
    )
    between = base.mark_text(align="left", dy=ROW / 2, fontSize=12, color=look.muted).encode(
        y=y, x=alt.XValue(2), text="between:N", description="told:N"
    )
    around = 12 + (8 + 22 * ((len(parts) + 1) // 2) if legend else 0)
    return finish(
        alt.layer(bar, inside, count, between), look, locale, told, height=ROW * len(places) + around
    )


def _long(data: pl.DataFrame, words: Mapping[str, str]) -> pl.DataFrame:
    """Return one row per stage and part, with where its piece of the bar starts and ends."""
    rank = {part: place for place, part in enumerate(PARTS)}
    long = data.unpivot(
        on=list(PARTS), index=["place", "stage_no", "stage", "told"], variable_name="part", value_name="deals"
    ).sort("place", pl.col("part").replace_strict(rank))
    end = pl.col("deals").cum_sum().over("place")
    texts = data.unpivot(on=[f"{p}_text" for p in PARTS], index="place", value_name="deals_text").select(
        "place", "deals_text", part=pl.col("variable").str.strip_suffix("_text")
    )
    return (
        long.with_columns(
            end=end,
            start=end - pl.col("deals"),
            middle=end - pl.col("deals") / 2,
            part_text=pl.col("part").replace_strict({p: words[p] for p in PARTS}),
        )
        .join(texts, on=["place", "part"])
        .filter(pl.col("deals") > 0)
        .with_columns(part_told=pl.format("{}: {}, {}", "stage", "part_text", "deals_text"))
    )
