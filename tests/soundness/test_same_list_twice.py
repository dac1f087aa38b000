"""One list exported twice, without ids and without a day: its deals are counted once."""

from __future__ import annotations

from pathlib import Path

from data import Pipeline, open_exports

HEADER = "Deal,Status,Amount,Source"
LIST = [f"Deal {n},{'Won' if n % 3 == 0 else 'Lost' if n % 3 == 1 else 'Open'},{n}00,Web" for n in range(12)]


def opened(folder: Path, *files: list[str]) -> Pipeline:
    paths = [folder / f"deals ({n}).csv" for n in range(len(files))]
    for path, rows in zip(paths, files, strict=True):
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return open_exports(*paths)


def test_a_list_without_ids_exported_twice_counts_once_and_the_later_file_decides(tmp_path: Path) -> None:
    later = [row.replace("Deal 2,Open", "Deal 2,Won") for row in LIST]
    with opened(tmp_path, LIST, later) as pipeline:
        summary = pipeline.summary()
        assert (summary["deals"], summary["won"], summary["open"]) == (12, 5, 3)
        assert summary["rows_rejected"] == 12
        assert "undated_again" in {n.code for n in pipeline.meta.notices}


def test_two_lists_that_share_a_few_names_are_two_lists(tmp_path: Path) -> None:
    other = [row.replace("Deal ", "Case ") if n > 2 else row for n, row in enumerate(LIST)]
    with opened(tmp_path, LIST, other) as pipeline:
        assert pipeline.summary()["deals"] == 24


def test_names_that_repeat_within_a_list_identify_nothing(tmp_path: Path) -> None:
    same = [row.replace(f"Deal {n},", "Website,") for n, row in enumerate(LIST)]
    with opened(tmp_path, same, [*same[:-1], "Website,Won,5,Web"]) as pipeline:
        assert pipeline.summary()["deals"] == 24
        assert "added_up" in {n.code for n in pipeline.meta.notices}
