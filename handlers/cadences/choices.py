"""What can be chosen in the forms of a cadence: keys and labels. Times of day are on the quarter hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time

from handlers.arranged import DAYS, ORDINALS
from handlers.screens import Option
from storage.teams import Team

LONGEST_LABEL = 75
RHYTHMS: dict[str, str] = {
    "1:0": "Every week",
    **{f"{weeks}:0": f"Every {weeks} weeks" for weeks in (2, 3, 4, 5, 6, 8, 10, 12, 13, 26)},
    **{f"1:{nth}": f"Every month, the {words} of these weekdays" for nth, words in ORDINALS.items()},
    **{f"3:{nth}": f"Every 3 months, the {words} of these weekdays" for nth, words in ORDINALS.items()},
}
WINDOWS: dict[str, str] = {
    "0": "All at that time",
    "30": "Spread over 30 minutes",
    "60": "Spread over 1 hour",
    "120": "Spread over 2 hours",
    "180": "Spread over 3 hours",
    "240": "Spread over 4 hours",
}
CLOSES: dict[str, str] = {
    "0": "The same day",
    "1": "The next day",
    **{str(days): f"{days} days later" for days in range(2, 15)},
}
NUDGES: dict[str, str] = {"0": "No reminder", "1": "One, half-way to the close", "2": "Two, spread evenly"}
HOLIDAYS: dict[str, str] = {
    "own": "Not asked on those of their own place",
    "place": "Not asked on those of the place below",
    "none": "Asked on public holidays too",
}
LATE: dict[str, str] = {
    "60": "1 hour late",
    "120": "2 hours late",
    "240": "4 hours late",
    "480": "8 hours late",
    "1440": "A day late",
}
QUARTERS = tuple(f"{time(hour, minute):%H:%M}" for hour in range(24) for minute in (0, 15, 30, 45))


def options(choices: Mapping[str, str], chosen: str = "") -> tuple[Option, ...]:
    """These choices; one that was kept and is none of them is offered as it stands."""
    others = (Option(chosen, "As it is now"),) if chosen and chosen not in choices else ()
    return (*(Option(key, label) for key, label in choices.items()), *others)


def times(chosen: str) -> tuple[Option, ...]:
    """Times of day, with the one that was chosen among them."""
    offered = {*QUARTERS, chosen} if is_time(chosen) else QUARTERS
    return tuple(Option(one, one) for one in sorted(offered))


def is_time(words: str) -> bool:
    """Whether these are a time of day such as "09:15"."""
    try:
        return len(words) == 5 and bool(time.fromisoformat(words))
    except ValueError:
        return False


def weekdays() -> tuple[Option, ...]:
    """The days of the week, by number."""
    return tuple(Option(str(number), day) for number, day in enumerate(DAYS))


def teams(all_teams: Sequence[Team]) -> tuple[Option, ...]:
    """Teams by name."""
    return tuple(Option(str(team.id), team.name) for team in all_teams)
