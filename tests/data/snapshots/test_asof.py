"""A workspace as one of its snapshots showed it: the same tables, kept on disk, whatever happens."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.errors import HitrateError
from data.pipeline import Pipeline
from data.snapshots import asof
from metrics.funnel import funnel
from metrics.hit_rate import hit_rate
from tests.exports import exports

ONE = {
    "Id": "1",
    "Status": "open",
    "Stage": "Lead",
    "Amount": "10.00",
    "Created": "2026-01-05",
    "Closed": None,
}
TWO = ONE | {"Id": "2", "Stage": "Meeting", "Amount": "5.00"}
DAYS = {
    "2026-02-01": [ONE, TWO],
    "2026-02-08": [ONE | {"Stage": "Meeting"}, TWO | {"Status": "lost", "Closed": "2026-02-05"}],
    "2026-02-15": [ONE | {"Status": "won", "Stage": "Offer", "Amount": "12.00", "Closed": "2026-02-12"}],
}
FIRST, MIDDLE, LAST = (date.fromisoformat(d) for d in DAYS)


@pytest.fixture
def three(tmp_path: Path) -> Pipeline:
    return exports(tmp_path, DAYS)


def deals(pipeline: Pipeline) -> pl.DataFrame:
    return pl.read_parquet(pipeline.folder / "deals.parquet").sort("deal_id")


def test_each_day_counts_what_its_export_showed(three: Pipeline) -> None:
    found = {}
    for day in three.meta.snapshots:
        with three.at(day) as then:
            found[day] = [then.meta.counts[s] for s in ("open", "won", "lost")]
            assert then.meta.as_of == day
    assert found == {FIRST: [2, 0, 0], MIDDLE: [1, 0, 1], LAST: [0, 1, 0]}


def test_the_newest_day_is_the_pipeline_itself(three: Pipeline) -> None:
    with three.at(LAST) as then:
        here, there = deals(three), deals(then)
        own = ["deal_key", "file", "row"]
        assert here.drop(own).equals(there.drop(own))


def test_the_flow_is_that_of_the_day(three: Pipeline) -> None:
    with three.at(MIDDLE) as then:
        assert deals(then).select("deal_id", "visited_mask", "last_no", "status").rows() == [
            ("1", 0b11, 2, "open"),
            ("2", 0b10, 2, "lost"),
        ]
        assert deals(then)["days_01"].to_list() == [34, None]
        rate = hit_rate(then).row(0, named=True)
        assert (rate["won"], rate["lost"]) == (0, 1)
        lost = funnel(then).filter(pl.col("stage") == "Meeting").row(0, named=True)
        assert lost["lost"] == 1


def test_every_day_has_a_key_of_its_own(three: Pipeline) -> None:
    keys = {asof.key(("w", generation), day) for generation in (1, 2) for day in three.meta.snapshots}
    assert len(keys) == 6
    assert not keys & {("w", n) for n in range(1, 1000)}


def test_a_day_without_a_snapshot_names_the_nearest(three: Pipeline) -> None:
    with pytest.raises(HitrateError) as error:
        three.at(date(2026, 2, 10))
    assert "2026-02-08" in str(error.value)


def test_exports_of_one_day_have_no_past(tmp_path: Path) -> None:
    with exports(tmp_path, {"2026-02-01": [ONE]}) as pipeline, pytest.raises(HitrateError, match="one day"):
        pipeline.at(date(2026, 2, 1))


def test_it_is_made_once_and_read_from_disk_after(three: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    three.at(FIRST).close()
    monkeypatch.setattr(asof, "_write", lambda *_: pytest.fail("made again"))
    with three.at(FIRST) as then:
        assert then.meta.counts["open"] == 2


def test_a_crash_leaves_nothing_half_and_the_next_reader_makes_it(
    three: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(asof, "_describe", killed)
        with pytest.raises(KeyboardInterrupt):
            three.at(FIRST)
    assert list((three.folder / asof.FOLDER).iterdir()) == []
    with three.at(FIRST) as then:
        assert then.meta.counts["open"] == 2


def test_a_half_written_folder_is_made_again(three: Pipeline) -> None:
    folder = asof.folder(three, FIRST)
    (folder / "meta.json").unlink()
    shutil.rmtree(folder)
    assert (asof.folder(three, FIRST) / "meta.json").is_file()


def test_a_reader_who_was_quicker_wins_and_both_can_read(
    three: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = asof.publish

    def late(source: Path, target: Path) -> None:
        shutil.copytree(source, target)
        real(source, target)

    monkeypatch.setattr(asof, "publish", late)
    with three.at(FIRST) as then:
        assert then.meta.counts["open"] == 2


def test_those_not_read_for_longest_are_removed(three: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asof, "KEPT", 2)
    for day in three.meta.snapshots:
        three.at(day).close()
    assert len(list((three.folder / asof.FOLDER).iterdir())) == 2
    assert (three.folder / asof.FOLDER / LAST.isoformat()).is_dir()
