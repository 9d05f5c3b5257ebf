"""Retention: what is forgotten when it has served its purpose, in all workspaces at once, and a little at a time.

Each step is a short transaction of its own, and any number of replicas may take them at once: what one has in hand,
the others pass over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Table, delete, exists, literal_column, select, update
from sqlalchemy.engine import Connection

from storage.absences import absences, holidays
from storage.deliveries import deliveries
from storage.drafts import drafts
from storage.events import events
from storage.prompts import prompts
from storage.waves import occurrences, waves

DRAFTS_STAY = timedelta(days=30)
EVENTS_STAY = timedelta(days=7)
WORDS_STAY = timedelta(days=30)
UNSENT_STAYS = timedelta(days=7)
DAYS_OFF_STAY = timedelta(days=396)  # thirteen months
# Who was asked when, and what was sent to whom, for as long as nobody says otherwise.
KEEP = timedelta(days=760)
# A prompt outlives its messages: where ids are given again, a message that was sent would stand in a new one's way.
AFTER_MESSAGES = timedelta(days=60)

BATCH = 500


@dataclass(frozen=True)
class Forgotten:
    """How many of each were forgotten, or given up; `asked` are prompts and occurrences."""

    drafts: int = 0
    events: int = 0
    words: int = 0
    unsent: int = 0
    absences: int = 0
    holidays: int = 0
    messages: int = 0
    asked: int = 0


def forget_some(connection: Connection, what: str, now: datetime, keep: timedelta) -> int:
    """Forget, or give up, some of what is old; how many there were, 0 where nothing is left to do.

    `what` is one of `STEPS`, and `keep` how long it stays known who was asked, and what was sent to whom.
    """
    return STEPS[what](connection, now, keep)


def _drafts(connection: Connection, now: datetime, _keep: timedelta) -> int:
    return _delete(connection, drafts, drafts.c.saved_at < now - DRAFTS_STAY)


def _events(connection: Connection, now: datetime, _keep: timedelta) -> int:
    return _delete(connection, events, events.c.at < now - EVENTS_STAY)


def _words(connection: Connection, now: datetime, _keep: timedelta) -> int:
    # Key and reference stay, so that it is not queued again and can still be edited. Worded as the index is.
    worded: tuple[Any, ...] = literal_column("sealed <> ''"), literal_column("\"to\" <> 'home'")
    return _update(connection, deliveries.c.settled_at < now - WORDS_STAY, *worded, sealed="")


def _unsent(connection: Connection, now: datetime, _keep: timedelta) -> int:
    long_ago = now - UNSENT_STAYS
    late = deliveries.c.created_at < long_ago, deliveries.c.not_before < long_ago
    queued = deliveries.c.settled_at.is_(None), deliveries.c.status == "queued"
    given_up = {"status": "cancelled", "last_error": "It could not be sent for a week.", "settled_at": now}
    return _update(connection, *queued, *late, sealed="", **given_up)


def _absences(connection: Connection, now: datetime, _keep: timedelta) -> int:
    return _delete(connection, absences, absences.c.last < (now - DAYS_OFF_STAY).date())


def _holidays(connection: Connection, now: datetime, _keep: timedelta) -> int:
    return _delete(connection, holidays, holidays.c.day < (now - DAYS_OFF_STAY).date())


def _messages(connection: Connection, now: datetime, keep: timedelta) -> int:
    # Where something was posted in a channel stays known: it may be changed there still. Worded as the index is.
    to_somebody: Any = literal_column("\"to\" <> 'channel'")
    return _delete(connection, deliveries, deliveries.c.settled_at < now - keep, to_somebody)


def _asked(connection: Connection, now: datetime, keep: timedelta) -> int:
    """Of one occurrence that closed long ago: some of its prompts; with the last of them its waves, then itself.

    An occurrence has closed once as long as its row is there, so it goes last.
    """
    here = waves.c.workspace_id == occurrences.c.workspace_id
    same = here & (waves.c.cadence_id == occurrences.c.cadence_id) & (waves.c.day == occurrences.c.day)
    old = select(occurrences).where(
        occurrences.c.closed_at < now - keep - AFTER_MESSAGES, ~exists().where(same, waves.c.state != "closed")
    )
    one = connection.execute(
        old.order_by(occurrences.c.closed_at).limit(1).with_for_update(skip_locked=True, of=occurrences)
    ).first()
    if one is None:
        return 0
    gone = _delete(connection, prompts, *_of(prompts, one))
    # Some may be in somebody else's hands, and would never be found again without their occurrence.
    none_left = ~exists().where(*_of(prompts, one))
    if connection.execute(delete(occurrences).where(occurrences.c.id == one.id, none_left)).rowcount:
        connection.execute(delete(waves).where(*_of(waves, one)))
        gone += 1
    return gone


def _of(table: Table, occurrence: Any) -> tuple[Any, ...]:
    return (
        table.c.workspace_id == occurrence.workspace_id,
        table.c.cadence_id == occurrence.cadence_id,
        table.c.day == occurrence.day,
    )


def _delete(connection: Connection, table: Table, *old: Any) -> int:
    return connection.execute(delete(table).where(table.c.id.in_(_some(connection, table, *old)))).rowcount


def _update(connection: Connection, *old: Any, **values: Any) -> int:
    some = _some(connection, deliveries, *old)
    return connection.execute(update(deliveries).where(deliveries.c.id.in_(some)).values(**values)).rowcount


def _some(connection: Connection, table: Table, *old: Any) -> list[int]:
    query = select(table.c.id).where(*old).limit(BATCH).with_for_update(skip_locked=True)
    return list(connection.execute(query).scalars())


Step: TypeAlias = Callable[[Connection, datetime, timedelta], int]
STEPS: Mapping[str, Step] = {
    "drafts": _drafts,
    "events": _events,
    "words": _words,
    "unsent": _unsent,
    "absences": _absences,
    "holidays": _holidays,
    "messages": _messages,
    "asked": _asked,
}
