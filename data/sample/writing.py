"""Write a sample the way a CRM or a spreadsheet would.

Styles: `plain` is UTF-8, comma, ISO dates, decimal point, English. `dutch_excel` and `danish_excel` are
what Excel saves there: Windows-1252, semicolon, CRLF, `31-12-2025 16:05`, decimal comma, headers and
values in that language, and a totals row at the end of the deals file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from data.sample import wording
from data.sample.generating import Sample, generate

Style = Literal["plain", "dutch_excel", "danish_excel"]
MONEY = ("amount", "recurring_amount", "cost", "target", "monthly_cost", "list_price")


@dataclass(frozen=True)
class Dress:
    """How one style writes cells: language, encoding, delimiter, line end, date pattern, currency sign."""

    language: str
    encoding: str
    delimiter: str
    newline: str
    day: str
    sign: str
    excel: bool


DRESSES: dict[str, Dress] = {
    "plain": Dress("en", "utf-8", ",", "\n", "%Y-%m-%d", "", False),
    "dutch_excel": Dress("nl", "cp1252", ";", "\r\n", "%d-%m-%Y", "€ ", True),
    "danish_excel": Dress("da", "cp1252", ";", "\r\n", "%d-%m-%Y", "", True),
}
STYLE_OF: dict[str, Style] = {"en": "plain", "nl": "dutch_excel", "da": "danish_excel"}


def money(value: float | None, dress: Dress) -> str | None:
    """Write an amount: 12345.50, `€ 12.345,50` or 12.345,50."""
    if value is None:
        return None
    if not dress.excel:
        return f"{value:.2f}"
    return dress.sign + f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def as_text(frame: pl.DataFrame, dress: Dress) -> pl.DataFrame:
    """Return the frame with every cell as the text that goes into the file."""
    words = wording.values(dress.language)
    out: list[pl.Expr | pl.Series] = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if name in MONEY:
            texts = [money(value, dress) for value in frame[name].to_list()]
            out.append(pl.Series(name, texts, dtype=pl.String))
        elif name == "probability":
            out.append((column * 100).round().cast(pl.Int64).cast(pl.String))
        elif kind == pl.Date:
            out.append(column.dt.strftime(dress.day))
        elif isinstance(kind, pl.Datetime):
            out.append(column.dt.strftime(f"{dress.day} %H:%M"))
        elif kind == pl.String and name not in wording.NAMES and words:
            out.append(column.replace(words))
        else:
            out.append(column.cast(pl.String))
    return frame.select(out)


def with_totals(text: pl.DataFrame, frame: pl.DataFrame, dress: Dress) -> pl.DataFrame:
    """Append the row Excel users put below a list: a word, and the sum of the amounts."""
    total = money(float(frame["amount"].sum()), dress)
    cells: dict[str, str | None] = dict.fromkeys(text.columns) | {
        "deal_id": wording.TOTAL[dress.language],
        "amount": total,
    }
    return pl.concat([text, pl.DataFrame([cells], schema=text.schema)])


def write_table(
    frame: pl.DataFrame, table: str, path: Path, style: Style, unreadable: tuple[str, ...] = ()
) -> Path:
    """Write one table; the amounts of the deals named in `unreadable` are written as words."""
    dress = DRESSES[style]
    text = as_text(frame, dress)
    if table == "deals":
        vague = pl.col("deal_id").is_in(list(unreadable)) & pl.col("amount").is_null()
        if "snapshot_at" in frame.columns:  # of several snapshots the last alone says it in words
            vague &= pl.lit(frame["snapshot_at"] == frame["snapshot_at"].max())
        word = pl.lit(wording.UNKNOWN[dress.language])
        text = text.with_columns(amount=pl.when(vague).then(word).otherwise("amount"))
        text = with_totals(text, frame, dress) if dress.excel else text
    text = text.rename({name: wording.header(name, table, dress.language) for name in text.columns})
    buffer = io.BytesIO()
    text.write_csv(buffer, separator=dress.delimiter, line_terminator=dress.newline)
    path.write_bytes(buffer.getvalue().decode("utf-8").encode(dress.encoding))
    return path


def file_name(table: str, style: Style) -> str:
    """Return the name of a table's file, without its ending."""
    return wording.FILES[table][wording.LANGUAGES.index(DRESSES[style].language)]


def write_csv(sample: Sample, folder: Path | str, style: Style = "plain") -> list[Path]:
    """Write all tables, the snapshots (in `snapshots/`) and `truths.json` into `folder`; return the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [
        write_table(
            getattr(sample, table), table, folder / f"{file_name(table, style)}.csv", style, sample.unreadable
        )
        for table in wording.FILES
    ]
    for day, frame in sample.snapshots.items():
        (folder / "snapshots").mkdir(exist_ok=True)
        path = folder / "snapshots" / f"{file_name('deals', style)}_{day.isoformat()}.csv"
        paths.append(write_table(frame, "deals", path, style, sample.unreadable))
    paths.append(folder / "truths.json")
    paths[-1].write_text(sample.truths.to_json(), encoding="utf-8")
    return paths


def sample_files(folder: Path | str, language: str = "en", seed: int = 7) -> list[Path]:
    """Write what the one-click sample uploads: the deals and their stage history; return the two paths.

    The deals stand in one file as twelve month ends saw them, each row with the day of its snapshot: reading
    one file of twelve days takes a fifth of the time of twelve files. `language` is "en", "nl" or "da"; any
    other gives English.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    style = STYLE_OF.get(language, "plain")
    sample = generate(seed)
    days = [frame.with_columns(pl.lit(day).alias("snapshot_at")) for day, frame in sample.snapshots.items()]
    return [
        write_table(frame, table, folder / f"{file_name(table, style)}.csv", style, sample.unreadable)
        for table, frame in (("deals", pl.concat(days)), ("stage_entries", sample.stage_entries))
    ]
