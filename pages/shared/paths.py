"""What a person types after the host: the start by its name, capitals, a last slash, or no page at all.

Streamlit knows a page by its exact path only and says "Page not found" in its own words to everything else.
A browser that asks for something near to a page is sent there; for anything else it is sent to the start,
which says that there is no such page. Addresses are relative, so that they are right behind any proxy.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

START = "start"
PAGES = frozenset(p.stem for p in Path(__file__).parents[1].glob("*.py")) - {"main", "__init__"}
# The first part of a path that is no page: files, uploads, signing in, and what Streamlit keeps for itself.
OTHERS = frozenset(("_stcore", "app", "auth", "component", "hitrate", "media", "oauth2callback", "static"))
_LONGEST = 100


def below(path: str) -> str:
    """Return a path less what the server is told to be served under."""
    base = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
    return path[len(base) :] or "/" if base != "/" and f"{path}/".startswith(f"{base}/") else path


def better(path: str, query: str = "") -> str | None:
    """Return where to send a browser that asks for a path, relative to it; None where it is right."""
    parts = path.strip("/").split("/")
    if (
        path in ("", "/")
        or path.startswith("//")
        or "_stcore" in parts
        or parts[0] in OTHERS
        or "." in parts[-1]
    ):
        return None
    asked = "/".join(parts)
    name = asked.lower().replace("-", "_").replace(" ", "_")
    if name in PAGES - {START} and path == f"/{name}":
        return None
    page = name if name in PAGES - {START} else ""
    queries = [query] if query else []
    if name not in PAGES:
        queries.append(f"page={quote(asked[:_LONGEST], safe='')}")
    up = "../" * (path.count("/") - 1) or "./"
    return up + page + ("?" + "&".join(queries) if queries else "")


def wants_page(scope: Scope) -> bool:
    """Return whether a request is for a page to show, as a browser's address bar and links make them."""
    return "text/html" in Headers(scope=scope).get("accept", "")


class TypedPaths:
    """Sends browsers on from paths that are nearly those of a page, or of none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and wants_page(scope):
            target = better(below(scope["path"]), scope["query_string"].decode("latin-1"))
        if target is None:
            await self.app(scope, receive, send)
        else:
            answer = RedirectResponse(target, status_code=307, headers={"Cache-Control": "no-store"})
            await answer(scope, receive, send)
