"""The way in for files of any size: the body of a request goes to disk piece by piece, never into memory.

A page that offers it hands the browser a ticket. The ticket, not the address of the workspace, travels with
every file, in a header; so no log of addresses ever holds the key to a workspace or the name of a file.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from data.errors import HitrateError
from data.workspace import Store, Upload

log = logging.getLogger("hitrate")
SCRIPT = Path(__file__).parents[1] / "assets" / "upload.js"
UPLOAD, SCRIPT_PATH = "/hitrate/upload", "/hitrate/upload.js"
LARGEST = "4G"
AT_ONCE = 8  # uploads that are written at the same time; the next one waits for its turn
SPARE = 256 << 20  # bytes of disk that stay free for everything else
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_STATUS = {"origin": 403, "ticket": 403, "busy": 409, "large": 413, "gone": 499, "failed": 500, "full": 507}
_MOST_TICKETS = 10_000
_tickets: OrderedDict[str, Ticket] = OrderedDict()
_limiter = anyio.CapacityLimiter(AT_ONCE)


@dataclass
class Ticket:
    """What one open page may upload to: a workspace, or a new one that its first file makes.

    `again` are the names of files that were in the workspace already.
    """

    code: str
    workspace: str | None
    again: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class TooLarge(Exception):
    """The body is longer than an upload may be."""


def limit() -> int:
    """Return how many bytes one file may have: HITRATE_MAX_UPLOAD (`500M`, `4G`, bytes), else 4 GB."""
    text = os.environ.get("HITRATE_MAX_UPLOAD") or LARGEST
    found = re.fullmatch(r"\s*(\d+)\s*([KMGT]?)(?:i?B)?\s*", text, flags=re.IGNORECASE)
    if found is None:
        raise ValueError(f"HITRATE_MAX_UPLOAD must be a size such as 500M or 4G, not {text!r}")
    return int(found[1]) << _UNITS[found[2].upper()]


def ticket(workspace: str | None) -> Ticket:
    """Return a new ticket for one page; the oldest of very many expire."""
    made = Ticket(secrets.token_urlsafe(16), workspace)
    _tickets[made.code] = made
    while len(_tickets) > _MOST_TICKETS:
        _tickets.popitem(last=False)
    return made


def routes() -> list[Route]:
    """Return the routes, at the root and below whatever path the app is served from."""
    limit()  # a wrong setting is told when the server starts, not at the first upload
    return [
        Route(prefix + path, endpoint, methods=[method])
        for prefix in ("", "/{base:path}")
        for path, endpoint, method in ((UPLOAD, upload, "POST"), (SCRIPT_PATH, script, "GET"))
    ]


def script_version() -> str:
    """Return what changes with the script, for its address."""
    return hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]


async def script(request: Request) -> Response:
    """Answer with the script that sends the files."""
    return FileResponse(
        SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def same_origin(request: Request) -> bool:
    """Return whether a page of ours asks: what the browser says of itself, else its Origin. Neither: no."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")


def refusal(request: Request) -> str | None:
    """Return why nothing of the body will be read, or None."""
    if not same_origin(request):
        return "origin"
    length = request.headers.get("content-length", "0")
    if not length.isascii() or not length.isdigit() or int(length) > limit():
        return "large"
    home = next(p for p in (Store().home, *Store().home.parents) if p.exists())
    return "full" if shutil.disk_usage(home).free < int(length) + SPARE else None


class Body:
    """The body of a request as a stream that a thread can read."""

    def __init__(self, request: Request, most: int) -> None:
        self._pieces = request.stream()
        self._left = most

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, about `size` of them; none at the end."""
        return anyio.from_thread.run(self._next, size)

    async def _next(self, size: int) -> bytes:
        """Wait for bytes. A client that went away, or sent too much, ends the upload with an error."""
        got: list[bytes] = []
        length = 0
        while length < size:
            piece = await anext(self._pieces, None)
            if piece is None:
                break
            got.append(piece)
            length += len(piece)
            self._left -= len(piece)
            if self._left < 0:
                raise TooLarge
        return b"".join(got)


def keep(holder: Ticket, name: str, body: Body) -> Upload:
    """Write a body to the ticket's workspace. When that fails, nothing of it is left."""
    with holder.lock:
        store = Store()
        here = store.open(holder.workspace) if holder.workspace else store.create()
        try:
            found = here.receive(name, body)
        except BaseException:
            if holder.workspace is None:
                store.delete(here.id)
            raise
        holder.workspace = here.id
        if found.again:
            holder.again.append(name)
        return found


async def upload(request: Request) -> Response:
    """Take one file in. The answer is a code; the page has the sentence for it in the reader's language."""
    refused = refusal(request)
    if refused is not None:
        return _answer(refused)
    holder = _tickets.get(request.headers.get("x-hitrate-ticket", ""))
    if holder is None:
        return _answer("ticket")
    name = unquote(request.headers.get("x-hitrate-name", ""))[:255].replace("\\", "/")
    try:
        found = await anyio.to_thread.run_sync(keep, holder, name, Body(request, limit()), limiter=_limiter)
    except ClientDisconnect:
        return _answer("gone")
    except TooLarge:
        return _answer("large")
    except HitrateError:
        return _answer("busy")
    except Exception as error:
        log.error("upload failed: %s", type(error).__name__)
        return _answer("failed")
    return JSONResponse({"code": "again" if found.again else "kept", "size": found.size})


def _answer(code: str) -> Response:
    return JSONResponse({"code": code}, status_code=_STATUS[code], headers={"Connection": "close"})
