"""The composition root: the one file that knows every class. It assembles them, starts them and stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
from datetime import timedelta

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.fetch import fetch
from bot.keys import load_keys
from bot.settings import NotListening, Settings
from bot.slack.directory import Directory
from bot.slack.files import Files
from bot.slack.inbound import Inbound
from bot.slack.installs import Installs
from bot.slack.outbound import SlackOutbound
from bot.web import web_app
from handlers.feature import Feature
from handlers.features import FEATURES
from handlers.router import Router
from scheduler.calendars import DaysOff, Fetch
from scheduler.courier import Courier
from scheduler.jobs import heartbeat, note_start
from scheduler.pace import Pace
from scheduler.tick import Ticker
from storage.clock import Clock, SystemClock
from storage.crypto import Vault
from storage.engine import Storage
from storage.installs import Install
from storage.wakeups import Listener
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)
SLACK_PATIENCE = aiohttp.ClientTimeout(total=20)


class App:
    """Soundings, assembled from its settings. `start` and `stop` are called once each, inside one event loop.

    With `ticking` off no job runs by itself, so that whoever moves the clock decides when.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        features: tuple[Feature, ...] = FEATURES,
        pace: Pace | None = None,
        ticking: bool = True,
        fetch: Fetch = fetch,
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.storage = Storage(settings.database_url, Vault(load_keys(settings)), self.clock)
        pace = pace or Pace(settings.pace_start, settings.pace_ceiling)
        self.router = Router(features, self.storage, pace)
        self.directory = Directory(self.storage)
        self.client = AsyncWebClient(
            base_url=settings.slack_api_url, retry_handlers=[AsyncConnectionErrorRetryHandler()]
        )
        self.installs = Installs(self.storage)
        secret = settings.signing_secret
        self.bolt = AsyncApp(
            client=self.client,
            signing_secret=secret.get_secret_value() if secret else None,
            authorize=self.installs.authorize(),
            process_before_response=True,
            request_verification_enabled=False,  # `bot.web` has checked the signature, on the bytes as they came
            # Bolt would log what it cannot place; the error handler does it without anybody's words.
            raise_error_for_unhandled_request=True,
        )
        outbound = SlackOutbound(self.client_for)
        self.courier = Courier(self.storage, outbound, self.clock, features, pace)
        self.listener = None if self.storage.on_sqlite else Listener(self.storage.url, self.courier.wake)
        self.inbound = Inbound(
            self.bolt,
            self.router,
            self.storage,
            woken=self.courier.wake,
            person_changed=self.directory.heard,
            unknown_member=self._look_up,
            revoked=self.installs.on_revoked,
        )
        files = Files(self.installs.find, settings.slack_api_url)
        self.days_off = DaysOff(self.storage, fetch, files.fetch, self.courier.wake)
        self.ticker = Ticker(self.storage, features, self.courier.wake)
        self.jobs = (
            heartbeat(
                self.courier,
                self.ticker,
                self.storage,
                self.sync_directories,
                self.days_off,
                timedelta(days=settings.keep_days),
            )
            if ticking
            else None
        )
        self.url = ""
        self._running: list[asyncio.Task[None]] = []
        self._socket: AsyncSocketModeHandler | None = None
        self._server: web.AppRunner | None = None

    async def start(self) -> None:
        """Open connections, ask Slack who we are where one token is set, and begin to listen and to send.

        Raises SettingsError, NotListening and StorageError.
        """
        if self.jobs:
            await note_start(self.storage)
        self.client.session = aiohttp.ClientSession(timeout=SLACK_PATIENCE)
        if self.settings.bot_token:
            await self.welcome(await self.installs.adopt(self.settings.bot_token.get_secret_value(), self.client))
        await self._serve()
        if self.settings.mode == "socket" and self.settings.app_token:
            self._socket = AsyncSocketModeHandler(self.bolt, self.settings.app_token.get_secret_value())
            await self._socket.connect_async()  # type: ignore[no-untyped-call]
        self._running.append(asyncio.create_task(self.courier.run()))
        if self.listener:
            self.listener.start()
        if self.jobs:
            self.jobs.start()

    async def stop(self) -> None:
        """Take nothing more, finish what was begun, and let go."""
        if self.jobs and self.jobs.running:
            self.jobs.shutdown(wait=False)
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self._server:
            await self._server.cleanup()
        await self.inbound.drain()
        if self.listener:
            await asyncio.to_thread(self.listener.stop)
        await self.courier.stop()
        for task in self._running:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self.client.session:
            await self.client.session.close()
        self.storage.close()

    async def tick(self) -> None:
        """Do what is due now, for whoever moves the clock: arrange, open, remind and close."""
        await self.ticker.look_round()
        await self.ticker.tick()

    async def client_for(self, workspace: WorkspaceKey) -> AsyncWebClient | None:
        """A client that acts in a workspace, or None where its consent does not stand."""
        install = await self.installs.find(workspace.external_id)
        return self._client(install.token) if install else None

    def _client(self, token: str, *again: AsyncRetryHandler) -> AsyncWebClient:
        # Without handlers no call is made again by itself: it might post twice. It is looked up instead.
        return AsyncWebClient(
            token=token,
            base_url=self.client.base_url,
            session=self.client.session,
            retry_handlers=list(again),
        )

    async def welcome(self, install: Install) -> None:
        """A workspace gave its consent: read its directory, and send what waited for it."""
        try:
            await self.directory.sync(install.key, self._client(install.token, *self.client.retry_handlers))
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as problem:
            log.warning("The directory could not be read: %s", problem)
        await self.courier.resume(install.key)

    async def sync_directories(self) -> None:
        """Read the directory of every workspace again."""
        for install in await self.installs.all():
            await self.welcome(install)

    async def _look_up(self, workspace: WorkspaceKey, key: str) -> None:
        client = await self.client_for(workspace)
        if client:
            await self.directory.look_up(workspace, client, key)

    async def _serve(self) -> None:
        bolt = self.bolt if self.settings.mode in ("http", "oauth") else None
        secret = self.settings.signing_secret
        server = web_app(bolt, self.storage, secret.get_secret_value() if bolt and secret else "")
        if self.settings.mode == "oauth":
            from bot.slack.consent import ConsentPages  # with its templates and the manifest: only where it is shown

            pages = ConsentPages(self.settings, self.storage, self.installs, self.client, self.welcome)
            server.router.add_routes(pages.routes())
        self._server = web.AppRunner(server, access_log=None)
        await self._server.setup()
        try:
            await web.TCPSite(self._server, self.settings.host, self.settings.port).start()
        except OSError as problem:
            raise NotListening(_why_not(problem, self.settings)) from problem
        self.url = f"http://{self.settings.host}:{self._server.addresses[0][1]}"


def _why_not(problem: OSError, settings: Settings) -> str:
    where = f"port {settings.port} of {settings.host}"
    if problem.errno == errno.EADDRINUSE:
        return (
            f"Another program listens on {where} already, perhaps another Soundings. "
            "Stop that one, or choose another port in SOUNDINGS_PORT."
        )
    why = str(problem.strerror).rpartition(": ")[2]  # asyncio says the address again before the reason
    return f"Soundings cannot listen on {where}: {why}. Change SOUNDINGS_PORT or SOUNDINGS_HOST."


async def serve(settings: Settings) -> None:
    """Run Soundings until it is told to stop."""
    app = App(settings)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        await app.start()
        log.info("Soundings is running (%s), listening on %s", settings.mode, app.url)
        await stopping.wait()
    finally:
        await app.stop()
