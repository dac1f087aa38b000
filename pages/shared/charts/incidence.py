"""How long it takes: the share won by every age, a step line per group with its interval as a pale band."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from pages.shared.charts import lines
from pages.shared.charts.look import finish, tips
from pages.shared.theme import Palette

HEIGHT, FOLD = 360, 14


def incidence(
    frame: pl.DataFrame,
    points: pl.DataFrame,
    words: Mapping[str, str],
    look: Palette,
    told: str,
    horizon: int,
    locale: alt.Locale | None = None,
) -> alt.TopLevelMixin:
    """Return cumulative incidence curves, at most five, each with its name at its end.

    `frame`: `label`, `days`, `incidence`, `low`, `high` (0..1; null bounds leave a gap in the band).
    `points`: the ages at which a curve can be read off: `label`, `days`, `incidence`, and the texts
    `age_text`, `rate_text`, `interval_text`, `n_text`, `told`. `horizon`: the age marked by a thin rule.
    `words`: "group", "age", "rate", "interval", "n", "horizon".
    """
    names = frame["label"].unique(maintain_order=True).to_list()[: lines.MOST]
    data = frame.filter(pl.col("label").is_in(names))
    top = lines.ceiling(data, "incidence")
    last = max([*data["days"], horizon, 1])
    colour = alt.Color("label:N", legend=None, scale=alt.Scale(domain=names, range=lines.hues(look)))
    x = alt.X(
        "days:Q",
        title=words["age"],
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(grid=False, tickCount=6, format=",d", labelOverlap=True, tickMinStep=1),
    )
    y = lines.rates("incidence", words["rate"], top)
    base = alt.Chart(data)
    band = base.mark_area(
        aria=False, interpolate="step-after", opacity=0.18 if len(names) == 1 else 0.09
    ).encode(x=x, y=alt.Y("low:Q", title=words["rate"]), y2="high:Q", color=colour)
    line = base.mark_line(aria=False, interpolate="step-after", strokeWidth=2.5).encode(
        x=x, y=y, color=colour
    )
    rule = alt.Chart(pl.DataFrame({"days": [horizon], "text": [words["horizon"]]})).encode(x="days:Q")
    mark = rule.mark_rule(aria=False, color=look.text, strokeDash=[4, 3], strokeWidth=1)
    right = horizon > last * 0.7
    name = rule.mark_text(
        aria=False, align="right" if right else "left", dx=-5 if right else 5, baseline="top", color=look.text
    ).encode(y=alt.YValue(2), text="text:N")
    seen = alt.Chart(points.filter(pl.col("label").is_in(names)))
    tip = tips(
        *([("label", words["group"])] if len(names) > 1 else []),
        ("age_text", words["age"]),
        ("rate_text", words["rate"]),
        ("interval_text", words["interval"]),
        ("n_text", words["n"]),
    )
    touch = seen.mark_point(size=420, opacity=0.001, filled=True).encode(
        x=x, y=y, tooltip=tip, description="told:N"
    )
    layers: list[alt.Chart] = [mark, band, line, name]
    if len(names) > 1:
        layers.append(lines.names(data, "incidence", colour, top, HEIGHT - 70, FOLD))
    return finish(alt.layer(*layers, touch), look, locale, told, height=HEIGHT)
