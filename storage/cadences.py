"""Cadences: standing arrangements of what is asked, of whom, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, Table, Text, bindparam

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant
from storage.civil import minutes
from storage.known import ARRANGEMENT
from storage.members import Member
from storage.recurrence import Recurrence, Timing


@dataclass(frozen=True)
class Audience:
    """Whom a cadence is for: everybody (guests and bots are not), teams and single members, without the exceptions.

    All are ids.
    """

    everybody: bool = False
    teams: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    without: tuple[int, ...] = ()


def covers(audience: Audience, member: Member) -> bool:
    """Whether a member is in an audience, as far as that is arranged: absences are another matter."""
    if member.id in audience.without or not member.active or member.kind == "bot":
        return False
    if audience.everybody and member.kind == "person":
        return True
    return member.id in audience.members or member.team_id in audience.teams


@dataclass(frozen=True)
class Cadence:
    """A standing arrangement. `feature` is the name of the feature that asks.

    `holidays` says on whose public holidays nobody is asked: "" for none, "own" for each member's own place, or a place
    such as "DE" or "DE-BY". What should have gone out more than `most_late` minutes ago is not sent any more, but
    recorded as missed. `version` counts its changes.
    """

    id: int
    name: str
    recurrence: Recurrence
    feature: str = "checkins"
    audience: Audience = field(default_factory=Audience)
    timing: Timing = field(default_factory=Timing)
    holidays: str = "own"
    most_late: int = 240
    paused: bool = False
    version: int = 1
    made_by: int | None = None


cadences = Table(
    "cadences",
    metadata,
    row_id(),
    tenant(),
    Column("name", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("paused", Boolean, nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),
    Column("made_by", Id, ForeignKey("members.id", ondelete="SET NULL")),
    Column("made_at", Instant, nullable=False),
    # Ended by somebody: it asks no more, but what it asked keeps its name.
    Column("ended_at", Instant),
    info=ARRANGEMENT,
)

BY_ID = mine(cadences).where(cadences.c.id == bindparam("id"))
STANDING = mine(cadences).where(cadences.c.ended_at.is_(None)).order_by(cadences.c.name, cadences.c.id)
STANDING_OF = STANDING.where(cadences.c.feature == bindparam("feature"))
IDS_OF = mine(cadences, cadences.c.id).where(cadences.c.feature == bindparam("feature"))


class Cadences(Repository):
    """What is asked again and again."""

    def by_id(self, cadence_id: int) -> Cadence | None:
        """The cadence with this id, an ended one too."""
        row = self._row(BY_ID, id=cadence_id)
        return _cadence(row) if row else None

    def all(self) -> list[Cadence]:
        """The cadences that were not ended, by name; paused ones are among them."""
        return [_cadence(row) for row in self._anew(STANDING)]

    def of_feature(self, feature: str) -> list[Cadence]:
        """The cadences on which this feature asks, as far as they were not ended, by name; paused ones too."""
        return [_cadence(row) for row in self._rows(STANDING_OF, feature=feature)]

    def ids_of_feature(self, feature: str) -> set[int]:
        """The cadences on which this feature asks or has asked; what ended ones asked may still be open."""
        return {row.id for row in self._rows(IDS_OF, feature=feature)}

    def add(self, cadence: Cadence) -> Cadence:
        """A new cadence; its id and version are given here."""
        cadence_id = self._add(
            cadences,
            name=cadence.name,
            feature=cadence.feature,
            details=_details(cadence),
            paused=cadence.paused,
            version=1,
            made_by=cadence.made_by,
            made_at=self._now,
        )
        added = self.by_id(cadence_id)
        assert added is not None
        return added

    def change(self, cadence: Cadence) -> Cadence:
        """Keep a cadence as it is worded now, as its next version. Raises KeyError where it is not here."""
        values = {"name": cadence.name, "details": _details(cadence), "paused": cadence.paused}
        if not self._change(cadences, cadences.c.id == cadence.id, version=cadences.c.version + 1, **values):
            raise KeyError(cadence.id)
        changed = self.by_id(cadence.id)
        assert changed is not None
        return changed

    def end(self, cadence_id: int) -> None:
        """Ask no more, and remind nobody of what is open."""
        ended = {"ended_at": self._now, "paused": True}
        self._change(cadences, cadences.c.id == cadence_id, cadences.c.ended_at.is_(None), **ended)


def _details(cadence: Cadence) -> str:
    return json.dumps(
        {
            "recurrence": asdict(cadence.recurrence),
            "audience": asdict(cadence.audience),
            "timing": asdict(cadence.timing),
            "holidays": cadence.holidays,
            "most_late": cadence.most_late,
        },
        default=_plain,
    )


def _plain(value: date | time) -> str:
    return value.strftime("%H:%M") if isinstance(value, time) else value.isoformat()


@lru_cache(maxsize=1024)
def _cadence(row: Any) -> Cadence:
    details = json.loads(row.details)
    return Cadence(
        row.id,
        row.name,
        _recurrence(details["recurrence"]),
        row.feature,
        _audience(details["audience"]),
        _timing(details["timing"]),
        details["holidays"],
        details["most_late"],
        row.paused,
        row.version,
        row.made_by,
    )


def _audience(kept: Mapping[str, Any]) -> Audience:
    return Audience(kept["everybody"], tuple(kept["teams"]), tuple(kept["members"]), tuple(kept["without"]))


def _recurrence(kept: Mapping[str, Any]) -> Recurrence:
    return Recurrence(
        date.fromisoformat(kept["starts_on"]),
        tuple(kept["weekdays"]),
        kept["every"],
        kept["nth"],
        date.fromisoformat(kept["ends_on"]) if kept["ends_on"] else None,
    )


def _timing(kept: Mapping[str, Any]) -> Timing:
    return Timing(
        minutes(kept["at"]) or time(10),
        kept["zone"],
        kept["minutes"],
        kept["closes_after"],
        minutes(kept["closes_at"]) or time(18),
        kept["nudges"],
    )
