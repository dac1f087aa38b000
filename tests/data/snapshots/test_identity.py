"""The same deal under another id, and deals without an id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from metrics import snapshots
from tests.exports import exports

Write = Callable[[int], str]


def rows(write: Write, amount: str = "10.00") -> list[dict[str, str]]:
    return [{"Id": write(n), "Status": "open", "Stage": "Lead", "Amount": amount} for n in range(1, 9)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda n: f"006Qw00000AbC{n}z", lambda n: f"006Qw00000AbC{n}zIAV"),
        (lambda n: f"{n + 100:08}", lambda n: f"{n + 100}"),
        (lambda n: f"OPP-{n + 100}", lambda n: f"{n + 100}"),
        (lambda n: f"{n + 100}", lambda n: f"{n + 100}.0"),
        (lambda n: f"a-{n}-b", lambda n: f"A-{n}-B"),
    ],
    ids=["15 and 18 characters", "leading zeros", "a word in front", "a number with a point", "capitals"],
)
def test_ids_written_in_another_way_are_the_same_deals(tmp_path: Path, before: Write, after: Write) -> None:
    days = {"2026-02-01": rows(before), "2026-02-08": rows(after, "12.00"), "2026-02-15": rows(after)}
    with exports(tmp_path, days) as pipeline:
        found = snapshots.ledger(pipeline, "2026-02-01", "2026-02-08")
        sums = {row["movement"]: (row["deals"], row["amount"]) for row in found.iter_rows(named=True)}
        assert sums["opening"] == (8, 80.0)
        assert sums["increased"] == (0, 16.0)
        assert sums["vanished"] == sums["new"] == (0, 0.0)
        told = next(n for n in pipeline.meta.notices if n.code == "ids_rewritten")
        assert told.count == 8


def test_ids_are_not_joined_where_two_deals_would_become_one(tmp_path: Path) -> None:
    first = [{"Id": i, "Status": "open"} for i in ("A-1", "B-1", "A-2", "B-2")]
    second = [{"Id": i, "Status": "open"} for i in ("1", "2", "3", "4")]
    with exports(tmp_path, {"2026-02-01": first, "2026-02-08": second}) as pipeline:
        assert "ids_rewritten" not in {n.code for n in pipeline.meta.notices}
        assert pl.read_parquet(pipeline.folder / "versions.parquet")["deal_no"].n_unique() == 8


def test_without_an_id_deals_are_matched_by_name_account_and_creation(tmp_path: Path) -> None:
    one = {"Name": "Roof", "Account": "Acme", "Created": "2026-01-02", "Status": "open", "Amount": "10.00"}
    other = one | {"Account": "Bolt"}
    days = {"2026-02-01": [one, other], "2026-02-08": [one | {"Status": "won"}, other]}
    with exports(tmp_path, days) as pipeline:
        found = snapshots.ledger(pipeline, "2026-02-01", "2026-02-08")
        sums = dict(found.select("movement", "deals").iter_rows())
        assert (sums["opening"], sums["won"], sums["closing"]) == (2, -1, 1)
        assert "snapshots_by_name" in {n.code for n in pipeline.meta.notices}
        assert snapshots.doubtful(pipeline).is_empty()


def test_deals_without_an_id_that_look_alike_are_shown_as_doubtful(tmp_path: Path) -> None:
    one = {"Name": "Roof", "Account": "Acme", "Created": "2026-01-02", "Status": "open", "Amount": "10.00"}
    days = {"2026-02-01": [one, one | {"Amount": "9.00"}], "2026-02-08": [one]}
    with exports(tmp_path, days) as pipeline:
        found = snapshots.doubtful(pipeline)
        assert found.select("deal_name", "deals").rows() == [("Roof", 2)]
        assert "snapshots_doubtful" in {n.code for n in pipeline.meta.notices}


def test_exports_with_too_little_to_match_are_not_compared(tmp_path: Path) -> None:
    days = {
        "2026-02-01": [{"Name": "Roof", "Status": "open"}],
        "2026-02-08": [{"Name": "Roof", "Status": "won"}],
    }
    with exports(tmp_path, days) as pipeline:
        assert pipeline.meta.counts["deals"] == 1
        assert not snapshots.has_versions(pipeline)
        told = next(n for n in pipeline.meta.notices if n.code == "snapshots_without_id")
        assert told.level == "question"


def test_a_row_without_an_id_counts_but_is_compared_with_nothing(tmp_path: Path) -> None:
    one, none = (
        {"Id": "1", "Status": "open", "Amount": "1.00"},
        {"Id": None, "Status": "won", "Amount": "2.00"},
    )
    with exports(tmp_path, {"2026-02-01": [one, none], "2026-02-08": [one, none]}) as pipeline:
        assert pipeline.meta.counts["deals"] == 2
        assert pl.read_parquet(pipeline.folder / "versions.parquet")["deal_id"].to_list() == ["1"]
