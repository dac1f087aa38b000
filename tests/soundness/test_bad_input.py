"""What bad input gets: a sentence with what, where, what was seen and what to do; everything else goes on.

A file that cannot be read is refused; one that can opens, and what is wrong in it is told or listed.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data import HitrateError, Pipeline, open_exports, values
from data.meta import FileLedger
from data.reading import read
from data.workspace import Store
from metrics import hit_rate

HEADER = [
    "Deal ID",
    "Deal name",
    "Stage",
    "Status",
    "Created",
    "Close date",
    "Amount",
    "Currency",
    "Lead source",
]
STAGES = {"Won": "Closed Won", "Lost": "Closed Lost", "Open": "Proposal"}
DEALS = 12
OPEN = (2, 5, 8, 11)  # the rows that are open deals
Make = Callable[..., Path]


def rows() -> list[list[str]]:
    ends = [("Open", "Won", "Lost")[i % 3] for i in range(1, DEALS + 1)]
    return [
        [
            str(i),
            f"Deal {i}",
            STAGES[end],
            end,
            f"2026-01-{i:02d}",
            f"2026-02-{i:02d}",
            f"{i}00.50",
            "EUR",
            "Web",
        ]
        for i, end in enumerate(ends, 1)
    ]


def written(table: list[list[str]], header: list[str] = HEADER) -> bytes:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [header, *table]]
    return ("\n".join(lines) + "\n").encode()


def changed(column: str, cells: dict[int, str]) -> bytes:
    table = rows()
    for row, text in cells.items():
        table[row][HEADER.index(column)] = text
    return written(table)


def without(*columns: str) -> bytes:
    left = [i for i, name in enumerate(HEADER) if name not in columns]
    return written([[row[i] for i in left] for row in rows()], [HEADER[i] for i in left])


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[bytes], Pipeline]:
    """Open bytes as an export and hold its ledger to its promise."""

    def open_(raw: bytes, name: str = "deals.csv") -> Pipeline:
        path = tmp_path / name
        path.write_bytes(raw)
        pipeline = open_exports(path)
        for file in pipeline.meta.files:
            assert file.rows_read == file.rows_kept + file.rows_rejected + file.rows_junk
        return pipeline

    return open_


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., HitrateError]:
    """Add bytes to a workspace that has a sound file: only they may be refused, and nothing is lost."""

    def refuse(raw: bytes, name: str = "bad.csv", alone: bool = False) -> HitrateError:
        workspace = Store(tmp_path / "home").create()
        if not alone:
            workspace.receive("good.csv", io.BytesIO(written(rows())))
            workspace.commit().close()
        bad = workspace.receive(name, io.BytesIO(raw))
        with pytest.raises(HitrateError) as caught:
            workspace.commit()
        assert name in str(caught.value)
        assert caught.value.message
        assert caught.value.hint
        if not alone:
            _goes_on(workspace, bad)
        return caught.value

    return refuse


def _goes_on(workspace, bad) -> None:
    """The deals of the sound file are still served, and import again once the bad file is gone."""
    with workspace.pipeline() as pipeline:
        assert pipeline.summary()["deals"] == DEALS
    workspace.remove(bad)
    with workspace.commit() as pipeline:
        assert [f.file for f in pipeline.meta.files] == ["good.csv"]


def codes(pipeline: Pipeline) -> dict[str, int | None]:
    return {n.code: n.count for n in pipeline.meta.notices}


def workbook_of(part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", part)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows(), schema=HEADER, orient="row").write_parquet(out)
    return out.getvalue()


# Files that cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b"\r\n \n\n"])
def test_an_empty_file(refused, raw):
    assert "is empty" in str(refused(raw))


def test_a_header_only(refused):
    error = refused((",".join(HEADER) + "\n").encode(), alone=True)
    assert error.title == "No rows"
    assert "not one row below it" in str(error)


def test_a_header_only_beside_a_sound_file(tmp_path):
    (tmp_path / "deals.csv").write_bytes(written(rows()))
    (tmp_path / "none.csv").write_text("Deal ID,Stage,Amount,Country\n")
    with open_exports(tmp_path / "deals.csv", tmp_path / "none.csv") as pipeline:
        assert pipeline.summary()["deals"] == DEALS
        assert "no_rows" in codes(pipeline)


@pytest.mark.parametrize("raw", [os.urandom(4000), b"\x89PNG\r\n\x1a\n" + os.urandom(400), b"%PDF-1.7 x"])
def test_a_binary(refused, raw):
    assert (
        refused(b"\x00\x01\x02\x03\x04\x05" + raw if raw[:1] not in b"\x89%" else raw).title == "Not a table"
    )


def test_a_truncated_parquet(refused):
    assert "cut off or damaged" in str(refused(parquet()[:-40], "deals.parquet"))


def test_a_zip_bomb_as_workbook(refused):
    raw = workbook_of(bytes(300 << 20))
    assert len(raw) < 1 << 20
    start = time.monotonic()
    assert refused(raw, "deals.xlsx").title == "Too large"
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("begin", [b"", b"Deal ID,Status\n1,Won\n"])
def test_two_gigabytes_of_nothing(tmp_path, begin):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:  # sparse: it takes no room on disk
        file.write(begin)
        file.truncate(2 << 30)
    began = time.monotonic()
    with pytest.raises(HitrateError, match=r"huge\.csv is not text"):
        read(path, "huge.csv", tmp_path / "into", checksum="0" * 64)
    assert time.monotonic() - began < 10


def test_a_line_without_an_end(refused):
    error = refused(b"deal;" * (2 << 20))
    assert "no end within 8 megabytes" in str(error)


def test_every_bad_file_is_named_at_once(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "cut.parquet").write_bytes(parquet()[:200])
    with pytest.raises(HitrateError) as caught:
        open_exports(tmp_path / "empty.csv", tmp_path / "cut.parquet")
    assert "empty.csv" in str(caught.value)
    assert "cut.parquet" in str(caught.value)


def test_no_column_tells_stage_or_outcome(refused):
    error = refused(without("Stage", "Status"), alone=True)
    assert "in which stage a deal is, or how it ended" in str(error)


# Files that open ---------------------------------------------------------------------------------


def test_three_thousand_columns(opened):
    more = [f"Extra field {i}" for i in range(3000 - len(HEADER))]
    table = [row + [str(i * j % 5) for j in range(len(more))] for i, row in enumerate(rows() * 3)]
    start = time.monotonic()
    with opened(written(table, HEADER + more)) as pipeline:
        assert time.monotonic() - start < 60
        assert "too many columns" in pipeline.proposal[0]["drop"].values()
        assert len(pipeline.meta.dimensions) < 250


def test_a_column_of_all_nulls(opened):
    with opened(changed("Amount", dict.fromkeys(range(DEALS), ""))) as pipeline:
        assert codes(pipeline)["column_empty"] == DEALS
        assert pipeline.summary()["amount"] == {}  # unknown, not zero
        assert hit_rate(pipeline)["won_amount"].item() in (None, 0)


def test_two_columns_of_one_name(opened):
    raw = written([[*row, "Fair"] for row in rows()], [*HEADER, "Lead source"])
    with opened(raw) as pipeline:
        assert "same_name" in codes(pipeline)
        assert values(pipeline, "source").rows() == [("Web", DEALS)]


def test_two_date_orders_told_apart_by_their_separator(opened):
    cells = {i: "31-12-2025" if i % 2 else "12/31/2025" for i in range(DEALS)}
    with opened(changed("Created", cells)) as pipeline:
        assert codes(pipeline)["date_orders_differ"] == DEALS // 2
        deals = pl.read_parquet(pipeline.folder / "deals.parquet")
        assert deals["created_month"].cast(pl.String).unique().to_list() == ["2025-12-01"]


def test_two_date_orders_with_one_separator_are_asked_and_listed(opened):
    cells = {i: "31/12/2025" if i < 9 else "12/31/2025" for i in range(DEALS)}
    with opened(changed("Created", cells)) as pipeline:
        assert any("mixes two date orders" in q for q in pipeline.proposal[0]["questions"])
        assert pipeline.rejects().select("row", "column", "text").rows() == [
            (row, "Created", "12/31/2025") for row in (11, 12, 13)
        ]


def test_closed_before_created(opened):
    with opened(changed("Close date", {0: "2025-01-01", 1: "2025-01-01"})) as pipeline:
        assert codes(pipeline)["closed_before_created"] == 2
        assert pipeline.summary()["deals"] == DEALS


def test_negative_amounts(opened):
    with opened(changed("Amount", {0: "-500.00", 1: "(1,200.50)"})) as pipeline:
        assert codes(pipeline)["negative_amounts"] == 2
        assert pipeline.summary()["amount"] == {"EUR": sum(100 * i + 0.5 for i in range(3, 13)) - 1700.5}


def test_a_stage_nobody_ordered(opened):
    with opened(changed("Stage", {2: "Flurb", 5: "Zorgvuldig"})) as pipeline:
        assert any("partly a guess" in q for q in pipeline.proposal[0]["questions"])
        assert {"Flurb", "Zorgvuldig"} <= {s.label for s in pipeline.meta.stages()}


def test_a_stage_left_out_of_the_order(tmp_path):
    (tmp_path / "deals.csv").write_bytes(changed("Stage", {2: "Flurb"}))
    recipe = {"files": {"deals.csv": {"stage_order": {"": ["Proposal"]}}}}
    with open_exports(tmp_path / "deals.csv", recipe=recipe) as pipeline:
        assert codes(pipeline)["stage_without_place"] == 1


def test_an_id_twice_with_different_content(opened):
    table = rows()
    table[3][0] = "1"
    with opened(written(table)) as pipeline:
        assert codes(pipeline)["shared_id"] == 2
        assert pipeline.summary()["deals"] == DEALS  # neither is thrown away


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x.test","y")',
        "<script>alert(1)</script>",
        "@SUM(A1)",
        "עסקה גדולה",
        "\u202eabc",
        "🚀👩‍👩‍👧",
        "'; DROP TABLE deals; --",
        "{count}",
    ],
)
@pytest.mark.parametrize("column", ["Lead source", "Stage", "Deal name"])
def test_hostile_labels_are_text(opened, text, column):
    with opened(changed(column, dict.fromkeys(OPEN, text))) as pipeline:
        deals = pl.read_parquet(pipeline.folder / "deals.parquet")
        stored = {"Lead source": "source", "Stage": "stage", "Deal name": "deal_name"}[column]
        assert (deals[stored] == text).sum() == len(OPEN)
        if column == "Lead source":
            assert hit_rate(pipeline, by="source", where={"source": [text]})["open"].to_list() == [len(OPEN)]


def test_a_formula_in_the_header(opened):
    header = [*HEADER[:-1], "=1+1"]
    with opened(written(rows(), header)) as pipeline:
        assert pipeline.summary()["deals"] == DEALS


def test_a_nul_in_a_stage_label(opened):
    with opened(changed("Stage", dict.fromkeys(OPEN, "Pro\x00posal"))) as pipeline:
        assert codes(pipeline)["nul_characters"] == len(OPEN)
        assert [s.label for s in pipeline.meta.stages()] == ["Proposal"]


def test_no_recognisable_date(opened):
    with opened(without("Created", "Close date")) as pipeline:
        assert "no_dates" in codes(pipeline)
        assert hit_rate(pipeline)["won"].item() == 4


def test_dates_that_are_words(opened):
    with opened(changed("Created", dict.fromkeys(range(DEALS), "soon"))) as pipeline:
        assert codes(pipeline)["name_without_values"] == DEALS


def test_no_outcome_column(opened):
    table = [[*row[:2], "Proposal", *row[4:]] for row in rows()]
    with opened(written(table, [*HEADER[:3], *HEADER[4:]])) as pipeline:
        assert "open_only" in codes(pipeline)
        assert hit_rate(pipeline)["rate"].to_list() in ([None], [])  # not available, and never 0 %


def test_words_where_amounts_should_be_are_listed(opened):
    words = {0: "tbd", 1: "unknown", 2: "?", 3: "#REF!", 4: "ask Bo", 5: "n/a", 6: ""}
    with opened(changed("Amount", words)) as pipeline:
        assert pipeline.rejects()["text"].to_list() == ["tbd", "unknown", "?", "#REF!", "ask Bo"]
        ledger: FileLedger = pipeline.meta.files[0]
        assert (ledger.values_unread, ledger.rows_rejected) == (5, 0)


# Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id_", ["", "x", "../../etc/passwd", "A" * 22, "A" * 21 + "/", "%2e%2e", "\x00" * 22]
)
def test_an_unknown_workspace_id(tmp_path, id_):
    with pytest.raises(HitrateError) as caught:
        Store(tmp_path).open(id_)
    assert caught.value.title == "No such workspace"
    assert "Ask for the link again" in str(caught.value)
