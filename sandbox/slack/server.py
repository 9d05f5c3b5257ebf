"""The strict local Slack, assembled: one server on the loopback address with the Web API, the OAuth pages, response
addresses, Socket Mode and the page.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.slack import api_chat, api_conversations, api_people, api_views, responses
from sandbox.slack.api import Api, Call, Called, Method, Refusal
from sandbox.slack.delivery import Delivery
from sandbox.slack.files import Files
from sandbox.slack.install import APP_ID, Consent, install_app
from sandbox.slack.manifest import App, read
from sandbox.slack.rates import Rates
from sandbox.slack.records import Install, Json
from sandbox.slack.seat import Seat
from sandbox.slack.sockets import Sockets
from sandbox.slack.triggers import ResponseUrls, Triggers
from sandbox.slack.workspace import Workspace
from sandbox.web import page
from storage.clock import Clock

HOST = "127.0.0.1"
APP_TOKEN = "xapp-sandbox-1"
REAL_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-sandbox-", "SLACK_APP_TOKEN": "xapp-sandbox-"}
# Events that need a scope beside being declared in the manifest.
EVENT_SCOPES = {
    "team_join": "users:read",
    "user_change": "users:read",
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}


class SlackSandbox:
    """A local Slack with any number of workspaces and one app.

    The app is what the manifest declares. It is reached at `request_url` with signed requests, or over Socket
    Mode when that is None. `snapshot` restores what an earlier sandbox kept. Without `real_rates` no call is
    ever too many, except by an ordered fault.
    """

    def __init__(
        self,
        manifest: Path | str | Mapping[str, Any] | App,
        *,
        request_url: str | None = None,
        signing_secret: str,
        clock: Clock,
        real_rates: bool = True,
        snapshot: Json | None = None,
    ) -> None:
        self.app = manifest if isinstance(manifest, App) else read(manifest)
        self.clock = clock
        self.workspaces: dict[str, Workspace] = {}
        self.faults = Faults()
        self.rates = Rates(enforced=real_rates)
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self.files = Files(self)
        self.sockets = Sockets()
        self.delivery = Delivery(
            request_url=request_url, secret=signing_secret, sockets=self.sockets, clock=clock, faults=self.faults
        )
        self.faults.at_once["dropped_socket"] = self.sockets.drop
        self.consent = Consent(self)
        self.api = Api(self, self._methods())
        self.app_token = APP_TOKEN
        self.client_id = self.consent.client_id
        self.client_secret = self.consent.client_secret
        self.typed: dict[str, Json] = {}
        self.troubles: list[str] = []
        self.names: Iterator[str] = (f"s{number}" for number in itertools.count(1))
        self.nobody = (Workspace(0, "", "", clock.now), Install(APP_ID, "", "", "", []))
        self.url = ""
        self.rev = 0
        self.on_change: list[Callable[[], None]] = []
        self.pass_time: Callable[[datetime], Awaitable[None]] | None = None
        self._waiting: set[asyncio.Future[None]] = set()
        self._runner: web.AppRunner | None = None
        for kept in (snapshot or {}).get("workspaces", []):
            self._keep(Workspace.restore(kept, clock.now))
        if snapshot:
            self.rev = snapshot["rev"]
            self.names = (f"s{number}" for number in itertools.count(snapshot["names"]))

    def _methods(self) -> dict[str, Method]:
        def connections_open(call: Call) -> Json:
            if self.sockets.full():
                raise Refusal("too_many_websockets")
            return {"url": f"{self.url.replace('http', 'ws', 1)}/link?ticket={self.sockets.ticket()}"}

        return {
            **api_chat.METHODS,
            **api_views.METHODS,
            **api_people.METHODS,
            **api_conversations.METHODS,
            **self.consent.methods(),
            "apps.connections.open": Method(connections_open, 3, token="app"),
        }

    @property
    def calls(self) -> list[Called]:
        """Every accepted call of the Web API, oldest first; only ever added to."""
        return self.api.calls

    # Running

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback address; port 0 takes a free one.

        Raises RuntimeError if a real Slack token is configured.
        """
        for name, start in REAL_TOKENS.items():
            if not os.environ.get(name, start).startswith(start):
                raise RuntimeError(
                    f"{name} holds a real Slack token. The sandbox does not run beside one; please unset it first."
                )
        server = web.Application(client_max_size=4 * 1024 * 1024)
        server.router.add_route("*", "/api/{method}", self.api.serve)
        server.router.add_get("/link", self.sockets.serve)
        server.router.add_get("/oauth/v2/authorize", self.consent.show)
        server.router.add_post("/oauth/v2/authorize", self.consent.decide)
        for kind in ("commands", "actions", "app"):
            server.router.add_post(f"/{kind}/{{team}}/{{number}}/response", self._response)
        self.files.add_routes(server)
        page.add_routes(server, self)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        await self.delivery.start()

    async def stop(self) -> None:
        """Close everything."""
        await self.delivery.stop()
        await self.sockets.close()
        for waiting in self._waiting:
            waiting.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _response(self, request: web.Request) -> web.StreamResponse:
        return await responses.serve(self, request)

    # Workspaces and installs

    def add_workspace(self, name: str, domain: str) -> Workspace:
        """A new, empty workspace."""
        return self._keep(Workspace(len(self.workspaces) + 1, name, domain, self.clock.now))

    def _keep(self, workspace: Workspace) -> Workspace:
        workspace.touched = self.touch
        workspace.announce = lambda event: self.announce(workspace, event)
        self.workspaces[workspace.id] = workspace
        return workspace

    def install(self, workspace: Workspace, *, optional: bool = True) -> Install:
        """Install the app with every scope of its manifest, or without the optional ones."""
        scopes = [*self.app.bot_scopes, *(self.app.optional_scopes if optional else ())]
        return install_app(self, workspace, scopes)

    async def uninstall(self, workspace: Workspace) -> None:
        """Remove the app: its tokens die and it hears of both."""
        install = self._end(workspace, "account_inactive")
        if install is not None:
            self._announce(workspace, install, {"type": "app_uninstalled"})
            self._announce(workspace, install, _revoked(install))

    async def revoke(self, workspace: Workspace) -> None:
        """Revoke the app's bot token."""
        install = self._end(workspace, "token_revoked")
        if install is not None:
            self._announce(workspace, install, _revoked(install))

    def _end(self, workspace: Workspace, error: str) -> Install | None:
        install = workspace.install
        if install is not None:
            install.ended = error
            workspace.users[install.bot_user_id].deleted = True
            workspace.modals.clear()
            self.touch()
        return install

    def seat(self, workspace: Workspace, user_id: str) -> Seat:
        """A person's client."""
        return Seat(self, workspace, user_id)

    # Events

    def announce(self, workspace: Workspace, event: Json, *, declared: str = "") -> None:
        """Tell the app of an event it has subscribed to and may know; `declared` is its name in the manifest."""
        install = workspace.install
        scope = EVENT_SCOPES.get(declared or event["type"])
        if install is None or (scope and scope not in install.scopes):
            return
        if event["type"] in ("team_join", "user_change"):
            user = workspace.users[event["user"]]
            email = "users:read.email" in install.scopes
            described = user.as_slack(self.clock.now(), home_team=workspace.id, email=email, locale=True)
            event = {**event, "user": described, "cache_ts": user.updated}
        self._announce(workspace, install, event, declared)

    def _announce(self, workspace: Workspace, install: Install, event: Json, declared: str = "") -> None:
        if (declared or event["type"]) in self.app.events:
            event.setdefault("event_ts", workspace.new_ts())
            self.delivery.announce(workspace, install, event)

    # Watching

    def touch(self) -> None:
        """Something visible changed."""
        self.rev += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()
        for tell in self.on_change:
            tell()

    def trouble(self, sentence: str) -> None:
        """Write down for developers why Slack would not take an answer of the app."""
        self.troubles.append(sentence)

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109
        """Wait until something changed after revision `since`, `timeout` seconds at most; returns the revision."""
        if self.rev > since:
            return self.rev
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await asyncio.wait_for(waiting, timeout)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(waiting)
        return self.rev

    async def settle(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until nothing is on its way to the app and no call of it is being answered.

        A retry that waits for its time is not waited for. Raises TimeoutError.
        """
        quiet = 0
        async with asyncio.timeout(timeout):
            while quiet < 5:
                busy = self.delivery.in_flight or self.api.under_way
                quiet = 0 if busy else quiet + 1
                await asyncio.sleep(0.002 if busy else 0)

    def snapshot(self) -> Json:
        """Everything worth keeping over a restart, fit for JSON."""
        workspaces = [workspace.snapshot() for workspace in self.workspaces.values()]
        return {"rev": self.rev, "names": int(next(self.names)[1:]), "workspaces": workspaces}


def _revoked(install: Install) -> Json:
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [install.bot_user_id]}}
