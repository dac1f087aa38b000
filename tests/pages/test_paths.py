"""What a person types after the host leads to a page of ours, or to a sentence of ours."""

from __future__ import annotations

import ast
from urllib.parse import urljoin

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from pages.shared.paths import PAGES, TypedPaths, below, better
from tests.pages.app import ROOT, run, start, text, workspace


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(Request(scope).url.path)(scope, receive, send)


def answer(path: str, query: str = "", accept: str = "text/html,*/*", method: str = "GET") -> tuple[int, str]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(),
             "headers": [(b"accept", accept.encode()), (b"host", b"h")]}  # fmt: skip
    run(TypedPaths(inner)(scope, receive, send))
    headers = dict(sent[0]["headers"])
    return sent[0]["status"], headers.get(b"location", b"").decode()


def test_every_page_of_the_menu_has_a_path() -> None:
    tree = ast.parse((ROOT / "pages" / "main.py").read_text())
    menu = next(f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == "titles")
    found = next(node for node in ast.walk(menu) if isinstance(node, ast.Dict))
    assert {ast.literal_eval(key) for key in found.keys if key} == PAGES


@pytest.mark.parametrize("prefix", ["", "/sales"])
@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("/start", "/"), ("/start/", "/"), ("/Start", "/"), ("/overview/", "/overview"),
        ("/Overview", "/overview"), ("/hit-rates", "/hit_rates"), ("/Hit%20rates", "/hit_rates"),
    ],
)  # fmt: skip
def test_what_is_nearly_a_page_leads_there(typed: str, there: str, prefix: str) -> None:
    # A proxy that takes /sales off leaves the path as it is; the browser still sees the whole of it.
    status, location = answer(typed.replace("%20", " "), "w=abc&f.source=Web")
    assert status == 307
    assert urljoin(f"https://h{prefix}{typed}", location) == f"https://h{prefix}{there}?w=abc&f.source=Web"


@pytest.mark.parametrize(
    "path",
    ["/", "/overview", "/media/a", "/_stcore/health", "/x/_stcore/health", "/static/js/a", "/favicon.ico",
     "//evil.example/", "/hitrate/upload.js"],
)  # fmt: skip
def test_what_is_right_or_no_page_is_left_alone(path: str) -> None:
    assert answer(path) == (200, "")


def test_only_a_browser_that_wants_a_page_is_sent_on() -> None:
    assert answer("/start", accept="*/*")[0] == 200
    assert answer("/start", method="POST")[0] == 200


@pytest.mark.parametrize("path", ["/nowhere", "/a/b/c", "/<script>alert(1)</script>", "/" + "x" * 10_000,
                                  "/\u202eevil", "/https://evil.example/x"])  # fmt: skip
def test_a_page_there_is_not_leads_to_the_start_of_this_app(path: str) -> None:
    status, location = answer(path, "w=abc")
    assert status == 307
    assert location.startswith(("./?w=abc&page=", "../"))
    assert urljoin("https://h" + path.replace("//", "/"), location).startswith("https://h/?w=abc&page=")
    assert len(location) < 700


def test_the_start_says_that_there_is_no_such_page() -> None:
    at = start({"w": workspace().id, "page": "<b>nowhere</b>"})
    assert "There is no page “\\<b\\>nowhere" in text(at)
    assert at.title[0].value == "See what your sales pipeline tells you"
    assert "page" not in at.session_state["address"]


def test_served_below_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.get_option", lambda name: "sales")
    assert below("/sales/start") == "/start"
    assert below("/sales") == "/"
    assert below("/salesforce") == "/salesforce"
    assert better(below("/sales/overview")) is None
