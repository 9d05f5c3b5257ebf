"""Slack's news of people, each told up to four times, in any order: as if told once, in order.

The news goes to one app or to the other, as it does behind a proxy.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.app import App
from storage.members import Member
from tests.platforms.wire import event, signed
from tests.town import AT_ONCE, SECRET, Town, settings_beside

STORY: list[tuple[str, dict[str, Any]]] = [
    ("team_join", {"tz": "Europe/Berlin", "profile": {"display_name": "Zoe"}}),
    ("user_change", {"tz": "Europe/Berlin", "profile": {"display_name": "Zoë"}}),
    ("user_change", {"tz": "Asia/Tokyo", "profile": {"display_name": "Zoë"}}),
    ("user_change", {"tz": "Asia/Tokyo", "profile": {"display_name": "Zoë"}, "deleted": True}),
    ("user_change", {"tz": "America/Lima", "profile": {"display_name": "Zoë from Lima"}, "is_admin": True}),
]
numbers = count()


@dataclass(frozen=True)
class Told:
    """One delivery of one piece of news: to which app, and whether Slack says that it tells it again."""

    news: int
    app: int
    again: bool


EACH_AT_LEAST_ONCE = st.permutations(range(len(STORY)))
AGAIN = st.lists(st.integers(0, len(STORY) - 1), max_size=3 * len(STORY))
ORDERS = st.tuples(EACH_AT_LEAST_ONCE, AGAIN).flatmap(lambda both: st.permutations([*both[0], *both[1]]))
TOLD = ORDERS.flatmap(
    lambda order: st.tuples(*(st.builds(Told, st.just(news), st.integers(0, 1), st.booleans()) for news in order))
)


@asynccontextmanager
async def replica(town: Town) -> AsyncIterator[App]:
    """A second app on the same database."""
    assert town.workspace.install
    token = SecretStr(town.workspace.install.bot_token)
    database = town.app.storage.url
    app = App(
        settings_beside(town.sandbox, database, bot_token=token, signing_secret=SecretStr(SECRET)),
        clock=town.clock,
        pace=AT_ONCE,
        ticking=False,
    )
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def hear(town: Town, urls: tuple[str, ...], key: str, told: list[Told]) -> Member:
    """Tell the apps of somebody; who they then are to us."""
    async with aiohttp.ClientSession() as session:
        for one in told:
            kind, details = STORY[one.news]
            person = {"id": key, "team_id": town.workspace.id, "updated": 1_000 + one.news, **details}
            body, content = event(town, {"type": kind, "user": person}, event_id=f"Ev{key}{one.news}")
            # Slack signs what it tells again anew, so each is fresh; a second's difference makes it another request.
            headers = {"Content-Type": content, **signed(body, at=time.time() - next(numbers) % 200)}
            if one.again:
                headers |= {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
            async with session.post(f"{urls[one.app]}/slack/events", data=body, headers=headers) as answer:
                assert answer.status in (200, 401)  # 401: the very same request twice
    with town.store() as store:
        found = store.members.by_key(key)
    assert found
    return found


def what_matters(member: Member) -> tuple[object, ...]:
    return member.name, member.zone.key, member.kind, member.active, member.admin


async def test_news_of_people_in_any_order_ends_as_news_in_order(town: Town) -> None:
    in_order = [Told(news, 0, again=False) for news in range(len(STORY))]
    async with replica(town) as other:
        urls = (town.app.url, other.url)

        @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(TOLD)
        def check(told: tuple[Told, ...]) -> None:
            examples.append(list(told))

        examples: list[list[Told]] = []
        check()
        expected = what_matters(await hear(town, urls, f"UPERSON{next(numbers)}", in_order))
        for told in examples:
            assert what_matters(await hear(town, urls, f"UPERSON{next(numbers)}", told)) == expected, told
