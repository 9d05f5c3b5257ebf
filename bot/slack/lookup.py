"""Looking whether one of our own messages has arrived in Slack, by the id that it carries in its metadata."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from scheduler.transport import Address, Unreadable

EVENT_TYPE = "soundings_delivery"
# Clocks differ, and may be set: what counts is that our message is newer than this, and seldom far down.
LOOK_BACK = timedelta(hours=24)
PAGE = 100
MOST_PAGES = 5
# What Slack says where the history is none of ours to read.
UNREADABLE = {
    "channel_not_found",
    "method_not_supported_for_channel_type",
    "missing_scope",
    "not_in_channel",
    "thread_not_found",
}


async def find(client: AsyncWebClient, address: Address, name: str, since: datetime) -> dict[str, Any] | None:
    """Where the message with this id stands, newest first; None if it is not there.

    Raises Unreadable where so much was said that it cannot be told, and SlackApiError.
    """
    channel = await _channel(client, address)
    asked: dict[str, Any] = {"channel": channel, "oldest": f"{(since - LOOK_BACK).timestamp():.6f}", "limit": PAGE}
    cursor = ""
    for _ in range(MOST_PAGES):
        page = {**asked, "cursor": cursor} if cursor else asked
        if address.thread:
            answer = await client.conversations_replies(ts=address.thread["ts"], include_all_metadata=True, **page)
        else:
            answer = await client.conversations_history(include_all_metadata=True, **page)
        for message in answer.get("messages") or ():
            if _name_in(message) == name:
                return {"channel": channel, "ts": message["ts"]}
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return None
    raise Unreadable("So much was said meanwhile that the message could not be looked for.")


async def _channel(client: AsyncWebClient, address: Address) -> str:
    if address.thread:
        return str(address.thread["channel"])
    if address.to == "channel" or address.reach:
        return address.reach or address.to_key
    answer = await client.conversations_open(users=address.to_key)
    return str(answer["channel"]["id"])


def _name_in(message: dict[str, Any]) -> str:
    about = message.get("metadata") or {}
    if about.get("event_type") != EVENT_TYPE:
        return ""
    return str((about.get("event_payload") or {}).get("delivery_id", ""))
