"""Slack's side of the wire, by hand: requests signed rightly or wrongly, and a count of what is stored."""

from __future__ import annotations

import io
import json
import re
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import func, select

from sandbox.people import Person
from sandbox.slack.delivery import sign
from storage.base import metadata
from tests.town import SECRET, Town

DONE, PLAN, BLOCKERS, MOOD = "What did you get done?", "What is next?", "Anything in your way?", "How was your week?"
WHY = "for staying late to fix the build"
TOKEN = re.compile(r"tell your admin this token: ([A-Z0-9]{4})")


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that Slack puts on this body, now or at another time."""
    timestamp = str(int(time.time() if at is None else at))
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(secret, timestamp, body)}


def form(fields: dict[str, Any]) -> tuple[bytes, str]:
    """A body as commands and interactions have it, and its content type."""
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def interaction(payload: dict[str, Any]) -> tuple[bytes, str]:
    return form({"payload": json.dumps(payload)})


def event(town: Town, inner: dict[str, Any], **more: Any) -> tuple[bytes, str]:
    envelope = {"type": "event_callback", "team_id": town.workspace.id, "event_id": "Ev1", "event": inner, **more}
    return json.dumps(envelope).encode(), "application/json"


def command(town: Town, who: Person, name: str, text: str = "", **more: Any) -> tuple[bytes, str]:
    fields = {
        "command": name,
        "text": text,
        "team_id": town.workspace.id,
        "user_id": who.user_id,
        "user_name": who.name,
        "channel_id": town.channel("general"),
        "trigger_id": town.sandbox.triggers.issue(town.workspace.id, who.user_id),
        "response_url": f"{town.sandbox.url}/commands/T0/1/response",
    }
    return form({name: value for name, value in (fields | more).items() if value is not None})


async def post(
    town: Town, asked: tuple[bytes, str], headers: dict[str, str] | None = None, path: str = "/slack/events"
) -> tuple[int, str]:
    """Send it to the app; the status and the body of the answer. Signed rightly unless `headers` say otherwise."""
    body, kind = asked
    headers = {"Content-Type": kind, **(signed(body) if headers is None else headers)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(town.app.url + path, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status, await answer.text()


def rows(town: Town) -> dict[str, int]:
    """How many rows there are in every table."""
    with town.app.storage.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def tokens(told: str) -> list[str]:
    """The tokens of trouble in what somebody sees."""
    return TOKEN.findall(told)


def view_submission(town: Town, who: Person, values: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends when the modal in front is submitted with these values, by block id."""
    view = who.modal
    assert view is not None
    state = {
        block["block_id"]: {
            "value": {"type": block["element"]["type"], "value": None} | values.get(block["block_id"], {})
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    hidden = {"typed", "errors", "banner"}
    return {
        "type": "view_submission",
        "team": {"id": town.workspace.id, "domain": "acme"},
        "user": {"id": who.user_id, "name": who.name, "team_id": town.workspace.id},
        "trigger_id": town.sandbox.triggers.issue(town.workspace.id, who.user_id),
        "view": {key: part for key, part in view.items() if key not in hidden} | {"state": {"values": state}},
    }


def typed(view: dict[str, Any], label: str, words: str) -> dict[str, Any]:
    """The value of the input with this label."""
    (block,) = [one for one in view["blocks"] if one["type"] == "input" and one["label"]["text"].startswith(label)]
    return {block["block_id"]: {"type": "plain_text_input", "value": words}}
