"""Several exports compared: which two, the sentence and the steps, and thin or odd data on every view."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from data import Slice
from data.pipeline import Pipeline
from metrics.snapshots import coverage, ledger, movement_count, moves
from pages.shared.charts.waterfall import placed
from pages.shared.snapshots import audit, bridge, chosen, flows, over_time, slips
from pages.shared.snapshots.chosen import Pair
from pages.shared.snapshots.measure import Measure
from pages.shared.state import View
from tests.exports import STAGES, exports
from tests.metrics import snapshot_twin as twin
from tests.pages.open_page import clean, open_page

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
WEEKS = (*(date(2026, 1, day) for day in (4, 11, 18, 25)), date(2026, 2, 1), date(2026, 2, 8))
EVIL = "</text><script>alert(1)</script> **x** {n} $y$ [a](b)"
DEAL = {"Status": "open", "Stage": "Meeting", "Amount": "1000", "Currency": "EUR", "Owner": "Ann",
        "Created": "2026-01-05", "Expected": "2026-02-20"}  # fmt: skip
STATES: list[dict[str, Any] | None] = [
    {"Status": "won", "Closed": "2026-02-10"}, {"Status": "won", "Closed": "2026-02-11", "Amount": "1500"},
    {"Status": "lost", "Closed": "2026-02-12"}, None, {"Expected": "2026-05-01"},
    {"Expected": "2026-05-02", "Stage": "Offer"}, {"Amount": "400"}, {},
]  # fmt: skip
BEFORE = [{**DEAL, "Id": f"D{n}"} for n in range(len(STATES))]
AFTER = [{**DEAL, "Id": f"D{n}", **state} for n, state in enumerate(STATES) if state is not None]
NEW = [{**DEAL, "Id": "N1", "Amount": "700"}, {**DEAL, "Id": "N2", "Amount": None, "Expected": None}]
TWO = [("2026-01-31", BEFORE), ("2026-02-28", AFTER + NEW)]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return exports(tmp_path_factory.mktemp("two"), TWO)


def test_the_sentence_says_before_after_and_the_largest_parts(
    monkeypatch: pytest.MonkeyPatch, two: Pipeline
) -> None:
    said = clean(open_page(monkeypatch, two, "movements.py"))
    assert "Open pipeline fell from **€8K** on 31 Jan 2026 to **€4K** on 28 Feb 2026: €700 came in" in said
    counted = clean(open_page(monkeypatch, two, "movements.py", size="deals"))
    assert "from **8 deals** on 31 Jan 2026 to **6 deals** on 28 Feb 2026: came in 2, won 2" in counted


@pytest.mark.parametrize("by_count", [True, False])
@pytest.mark.parametrize("due", [None, (date(2026, 2, 1), FEB)])
def test_the_steps_lead_from_one_total_to_the_other(two: Pipeline, due: Any, by_count: bool) -> None:
    pair = Pair(JAN, FEB, due)
    period = {"due_start": due[0], "due_end": due[1]} if due else {}
    how = Measure(by_count, "EUR")
    sizes = bridge.summed(ledger(two, JAN, FEB, **period), how)
    frame = placed(bridge.frame(sizes, pair, how))
    assert frame["to"][-2] == pytest.approx(frame["to"][-1])
    assert ("pushed_out" in frame["key"]) == bool(due)
    assert dict(frame.select("key", "way").iter_rows())["won"] == "won"


def test_the_address_says_which_deals_are_listed(monkeypatch: pytest.MonkeyPatch, two: Pipeline) -> None:
    app = open_page(monkeypatch, two, "movements.py", moved="pushed_later")
    assert "2 deals" in clean(app)
    columns = app.dataframe[0].value.columns
    assert {"due_before", "due_after"} <= set(columns)
    assert "Negotiation" not in clean(open_page(monkeypatch, two, "movements.py", moved="nonsense"))
    found = open_page(monkeypatch, two, "movements.py", view="stages", out="open:Meeting", into="open:Offer")
    assert "Meeting → Offer" in [h.value for h in found.header]


def test_weekly_exports_offer_a_week_a_month_and_never_the_same_twice() -> None:
    assert chosen.gaps(WEEKS, WEEKS[-1]) == {"last": WEEKS[-2], "month": WEEKS[1]}
    monthly = [date(2026, month, 28) for month in range(1, 7)]
    assert chosen.gaps(monthly, monthly[-1]) == {"last": monthly[-2], "quarter": monthly[2]}
    assert chosen.gaps(WEEKS[:1], WEEKS[0]) == {}


@pytest.mark.parametrize(
    ("day", "fiscal", "first", "last"),
    [
        (date(2026, 2, 28), 1, date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), 1, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 1, 5), 2, date(2025, 11, 1), date(2026, 1, 31)),
    ],
)
def test_a_quarter_is_that_of_the_fiscal_year(day: date, fiscal: int, first: date, last: date) -> None:
    assert chosen.quarter(day, fiscal) == (first, last)


def test_days_in_the_address_are_put_right_and_said(monkeypatch: pytest.MonkeyPatch, two: Pipeline) -> None:
    for wrong in (
        {"since": "2026-01-20"},
        {"until": "2026-05-01"},
        {"since": "then"},
        {"since": "2026-02-28"},
    ):
        app = open_page(monkeypatch, two, "movements.py", **wrong)
        assert "is taken instead" in clean(app)
        assert "on 31 Jan 2026 to" in clean(app)


def test_as_of_the_first_day_there_is_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch, two: Pipeline
) -> None:
    said = clean(open_page(monkeypatch, two, "movements.py", asof="2026-01-31"))
    assert "31 Jan 2026 is the oldest snapshot here" in said
    assert "There is no snapshot of 2 Feb 2026; the nearest one is shown, of 31 Jan 2026." in clean(
        open_page(monkeypatch, two, "overview.py", asof="2026-02-02")
    )
    assert "“soon” is not a date" in clean(open_page(monkeypatch, two, "overview.py", asof="soon"))


def test_one_export_says_what_to_upload_and_shows_what_it_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = exports(tmp_path, TWO[:1])
    for page in ("movements.py", "slippage.py"):
        app = open_page(monkeypatch, one, page, asof="2025-01-01")
        said = clean(app)
        assert "Open pipeline on 31 Jan 2026: **€8K**." in said
        assert "two files are enough" in said
        assert len(app.get("vega_lite_chart")) == 2


def test_credit_notes_keep_their_sign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    note = {**DEAL, "Amount": "-2200"}
    before = [{**DEAL, "Id": "D"}, {**note, "Id": "C", "Amount": "-500"}]
    after = [{**DEAL, "Id": "D", "Status": "won", "Closed": "2026-02-10"}, {**note, "Id": "N"}]
    after.append({**before[1], "Status": "lost", "Closed": "2026-02-11"})
    found = exports(tmp_path, [("2026-01-31", before), ("2026-02-28", after)])
    said = clean(open_page(monkeypatch, found, "movements.py"))
    assert (
        "Open pipeline fell from **€500** on 31 Jan 2026 to **-€2K** on 28 Feb 2026: "
        "-€2K came in, €1K was won, -€500 was lost." in said
    )
    counted = clean(open_page(monkeypatch, found, "movements.py", size="deals"))
    assert "came in 1, won 1, lost 1." in counted


def test_moves_of_credit_notes_are_in_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = [{**DEAL, "Id": "D"}, {**DEAL, "Id": "C", "Amount": "-500"}]
    after = [
        {**row, "Status": word, "Closed": "2026-02-10"}
        for row, word in zip(before, ("won", "lost"), strict=True)
    ]
    found = exports(tmp_path, [("2026-01-31", before), ("2026-02-28", after)])
    app = open_page(monkeypatch, found, "movements.py", view="stages", size="value")
    assert "have no band" in clean(app)
    (matrix,) = [d.value for d in app.dataframe if "from" in d.value.columns]
    assert {-500.0, 1000.0} <= set(matrix.drop(columns="from").to_numpy().ravel())


def test_moves_add_up_to_the_deals_open_before(two: Pipeline) -> None:
    frame = flows.keyed(moves(two, JAN, FEB))
    said = flows.sentence(frame, Pair(JAN, FEB))
    assert "What became of the 8 deals open on 31 Jan 2026" in said
    assert "**1** a stage or more further, **3** stayed, **2** won, **1** lost, **1** gone" in said
    assert flows.ordered(frame, "to") == ["open:Meeting", "open:Offer", "won", "lost", "vanished"]


def test_due_parts_are_counted_from_each_snapshot() -> None:
    months = (None, 1, 2, 3, 4, 6)
    rows = [(FEB, None if m is None else date(2026, m, 1), "EUR", 1, 1.0) for m in months]
    schema = {"day": pl.Date, "due": pl.Date, "currency": pl.String, "deals": pl.Int64, "amount": pl.Float64}
    frame, parts = over_time.parted(pl.DataFrame(rows, schema=schema, orient="row"), "due")
    assert frame["key"].to_list() == ["none", "over", "now", "next", "after", "later"]
    assert [key for key, _label in parts] == ["over", "now", "next", "after", "later", "none"]
    for key in ("over", "now", "next", "after", "later"):
        period = over_time.due(FEB, key)
        day = frame.filter(pl.col("key") == key)["due"].item()
        assert period["due_start"] <= day <= period["due_end"]
    assert over_time.due(date(2025, 12, 31), "now") == {
        "due_start": date(2025, 12, 1), "due_end": date(2025, 12, 31)
    }  # fmt: skip


@pytest.mark.parametrize("way", ["stage", "due", "group"])
def test_a_part_of_a_bar_lists_as_many_deals_as_it_counts(way: str, tmp_path: Path) -> None:
    found = exports(tmp_path, twin.random_days(Random(3), deals=60))
    view = View(found, Slice(where=(("team", ("North", None)),)), "decided", "owner")
    frame = coverage(found, by={"group": "owner"}.get(way, way), where=chosen.where(view))
    cut, parts = over_time.parted(frame, way, STAGES)
    assert len(parts) >= 2
    for (day, key), n in (
        cut.group_by("day", "key").agg(pl.col("deals").sum()).rows_by_key(["day", "key"]).items()
    ):
        _pair, question = over_time.asked(view, found, cut, way, day, key)
        assert movement_count(found, **question) == n[0][0]


def test_slippage_says_the_share_and_too_few(monkeypatch: pytest.MonkeyPatch, two: Pipeline) -> None:
    said = clean(open_page(monkeypatch, two, "slippage.py"))
    assert "Of the 8 deals expected to close in February 2026, **2** (**25%**) were pushed" in said
    assert "too few to conclude from" in said
    assert slips.PUSHES.keys() == {"0", "1", "2", "3+"}


def test_the_audit_reads_dates_amounts_and_outcomes_as_the_reader_writes_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    won = {**DEAL, "Id": "W", "Status": "won", "Closed": "2026-01-20"}
    later = [{**won, "Amount": "9000", "Owner": "Bob"}, {**DEAL, "Id": "N"}]
    found = exports(tmp_path, [("2026-01-31", [won, {**DEAL, "Id": "N"}]), ("2026-02-28", later)])
    app = open_page(monkeypatch, found, "slippage.py", part="audit")
    assert "the past of **1 deal** was rewritten: amount changed after closing 1" in clean(app)
    listed = app.dataframe[1].value
    assert listed["before"].to_list() == ["€1,000", "Ann"]
    assert listed["field"].to_list() == ["Amount", "Owner"]


def test_a_deal_that_is_gone_says_how_it_stood(monkeypatch: pytest.MonkeyPatch, two: Pipeline) -> None:
    app = open_page(monkeypatch, two, "slippage.py", part="audit", lang="nl", kind="deleted")
    row = app.dataframe[1].value.to_dict("records")[0]
    assert (row["kind"], row["before"], row["after"]) == ("Verdwenen uit de export", "Open", None)
    assert row["field"] is None


def test_kinds_and_words_of_the_metrics_are_all_known() -> None:
    from metrics.snapshot_asides import ASIDES
    from metrics.snapshots import ENDS, MEMO, MOVEMENTS, REWRITES
    from pages.shared.snapshots import names

    assert set(MOVEMENTS) == {*names.TOTALS, *names.STEPS}
    assert set(names.ASIDES) == {*ASIDES, MEMO}
    assert set(audit.KINDS) == set(REWRITES)
    assert set(ENDS) == {*slips.FATES, "still_due"}


def without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


def each(**changes: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(day, [{**row, **changes} for row in rows]) for day, rows in TWO]


WON = {**DEAL, "Id": "X", "Status": "won", "Closed": "2026-02-02"}
ODD: dict[str, list[tuple[str, list[dict[str, Any]]]]] = {
    "random": twin.random_days(Random(7), deals=30),
    "same twice": [("2026-01-31", BEFORE), ("2026-02-28", BEFORE)],
    "all gone": [("2026-01-31", BEFORE), ("2026-02-28", [WON])],
    "all closed": each(Status="lost", Closed="2026-01-20"),
    "no amounts": [(day, without(rows, "Amount", "Currency")) for day, rows in TWO],
    "no dates": [(day, without(rows, "Expected", "Created", "Closed")) for day, rows in TWO],
    "no stage": [(day, without(rows, "Stage", "Owner")) for day, rows in TWO],
    "evil": each(Owner=EVIL, Stage=EVIL, **{EVIL: EVIL}),
    "one deal": [("2026-01-31", BEFORE[:1]), ("2026-02-28", AFTER[:1])],
}
VIEWS: list[tuple[str, dict[str, str]]] = [
    ("movements.py", {}),
    ("movements.py", {"moved": "won", "size": "deals"}),
    ("movements.py", {"due": "between"}),
    ("movements.py", {"view": "stages", "stay": "all"}),
    ("movements.py", {"view": "stages", "size": "value"}),
    ("movements.py", {"view": "time"}),
    ("movements.py", {"view": "time", "split": "due"}),
    ("movements.py", {"view": "time", "split": "group"}),
    ("slippage.py", {}),
    ("slippage.py", {"part": "audit"}),
]


@pytest.mark.parametrize("name", ODD)
def test_odd_data_gets_a_page_in_every_view(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stages: dict[str, Any] = {"stage_order": {"": [EVIL]}} if name == "evil" else {}
    odd = exports(tmp_path, ODD[name], **stages)
    app = open_page(monkeypatch, odd, "movements.py")
    for page, query in VIEWS:
        app.query_params.clear()
        for key, value in query.items():
            app.query_params[key] = value
        assert clean(app.switch_page(page).run())
        assert app.session_state["address"].get("view") == ((query["view"],) if "view" in query else None)


@pytest.mark.parametrize("lang", ["nl", "da"])
@pytest.mark.parametrize(("page", "query"), VIEWS[::3])
def test_every_view_speaks_the_readers_language(
    two: Pipeline, page: str, query: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = clean(open_page(monkeypatch, two, page, lang=lang, **query))
    assert {"nl": " deals", "da": "sager"}[lang] in said or "€" in said
    assert not [english for english in ("Open pipeline fell", "snapshots", "were won") if english in said]
