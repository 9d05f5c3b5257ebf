"""The one web server: Slack's requests, the install pages, and two questions for whoever keeps Soundings running."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from storage.engine import Storage
from storage.errors import Unavailable
from storage.migrate import is_current

MOST_BYTES = 1024 * 1024
# Slack accepts its own signatures for five minutes to either side; what was answered once is not taken twice.
REMEMBERED_SECONDS = 600.0


class Seen:
    """The signatures of requests that were answered, for as long as they would be valid."""

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


def web_app(bolt: AsyncApp | None, storage: Storage) -> web.Application:
    """The server's routes. `bolt` is None where Slack's requests come over Socket Mode instead."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", partial(_ready, storage))
    if bolt is not None:
        app.router.add_post("/slack/events", slack_events(bolt))
    return app


def slack_events(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The address that Slack calls. Bolt checks the signature; a request that was answered before is refused here."""
    seen = Seen()

    async def handle(request: web.Request) -> web.StreamResponse:
        signature = request.headers.get("X-Slack-Signature", "")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if signature in seen or not timestamp.isdecimal():
            return web.json_response({"error": "invalid request"}, status=401)
        response = await bolt.async_dispatch(await to_bolt_request(request))
        if response.status == 200:
            seen.add(signature)
        return await to_aiohttp_response(response)

    return handle


async def _healthy(_request: web.Request) -> web.Response:
    return web.json_response({"status": "running"})


async def _ready(storage: Storage, _request: web.Request) -> web.Response:
    try:
        current = await storage.run(is_current, storage)
    except Unavailable:
        return web.json_response({"status": "the database cannot be reached"}, status=503)
    if not current:
        return web.json_response({"status": "the database is not migrated: soundings db upgrade"}, status=503)
    return web.json_response({"status": "ready"})
