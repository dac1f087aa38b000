"""Work in a thread: one job per workspace and kind, followed by whoever looks; a stop leaves no trace."""

from __future__ import annotations

import io
import threading
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data.converting import Cancelled, ImportStopped, Progress
from data.errors import HitrateError
from data.workspace import Store, Workspace
from pages.shared import importing, jobs, working
from tests.pages.app import CSV, start, text, workspace


def until_stopped(progress: Progress, cancelled: Cancelled) -> None:
    progress(0.5, "Half way")
    for _ in range(2_000):
        if cancelled():
            raise ImportStopped
        threading.Event().wait(0.005)


def quick(progress: Progress, cancelled: Cancelled) -> str:
    return "done"


def test_the_same_work_is_followed_not_repeated() -> None:
    first = jobs.begin("w1", "read", "a", until_stopped)
    assert jobs.begin("w1", "read", "a", quick) is first
    assert jobs.running("w1", "read")
    first.cancel()
    with pytest.raises(HitrateError, match="stopped"):
        first.result()


def test_other_work_of_the_kind_takes_its_place() -> None:
    first = jobs.begin("w2", "preview", "a", until_stopped)
    second = jobs.begin("w2", "preview", "b", quick)
    assert second.result() == "done"
    assert first.wait(5)
    assert first.stopped


def test_a_forgotten_job_makes_room_and_a_stranger_does_not() -> None:
    job = jobs.begin("w3", "read", "a", quick)
    job.result()
    jobs.forget("w3", "read", jobs.Job("a", quick))
    assert jobs.find("w3", "read") is job
    jobs.forget("w3", "read", job)
    assert jobs.find("w3", "read") is None


def test_progress_never_goes_back() -> None:
    def work(progress: Progress, cancelled: Cancelled) -> None:
        progress(0.6, "b")
        progress(0.2, "a")

    job = jobs.begin("w4", "read", "a", work)
    job.result()
    assert (job.share, job.text) == (0.6, "a")


def test_stopped_while_reading_only_the_new_files_are_let_go() -> None:
    here = workspace()
    here.receive("more.csv", io.BytesIO(CSV.replace(b"D1", b"E1")))
    with pytest.raises(HitrateError) as stopped:
        importing.read(here, lambda share, text: None, lambda: True)
    assert jobs.was_stopped(stopped.value)
    assert [u.name for u in here.uploads] == ["deals.csv"]
    assert here.generation == 1


def test_files_that_fail_in_a_way_nobody_foresaw_do_not_lock_the_workspace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = workspace()
    here.receive("odd.csv", io.BytesIO(CSV.replace(b"D1", b"F1")))

    def fails(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "recognise", fails)
        at = start({"w": here.id}, page="review.py")
    assert "Something went wrong on our side" in text(at)
    assert [u.name for u in here.uploads] == ["deals.csv"]
    assert start({"w": here.id}, page="review.py").metric[0].value == "6"


def test_a_stopped_import_keeps_the_generation_and_the_review() -> None:
    here = workspace()
    here.receive("more.csv", io.BytesIO(CSV.replace(b"D1", b"E1")))
    job = jobs.begin(here.id, "commit", "x", until_stopped)
    job.cancel()
    job.wait(5)
    at = start({"w": here.id}, page="review.py")
    at.session_state["commit"] = job
    at.run()
    assert "Nothing was changed" in text(at)
    assert at.title[0].value == "Is this read correctly?"
    assert here.generation == 1


def test_a_stopped_preview_can_be_worked_out_again() -> None:
    here = workspace(commit=False)
    at = start({"w": here.id}, page="review.py")
    at.session_state["as_of"] = date(2026, 1, 1)  # a draft that was not worked out yet
    key_of = jobs.begin

    def stopped(workspace: str, kind: str, key: str, work: jobs.Work) -> jobs.Job:
        found = jobs.find(workspace, kind) or key_of(workspace, kind, key, until_stopped)
        found.cancel()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "begin", stopped)
        at.run()
        assert not at.metric
    at.button(key="work_out").click().run()
    assert at.metric[0].value == "6"


def test_files_that_came_by_the_streaming_route_are_read_and_reviewed() -> None:
    at = start()
    holder = at.session_state["ticket"]
    here = Store(None).create()
    here.receive("deals.csv", io.BytesIO(CSV))
    holder.workspace = here.id
    at.button(key="arrived").click().run()
    assert at.session_state["address"]["w"] == (here.id,)
    assert at.title[0].value == "Is this read correctly?"


def test_two_jobs_are_followed_in_one_run_of_the_page() -> None:
    def page() -> None:
        import threading

        import streamlit as st

        from pages.shared import jobs, working

        def slow(progress: object, cancelled: object) -> str:
            threading.Event().wait(0.2)
            return "done"

        working.QUICK, working.BEAT = 0.01, 0.02
        for name in ("", "_preview"):
            st.write(working.follow(jobs.begin("w9", f"k{name}", "a", slow), st.empty(), "Reading", name))

    quick, beat = working.QUICK, working.BEAT
    try:
        at = AppTest.from_function(page, default_timeout=20).run()
    finally:
        working.QUICK, working.BEAT = quick, beat
    assert not at.exception
    assert [m.value for m in at.markdown] == ["done", "done"]
