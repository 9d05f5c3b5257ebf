"""Asking, as one question to the database: what some occurrences mean for each of some members.

Both the tick, which inserts what it finds, and the preview, which counts it, put this question. Its wording depends on
a few things only, so it is worded seldom; all else is handed over with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Table, Text, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from storage.absences import absences, holidays
from storage.audiences import returns, zone_after, zone_now
from storage.base import Id, Instant, mine
from storage.cadences import Cadence
from storage.checkins import checkins
from storage.civil import instant, zone
from storage.coming import Span
from storage.given import given, written
from storage.hours import Kept, first_on, moved
from storage.members import members
from storage.prompts import OLDEST, prompts
from storage.recurrence import DAY, WEEK
from storage.workspaces import Settings

# Neighbours in the table land far apart, and any run of them is spread evenly: a golden section of the range.
GOLDEN, RANGE = 40_503, 65_536

# Who has already done what a cadence of this feature would ask: a table with a member and an occurrence.
ANSWERED = {"checkins": checkins}

# No journey ends then, and everybody is here by then.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)

# The occurrences that a question is about, once for all who keep the same hours.
AHEAD = given(
    "ahead",
    number=int,
    occurrence=int,
    works=str,
    quiet=str,
    zone=str,
    days=str,
    home=str,
    until=datetime,
    of_zone=str,
    day=date,
    weekday=int,
    due_at=datetime,
    closes_on=date,
    closes_at=datetime,
    over=int,
    monday_after=date,
    week_from=datetime,
    week_to=datetime,
    oldest=date,
    here_by=datetime,
    postponed=datetime,
)
CHOSEN = given("chosen", id=int)
# Whoever of those has a moment from `first` to `last`, in minutes, is written to at `at` instead.
MOVES = given("moves", number=int, first=int, last=int, at=datetime)


@dataclass(frozen=True)
class Wording:
    """What the wording of the question depends on. `absences` and `holidays`: there are any in these days.

    `foreseen`: those asked earlier in a week count against its budget, though no prompt says so yet. `saved`: some of
    those to come may have a prompt already. `journeys`: some members come home from one meanwhile.
    """

    feature: str
    window: bool
    saved: bool
    absences: bool
    holidays: str
    foreseen: bool
    journeys: bool = False


@dataclass(frozen=True)
class Asking:
    """Occurrences of a cadence, of one week, each in a zone and in order, for members who keep these hours.

    `too_late` is the word that says why somebody is not asked any more for whom there is no other.
    """

    cadence: Cadence
    spans: Sequence[tuple[str, Span]]
    kept: frozenset[Kept]
    settings: Settings
    now: datetime
    too_late: str = ""

    def about(self) -> dict[str, Any]:
        """What is handed over with the question."""
        ahead, moves = [], []
        for number, (occurrence, zone_name, span, kept) in enumerate(self._each()):
            hours = {**vars(kept), "until": kept.until or NEVER}
            there = kept.at(span.due_at)
            monday = span.day - span.day.weekday() * DAY
            postponed = first_on(there, monday + WEEK, self.cadence.timing.at)
            of_span = self._of_span(zone_name, span)
            ahead.append({"number": number, "occurrence": occurrence, **hours, **of_span, "postponed": postponed})
            if kept.days[span.day.weekday()] == "1":  # otherwise they are left out
                found = moved(there, span.due_at, self.cadence.timing.minutes)
                moves += [{"number": number, "first": one.first, "last": one.last, "at": one.at} for one in found]
        return {
            "ahead": written(ahead),
            "moves": written(moves),
            "cadence": self.cadence.id,
            "place": self.cadence.holidays,
            "minutes": self.cadence.timing.minutes,
            "too_late": self.too_late,
            "too_old": self.now - timedelta(minutes=self.cadence.most_late),
            **about_hours(self.settings, self.now),
            "places": self.settings.holidays,
            "budget": self.settings.budget,
        }

    def _each(self) -> Iterator[tuple[int, str, Span, Kept]]:
        everybody = sorted(self.kept, key=str)
        for occurrence, (zone_name, span) in enumerate(self.spans):
            for kept in everybody:
                if self.cadence.timing.zone or (kept.zone == zone_name and not kept.until):
                    yield occurrence, zone_name, span, kept
        if not self.cadence.timing.zone:
            journeys = ((kept, *one) for kept in everybody if kept.until for one in self._on_journey(kept, kept.until))
            for occurrence, (kept, zone_name, span) in enumerate(journeys, len(self.spans)):
                yield occurrence, zone_name, span, kept

    def _on_journey(self, kept: Kept, until: datetime) -> Iterator[tuple[str, Span]]:
        """What comes to somebody away, until they are back, and at home, from then on; each date once."""
        away = [(zone_name, span) for zone_name, span in self.spans if zone_name == kept.zone and span.due_at < until]
        days = {span.day for _, span in away}
        yield from away
        for zone_name, span in self.spans:
            if zone_name == kept.home and span.day not in days:
                yield zone_name, span.joined(until, self.cadence.timing.minutes)

    def _of_span(self, zone_name: str, span: Span) -> dict[str, Any]:
        monday, where = span.day - span.day.weekday() * DAY, zone(zone_name)
        return {
            "of_zone": zone_name,
            "day": span.day,
            "weekday": span.day.weekday() + 1,
            "due_at": span.due_at,
            "closes_on": span.closes_on,
            "closes_at": span.closes_at,
            "over": int(span.over or span.closes_at <= self.now),
            "monday_after": monday + WEEK,
            "week_from": instant(monday, time(), where),
            "week_to": instant(monday + WEEK, time(), where),
            "oldest": monday - OLDEST,
            "here_by": span.here_by or NEVER,
        }


@lru_cache(maxsize=128)
def question_of(wording: Wording) -> Select[Any]:
    """The question about the members whose ids are handed over as `chosen`."""
    return question(wording, members.c.id == CHOSEN.c.id)


def question(wording: Wording, whom: Any) -> Select[Any]:
    """For each of these members and the occurrences ahead of them: id, state, why, due_at, and what `AHEAD` says.

    `moved_to` is another moment that their hours gave them, or None. Of what is foreseen, whoever has a prompt of the
    same date already is not among them.
    """
    due = func.coalesce(MOVES.c.at, later(AHEAD.c.due_at, _slot()) if wording.window else AHEAD.c.due_at)
    rest = [whom, *([_has_none_yet(), members.c.met_at <= AHEAD.c.here_by] if wording.saved else [])]
    why = _why(wording)
    each = mine(members, members.c.id, why.label("why"), _used().label("used"), _most().label("most")).add_columns(
        due.label("due"), MOVES.c.at.label("moved_to"), *AHEAD.c
    )
    within = _slot().between(MOVES.c.first, MOVES.c.last) if wording.window else literal(True)
    joined = members.join(AHEAD, _keeps(wording)).outerjoin(MOVES, and_(MOVES.c.number == AHEAD.c.number, within))
    # The offset of nothing keeps the database from asking again wherever an answer is mentioned.
    found = each.select_from(joined).where(*rest).offset(0).subquery("each")
    return _judged(found, wording)


def _judged(found: Any, wording: Wording) -> Select[Any]:
    missed = (found.c.due < bindparam("too_old", type_=Instant)) | (found.c.over == 1)
    used = found.c.used
    if wording.foreseen:
        # What no hours before the close are left for is no prompt of the week.
        asked = func.sum(case((and_(found.c.why == "", ~missed, found.c.due < found.c.closes_at), 1), else_=0))
        before = asked.over(partition_by=found.c.id, order_by=found.c.day, rows=(None, -1))
        used = used + func.coalesce(before, 0)
    over = used >= found.c.most
    state = case(
        (found.c.why != "", "left_out"),
        (missed, "missed"),
        (or_(over, found.c.due >= found.c.closes_at), "put_off"),
        else_="waiting",
    )
    hours = and_(found.c.why == "", ~missed, ~over, found.c.due >= found.c.closes_at)
    put_off = and_(found.c.why == "", ~missed, over)
    due = case(
        # No message of it goes out.
        (and_(put_off, found.c.postponed >= found.c.closes_at), found.c.closes_at),
        (and_(put_off, found.c.postponed > found.c.due), found.c.postponed),
        else_=found.c.due,
    )
    too_late = and_(found.c.why == "", missed)
    why = case((hours, "hours"), (too_late, bindparam("too_late", type_=Text)), else_=found.c.why)
    ahead = (found.c.occurrence, found.c.day, found.c.closes_on, found.c.closes_at, found.c.of_zone)
    # Of the one tenant whose members were found.
    return select(found.c.id, state.label("state"), why.label("why"), due.label("due_at"), found.c.moved_to, *ahead)


def _slot() -> Any:
    """The minute of the window that is a member's own."""
    return members.c.id * GOLDEN % RANGE * bindparam("minutes", type_=Integer) // RANGE


def _used() -> Any:
    """How many prompts each gets in the week, of all cadences: those of which a message came, or is to come."""
    put_off = (prompts.c.state == "put_off") & (prompts.c.due_at < prompts.c.closes_at)
    counts = (prompts.c.state == "waiting") | put_off | prompts.c.sent_at.is_not(None)
    used = of_member(prompts, prompts.c.day > AHEAD.c.oldest, prompts.c.day < AHEAD.c.monday_after)
    in_week = (prompts.c.due_at >= AHEAD.c.week_from, prompts.c.due_at < AHEAD.c.week_to)
    return used.where(*in_week, counts).scalar_subquery()


def _has_none_yet() -> Any:
    # Counted, and not by the cadence's index, since a database may take a cadence for small that has just grown.
    same = of_member(prompts, prompts.c.day == AHEAD.c.day)
    return same.where(prompts.c.cadence_id + 0 == bindparam("cadence", type_=Id)).scalar_subquery() == 0


def _why(wording: Wording) -> Any:
    """Why somebody is left out of an occurrence; empty where they are not."""
    day = AHEAD.c.day
    reasons: list[Any] = []
    if wording.absences:
        away = of_member(absences, absences.c.first <= day, absences.c.last.is_(None) | (absences.c.last >= day))
        this_one = absences.c.cadence_id.is_(None) | (absences.c.cadence_id == bindparam("cadence", type_=Id))
        reasons.append((_any(away.where(absences.c.kind != "pause")), "absent"))
        reasons.append((_any(away.where(absences.c.kind == "pause", this_one)), "paused"))
    if wording.holidays:
        place = _own_place() if wording.holidays == "own" else bindparam("place", type_=Text)
        free = mine(holidays, func.count()).where(holidays.c.day == day, holidays.c.place == place)
        reasons.append((_any(free.correlate(members, AHEAD)), "holiday"))
    reasons.append((func.substr(AHEAD.c.days, AHEAD.c.weekday, 1) == "0", "day_off"))
    if wording.feature in ANSWERED:
        table = ANSWERED[wording.feature]
        reasons.append((_any(of_member(table, table.c.occurrence == AHEAD.c.closes_on)), "answered"))
    return case(*reasons, else_="")


def _own_place() -> Any:
    return case((members.c.own_holidays != "", members.c.own_holidays), else_=bindparam("places", type_=Text))


def hours_kept() -> tuple[Any, ...]:
    """The hours that a member keeps, as columns: works, quiet, zone, days. `about_hours` is handed over with them.

    It is the rule of `storage.hours.kept_by`, for many at once.
    """
    days = bindparam("working_days", type_=Text)
    quiet = bindparam("quiet_hours", type_=Text)
    works = members.c.own_works
    # A span such as "09:00-17:00", of which both ends may be the same: that is no limit.
    limited = func.substr(works, 1, 5) != func.substr(works, 7, 5)
    return (
        works.label("works"),
        case((members.c.own_quiet != "", members.c.own_quiet), (limited, ""), else_=quiet).label("quiet"),
        zone_now(bindparam("now", type_=Instant), bindparam("zone_here", type_=Text)).label("zone"),
        case((members.c.own_working_days != "", members.c.own_working_days), else_=days).label("days"),
    )


def journeys() -> tuple[Any, ...]:
    """The zone that a member comes home to, and when, as columns: home, until. That is before the instant `horizon`,
    or there is no such zone, and it is `never`."""
    coming_home = returns(bindparam("now", type_=Instant), bindparam("horizon", type_=Instant))
    home = zone_after(bindparam("zone_here", type_=Text))
    return (
        case((coming_home, home), else_="").label("home"),
        case((coming_home, members.c.own_travel_until), else_=bindparam("never", type_=Instant)).label("until"),
    )


def about_hours(settings: Settings, now: datetime) -> dict[str, Any]:
    """What is handed over with a question after the hours that members keep."""
    return {
        "quiet_hours": settings.quiet,
        "working_days": settings.working_days,
        "zone_here": settings.zone,
        "now": now,
    }


def _keeps(wording: Wording) -> Any:
    columns = (*hours_kept(), *(journeys() if wording.journeys else ()))
    return and_(*(column.element == AHEAD.c[column.name] for column in columns))


def of_member(table: Table, *where: Any) -> Select[Any]:
    """How many rows of a table a member of the question around it has."""
    # Of the same tenant as the member.
    count = select(func.count()).select_from(table).where(table.c.workspace_id == bindparam("tenant"))
    return count.where(table.c.member_id == members.c.id, *where).correlate(members, AHEAD)


def _any(count: Select[Any]) -> Any:
    return count.scalar_subquery() > 0


def _most() -> Any:
    own, budget = members.c.own_weekly_most, bindparam("budget", type_=Integer)
    return case((own < budget, own), else_=budget)


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
