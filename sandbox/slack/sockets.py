"""Socket Mode: the websockets an app holds open. Each envelope goes to one of them, and its answer comes back there."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

MOST_CONNECTIONS = 10


class NotConnected(ConnectionError):
    """No app is connected."""


class Sockets:
    """The open connections of one app."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._requests: dict[web.WebSocketResponse, web.Request] = {}
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self.connected = asyncio.Event()

    def ticket(self) -> str:
        """A ticket that admits one connection, once."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    def full(self) -> bool:
        """Whether the app has as many connections as Slack allows."""
        return len(self._open) >= MOST_CONNECTIONS

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        self._requests[socket] = request
        await socket.send_json({"type": "hello", "num_connections": len(self._open), "connection_info": {}})
        self.connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take_answer(message.data)
        finally:
            self._forget(socket)
        return socket

    def _take_answer(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        waiting = self._answers.pop(str(answer.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
            self._requests.pop(socket)
        if not self._open:
            self.connected.clear()

    async def deliver(self, kind: str, payload: Any, *, retry: int = 0, reason: str = "") -> Any:
        """Send an envelope over one connection and wait for its answer; the caller limits the wait.

        Raises NotConnected if there is no connection.
        """
        if not self._open:
            raise NotConnected
        # Which one gets it is arbitrary in Slack; taking turns finds apps that count on one connection.
        socket = self._open.pop(0)
        self._open.append(socket)
        envelope_id = f"envelope-{next(self._numbers)}"
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[envelope_id] = waiting
        envelope = {"type": kind, "envelope_id": envelope_id, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        try:
            await socket.send_json(envelope)
            return await waiting
        except ConnectionError:
            raise NotConnected from None
        finally:
            self._answers.pop(envelope_id, None)

    def drop(self) -> None:
        """Break every connection without a word."""
        for socket in list(self._open):
            transport = self._requests[socket].transport
            self._forget(socket)
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        """Say goodbye on every connection and close it."""
        for socket in list(self._open):
            with contextlib.suppress(ConnectionError):
                await socket.send_json({"type": "disconnect", "reason": "link_disabled"})
                await socket.close(code=WSCloseCode.GOING_AWAY)
