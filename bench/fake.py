"""The smallest Slack that will do: every Web API call is answered at once with the same words, and views are kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bench.payloads import TEAM

ANSWER = {
    "ok": True,
    "team": "Bench",
    "team_id": TEAM,
    "user": "soundings",
    "user_id": "U0BOT",
    "bot_id": "B0BENCH",
    "members": [],
    "channel": "C0BENCH",
    "ts": "1.1",
    "response_metadata": {"next_cursor": ""},
}


class FakeSlack:
    """A raw server, so that it costs the measured process as little as can be. `view` is the last one opened."""

    def __init__(self) -> None:
        self.url = ""
        self.view: dict[str, Any] = {}
        self.calls = 0
        body = json.dumps(ANSWER).encode()
        self._answer = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen on a free port of the loopback address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/api/"

    def stop(self) -> None:
        """Listen no longer."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n"):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = await reader.readexactly(length) if length else b""
                self.calls += 1
                if b"views.open" in head.split(b"\r\n", 1)[0] and not self.view:
                    self.view = json.loads(body)["view"]
                writer.write(self._answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
