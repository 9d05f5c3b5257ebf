"""The payloads an app receives when somebody types a command, uses a shortcut, presses, sends or closes."""

from __future__ import annotations

from typing import Any

from sandbox.slack import forms, words
from sandbox.slack.api_views import public as shown_view
from sandbox.slack.records import Channel, Install, Json, Message, User
from sandbox.slack.workspace import Workspace

__all__ = ["shown_view"]

TOKEN = "sandbox-verification-token"
PLACE_NAMES = {"im": "directmessage", "private": "privategroup"}


def place_name(place: Channel) -> str:
    """A conversation's name as payloads give it."""
    return PLACE_NAMES.get(place.kind, place.name)


def command(
    workspace: Workspace,
    install: Install,
    user: User,
    place: Channel,
    *,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """A slash command, as form fields."""
    return {
        "token": TOKEN,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": place.id,
        "channel_name": place_name(place),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": install.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _beginning(kind: str, workspace: Workspace, install: Install, user: User) -> Json:
    return {
        "type": kind,
        "team": {"id": workspace.id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": install.app_id,
        "token": TOKEN,
    }


def shortcut(workspace: Workspace, install: Install, user: User, callback_id: str, trigger_id: str) -> Json:
    """A global shortcut."""
    payload = _beginning("shortcut", workspace, install, user)
    return payload | {
        "action_ts": workspace.new_ts(),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def message_shortcut(
    workspace: Workspace,
    install: Install,
    user: User,
    callback_id: str,
    trigger_id: str,
    place: Channel,
    message: Message,
) -> Json:
    """A shortcut on a message."""
    payload = _beginning("message_action", workspace, install, user)
    return payload | {
        "action_ts": workspace.new_ts(),
        "channel": {"id": place.id, "name": place_name(place)},
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "message_ts": message.ts,
        "message": message.as_slack(workspace.id),
    }


def view_container(view: Json) -> Json:
    """Where an action happened: in a view."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": shown_view(view)}


def message_container(place: Channel | None, message: Message | None) -> Json:
    """Where an action happened: on a message, if it was one."""
    if place is None or message is None:
        return {}
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": place.id}
    container["is_ephemeral"] = message.to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {"container": container, "channel": {"id": place.id, "name": place_name(place)}}


def view_action(workspace: Workspace, install: Install, user: User, view: Json, action: Json, trigger_id: str) -> Json:
    """Something pressed or chosen in a view."""
    payload = _beginning("block_actions", workspace, install, user)
    return payload | view_container(view) | {"trigger_id": trigger_id, "actions": [action]}


def message_action(
    workspace: Workspace,
    install: Install,
    user: User,
    place: Channel,
    message: Message,
    state: Json,
    action: Json,
    trigger_id: str,
) -> Json:
    """Something pressed or chosen on a message."""
    payload = _beginning("block_actions", workspace, install, user) | message_container(place, message)
    if message.to is None:
        payload["message"] = message.as_slack(workspace.id)
    return payload | {"state": {"values": state}, "trigger_id": trigger_id, "actions": [action]}


def suggestion(workspace: Workspace, install: Install, user: User, block_id: str, action_id: str, query: str) -> Json:
    """The question for the options of a select, with what was typed so far."""
    payload = _beginning("block_suggestion", workspace, install, user)
    return payload | {"block_id": block_id, "action_id": action_id, "value": query}


def submission(workspace: Workspace, install: Install, user: User, view: Json, trigger_id: str) -> Json:
    """A modal that was sent."""
    payload = _beginning("view_submission", workspace, install, user)
    return payload | {"trigger_id": trigger_id, "view": shown_view(view)}


def closed(workspace: Workspace, install: Install, user: User, view: Json, *, cleared: bool) -> Json:
    """A modal that was closed, alone or with its whole stack."""
    payload = _beginning("view_closed", workspace, install, user)
    return payload | {"view": shown_view(view), "is_cleared": cleared}


def chosen(element: Json, value: Any) -> Json:
    """The value part of an action or of a state, from what a person picked; an unknown option is refused."""
    kind = element["type"]
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, value)}
    if kind not in forms.STATES:
        return {"type": kind}
    key, _, empty = forms.STATES[kind]
    if key == "selected_option":
        return {"type": kind, key: None if value is None else _option(element, value)}
    if key == "selected_options":
        return {"type": kind, key: [_option(element, one) for one in value or []]}
    return {"type": kind, key: empty if value is None else value}


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    for option in words.options(element):
        if option.get("value") == value:
            return {name: part for name, part in option.items() if name != "url"}
    raise ValueError(f"There is no option {value!r} to choose.")


def action(workspace: Workspace, block: Json, element: Json, chosen: Json) -> Json:
    """One entry of `actions`."""
    entry: Json = {"action_id": element["action_id"], "block_id": block["block_id"], **chosen}
    for name in ("text", "value", "style", "url") if element["type"] == "button" else ():
        if name in element:
            entry[name] = element[name]
    entry["action_ts"] = workspace.new_ts()
    return entry
