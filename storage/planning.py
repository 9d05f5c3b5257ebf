"""Planning: who is asked what and when, written down for a batch of members at a time; and the preview of it.

The tick inserts what `storage.asking` finds, and the preview of a cadence counts it: it is the same question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, union

from storage.absences import absences, holidays
from storage.asking import NEVER, Asking, Wording, about_hours, hours_kept, journeys, of_member, question, question_of
from storage.audiences import belongs, may_be_in
from storage.base import Repository, mine
from storage.cadences import Audience, Cadence
from storage.civil import instant, zone
from storage.coming import Span
from storage.deliveries import Kind, deliveries
from storage.given import numbers_of, written
from storage.hours import Kept, moved
from storage.inviting import inviting, queueing
from storage.members import members
from storage.prepared import Prepared
from storage.prompts import Prompts, PromptState, prompts
from storage.recurrence import DAY, evenly
from storage.wakeups import announce
from storage.waves import Wave, Waves, waves
from storage.workspaces import Settings

BATCH = 1_000
NAMED = 10  # members of each group of a preview
YEAR = timedelta(days=366)

HOURS = hours_kept()
THEIR_ZONE = HOURS[2].element
ABSENT = mine(absences, absences.c.id).where(
    absences.c.first <= bindparam("last"), absences.c.last.is_(None) | (absences.c.last >= bindparam("first"))
)
FREE = mine(holidays, holidays.c.id).where(holidays.c.day.between(bindparam("first"), bindparam("last")))
# Of a cadence, whatever has opened on these dates, and what of earlier ones is open still.
OPENED = (
    mine(waves, waves.c.id)
    .where(waves.c.cadence_id == bindparam("cadence"), waves.c.state != "coming")
    .where(waves.c.day.between(bindparam("first"), bindparam("last")))
    .limit(1)
)
OPEN_STILL = (
    mine(waves, waves.c.id)
    .where(waves.c.cadence_id == bindparam("cadence"), waves.c.state.in_(("opening", "open")))
    .where(waves.c.day < bindparam("day"), waves.c.closes_at > bindparam("now"))
    .limit(1)
)
ANY_ABSENT, ANY_FREE = ABSENT.limit(1), FREE.limit(1)
# Those whose message is still to come are among them: they may keep silent, too.
SILENT = (
    mine(prompts, prompts.c.id, prompts.c.member_id, prompts.c.due_at, prompts.c.closes_at, prompts.c.why)
    .add_columns(prompts.c.snoozed_until, *HOURS)
    .join(members, (members.c.id == prompts.c.member_id) & (members.c.workspace_id == prompts.c.workspace_id))
    .where(
        prompts.c.cadence_id == bindparam("cadence"),
        prompts.c.day == bindparam("day"),
        prompts.c.zone == bindparam("zone"),
        prompts.c.state.in_(("waiting", "sent"))
        | ((prompts.c.state == "put_off") & (prompts.c.due_at > bindparam("now"))),
        prompts.c.id > bindparam("after"),
        members.c.active.is_(True),
    )
    .order_by(prompts.c.id)
    .limit(bindparam("most"))
)


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
        self._bound = bound
        self._settings = settings

    def plan(self, cadence: Cadence, wave: Wave, after: int, *, late: bool = False, most: int = BATCH) -> int:
        """Invite the next members of a wave, those with ids above `after`; the last one's id, or 0 where none is left.

        Each gets a prompt, and those who are asked a delivery too; what they were asked for earlier dates closes.
        `late`: once the wave has opened, only those that have no prompt yet, from now on; of those who were not here
        when it opened, whoever came in time.
        """
        ids, kept = self._next(cadence, wave, after, most, late=late)
        if ids:
            as_it_is = Span(wave.day, wave.due_at, wave.closes_on, wave.closes_at)
            span = self._from_now(cadence, wave) if late else as_it_is
            if self._row(OPEN_STILL, cadence=cadence.id, day=wave.day, now=self._now):
                Prompts(*self._bound).close_earlier(cadence.id, wave.day, numbers_of(ids))
            new = self._invite(Asking(cadence, ((wave.zone, span),), kept, self._settings, self._now), ids)
            asked = [one for one in new if _is_sent(one, wave.closes_at)]
            self._queue("prompt", ((one.id, one.member_id, one.due_at) for one in asked))
            self._remind_too(cadence, wave, asked)
        return ids[-1] if len(ids) == most else 0

    def record(self, cadence: Cadence, wave: Wave, after: int, *, most: int = 2 * BATCH) -> int:
        """Write down that it is over for whoever of the next members was never asked in an occurrence; the last one's
        id, or 0.

        So it is for somebody who went where it was over already. `wave` is the one that was last to close.
        """
        here = mine(members, members.c.id).where(members.c.id > after, belongs(cadence.audience))
        ids = [row.id for row in self._rows(here.order_by(members.c.id).limit(most))]
        without, kept = self._without(cadence, wave, ids)
        if without:
            span = Span(wave.day, wave.due_at, wave.closes_on, wave.closes_at)
            zones = {cadence.timing.zone} if cadence.timing.zone else {one.zone for one in kept}
            stands = not cadence.paused and wave.day in cadence.recurrence.between(wave.day, wave.day)
            spans = tuple((zone_name, span) for zone_name in sorted(zones))
            too_late = "late" if stands else "stopped"
            self._invite(Asking(cadence, spans, kept, self._settings, self._now, too_late), without)
        return ids[-1] if len(ids) == most else 0

    def nudge(self, cadence: Cadence, wave: Wave, after: int, *, most: int = BATCH) -> int:
        """Put the next reminder of a wave on its way to whoever keeps silent, of prompts above `after`; the last one's
        id, or 0.

        It is reckoned from each one's own moment, which never comes before that of the wave, and again when it is
        drawn. Whoever wants to be asked later is left in peace until then, and nobody is reminded after the close.
        """
        silent = self._silent(wave, after, most)
        self._queue("nudge", self._reminders(cadence, silent, wave), f" {wave.nudged + 1}")
        return silent[-1].id if len(silent) == most else 0

    def whom(self, audience: Audience) -> set[int]:
        """The ids of the members who are asked by a cadence for this audience."""
        return {row.id for row in self._rows(mine(members, members.c.id).where(belongs(audience)))}

    def preview(self, cadence: Cadence, first: date, last: date) -> list[Foreseen]:
        """What a cadence, saved or not, will mean for whom on the dates from `first` to `last`, by date and moment."""
        horizon = instant(last + 2 * DAY, time(), zone("UTC"))
        found = [
            one
            for asking in self._by_week(cadence, horizon, last)
            for one in self._foreseen(asking, horizon)
            if one.day >= first or one.state == "waiting"
        ]
        return sorted(found, key=lambda one: (one.day, one.due_at, one.zone, one.state, one.why))

    def next_of(self, cadence: Cadence, member_id: int) -> datetime | None:
        """When a cadence asks a member of its audience next, within a year; None where it does not, as things stand.

        What is open and was not sent yet comes first. For what is to come the question of planning is put.
        """
        unsent = (one for one in Prompts(*self._bound).open_of(member_id) if one.cadence_id == cadence.id)
        if due := [one.due_at for one in unsent if _is_sent(one, one.closes_at) and one.due_at > self._now]:
            return min(due)
        horizon = self._now + YEAR
        about = {"chosen": written([{"id": member_id}]), "horizon": horizon, "never": NEVER}
        for asking in self._by_week(cadence, horizon, horizon.date(), member_id):
            wording = self._wording(asking, foreseen=True)
            found = self._anew(question_of(wording), **about, **asking.about())
            if due := [one.due_at for one in found if _is_sent(one, one.closes_at)]:
                return min(due)
        return None

    def _by_week(
        self, cadence: Cadence, horizon: datetime, last: date, member_id: int | None = None
    ) -> Iterator[Asking]:
        """What a cadence asks, of everybody or of one member, from now on: week by week, to this date.

        A budget is of a week: what is foreseen in one counts for the rest of it.
        """
        all_waves = Waves(*self._bound, zone=self._settings.zone)
        whom = belongs(cadence.audience) if member_id is None else members.c.id == member_id
        there = mine(members, *HOURS, *journeys()).where(whom).distinct()
        hours = self._rows(there.params(**self._hours(), horizon=horizon, never=NEVER))
        kept = frozenset(replace(_kept(row), home=row.home, until=row.until if row.home else None) for row in hours)
        under_way = ((wave.zone, self._from_now(cadence, wave)) for wave in all_waves.open_still(cadence))
        to_come = (
            _until(last, zone_name, spans)
            for zone_name, spans in all_waves.to_come(cadence, horizon, member_id).items()
        )
        ahead = merge(sorted(under_way, key=_day_and_zone), *to_come, key=_day_and_zone)
        for _, spans in groupby(ahead, key=lambda one: _monday(one[1].day)):
            yield Asking(cadence, tuple(spans), kept, self._settings, self._now)

    def _from_now(self, cadence: Cadence, wave: Wave) -> Span:
        """An open wave for whoever comes to it now; of those hired since it opened, for who is in time."""
        here_by = None if self._in_time(cadence, wave) else wave.due_at
        span = Span(wave.day, wave.due_at, wave.closes_on, wave.closes_at, here_by)
        return span.joined(self._now.replace(microsecond=0), cadence.timing.minutes)

    def _foreseen(self, asking: Asking, horizon: datetime) -> Iterator[Foreseen]:
        groups: dict[tuple[Any, ...], Foreseen] = {}
        for key, rows in groupby(
            self._counted(asking, horizon), lambda row: (row.occurrence, row.state, row.why, row.moved_to)
        ):
            one = _group(list(rows))
            had = groups.get(same := (*key[:3], one.due_at))
            if had:
                together = tuple(sorted((*had.members, *one.members)))[:NAMED]
                one = replace(had, count=had.count + one.count, members=together)
            groups[same] = one
        yield from groups.values()

    def _counted(self, asking: Asking, horizon: datetime) -> list[Any]:
        """Of each who fare alike, the first few, with how many there are."""
        found = question(self._wording(asking, foreseen=True), belongs(asking.cadence.audience)).subquery("found")
        alike = (found.c.occurrence, found.c.state, found.c.why, found.c.moved_to)
        # Of the one tenant whose members the question finds.
        numbered = select(
            *alike,
            found.c.day,
            found.c.of_zone,
            found.c.closes_at,
            found.c.id,
            func.min(found.c.due_at).over(partition_by=alike).label("due_at"),
            func.count().over(partition_by=alike).label("count"),
            func.row_number().over(partition_by=alike, order_by=found.c.id).label("number"),
        ).subquery("numbered")
        # Of that tenant, too.
        few = select(numbered).where(numbered.c.number <= NAMED)
        order = (numbered.c.occurrence, numbered.c.state, numbered.c.why, numbered.c.moved_to, numbered.c.id)
        return self._rows(few.order_by(*order).params(**asking.about(), horizon=horizon, never=NEVER))

    def _invite(self, asking: Asking, ids: Sequence[int]) -> list[Any]:
        invite = inviting(self._wording(asking), self._connection.dialect)
        chosen = written({"id": one} for one in ids)
        return self._tell(prompts, invite, chosen=chosen, version=asking.cadence.version, **asking.about())

    def _wording(self, asking: Asking, *, foreseen: bool = False) -> Wording:
        cadence, days = asking.cadence, [span.day for _, span in asking.spans]
        about = {"first": min(days), "last": max(days)}
        free = cadence.holidays and self._row(ANY_FREE, **about)
        return Wording(
            feature=cadence.feature,
            window=cadence.timing.minutes > 0,
            saved=foreseen and self._row(OPENED, cadence=cadence.id, **about) is not None,
            absences=self._row(ANY_ABSENT, **about) is not None,
            holidays=("own" if cadence.holidays == "own" else "one") if free else "",
            foreseen=foreseen and len(set(days)) > 1,
            journeys=any(one.until for one in asking.kept),
        )

    def _next(
        self, cadence: Cadence, wave: Wave, after: int, most: int, *, late: bool
    ) -> tuple[list[int], frozenset[Kept]]:
        """The next members of a wave, by id, and the hours they keep."""
        query = mine(members, members.c.id, *HOURS).where(members.c.id > after, belongs(cadence.audience))
        if late:
            query = query.where(_has_none(cadence, wave))
            if not self._in_time(cadence, wave):
                query = query.where(members.c.met_at <= wave.due_at)
        query = query.order_by(members.c.id).limit(most)
        if cadence.timing.zone != wave.zone:
            # Of this tenant, as all of them are.
            some = (
                select(query.where(place, wave.zone == THEIR_ZONE).subquery())
                for place in may_be_in(wave.zone, self._settings.zone)
            )
            anywhere = union(*some).subquery()
            query = select(anywhere).order_by(anywhere.c.id).limit(most)
        return self._with_hours(query)

    def _without(self, cadence: Cadence, wave: Wave, ids: Sequence[int]) -> tuple[list[int], frozenset[Kept]]:
        """Those of these members who were here and have no prompt of an occurrence, by id, and the hours they keep."""
        if not ids:
            return [], frozenset()
        near = mine(prompts, prompts.c.member_id).where(prompts.c.member_id.between(ids[0], ids[-1]))
        had = {row.member_id for row in self._rows(near.where(*_of_occurrence(cadence, wave)))}
        without = [one for one in ids if one not in had]
        if not without:
            return [], frozenset()
        here = mine(members, members.c.id, *HOURS).where(members.c.id.in_(numbers_of(without)))
        return self._with_hours(here.where(members.c.met_at <= wave.due_at).order_by(members.c.id))

    def _with_hours(self, query: Select[Any]) -> tuple[list[int], frozenset[Kept]]:
        rows = self._rows(query.params(**self._hours()))
        return [row.id for row in rows], frozenset(Kept(*hours) for hours in {tuple(row[1:]) for row in rows})

    def _in_time(self, cadence: Cadence, wave: Wave) -> bool:
        """Whether what opened with a wave may be sent still, as the cadence says."""
        return self._now <= wave.due_at + timedelta(minutes=cadence.most_late + cadence.timing.minutes)

    def _hours(self) -> dict[str, Any]:
        return about_hours(self._settings, self._now)

    def _queue(self, kind: Kind, messages: Iterable[tuple[int, int, datetime]], mark: str = "") -> None:
        """Queue messages of prompts: each of one, for a member, at a moment."""
        ready = [{"id": prompt_id, "member": member_id, "at": at} for prompt_id, member_id, at in messages]
        if ready:
            about = {"ready": written(ready), "mark": mark, "created_at": self._now}
            self._tell(deliveries, queueing(kind, self._connection.dialect), **about)
            announce(self._connection, self._workspace_id)

    def _tell(self, table: Table, statement: Prepared, **about: Any) -> list[Any]:
        """Insert what a question finds."""
        self._about_to_change(table)
        return statement.ask(self._connection, {"tenant": self._workspace_id, **about})

    def _remind_too(self, cadence: Cadence, wave: Wave, asked: Sequence[Any]) -> None:
        """Put on their way the reminders that were due already for whoever comes to a wave later."""
        for number in range(min(wave.nudged, cadence.timing.nudges)):
            each = ((one, evenly(one.due_at, wave.closes_at, cadence.timing.nudges)[number]) for one in asked)
            self._queue("nudge", ((one.id, one.member_id, at) for one, at in each), f" {number + 1}")

    def _reminders(self, cadence: Cadence, silent: Iterable[Any], wave: Wave) -> Iterator[tuple[int, int, datetime]]:
        """Whom the next reminder goes to, and not before when: their hours may move it."""
        now = self._now.replace(microsecond=0)
        for one in silent:
            # What shares the message of another is due at its close, as it were.
            asked_at = wave.due_at if one.why == "same" else one.due_at
            at = max(now, evenly(asked_at, one.closes_at, cadence.timing.nudges)[wave.nudged])
            if one.snoozed_until is None or one.snoozed_until <= at:
                found = moved(_kept(one), at, 0)
                at = found[0].at if found else at
                if at < one.closes_at:
                    yield one.id, one.member_id, at

    def _silent(self, wave: Wave, after: int, most: int) -> list[Any]:
        """The next prompts of a wave that are open and not answered, each with the hours that its member keeps."""
        about = {"cadence": wave.cadence_id, "day": wave.day, "zone": wave.zone, "after": after, "most": most}
        return self._rows(SILENT, **about, **self._hours())


def _has_none(cadence: Cadence, wave: Wave) -> Any:
    """Whether a member has no prompt of an occurrence."""
    return of_member(prompts, *_of_occurrence(cadence, wave)).scalar_subquery() == 0


def _of_occurrence(cadence: Cadence, wave: Wave) -> tuple[Any, ...]:
    """That a prompt is of an occurrence. Not by the index of the cadence, which a database may take for small."""
    return prompts.c.cadence_id + 0 == cadence.id, prompts.c.day == wave.day


def _kept(row: Any) -> Kept:
    return Kept(row.works, row.quiet, row.zone, row.days)


def _is_sent(one: Any, closes_at: datetime) -> bool:
    """Whether a message of a prompt goes out: also of what was put off into the week after, if that is in time."""
    return one.state == "waiting" or (one.state == "put_off" and bool(one.due_at < closes_at))


def _until(last: date, zone_name: str, spans: Iterable[Span]) -> Iterator[tuple[str, Span]]:
    return ((zone_name, span) for span in takewhile(lambda span: span.day <= last, spans))


def _day_and_zone(one: tuple[str, Span]) -> tuple[date, str]:
    return one[1].day, one[0]


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _group(rows: list[Any]) -> Foreseen:
    one, ids = rows[0], tuple(row.id for row in rows)
    return Foreseen(one.day, one.of_zone, one.due_at, one.closes_at, one.state, one.why, one.count, ids)
