"""What a generation says of itself: dimensions, their role, labels, snapshots, progress, stopping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from data.converting import ImportStopped
from data.meta import Meta
from data.recipe import FileRecipe, Proposal

from .conftest import Maker

Make = Callable[..., FileRecipe]


def test_columns_known_only_from_the_outcome_are_marked(maker: Maker, recipe: Make) -> None:
    won, lost = "Won|{}||V", "Lost|{}|price|W"
    rows = [f"{i}|" + (lost if i % 2 else won).format("Web" if i % 3 else "Fair") for i in range(200)]
    made = recipe(fields={"deal_id": "Id", "status": "Status", "source": "Source"}, keep=["Why", "Sign"])
    roles = {
        d.column: d.role for d in maker.one("Id|Status|Source|Why|Sign", *rows, recipe=made).meta.dimensions
    }
    assert roles == {"source": "dimension", "Why": "outcome", "Sign": "outcome"}


def test_dimensions_count_values_and_blanks_and_empty_ones_are_left_out(maker: Maker, recipe: Make) -> None:
    made = recipe(fields={"deal_id": "Id", "status": "Status", "team": "Team"}, keep=["X", "Y"])
    done = maker.one("Id|Status|Team|X|Y", "1|Won||a|", "2|Won||b|", "3|Won|||", recipe=made)
    assert [(d.column, d.values, d.blanks) for d in done.meta.dimensions] == [("X", 2, 1)]


def test_a_kept_header_never_takes_the_name_of_a_column_of_ours(maker: Maker, recipe: Make) -> None:
    made = recipe(fields={"deal_id": "Id", "status": "Status"}, keep=["Stage", "STATUS", "row"])
    done = maker.one("Id|Status|Stage|STATUS|row", "1|Won|a|b|c", recipe=made)
    assert [done.column(f"{n} (2)") for n in ("Stage", "STATUS", "row")] == [["a"], ["b"], ["c"]]
    assert done.meta.dimension("Stage (2)").label == "Stage"  # type: ignore[union-attr]


def proposal(file: str, day: str | None, made: FileRecipe) -> Proposal:
    return Proposal(
        file=file,
        fingerprint="x",
        container="csv",
        encoding=None,
        delimiter=None,
        header_row=1,
        sheet=None,
        language="en",
        system=None,
        rows=1,
        columns=[],
        recipe=made,
        guesses=[],
        notices=[],
        snapshot_at=day,
    )


def test_snapshots_count_the_latest_and_derive_the_history(maker: Maker, recipe: Make) -> None:
    made = recipe(
        fields={"deal_id": "Id", "status": "Status", "stage": "Stage"}, stage_order={"": ["A", "B"]}
    )
    days = {
        "2026-01-01": ("1|Open|A", "2|Open|A"),
        "2026-01-08": ("1|Open|B",),
        "2026-01-15": ("1|Lost|B", "3|Open|A"),
    }
    done = maker.convert(
        *(
            (maker.table(f"{d}.csv", "Id|Status|Stage", *rows), proposal(f"{d}.csv", d, made))
            for d, rows in days.items()
        )
    )
    assert done.table().select("deal_id", "status", "visited_mask", "last_no").rows() == [
        ("1", "lost", 3, 2),
        ("3", "open", 1, 1),
    ]
    assert done.meta.snapshots == (date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15))
    assert done.meta.as_of == date(2026, 1, 15)
    assert done.table("versions").height == 5
    assert "vanished" in done.codes()


def test_files_of_different_systems_are_one_set_of_deals(maker: Maker, recipe: Make) -> None:
    one, two = (
        recipe(fields={"deal_id": "Id", "status": "Status", "source": "S"}),
        recipe(fields={"deal_id": "Nr", "status": "State", "source": "Bron"}),
    )
    two = two.model_copy(update={"outcome": two.outcome.model_copy(update={"column": "State"})})
    done = maker.convert(
        (maker.table("a.csv", "Id|Status|S", "1|Won|Web"), one),
        (maker.table("b.csv", "Nr|State|Bron", "1|Lost|Fair"), two),
    )
    assert done.table().select("deal_key", "file", "status", "source").rows() == [
        (1, "a.csv", "won", "Web"),
        (2, "b.csv", "lost", "Fair"),
    ]


def test_meta_is_written_and_reads_back(maker: Maker, recipe: Make) -> None:
    done = maker.one(
        "Id|Status|Created|Closed|Amount|Source", "1|Won|01-01-2026|02-01-2026|5|Web", recipe=recipe()
    )
    assert Meta.model_validate_json((done.folder / "meta.json").read_text()) == done.meta
    assert done.meta.labels["source"] == "Source"


def test_progress_is_told_and_the_import_can_be_stopped(maker: Maker, recipe: Make) -> None:
    told: list[float] = []
    maker.one("Id|Status", "1|Won", recipe=recipe(), progress=lambda share, text: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(ImportStopped):
        maker.one("Id|Status", "1|Won", recipe=recipe(), cancelled=lambda: True)


def test_the_same_list_twice_without_a_date_counts_each_deal_once(maker: Maker, recipe: Make) -> None:
    made = recipe(fields={"deal_id": "Id", "status": "Status"})
    done = maker.convert(
        (maker.table("a.csv", "Id|Status", "1|Open", "2|Open"), made),
        (maker.table("b.csv", "Id|Status", "2|Won", "3|Open"), made),
    )
    assert done.table().select("deal_id", "status").rows() == [("1", "open"), ("2", "won"), ("3", "open")]
    assert done.column("reason", "rejects") == ["the same deal stands in b.csv, which came later"]
    assert "undated_again" in done.codes()


def test_files_with_other_stages_are_pipelines_of_their_own(maker: Maker, recipe: Make) -> None:
    one = recipe(fields={"deal_id": "Id", "stage": "S"}, stage_order={"": ["A", "B"]})
    two = recipe(fields={"deal_id": "Id", "stage": "T"}, stage_order={"": ["X", "B"]})
    done = maker.convert(
        (maker.table("sales.csv", "Id|S", "1|B"), one), (maker.table("renewals.csv", "Id|T", "1|B"), two)
    )
    assert done.table().select("pipeline", "stage_no").rows() == [("sales", 2), ("renewals", 2)]
    assert {p.name for p in done.meta.pipelines} == {"sales", "renewals"}
