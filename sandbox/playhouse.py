"""The playhouse: the sandbox and the real app beside each other in one process, with all they keep in one file.

The sandbox reaches the app with signed requests over loopback HTTP, and the app its Web API; nothing else is replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bot.app import App
from bot.manifest import EVENTS, INSTALL, REDIRECT, over_http
from bot.settings import Settings
from handlers.feature import Feature
from handlers.features import FEATURES
from sandbox import company, keeping
from sandbox.clock import VirtualClock
from sandbox.keeping import Kept, Secrets
from sandbox.people import Person
from sandbox.slack.manifest import read
from sandbox.slack.server import HOST, SlackSandbox
from sandbox.slack.workspace import Workspace
from scheduler.tick import next_moment
from storage.migrate import upgrade
from storage.workspaces import WorkspaceKey

SAVE_AFTER = 1.0
A_MINUTE = timedelta(minutes=1)
ROUND = timedelta(minutes=20)
PORTS_TO_TRY = 50


class Playhouse:
    """A sandbox with one workspace, the app in it, and the clock of both. `opened` makes one."""

    def __init__(
        self,
        file: Path,
        kept: Kept | None,
        clock: VirtualClock,
        *,
        rates: bool,
        ticking: bool,
        features: tuple[Feature, ...],
    ) -> None:
        self.file = file
        self.clock = clock
        self._secrets = kept.secrets if kept else Secrets.fresh()
        port = free_port()
        self.app_url = f"http://{HOST}:{port}"
        # Slack takes https addresses only; on the loopback address there is nobody to hide from.
        declared = replace(read(over_http("https://localhost")), redirect_urls=(self.app_url + REDIRECT,))
        self.sandbox = SlackSandbox(
            declared,
            request_url=self.app_url + EVENTS,
            signing_secret=self._secrets.signing,
            clock=clock,
            real_rates=rates,
            snapshot=kept.snapshot if kept else None,
        )
        self._port = port
        self._features = features
        self._ticking = ticking
        self._changed = asyncio.Event()
        self._forwarding = asyncio.Lock()
        self._round_at = clock.now()

    async def start(self, port: int = 0) -> None:
        """Start both; the sandbox listens on this port. Raises RuntimeError beside a real Slack token."""
        await self.sandbox.start(port)
        self.settings = self._settings()
        self.app = App(self.settings, clock=self.clock, ticking=self._ticking, features=self._features)
        upgrade(self.app.storage)
        await self.app.start()
        if not self.sandbox.workspaces:
            await self._found()
        self.workspace = next(iter(self.sandbox.workspaces.values()))
        self.sandbox.on_change.append(self._changed.set)
        self.sandbox.pass_time = self.fast_forward
        self._wake()

    async def stop(self) -> None:
        """Stop both, and keep what there is."""
        await self.app.stop()
        await self.sandbox.stop()
        self.save()

    def _settings(self) -> Settings:
        return Settings.model_validate(
            {
                "signing_secret": self._secrets.signing,
                "client_id": self.sandbox.client_id,
                "client_secret": self.sandbox.client_secret,
                "database": f"sqlite:///{self.file}",
                "vault_keys": (self._secrets.vault,),
                "public_url": self.app_url,
                "host": HOST,
                "port": self._port,
                "slack_api_url": f"{self.sandbox.url}/api/",
                "slack_authorize_url": f"{self.sandbox.url}/oauth/v2/authorize",
            }
        )

    async def _found(self) -> None:
        """The company moves in, installs the app and invites it where it is to write."""
        workspace = self.sandbox.add_workspace(company.COMPANY, company.DOMAIN)
        company.settle(workspace)
        await self.install(workspace)
        assert workspace.install is not None
        for name, _ in company.CHANNELS:
            channel = workspace.find_channel(name)
            if channel and name != "general":
                workspace.invite(channel.id, workspace.install.bot_user_id)

    async def install(self, workspace: Workspace) -> str:
        """Install the app as an admin does in a browser: through its install page and Slack's; the last page's text."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.get(self.app_url + INSTALL) as page:
                links = re.findall(r'href="([^"]+)"', await page.text())
            to_slack = links[0].replace("&amp;", "&")
            granted = [("answer", "allow"), ("team", workspace.id)]
            granted += [("grant", scope) for scope in self.sandbox.app.optional_scopes]
            async with browser.post(to_slack, data=granted) as page:
                return await page.text()

    def person(self, name: str) -> Person:
        """Somebody of the company, at their seat."""
        user = self.workspace.find_user(name)
        assert user is not None, f"nobody is called {name}"
        return Person(self.sandbox.seat(self.workspace, user.id))

    async def pass_time(self, until: datetime) -> None:
        """Let time pass: the clock stops wherever something is due, and that is done first."""
        while True:
            if self.clock.now() >= self._round_at:
                await self.app.tick()
                self._round_at = self.clock.now() + ROUND
            else:
                await self.app.ticker.tick()
            await self.settle()
            at = await self.app.storage.run(next_moment, self.app.storage)
            if at is None or at > until:
                break
            # What is due and cannot be done now, such as what waits for a new install, holds up nothing else.
            self.clock.move_to(at if at > self.clock.now() else self.clock.now() + A_MINUTE)
        self.clock.move_to(until)

    async def fast_forward(self, until: datetime) -> None:
        """The same beside people and a clock that runs; it stands meanwhile, and no rate is too high."""
        rates = self.sandbox.rates
        async with self._forwarding:
            enforced, rates.enforced = rates.enforced, False
            try:
                with self.clock.standing():
                    await self.pass_time(until)
            finally:
                rates.enforced = enforced
        self._wake()

    async def settle(self) -> None:
        """Wait until nothing is under way: no request, no answer, no delivery that is due."""
        await self.sandbox.settle(30)
        await self.app.inbound.drain()
        await self.app.courier.drain()
        await self.sandbox.settle(30)

    def save(self) -> None:
        """Keep the sandbox's state in the file."""
        keeping.save(self.file, self._kept())

    async def keep_saving(self) -> None:
        """Keep it after each change, a second later; until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(SAVE_AFTER)
            self._changed.clear()
            await asyncio.to_thread(keeping.save, self.file, self._kept())

    def _kept(self) -> str:
        return Kept(self.clock.now(), self._secrets, self.sandbox.snapshot()).to_json()

    def _wake(self) -> None:
        for workspace in self.sandbox.workspaces:
            self.app.courier.wake(WorkspaceKey("slack", workspace))


@asynccontextmanager
async def opened(
    file: Path,
    at: datetime,
    *,
    port: int = 0,
    playing: bool = False,
    features: tuple[Feature, ...] = FEATURES,
) -> AsyncIterator[Playhouse]:
    """The playhouse on this file, from the instant it was left at or `at` if that is later.

    While a history is `playing` the clock stands, nothing happens by itself, no rate is too high, and all is kept at
    the end; otherwise the clock runs, and changes are kept soon. Raises RuntimeError beside a real Slack token.
    """
    kept = keeping.load(file)
    clock = VirtualClock(max(kept.now, at) if kept else at, running=not playing)
    house = Playhouse(file, kept, clock, rates=not playing, ticking=not playing, features=features)
    await house.start(port)
    saving = None if playing else asyncio.create_task(house.keep_saving())
    try:
        yield house
    finally:
        if saving:
            saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await saving
        await house.stop()


def free_port(wanted: int = 0) -> int:
    """The wanted port of the loopback address, or the next one that is free; with 0, any."""
    for port in range(wanted, wanted + PORTS_TO_TRY) if wanted else (0,):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            return int(probe.getsockname()[1])
    raise RuntimeError(
        f"No port from {wanted} to {wanted + PORTS_TO_TRY - 1} is free. Please name another with --port."
    )
