"""Everything one person sees at their Slack client, fit for JSON: what the page draws and what stories read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.slack.api_views import public
from sandbox.slack.records import Channel, Json, Message
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox


def look(sandbox: SlackSandbox, workspace: Workspace, user_id: str, channel: str | None) -> Json:
    """The person's whole client; the channel looked at is marked read."""
    me = workspace.users[user_id]
    install = workspace.install
    bot = install.bot_user_id if install else ""
    if install and me.team_id == workspace.id:
        workspace.dm(bot, user_id)
    place = workspace.find_channel(channel) if channel else workspace.find_channel("general")
    if place is not None and not sees_channel(place, user_id):
        place = None
    if place is not None and channel:
        workspace.read[f"{user_id}:{place.id}"] = workspace.new_ts()
    app = sandbox.app
    home = workspace.homes.get(user_id)
    return {
        "rev": sandbox.rev,
        "now": sandbox.clock.now().isoformat(),
        "workspace": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain},
        "me": {
            "id": me.id,
            "name": me.name,
            "real_name": me.real_name,
            "title": me.title,
            "tz": me.tz,
            "is_admin": me.admin,
        },
        "users": {user.id: _person(workspace, user.id) for user in workspace.users.values()},
        "channels": [
            _listed(workspace, one, user_id, bot) for one in workspace.channels.values() if user_id in one.members
        ],
        "elsewhere": [
            {"id": one.id, "name": one.name, "kind": one.kind}
            for one in workspace.channels.values()
            if user_id not in one.members and sees_channel(one, user_id) and not one.archived
        ],
        "channel": place.id if place else None,
        "messages": _threads(workspace, place.id, user_id) if place else [],
        "home": _view(home) if home and install else None,
        "modals": [_view(view) for view in workspace.modals.get(user_id, [])],
        "commands": [
            {"command": one.command, "description": one.description, "usage_hint": one.usage_hint or ""}
            for one in (app.commands if install else ())
        ],
        "shortcuts": [
            {
                "name": one.name,
                "type": one.type,
                "callback_id": one.callback_id,
                "description": one.description,
            }
            for one in (app.shortcuts if install else ())
        ],
        "app": {
            "name": app.name,
            "user_id": bot or None,
            "home_tab": app.home_tab,
            "messages_tab": app.messages_tab,
            "read_only": app.messages_read_only,
        },
    }


def sees_channel(channel: Channel, user_id: str) -> bool:
    """Whether a person can look into a conversation: public, or they are in it."""
    return channel.kind == "channel" or user_id in channel.members


def seen(workspace: Workspace, channel: str, user_id: str) -> list[Message]:
    """The messages of a conversation this person sees, oldest first."""
    return [message for message in workspace.messages.get(channel, []) if message.to in (None, user_id)]


def _person(workspace: Workspace, user_id: str) -> Json:
    user = workspace.users[user_id]
    return {
        "name": user.name,
        "real_name": user.real_name,
        "colour": user.colour,
        "initials": initials(user.real_name),
        "is_bot": user.bot,
        "deleted": user.deleted,
        "tz": user.tz,
    }


def initials(name: str) -> str:
    """The first letters of the first and last word of a name."""
    parts = name.split() or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def _listed(workspace: Workspace, channel: Channel, user_id: str, bot: str) -> Json:
    after = workspace.read.get(f"{user_id}:{channel.id}", "")
    messages = seen(workspace, channel.id, user_id)
    unread = sum(1 for message in messages if message.ts > after and message.user != user_id)
    listed: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "unread": unread,
        "archived": channel.archived,
    }
    if channel.kind == "im":
        other = next((member for member in channel.members if member != user_id), user_id)
        listed |= {"with": other, "name": workspace.users[other].real_name}
        if other == bot:
            listed["kind"] = "app"
    return listed


def _threads(workspace: Workspace, channel: str, user_id: str) -> list[Json]:
    """The messages of a channel, each with its replies."""
    shown: list[Json] = []
    roots: dict[str, Json] = {}
    for message in seen(workspace, channel, user_id):
        drawn = _message(workspace, message)
        root = roots.get(message.thread_ts or "")
        if root is None:
            roots[message.ts] = drawn
            shown.append(drawn)
            continue
        root.setdefault("replies", []).append(drawn)
        root["reply_count"] = len(root["replies"])
    return shown


def _message(workspace: Workspace, message: Message) -> Json:
    author = workspace.users.get(message.user)
    drawn: Json = {
        "ts": message.ts,
        "user": message.user,
        "username": message.username or (author.real_name if author else ""),
        "is_bot": bool(message.bot_id) or message.user == "USLACKBOT",
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "ephemeral": message.to is not None,
        "edited": message.edited is not None,
        "reactions": {name: len(users) for name, users in message.reactions.items()},
        "when": datetime.fromtimestamp(float(message.ts), UTC).isoformat(),
    }
    if message.thread_ts:
        drawn["thread_ts"] = message.thread_ts
    return drawn


def _view(view: Json) -> Json:
    return {**public(view), "errors": view.get("errors", {}), "banner": view.get("banner")}
