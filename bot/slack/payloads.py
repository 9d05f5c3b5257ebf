"""Slack's payloads, read: what somebody did becomes an `Interaction`, a person of the directory becomes a `Listed`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from bot.slack import cards
from handlers.interaction import About, Interaction, Place
from handlers.text import Mention, Plain
from storage.members import Listed, MemberKind
from storage.workspaces import WorkspaceKey

Payload = Mapping[str, Any]

# With "should_escape" Slack writes people and channels typed after a command as <@U1|ana> and <#C1|general>.
ESCAPED = re.compile(
    r"<@(?P<member>[A-Z0-9]+)(?:\|(?P<name>[^>]*))?>|<#[A-Z0-9]+(?:\|(?P<channel>[^>]*))?>|<(?P<link>[^>]+)>"
)


class Illegible(ValueError):
    """A payload lacks what every payload of its kind has."""


def legible(read: Callable[[Payload], Interaction]) -> Callable[[Payload], Interaction]:
    """Have a function raise Illegible where a payload is not of the shape that Slack promises."""

    @wraps(read)
    def reading(body: Payload) -> Interaction:
        try:
            return read(body)
        except (KeyError, IndexError, TypeError, AttributeError) as problem:
            raise Illegible(f"{read.__name__}: {type(problem).__name__} {problem}") from None

    return reading


def workspace_of(body: Payload) -> WorkspaceKey:
    """The workspace that a payload belongs to."""
    view = body.get("view") or {}
    team = body.get("team") or {}
    return WorkspaceKey("slack", view.get("app_installed_team_id") or body.get("team_id") or team.get("id") or "")


def is_stranger(body: Payload) -> bool:
    """Whether the person belongs to another workspace, met in a shared channel."""
    home = (body.get("user") or {}).get("team_id")
    return bool(home) and home != workspace_of(body).external_id


@legible
def command(body: Payload) -> Interaction:
    """A slash command that was typed."""
    return Interaction(
        "command",
        str(body["command"]).removeprefix("/"),
        workspace_of(body),
        str(body["user_id"]),
        id=str(body.get("trigger_id", "")),
        parts=read_text(str(body.get("text", ""))),
        place=_place(str(body.get("channel_id", ""))),
    )


@legible
def press(body: Payload) -> Interaction:
    """A button that was pressed, in a message, a form or the home."""
    action = body["actions"][0]
    does, state = cards.pressed(action)
    return Interaction(
        "press",
        does,
        workspace_of(body),
        str(body["user"]["id"]),
        id=f"{body.get('trigger_id', '')} {action.get('action_ts', '')}",
        state=state,
        values=_values(body.get("view")),
        place=_where(body),
    )


@legible
def submission(body: Payload) -> Interaction:
    """A form that was sent. Its id is that of the view: the same form sent twice is one thing done once."""
    return _form(body, "submission")


@legible
def closed(body: Payload) -> Interaction:
    """A form that was closed without being sent."""
    return _form(body, "closed")


@legible
def shortcut(body: Payload) -> Interaction:
    """A shortcut, global or on a message."""
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id", ""))
    about = None
    if body["type"] == "message_action":
        about = About(
            str(message.get("user", "")),
            html.unescape(str(message.get("text", ""))),
            channel,
            str(message.get("ts", "")),
        )
    return Interaction(
        "shortcut",
        str(body["callback_id"]),
        workspace_of(body),
        str(body["user"]["id"]),
        id=str(body.get("trigger_id", "")),
        place=_place(channel),
        about=about,
    )


@legible
def home_opened(body: Payload) -> Interaction:
    """Somebody looks at their home."""
    return Interaction(
        "event", "home", workspace_of(body), str(body["event"]["user"]), id=str(body["event_id"]), place=Place("home")
    )


def listed(user: Payload) -> Listed:
    """A person as Slack's directory describes them."""
    profile = user.get("profile") or {}
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    bot = user.get("is_bot") or user.get("is_app_user") or user["id"] == "USLACKBOT"
    kind: MemberKind = "bot" if bot else "guest" if guest else "person"
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Listed(
        key=str(user["id"]),
        name=str(name or user["id"]),
        zone=str(user.get("tz") or ""),
        kind=kind,
        active=not user.get("deleted"),
        admin=bool(user.get("is_admin") or user.get("is_owner")),
        as_of=int(user.get("updated") or 0),
    )


def read_text(text: str) -> tuple[Plain | Mention, ...]:
    """What followed a command: words, and the members named in them."""
    parts: list[Plain | Mention] = []
    end = 0
    for found in ESCAPED.finditer(text):
        _add_words(parts, text[end : found.start()])
        if found["member"]:
            parts.append(Mention(found["member"], found["name"] or found["member"]))
        elif found["link"]:
            _add_words(parts, found["link"].split("|")[-1])
        else:
            _add_words(parts, f"#{found['channel'] or 'channel'}")
        end = found.end()
    _add_words(parts, text[end:])
    return tuple(parts)


def depth(view: Payload) -> int:
    """How many views lie under and including this one: Slack allows three."""
    if not view.get("previous_view_id"):
        return 1
    return 2 if view["previous_view_id"] == view.get("root_view_id") else 3


def _add_words(parts: list[Plain | Mention], words: str) -> None:
    if words:
        parts.append(Plain(html.unescape(words)))


def _form(body: Payload, kind: str) -> Interaction:
    view = body["view"]
    return Interaction(
        "submission" if kind == "submission" else "closed",
        str(view.get("callback_id", "")),
        workspace_of(body),
        str(body["user"]["id"]),
        id=str(view["id"]),
        values=_values(view),
        state=str(view.get("private_metadata", "")),
        place=Place("form"),
    )


def _values(view: Payload | None) -> dict[str, Any]:
    if not view:
        return {}
    given = (view.get("state") or {}).get("values")
    return cards.values(given, view.get("blocks") or []) if isinstance(given, Mapping) else {}


def _where(body: Payload) -> Place:
    view = body.get("view")
    if view:
        return Place("home" if view.get("type") == "home" else "form")
    return _place(str((body.get("channel") or {}).get("id", "")))


def _place(channel: str) -> Place:
    return Place("chat" if channel.startswith("D") else "channel", channel) if channel else Place()
