"""Retention: what is forgotten when it has served its purpose, in all workspaces at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.engine import Connection

from storage.absences import absences, holidays
from storage.deliveries import deliveries
from storage.drafts import drafts
from storage.events import events

DRAFTS_STAY = timedelta(days=30)
EVENTS_STAY = timedelta(days=7)
WORDS_STAY = timedelta(days=30)
UNSENT_STAYS = timedelta(days=7)
DAYS_OFF_STAY = timedelta(days=396)  # thirteen months


@dataclass(frozen=True)
class Forgotten:
    """How many of each were forgotten, or given up."""

    drafts: int = 0
    events: int = 0
    words: int = 0
    unsent: int = 0
    absences: int = 0
    holidays: int = 0


def forget_old(connection: Connection, now: datetime) -> Forgotten:
    """Forget drafts, events, days off and the words of settled deliveries; give up what could not be sent in time.

    A delivery's key and reference stay, so that it is not queued again and can still be edited.
    """
    return Forgotten(
        connection.execute(delete(drafts).where(drafts.c.saved_at < now - DRAFTS_STAY)).rowcount,
        connection.execute(delete(events).where(events.c.at < now - EVENTS_STAY)).rowcount,
        connection.execute(
            update(deliveries)
            .where(deliveries.c.settled_at < now - WORDS_STAY, deliveries.c.sealed != "", deliveries.c.to != "home")
            .values(sealed="")
        ).rowcount,
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.status == "queued",
                deliveries.c.created_at < now - UNSENT_STAYS,
                deliveries.c.not_before < now - UNSENT_STAYS,
            )
            .values(status="cancelled", last_error="It could not be sent for a week.", settled_at=now)
        ).rowcount,
        connection.execute(delete(absences).where(absences.c.last < (now - DAYS_OFF_STAY).date())).rowcount,
        connection.execute(delete(holidays).where(holidays.c.day < (now - DAYS_OFF_STAY).date())).rowcount,
    )
