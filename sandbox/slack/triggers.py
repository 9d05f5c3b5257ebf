"""Things an app gets to use briefly: triggers, once within three seconds, and response addresses, five times within
half an hour.

A trigger's age is counted in real seconds, for the real network is part of it; a response address by the sandbox's
clock.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TRIGGER_SECONDS = 3.0
RESPONSE_USES = 5
RESPONSE_LIFE = timedelta(minutes=30)


class SpentTrigger(Exception):
    """The trigger cannot be used; `str()` of it is Slack's error word."""


@dataclass
class Trigger:
    """The right to open a view for somebody."""

    team_id: str
    user_id: str
    from_modal: bool
    issued: float
    used: bool = False


@dataclass
class Triggers:
    """Every trigger issued; `lifetime` is in seconds."""

    lifetime: float = TRIGGER_SECONDS
    _issued: dict[str, Trigger] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def issue(self, team_id: str, user_id: str, *, from_modal: bool = False, late: bool = False) -> str:
        """A new trigger id; a `late` one has expired before the app sees it."""
        number = next(self._numbers)
        trigger_id = f"{number}.{number * 7919 % 100_000}.{number:032x}"
        issued = time.monotonic() - (self.lifetime + 1 if late else 0)
        self._issued[trigger_id] = Trigger(team_id, user_id, from_modal, issued)
        return trigger_id

    def check(self, trigger_id: object, team_id: str) -> Trigger:
        """The trigger, if it may be used now; raises SpentTrigger otherwise."""
        trigger = self._issued.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None or trigger.team_id != team_id:
            raise SpentTrigger("invalid_trigger_id")
        if trigger.used:
            raise SpentTrigger("exchanged_trigger_id")
        if time.monotonic() - trigger.issued > self.lifetime:
            raise SpentTrigger("expired_trigger_id")
        return trigger


@dataclass
class ResponseUrl:
    """The right to answer an interaction where it happened."""

    team_id: str
    user_id: str
    channel: str
    until: datetime
    message_ts: str | None = None
    thread_ts: str | None = None
    left: int = RESPONSE_USES


@dataclass
class ResponseUrls:
    """Every response address issued, by its path under the server's root."""

    issued: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(
        self,
        kind: str,
        team_id: str,
        user_id: str,
        channel: str,
        now: datetime,
        *,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """A new path such as `/commands/T1/12/response`."""
        path = f"/{kind}/{team_id}/{len(self.issued) + 1}/response"
        until = now + RESPONSE_LIFE
        self.issued[path] = ResponseUrl(team_id, user_id, channel, until, message_ts, thread_ts)
        return path
