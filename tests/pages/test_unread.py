"""Every name the address can hold, with nonsense and with malice in it: no failure, a sentence for each."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.pipeline import Pipeline
from pages.shared import state, unread
from tests.build import pipeline
from tests.exports import exports
from tests.pages.app import ROOT, start, text, workspace
from tests.pages.open_page import MAIN, open_page
from tests.pages.test_maturing import YOUNG
from tests.pages.test_movements import AFTER, BEFORE, NEW

HOSTILE = ["", "<script>alert(1)</script>", "x" * 10_000, "\u202e\u05d0\u05d1\u05d2 \x00\n",
           "' OR 1=1; DROP TABLE deals; --", "{value} **b** ![i](https://evil.example/i)"]  # fmt: skip
WORST = "".join(HOSTILE)  # all of them in one value
Case = tuple[str, dict[str, str], tuple[str, ...]]
PLAIN: list[Case] = [
    ("overview.py", {}, ("period", "by", "rate", "basis", "pipeline", "f.source", "lang", "asof")),
    ("overview.py", {"period": "custom"}, ("from", "to", "f.nope")),
    ("overview.py", {"period": "year"}, ("from", "to")),
    ("start.py", {}, ("page", "lang")),
    ("hit_rates.py", {}, ("show", "stale")),
    ("hit_rates.py", {"show": "time"}, ("grain", "lines")),
    ("hit_rates.py", {"show": "two"}, ("across",)),
    ("fair.py", {}, ("mix",)),
    ("matured.py", {}, ("horizon", "curves", "stale")),
    ("matured.py", {"horizon": "own"}, ("days",)),
    ("matured.py", {"horizon": "90"}, ("days",)),
    ("funnel.py", {}, ("skipped", "back", "leakref", "sides", "a", "b")),
    ("funnel.py", {"sides": "periods"}, ("span",)),
    ("funnel.py", {"sides": "periods", "span": "month"}, ("against",)),
    ("change.py", {"span": "month"}, ("against",)),
    ("change.py", {}, ("parts",)),
    ("lab.py", {}, ("horizon", "a", "b")),
    ("deals.py", {}, ("sort", "way", "skipped", "back")),
    ("deals.py", {}, ("at.status", "at.stage", "at.exit", "at.start", "at.end", "at.known", "at.nope")),
    ("deals.py", {}, ("at.reached", "at.pipeline", "at.stale", "at.f.source", "at.f.nope")),
]
SNAPSHOTS: list[Case] = [
    ("movements.py", {}, ("asof", "view", "due", "size", "money", "moved")),
    ("movements.py", {"view": "stages"}, ("stay", "size", "out", "into")),
    ("movements.py", {"view": "time"}, ("split", "out", "into")),
    ("slippage.py", {}, ("part", "moved", "due")),
    ("slippage.py", {"part": "audit"}, ("kind",)),
]
ELSEWHERE = {"w", "of", "since", "until"}  # each has a test of its own below


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Two sources, two owners, two years, a stage history."""
    rows = [{**row, "owner": "Ann" if n % 3 else "Bo"} for n, row in enumerate(YOUNG)]
    old = [{"status": s, "created": "2024-02-01", "owner": "Bo"} for s in ("won", "lost") for _ in range(30)]
    return pipeline(rows + old, tmp_path_factory.mktemp("plain"), stage_source="history")


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Two exports, with amounts in two currencies and a closing day moved after the fact."""
    dollars = [{**row, "Id": f"U{n}", "Currency": "USD"} for n, row in enumerate(BEFORE[:3])]
    done = {**BEFORE[0], "Id": "W", "Status": "won", "Closed": "2026-01-20"}
    before, after = [*BEFORE, *dollars, done], [*AFTER, *NEW, *dollars, {**done, "Amount": "9"}]
    return exports(tmp_path_factory.mktemp("two"), [("2026-01-31", before), ("2026-02-28", after)])


def visit(app: AppTest, query: dict[str, Any]) -> str:
    """Return the sentences above the page at an address, after checking that nothing on it failed."""
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return "\n".join(str(info.value) for info in app.info)


def all_said(monkeypatch: pytest.MonkeyPatch, found: Pipeline, case: Case) -> None:
    page, extra, names = case
    monkeypatch.setattr(state, "pipeline", lambda: found)
    monkeypatch.setattr(state, "workspace", lambda: None)
    app = AppTest.from_file(str(MAIN), default_timeout=60).switch_page(page)
    for hostile in HOSTILE if page == "overview.py" else ("", WORST):
        said = visit(app, extra | {name: f"zz-{name}{hostile}" for name in names})
        missing = [n for n in names if f"zz\\-{n}" not in said and f"“{n.split('f.')[-1]}”" not in said]
        assert not missing, hostile[:40]
        assert not re.search(r"(?<!\\)[<*!\[]", said)
        assert "\u202e" not in said
        assert max(map(len, said.split("\n"))) < 400
        kept = app.session_state["address"]
        assert not [name for name in names if any("zz-" in v for v in kept.get(name, ()))]
        app.run()
        assert not [info for info in app.info if "zz" in info.value]


@pytest.mark.parametrize("case", PLAIN, ids=lambda c: "-".join([c[0][:-3], *c[1], *c[2][:1]]))
def test_what_is_not_understood_is_said(case: Case, monkeypatch: pytest.MonkeyPatch, plain: Pipeline) -> None:
    all_said(monkeypatch, plain, case)


@pytest.mark.parametrize("case", SNAPSHOTS, ids=lambda c: "-".join([c[0][:-3], *c[1], *c[2][:1]]))
def test_what_is_not_understood_about_snapshots_is_said(
    case: Case, monkeypatch: pytest.MonkeyPatch, snapshots: Pipeline
) -> None:
    all_said(monkeypatch, snapshots, case)


def test_every_name_of_the_address_is_tried_here() -> None:
    tried = {name for _page, _extra, names in [*PLAIN, *SNAPSHOTS] for name in names}
    assert {name for name in tried if "." not in name} | ELSEWHERE == set(unread.NAMES)


def test_every_name_a_page_reads_is_known() -> None:
    calls = r"(?:address\.(?:one|many|put)\(|(?<![.\w])(?:choose|select|_day)\(\s*[^,]+,\s*)"
    read = re.compile(calls + r'"([a-z]+)"')
    found = {name for p in (ROOT / "pages").rglob("*.py") for name in read.findall(p.read_text())}
    assert {"horizon", "period", "leakref", "since", "sort"} <= found <= unread.NAMES


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_that_means_nothing_is_said(
    hostile: str, monkeypatch: pytest.MonkeyPatch, plain: Pipeline
) -> None:
    app = open_page(monkeypatch, plain, "overview.py")
    assert "zz\\-" in visit(app, {f"zz-{hostile}": "1"})
    assert not [name for name in app.session_state["address"] if "zz" in name]


def test_very_many_names_are_not_all_said(monkeypatch: pytest.MonkeyPatch, plain: Pipeline) -> None:
    app = open_page(monkeypatch, plain, "overview.py")
    said = visit(app, {f"f.zz{n}": "1" for n in range(300)})
    assert said.count("zz") == 8
    assert "and 292 more" in said


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_snapshot_that_is_none_is_said(
    hostile: str, monkeypatch: pytest.MonkeyPatch, snapshots: Pipeline
) -> None:
    app = open_page(monkeypatch, snapshots, "movements.py")
    said = visit(app, {"since": f"zz{hostile}", "until": f"zz{hostile}"})
    assert said.count("a snapshot that cannot be used here") == 2
    assert app.session_state["address"]["since"] == ("2026-01-31",)


def test_a_group_that_is_none_is_in_the_heading_of_an_empty_list(
    monkeypatch: pytest.MonkeyPatch, snapshots: Pipeline
) -> None:
    app = open_page(monkeypatch, snapshots, "movements.py")
    visit(app, {"moved": "won", "of": "zz<b>" + "x" * 10_000})
    heading = next(h.value for h in app.header if "zz" in h.value)
    assert "zz\\<b\\>xx" in heading
    assert len(heading) < 100


@pytest.mark.parametrize("hostile", [h for h in HOSTILE if h])
def test_a_workspace_that_is_none_is_said(hostile: str) -> None:
    assert "No such workspace" in text(start({"w": hostile}))


def test_a_filter_that_is_left_out_is_said_on_every_page() -> None:
    said = text(start({"w": workspace().id, "f.zz": "1"}, page="definitions.py"))
    assert "This data has no column “zz”" in said


def test_any_number_of_days_is_a_horizon_and_among_the_choices(
    monkeypatch: pytest.MonkeyPatch, plain: Pipeline
) -> None:
    app = open_page(monkeypatch, plain, "matured.py", horizon="30")
    assert "won within 30 days" in text(app)
    choice = next(c for c in app.get("button_group") if c.key == "choose_horizon")
    assert choice.value == "30"
    assert not app.info
    assert app.session_state["address"]["horizon"] == ("30",)


def test_days_alone_are_a_horizon(monkeypatch: pytest.MonkeyPatch, plain: Pipeline) -> None:
    app = open_page(monkeypatch, plain, "matured.py", days="75")
    assert "won within 75 days" in text(app)
    assert app.session_state["address"]["horizon"] == ("own",)


def test_dates_alone_are_a_period(monkeypatch: pytest.MonkeyPatch, plain: Pipeline) -> None:
    app = open_page(monkeypatch, plain, "matured.py", **{"from": "2025-01-01"})
    assert app.session_state["address"]["period"] == ("custom",)
    assert "The period is of creation here." in text(app)


def test_what_a_click_makes_senseless_is_not_complained_about(
    monkeypatch: pytest.MonkeyPatch, plain: Pipeline
) -> None:
    app = open_page(monkeypatch, plain, "lab.py", by="source")
    app.selectbox(key="choose_a").set_value("Fair").run()
    app.selectbox(key="pick_by").set_value("owner").run()
    assert not app.exception
    assert not app.info


def test_a_link_that_makes_sense_is_not_complained_about(
    monkeypatch: pytest.MonkeyPatch, plain: Pipeline
) -> None:
    app = open_page(monkeypatch, plain, "lab.py", by="source", a="Fair", horizon="30", rate="decided")
    assert not app.info
    app.selectbox(key="pick_by").set_value("owner").run()  # the link's group is of another column now
    assert not app.info


def test_dates_go_with_their_period(monkeypatch: pytest.MonkeyPatch, plain: Pipeline) -> None:
    # Left behind, they would come back as a period of their own when the page is loaded again.
    query = {"period": "custom", "from": "2025-01-01", "to": "2025-06-30"}
    app = open_page(monkeypatch, plain, "overview.py", **query)
    app.selectbox(key="pick_period").set_value("all").run()
    assert not {"period", "from", "to"} & set(app.session_state["address"])


def test_a_date_that_the_hit_rate_does_not_go_by_is_said(
    monkeypatch: pytest.MonkeyPatch, plain: Pipeline
) -> None:
    app = open_page(monkeypatch, plain, "overview.py", rate="created", basis="closed")
    assert "This hit rate goes by creation date: “Closing date”" in app.info[0].value
    assert "basis" not in app.session_state["address"]
