"""What the settings offer to choose from, by the keys under which it is kept."""

from __future__ import annotations

from datetime import time

from handlers.screens import Option

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHARES = {
    "channel": "In the team's channel",
    "thread": "In one thread a week in the team's channel",
    "manager": "With the manager only",
}
KINDS = {
    "short": "Short text",
    "long": "Long text",
    "choice": "One of several choices",
    "choices": "Any of several choices",
    "scale": "Scale",
    "number": "Number",
    "yes_no": "Yes or no",
}
PARTS = {
    "": "Nothing special",
    "done": "What was done: last time's plan is shown beside it",
    "plan": "What is planned: shown again next time",
    "blockers": "What is in the way: each line becomes an item that can be resolved",
    "mood": "How somebody feels: shown as a trend in the summary",
}


def half_hours() -> tuple[Option, ...]:
    """The times of day at which a check-in may close."""
    times = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
    return tuple(Option(f"{one:%H:%M}", f"{one:%H:%M}") for one in times)
