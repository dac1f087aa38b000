"""What says how a deal ended, by order of trust; other endings stay apart from lost."""

from __future__ import annotations

from data.recipe import Proposal
from data.recognising import propose
from tests.data.recognising.conftest import Make


def _file(make: Make, **columns: list[str | None]) -> Proposal:
    rows = len(next(iter(columns.values())))
    ids: list[str | None] = [f"D-{i}" for i in range(rows)]
    return propose([make({"Deal ID": ids, **{k.replace("_", " "): v for k, v in columns.items()}})])[0]


def test_flags_win_over_stage_words_and_a_disagreement_is_counted(make: Make) -> None:
    found = _file(
        make,
        Stage=["Closed Won", "Closed Lost", "Proposal", "Closed Won"],
        Is_Won=["1", "0", "0", "0"],
        Is_Closed=["1", "1", "0", "1"],
    )
    rule = found.recipe.outcome
    assert (rule.source, rule.column, rule.second) == ("flags", "Is Won", "Is Closed")
    assert {n.code: n.count for n in found.notices}["flag_and_stage_disagree"] == 1


def test_a_result_column_beats_a_status_that_only_says_closed(make: Make) -> None:
    found = _file(make, Status=["Closed", "Closed", "Active"], Result=["Won", "Lost", None])
    assert (found.recipe.outcome.column, found.recipe.outcome.words) == (
        "Result",
        {"Won": "won", "Lost": "lost"},
    )


def test_cancelled_and_disqualified_stay_apart_from_lost(make: Make) -> None:
    words = _file(
        make, Status=["Won", "Lost", "Cancelled", "Disqualified", "On hold", "Open"]
    ).recipe.outcome.words
    assert words == {
        "Won": "won",
        "Lost": "lost",
        "Cancelled": "disqualified",
        "Disqualified": "disqualified",
        "On hold": "open",
        "Open": "open",
    }


def test_unknown_status_words_are_asked(make: Make) -> None:
    found = _file(make, Status=["Won", "Lost", "Zonk", "Zonk"])
    assert [(n.code, n.count) for n in found.questions] == [("outcome_unknown_words", 2)]


def test_a_label_that_is_always_flagged_won_is_won(make: Make) -> None:
    found = _file(
        make,
        Stage=["Proposal", "Closed Lost", "Champagne", "Champagne"],
        Is_Won=["false", "false", "true", "true"],
    )
    assert found.recipe.outcome.words["Champagne"] == "won"


def test_archived_without_a_chance_is_lost(make: Make) -> None:
    found = _file(
        make,
        Stage=["New", "Won", "Qualified", "New"],
        Active=["True", "True", None, "True"],
        Probability=["10", "100", "0", "20"],
    )
    assert (found.recipe.outcome.source, found.recipe.outcome.second) == ("active", "Active")
    assert found.recipe.lost_stage_kept


def test_probability_is_the_last_resort_and_is_asked(make: Make) -> None:
    found = _file(make, Stage=["Alpha", "Beta", "Alpha", "Beta"], Probability=["100", "0", "40", "60"])
    assert found.recipe.outcome.words == {"100": "won", "0": "lost"}
    assert "outcome_by_probability" in {n.code for n in found.questions}


def test_won_and_lost_dates(make: Make) -> None:
    found = _file(make, Won_time=["2026-01-02", None, None], Lost_time=[None, "2026-01-03", None])
    rule = found.recipe.outcome
    assert (rule.source, rule.column, rule.second) == ("dates", "Won time", "Lost time")


def test_a_bare_number_is_never_a_status(make: Make) -> None:
    found = _file(make, Status=["1", "2", "3", "2"], Stage=["Alpha", "Beta", "Gamma", "Beta"])
    assert found.recipe.outcome.source == "none"
    assert "outcome_unknown" in {n.code for n in found.questions}


def test_last_stage_is_the_stage_of_loss(make: Make) -> None:
    found = _file(
        make,
        stage=["Closed Lost", "Closed Won", "Proposal"],
        lastStage=["Negotiation", "Negotiation", "Proposal"],
    )
    assert (found.recipe.fields["stage"], found.recipe.outcome.column) == ("lastStage", "stage")
    assert found.recipe.lost_stage_kept


def test_one_close_date_is_expected_where_open_deals_have_it(make: Make) -> None:
    stages: list[str | None] = ["Proposal"] * 6 + ["Closed Won", "Closed Lost"]
    found = _file(make, Stage=stages, Close_Date=["2026-01-02"] * 8).recipe
    assert (found.fields.get("expected_close_at"), found.expected_is_closed) == ("Close Date", True)


def test_one_close_date_is_actual_where_open_deals_lack_it(make: Make) -> None:
    stages: list[str | None] = ["Proposal"] * 6 + ["Closed Won", "Closed Lost"]
    found = _file(make, Stage=stages, Close_Date=[None] * 6 + ["2026-01-02"] * 2).recipe
    assert (found.fields.get("closed_at"), found.expected_is_closed) == ("Close Date", False)
