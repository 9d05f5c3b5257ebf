"""How Slack reaches the app: signed requests or Socket Mode envelopes, three seconds to answer, and events again when
nobody answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from sandbox.faults import Faults
from sandbox.slack.records import Install, Json
from sandbox.slack.sockets import NotConnected, Sockets
from sandbox.slack.workspace import Workspace
from storage.clock import Clock

Kind = Literal["slash_commands", "interactive", "events_api"]
Outcome = Literal["ok", "operation_timeout", "dispatch_failed", "http_client_error"]

ANSWER_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)
RETRY_REASONS: dict[Outcome, str] = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
}


@dataclass(frozen=True)
class Answer:
    """What came back: the outcome in the word people are shown, and the body (JSON, text or None)."""

    outcome: Outcome
    status: int = 0
    body: Any = None
    no_retry: bool = False


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature Slack puts on a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Delivery:
    """The way to one app. Times of answers are real seconds; waits between retries are the clock's."""

    def __init__(self, *, request_url: str | None, secret: str, sockets: Sockets, clock: Clock, faults: Faults) -> None:
        self.request_url = request_url
        self.sockets = sockets
        self.answer_seconds = ANSWER_SECONDS
        self.retry_after = RETRY_AFTER
        self._secret = secret
        self._clock = clock
        self._faults = faults
        self._events = itertools.count(1)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.in_flight = 0

    async def start(self) -> None:
        """Make ready to send; events before this go unheard."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, kind: Kind, payload: Json, *, retry: int = 0, reason: str = "") -> Answer:
        """Deliver once and wait for the answer, three seconds at most."""
        self.in_flight += 1
        try:
            async with asyncio.timeout(self.answer_seconds):
                if self.request_url is None:
                    body = await self.sockets.deliver(kind, payload, retry=retry, reason=reason)
                    return Answer("ok", 200, body)
                return await self._post(self.request_url, kind, payload, retry, reason)
        except TimeoutError:
            return Answer("operation_timeout")
        except (NotConnected, aiohttp.ClientError):
            return Answer("dispatch_failed")
        finally:
            self.in_flight -= 1

    async def _post(self, url: str, kind: Kind, payload: Json, retry: int, reason: str) -> Answer:
        if self._session is None:
            raise NotConnected
        body, headers = encode(kind, payload)
        timestamp = str(int(time.time()))
        headers["X-Slack-Request-Timestamp"] = timestamp
        headers["X-Slack-Signature"] = sign(self._secret, timestamp, body)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            if response.status >= 500:
                return Answer("dispatch_failed", response.status, no_retry=no_retry)
            if response.status >= 300:
                return Answer("http_client_error", response.status, no_retry=no_retry)
            return Answer("ok", response.status, read_body(response.content_type, text))

    # Events

    def announce(self, workspace: Workspace, install: Install, event: Json) -> None:
        """Deliver an event in the background, with its retries."""
        if self._session is None:
            return
        number = next(self._events)
        envelope = {
            "token": "sandbox-verification-token",
            "team_id": workspace.id,
            "api_app_id": install.app_id,
            "type": "event_callback",
            "event_id": f"Ev{workspace.number:02d}{number:08d}",
            "event_time": int(self._clock.now().timestamp()),
            "event_context": f"context-{number}",
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.id,
                    "user_id": install.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event": event,
        }
        self._spawn(self._insist(envelope))
        if self._faults.take("duplicated_event", event["type"]):
            self._spawn(self._insist(envelope))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.in_flight += 1
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.in_flight -= 1

    async def _insist(self, envelope: Json) -> None:
        reason = ""
        for retry in range(len(self.retry_after) + 1):
            if retry:
                await self._wait(self.retry_after[retry - 1])
            answer = await self.send("events_api", envelope, retry=retry, reason=reason)
            lost = self._faults.take("lost_ack", envelope["event"]["type"])
            if answer.outcome == "ok" and not lost:
                return
            if answer.no_retry:
                return
            reason = "http_error" if answer.status else RETRY_REASONS[answer.outcome]
            if lost:
                reason = "http_timeout"

    async def _wait(self, seconds: float) -> None:
        """Wait for a retry; somebody who waits for quiet need not wait for this."""
        self.in_flight -= 1
        try:
            await self._clock.sleep(seconds)
        finally:
            self.in_flight += 1


def read_body(content_type: str, text: str) -> Any:
    """What an answer says: its JSON, its text as a message, or None; JSON that cannot be read is text."""
    if not text:
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            pass
    return {"text": text}


def encode(kind: Kind, payload: Json) -> tuple[bytes, dict[str, str]]:
    """The body and content type Slack uses for that kind of request."""
    if kind == "events_api":
        return json.dumps(payload).encode(), {"Content-Type": "application/json"}
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
