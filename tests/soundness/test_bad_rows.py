"""A file that can be read opens, and what is wrong in its columns and cells is told or listed."""

from __future__ import annotations

import time

import polars as pl
import pytest

from data import open_exports, values
from data.meta import FileLedger
from metrics import hit_rate
from tests.soundness.bad_input import DEALS, HEADER, OPEN, changed, codes, rows, without, written


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
