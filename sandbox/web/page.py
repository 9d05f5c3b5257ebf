"""The page's own API and its files: who is there, what they see, what they do, the clock and the faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from aiohttp import web

from sandbox.faults import NAMES, UnknownFault
from sandbox.slack.files import MOST_BYTES, Picked
from sandbox.slack.look import initials

if TYPE_CHECKING:
    from sandbox.slack.seat import Seat
    from sandbox.slack.server import SlackSandbox

Json = dict[str, Any]
PING_SECONDS = 15.0


@runtime_checkable
class Movable(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """The present instant."""
        ...

    def move_to(self, at: datetime) -> None:
        """Let time pass until then."""
        ...


class BadRequest(ValueError):
    """The page asked for something that makes no sense; the sentence says what."""


def add_routes(server: web.Application, sandbox: SlackSandbox) -> None:
    """Add the page to the sandbox's server."""
    page = Page(sandbox)
    server.router.add_get("/", page.index)
    server.router.add_get("/page/people", page.people)
    server.router.add_get("/page/look", page.look)
    server.router.add_get("/page/stream", page.stream)
    server.router.add_post("/page/act", page.act)
    server.router.add_post("/page/file", page.choose_file)
    server.router.add_get("/page/clock", page.clock)
    server.router.add_post("/page/clock", page.move_clock)
    server.router.add_get("/page/faults", page.faults)
    server.router.add_post("/page/faults", page.order_fault)
    server.router.add_post("/page/faults/clear", page.clear_faults)
    static = resources.files("sandbox.web") / "static"
    if static.is_dir():
        server.router.add_static("/static", str(static))


class Page:
    """The routes of the page over one sandbox."""

    def __init__(self, sandbox: SlackSandbox) -> None:
        self.sandbox = sandbox

    async def index(self, request: web.Request) -> web.Response:
        """The page itself."""
        index = resources.files("sandbox.web") / "static" / "index.html"
        if not index.is_file():
            return web.Response(status=404, text="The page is not part of this installation.")
        return web.Response(text=index.read_text("utf-8"), content_type="text/html")

    async def people(self, request: web.Request) -> web.Response:
        """The workspaces, and who can be played there."""
        workspaces = [
            {
                "id": workspace.id,
                "name": workspace.name,
                "people": [
                    {
                        "id": user.id,
                        "name": user.name,
                        "real_name": user.real_name,
                        "title": user.title,
                        "tz": user.tz,
                        "colour": user.colour,
                        "initials": initials(user.real_name),
                        "is_admin": user.admin,
                        "is_guest": user.guest is not None,
                    }
                    for user in workspace.users.values()
                    if not (user.bot or user.deleted or user.id == "USLACKBOT")
                ],
            }
            for workspace in self.sandbox.workspaces.values()
        ]
        return web.json_response({"workspaces": workspaces})

    async def look(self, request: web.Request) -> web.Response:
        """Everything that one person sees now."""
        try:
            seat = self._seat(dict(request.query))
        except ValueError as error:
            return _no(error, 404)
        return web.json_response(seat.look(request.query.get("channel")))

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell the page, as it happens, that there is something new to see."""
        response = web.StreamResponse()
        response.content_type = "text/event-stream"
        response.headers["Cache-Control"] = "no-store"
        await response.prepare(request)
        seen = -1
        try:
            while True:
                rev = await self.sandbox.changed(seen, PING_SECONDS)
                line = f"data: {json.dumps({'rev': rev})}\n\n" if rev > seen else ": ping\n\n"
                seen = rev
                await response.write(line.encode())
        except (ConnectionError, asyncio.CancelledError):
            return response

    async def act(self, request: web.Request) -> web.Response:
        """Do as a person; whatever the client would not allow is answered with a sentence."""
        try:
            asked = json.loads(await request.text())
            result = await self._do(asked)
        except (ValueError, KeyError, TypeError) as error:
            return _no(error, 200)
        return web.json_response({"ok": True, **result})

    async def _do(self, asked: Json) -> Json:
        seat = self._seat(asked)
        given = {name: value for name, value in asked.items() if name not in ("team", "user", "do")}
        what = asked.get("do")
        if what == "say" and str(given.get("text", "")).startswith("/"):
            what = "command"
            given.pop("thread_ts", None)
        if what == "note":
            seat.note(**given)
            return {}
        doing: dict[str, Callable[..., Awaitable[Any]]] = {
            "say": seat.say,
            "command": seat.command,
            "shortcut": seat.shortcut,
            "message_shortcut": seat.message_shortcut,
            "press": seat.press,
            "submit": seat.submit,
            "close": seat.close,
            "suggest": seat.suggest,
            "open_home": seat.open_home,
        }
        if what not in doing:
            raise BadRequest(f"There is nothing called {what!r} to do.")
        result = await doing[what](**given)
        named = {"say": "ts", "submit": "errors", "suggest": "options"}
        return {named[what]: result} if what in named else {}

    async def choose_file(self, request: web.Request) -> web.Response:
        """Take a file that a person chose in a form: its bytes are the body, all else stands in the address."""
        content = bytearray()
        async for part in request.content.iter_chunked(65_536):  # read to its end, so that the answer is heard
            if len(content) <= MOST_BYTES:
                content += part
        try:
            asked = dict(request.query)
            picked = Picked(asked["name"], bytes(content), request.content_type)
            where = (asked["view_id"], asked["block_id"], asked["action_id"])
            chosen = self._seat(asked).upload(*where, picked)
        except (ValueError, KeyError) as error:
            return _no(error, 200)
        return web.json_response({"ok": True, "file": chosen})

    def _seat(self, asked: Json) -> Seat:
        workspace = self.sandbox.workspaces.get(str(asked.get("team")))
        if workspace is None:
            raise BadRequest("There is no such workspace.")
        return self.sandbox.seat(workspace, str(asked.get("user")))

    async def clock(self, request: web.Request) -> web.Response:
        """The time in the sandbox."""
        movable = isinstance(self.sandbox.clock, Movable)
        return web.json_response({"now": self.sandbox.clock.now().isoformat(), "movable": movable})

    async def move_clock(self, request: web.Request) -> web.Response:
        """Move the time forward, and answer once everything that was due on the way has happened."""
        clock = self.sandbox.clock
        if not isinstance(clock, Movable):
            return _no(BadRequest("This clock is the machine's own and cannot be moved."), 409)
        try:
            asked = json.loads(await request.text())
            if "now" in asked:
                until = datetime.fromisoformat(asked["now"])
            else:
                until = clock.now() + timedelta(seconds=float(asked["advance_seconds"]))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            return _no(error, 400)
        if self.sandbox.pass_time:
            await self.sandbox.pass_time(until)
        else:
            clock.move_to(until)
        self.sandbox.touch()
        return web.json_response({"ok": True, "now": self.sandbox.clock.now().isoformat()})

    async def faults(self, request: web.Request) -> web.Response:
        """The faults that are ordered and not yet used up."""
        ordered = [fault.as_json() for fault in self.sandbox.faults.ordered]
        known = [{"name": name, "description": text} for name, text in NAMES.items()]
        return web.json_response({"known": known, "ordered": ordered})

    async def order_fault(self, request: web.Request) -> web.Response:
        """Order a fault."""
        try:
            asked = json.loads(await request.text())
            self.sandbox.faults.add(
                str(asked["name"]),
                int(asked.get("count", 1)),
                only=str(asked.get("only", "")),
                seconds=float(asked.get("seconds", 1.0)),
            )
        except (UnknownFault, ValueError, KeyError, TypeError) as error:
            return _no(error, 400)
        return web.json_response({"ok": True})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Take every order back."""
        self.sandbox.faults.clear()
        return web.json_response({"ok": True})


def _no(error: Exception, status: int) -> web.Response:
    sentence = f"{error.args[0]!r} is missing." if isinstance(error, KeyError) else str(error)
    return web.json_response({"ok": False, "error": sentence}, status=status)
