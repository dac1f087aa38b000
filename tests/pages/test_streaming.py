"""The streaming route without a browser: who may use it, what it writes, and what failure leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from data.workspace import Store
from pages.shared import streaming
from tests.pages.app import CSV, run

OURS = {"sec-fetch-site": "same-origin"}


def send(
    body: list[bytes], headers: dict[str, str], gone: bool = False, path: str = "/hitrate/upload"
) -> tuple[int, bytes]:
    """Post a body in these pieces; `gone`: the client leaves before the end."""
    pieces: Iterator[bytes] = iter(body)
    sent: list[Message] = []

    async def receive() -> Message:
        piece = next(pieces, None)
        if piece is None and gone:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def answer(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "scheme": "http",
        "headers": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
        "root_path": "",
    }
    run(Starlette(routes=streaming.routes())(scope, receive, answer))
    return sent[0]["status"], sent[1]["body"]


def ticketed(workspace: str | None = None, **headers: str) -> tuple[streaming.Ticket, dict[str, str]]:
    made = streaming.ticket(workspace)
    name = "deals%20of%20%C3%A5r.csv"
    return made, {**OURS, "x-hitrate-ticket": made.code, "x-hitrate-name": name, **headers}


def left() -> list[Path]:
    return [p for p in Store().home.rglob("*") if p.is_file()]


def test_a_body_in_pieces_becomes_an_upload_in_a_new_workspace() -> None:
    holder, headers = ticketed()
    assert send([CSV[:50], b"", CSV[50:]], headers)[0] == 200
    here = Store().open(str(holder.workspace))
    assert [(u.name, u.size) for u in here.uploads] == [("deals of år.csv", len(CSV))]


def test_it_works_below_a_base_path_too() -> None:
    assert send([CSV], ticketed()[1], path="/sales/tools/hitrate/upload")[0] == 200


def test_the_same_bytes_again_are_told_apart() -> None:
    holder, headers = ticketed()
    assert [send([CSV], headers)[1][:13] for _ in range(2)] == [b'{"code":"kept', b'{"code":"agai']
    assert holder.again == ["deals of år.csv"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example", "host": "hitrate.example"},
        {"origin": "null", "host": "null"},
        {"sec-fetch-site": "cross-site", "origin": "https://a.example", "host": "a.example"},
    ],
)
def test_other_sites_are_refused(headers: dict[str, str]) -> None:
    code = streaming.ticket(None).code
    assert send([CSV], {"x-hitrate-ticket": code, **headers})[0] == 403
    assert not left()


def test_an_older_browser_shows_its_origin() -> None:
    _, headers = ticketed(origin="https://a.example", host="a.example")
    del headers["sec-fetch-site"]
    assert send([CSV], headers)[0] == 200


@pytest.mark.parametrize("code", ["", "x" * 22, "../../etc"])
def test_nothing_is_written_without_a_ticket(code: str) -> None:
    assert send([CSV], {**OURS, "x-hitrate-ticket": code})[0] == 403
    assert not left()


def test_a_ticket_for_no_workspace_writes_nothing() -> None:
    assert send([CSV], ticketed("../../etc")[1])[0] == 409
    assert not left()


@pytest.mark.parametrize("declared", [{}, {"content-length": "5000"}, {"content-length": "-1"}])
def test_more_than_the_limit_is_refused_declared_or_not(
    monkeypatch: pytest.MonkeyPatch, declared: dict[str, str]
) -> None:
    monkeypatch.setenv("HITRATE_MAX_UPLOAD", "1K")
    assert send([b"x" * 900, b"y" * 900], ticketed(**declared)[1])[0] == 413
    assert not left()


def test_a_client_that_leaves_half_way_leaves_nothing() -> None:
    assert send([CSV[:100]], ticketed()[1], gone=True)[0] == 499
    assert not left()


def test_a_client_that_leaves_keeps_what_the_workspace_had() -> None:
    here = Store().create()
    send([CSV], ticketed(here.id)[1])
    send([CSV[:100]], ticketed(here.id)[1], gone=True)
    assert [u.size for u in here.uploads] == [len(CSV)]
    assert not list((here.folder / "uploads").glob(".tmp-*"))


def test_a_full_disk_is_told_before_the_body_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "SPARE", 1 << 60)
    assert send([CSV], ticketed()[1])[0] == 507


@pytest.mark.parametrize(("text", "size"), [("", 4 << 30), ("500M", 500 << 20), ("2 GiB", 2 << 30), ("7", 7)])
def test_the_limit_is_a_setting(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setenv("HITRATE_MAX_UPLOAD", text)
    assert streaming.limit() == size


def test_a_wrong_limit_is_told_when_the_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HITRATE_MAX_UPLOAD", "lots")
    with pytest.raises(ValueError, match="HITRATE_MAX_UPLOAD must be a size"):
        streaming.routes()
