"""Fetching a file that somebody chose in a form. The token goes to the one place where Slack keeps files, and nowhere
else: not to another host, and not after a redirect, which is what Slack answers whom it does not know.

What goes wrong is told in sentences for whoever chose the file; neither its address nor anything in it reaches a log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import aiohttp
from yarl import URL

from bot.fetch import HEADERS, PATIENCE, read_whole
from scheduler.absences import Unreadable
from storage.installs import Install
from storage.workspaces import WorkspaceKey

SCOPE = "files:read"
# Slack, and Slack for the government of the United States.
SLACKS = ("slack.com", "slack-gov.com")

FOREIGN = "This file is not kept by Slack. Please choose one from your own device, or paste its text."
NOT_ALLOWED = "Slack does not let Soundings read the file. Please paste its text, or give the calendar's address."
GONE = "The file is no longer in Slack. Please choose it again."
LATE = "Slack did not hand over the file in time. Please choose it again."
FAILED = "Slack did not hand over the file. Please choose it again, or paste its text."

FindInstall: TypeAlias = Callable[[str], Awaitable[Install | None]]


class Files:
    """Brings files out of Slack. `find` gives the install of a workspace; `api_url` says which Slack it is."""

    def __init__(self, find: FindInstall, api_url: str) -> None:
        self._find = find
        self._kept_at = kept_at(api_url)

    async def fetch(self, workspace: WorkspaceKey, address: str) -> bytes:
        """The file that Slack keeps at this address, up to 2 MB. Raises Unreadable with a sentence, or Unavailable."""
        url = self._checked(address)
        install = await self._find(workspace.external_id)
        if install is None:
            raise Unreadable(NOT_ALLOWED)
        headers = {**HEADERS, "Authorization": f"Bearer {install.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                _check(response)
                return await read_whole(response)
        # Without their causes, which name the address.
        except TimeoutError:
            raise Unreadable(LATE) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise Unreadable(FAILED) from None

    def _checked(self, address: str) -> URL:
        try:
            url = URL(address)
            ours = url.origin() == self._kept_at and not url.user
        except ValueError:
            ours = False
        if not ours:
            raise Unreadable(FOREIGN)
        return url


def kept_at(api_url: str) -> URL:
    """Where the Slack of this Web API keeps its files: scheme, host and port. A sandbox keeps them itself."""
    api = URL(api_url)
    for slack in SLACKS:
        if api.host == slack or str(api.host).endswith(f".{slack}"):
            return URL(f"https://files.{slack}")
    return api.origin()


def _check(response: aiohttp.ClientResponse) -> None:
    # A page is what people see who are not signed in.
    if response.status in (301, 302, 303, 307, 308, 401, 403) or response.content_type == "text/html":
        raise Unreadable(NOT_ALLOWED)
    if response.status in (404, 410):
        raise Unreadable(GONE)
    if response.status != 200:
        raise Unreadable(FAILED)
