"""Slack's directory: who is in a workspace, read page by page at the start and once a day; events keep it right."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.payloads import listed
from storage.engine import Storage
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

PAGE = 200  # Slack's advice; at 20 calls a minute that is 4,000 people a minute
MOST_WAITS = 10


class Directory:
    """Reads people from Slack and keeps them in storage."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def sync(self, workspace: WorkspaceKey, client: AsyncWebClient) -> int:
        """Read everybody, page by page; how many were new or had changed. Raises SlackApiError when refused."""
        changed, cursor = 0, ""
        while True:
            page = await self._page(workspace, client, cursor)
            people = [
                one for one in page["members"] if one.get("team_id", workspace.external_id) == workspace.external_id
            ]
            changed += await self.storage.run(self._keep, workspace, people)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return changed

    async def look_up(self, workspace: WorkspaceKey, client: AsyncWebClient, key: str) -> None:
        """Read one person whom we have met before the directory told us of them."""
        try:
            answer = await client.users_info(user=key)
        except SlackApiError as problem:
            log.warning("The directory does not tell of somebody: %s", problem.response.get("error"))
            return
        await self.storage.run(self._keep, workspace, [answer["user"]])

    async def _page(self, workspace: WorkspaceKey, client: AsyncWebClient, cursor: str) -> Any:
        for _ in range(MOST_WAITS):
            try:
                return await client.users_list(limit=PAGE, cursor=cursor, team_id=workspace.external_id)
            except SlackApiError as problem:
                if problem.response.status_code != 429:
                    raise
                await asyncio.sleep(float(problem.response.headers.get("Retry-After", 1)))
        return await client.users_list(limit=PAGE, cursor=cursor, team_id=workspace.external_id)

    def _keep(self, workspace: WorkspaceKey, people: list[dict[str, Any]]) -> int:
        with self.storage.begin(workspace) as store:
            return sum(store.members.keep(listed(one)) for one in people)
