"""A sandbox with a company of three, and small real Bolt apps to play with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import Person
from sandbox.slack.server import SlackSandbox
from storage.clock import SetClock

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
EXTRA_SCOPES = ("channels:read", "channels:history", "im:write", "reactions:write", "team:read", "users:read.email")


def manifest(**settings: Any) -> dict[str, Any]:
    """The project's manifest with a few scopes more, so that every method can be tried."""
    declared = yaml.safe_load(MANIFEST.read_text("utf-8"))
    declared["oauth_config"]["scopes"]["bot"] += list(EXTRA_SCOPES)
    declared["features"]["app_home"] |= settings
    return declared


class Stage:
    """A running sandbox, its workspace, its people, and the Bolt app beside it."""

    def __init__(self, sandbox: SlackSandbox, app: AsyncApp, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.app = app
        self.clock = clock
        self.acme = sandbox.add_workspace("Acme", "acme")
        self.general = self.acme.add_channel("general", members=[])
        self.install = sandbox.install(self.acme)
        self.ana, self.bo, self.cy = (self.person(name) for name in ("ana", "bo", "cy"))
        self.events: list[dict[str, Any]] = []

    def person(self, name: str) -> Person:
        user = self.acme.find_user(name) or self.acme.add_user(name=name, real_name=name.title())
        return Person(self.sandbox.seat(self.acme, user.id))

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.install.bot_token, base_url=self.sandbox.url + "/api/", session=self.session)

    session: aiohttp.ClientSession


Raise = Callable[[], AsyncIterator[Stage]]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))


@pytest.fixture
async def stage(clock: SetClock) -> AsyncIterator[Stage]:
    """An app over signed HTTP."""
    current: dict[str, Stage] = {}

    async def authorize(**_: Any) -> AuthorizeResult:
        install = current["stage"].install
        return AuthorizeResult(
            enterprise_id=None,
            team_id=current["stage"].acme.id,
            bot_id=install.bot_id,
            bot_user_id=install.bot_user_id,
            bot_token=install.bot_token,
        )

    async def serve(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(asked)
        headers = {name: values[0] for name, values in answer.headers.items()}
        return web.Response(status=answer.status, text=answer.body, headers=headers)

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    sandbox = SlackSandbox(manifest(), request_url=address, signing_secret=SECRET, clock=clock)
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=sandbox.url + "/api/", session=session)
        app = AsyncApp(client=client, signing_secret=SECRET, authorize=authorize, process_before_response=True)
        current["stage"] = Stage(sandbox, app, clock)
        current["stage"].session = session
        yield current["stage"]
        await sandbox.stop()
        await runner.cleanup()
