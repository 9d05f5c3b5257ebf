"""Web API: `chat.*` and `reactions.add`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.api import Call, Limited, Method, Refusal, refuse
from sandbox.slack.forms import name_all
from sandbox.slack.records import SLACKBOT, Channel, Json, Message
from sandbox.slack.rules import check_message

LARGEST_METADATA = 8 * 1024


def content(call: Call, *, update: bool = False) -> Json:
    """The checked text, blocks, attachments and metadata of a message."""
    given: Json = {"text": call.params.get("text")}
    given["blocks"] = call.structure("blocks", "invalid_blocks_format")
    given["attachments"] = call.structure("attachments", "invalid_attachments")
    given["metadata"] = call.structure("metadata", "invalid_metadata_format")
    return checked(call.sandbox.names, given, update=update)


def checked(names: Iterator[str], given: Mapping[str, Any], *, update: bool = False) -> Json:
    """The content of a message with its blocks named; refused if it breaks a rule."""
    refuse(check_message(given, update=update), "invalid_blocks")
    if given.get("metadata") and len(json.dumps(given["metadata"])) > LARGEST_METADATA:
        raise Refusal("metadata_too_large")
    return {
        "text": given.get("text") or "",
        "blocks": name_all(given.get("blocks") or [], names),
        "attachments": given.get("attachments") or [],
        "metadata": given.get("metadata"),
    }


def _place(call: Call) -> Channel:
    """Where to post: a conversation, or the direct conversation with a person given by id."""
    target = call.required("channel")
    workspace, bot = call.workspace, call.install.bot_user_id
    user = workspace.users.get(target)
    if user is not None:
        if user.bot or user.id == SLACKBOT:
            raise Refusal("cannot_dm_bot")
        if user.team_id != workspace.id:
            raise Refusal("channel_not_found")
        channel = workspace.dm(bot, user.id)
    else:
        channel = call.channel(target)
    if channel.kind == "im" and not call.sandbox.app.messages_tab:
        raise Refusal("messages_tab_disabled")
    if channel.archived:
        raise Refusal("is_archived")
    public = channel.kind == "channel" and call.allowed("chat:write.public")
    if bot not in channel.members and not public:
        raise Refusal("not_in_channel")
    return channel


def _own(call: Call) -> Json:
    install = call.install
    return {"user": install.bot_user_id, "bot_id": install.bot_id, "app_id": install.app_id}


def _shown(call: Call, message: Message) -> Json:
    profile = {
        "id": call.install.bot_id,
        "app_id": call.install.app_id,
        "name": call.sandbox.app.name,
        "team_id": call.workspace.id,
        "deleted": False,
    }
    return {**message.as_slack(call.workspace.id), "bot_profile": profile}


def post_message(call: Call) -> Json:
    """Post a message, at the pace that the channel allows."""
    channel = _place(call)
    body = content(call)
    thread = call.text("thread_ts") or None
    if thread and call.workspace.message(channel.id, thread) is None:
        raise Refusal("cannot_reply_to_message")
    seconds = call.sandbox.rates.message(call.workspace.id, channel.id)
    if seconds:
        raise Limited(seconds)
    message = Message(channel.id, call.workspace.new_ts(), thread_ts=thread, **_own(call), **body)
    call.workspace.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": _shown(call, message)}


def post_ephemeral(call: Call) -> Json:
    """Show a message to one person in a channel."""
    channel = _place(call)
    user = call.user(call.required("user"), "user_not_in_channel")
    if user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    thread = call.text("thread_ts") or None
    ts = call.workspace.new_ts()
    body = content(call)
    call.workspace.post(Message(channel.id, ts, thread_ts=thread, to=user.id, **_own(call), **body))
    return {"message_ts": ts}


def _mine(call: Call, error: str) -> Message:
    channel = call.channel(call.required("channel"))
    message = call.workspace.message(channel.id, call.required("ts"))
    if message is None or message.to:
        raise Refusal("message_not_found")
    if message.bot_id != call.install.bot_id:
        raise Refusal(error)
    return message


def update(call: Call) -> Json:
    """Change a message of the bot's own."""
    message = _mine(call, "cant_update_message")
    if call.workspace.channels[message.channel].archived:
        raise Refusal("is_inactive")
    body = content(call, update=True)
    given = call.params
    # What is not given stays; an empty list of blocks takes them away.
    for name in ("text", "blocks", "attachments", "metadata"):
        if given.get(name) is not None:
            setattr(message, name, body[name])
    message.edited = call.workspace.new_ts()
    call.workspace.touched()
    shown = _shown(call, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    """Delete a message of the bot's own."""
    message = _mine(call, "cant_delete_message")
    call.workspace.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel(call.required("channel"))
    message = call.workspace.message(channel.id, call.required("message_ts"))
    if message is None or message.to:
        raise Refusal("message_not_found")
    link = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(call: Call) -> Json:
    """React to a message with an emoji, once."""
    channel = call.channel(call.required("channel"))
    message = call.workspace.message(channel.id, call.required("timestamp"))
    if message is None or message.to:
        raise Refusal("message_not_found")
    name = call.required("name").strip(":")
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise Refusal("invalid_name")
    users = message.reactions.setdefault(name, [])
    if call.install.bot_user_id in users:
        raise Refusal("already_reacted")
    users.append(call.install.bot_user_id)
    call.workspace.touched()
    return {}


METHODS = {
    "chat.postMessage": Method(post_message, None, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, 4, ("chat:write",)),
    "chat.update": Method(update, 3, ("chat:write",)),
    "chat.delete": Method(delete, 3, ("chat:write",)),
    "chat.getPermalink": Method(get_permalink),
    "reactions.add": Method(add_reaction, 3, ("reactions:write",)),
}
