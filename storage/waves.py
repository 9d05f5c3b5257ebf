"""Waves: the members of one zone for whom an occurrence of a cadence opens, reminds and closes together.

A wave is written down before it is due, so that looking for what is due is one look at an index. Whoever inserts the
row of an occurrence closes that occurrence: it closes once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
)
from sqlalchemy.engine import Connection

from storage.audiences import belongs, returns, zone_after, zone_now
from storage.base import Id, Instant, Repository, metadata, mine, only, row_id, tenant
from storage.cadences import Cadence, cadences
from storage.coming import Before, Span, after, spans
from storage.members import members
from storage.prepared import prepared
from storage.prompts import Prompts
from storage.workspaces import WorkspaceKey, workspaces

# Of what is further apart, nothing closes at one moment.
NEAR = timedelta(days=62)
A_FEW = 10  # of the latest occurrences

# coming: not due yet; opening: some of its prompts are planned; open: all are; closed: nothing is left to do.
WaveState: TypeAlias = Literal["coming", "opening", "open", "closed"]


@dataclass(frozen=True)
class Wave:
    """One zone's part of an occurrence.

    `look_at` is when there is something to do next, `planned_to` how far that is done: the id of the last member that
    was planned, or of the last prompt that was reminded. `nudged` is how many reminders have gone out.
    """

    id: int
    cadence_id: int
    day: date
    zone: str
    version: int
    due_at: datetime
    closes_on: date
    closes_at: datetime
    look_at: datetime | None
    state: WaveState
    planned_to: int = 0
    nudged: int = 0


waves = Table(
    "waves",
    metadata,
    row_id(),
    tenant(),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("zone", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("look_at", Instant),
    Column("state", Text, nullable=False, default="coming"),
    Column("planned_to", Id, nullable=False, default=0),
    # How many reminders have gone out.
    Column("nudged", Integer, nullable=False, default=0),
    UniqueConstraint("workspace_id", "cadence_id", "day", "zone"),
    # Across all workspaces: one look tells a tick whether anything is due.
    Index(
        "ix_waves_due",
        "look_at",
        **only("look_at IS NOT NULL"),
    ),
)

occurrences = Table(
    "occurrences",
    metadata,
    row_id(),
    tenant(),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("closed_at", Instant, nullable=False, index=True),
    UniqueConstraint("workspace_id", "cadence_id", "day"),
)

OF_CADENCE = waves.c.cadence_id == bindparam("cadence")
COMING = mine(waves).where(OF_CADENCE, waves.c.state == "coming").order_by(waves.c.due_at, waves.c.id)
UNDER_WAY = (
    mine(waves).where((waves.c.state == "opening") | (waves.c.state == "open")).order_by(waves.c.closes_at, waves.c.id)
)
DUE = mine(waves).where(waves.c.look_at <= bindparam("now")).order_by(waves.c.look_at, waves.c.id).limit(1)
NOT_CLOSED = mine(waves, func.count()).where(OF_CADENCE, waves.c.day == bindparam("day"), waves.c.state != "closed")
NOT_OVER = mine(waves).where(OF_CADENCE, waves.c.state != "closed").order_by(waves.c.day, waves.c.id)
HAD = (
    mine(waves, waves.c.zone, func.max(waves.c.day).label("last"))
    .where(OF_CADENCE, waves.c.state != "coming")
    .group_by(waves.c.zone)
)
CLOSED = (
    mine(occurrences, occurrences.c.day)
    .where(occurrences.c.cadence_id == bindparam("cadence"))
    .order_by(occurrences.c.day.desc())
    .limit(A_FEW)
)
# What closed when its last zone did.
CLOSED_WITH = (
    mine(waves, waves.c.cadence_id, waves.c.day)
    .join(
        occurrences,
        (occurrences.c.workspace_id == waves.c.workspace_id)
        & (occurrences.c.cadence_id == waves.c.cadence_id)
        & (occurrences.c.day == waves.c.day),
    )
    .where(waves.c.cadence_id.in_(bindparam("cadences", expanding=True)))
    .where(waves.c.day > bindparam("after"), waves.c.day < bindparam("before"))
    .group_by(waves.c.cadence_id, waves.c.day)
    .having(func.max(waves.c.closes_at) == bindparam("at", type_=Instant))
    .order_by(func.max(occurrences.c.id))
)
LAST_CLOSE = mine(waves, func.max(waves.c.closes_at).label("at")).where(OF_CADENCE, waves.c.day == bindparam("day"))
STANDS = mine(cadences, cadences.c.id).where(cadences.c.id == bindparam("cadence"), cadences.c.ended_at.is_(None))
# The tenant itself; others may still write what refers to it.
LOCK = select(workspaces.c.id).where(workspaces.c.id == bindparam("tenant")).with_for_update(key_share=True)
# Of every tenant on purpose: this is how a tick learns where to look.
WITH_WORK = (
    select(workspaces.c.platform, workspaces.c.external_id)
    .join(waves, waves.c.workspace_id == workspaces.c.id)
    .where(waves.c.look_at <= bindparam("now"))
    .distinct()
)


class Waves(Repository):
    """What comes due together. `zone` is that of members whose own nobody knows."""

    def __init__(self, *bound: Any, zone: str = "UTC") -> None:
        super().__init__(*bound)
        self._bound = bound
        self._zone = zone

    def arrange(self, cadence: Cadence) -> None:
        """Write down, for every zone of a cadence's audience, the wave that opens next.

        To be called whenever a cadence was added, changed, paused or ended. Waves that are open stay as they are, but
        close when the next one opens. So does one that has come due, though nobody has looked at it yet.
        """
        self.lock()
        stands, written_down = self._stands(cadence), self.coming(cadence.id)
        coming = {wave.zone: wave for wave in written_down}
        wanted = self._next_of(cadence) if stands else {}
        keep = {(zone, span.day) for zone, span in wanted.items()}
        keep |= {(wave.zone, wave.day) for wave in written_down if stands and wave.due_at <= self._now}
        gone = [wave for wave in written_down if (wave.zone, wave.day) not in keep]
        for wave in gone:
            self._remove(waves, waves.c.id == wave.id)
        for zone, span in wanted.items():
            kept = coming.get(zone)
            if kept is None or kept.day != span.day:
                self.add(cadence, zone, span)
            elif (kept.version, kept.due_at, kept.closes_at) != (cadence.version, span.due_at, span.closes_at):
                self._change_one(waves, kept.id, **_values(cadence, span))
        for wave in self._not_over(cadence.id):
            # Whoever is where nothing opens any more is asked next wherever the cadence takes them.
            others = (span for zone in wanted for span in islice(after(cadence, zone, wave.day), 1))
            self._make_way(wave, [wanted[wave.zone]] if wave.zone in wanted else list(others))
        if gone:
            # What closed before may have waited for nothing but these.
            self._change(
                waves,
                waves.c.cadence_id == cadence.id,
                waves.c.day.in_({wave.day for wave in gone}),
                waves.c.state == "closed",
                look_at=self._now,
            )

    def lock(self) -> None:
        """Plan alone in this workspace, so that two cadences cannot both use up the rest of somebody's budget.

        What was read before is read again: whoever was waited for may have changed it.
        """
        self._anew(LOCK)
        self._known.read_again()

    def to_come(
        self, cadence: Cadence, until: datetime | None = None, member_id: int | None = None
    ) -> dict[str, Iterator[Span]]:
        """What a cadence, saved or not, would open from now on: by zone, in order, perhaps without end.

        Also in the zones to which somebody comes home from a journey that ends before `until`. Of one member's zones
        alone, where one is named.
        """
        before, closed = self._before(cadence.id), self._closed(cadence.id)
        under_way = [wave for wave in self._not_over(cadence.id) if wave.day not in closed]
        found = {}
        for zone in self._zones(cadence, until, member_id):
            elsewhere: dict[date, datetime] = {}
            for wave in under_way:
                if wave.zone != zone:
                    elsewhere[wave.day] = max(wave.due_at, elsewhere.get(wave.day, wave.due_at))
            had = replace(before.get(zone, Before()), elsewhere=elsewhere)
            found[zone] = spans(cadence, zone, self._now, had)
        return found

    def open_still(self, cadence: Cadence) -> list[Wave]:
        """The waves of a cadence that are open and take whoever comes to their zone, now or once it is changed so."""
        found = [wave for wave in self._not_over(cadence.id) if wave.state != "coming" and wave.closes_at > self._now]
        return [wave for wave in found if not cadence.paused and wave.zone == (cadence.timing.zone or wave.zone)]

    def coming(self, cadence_id: int) -> list[Wave]:
        """The waves of a cadence that are not due yet, or that nobody has looked at since."""
        return [_wave(row) for row in self._anew(COMING, cadence=cadence_id)]

    def under_way(self) -> list[Wave]:
        """The waves that have opened and not closed, the first to close first."""
        return [_wave(row) for row in self._anew(UNDER_WAY)]

    def take(self) -> Wave | None:
        """The first wave with something to do now; until the transaction ends nobody else plans in this workspace."""
        self.lock()
        return next((_wave(row) for row in self._anew(DUE, now=self._now)), None)

    def add(self, cadence: Cadence, zone: str, span: Span) -> None:
        """Write down a wave to come; one that is there already stays as it is."""
        self._add_if_new(waves, cadence_id=cadence.id, day=span.day, zone=zone, **_values(cadence, span))

    def follow(self, cadence: Cadence, wave: Wave) -> None:
        """Write down the wave that opens after one, whether its time has passed or not, unless one is there."""
        if self._stands(cadence) and all(one.zone != wave.zone for one in self.coming(cadence.id)):
            for span in islice(after(cadence, wave.zone, wave.day), 1):
                self.add(cadence, wave.zone, span)
                self._make_way(wave, [span])

    def go_on(self, wave: Wave, to: int, state: WaveState) -> None:
        """Part of what is to be done for a wave is done, as far as `to`; the rest is due at once."""
        self._change_one(waves, wave.id, planned_to=to, state=state)

    def look_again(self, wave: Wave, at: datetime | None, state: WaveState, nudged: int) -> None:
        """All is done for now, and at that instant there is more to do."""
        self._change_one(waves, wave.id, planned_to=0, state=state, look_at=at, nudged=nudged)

    def put_off(self, wave_id: int, until: datetime) -> None:
        """Look at a wave later, because something went wrong with it."""
        self._change_one(waves, wave_id, look_at=until)

    def closes_on(self, cadence_id: int, day: date) -> tuple[date | None, date | None]:
        """The nominal date on which the occurrence of a date closes, as it was laid out; and the last on which an
        earlier one did."""
        laid_out = mine(waves, func.max(waves.c.closes_on).label("at")).where(waves.c.cadence_id == cadence_id)
        closes = self._rows(laid_out.where(waves.c.day == day))[0].at
        before = laid_out.where(waves.c.day < day, waves.c.closes_on < closes) if closes else None
        return closes, self._rows(before)[0].at if before is not None else None

    def is_over(self, cadence_id: int, day: date) -> bool:
        """Whether all waves of an occurrence are closed."""
        return not self._anew(NOT_CLOSED, cadence=cadence_id, day=day)[0][0]

    def closed_with(self, cadence_id: int, day: date, cadence_ids: Iterable[int]) -> list[tuple[int, date]]:
        """The occurrences of these cadences that closed at the same moment as this one, which is among them: a
        cadence's id and a date each, in the order in which they were closed."""
        (row,) = self._anew(LAST_CLOSE, cadence=cadence_id, day=day)
        if row.at is None:
            return []
        near = {"after": day - NEAR, "before": day + NEAR}
        found = self._anew(CLOSED_WITH, cadences=sorted(cadence_ids), at=row.at, **near)
        return [(one.cadence_id, one.day) for one in found]

    def close(self, cadence_id: int, day: date) -> bool:
        """Close an occurrence once all its waves are closed; True for whoever does, once."""
        if not self.is_over(cadence_id, day):
            return False
        return self._add_if_new(occurrences, cadence_id=cadence_id, day=day, closed_at=self._now)

    def _make_way(self, wave: Wave, for_spans: Collection[Span]) -> None:
        """Bring a wave to its close when these open, if that is sooner: an edit may let them open sooner."""
        if all(span.day > wave.day for span in for_spans):
            at = max((self._now.replace(microsecond=0), *(span.due_at for span in for_spans)))
            if for_spans and at < wave.closes_at:
                look_at = min(self._now, wave.look_at or self._now)
                self._change_one(waves, wave.id, closes_at=at, look_at=look_at)
                Prompts(*self._bound).close_sooner(wave.cadence_id, wave.day, wave.zone, at)

    def _not_over(self, cadence_id: int) -> list[Wave]:
        return [_wave(row) for row in self._anew(NOT_OVER, cadence=cadence_id)]

    def _next_of(self, cadence: Cadence) -> dict[str, Span]:
        first = ((zone, next(found, None)) for zone, found in self.to_come(cadence).items())
        return {zone: span for zone, span in first if span}

    def _stands(self, cadence: Cadence) -> bool:
        return not cadence.paused and bool(self._anew(STANDS, cadence=cadence.id))

    def _zones(self, cadence: Cadence, until: datetime | None, member_id: int | None) -> set[str]:
        if cadence.timing.zone:
            return {cadence.timing.zone}
        here = belongs(cadence.audience) if member_id is None else members.c.id == member_id
        zones = [mine(members, zone_now(self._now, self._zone).label("zone")).where(here)]
        if until:
            home = mine(members, zone_after(self._zone).label("zone"))
            zones.append(home.where(here, returns(self._now, until)))
        return {row.zone for query in zones for row in self._rows(query.distinct())}

    def _before(self, cadence_id: int) -> dict[str, Before]:
        found = {row.zone: Before(row.last) for row in self._anew(HAD, cadence=cadence_id)}
        for wave in self.coming(cadence_id):
            found[wave.zone] = replace(found.get(wave.zone, Before()), promised=wave.day, promised_at=wave.due_at)
        return found

    def _closed(self, cadence_id: int) -> frozenset[date]:
        return frozenset(row.day for row in self._anew(CLOSED, cadence=cadence_id))


def _values(cadence: Cadence, span: Span) -> dict[str, Any]:
    return {
        "version": cadence.version,
        "due_at": span.due_at,
        "closes_on": span.closes_on,
        "closes_at": span.closes_at,
        "look_at": span.due_at,
    }


def _wave(row: Any) -> Wave:
    return Wave(
        row.id,
        row.cadence_id,
        row.day,
        row.zone,
        row.version,
        row.due_at,
        row.closes_on,
        row.closes_at,
        row.look_at,
        row.state,
        row.planned_to,
        row.nudged,
    )


def workspaces_due(connection: Connection, now: datetime) -> list[WorkspaceKey]:
    """The workspaces with a wave for which there is something to do."""
    rows = prepared(WITH_WORK, connection.dialect).ask(connection, {"now": now})
    return [WorkspaceKey(row.platform, row.external_id) for row in rows]


def next_look(connection: Connection) -> datetime | None:
    """When there is something to do for a wave next, in any workspace."""
    # Of every tenant on purpose: an instant says nothing of anybody.
    found: datetime | None = connection.execute(select(func.min(waves.c.look_at))).scalar()
    return found
