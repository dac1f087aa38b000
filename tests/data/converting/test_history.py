"""The way of deals through the stages: one deal per trap, small enough to follow by eye."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.errors import HitrateError
from data.recipe import FileRecipe, OutcomeRule, StageColumn

from .conftest import DAY, Done, Maker

Make = Callable[..., FileRecipe]
ORDER = {"": ["A", "B", "C"]}
WORDS = {"Won": "won", "Lost": "lost"}
DEALS = FileRecipe(
    fields={"deal_id": "Id", "stage": "Stage", "created_at": "Created", "closed_at": "Closed"},
    dates={"Created": DAY, "Closed": DAY},
    stage_order=ORDER,
    outcome=OutcomeRule(source="stage", column="Stage", words=WORDS),
)  # type: ignore[arg-type]
HISTORY = FileRecipe(
    table="stage_entries",
    fields={"deal_id": "Deal", "stage": "To", "changed_at": "When"},
    dates={"When": DAY},
)
FROM = HISTORY.model_copy(update={"fields": {**HISTORY.fields, "from_stage": "From"}})


def run(
    maker: Maker,
    deals: list[str],
    history: list[str],
    head: str = "Deal|To|When",
    recipe: FileRecipe = HISTORY,
) -> Done:
    return maker.convert(
        (maker.table("deals.csv", "Id|Stage|Created|Closed", *deals), DEALS),
        (maker.table("history.csv", head, *history), recipe),
    )


def flow(done: Done) -> list[tuple[object, ...]]:
    return done.table().select("visited_mask", "furthest_no", "last_no", "reopened").rows()


def test_a_skipped_stage_is_not_visited(maker: Maker) -> None:
    done = run(
        maker, ["1|Won|01-01-2026|09-01-2026"], ["1|A|01-01-2026", "1|C|03-01-2026", "1|Won|09-01-2026"]
    )
    assert flow(done) == [(0b101, 3, 3, False)]
    assert [done.column(f"days_0{k}") for k in (1, 2, 3)] == [[2], [None], [6]]
    assert done.meta.stage_source == "history"


def test_a_lost_deal_was_lost_from_its_last_open_stage(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Lost|01-01-2026|09-01-2026"],
        ["1|C|02-01-2026", "1|A|01-01-2026", "1|B|03-01-2026", "1|Lost|09-01-2026"],
    )
    assert flow(done) == [(0b111, 3, 2, False)]


def test_a_reopened_deal_is_one_deal(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Won|01-01-2026|09-01-2026"],
        ["1|A|01-01-2026", "1|Lost|02-01-2026", "1|B|03-01-2026", "1|Won|09-01-2026"],
    )
    assert flow(done) == [(0b11, 2, 2, True)]
    assert done.meta.counts["deals"] == 1


def test_edits_on_one_stage_are_not_moves(maker: Maker) -> None:
    done = run(
        maker, ["1|B|01-01-2026|"], ["1|A|01-01-2026", "1|A|02-01-2026", "1|B|05-01-2026", "1|B|06-01-2026"]
    )
    entries = done.table("stage_entries").select("seq", "stage", "entered_s", "left_s", "kind").rows()
    assert entries == [(1, "A", 1767225600, 1767571200, "open"), (2, "B", 1767571200, None, "open")]
    assert done.column("days_01") == [4]
    assert done.column("days_02") == [None]


def test_time_spent_in_two_visits_is_added(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Lost|01-01-2026|10-01-2026"],
        ["1|A|01-01-2026", "1|B|03-01-2026", "1|A|04-01-2026", "1|Lost|10-01-2026"],
    )
    assert done.column("days_01") == [8]


@pytest.mark.parametrize("newest_first", [False, True])
def test_same_day_entries_follow_the_order_of_the_file(maker: Maker, newest_first: bool) -> None:
    rows = ["1|A|01-01-2026", "1|B|01-01-2026", "1|C|01-01-2026", "1|Lost|05-01-2026"]
    done = run(maker, ["1|Lost|01-01-2026|05-01-2026"], rows[::-1] if newest_first else rows)
    assert done.column("stage", "stage_entries") == ["A", "B", "C", "Lost"]
    assert done.column("last_no") == [3]


def test_left_overs_are_told_both_ways_and_nothing_multiplies(maker: Maker) -> None:
    done = run(
        maker,
        ["1|A|01-01-2026|", "1|B|01-01-2026|", "2|A|01-01-2026|"],
        ["1|A|01-01-2026", "9|A|01-01-2026", "|A|01-01-2026"],
    )
    assert done.meta.counts["deals"] == 3
    assert {"history_unmatched", "history_missing", "history_shared_id"} <= done.codes()
    assert [f.rows_rejected for f in done.meta.files] == [0, 1]


def test_a_history_of_changes_only_begins_in_the_first_from_stage(maker: Maker) -> None:
    done = run(
        maker,
        ["1|Lost|01-01-2026|09-01-2026"],
        ["1|B|Lost|09-01-2026", "1|A|B|04-01-2026"],
        "Deal|From|To|When",
        FROM,
    )
    assert flow(done) == [(0b11, 2, 2, False)]
    assert done.column("days_01") == [3]


def test_the_closing_entry_dates_a_deal_that_has_no_closing_date(maker: Maker) -> None:
    done = run(maker, ["1|Won|01-01-2026|"], ["1|A|01-01-2026", "1|Won|02-01-2026"])
    assert done.column("closed_s") == [1767312000]


def test_the_last_open_stage_of_a_closed_deal_ends_when_it_closed(maker: Maker) -> None:
    done = run(maker, ["1|Lost|01-01-2026|05-01-2026"], ["1|A|01-01-2026"])
    assert done.column("days_01") == [4]


def test_date_entered_columns_are_a_history(maker: Maker) -> None:
    columns = [StageColumn(column=f"In {s}", stage=s) for s in ("A", "B", "Lost")]
    made = DEALS.model_copy(
        update={
            "stage_columns": columns,
            "dates": {**DEALS.dates, **{f"In {s}": DAY for s in ("A", "B", "Lost")}},
        }
    )
    done = maker.one(
        "Id|Stage|In A|In B|In Lost",
        "1|Lost|01-01-2026|01-01-2026|04-01-2026",
        "2|A|01-01-2026||",
        recipe=made,
    )
    assert flow(done) == [(0b11, 2, 2, False), (0b1, 1, 1, False)]
    assert done.column("closed_s") == [1767484800, None]


def test_without_history_a_kept_stage_tells_where_a_deal_was_lost(maker: Maker, recipe: Make) -> None:
    made = recipe(
        fields={"deal_id": "Id", "stage": "Stage", "status": "Status"},
        stage_order=ORDER,
        lost_stage_kept=True,
    )
    done = maker.one("Id|Stage|Status", "1|B|Lost", "2|C|Won", "3|A|Open", "4|?|Open", recipe=made)
    assert flow(done) == [(2, 2, 2, False), (4, 3, 3, False), (1, 1, 1, False), (0, 0, 0, False)]
    assert done.meta.stage_source == "stage"
    assert "stage_without_place" in done.codes()


def test_without_anything_nothing_is_drawn(maker: Maker) -> None:
    done = maker.one("Id|Stage", "1|Lost", "2|A", recipe=DEALS)
    assert done.meta.stage_source == "none"
    assert flow(done) == [(0, 0, 0, False), (1, 1, 1, False)]


def test_a_history_alone_makes_the_deals(maker: Maker) -> None:
    made = HISTORY.model_copy(update={"stage_order": ORDER, "outcome": OutcomeRule(words=WORDS)})  # type: ignore[arg-type]
    table = maker.table(
        "history.csv", "Deal|To|When", "1|A|01-01-2026", "1|Lost|03-01-2026", "2|B|02-01-2026"
    )
    done = maker.convert((table, made))
    assert done.table().select("deal_id", "status", "last_no").rows() == [("1", "lost", 1), ("2", "open", 2)]


def test_a_history_without_a_date_is_refused(maker: Maker) -> None:
    with pytest.raises(HitrateError, match="needs a column"):
        run(
            maker,
            ["1|A|01-01-2026|"],
            ["1|A"],
            "Deal|To",
            HISTORY.model_copy(update={"fields": {"deal_id": "Deal", "stage": "To"}}),
        )


def test_pipelines_with_equal_stages_share_a_funnel_and_others_number_their_own(
    maker: Maker, recipe: Make
) -> None:
    fields = {"deal_id": "Id", "pipeline": "Pipe", "stage": "Stage", "status": "Status"}
    rows = ("1|P|B|Open", "2|Q|B|Open")
    same = recipe(fields=fields, stage_order={"P": ["A", "B"], "Q": ["B", "A"]})
    done = maker.one("Id|Pipe|Stage|Status", *rows, recipe=same)
    assert done.column("stage_no") == [2, 2]
    assert len({p.stages for p in done.meta.pipelines}) == 1
    other = recipe(fields=fields, stage_order={"P": ["A", "B"], "Q": ["B"]})
    assert maker.one("Id|Pipe|Stage|Status", *rows, recipe=other).column("stage_no") == [2, 1]


def test_salesforce_ids_of_15_and_18_characters_are_the_same(maker: Maker) -> None:
    done = run(
        maker,
        ["006Fk000L2m69I7III|B|01-01-2026|"],
        ["006Fk000L2m69I7|A|01-01-2026", "006Fk000L2m69I7|B|02-01-2026"],
    )
    assert flow(done) == [(0b11, 2, 2, False)]
