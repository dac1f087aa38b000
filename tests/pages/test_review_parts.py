"""The parts of the Review page: merges, rows behind warnings, bands, columns, and the recipe as a file."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.converting import convert
from data.errors import HitrateError
from data.meta import Meta
from data.notice import Notice
from data.recipe import FileRecipe, Guess
from data.workspace import Store, Workspace
from pages.shared.review import banding, columns, draft, offers, recipes
from pages.shared.review.desk import Desk
from tests.pages.app import CSV, start, text, workspace

ALIKE = CSV.replace(b"D2;Verloren;Web", b"D2;Verloren;web")
MAILED = (
    CSV.replace(b"Bedrag", b"Bedrag;E-mail").replace(b"\nD", b"\nD").replace(b"1.000,50", b"1.000,50;a@b.nl")
)


def opened(here: Workspace, *open_: str) -> AppTest:
    """Open the review with some of its folded parts open."""
    at = start({"w": here.id}, page="review.py")
    for key in open_:
        at.session_state[key] = True
    return at.run()


def card(at: AppTest) -> str:
    return f"file_{next(iter(at.session_state['draft'].files))}"


def boxes(at: AppTest) -> list[str]:
    return [str(c.key) for c in at.checkbox]


def test_labels_that_look_alike_are_merged_by_a_click_and_parted_by_another() -> None:
    at = opened(workspace(("deals.csv", ALIKE), commit=False))
    assert at.checkbox[0].label == "“web” (1) counts as “Web” (2)"
    at.checkbox(key=boxes(at)[0]).check().run()
    (file,) = at.session_state["draft"].files.values()
    assert file.merge == {"Leadbron": {"web": "Web"}}
    at.checkbox(key=boxes(at)[0]).uncheck().run()
    (file,) = at.session_state["draft"].files.values()
    assert file.merge == {}


def test_a_merge_is_remembered_and_can_still_be_undone() -> None:
    here = workspace(("deals.csv", ALIKE), commit=False)
    at = opened(here)
    at.checkbox(key=boxes(at)[0]).check().run()
    at.button(key="confirm_top").click().run()
    assert [v for v, _n in _sources(here)] == ["Web", "Beurs", None]
    again = opened(here)
    assert all(c.value for c in again.checkbox)
    again.checkbox(key=boxes(again)[0]).uncheck().run()
    again.button(key="confirm_top").click().run()
    assert {v for v, _n in _sources(here)} >= {"web", "Web"}


def _sources(here: Workspace) -> list[tuple[str | None, int]]:
    pipeline = Store(None).open(here.id).pipeline()
    assert pipeline is not None
    with pipeline:
        found = pipeline.engine.fetch("SELECT source, COUNT(*) AS n FROM deals GROUP BY 1 ORDER BY 2 DESC, 1")
    return [(v, n) for v, n in found.iter_rows()]


def test_a_key_that_nearly_meets_another_is_offered_for_the_deals() -> None:
    here = workspace(commit=False)
    desk = Desk(here, here.proposals, draft.begin(here.proposals), 0)
    near = Notice(
        code="join_near_miss", level="question", message="", file="deals.csv", column="Leadbron",
        values={"mine": "Web", "theirs": "W.E.B."},
    )  # fmt: skip
    assert [g.pairs for g in offers.groups(desk, [near])] == [{"Web": "W.E.B."}]


def test_a_warning_opens_its_rows_as_the_file_has_them() -> None:
    backward = CSV.replace(b"15-03-2025;1.000,50", b"15-01-2025;1.000,50")
    at = opened(workspace(("deals.csv", backward), commit=False))
    shown = next(b for b in at.button if b.label == "Show the rows" and "closed" not in str(b.key))
    count = len(at.dataframe)
    at.button(key=shown.key).click().run()
    frame = at.dataframe[-1].value if len(at.dataframe) > count else None
    assert frame is not None
    assert {"row", "Deal"} <= set(frame.columns)
    assert "Hide" in [b.label for b in at.button]


def test_what_could_not_be_read_is_listed_with_its_place_and_reason() -> None:
    broken = CSV.replace(b"16-04-2025", b"somewhere")
    at = opened(workspace(("deals.csv", broken), commit=False), "open_rejects")
    assert "1 row or value rejected" in [e.label.split(": ")[-1] for e in at.expander]
    (row,) = at.dataframe[0].value.to_dict("records")
    assert (row["row"], row["column"], row["text"]) == (7, "Aangemaakt op", "somewhere")
    assert [b.label for b in at.get("download_button")][:2] == [
        "Rows of deals.csv to mend",
        "The whole list (1)",
    ]


def test_a_column_left_out_says_why_and_comes_back_when_asked_for() -> None:
    here = workspace(("deals.csv", MAILED), commit=False)
    (proposal,) = here.proposals
    used, out = columns.listed(proposal, proposal.recipe)
    assert (out, "Bedrag" in used) == (["E-mail"], True)
    kept = draft.read_as(proposal.recipe, "E-mail", "keep")
    assert columns.listed(proposal, kept)[1] == []
    here.commit(draft.with_file(draft.begin([proposal]), proposal.fingerprint, kept)).close()
    assert "E-mail" in {d.label for d in _meta(here).dimensions}


def _meta(here: Workspace):  # type: ignore[no-untyped-def]
    pipeline = here.pipeline()
    assert pipeline is not None
    with pipeline:
        return pipeline.meta


@pytest.mark.parametrize(("confidence", "word"), [(1.0, "sure"), (0.62, "likely"), (0.1, "a guess")])
def test_confidence_is_a_word(confidence: float, word: str) -> None:
    guess = Guess(column="a", field="owner", reason="Because.", confidence=confidence, runner_up="team")
    assert columns.certainty(guess, corrected=False) == word
    assert columns.why(guess, FileRecipe(), "a", corrected=False) == "Because. Or else: Team."


def test_a_file_can_be_taken_out_of_the_workspace() -> None:
    here = workspace(("deals.csv", CSV), ("colours.csv", b"Shade,Hex\nred,f00\nblue,00f\n"), commit=False)
    at = start({"w": here.id}, page="review.py")
    second = list(at.session_state["draft"].files)[1]
    at.session_state[f"file_{second}"] = True
    at.run().button(key="remove_1").click().run()
    assert [u.name for u in here.uploads] == ["deals.csv"]
    assert not at.exception


def test_a_recipe_that_was_edited_is_applied() -> None:
    here = workspace(commit=False)
    desk = Desk(here, here.proposals, draft.begin(here.proposals), 0)
    (print_, file) = next(iter(desk.recipe.files.items()))
    words = file.outcome.words | {"Offerte": "lost"}
    edited = {"files": {print_: {"outcome": file.outcome.model_dump() | {"words": words}}}}
    taken = recipes.taken(desk, recipes.parsed(json.dumps(edited).encode(), "r.json"))
    assert taken.files[print_].outcome.words["Offerte"] == "lost"
    assert taken.files[print_].fields == file.fields


def test_an_uploaded_recipe_changes_what_the_files_come_to() -> None:
    here = workspace(commit=False)
    at = opened(here, "recipes")
    (print_,) = at.session_state["draft"].files
    words = {"Gewonnen": "won", "Verloren": "lost", "Offerte": "lost"}
    edited = {"files": {print_: {"outcome": {"source": "stage", "column": "Fase", "words": words}}}}
    at.get("file_uploader")[0].upload("mine.json", json.dumps(edited).encode()).run()
    assert {m.label: m.value for m in at.metric}["Lost"] == "3"
    wrong = {"files": {print_: {"keep": ["Nowhere"]}}}
    at.get("file_uploader")[0].upload("wrong.json", json.dumps(wrong).encode()).run()
    assert any('no column "Nowhere"' in w.value for w in at.warning)
    assert {m.label: m.value for m in at.metric}["Lost"] == "3"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"{not json", "r.json is not a JSON file"), (b'{"files": {"x": {"feilds": {}}}}', "feilds")],
)
def test_a_file_that_is_no_recipe_gets_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(HitrateError, match=said):
        recipes.parsed(content, "r.json")


def test_what_the_page_worked_out_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here, times, real = workspace(commit=False), [], convert

    def counted(*args: Any, **named: Any) -> Meta:
        times.append(1)
        return real(*args, **named)

    monkeypatch.setattr("data.workspace.workspace.convert", counted)
    at = opened(here)
    assert len(times) == 1
    at.button(key="confirm_top").click().run()
    assert (len(times), here.generation) == (1, 1)


def test_a_known_header_is_read_without_a_question() -> None:
    here = workspace()
    at = start({"w": here.id}, page="review.py")
    assert "Read in the same way as before: nothing to decide." in text(at)
    assert "Please check" not in [h.value for h in at.header]


PEOPLE = b"Verkoper;Team\nAnna;Noord\nCas;Zuid\nDirk;Oost\n"


def test_a_join_says_what_met_and_lists_what_did_not() -> None:
    at = opened(workspace(("deals.csv", CSV), ("people.csv", PEOPLE), commit=False))
    assert "1 of 2 values are found" in text(at)
    shown = next(b.key for b in at.button if b.label == "Show the values")
    at.button(key=shown).click().run()
    assert ["Bo", 3] in [list(row.values()) for d in at.dataframe for row in d.value.to_dict("records")]


AGED = b"Lead ID,Stage,Source,Age\n" + b"".join(
    b"L%d,%s,Web,%d\n" % (n, b"Won" if n % 3 else b"Lost", 18 + n % 60) for n in range(120)
)


def test_numbers_are_cut_into_bands_and_counted_at_once() -> None:
    here = workspace(("leads.csv", AGED), commit=False)
    (proposal,) = here.proposals
    assert "Age" in proposal.bands
    at = opened(here, f"file_{proposal.fingerprint}")
    recipe = at.session_state["draft"]
    file = draft.band(recipe.files[proposal.fingerprint], "Age", [50, 30])
    at.session_state["draft"] = draft.with_file(recipe, proposal.fingerprint, file)
    for parts in range(2, 6):  # the tabs of this file, however many it has
        at.session_state[f"tabs_{proposal.fingerprint}_0_{parts}"] = "Numbers in bands"
    at.run()
    (table,) = [d.value for d in at.dataframe if list(d.value.columns) == ["band", "deals", "bar"]]
    deals = dict(zip(table["band"], table["deals"], strict=True))
    assert deals == {"< 30": 24, "30–49": 40, "50+": 56}


@pytest.mark.parametrize(("browser", "texts"), [("en-GB", False), ("nl-NL", True)])
def test_the_tables_are_written_in_the_language_of_the_page(browser: str, texts: bool) -> None:
    here = workspace(("leads.csv", AGED), commit=False)
    (proposal,) = here.proposals
    at = start({"w": here.id, "lang": "en"}, browser, "review.py")
    at.session_state[f"file_{proposal.fingerprint}"] = True
    at.run()
    file = draft.band(at.session_state["draft"].files[proposal.fingerprint], "Age", [50, 30])
    at.session_state["draft"] = draft.with_file(at.session_state["draft"], proposal.fingerprint, file)
    parts = [f"tabs_{proposal.fingerprint}_0_{n}" for n in range(2, 6)]
    seen = {}
    for tab, column in (("Won or lost", "word"), ("Numbers in bands", "bar")):
        for part in parts:
            at.session_state[part] = tab
        at.run()
        tables = [d for d in at.dataframe if column in d.value.columns]
        seen[column] = [d.proto.arrow_data.HasField("styler") for d in tables]
    assert seen == {"word": [texts], "bar": [texts]}


@pytest.mark.parametrize(("written", "value"), [("1.250,5", 1250.5), ("18", 18.0), ("old", None)])
def test_an_edge_is_read_as_the_reader_writes_numbers(
    monkeypatch: pytest.MonkeyPatch, written: str, value: float | None
) -> None:
    from babel import Locale

    monkeypatch.setattr(banding, "locale", lambda: Locale("nl"))
    assert banding.parsed(written) == value


def test_a_changed_header_shows_only_the_difference() -> None:
    here = workspace()
    later = CSV.replace(b"Leadbron;", b"Leadbron;Regio;").replace(b";Web;", b";Web;Noord;")
    later = later.replace(b";Beurs;", b";Beurs;Zuid;").replace(b"D4;Verloren;;", b"D4;Verloren;;;")
    here.receive("later.csv", io.BytesIO(later))
    changed = next(p.fingerprint for p in here.proposals if p.changed)
    at = opened(here, f"file_{changed}")
    assert "New since the last file: “Regio”" in text(at)
    assert "Please check" not in [h.value for h in at.header]
