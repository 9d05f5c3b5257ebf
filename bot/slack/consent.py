"""The pages by which an admin installs Soundings into a workspace: ask, exchange Slack's code, say what now."""

from __future__ import annotations

import base64
import html
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.settings import Settings, SettingsError
from bot.slack.installs import Installs, identify
from bot.slack.refused import word
from storage.engine import Storage
from storage.errors import StorageError
from storage.installs import STATE_LASTS, Install, new_state, use_state

log = logging.getLogger(__name__)

COOKIE = "soundings-install"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = """
:root { color-scheme: light dark }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem }
a.button { display: inline-block; padding: .6rem 1.2rem; border-radius: .5rem; background: #12343b; color: #fff;
           text-decoration: none } a.button:focus { outline: 3px solid #7fb7c4; outline-offset: 2px }
"""


class ConsentPages:
    """`/slack/install` and the address that Slack sends the admin back to. For the mode "oauth" only.

    `welcome` is awaited with every new install, before the admin is told.
    """

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        installs: Installs,
        client: AsyncWebClient,
        welcome: Callable[[Install], Awaitable[None]] | None = None,
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._installs = installs
        self._client = client
        self._welcome = welcome
        self._redirect_uri = settings.public_url + manifest.REDIRECT

    def routes(self) -> list[web.RouteDef]:
        """Where the pages are."""
        return [
            web.get(manifest.INSTALL, self.ask, allow_head=False),
            web.get(manifest.REDIRECT, self.come_back, allow_head=False),
        ]

    async def ask(self, _request: web.Request) -> web.Response:
        """A page with a button that leads to Slack's own consent page."""
        try:
            state = await self._storage.run(self._new_state)
        except StorageError:
            log.exception("no install could be begun")
            return _page("Soundings cannot be installed just now", "Its database cannot be reached.", status=503)
        asked = {
            "client_id": self._settings.client_id,
            "scope": ",".join([*manifest.scopes(), *manifest.scopes(optional=True)]),
            "redirect_uri": self._redirect_uri,
            "state": state,
        }
        page = _page(
            "Install Soundings",
            "Check-ins, kudos and team summaries, where people already talk.",
            "Slack will show what Soundings asks for. It reads no conversations, and nobody is messaged by installing.",
            button=("Continue to Slack", f"{self._settings.slack_authorize_url}?{urlencode(asked)}"),
        )
        page.set_cookie(
            COOKIE,
            state,
            max_age=int(STATE_LASTS.total_seconds()),
            path="/slack",
            httponly=True,
            samesite="Lax",
            secure=self._settings.public_url.startswith("https:"),
        )
        return page

    async def come_back(self, request: web.Request) -> web.Response:
        """Check that it is the same person, exchange the code, keep the install and say what happens next."""
        try:
            page = await self._finish(request)
        except StorageError:
            log.exception("an install could not be kept")
            page = _again("The database of Soundings cannot be reached just now.", status=503)
        page.del_cookie(COOKIE, path="/slack")
        return page

    async def _finish(self, request: web.Request) -> web.Response:
        query, cookie = request.query, request.cookies.get(COOKIE, "")
        state = query.get("state", "")
        if not (state and secrets.compare_digest(cookie.encode(), state.encode())):
            return _again("This page was not reached from the install page in this browser.")
        if not await self._storage.run(self._use_state, state):
            return _again("The install page was open for more than ten minutes, or was used before.")
        if query.get("error") == "access_denied":
            return _again("Nothing was installed, as the request was declined in Slack.", status=200)
        if "error" in query or "code" not in query:
            return _again(f"Slack answered: {query.get('error') or 'no code'}.")
        try:
            install = await self._exchange(query["code"])
        except SlackApiError as problem:
            error = word(problem)
            log.warning("Slack refused an install: %s", error)
            return _again(_REFUSED.get(error, f"Slack answered: {error}."))
        except SettingsError as problem:
            return _again(str(problem))
        except (aiohttp.ClientError, OSError):
            return _again("Slack cannot be reached just now.", status=502)
        await self._installs.keep(install)
        log.info("A workspace installed Soundings.", extra={"workspace": install.key.external_id})
        if self._welcome:
            await self._welcome(install)
        return _installed(install)

    async def _exchange(self, code: str) -> Install:
        secret = self._settings.client_secret.get_secret_value() if self._settings.client_secret else ""
        pair = base64.b64encode(f"{self._settings.client_id}:{secret}".encode()).decode()
        # slack_sdk's own method passes the pair in a way that aiohttp is about to give up.
        answer = await self._client.api_call(
            "oauth.v2.access",
            data={"code": code, "redirect_uri": self._redirect_uri},
            headers={"Authorization": f"Basic {pair}"},
        )
        if answer.get("is_enterprise_install") or not answer.get("team"):
            raise SettingsError("Soundings is installed into one workspace at a time, not into a whole organisation.")
        install = await identify(self._client, answer["access_token"])
        return replace(
            install,
            name=answer["team"].get("name") or install.name,
            app_id=answer.get("app_id") or install.app_id,
            scopes=tuple(one for one in answer.get("scope", "").split(",") if one),
            installed_by=(answer.get("authed_user") or {}).get("id") or "",
        )

    def _new_state(self) -> str:
        with self._storage.connect() as connection:
            return new_state(connection, self._storage.clock.now())

    def _use_state(self, state: str) -> bool:
        with self._storage.connect() as connection:
            return use_state(connection, state, self._storage.clock.now())


_REFUSED = {
    "invalid_code": "The consent was used before, or is too old.",
    "bad_redirect_uri": "The redirect URL in the app's settings is not the one of SOUNDINGS_PUBLIC_URL.",
    "invalid_client_id": "SLACK_CLIENT_ID is not that of this app.",
    "bad_client_secret": "SLACK_CLIENT_SECRET is not that of this app.",
}


def _installed(install: Install) -> web.Response:
    where = urlencode({"team": install.key.external_id, "id": install.app_id})
    return _page(
        f"Soundings is installed in {install.name}",
        "Open Soundings in Slack and choose its Home: make teams there, name their managers and choose what is asked.",
        "Nobody else hears of it until you say so. People can type /soundings for help.",
        button=("Open Soundings in Slack", f"slack://app?{where}"),
    )


def _again(why: str, status: int = 400) -> web.Response:
    return _page("Soundings was not installed", why, button=("Start again", "install"), status=status)


def _page(title: str, *lines: str, button: tuple[str, str] | None = None, status: int = 200) -> web.Response:
    said = "".join(f"<p>{html.escape(one)}</p>" for one in lines)
    pressed = f'<p><a class="button" href="{html.escape(button[1])}">{html.escape(button[0])}</a></p>' if button else ""
    return web.Response(
        text=f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style>'
        f"<h1>{html.escape(title)}</h1>{said}{pressed}</html>",
        content_type="text/html",
        headers=HEADERS,
        status=status,
    )
