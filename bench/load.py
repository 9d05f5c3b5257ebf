"""The load: signed requests over kept connections, as many at once as asked, each timed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECRET = "bench-signing-secret"


@dataclass
class Timed:
    """What a run saw: seconds per request, seconds in all, and answers that were not 200."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    failures: int = 0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.seconds) / self.wall

    def quantile(self, share: float) -> float:
        """The latency, in milliseconds, below which this share of requests stayed."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def signed(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> bytes:
    """A whole HTTP request as Slack would send it now."""
    stamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


async def run(url: str, bodies: Iterator[bytes], *, connections: int, requests: int) -> Timed:
    """Send that many requests over that many connections, each as soon as the one before it was answered."""
    timed = Timed()
    left = iter(range(requests))
    start = time.perf_counter()
    await asyncio.gather(*(_connection(url, bodies, left, timed) for _ in range(connections)))
    timed.wall = time.perf_counter() - start
    return timed


async def steadily(url: str, bodies: Iterator[bytes], *, per_second: float, until: asyncio.Event) -> Timed:
    """Send so many requests a second, whether or not those before were answered, until something has happened."""
    timed = Timed()
    start = time.perf_counter()
    running: set[asyncio.Task[None]] = set()
    while not until.is_set():
        running.add(asyncio.create_task(_connection(url, bodies, iter(range(1)), timed)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + 1 / per_second):
                await until.wait()
    await asyncio.gather(*running)
    timed.wall = time.perf_counter() - start
    return timed


async def _connection(url: str, bodies: Iterator[bytes], left: Iterator[int], timed: Timed) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        for _ in left:
            request = signed(next(bodies))
            begin = time.perf_counter()
            writer.write(request)
            status = await _answer(reader)
            timed.seconds.append(time.perf_counter() - begin)
            timed.failures += status != 200
    finally:
        writer.close()
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif length := int(fields.get(b"content-length", 0)):
        await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
