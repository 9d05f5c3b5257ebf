"""Planning: who is asked what and when, written down for a batch of members at a time; and the preview of it.

The tick inserts what `storage.asking` finds, and the preview of a cadence counts it: it is the same question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import Select, Table, Text, and_, case, cast, func, literal, select

from storage.asking import Asking, Person, hours_of, keeps, of_member
from storage.audiences import belongs, zone_now
from storage.base import Instant, Repository, mine
from storage.cadences import Cadence
from storage.civil import instant
from storage.civil import zone as civil_zone
from storage.coming import Span
from storage.deliveries import Kind, deliveries
from storage.hours import Kept, moved
from storage.members import members
from storage.prompts import PromptState, prompts
from storage.recurrence import DAY, WEEK
from storage.upserts import inserting
from storage.wakeups import announce
from storage.waves import Wave, Waves
from storage.workspaces import Settings

BATCH = 2_000
NAMED = 10  # members of each group of a preview


@dataclass(frozen=True)
class Foreseen:
    """What an occurrence will mean for some members of one zone; of these, `members` are the first few ids.

    `due_at` is when the first of them is written to; nobody is who is left out or put off past the close.
    """

    day: date
    zone: str
    due_at: datetime
    closes_at: datetime
    state: PromptState
    why: str
    count: int
    members: tuple[int, ...]


class Planning(Repository):
    """Who is asked what and when."""

    def __init__(self, *bound: Any, settings: Settings) -> None:
        super().__init__(*bound)
        self._settings = settings

    def plan(self, cadence: Cadence, wave: Wave, after: int, *, late: bool = False, most: int = BATCH) -> int:
        """Invite the next members of a wave, those with ids above `after`; the last one's id, or 0 where none is left.

        Each gets a prompt, and those who are asked a delivery too. `late`: once the wave has opened, only those that
        have no prompt yet, and were here when it did or can still be asked.
        """
        people = self._people(cadence, wave.zone, after, most, without=wave if late else None)
        if people:
            span = Span(wave.day, wave.due_at, wave.closes_on, wave.closes_at)
            asking = Asking(cadence, span, wave.zone, self._settings, self._now, late=late)
            self._invite(asking, people)
            self._send(wave, people)
        return people[-1].id if len(people) == most else 0

    def nudge(self, wave: Wave, after: int, *, most: int = BATCH) -> int:
        """Remind the next members who kept silent, those of prompts above `after`; the last prompt's id, or 0.

        Whoever wants to be asked later is left in peace until then, and nobody is reminded after the close.
        """
        silent = self._silent(wave, after, most)
        if silent:
            at = self._now.replace(microsecond=0)
            moments = {kept: found[0].at for _, kept in silent if (found := moved(kept, at, 0))}
            ids = [prompt_id for prompt_id, kept in silent if moments.get(kept, at) < wave.closes_at]
            moves = [(keeps(kept, self._settings, self._now), literal(to, Instant)) for kept, to in moments.items()]
            not_before: Any = case(*moves, else_=literal(at, Instant)) if moves else literal(at, Instant)
            self._deliver("nudge", f" {wave.nudged + 1}", not_before, prompts.c.id.in_(ids))
        return silent[-1][0] if len(silent) == most else 0

    def preview(self, cadence: Cadence, first: date, last: date) -> list[Foreseen]:
        """What a cadence, saved or not, will mean for whom on the dates from `first` to `last`, by date and moment."""
        by_zone: dict[str, list[Person]] = {}
        for person in self._people(cadence, "", 0, None):
            by_zone.setdefault(cadence.timing.zone or person.kept.zone, []).append(person)
        bound = (self._connection, self._workspace_id, self._vault, self._now, self._known)
        waves = Waves(*bound, zone=self._settings.zone)
        found = [
            one
            for zone, spans in waves.to_come(cadence).items()
            for one in self._foreseen(cadence, zone, takewhile(lambda span: span.day <= last, spans), by_zone[zone])
            if one.day >= first
        ]
        return sorted(found, key=lambda one: (one.day, one.due_at, one.zone, one.state, one.why))

    def _foreseen(
        self, cadence: Cadence, zone: str, spans: Iterable[Span], people: Sequence[Person]
    ) -> Iterator[Foreseen]:
        earlier: tuple[Span, ...] = ()
        for span in spans:
            monday = span.day - span.day.weekday() * DAY
            earlier = tuple(one for one in earlier if one.day >= monday)
            asking = Asking(cadence, span, zone, self._settings, self._now, earlier)
            groups: dict[tuple[Any, ...], Foreseen] = {}
            for start in range(0, len(people), BATCH):
                for one in self._counted(asking, people[start : start + BATCH]):
                    had = groups.setdefault((one.state, one.why, one.due_at), replace(one, count=0, members=()))
                    together = (*had.members, *one.members)[:NAMED]
                    groups[one.state, one.why, one.due_at] = replace(had, count=had.count + one.count, members=together)
            yield from groups.values()
            earlier = (*earlier, span)

    def _counted(self, asking: Asking, people: Sequence[Person]) -> list[Foreseen]:
        found = asking.question(people).subquery("found")
        alike = (found.c.state, found.c.why, found.c.turn)
        # Of the one tenant whose members the question finds.
        numbered = select(
            *alike,
            found.c.id,
            func.min(found.c.due_at).over(partition_by=alike).label("due_at"),
            func.count().over(partition_by=alike).label("count"),
            func.row_number().over(partition_by=alike, order_by=found.c.id).label("number"),
        ).subquery("numbered")
        # Of that tenant, too.
        few = select(numbered).where(numbered.c.number <= NAMED)
        rows = self._rows(few.order_by(numbered.c.turn, numbered.c.state, numbered.c.why, numbered.c.id))
        return [
            self._group(asking, list(same)) for _, same in groupby(rows, lambda row: (row.state, row.why, row.turn))
        ]

    def _group(self, asking: Asking, rows: list[Any]) -> Foreseen:
        span, first = asking.span, rows[0]
        ids = tuple(row.id for row in rows)
        return Foreseen(span.day, asking.zone, first.due_at, span.closes_at, first.state, first.why, first.count, ids)

    def _people(
        self, cadence: Cadence, zone: str, after: int, most: int | None, without: Wave | None = None
    ) -> list[Person]:
        """The members of a cadence's audience, those in one zone if it has one of each zone, by id."""
        zone_ = zone_now(self._now, self._settings.zone)
        query = mine(members, members.c.id, *hours_of(self._settings, self._now))
        query = query.where(members.c.id > after, belongs(cadence.audience)).order_by(members.c.id).limit(most)
        if zone and not cadence.timing.zone:
            query = query.where(zone_ == zone)
        if without:
            had = of_member(prompts, prompts.c.cadence_id == cadence.id, prompts.c.day == without.day)
            query = query.where(had.scalar_subquery() == 0)
        return [Person(row.id, Kept(row.works, row.quiet, row.zone, row.days)) for row in self._rows(query)]

    def _invite(self, asking: Asking, people: Sequence[Person]) -> None:
        """Insert a prompt for each, whether they are asked or left out."""
        found = asking.question(people).subquery("found")
        span = asking.span
        values = {
            "workspace_id": literal(self._workspace_id),
            "cadence_id": literal(asking.cadence.id),
            "member_id": found.c.id,
            "day": literal(span.day),
            "closes_on": literal(span.closes_on),
            "zone": literal(asking.zone),
            "due_at": found.c.due_at,
            "closes_at": literal(span.closes_at, Instant),
            "state": found.c.state,
            "why": found.c.why,
            "version": literal(asking.cadence.version),
        }
        # Of the one tenant whose members were found, as the question says.
        self._insert(prompts, values, select(*values.values()).where(found.c.id > 0))

    def _send(self, wave: Wave, people: Sequence[Person]) -> None:
        """Queue the messages of those who are asked: now, or in the week after, if that is before the close."""
        monday = wave.day - wave.day.weekday() * DAY + WEEK
        week_after = instant(monday, time(), civil_zone(wave.zone))
        put_off = and_(prompts.c.state == "put_off", prompts.c.due_at >= week_after, prompts.c.due_at < wave.closes_at)
        self._deliver(
            "prompt",
            "",
            prompts.c.due_at,
            prompts.c.cadence_id == wave.cadence_id,
            prompts.c.day == wave.day,
            prompts.c.zone == wave.zone,
            prompts.c.member_id.in_([person.id for person in people]),
            (prompts.c.state == "waiting") | put_off,
        )

    def _deliver(self, kind: Kind, mark: str, not_before: Any, *where: Any) -> None:
        """Queue a delivery for each of these prompts, drawn when it is sent."""
        values = {
            "workspace_id": literal(self._workspace_id),
            "to": literal("member"),
            "to_key": members.c.key,
            "sealed": literal(""),
            "key": literal(f"{kind} ") + cast(prompts.c.id, Text) + literal(mark),
            "replaces": literal(""),
            "thread_of": literal(""),
            "prompt_id": prompts.c.id,
            "kind": literal(kind),
            "status": literal("queued"),
            "not_before": not_before,
            "attempts": literal(0),
            "owner": literal(""),
            "reference": literal(""),
            "last_error": literal(""),
            "created_at": literal(self._now, Instant),
        }
        theirs = (members.c.id == prompts.c.member_id) & (members.c.workspace_id == prompts.c.workspace_id)
        found = mine(prompts, *values.values()).join(members, theirs).where(*where).order_by(not_before, prompts.c.id)
        self._insert(deliveries, values, found)
        announce(self._connection, self._workspace_id)

    def _insert(self, table: Table, values: Mapping[str, Any], found: Select[Any]) -> None:
        """Insert what a question finds; what is there already stays as it is."""
        self._about_to_change(table)
        insert = inserting(table, self._connection.dialect.name)
        asked = found.params(tenant=self._workspace_id)
        self._connection.execute(insert.from_select(list(values), asked).on_conflict_do_nothing())

    def _silent(self, wave: Wave, after: int, most: int) -> list[tuple[int, Kept]]:
        """The next prompts of a wave that were sent and not answered, with the hours of whom they are for."""
        query = mine(prompts, prompts.c.id, *hours_of(self._settings, self._now))
        theirs = (members.c.id == prompts.c.member_id) & (members.c.workspace_id == prompts.c.workspace_id)
        asleep = prompts.c.snoozed_until.is_not(None) & (prompts.c.snoozed_until > self._now)
        silent = query.join(members, theirs).where(
            prompts.c.cadence_id == wave.cadence_id,
            prompts.c.day == wave.day,
            prompts.c.zone == wave.zone,
            prompts.c.state.in_(("waiting", "sent")),
            prompts.c.due_at < self._now,
            prompts.c.id > after,
            members.c.active.is_(True),
            ~asleep,
        )
        rows = self._rows(silent.order_by(prompts.c.id).limit(most))
        return [(row.id, Kept(row.works, row.quiet, row.zone, row.days)) for row in rows]
