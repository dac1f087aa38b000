"""Stage entries seen by comparing exports, beside an uploaded history."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from data.pipeline import Pipeline
from metrics import snapshots
from tests.exports import exports

ONE = {"Id": "1", "Status": "open", "Stage": "Lead", "Created": "2026-01-05"}


def windows(pipeline: Pipeline, deal: str = "1") -> list[tuple[object, ...]]:
    found = snapshots.entry_windows(pipeline, deal)
    text = [pl.col(n).dt.strftime("%m-%d") for n in ("window_start", "window_end")]
    return found.select("stage", *text, "exact", "origin").rows()


def test_an_entry_lies_between_the_two_exports_that_show_it(tmp_path: Path) -> None:
    days = {"2026-02-01": [ONE], "2026-02-08": [ONE], "2026-02-15": [ONE | {"Stage": "Meeting"}]}
    with exports(tmp_path, days) as pipeline:
        assert windows(pipeline)[-1] == ("Meeting", "02-08", "02-15", False, "snapshots")
        assert pipeline.meta.stage_source == "history"
        assert pipeline.meta.counts["entries_from_snapshots"] == 2


def test_a_new_deal_entered_after_it_was_created(tmp_path: Path) -> None:
    new = ONE | {"Id": "2", "Stage": "Meeting", "Created": "2026-02-04"}
    with exports(tmp_path, {"2026-02-01": [ONE], "2026-02-08": [ONE, new]}) as pipeline:
        assert windows(pipeline, "2") == [("Meeting", "02-04", "02-08", False, "snapshots")]


def test_the_uploaded_history_counts_and_the_snapshots_add_what_it_does_not_tell(tmp_path: Path) -> None:
    history = [
        {"Id": "1", "Stage": s, "When": f"2026-{d}"} for s, d in (("Lead", "01-05"), ("Meeting", "02-03"))
    ]
    days = {
        "2026-02-01": [ONE, ONE | {"Id": "2"}],
        "2026-02-08": [ONE | {"Stage": "Meeting"}, ONE | {"Id": "2"}],
        "2026-02-15": [ONE | {"Stage": "Offer"}, ONE | {"Id": "2", "Stage": "Offer"}],
    }
    with exports(tmp_path, days, history=history) as pipeline:
        assert windows(pipeline) == [
            ("Lead", "01-05", "01-05", True, "history"),
            ("Meeting", "02-03", "02-03", True, "history"),
            ("Offer", "02-08", "02-15", False, "snapshots"),
        ]
        assert [w[0] for w in windows(pipeline, "2")] == ["Lead", "Offer"]
        assert snapshots.contradictions(pipeline).is_empty()


def test_what_the_history_does_not_have_at_that_time_is_a_contradiction(tmp_path: Path) -> None:
    told = (("Lead", "01-05"), ("Meeting", "02-20"), ("Offer", "03-01"))
    history = [{"Id": "1", "Stage": s, "When": f"2026-{d}"} for s, d in told]
    days = {"2026-02-01": [ONE], "2026-02-08": [ONE | {"Stage": "Meeting"}]}
    with exports(tmp_path, days, history=history) as pipeline:
        row = snapshots.contradictions(pipeline).row(0, named=True)
        assert (row["deal_id"], row["stage"]) == ("1", "Meeting")
        assert [str(row[n]) for n in ("window_start", "window_end", "history_day")] == [
            "2026-02-01", "2026-02-08", "2026-02-20",
        ]  # fmt: skip
        assert [w[4] for w in windows(pipeline)] == ["history"] * 3
        assert "history_contradicted" in {n.code for n in pipeline.meta.notices}


def test_a_closing_day_within_the_window_dates_the_closing(tmp_path: Path) -> None:
    won = ONE | {"Status": "won", "Stage": "Won", "Closed": "2026-02-11"}
    days = {"2026-02-08": [ONE | {"Closed": None}], "2026-02-15": [won]}
    with exports(tmp_path, days) as pipeline:
        table = pl.read_parquet(pipeline.folder / "stage_entries.parquet")
        entered = table.filter(stage="Won")["entered_s"].item()
        assert str(pl.select(pl.from_epoch(pl.lit(entered), time_unit="s").dt.date()).item()) == "2026-02-11"


def test_time_in_stage_and_reopening_follow_from_the_exports(tmp_path: Path) -> None:
    lost = ONE | {"Status": "lost"}
    days = {"2026-02-01": [ONE], "2026-02-08": [lost], "2026-02-15": [ONE | {"Stage": "Meeting"}]}
    with exports(tmp_path, days) as pipeline:
        deal = pl.read_parquet(pipeline.folder / "deals.parquet").row(0, named=True)
        assert deal["reopened"]
        assert (deal["visited_mask"], deal["days_01"]) == (0b11, 41)
