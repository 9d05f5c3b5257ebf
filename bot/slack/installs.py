"""Whose token may we use: `authorize` for Bolt, the one token of a single workspace, and what ends a consent.

A request costs one indexed read at most and never an `auth.test`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.settings import SettingsError
from bot.slack.refused import word
from handlers.outages import reopen
from storage.engine import Storage
from storage.installs import Install, all_installs, find_install, keep_install, revoke_install
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

PLATFORM = "slack"
REMEMBERED_SECONDS = 30
REMEMBERED_MOST = 1_000

REJECTED = {
    "invalid_auth": "Copy it again from the app's settings, OAuth & Permissions.",
    "not_authed": "Copy it again from the app's settings, OAuth & Permissions.",
    "account_inactive": "The app was removed from the workspace: install it again in the app's settings.",
    "token_revoked": "The token was revoked: install the app again in the app's settings, and copy the new token.",
    "token_expired": "The token has expired: switch token rotation off in the app's settings, and install again.",
}


class Installs:
    """The consents of all Slack workspaces, remembered for 30 seconds at most."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._remembered: dict[str, tuple[float, Install]] = {}
        self._changes = 0

    async def find(self, team_id: str) -> Install | None:
        """The install of a workspace, if it gave consent. Raises Unavailable or WrongKey."""
        until, install = self._remembered.get(team_id, (0.0, None))
        if install and self._storage.clock.monotonic() < until:
            return install
        changes = self._changes
        install = await self._storage.run(self._read, team_id)
        # What was read while a consent was given or withdrawn may be out of date already.
        if install and changes == self._changes:
            if len(self._remembered) >= REMEMBERED_MOST:
                self._remembered.clear()
            self._remembered[team_id] = (self._storage.clock.monotonic() + REMEMBERED_SECONDS, install)
        return install

    async def all(self) -> list[Install]:
        """Every workspace whose consent stands. Raises Unavailable or WrongKey."""
        return await self._storage.run(self._read_all)

    async def keep(self, install: Install) -> None:
        """Keep a consent, new or renewed, and the workspace's name with it; what waited for it may be sent again."""
        await self._storage.run(self._write, install)
        self._forget(install.key.external_id)

    async def on_revoked(self, team_id: str, at: float | None = None) -> None:
        """Drop a workspace's token at once, unless it was given after `at` (seconds since 1970), when it happened.

        To be called for events that `revokes` is true of.
        """
        self._forget(team_id)
        if await self._storage.run(self._revoke, team_id, at):
            log.warning(
                "The consent of a workspace was withdrawn, and its token dropped.", extra={"workspace": team_id}
            )
        self._forget(team_id)

    async def adopt(self, token: str, client: AsyncWebClient) -> Install:
        """Ask Slack once whose token this is and keep it, so that one workspace is no different from many.

        Where Slack cannot be reached, what is known of the token from an earlier start will do.
        Raises SettingsError when Slack refuses the token, or cannot be reached and the token is new.
        """
        known = next((one for one in await self.all() if one.token == token), None)
        try:
            install = await identify(client, token)
        except (aiohttp.ClientError, OSError) as problem:
            if known is None:
                raise SettingsError(f"Slack cannot be reached at {client.base_url}. Try again in a while.") from problem
            log.warning("Slack cannot be reached just now; going on with what is known.")
            return known
        if known:
            install = replace(
                known, name=install.name, bot_user_id=install.bot_user_id, scopes=install.scopes or known.scopes
            )
        await self.keep(install)
        return install

    def authorize(self) -> Callable[..., Awaitable[Any]]:
        """The function that Bolt asks whose token a request may use."""

        # Bolt reads the names of the arguments, so a bound method will not do.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            install = await self.find(team_id) if team_id else None
            if install is None:
                return None
            return AuthorizeResult(
                enterprise_id=install.enterprise_id or enterprise_id,
                team_id=team_id,
                team=install.name,
                bot_token=install.token,
                bot_id=install.bot_id,
                bot_user_id=install.bot_user_id,
                bot_scopes=list(install.scopes),
            )

        return authorize

    def _forget(self, team_id: str) -> None:
        self._changes += 1
        self._remembered.pop(team_id, None)

    def _read(self, team_id: str) -> Install | None:
        with self._storage.connect() as connection:
            return find_install(connection, self._storage.vault, _key(team_id))

    def _read_all(self) -> list[Install]:
        with self._storage.connect() as connection:
            everyone = all_installs(connection, self._storage.vault)
        return [one for one in everyone if one.key.platform == PLATFORM and one.revoked_at is None]

    def _write(self, install: Install) -> None:
        with self._storage.connect() as connection:
            keep_install(connection, self._storage.vault, install, self._storage.clock.now())
        with self._storage.begin(install.key, install.name) as store:
            if store.workspace.name != install.name:
                store.change_settings(name=install.name)
            reopen(store)

    def _revoke(self, team_id: str, at: float | None) -> bool:
        with self._storage.connect() as connection:
            install = find_install(connection, self._storage.vault, _key(team_id)) if at is not None else None
            if at is not None and install and install.installed_at and int(install.installed_at.timestamp()) > at:
                return False  # late news of an earlier consent
            return revoke_install(connection, _key(team_id), self._storage.clock.now())


def revokes(event: Mapping[str, Any]) -> bool:
    """Whether an event ends the bot's consent; a person's own token is none of ours."""
    if event.get("type") == "app_uninstalled":
        return True
    return event.get("type") == "tokens_revoked" and bool(event.get("tokens", {}).get("bot"))


async def ask_whose(client: AsyncWebClient, token: str) -> AsyncSlackResponse:
    """What `auth.test` answers about a token. Raises SettingsError when Slack refuses it."""
    try:
        return await client.auth_test(token=token)
    except SlackApiError as problem:
        error = word(problem)
        mend = REJECTED.get(error, "See the app's settings at Slack.")
        raise SettingsError(f"Slack does not accept the bot token ({error}). {mend}") from problem


async def identify(client: AsyncWebClient, token: str) -> Install:
    """Whose token this is, by one `auth.test`. Raises SettingsError when Slack refuses it."""
    answer = await ask_whose(client, token)
    if answer.get("is_enterprise_install") or not answer.get("bot_id"):
        raise SettingsError(
            "The token is not that of a bot in one workspace. "
            "Install the app into a workspace, and copy the Bot User OAuth Token."
        )
    granted = answer.headers.get("x-oauth-scopes", "")
    return Install(
        key=_key(answer["team_id"]),
        name=answer.get("team") or answer["team_id"],
        token=token,
        bot_user_id=answer["user_id"],
        bot_id=answer["bot_id"],
        app_id=answer.get("app_id") or "",
        enterprise_id=answer.get("enterprise_id") or "",
        scopes=tuple(one.strip() for one in granted.split(",") if one.strip()),
    )


def _key(team_id: str) -> WorkspaceKey:
    return WorkspaceKey(PLATFORM, team_id)
