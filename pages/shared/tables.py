"""Tables, what can be taken home from them, and the card that says what they count."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import polars as pl
import streamlit as st
from xlsxwriter import Workbook

from data import Slice
from data.cells import explain
from data.cells.explaining import Cell
from data.errors import N_
from metrics.definitions import BY_NAME, Definition
from pages.shared import chips, numbers
from pages.shared.downloads import disarmed
from pages.shared.spelled import number_column, written
from pages.shared.state import View
from pages.shared.words import _, locale, native, plain, t

LETTER, WIDE, WIDEST = 6, 200, 420  # px of a letter in a cell, and of a wide and the widest column of text
SHORT = 24  # letters up to which the longest text of a column has room, however rare it is
FEW = "few "  # before the name of a share: whether some of it rests on too few deals for a decimal
LONG = 900  # characters of a query beyond which it scrolls inside itself
Make = Callable[[], pl.DataFrame]


def definition(view: View) -> Definition:
    """Return the hit rate that the reader chose."""
    return BY_NAME[view.definition]


def csv(frame: pl.DataFrame, comma: bool = False, pairs: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return a CSV that the reader's own spreadsheet opens: with a decimal comma, ; between the cells.

    `pairs` say what it counts: two cells a row, after the table and an empty line.
    """
    separator = ";" if comma else ","
    table = disarmed(frame).write_csv(
        include_bom=True, separator=separator, decimal_comma=comma, datetime_format="%Y-%m-%d %H:%M"
    )
    rows = list(pairs)
    if not rows:
        return table.encode()
    card = disarmed(pl.DataFrame(rows, schema={"what": pl.String, "text": pl.String}, orient="row"))
    return f"{table}\n{card.write_csv(include_header=False, separator=separator)}".encode()


def excel(frame: pl.DataFrame, pairs: Iterable[tuple[str, str]], sheets: tuple[str, str]) -> bytes:
    """Return a workbook: the table, and a second sheet that says what it counts."""
    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        disarmed(frame).write_excel(book, worksheet=sheets[0], autofit=True)
        sheet = book.add_worksheet(sheets[1])
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for place, pair in enumerate(pairs):
            sheet.write_row(place, 0, pair, wrapped)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
    return out.getvalue()


def parquet(frame: pl.DataFrame, pairs: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the table with its types, for a notebook; `pairs` are in its metadata, under "hitrate"."""
    out = io.BytesIO()
    frame.write_parquet(out, metadata={"hitrate": json.dumps(dict(pairs), ensure_ascii=False)})
    return out.getvalue()


@dataclass(frozen=True)
class About:
    """What a number is: `facts` as (what, text) pairs, and the `query` that counted its deals."""

    facts: tuple[tuple[str, str], ...]
    query: str

    def rows(self) -> list[tuple[str, str]]:
        """Return the facts and the query, for a sheet."""
        return [*self.facts, *([(_("Query"), self.query)] if self.query else [])]


def about(
    view: View,
    question: Slice,
    n: int,
    rate: bool = True,
    more: Iterable[tuple[str, str]] = (),
    cells: Iterable[Cell] = ("outcomes",),
) -> About:
    """Return what a number is: definition, formula, filters, n, dates, and the query of these `cells`."""
    chosen, meta = definition(view), view.pipeline.meta
    first = [
        (_("Hit rate"), _(chosen.label)),
        (_("Formula"), _(chosen.formula)),
        (_("Meaning"), _(chosen.reading)),
        (_("Interval"), _("Wilson score, 95 %: where the true rate lies in 19 of 20 such samples.")),
    ]
    basis = {"created": N_("Creation date"), "closed": N_("Closing date")}[question.basis]
    span = (
        _("All time")
        if question.start is None and question.end is None
        else numbers.span(numbers.day(question.start), numbers.day(question.end))
    )
    filters = "; ".join(text for text, _names in chips.active(view.pipeline)) or _("no filter")
    facts = (
        *(first if rate else []),
        *more,
        (_("Filters"), filters),
        (_("Period"), f"{span} ({_(basis)})"),
        (_("Deals"), numbers.count(n)),
        (_("Data as of"), numbers.day(meta.as_of)),
        (_("Files"), ", ".join(dict.fromkeys(ledger.file for ledger in meta.files))),
    )
    return About(facts, query(view, question, cells))


def query(view: View, question: Slice, cells: Iterable[Cell]) -> str:
    """Return the text of the queries behind some cells, as the engine gets them."""
    stated = view.pipeline.meta.definitions
    texts = (
        explain(view.pipeline, question, cell, stated.opportunity_stage, stated.meeting_stage)
        for cell in cells
    )
    return ";\n\n".join(filter(None, texts))


def card(what: About, key: str) -> None:
    """Draw the definition card: one click away, the same place under every chart and table."""
    with st.popover(_("What this counts"), icon=":material/info:", type="tertiary", key=f"card_{key}"):
        st.markdown("\n\n".join(f"**{plain(name)}**  \n{plain(text)}" for name, text in what.facts))
        if what.query:
            st.markdown("**" + _("Query") + "**")
            tall: Any = "content" if len(what.query) < LONG else 260
            st.code(what.query, language="sql", wrap_lines=True, height=tall)


def under(what: About, make: Make, name: str, key: str, workbook: bool = True) -> None:
    """Draw the row under a chart or table: its card, and the downloads, made when they are asked for.

    A download is made in another thread, where the reader's language is not known: words come along.
    """
    comma, sheets = locale().number_symbols["latn"]["decimal"] == ",", (_("Table"), _("Definition"))
    rows = what.rows()
    with st.container(horizontal=True, gap="small", key=f"under_{key}"):
        card(what, key)
        kinds: dict[str, tuple[str, Callable[[], bytes]]] = {"CSV": ("csv", lambda: csv(make(), comma, rows))}
        if workbook:
            kinds["Excel"] = ("xlsx", lambda: excel(make(), rows, sheets))
        kinds["Parquet"] = ("parquet", lambda: parquet(make(), rows))
        for label, (ending, data) in kinds.items():
            st.download_button(
                label,
                data,
                file_name=f"{name}.{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
                key=f"{ending}_{key}",
                width="content",
                help=t(N_("Download this table as {kind}"), kind=label),
            )


def percent(frame: pl.DataFrame, columns: Iterable[str], n: pl.Expr) -> pl.DataFrame:
    """Return shares as percentages with one decimal, none under n = 100, for a column titled in %.

    One deal moves a share of fewer by more than a point: a decimal there would be made up. So where some
    have one and some have none, a table writes each as it is known.
    """
    shares = list(columns)
    known = pl.any_horizontal(pl.col(c).is_not_null() for c in shares)
    many = (n >= 100).fill_null(False)
    return frame.with_columns(
        *(
            pl.when(many)
            .then((pl.col(c) * 100).round(1))
            .otherwise((pl.col(c) * 100).round(0))
            .replace(-0.0, 0.0)
            .alias(c)
            for c in shares
        ),
        *((known & ~many).any().alias(f"{FEW}{c}") for c in shares),
    )


def show(
    frame: pl.DataFrame,
    titles: Mapping[str, str],
    key: str,
    helps: Mapping[str, str] | None = None,
    select: Literal["row", "cell"] | None = None,
    rows: int = 12,
    wide: Collection[str] = (),
    on_select: Callable[[], None] | None = None,
) -> Any:
    """Show a table under the reader's words; a dash where nothing is known. Return its selection.

    `on_select` is called when the selection changed, before the page is drawn again.
    """
    each = {name for name in titles if f"{FEW}{name}" in frame.columns and frame[f"{FEW}{name}"].any()}
    config = {
        name: _column(title, frame[name], (helps or {}).get(name), name in wide, name in each)
        for name, title in titles.items()
    }
    height: Any = "content" if frame.height <= rows else 34 * rows + 18
    return st.dataframe(
        written(frame.select(list(titles)), each),
        hide_index=True,
        column_config=config,
        key=key,
        height=height,
        placeholder=numbers.NOT_AVAILABLE,
        on_select=on_select or ("rerun" if select else "ignore"),
        selection_mode="single-cell" if select == "cell" else "single-row",
        lazy=False,
    )


def _column(title: str, values: pl.Series, help: str | None, wide: bool, each: bool) -> Any:
    kind = values.dtype
    if kind.is_numeric():
        return number_column(title, values, each, help=help)
    if kind in (pl.Date, pl.Datetime):
        return st.column_config.DateColumn(title, format="localized" if native() else None, help=help)
    if kind == pl.Boolean:
        return st.column_config.CheckboxColumn(title, help=help)
    return st.column_config.TextColumn(title, help=help, width=_room(title, values, wide))


def _room(title: str, values: pl.Series, wide: bool = False) -> int | None:
    """Return the width in px of a column of text; None where Streamlit finds it itself.

    It measures the first rows only and leaves out the odd long one: such a text would be cut.
    """
    sizes = values.cast(pl.String).fill_null("").str.len_chars().to_list()
    seen, longest = sizes[:10] or [0], max(sizes, default=0)
    most = longest if longest <= SHORT else int(pl.Series(sizes).quantile(0.9, "higher") or 0)
    needed = min(LETTER * most + 24, WIDEST)
    if wide:
        return max(WIDE, min(needed, WIDE * 3 // 2))
    cut = most > 2 * sum(seen) / len(seen) or (longest <= SHORT and longest > max(seen))
    return needed if cut and most > len(title) else None


def taken(frame: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return the table as shown, for a download: the reader's titles, each of them once."""
    names: dict[str, str] = {}
    for column, title in titles.items():
        again = sum(name.split("\0")[0] == title for name in names.values())
        names[column] = f"{title}\0{again + 1}" if again else title
    return frame.select(list(names)).rename(
        {c: n.replace("\0", " (") + ")" * ("\0" in n) for c, n in names.items()}
    )


def titled(view: View, frame: pl.DataFrame, own: Mapping[str, str]) -> pl.DataFrame:
    """Return a table of hit rates for a download, in the reader's words; `own` titles its first columns."""
    unit = f", {view.currency}" if view.currency else ""
    titles = {
        **own,
        "rate": _("Hit rate, %"),
        "low": _("95 % from"),
        "high": _("95 % to"),
        "denominator": _("n"),
        "enough": _("Enough to conclude"),
        "deals": _("Deals"),
        "won": _("Won"),
        "lost": _("Lost"),
        "open": _("Open"),
        "disqualified": _("Disqualified"),
        "won_amount": _("Won value") + unit,
        "lost_amount": _("Lost value") + unit,
    }
    ready = percent(frame, ("rate", "low", "high"), pl.col("denominator"))
    return taken(ready, titles)


def stamp(view: View, what: str, rate: bool = True) -> str:
    """Return a file name that says what it holds, under which definition, filtered or not, and of when."""
    day: date | datetime = view.pipeline.meta.as_of
    parts = ["hitrate", what, *([view.definition] if rate else [])]
    parts += ["filtered"] if chips.active(view.pipeline) else []
    return "-".join([*parts, day.isoformat()])
