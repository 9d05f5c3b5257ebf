"""The ground truth: what has really arrived at Slack, whatever anybody remembers of it. Only ever appended to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Arrived:
    """A message that people can see. `at` is the true time; `metadata` is what the app put beside it."""

    at: datetime
    team: str
    channel: str
    ts: str
    text: str
    metadata: dict[str, Any]

    @property
    def mark(self) -> str:
        """The id that the app put beside it."""
        return str(self.metadata.get("event_payload", {}).get("delivery_id", ""))

    def shown(self) -> dict[str, Any]:
        """The message as a history shows it."""
        return {"type": "message", "ts": self.ts, "text": self.text, "metadata": self.metadata}


@dataclass
class Ground:
    """All messages of all workspaces. `now` tells the true time."""

    now: Callable[[], datetime]
    arrived: list[Arrived] = field(default_factory=list)
    by_channel: dict[tuple[str, str], list[Arrived]] = field(default_factory=lambda: defaultdict(list))

    def post(self, team: str, to: str, text: str, metadata: dict[str, Any] | None) -> Arrived:
        """A message arrives; what is written to a person stands in their chat."""
        at = self.now()
        one = Arrived(at, team, chat_with(to), f"{at.timestamp():.0f}.{len(self.arrived):06d}", text, metadata or {})
        self.arrived.append(one)
        self.by_channel[team, one.channel].append(one)
        return one

    def history(self, team: str, channel: str, oldest: float = 0.0, limit: int = 100) -> list[dict[str, Any]]:
        """The newest messages of a channel or chat, the newest first."""
        here = self.by_channel[team, channel]
        return [one.shown() for one in reversed(here) if float(one.ts) >= oldest][:limit]

    def repeated(self) -> list[str]:
        """The marks of messages that have arrived more than once."""
        return [mark for mark, times in Counter(one.mark for one in self.arrived).items() if times > 1]


def chat_with(to: str) -> str:
    """The chat between a person and the app; a channel is itself."""
    return f"D{to[1:]}" if to.startswith("U") else to
