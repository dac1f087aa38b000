"""The web app: `streamlit run app.py`, or `uvicorn app:app` behind a proxy. Pages live in `pages/`."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.shared.errors import script_failed
from pages.shared.paths import TypedPaths
from pages.shared.streaming import routes

INDEX = Path(st.__file__).parent / "static" / "index.html"
# Process figures, readable without a login; `/_stcore/health` is the probe for a load balancer.
CLOSED = ("/_stcore/metrics",)


def inline_scripts(index: Path = INDEX) -> list[str]:
    """Return the CSP sources of Streamlit's own inline scripts; they change with its version."""
    scripts = re.findall(r"<script>(.*?)</script>", index.read_text(encoding="utf-8"), flags=re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def headers() -> dict[str, str]:
    """Return the security headers of every answer. No host but our own is ever asked for anything."""
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "'wasm-unsafe-eval'", *inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "worker-src": "'self' blob:",
        "frame-ancestors": "'self'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "object-src": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the address is the key to the workspace
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex",
    }


class SecurityHeaders:
    """Adds the headers to every answer and closes what nobody outside should read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        if scope["type"] == "http" and scope["path"].rstrip("/").endswith(CLOSED):
            await PlainTextResponse("not found", status_code=404)(scope, receive, sending)
        elif scope["type"] == "http":
            await self.app(scope, receive, sending)
        else:
            await self.app(scope, receive, send)


app = st.App(
    "pages/main.py",
    routes=routes(),
    middleware=[Middleware(SecurityHeaders), Middleware(TypedPaths)],
    on_script_error=script_failed,
)
