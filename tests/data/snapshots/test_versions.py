"""Versions instead of copies: one row per deal and state, whatever the number of exports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from metrics import snapshots
from tests.exports import exports

A = {"Id": "1", "Status": "open", "Stage": "Lead", "Amount": "100.00", "Created": "2026-01-02"}
B = {"Id": "2", "Status": "open", "Stage": "Offer", "Amount": "50.00", "Created": "2026-01-03"}


def spans(folder: Path) -> list[tuple[object, ...]]:
    table = pl.read_parquet(folder / "versions.parquet").sort("deal_id", "from_s")
    day = [pl.from_epoch(n, time_unit="s").dt.strftime("%m-%d").alias(n) for n in ("from_s", "until_s")]
    return table.select("deal_id", *day, "stage", "amount_minor").rows()


def test_a_deal_that_does_not_change_is_one_row(tmp_path: Path) -> None:
    days = {f"2026-02-{n:02}": [A, B] for n in range(1, 11)}
    with exports(tmp_path, days) as pipeline:
        assert spans(pipeline.folder) == [
            ("1", "02-01", None, "Lead", 100_00),
            ("2", "02-01", None, "Offer", 50_00),
        ]
        assert len(pipeline.meta.snapshots) == 10


def test_a_change_ends_one_version_and_begins_the_next(tmp_path: Path) -> None:
    days = {"2026-02-01": [A], "2026-02-08": [A | {"Amount": "99.99"}], "2026-02-15": [A]}
    with exports(tmp_path, days) as pipeline:
        assert spans(pipeline.folder) == [
            ("1", "02-01", "02-08", "Lead", 100_00),
            ("1", "02-08", "02-15", "Lead", 99_99),
            ("1", "02-15", None, "Lead", 100_00),
        ]


def test_the_order_of_upload_does_not_matter(tmp_path: Path) -> None:
    days = [("2026-02-01", [A, B]), ("2026-02-08", [A | {"Stage": "Meeting"}]), ("2026-02-15", [A, B])]
    with exports(tmp_path / "a", days) as one, exports(tmp_path / "b", days[::-1]) as two:
        assert spans(one.folder) == spans(two.folder)
        assert (
            one.meta.snapshots
            == two.meta.snapshots
            == (date(2026, 2, 1), date(2026, 2, 8), date(2026, 2, 15))
        )
        assert one.meta.counts == two.meta.counts


def test_a_deal_that_vanished_and_returned_has_a_gap(tmp_path: Path) -> None:
    with exports(tmp_path, {"2026-02-01": [A, B], "2026-02-08": [A], "2026-02-15": [A, B]}) as pipeline:
        assert [s[:3] for s in spans(pipeline.folder) if s[0] == "2"] == [
            ("2", "02-01", "02-08"),
            ("2", "02-15", None),
        ]


def test_another_way_of_writing_is_no_change(tmp_path: Path) -> None:
    days = {"2026-02-01": [A], "2026-02-08": [A | {"Amount": "100", "Created": "2026-01-02 00:00"}]}
    with exports(tmp_path, days) as pipeline:
        assert spans(pipeline.folder) == [("1", "02-01", None, "Lead", 100_00)]


def test_two_files_of_one_day_are_one_export_and_the_later_upload_counts(tmp_path: Path) -> None:
    north, south = [A, B], [B | {"Amount": "70.00"}, {**A, "Id": "3"}]
    days = [("2026-02-01", [A, B]), ("2026-02-08", north), ("2026-02-08", south)]
    with exports(tmp_path, days) as pipeline:
        assert pipeline.meta.counts["deals"] == 3
        table = pl.read_parquet(pipeline.folder / "deals.parquet")
        assert dict(table.select("deal_id", "amount_minor").iter_rows()) == {
            "1": 100_00,
            "2": 70_00,
            "3": 100_00,
        }
        told = next(n for n in pipeline.meta.notices if n.code == "snapshot_twice")
        assert told.count == 1


def test_a_missing_week_is_said(tmp_path: Path) -> None:
    days = {d: [A] for d in ("2026-02-01", "2026-02-08", "2026-02-15", "2026-03-08", "2026-03-15")}
    with exports(tmp_path, days) as pipeline:
        told = [n for n in pipeline.meta.notices if n.code == "snapshot_missing"]
        assert [(n.values["day"], n.count) for n in told] == [("2026-03-08", 2)]


def test_one_header_more_from_some_day_on_is_still_one_export(tmp_path: Path) -> None:
    from data.converting import convert
    from data.meta import Definitions
    from data.pipeline import Pipeline
    from tests.exports import proposal, recipe, table

    parts = []
    for day, row in (("2026-02-01", A), ("2026-02-08", A | {"Region": "North"})):
        names = list(row)
        made = recipe(names, keep=["Region"] if "Region" in names else [])
        text = table(tmp_path, f"deals {day}.csv", names, [row, row | {"Id": "2"}])
        parts.append((text, proposal(text.file, made, names, day)))
    convert([t for t, _ in parts], [p for _, p in parts], Definitions(), tmp_path / "out")
    with Pipeline(tmp_path / "out") as pipeline:
        assert pipeline.meta.counts["deals"] == 2
        assert len(pipeline.meta.snapshots) == 2


def test_rows_that_share_an_id_stay_deals_of_their_own(tmp_path: Path) -> None:
    twice = [A, A | {"Amount": "7.00"}]
    with exports(tmp_path, {"2026-02-01": twice, "2026-02-08": twice}) as pipeline:
        assert pipeline.meta.counts["deals"] == 2
        assert [s[4] for s in spans(pipeline.folder)] == [100_00, 7_00]


def test_headers_that_are_names_of_ours_do_no_harm(tmp_path: Path) -> None:
    names = (
        "h", "Family", "pick", "place", "frn", "side", "Lost", "in_view", "from_s", "Seen_s", "first",
        "before", "nth", "code", "part", "inside", "due", "had", "exact", "k", "run", "appeared",
    )  # fmt: skip
    row = A | dict.fromkeys(names, "x")
    full = [row | {"Id": str(n), "Team": "N" if n < 6 else "S", "Family": f"f{n % 2}"} for n in range(14)]
    part = [r | {"Stage": "Meeting"} for r in full[:6]]
    with exports(tmp_path, {"2026-02-01": full, "2026-02-08": part, "2026-02-15": full}) as pipeline:
        found = snapshots.ledger(pipeline, "2026-02-01", "2026-02-15", by="Family", where={"Lost": "x"})
        assert found.filter(movement="closing")["deals"].to_list() == [7, 7]
        assert (
            snapshots.moves(pipeline, "2026-02-01", "2026-02-08", where={"before": "x"})["deals"].sum() == 14
        )
        assert snapshots.rewrite_counts(pipeline).filter(kind="stage_back")["deals"].item() == 6
        assert snapshots.coverage(pipeline, "first")["deals"].to_list() == [14, 14, 14]
        with pipeline.at(date(2026, 2, 8)) as then:
            assert then.meta.counts["open"] == 14
