"""What all charts share: names folded to lines, tooltips, and the finish in theme and locale."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from textwrap import TextWrapper
from typing import Any

import altair as alt
from altair.utils.schemapi import disable_debug_mode

from pages.shared.theme import Palette

# Altair would check every part against the whole schema as it is made, which takes longer than the query
# behind the chart. The finished chart is still checked once, when it is drawn.
disable_debug_mode()
FONT = "Inter, 'Source Sans', 'Source Sans Pro', system-ui, sans-serif"


def folded(text: str, width: int = 20) -> list[str]:
    """Return a label cut into lines of at most `width` characters, never losing one of them.

    A word too long for a line is cut after a / or _ in it, if there is one, before it is cut anywhere.
    """
    return _Folding(width, break_long_words=True, break_on_hyphens=True).wrap(text) or [""]


class _Folding(TextWrapper):
    def _split(self, text: str) -> list[str]:
        words = super()._split(text)
        return [part for word in words for part in (_cut(word) if len(word) > self.width else [word])]


def _cut(word: str) -> list[str]:
    return re.findall(r"[^/_]*[/_]+|[^/_]+", word)


def named(labels: Sequence[str], width: int = 20) -> str:
    """Return the Vega expression that writes label number `datum.value`, folded to lines.

    Positions stand on the axis instead of the names: two values that read alike stay two rows,
    and a name is only ever a quoted string, never part of an expression.
    """
    return f"{json.dumps([folded(label, width) for label in labels])}[datum.value]"


def centred(labels: Sequence[str], width: int = 20) -> dict[str, Any]:
    """Return the label baseline that puts folded names in the middle of their row."""
    tall = [place for place, label in enumerate(labels) if len(folded(label, width)) > 1]
    return {
        "condition": {"test": f"indexof({tall}, toNumber(datum.value)) >= 0", "value": "bottom"},
        "value": "middle",
    }


LINE = 15  # px from one line of an axis label to the next


def lifted(labels: Sequence[str], width: int = 20) -> dict[str, Any]:
    """Return the label offset that keeps names of three lines and more in the middle of their row."""
    by_lines: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        by_lines.setdefault(len(folded(label, width)), []).append(place)
    tests = [
        {"test": f"indexof({places}, toNumber(datum.value)) >= 0", "value": -(lines - 2) * LINE / 2}
        for lines, places in by_lines.items()
        if lines > 2
    ]
    return {"condition": tests, "value": 0}


def row_height(labels: Sequence[str], least: int, width: int = 20) -> int:
    """Return a row's height in px that holds its longest name."""
    return max([least, *(LINE * len(folded(label, width)) + 8 for label in labels)])


def bare(text: str) -> str:
    """Return a sentence without the marks of Markdown, for a description that is read aloud."""
    return re.sub(r"\\(.)", r"\1", text.replace("**", ""))


def tips(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    """Return a tooltip of ready-made texts: (column, title in the reader's words)."""
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in fields]


LEGEND_ROW = 20  # px


def legend(labels: Sequence[str], offset: int = 18) -> tuple[alt.Legend, int]:
    """Return a legend above the chart whose columns fit a phone, and the height in px that it takes."""
    long = max(map(len, labels), default=0)
    columns = 3 if long < 12 else 2 if long < 18 else 1
    own = alt.Legend(title=None, orient="top", columns=columns, offset=offset)
    return own, offset + LEGEND_ROW * -(-len(labels) // columns)


def filled_if(test: str, field: str, hues: alt.Scale, look: Palette) -> alt.FillValue:
    """Return the fill of marks that stay hollow unless `test` holds.

    Not `alt.condition`: its dictionary costs Altair a walk through its whole schema, 10 ms each.
    """
    own = {"test": test, "field": field, "type": "nominal", "legend": None, "scale": hues}
    return alt.FillValue(look.background, condition=own)


def finish(
    chart: alt.TopLevelMixin, look: Palette, locale: alt.Locale | None, told: str, height: int | None = None
) -> alt.TopLevelMixin:
    """Return the chart in its theme, locale and fixed height, with `told` as its description.

    All in one call: Altair copies the whole chart for each.
    """
    axis = {
        "labelColor": look.muted,
        "titleColor": look.muted,
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 13,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 600,
        "gridColor": look.grid,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        "titlePadding": 8,
    }
    legend = {
        "labelColor": look.text,
        "labelFont": FONT,
        "labelFontSize": 13,
        "labelLimit": 600,
        "title": None,
        "orient": "top",
        "symbolType": "square",
    }
    config: dict[str, Any] = {
        "axis": axis,
        "legend": legend,
        "view": {"stroke": None},
        "text": {"font": FONT, "fontSize": 12, "color": look.muted},
        **({"locale": locale.to_dict()} if locale else {}),
    }
    changes: dict[str, Any] = {"description": bare(told), "background": "transparent", "config": config}
    if height is not None:
        changes["height"] = height
    if not isinstance(chart, alt.HConcatChart | alt.VConcatChart):
        changes["width"] = "container"
    return chart.properties(**changes)
