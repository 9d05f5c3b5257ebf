"""What goes out to Slack: a delivery becomes a post, an edit or a published home, and Slack's refusals become ours."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import cards, refused
from bot.slack.lookup import EVENT_TYPE, UNREADABLE, find
from bot.slack.refused import word
from handlers.screens import Home
from scheduler.transport import Address, Ambiguous, Gone, Outgoing, Parked, RateLimited, TryAgain, Unreadable
from storage.workspaces import WorkspaceKey

ClientFor = Callable[[WorkspaceKey], Awaitable[AsyncWebClient | None]]

PARKING = {
    "account_inactive": "Slack says that Soundings was removed from this workspace.",
    "invalid_auth": "Slack does not accept the token of this workspace.",
    "not_authed": "Slack got no token for this workspace.",
    "token_expired": "The token of this workspace has expired.",
    "token_revoked": "Somebody revoked the token of this workspace.",
    "missing_scope": "The app lacks a permission; install it again with the present manifest.",
}
GONE = {
    "cannot_dm_bot": "This is a bot; bots cannot be written to.",
    "cant_update_message": "The message can no longer be changed.",
    "channel_not_found": "There is no such channel any more, or Soundings was never invited to it.",
    "edit_window_closed": "The message is too old to be changed.",
    "is_archived": "The channel is archived.",
    "message_not_found": "The message was deleted.",
    "messages_tab_disabled": "The Messages tab of the app is off, so nobody can be written to.",
    "not_enabled": "The Home tab of the app is off.",
    "not_in_channel": "Soundings is not in the channel. Invite it there.",
    "restricted_action": "A rule of this workspace does not let Soundings post there.",
    "user_disabled": "The account is deactivated.",
    "user_not_found": "There is no such person any more.",
}
# Slack failed on its way, or knows the message's id already and does not show what became of it.
AMBIGUOUS = {
    "duplicate_channel_not_found",
    "duplicate_message_not_found",
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
}
# Any name space does, as long as it stays the same.
NAMES = uuid.UUID("5d0d4c1e-0b8e-4a51-9d54-4f6a3b0c7f21")


class SlackOutbound:
    """Sends deliveries to Slack. `client_for` gives the client of a workspace, or None where it is not installed."""

    def __init__(self, client_for: ClientFor) -> None:
        self.client_for = client_for

    async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
        """Send one delivery; where Slack put it. Raises RateLimited, TryAgain, Gone, Parked or Ambiguous."""
        client = await self._client(workspace)
        try:
            response = await self._call(client, workspace, outgoing)
        except SlackApiError as problem:
            raise _refusal(problem) from None
        except aiohttp.ClientConnectorError as problem:
            raise TryAgain(f"Slack could not be reached ({type(problem).__name__}).") from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as problem:
            raise Ambiguous(f"Slack's answer was lost ({type(problem).__name__}).") from None
        return {"channel": response.get("channel", ""), "ts": response.get("ts", "")}

    async def find(self, workspace: WorkspaceKey, address: Address, since: datetime) -> dict[str, Any] | None:
        """Where the message of a delivery stands, if it has arrived since then; None if it has not.

        Raises Unreadable where we may not read, and RateLimited, TryAgain, Gone, Parked or Ambiguous.
        """
        client = await self._client(workspace)
        try:
            return await find(client, address, name_of(workspace, address), since)
        except SlackApiError as problem:
            if (error := word(problem)) in UNREADABLE:
                raise Unreadable(f"Slack does not let Soundings read there ({error}).") from None
            raise _refusal(problem) from None
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as problem:
            raise TryAgain(f"Slack could not be asked ({type(problem).__name__}).") from None

    async def _client(self, workspace: WorkspaceKey) -> AsyncWebClient:
        client = await self.client_for(workspace)
        if client is None:
            raise Parked("Soundings is not installed in this workspace.")
        return client

    async def _call(self, client: AsyncWebClient, workspace: WorkspaceKey, outgoing: Outgoing) -> Any:
        if isinstance(outgoing.screen, Home):
            return await client.views_publish(user_id=outgoing.to_key, view=cards.home(outgoing.screen))
        drawn = cards.message(outgoing.screen)
        if outgoing.replaces:
            return await client.chat_update(channel=outgoing.replaces["channel"], ts=outgoing.replaces["ts"], **drawn)
        name = name_of(workspace, outgoing)
        return await client.chat_postMessage(
            # A person's id opens their chat with the app; the chat's own id, once known, saves Slack the look-up.
            channel=outgoing.reach or outgoing.to_key,
            thread_ts=outgoing.thread["ts"] if outgoing.thread else None,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"delivery_id": name}},
            client_msg_id=name,
            **drawn,
        )


def name_of(workspace: WorkspaceKey, address: Address) -> str:
    """The id by which Slack knows a delivery. It tells nothing, and does not come again with a new database."""
    which = f"{workspace.external_id} {address.delivery_id} {address.queued_at.timestamp():.6f}"
    return str(uuid.uuid5(NAMES, which))


def _refusal(problem: SlackApiError) -> Exception:
    error, status = word(problem), refused.status(problem)
    if status == 429 or error == "ratelimited":
        return RateLimited(refused.retry_after(problem))
    if error in PARKING:
        return Parked(PARKING[error])
    if error in GONE:
        return Gone(GONE[error])
    if status >= 500 or error in AMBIGUOUS or error == f"status {status}":
        return Ambiguous(f"Slack had trouble of its own ({error}).")
    return Gone(f"Slack refused the message ({error}).")
