"""The Web API's front door: reads the parameters wherever they were put, knows the caller by the token, keeps the
rates, asks for the scope, answers in Slack's words, and writes down every call that was accepted.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

from sandbox.slack.records import Channel, Install, Json, User
from sandbox.slack.rules import Problem
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox


class Refusal(Exception):
    """An answer with `ok` false; `error` is Slack's word, `more` is whatever goes with it."""

    def __init__(self, error: str, messages: Iterable[str] = (), **more: Any) -> None:
        super().__init__(error)
        listed = list(messages)
        self.answer: Json = {"ok": False, "error": error, **more}
        if listed:
            self.answer["response_metadata"] = {"messages": listed}


def refuse(problems: list[Problem], error: str) -> None:
    """Refuse what breaks rules of Block Kit; the first problem with a word of its own names the error."""
    if not problems:
        return
    own = [problem.code for problem in problems if problem.code != "failed_constraint"]
    shown = [{"pointer": p.pointer, "code": p.code, "message": p.message} for p in problems]
    messages = [f"[ERROR] {p.message} [json-pointer:{p.pointer}]" for p in problems]
    raise Refusal(own[0] if own else error, messages, errors=shown)


@dataclass(frozen=True)
class Called:
    """One accepted call: what was asked, when by the sandbox's clock, and what was answered."""

    method: str
    team_id: str
    arguments: Json
    at: datetime
    answer: Json


@dataclass
class Call:
    """One call under way, with the caller's install."""

    sandbox: SlackSandbox
    workspace: Workspace
    install: Install
    method: str
    params: Json

    def text(self, name: str, default: str = "") -> str:
        """A parameter as text; absent is the default."""
        value = self.params.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """A parameter that must be there."""
        value = self.text(name)
        if not value:
            raise Refusal("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return self.text(name).lower() in ("true", "1")

    def structure(self, name: str, error: str) -> Any:
        """A parameter that is JSON, given as JSON or as a string of it; `error` says it is neither."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(error) from None

    def allowed(self, *scopes: str) -> bool:
        """Whether the app holds one of these scopes."""
        return any(scope in self.install.scopes for scope in scopes)

    def need(self, *scopes: str) -> None:
        """Refuse unless the app holds one of these scopes."""
        if scopes and not self.allowed(*scopes):
            provided = ",".join(self.install.scopes)
            raise Refusal("missing_scope", needed=scopes[0], provided=provided)

    def user(self, user_id: str, error: str = "user_not_found") -> User:
        """The person of that id."""
        user = self.workspace.users.get(user_id)
        if user is None:
            raise Refusal(error)
        return user

    def channel(self, name_or_id: str) -> Channel:
        """A conversation the bot can know of: public, or one it is in."""
        channel = self.workspace.find_channel(name_or_id)
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.kind != "channel" and self.install.bot_user_id not in channel.members:
            raise Refusal("channel_not_found")
        return channel

    def page(self, items: list[Any], *, most: int = 1000, usual: int = 100) -> tuple[list[Any], str]:
        """The asked part of a list by `limit` and `cursor`, and the cursor of the next part or ""."""
        limit = self.text("limit") or str(usual)
        if not limit.isdigit() or int(limit) > most:
            raise Refusal("invalid_limit")
        cursor = self.text("cursor") or "at:0"
        if not cursor.startswith("at:") or not cursor[3:].isdigit():
            raise Refusal("invalid_cursor")
        start, size = int(cursor[3:]), int(limit) or usual
        after = start + size
        return items[start:after], f"at:{after}" if after < len(items) else ""


@dataclass(frozen=True)
class Method:
    """How a method is called: its tier (None is special), the scopes of which one is needed, and the token."""

    run: Callable[[Call], Json]
    tier: int | None = None
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "none"] = "bot"


@dataclass
class Api:
    """The methods of one sandbox behind `/api/`."""

    sandbox: SlackSandbox
    methods: dict[str, Method]
    calls: list[Called] = field(default_factory=list)
    under_way: int = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request, through whatever faults were ordered."""
        method = request.match_info["method"]
        params = await parameters(request)
        faults = self.sandbox.faults
        if slow := faults.take("slow", method):
            await asyncio.sleep(slow.seconds)
        if faults.take("server_error", method):
            return web.Response(status=500, text="Internal Server Error")
        if limited := faults.take("rate_limited", method):
            return too_many(int(limited.seconds))
        if faults.take("lost_request", method):
            return _cut(request)
        self.under_way += 1
        try:
            answer, granted = self._answer(method, params, request.headers.get("Authorization", ""))
        except Limited as limit:
            return too_many(limit.seconds)
        finally:
            self.under_way -= 1
        if faults.take("lost_answer", method):
            return _cut(request)
        if hanging := faults.take("hanging_answer", method):
            await asyncio.sleep(hanging.seconds)
        return web.json_response(answer, headers={"x-oauth-scopes": granted} if granted else None)

    def _answer(self, name: str, params: Json, authorization: str) -> tuple[Json, str]:
        """The answer, and the scopes of whoever asked."""
        method, granted = self.methods.get(name), ""
        if method is None:
            return {"ok": False, "error": "unknown_method", "req_method": name}, granted
        try:
            call = self._call(name, method, params, authorization)
            granted = ",".join(call.install.scopes)
            seconds = self.sandbox.rates.method(call.workspace.id, name, method.tier)
            if seconds:
                raise Limited(seconds)
            call.need(*method.scopes)
            answer = {"ok": True, **method.run(call)}
        except Refusal as refusal:
            return refusal.answer, granted
        arguments = {key: value for key, value in params.items() if key not in ("token", "client_secret")}
        self.calls.append(Called(name, call.workspace.id, arguments, self.sandbox.clock.now(), answer))
        return answer, granted

    def _call(self, name: str, method: Method, params: Json, authorization: str) -> Call:
        scheme, _, given = authorization.partition(" ")
        token = given if scheme == "Bearer" else str(params.get("token", ""))
        if method.token == "none":
            return Call(self.sandbox, *self.sandbox.nobody, name, {**params, "authorization": authorization})
        if not token:
            raise Refusal("not_authed")
        if method.token == "app":
            if token != self.sandbox.app_token:
                raise Refusal("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
            return Call(self.sandbox, *self.sandbox.nobody, name, params)
        for workspace in self.sandbox.workspaces.values():
            install = workspace.install_of_token(token)
            if install and not install.active:
                raise Refusal(install.ended)
            if install:
                return Call(self.sandbox, workspace, install, name, params)
        raise Refusal("not_allowed_token_type" if token == self.sandbox.app_token else "invalid_auth")


class Limited(Exception):
    """The app called too often; it may come back after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"ratelimited for {seconds} s")
        self.seconds = seconds


def too_many(seconds: int) -> web.Response:
    """The answer 429."""
    after = {"Retry-After": str(seconds)}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=after)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def parameters(request: web.Request) -> Json:
    """All parameters of a request: query, then form, multipart or JSON body."""
    params: Json = dict(request.query)
    if request.method != "POST":
        return params
    if request.content_type == "application/json":
        body = await request.text()
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            return params
        return params | given if isinstance(given, dict) else params
    return params | {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
