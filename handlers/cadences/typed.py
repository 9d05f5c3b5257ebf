"""What was typed into the forms of a cadence: the values of all steps together, kept as a draft between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.interaction import Value, Values
from handlers.reading import as_id, clean
from storage.cadences import Cadence
from storage.places import PLACES
from storage.recurrence import Recurrence
from storage.store import Store

# The inputs of each step, in the order of the steps.
STEPS: dict[str, tuple[str, ...]] = {
    "whom": ("what", "name", "everybody", "teams", "people", "without"),
    "when": ("weekdays", "rhythm", "at", "zone", "window", "closes_after", "closes_at", "nudges"),
    "finer": ("starts_on", "ends_on", "holidays", "place", "most_late"),
}
# Of which version of the cadence a draft is.
VERSION = "version"
NO_HOLIDAYS, OWN_HOLIDAYS, ONE_PLACE = "none", "own", "place"


@dataclass(frozen=True)
class Which:
    """Which cadence a form is about, and in which of its versions it was when the form was drawn; 0 for a new one."""

    cadence_id: int = 0
    version: int = 0

    @property
    def state(self) -> str:
        """What a form or button carries of it."""
        return f"{self.cadence_id}:{self.version}" if self.cadence_id else ""

    @property
    def draft(self) -> str:
        """The name of the draft of its forms."""
        return f"cadence {self.cadence_id or 'new'}"

    @classmethod
    def read(cls, state: str) -> Which:
        """What a state says; a new one where it says nothing."""
        cadence_id, _, version = state.partition(":")
        return cls(as_id(cadence_id), as_id(version)) if as_id(cadence_id) else cls()


def new(today: date, feature: str) -> dict[str, Value]:
    """What the forms of a new cadence begin with."""
    return _when(Cadence(0, "", Recurrence(today))) | {"what": feature, "name": "", "everybody": False}


def of(store: Store, cadence: Cadence) -> dict[str, Value]:
    """What the forms of a cadence begin with: the cadence as it stands."""
    audience = cadence.audience
    found = store.members.by_ids((*audience.members, *audience.without))
    # Whoever has gone meanwhile need not be taken out by hand.
    known = {member_id: one for member_id, one in found.items() if one.active}
    return _when(cadence) | {
        "what": cadence.feature,
        "name": cadence.name,
        "everybody": audience.everybody,
        "teams": tuple(str(one) for one in audience.teams if store.teams.by_id(one)),
        "people": tuple(known[one].key for one in audience.members if one in known),
        "without": tuple(known[one].key for one in audience.without if one in known),
    }


def merged(before: Mapping[str, Value], step: str, given: Values) -> dict[str, Value]:
    """What was typed before, with what one step held in its place."""
    return {**before, **{name: _cleaned(given[name]) for name in STEPS[step] if name in given}}


def text(values: Mapping[str, Value], name: str) -> str:
    """A value as an input for text or for one choice shows it."""
    return next(iter(keys(values, name)), "")


def keys(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    """A value as an input for several choices shows it."""
    value = values.get(name)
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) and value else ()


def day(values: Mapping[str, Value], name: str) -> date | None:
    """A value as an input for a date shows it."""
    try:
        return date.fromisoformat(text(values, name))
    except ValueError:
        return None


def rhythm_key(recurrence: Recurrence) -> str:
    """How often, as the key of a choice."""
    return f"{recurrence.every}:{recurrence.nth}"


def _when(cadence: Cadence) -> dict[str, Value]:
    recurrence, timing = cadence.recurrence, cadence.timing
    named = cadence.holidays not in ("", "own")
    return {
        "weekdays": tuple(str(one) for one in recurrence.weekdays),
        "rhythm": rhythm_key(recurrence),
        "at": f"{timing.at:%H:%M}",
        "zone": timing.zone,
        "window": str(timing.minutes),
        "closes_after": str(timing.closes_after),
        "closes_at": f"{timing.closes_at:%H:%M}",
        "nudges": str(timing.nudges),
        "starts_on": recurrence.starts_on.isoformat(),
        "ends_on": recurrence.ends_on.isoformat() if recurrence.ends_on else "",
        "holidays": ONE_PLACE if named else cadence.holidays or NO_HOLIDAYS,
        "place": PLACES.get(cadence.holidays, cadence.holidays) if named else "",
        "most_late": str(cadence.most_late),
    }


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    return tuple(clean(one) for one in value) if isinstance(value, tuple) else value
