"""Web API: `conversations.*` and `users.conversations`. What the bot may know depends on the kind of conversation."""

from __future__ import annotations

from sandbox.slack.api import Call, Method, Refusal
from sandbox.slack.records import Channel, Json, Kind

PREFIXES: dict[Kind, str] = {"channel": "channels", "private": "groups", "im": "im"}
TYPES: dict[str, Kind] = {"public_channel": "channel", "private_channel": "private", "im": "im"}
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


def _channel(call: Call, right: str = "read") -> Channel:
    channel = call.channel(call.required("channel"))
    call.need(f"{PREFIXES[channel.kind]}:{right}")
    return channel


def _kinds(call: Call) -> set[Kind]:
    kinds: set[Kind] = set()
    for name in call.text("types", "public_channel").split(","):
        name = name.strip()
        if name == "mpim":
            call.need("mpim:read")
        elif name in TYPES:
            call.need(f"{PREFIXES[TYPES[name]]}:read")
            kinds.add(TYPES[name])
        else:
            raise Refusal("invalid_types")
    return kinds


def _listing(call: Call, member: str, *, joined: bool) -> Json:
    kinds, bot = _kinds(call), call.install.bot_user_id
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or bot in channel.members)
        and (not joined or member in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    page, after = call.page(found)
    shown = [channel.as_slack(bot) for channel in page]
    return {"channels": shown, "response_metadata": {"next_cursor": after}}


def conversations_list(call: Call) -> Json:
    """The conversations that the bot can see, a page at a time."""
    return _listing(call, call.install.bot_user_id, joined=False)


def users_conversations(call: Call) -> Json:
    """The conversations that somebody is in, the bot by default."""
    member = call.text("user") or call.install.bot_user_id
    call.user(member)
    return _listing(call, member, joined=True)


def info(call: Call) -> Json:
    """One conversation."""
    return {"channel": _channel(call).as_slack(call.install.bot_user_id)}


def members(call: Call) -> Json:
    """The ids of who is in a conversation, a page at a time."""
    page, after = call.page(_channel(call).members)
    return {"members": page, "response_metadata": {"next_cursor": after}}


def open_(call: Call) -> Json:
    """Open the bot's direct messages with one person."""
    bot = call.install.bot_user_id
    if call.text("channel"):
        return {"channel": {"id": call.channel(call.text("channel")).id}, "no_op": True, "already_open": True}
    named = [name for name in call.text("users").split(",") if name]
    if not named:
        raise Refusal("users_list_not_supplied")
    if len(named) > 1:
        raise Refusal("too_many_users" if len(named) > 8 else "method_not_supported_for_channel_type")
    user = call.user(named[0])
    if user.deleted:
        raise Refusal("user_disabled")
    if user.bot:
        raise Refusal("cannot_dm_bot")
    if user.team_id != call.workspace.id:
        raise Refusal("user_not_visible")
    return {"channel": {"id": call.workspace.dm(bot, user.id).id}}


def join(call: Call) -> Json:
    """Let the bot join a public channel."""
    channel = call.channel(call.required("channel"))
    if channel.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    call.workspace.invite(channel.id, call.install.bot_user_id)
    return {"channel": channel.as_slack(call.install.bot_user_id)}


def _history(call: Call, thread: str | None) -> Json:
    channel = _channel(call, "history")
    if call.install.bot_user_id not in channel.members:
        raise Refusal("not_in_channel")
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9999999999.999999")
    posted = [m for m in call.workspace.messages.get(channel.id, []) if not m.to]
    if thread is None:
        posted = [m for m in reversed(posted) if m.thread_ts in (None, m.ts)]
    else:
        posted = [m for m in posted if thread in (m.ts, m.thread_ts)]
        if not posted:
            raise Refusal("thread_not_found")
    inclusive = call.flag("inclusive")
    posted = [m for m in posted if oldest < m.ts < latest or (inclusive and m.ts in (oldest, latest))]
    page, after = call.page(posted, most=999)
    shown = [m.as_slack(call.workspace.id) for m in page]
    if not call.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return {"messages": shown, "has_more": bool(after), "response_metadata": {"next_cursor": after}}


def history(call: Call) -> Json:
    """The messages of a conversation, newest first, without the replies in threads."""
    return _history(call, None)


def replies(call: Call) -> Json:
    """A message and the replies in its thread, oldest first."""
    return _history(call, call.required("ts"))


METHODS = {
    "conversations.list": Method(conversations_list, 2, READ),
    "conversations.info": Method(info, 3, READ),
    "conversations.members": Method(members, 4, READ),
    "conversations.open": Method(open_, 3, ("im:write",)),
    "conversations.join": Method(join, 3, ("channels:join",)),
    "conversations.history": Method(history, 3, HISTORY),
    "conversations.replies": Method(replies, 3, HISTORY),
    "users.conversations": Method(users_conversations, 3, READ),
}
