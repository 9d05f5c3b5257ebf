"""Asking, as one question to the database: what an occurrence means for each of some members.

Both the tick, which inserts what it finds, and the preview, which counts it, put this question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, Select, Table, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from storage.absences import absences, holidays
from storage.audiences import zone_now
from storage.base import Instant, mine
from storage.cadences import Cadence
from storage.checkins import checkins
from storage.civil import instant, zone
from storage.coming import Span
from storage.hours import Kept, first_on, moved
from storage.members import members
from storage.prompts import COUNTED, OPEN, prompts
from storage.recurrence import DAY, WEEK
from storage.workspaces import Settings

# Neighbours in the table land far apart, and any run of them is spread evenly: a golden section of the range.
GOLDEN, RANGE = 40_503, 65_536
# A prompt that counts in a week was due in it, and belongs to an occurrence not much older.
OLDEST = 5 * WEEK

# Who has already done what a cadence of this feature would ask: a table with a member and an occurrence.
ANSWERED = {"checkins": checkins}


@dataclass(frozen=True)
class Person:
    """A member of an audience, and the hours they keep."""

    id: int
    kept: Kept


@dataclass(frozen=True)
class Asking:
    """An occurrence of a cadence in one zone, as of an instant. `earlier` are those foreseen before it in its week."""

    cadence: Cadence
    span: Span
    zone: str
    settings: Settings
    now: datetime
    earlier: tuple[Span, ...] = ()
    late: bool = False

    def question(self, people: Sequence[Person]) -> Select[Any]:
        """For each of these people: id, state, why, due_at, and `turn`, which tells different moments apart.

        Whoever has an open prompt of the same cadence is not among them, nor, when it is `late`, whoever was not here
        when it opened.
        """
        turn, due = self._due(people)
        ids = [person.id for person in people]
        rest = [self._has_no_open_prompt()] if self.cadence.id else []
        if self.late:
            rest.append((members.c.met_at <= self.span.due_at) | (due >= self._oldest()))
        why, used = self._why(self.span), self._used()
        query = mine(members, members.c.id, why.label("why"), used.label("used"), due.label("due"), turn.label("turn"))
        # The offset of nothing keeps the database from asking again wherever an answer is mentioned.
        each = query.add_columns(self._postponed(people, due).label("postponed"), _most(self.settings).label("most"))
        found = each.where(members.c.id.in_(ids), *rest).offset(0).subquery("each")
        return self._judged(found)

    def _judged(self, found: Any) -> Select[Any]:
        closes_at = self.span.closes_at
        missed = (found.c.due < self._oldest()) | literal(closes_at <= self.now)
        over = found.c.used >= found.c.most
        state = case(
            (found.c.why != "", "left_out"),
            (missed, "missed"),
            (or_(over, found.c.due >= closes_at), "put_off"),
            else_="waiting",
        )
        hours = and_(found.c.why == "", ~missed, ~over, found.c.due >= closes_at)
        due = case(
            (and_(found.c.why == "", ~missed, over, found.c.postponed < closes_at), found.c.postponed),
            else_=found.c.due,
        )
        why = case((hours, "hours"), else_=found.c.why)
        # Of the one tenant whose members were found.
        return select(
            found.c.id, state.label("state"), why.label("why"), due.label("due_at"), found.c.turn.label("turn")
        )

    def _oldest(self) -> datetime:
        return self.now - timedelta(minutes=self.cadence.most_late)

    def _due(self, people: Sequence[Person]) -> tuple[Any, Any]:
        """When each is to be written to: at their own moment of the window, moved to the hours they keep."""
        window, due_at = self.cadence.timing.minutes, self.span.due_at
        slot = members.c.id * GOLDEN % RANGE * window // RANGE if window else literal(0)
        spread: Any = later(literal(due_at, Instant), slot) if window else literal(due_at, Instant)
        moves: list[tuple[Any, datetime]] = []
        for kept in _all_kept(people):
            if kept.days[self.span.day.weekday()] != "1":
                continue  # they are left out
            keep = keeps(kept, self.settings, self.now)
            moves += [
                (and_(keep, slot.between(one.first, one.last)) if window else keep, one.at)
                for one in moved(kept, due_at, window)
            ]
        if not moves:
            return literal(0), spread
        turns = [(condition, literal(number, Integer)) for number, (condition, _) in enumerate(moves, 1)]
        return case(*turns, else_=0), case(
            *((condition, literal(at, Instant)) for condition, at in moves), else_=spread
        )

    def _postponed(self, people: Sequence[Person], due: Any) -> Any:
        """The first moment of the week after that each may be written to."""
        monday = self.span.day - self.span.day.weekday() * DAY + WEEK
        at = self.cadence.timing.at
        moments = [
            (keeps(kept, self.settings, self.now), literal(first_on(kept, monday, at), Instant))
            for kept in _all_kept(people)
        ]
        return case(*moments, else_=due)

    def _used(self) -> Any:
        """How many prompts each gets in the week, of all cadences."""
        monday = self.span.day - self.span.day.weekday() * DAY
        where = zone(self.zone)
        first, last = instant(monday, time(), where), instant(monday + WEEK, time(), where)
        # What was put off out of an earlier week came into this one.
        counts = prompts.c.state.in_(COUNTED) | ((prompts.c.state == "put_off") & (prompts.c.day < monday))
        used = of_member(prompts, prompts.c.day > monday - OLDEST, prompts.c.day < monday + WEEK).where(
            prompts.c.due_at >= first, prompts.c.due_at < last, counts
        )
        foreseen = [case((self._why(span) == "", 1), else_=0) for span in self.earlier]
        total: Any = used.scalar_subquery()
        for one in foreseen:
            total = total + one
        return total

    def _has_no_open_prompt(self) -> Any:
        at = max(self.now, self.span.due_at)
        # Counted, and not by the cadence's index, since a database may take a cadence for small that has just grown.
        same = of_member(prompts, prompts.c.day > self.span.day - OLDEST, prompts.c.day != self.span.day).where(
            prompts.c.cadence_id + 0 == self.cadence.id, prompts.c.state.in_(OPEN), prompts.c.closes_at > at
        )
        return same.scalar_subquery() == 0

    def _why(self, span: Span) -> Any:
        """Why somebody is left out of an occurrence; empty where they are not."""
        day = span.day
        away = of_member(absences, absences.c.first <= day, absences.c.last.is_(None) | (absences.c.last >= day))
        this_one = absences.c.cadence_id.is_(None) | (absences.c.cadence_id == self.cadence.id)
        reasons: list[Any] = [
            (_any(away.where(absences.c.kind != "pause")), "absent"),
            (_any(away.where(absences.c.kind == "pause", this_one)), "paused"),
        ]
        if self.cadence.holidays:
            free = mine(holidays, holidays.c.place).where(holidays.c.day == day)
            reasons.append((self._place().in_(free), "holiday"))
        reasons.append((func.substr(working_days(self.settings), day.weekday() + 1, 1) == "0", "day_off"))
        if self.cadence.feature in ANSWERED:
            table = ANSWERED[self.cadence.feature]
            reasons.append((_any(of_member(table, table.c.occurrence == span.closes_on)), "answered"))
        return case(*reasons, else_="")

    def _place(self) -> Any:
        if self.cadence.holidays != "own":
            return literal(self.cadence.holidays)
        return case((members.c.own_holidays != "", members.c.own_holidays), else_=self.settings.holidays)


def quiet(settings: Settings) -> Any:
    """A member's quiet hours: their own, or the workspace's."""
    return case((members.c.own_quiet != "", members.c.own_quiet), else_=settings.quiet)


def working_days(settings: Settings) -> Any:
    """A member's working days: their own, or the workspace's."""
    return case((members.c.own_working_days != "", members.c.own_working_days), else_=settings.working_days)


def hours_of(settings: Settings, now: datetime) -> tuple[Any, ...]:
    """The hours that a member keeps, as columns: works, quiet, zone, days."""
    return (
        members.c.own_works.label("works"),
        quiet(settings).label("quiet"),
        zone_now(now, settings.zone).label("zone"),
        working_days(settings).label("days"),
    )


def keeps(kept: Kept, settings: Settings, now: datetime) -> Any:
    """Whether a member keeps these hours."""
    return and_(
        members.c.own_works == kept.works,
        quiet(settings) == kept.quiet,
        zone_now(now, settings.zone) == kept.zone,
        working_days(settings) == kept.days,
    )


def of_member(table: Table, *where: Any) -> Select[Any]:
    """How many rows of a table a member of the question around it has."""
    # Of the same tenant as the member.
    count = select(func.count()).select_from(table).where(table.c.workspace_id == bindparam("tenant"))
    return count.where(table.c.member_id == members.c.id, *where).correlate(members)


def _any(count: Select[Any]) -> Any:
    return count.scalar_subquery() > 0


def _most(settings: Settings) -> Any:
    own = members.c.own_weekly_most
    return case((own < settings.budget, own), else_=settings.budget)


def _all_kept(people: Sequence[Person]) -> list[Kept]:
    return sorted({person.kept for person in people}, key=astuple)


class later(FunctionElement[datetime]):
    """An instant and a number of minutes: the instant so much later."""

    type = Instant()
    inherit_cache = True


@compiles(later, "sqlite")
def _later_on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    at, by = (compiler.process(part, **more) for part in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {at}, '+' || ({by}) || ' minutes')"


@compiles(later, "postgresql")
def _later_on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    at, by = (compiler.process(part, **more) for part in element.clauses)
    return f"({at} + ({by}) * interval '1 minute')"
