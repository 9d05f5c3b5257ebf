"""A Slack that takes no more messages than it says, in a process of its own, and knows what it was sent.

`python -m bench.limited` prints its address. One bucket for all messages, and 30 ms for every answer.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qs

from bench.fake import ANSWER

PER_SECOND = 150.0
BURST = 150
LATENCY = 0.03
RETRY_AFTER = 1


class LimitedSlack:
    """Counts messages by the channel that they were sent to, and keeps the first form that was opened."""

    def __init__(self) -> None:
        self.view: dict[str, Any] = {}
        self.chats: dict[str, list[dict[str, Any]]] = {}
        self.refused = 0
        self.last = 0.0
        self._level, self._at = float(BURST), time.monotonic()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it is closed."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                path, _, query = head.split(" ", 2)[1].partition("?")
                method = path.rpartition("/")[2]
                status, answer = self._answer(method, _read(body or query.encode(), fields.get("content-type", "")))
                if method != "stats":
                    await asyncio.sleep(LATENCY)
                sent = json.dumps(answer).encode()
                retry = f"Retry-After: {RETRY_AFTER}\r\n" if status == 429 else ""
                lines = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{retry}Content-Length: {len(sent)}"
                writer.write(lines.encode() + b"\r\n\r\n" + sent)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, method: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match method:
            case "chat.postMessage":
                return self._post(said)
            case "views.open":
                self.view = self.view or said["view"]
            case "conversations.open":
                return 200, {"ok": True, "channel": {"id": _chat(said["users"])}}
            case "conversations.history":
                return 200, {"ok": True, "messages": self.chats.get(said["channel"], []), "has_more": False}
            case "stats":
                counts = {chat: len(sent) for chat, sent in self.chats.items()}
                return 200, {"counts": counts, "refused": self.refused, "last": self.last, "view": self.view}
        return 200, ANSWER

    def _post(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        now = time.monotonic()
        self._level = min(BURST, self._level + (now - self._at) * PER_SECOND)
        self._at = now
        if self._level < 1:
            self.refused += 1
            return 429, {"ok": False, "error": "ratelimited"}
        self._level -= 1
        self.last = time.time()
        chat, ts = _chat(said["channel"]), f"{self.last:.6f}"
        message = {"type": "message", "ts": ts, "bot_id": "B0BENCH", "metadata": said.get("metadata")}
        self.chats.setdefault(chat, []).insert(0, message)
        return 200, {"ok": True, "channel": chat, "ts": ts}


def _chat(channel: str) -> str:
    return f"D{channel}" if channel.startswith("U") else channel


def _read(body: bytes, content_type: str) -> dict[str, Any]:
    if "json" in content_type:
        found: dict[str, Any] = json.loads(body)
        return found
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


async def main() -> None:
    """Say where it listens, and go on until the process is ended."""
    server = await asyncio.start_server(LimitedSlack().serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
