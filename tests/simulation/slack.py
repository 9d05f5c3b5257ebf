"""A Slack in virtual time: what the app's client calls, with latency, drawn misfortunes and a ground truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from tests.faults.ground import Arrived, Ground, chat_with
from tests.simulation.chronicle import REFUSED, SILENT, Chronicle, Mishap


@dataclass(frozen=True)
class Misfortunes:
    """How often each happens, out of one."""

    limited: float = 0.05
    broken: float = 0.03
    silent: float = 0.02
    reset: float = 0.01
    garbled: float = 0.01
    unreadable: float = 0.0
    slow: float = 0.0
    longest_rest: int = 30


NONE = Misfortunes(0, 0, 0, 0, 0)


@dataclass
class Answer:
    """An HTTP answer as slack_sdk hands it over with an error."""

    status_code: int
    data: dict[str, Any]
    headers: dict[str, str]


def refusal(status: int, error: str, **headers: str) -> SlackApiError:
    """What slack_sdk raises."""
    return SlackApiError(error, Answer(status, {"ok": False, "error": error}, headers))  # type: ignore[no-untyped-call]


class SimulatedSlack:
    """All workspaces. `heard` is called with each message that arrives.

    Misfortunes befall the one workspace `only`, or all. `forbade` says for whom, and from when to when, nobody was to
    call.
    """

    def __init__(self, chronicle: Chronicle, dice: Random, misfortunes: Misfortunes) -> None:
        self.ground = Ground(chronicle.clock.true)
        self.chronicle = chronicle
        self.dice = dice
        self.misfortunes = misfortunes
        self.faults = 0
        self.calls = 0
        self.called = asyncio.Event()
        self.limited = 0
        self.only = ""
        self.forbade: list[tuple[str, float, float]] = []
        self.deactivated: set[str] = set()
        self.unreadable: set[str] = set()
        self.heard: list[Any] = []

    def client(self, team: str) -> Client:
        """The app's client of one workspace."""
        return Client(self, team)

    def arrives(self, team: str, to: str, text: str, metadata: dict[str, Any] | None) -> Arrived:
        """A message stands before people."""
        one = self.ground.post(team, to, text, metadata)
        for hear in self.heard:
            hear(one)
        return one


class Client:
    """What `bot.slack.outbound` calls, under the names of slack_sdk."""

    def __init__(self, slack: SimulatedSlack, team: str) -> None:
        self._slack = slack
        self._team = team

    async def chat_postMessage(
        self, *, channel: str, text: str = "", metadata: dict[str, Any] | None = None, **_more: Any
    ) -> dict[str, Any]:
        return await self._call(lambda: self._post(channel, text, metadata))

    async def chat_update(self, *, channel: str, ts: str, **_more: Any) -> dict[str, Any]:
        return await self._call(lambda: {"ok": True, "channel": channel, "ts": ts})

    async def views_publish(self, **_more: Any) -> dict[str, Any]:
        return await self._call(lambda: {"ok": True})

    async def conversations_open(self, *, users: str) -> dict[str, Any]:
        return await self._call(lambda: {"ok": True, "channel": {"id": chat_with(users)}})

    async def conversations_history(
        self, *, channel: str, oldest: str = "0", limit: int = 100, **_more: Any
    ) -> dict[str, Any]:
        if channel in self._slack.unreadable or self._slack.dice.random() < self._slack.misfortunes.unreadable:
            self._slack.unreadable.add(channel)
            raise refusal(200, "missing_scope")
        messages = await self._call(lambda: self._slack.ground.history(self._team, channel, float(oldest), limit))
        return {"ok": True, "messages": messages}

    def _post(self, channel: str, text: str, metadata: dict[str, Any] | None) -> dict[str, Any]:
        if channel in self._slack.deactivated:
            raise refusal(200, "user_disabled")
        one = self._slack.arrives(self._team, channel, text, metadata)
        return {"ok": True, "channel": one.channel, "ts": one.ts}

    async def _call(self, happen: Callable[[], Any]) -> Any:
        """One call: it travels, perhaps comes to grief on the way, happens, and is answered, sometimes late."""
        dice, odds = self._slack.dice, self._slack.misfortunes
        self._slack.calls += 1
        self._slack.called.set()
        slow = dice.uniform(5, 18) if dice.random() < odds.slow else 0.0
        try:
            done = await self._befall(happen)
        except Exception:
            await asyncio.sleep(slow)
            raise
        await asyncio.sleep(slow)
        return done

    async def _befall(self, happen: Callable[[], Any]) -> Any:
        slack, dice = self._slack, self._slack.dice
        odds = slack.misfortunes if slack.only in ("", self._team) else NONE
        fate = dice.random()
        for chance, befall in (
            (odds.limited, self._limit),
            (odds.broken, self._break),
            (odds.silent, self._fall_silent),
            (odds.reset, self._reset),
            (odds.garbled, self._garble),
        ):
            if fate < chance:
                slack.faults += 1
                return await befall(happen)
            fate -= chance
        done = await self._travel(happen)
        await asyncio.sleep(dice.uniform(0.01, 0.08))
        return done

    def _travel(self, happen: Callable[[], Any]) -> asyncio.Future[Any]:
        """What was sent arrives a moment later, even if whoever sent it is no more by then."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def arrive() -> None:
            try:
                result = happen()
            except SlackApiError as problem:
                if not done.done():
                    done.set_exception(problem)
            else:
                if not done.done():
                    done.set_result(result)

        loop.call_later(self._slack.dice.uniform(0.01, 0.08), arrive, context=Context())
        return done

    def _keep_back(self, seconds: float) -> None:
        at = asyncio.get_running_loop().time()
        self._slack.chronicle.mishaps.append(Mishap(at, seconds, self._team))

    async def _limit(self, _happen: Callable[[], Any]) -> Any:
        await self._travel(lambda: None)
        self._slack.limited += 1
        seconds = self._slack.dice.randint(1, self._slack.misfortunes.longest_rest)
        self._keep_back(seconds + REFUSED)
        now = asyncio.get_running_loop().time()
        self._slack.forbade.append((self._team, now, now + seconds))
        raise refusal(429, "ratelimited", **{"Retry-After": str(seconds)})

    async def _break(self, happen: Callable[[], Any]) -> Any:
        self._keep_back(REFUSED)
        await self._travel(happen if self._slack.dice.random() < 0.5 else lambda: None)
        error, status = self._slack.dice.choice((("internal_error", 200), ("fatal_error", 200), ("", 502)))
        raise refusal(status, error)

    async def _fall_silent(self, happen: Callable[[], Any]) -> Any:
        self._keep_back(SILENT)
        await self._travel(happen if self._slack.dice.random() < 0.7 else lambda: None)
        await asyncio.sleep(20)
        raise TimeoutError

    async def _reset(self, happen: Callable[[], Any]) -> Any:
        self._keep_back(REFUSED)
        await self._travel(happen if self._slack.dice.random() < 0.5 else lambda: None)
        raise aiohttp.ServerDisconnectedError

    async def _garble(self, happen: Callable[[], Any]) -> Any:
        self._keep_back(REFUSED)
        await self._travel(happen)
        raise ValueError("Expecting value: line 1 column 1 (char 0)")
