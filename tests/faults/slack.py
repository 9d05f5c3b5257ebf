"""A Slack over real HTTP that outlives everybody: it answers what the app calls and keeps the ground truth."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.faults.ground import Ground, chat_with

TEAM = "TACME"
LATENCY = 0.002
Misfortune = Callable[[str, dict[str, Any]], Awaitable[web.StreamResponse | None]]


async def _none(_method: str, _asked: dict[str, Any]) -> web.StreamResponse | None:
    return None


class FakeSlack:
    """Any workspaces: a token names its own, as in "xoxb-TACME". `misfortune` may answer a call in its place.

    `ahead` is how far its clock is ahead of ours. Whoever calls below an address of their own, such as
    "http://…/second/api/", is remembered by that name in `callers`. `view` is the form that was opened last.
    """

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.ground = Ground(lambda: datetime.now(UTC) + self.ahead)
        self.calls: list[str] = []
        self.callers: list[str] = []
        self.view: dict[str, Any] = {}
        self.misfortune: Misfortune = _none
        self.latency = LATENCY
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port of the loopback address."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_route("*", "/{caller}/api/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def stop(self) -> None:
        """Listen no longer."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        asked: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            asked |= await request.json()
        elif request.can_read_body:
            asked |= dict(await request.post())
        asked["team"] = request.headers.get("Authorization", "").rpartition("-")[2] or TEAM
        self.calls.append(method)
        if method == "chat.postMessage":
            self.callers.append(request.match_info.get("caller", ""))
        await asyncio.sleep(self.latency)
        if befallen := await self.misfortune(method, asked):
            return befallen
        answer = getattr(self, "_" + method.replace(".", "_"), self._anything)(asked)
        await asyncio.sleep(self.latency)
        return web.json_response({"ok": True, **answer})

    def _anything(self, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"members": [], "response_metadata": {"next_cursor": ""}}

    def _auth_test(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"team": "Acme", "team_id": asked["team"], "user": "soundings", "user_id": "U0BOT", "bot_id": "B0BOT"}

    def _chat_postMessage(self, asked: dict[str, Any]) -> dict[str, Any]:
        return self.posted(asked)

    def posted(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Let a message arrive; what is said of it."""
        metadata = asked.get("metadata") or {}
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        one = self.ground.post(asked["team"], asked["channel"], asked.get("text", ""), metadata)
        return {"channel": one.channel, "ts": one.ts}

    def _users_info(self, asked: dict[str, Any]) -> dict[str, Any]:
        key = asked["user"]
        return {"user": {"id": key, "team_id": asked["team"], "name": key.lower(), "tz": "Europe/Lisbon"}}

    def _views_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        view = asked["view"]
        self.view = json.loads(view) if isinstance(view, str) else view
        return {"view": {**self.view, "id": "V0"}}

    def _conversations_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": chat_with(asked["users"])}}

    def _conversations_history(self, asked: dict[str, Any]) -> dict[str, Any]:
        oldest, limit = float(asked.get("oldest", 0)), int(asked.get("limit", 100))
        return {"messages": self.ground.history(asked["team"], asked["channel"], oldest, limit)}
