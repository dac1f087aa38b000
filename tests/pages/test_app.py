"""Every answer carries the security headers, and process figures are closed."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app import SecurityHeaders, headers, inline_scripts
from tests.pages.app import run

ROOT = Path(__file__).resolve().parents[2]


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("inside")(scope, receive, send)


def answer(path: str) -> tuple[int, dict[str, str]]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    run(SecurityHeaders(inner)(scope, receive, send))
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def test_every_answer_carries_the_headers() -> None:
    status, found = answer("/")
    assert status == 200
    assert found["referrer-policy"] == "no-referrer"
    assert found["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in found["content-security-policy"]


def test_process_figures_are_closed_also_below_a_base_path() -> None:
    assert [answer(path)[0] for path in ("/_stcore/metrics", "/sales/_stcore/metrics/")] == [404, 404]


def test_no_script_runs_that_we_did_not_count(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<script>a=1</script><script src='x.js'></script>")
    assert inline_scripts(page) == [f"'sha256-{base64.b64encode(hashlib.sha256(b'a=1').digest()).decode()}'"]
    script = next(p for p in headers()["Content-Security-Policy"].split("; ") if p.startswith("script-src"))
    assert "unsafe-inline" not in script
    assert "'unsafe-eval'" not in script


def test_both_themes_are_designed_and_nothing_calls_home() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert {"light", "dark"} <= set(settings["theme"])
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert "http" not in str(settings["theme"])
