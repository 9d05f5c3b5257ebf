"""The one web server: Slack's requests, the install pages, and two questions for whoever keeps Soundings running."""

from __future__ import annotations

import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from yarl import URL

from bot.schema import SENTENCES, WORKS
from storage.engine import Storage
from storage.errors import Unavailable
from storage.migrate import standing

MOST_BYTES = 1024 * 1024
# Slack accepts its own signatures for five minutes to either side; what was answered once is not taken twice.
REMEMBERED_SECONDS = 600.0
TIMESTAMP = re.compile("[0-9]{1,12}")
# Slack asks this without a signature, to see whether our certificate is good; nothing follows from it.
SSL_CHECK = b"ssl_check=1"
KINDS = {
    "block_actions",
    "event_callback",
    "message_action",
    "shortcut",
    "url_verification",
    "view_closed",
    "view_submission",
}


class Seen:
    """The signatures of requests that are or were answered, for as long as they would be valid."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at: OrderedDict[str, float] = OrderedDict()

    def __contains__(self, signature: str) -> bool:
        return signature in self._at

    def add(self, signature: str) -> None:
        """Remember one, and forget those that no longer matter."""
        now = self._now()
        self._at[signature] = now
        while self._at and next(iter(self._at.values())) < now - REMEMBERED_SECONDS:
            self._at.popitem(last=False)

    def forget(self, signature: str) -> None:
        """The request came to nothing, and may come again."""
        self._at.pop(signature, None)


def web_app(bolt: AsyncApp | None, storage: Storage, signing_secret: str = "") -> web.Application:
    """The server's routes. `bolt` is None where Slack's requests come over Socket Mode instead."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", partial(_ready, storage))
    if bolt is not None:
        app.router.add_post("/slack/events", slack_events(bolt, signing_secret))
    return app


def slack_events(bolt: AsyncApp, signing_secret: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The address that Slack calls. What is not signed, or was answered before, is refused before anything reads it."""
    verifier = SignatureVerifier(signing_secret)
    seen = Seen()

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if SSL_CHECK in body.split(b"&"):
            return web.Response()
        signature = request.headers.get("X-Slack-Signature", "")
        if signature in seen or not _is_genuine(verifier, request, signature, body):
            return web.json_response({"error": "invalid request"}, status=401)
        seen.add(signature)
        status = 500
        try:
            response = await _dispatch(bolt, request, body)
            status = response.status
        finally:
            if status != 200:
                seen.forget(signature)
        return response

    return handle


def _is_genuine(verifier: SignatureVerifier, request: web.Request, signature: str, body: bytes) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    if not TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False


async def _dispatch(bolt: AsyncApp, request: web.Request, body: bytes) -> web.StreamResponse:
    asked = _read(request, body)
    if asked is None:
        return web.json_response({"error": "this cannot be read"}, status=400)
    return await to_aiohttp_response(await bolt.async_dispatch(asked))


def _read(request: web.Request, body: bytes) -> AsyncBoltRequest | None:
    """What Bolt makes of a request, or None where it is nothing that Slack sends."""
    try:
        read = _payload(request.content_type, body.decode())
        if not (read.get("type") in KINDS or read.get("command")):
            return None
        # The name under which Bolt takes what was read already. Reading a form is its slowest step, and it takes a
        # command in which somebody wrote "payload" for something else.
        return AsyncBoltRequest(body=read, mode="socket_mode")
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _payload(content_type: str, body: str) -> dict[str, Any]:
    if content_type == "application/json":
        return json.loads(body)  # type: ignore[no-any-return]
    form = dict(URL.build(query_string=body, encoded=True).query.items())
    return json.loads(form["payload"]) if "payload" in form else form


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"status": "running"})


async def _ready(storage: Storage, _request: web.Request) -> web.Response:
    try:
        how = await storage.run(standing, storage)
    except Unavailable:
        return web.json_response({"status": "the database cannot be reached"}, status=503)
    if how not in WORKS:
        return web.json_response({"status": " ".join(SENTENCES[how])}, status=503)
    return web.json_response({"status": "ready"})
