"""What the bench sends: `/checkin` and its submission, each evening by another member, as Slack would word them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

TEAM = "T0BENCH"
MEMBERS = 8_000
ANSWERS = {
    "done": "Brazed the last six touring frames of the order for Porto, and wrote down how we set up the fork mitre.",
    "plan": "Start on the gravel frames for Ghent; test the water-based lacquer on scrap.",
    "blockers": "The 25.4 tubes are late again",
    "mood": "4",
}


def member_key(number: int) -> str:
    """The platform id of a member."""
    return f"U{number % MEMBERS:05d}"


def evenings(view: dict[str, Any], start: int = 0) -> Iterator[bytes]:
    """`/checkin` and its submission in turn, each pair by the next member."""
    number = start
    while True:
        yield command(number)
        yield submission(number, view)
        number += 1


def submissions(view: dict[str, Any], start: int = 0) -> Iterator[bytes]:
    """Submissions alone, each by the next member."""
    number = start
    while True:
        yield submission(number, view)
        number += 1


def command(number: int) -> bytes:
    """One member types `/checkin`."""
    member = member_key(number)
    return urlencode(
        {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "bench",
            "channel_id": "C0BENCH",
            "channel_name": "general",
            "user_id": member,
            "user_name": member.lower(),
            "command": "/checkin",
            "text": "",
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1:9/unused",
            "trigger_id": f"1.{number}.bench",
        }
    ).encode()


def submission(number: int, view: dict[str, Any]) -> bytes:
    """One member sends the form that `/checkin` opened, filled in."""
    member = member_key(number)
    payload = {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": member, "username": member.lower(), "name": member.lower(), "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "trigger_id": f"2.{number}.bench",
        "is_enterprise_install": False,
        "enterprise": None,
        "response_urls": [],
        "view": {
            **view,
            "id": f"V{number}",
            "team_id": TEAM,
            "hash": "1.bench",
            "previous_view_id": None,
            "root_view_id": f"V{number}",
            "app_id": "A0BENCH",
            "bot_id": "B0BENCH",
            "state": {"values": _filled(view)},
        },
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def _filled(view: dict[str, Any]) -> dict[str, Any]:
    """What the state of a view looks like when every input has been filled in."""
    texts = iter((ANSWERS["done"], ANSWERS["plan"], ANSWERS["blockers"]))
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        if element["type"] == "plain_text_input":
            value: dict[str, Any] = {"value": next(texts, "Well")}
        else:
            value = {"selected_option": element["options"][3]}
        state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **value}}
    return state
