"""What is told of several files alike is told once, with the sum and the files; the rows stay in reach."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from data import evidence, open_exports
from data.converting.checks import merged
from data.converting.told import tell
from data.notice import Notice

HEAD = "Deal ID,Status,Created,Amount,Lead source\n"


def near(file: str, google: int, column: str = "Source") -> Notice:
    return Notice(
        code="near_miss",
        level="info",
        file=file,
        column=column,
        count=google,
        rows=(2, 3),
        values={"column": column, "merges": f"google ({google}) → Google", "count": google},
        message="“{column}” has labels that look like one ({merges}); {count} rows.",
    )


def test_one_code_and_column_over_several_files_is_one_with_the_sum() -> None:
    (found,) = merged([near("a", 3), near("b", 4), near("c", 5)])
    assert found.text() == "“Source” has labels that look like one (google (12) → Google); 12 rows."
    assert found.count == 12
    assert [(p.file, p.count, p.rows) for p in found.parts] == [
        ("a", 3, (2, 3)),
        ("b", 4, (2, 3)),
        ("c", 5, (2, 3)),
    ]
    assert evidence.named(found).rows() == [(f, n) for f in "abc" for n in (2, 3)]


def test_files_are_named_in_the_sentence_and_equal_counts_add_up_too() -> None:
    (found,) = merged([tell("values_unread", 2, about=f"{n}.csv", cells=2) for n in "abcd"])
    assert found.text().startswith("8 cells of a.csv, b.csv, c.csv, … could not be read")


def test_other_columns_questions_and_joins_stay_apart() -> None:
    apart = [near("a", 1), near("b", 1, "Owner"), tell("file_unused", 1, about="a")]
    joins = [tell("join_no_key", 1, about=f, deals="d") for f in "ab"]
    asked = [tell("undated_again", 1, about=f, deals=1) for f in "ab"]
    assert len(merged(apart, joins, asked)) == 7
    assert not any(n.parts for n in merged(apart, joins, asked))


def test_without_a_column_only_what_says_the_same_is_one() -> None:
    year = [tell("targets_by_month_of_year", 1, about=f, columns=3, first="Jan", last="Mar", year=y)
            for f, y in (("a", "2026"), ("b", "2027"), ("c", "2027"))]  # fmt: skip
    assert [len(n.parts) for n in merged(year)] == [0, 2]


def test_a_share_is_that_of_all_rows() -> None:
    told = [
        Notice(
            code="source_blank",
            file=f,
            column="S",
            count=n,
            values={"count": n, "share": s},
            message="{share}",
        )
        for f, n, s in (("a", 80, 80), ("b", 180, 60))
    ]
    assert merged(told)[0].text() == "65"  # 260 of 400


def test_rows_behind_a_warning_of_several_files_show_some_of_each(tmp_path: Path) -> None:
    paths = []
    for month in range(1, 13):
        path = tmp_path / f"list {month}.csv"
        rows = [
            f"{month}-{i},{'Won' if i % 2 else 'Lost'},2026-01-02,5,{'Web' if i < 8 else ''}"
            for i in range(40)
        ]
        path.write_text(HEAD + "\n".join([*rows, f"{month}-x,Won,2026-01-02,much,"]))
        paths.append(path)
    with open_exports(*paths, as_of=date(2026, 2, 1)) as pipeline:
        told = {n.code: n for n in pipeline.meta.notices}
        blank, unread = told["source_blank"], told["values_unread"]
        assert (blank.count, len(blank.parts), unread.count, len(unread.parts)) == (33 * 12, 12, 12, 12)
        assert [n.code for n in pipeline.meta.notices].count("source_blank") == 1
        shown = evidence.rows(pipeline.folder, blank, pipeline.meta.as_of)
        assert shown["file"].n_unique() == 12
        assert pipeline.rejects().filter(pl.col("text") == "much")["file"].n_unique() == 12
