"""Slack's directory: who is in a workspace, read page by page at the start and once a day; events keep it right."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import refused
from bot.slack.payloads import Payload, listed, workspace_of
from storage.engine import Storage
from storage.errors import Conflict
from storage.store import Store
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

PAGE = 200  # Slack's advice; at 20 calls a minute that is 4,000 people a minute
MOST_WAITS = 10


class Directory:
    """Reads people from Slack and keeps them in storage, which leaves aside what is older than what it knows."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def sync(self, workspace: WorkspaceKey, client: AsyncWebClient) -> int:
        """Read everybody, page by page; how many were new or had changed. Raises SlackApiError when refused."""
        changed, cursor = 0, ""
        while True:
            page = await self._page(workspace, client, cursor)
            changed += await self.storage.run(self._keep, workspace, page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return changed

    async def look_up(self, workspace: WorkspaceKey, client: AsyncWebClient, key: str) -> None:
        """Read one person whom we have met before the directory told us of them."""
        try:
            answer = await client.users_info(user=key)
        except SlackApiError as problem:
            log.warning("The directory does not tell of somebody: %s", refused.word(problem))
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            log.warning("The directory could not be asked of somebody: %s", type(problem).__name__)
        else:
            await self.storage.run(self._keep, workspace, [answer["user"]])

    async def heard(self, body: Payload) -> None:
        """Slack told of one person in an event: `team_join` or `user_change`."""
        await self.storage.run(self._keep_news, body)

    async def _page(self, workspace: WorkspaceKey, client: AsyncWebClient, cursor: str) -> Any:
        for _ in range(MOST_WAITS):
            try:
                return await client.users_list(limit=PAGE, cursor=cursor, team_id=workspace.external_id)
            except SlackApiError as problem:
                if refused.status(problem) != 429:
                    raise
                await asyncio.sleep(refused.retry_after(problem))
        return await client.users_list(limit=PAGE, cursor=cursor, team_id=workspace.external_id)

    def _keep(self, workspace: WorkspaceKey, people: list[dict[str, Any]]) -> int:
        with self.storage.begin(workspace) as store:
            return sum(self._keep_one(store, one) for one in people)

    def _keep_news(self, body: Payload) -> None:
        try:
            with self.storage.begin(workspace_of(body)) as store:
                if store.events.is_new(str(body["event_id"])):
                    self._keep_one(store, body["event"]["user"])
        except Conflict:  # the same news by two ways at once: the other one wrote it down
            return

    def _keep_one(self, store: Store, person: Payload) -> bool:
        workspace = store.workspace.key
        if person.get("team_id", workspace.external_id) != workspace.external_id:
            return False  # of another company, met in a shared channel
        return store.members.keep(listed(person))
