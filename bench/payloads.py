"""What the bench sends: `/checkin` and its submission, by many members in turn, as Slack would word them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

TEAM = "T0BENCH"
MEMBERS = tuple(f"U{number:04d}" for number in range(64))


def commands() -> Iterator[bytes]:
    """`/checkin`, typed by one member after another."""
    for number, member in enumerate(itertools.cycle(MEMBERS)):
        yield command(member, number)


def evenings(view: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[bytes]:
    """`/checkin` and its submission in turn, by one member after another."""
    for number, member in enumerate(itertools.cycle(MEMBERS)):
        yield command(member, number)
        yield submission(member, number, view, answers)


def command(member: str, number: int) -> bytes:
    """One member types `/checkin`."""
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


def submission(member: str, number: int, view: Mapping[str, Any], answers: Mapping[str, Any]) -> bytes:
    """One member sends the form that `/checkin` opened."""
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
            "state": {"values": answers},
        },
    }
    return urlencode({"payload": json.dumps(payload)}).encode()
