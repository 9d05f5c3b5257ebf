"""A sandbox with a company of three, and a real Bolt app beside it, over signed HTTP or over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import Person
from sandbox.slack.server import SlackSandbox
from storage.clock import SetClock

SECRET = "a-signing-secret-of-the-sandbox"
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
MORE_SCOPES = [
    "channels:read",
    "groups:read",
    "channels:history",
    "channels:join",
    "im:write",
    "im:history",
    "reactions:write",
    "team:read",
    "users:read.email",
]


def declared(**app_home: Any) -> dict[str, Any]:
    """The project's manifest with a few scopes and events more, so that every method can be tried."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    manifest["oauth_config"]["scopes"]["bot"] += MORE_SCOPES
    manifest["settings"]["event_subscriptions"]["bot_events"] += ["message.im"]
    manifest["oauth_config"]["redirect_urls"] = ["https://bot.example.com/slack/oauth_redirect"]
    manifest["features"]["app_home"] |= app_home
    return manifest


class Stage:
    """A running sandbox, its workspace, its people, and the Bolt app beside it."""

    def __init__(self, sandbox: SlackSandbox, session: aiohttp.ClientSession, clock: SetClock) -> None:
        self.sandbox = sandbox
        self.session = session
        self.clock = clock
        self.acme = sandbox.add_workspace("Acme", "acme")
        self.general = self.acme.add_channel("general", members=[])
        self.install = sandbox.install(self.acme)
        self.ana, self.bo, self.cy = (self.person(name) for name in ("ana", "bo", "cy"))
        self.client = self.client_with(self.install.bot_token)

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=self.acme.id,
                bot_id=self.install.bot_id,
                bot_user_id=self.install.bot_user_id,
                bot_token=self.install.bot_token,
            )

        self.app = AsyncApp(
            client=self.client_with(None),
            signing_secret=SECRET,
            authorize=authorize,
            process_before_response=True,
        )

    def person(self, name: str) -> Person:
        user = self.acme.find_user(name) or self.acme.add_user(name=name, real_name=name.title())
        return Person(self.sandbox.seat(self.acme, user.id))

    def client_with(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self.sandbox.url + "/api/", session=self.session)

    async def serve(self, request: web.Request) -> web.Response:
        """The app's own web server: one address."""
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await self.app.async_dispatch(asked)
        headers = {name: values[0] for name, values in answer.headers.items()}
        return web.Response(status=answer.status, text=answer.body, headers=headers)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))


@asynccontextmanager
async def over_http(clock: SetClock, manifest: dict[str, Any]) -> AsyncIterator[Stage]:
    """An app that is reached by signed requests."""
    stages: list[Stage] = []

    async def serve(request: web.Request) -> web.Response:
        return await stages[0].serve(request)

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    sandbox = SlackSandbox(manifest, request_url=address, signing_secret=SECRET, clock=clock)
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        stages.append(Stage(sandbox, session, clock))
        yield stages[0]
    await sandbox.stop()
    await runner.cleanup()


@pytest.fixture
async def stage(clock: SetClock) -> AsyncIterator[Stage]:
    async with over_http(clock, declared()) as stage:
        yield stage


@pytest.fixture
async def socket_stage(clock: SetClock) -> AsyncIterator[Stage]:
    """An app that is reached over Socket Mode."""
    sandbox = SlackSandbox(declared(), signing_secret=SECRET, clock=clock)
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        stage = Stage(sandbox, session, clock)
        handler = AsyncSocketModeHandler(stage.app, sandbox.app_token, ping_interval=0.05)
        await handler.connect_async()
        await sandbox.sockets.connected.wait()
        yield stage
        await handler.close_async()
    await sandbox.stop()
