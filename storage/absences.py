"""Absences: days on which a member is not asked. Leave, a calendar's entry, a pause; holidays stand beside them.

No reason is ever kept, only days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint, bindparam, select
from sqlalchemy.engine import Connection

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant
from storage.cadences import Cadences
from storage.members import members
from storage.workspaces import WorkspaceKey, workspaces

AbsenceKind: TypeAlias = Literal["away", "calendar", "pause"]
MOST_BYTES = 2_000_000  # of a calendar


@dataclass(frozen=True)
class Absence:
    """Days from `first` to `last`, both included, or without end. A pause may be of one cadence only.

    `source` names the calendar's entry that it came from.
    """

    id: int
    member_id: int
    first: date
    last: date | None
    kind: AbsenceKind = "away"
    cadence_id: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Seen:
    """Which version of a feed was read, as its server names it and dates it; `read_for` says what that was read for."""

    etag: str = ""
    modified: str = ""
    read_for: str = ""


@dataclass(frozen=True)
class Calendar:
    """A member's own calendar: the address of a feed, or the text of a file or where the platform keeps that file.

    The last two are there until they were read, once. `read_at` is when somebody last set out to read it; `problem` is
    a sentence about how that went, or empty.
    """

    member_id: int
    url: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    file: str = field(default="", repr=False)
    read_at: datetime | None = None
    problem: str = ""
    seen: Seen = field(default=Seen(), repr=False)

    @property
    def once(self) -> bool:
        """Whether this is read once only, and not again."""
        return not self.url


# Days from and to, both included, and what they came from in a calendar.
Days: TypeAlias = tuple[date, date, str]


absences = Table(
    "absences",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date),
    Column("kind", Text, nullable=False),
    Column("cadence_id", Id, ForeignKey("cadences.id", ondelete="CASCADE")),
    Column("source", Text, nullable=False, default=""),
    Index("ix_absences_member", "workspace_id", "member_id", "last"),
)

# A member's own calendar feed: where it is (sealed), and how the last look at it went.
calendars = Table(
    "calendars",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("read_at", Instant),
    Column("problem", Text, nullable=False, default=""),
    UniqueConstraint("workspace_id", "member_id"),
)

# Public holidays of the places that people here named: "DE", "DE-BY".
holidays = Table(
    "holidays",
    metadata,
    row_id(),
    tenant(),
    Column("place", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("workspace_id", "place", "day"),
)


NOT_OVER = absences.c.last.is_(None) | (absences.c.last >= bindparam("day"))
COMING = (
    mine(absences)
    .where(absences.c.member_id == bindparam("member"), NOT_OVER)
    .order_by(absences.c.first, absences.c.id)
)
CALENDAR = mine(calendars).where(calendars.c.member_id == bindparam("member"))
ON_DAY = mine(holidays).where(holidays.c.place == bindparam("place"), holidays.c.day == bindparam("day"))


class Absences(Repository):
    """Who is not to be asked when. `place` is the one whose holidays stand for members who chose none."""

    def __init__(self, *bound: Any, place: str = "") -> None:
        super().__init__(*bound)
        self._bound = bound
        self._place = place

    def add(
        self,
        member_id: int,
        first: date,
        last: date | None,
        kind: AbsenceKind = "away",
        cadence_id: int | None = None,
        source: str = "",
    ) -> int:
        """Days on which a member is not asked, of one cadence or of all; its id. Raises ValueError for none."""
        if last is not None and last < first:
            raise ValueError("An absence ends on or after its first day.")
        return self._add(
            absences, member_id=member_id, first=first, last=last, kind=kind, cadence_id=cadence_id, source=source
        )

    def of_member(self, member_id: int) -> list[Absence]:
        """A member's coming and present absences, the first to begin first.

        One counts as present until its last day is over everywhere on earth.
        """
        earliest = (self._now - timedelta(hours=12)).date()
        rows = self._rows(COMING, member=member_id, day=earliest)
        return [_absence(row) for row in rows]

    def remove(self, member_id: int, absence_id: int) -> bool:
        """Take an absence of this member's back; whether there was one."""
        return self._remove(absences, absences.c.id == absence_id, absences.c.member_id == member_id) > 0

    def end_pause(self, member_id: int, cadence_id: int | None = None) -> None:
        """Let a member be asked again: of one cadence that they paused, or (None) of all where they paused all."""
        same = absences.c.cadence_id.is_not_distinct_from(cadence_id)
        self._remove(absences, absences.c.member_id == member_id, absences.c.kind == "pause", same)

    def away_on(self, member_ids: Iterable[int], day: date) -> set[int]:
        """Which of these members are away on a day, for every cadence; whoever paused one cadence is not."""
        wanted = set(member_ids)
        days = (absences.c.first <= day, absences.c.last.is_(None) | (absences.c.last >= day))
        away = mine(absences, absences.c.member_id).where(*days, absences.c.cadence_id.is_(None))
        return {row.member_id for row in self._rows(away.where(absences.c.member_id.in_(wanted)))} if wanted else set()

    def set_calendar(self, member_id: int, url: str) -> None:
        """Follow a member's calendar at this address, in place of any before; it is read soon."""
        self._set_calendar(member_id, {"url": url})

    def set_calendar_text(self, member_id: int, text: str) -> None:
        """Take a calendar from a file, in place of any before; it is read soon, once, and its text is dropped then."""
        self._set_calendar(member_id, {"text": text})

    def set_calendar_file(self, member_id: int, address: str) -> None:
        """Take a calendar from a file that the platform keeps at this address, which is dropped like a text."""
        self._set_calendar(member_id, {"file": address})

    def calendar_of(self, member_id: int) -> Calendar | None:
        """The calendar of a member, if they named one."""
        row = self._row(CALENDAR, member=member_id)
        return self._calendar(row) if row else None

    def drop_calendar(self, member_id: int) -> None:
        """Follow a member's calendar no longer, and forget the absences that came from it."""
        self._remove(calendars, calendars.c.member_id == member_id)
        self._forget_read(member_id)

    def calendars_to_read(self, before: datetime, most: int) -> list[Calendar]:
        """Claim up to `most` calendars that were not read since `before`: nobody else gets them until then is past.

        Their `read_at` is now, which is also what `replace_calendar` wants to hear.
        """
        due = _is_due(before)
        rows = self._rows(mine(calendars).where(due).order_by(calendars.c.read_at, calendars.c.id).limit(most))
        claimed = [row for row in rows if self._change(calendars, calendars.c.id == row.id, due, read_at=self._now)]
        return [replace(self._calendar(row), read_at=self._now) for row in claimed]

    def replace_calendar(
        self,
        member_id: int,
        found: Iterable[Days] | None,
        read_at: datetime,
        problem: str = "",
        seen: Seen | None = None,
    ) -> bool:
        """Put what a calendar says now in place of what it said before; None keeps that, and `problem` may say why.

        `seen` is the version that was read, where that is another one than before.

        False, and nothing is changed, where the calendar was claimed again, changed or dropped since `read_at`.
        """
        values: dict[str, Any] = {"problem": problem}
        kept = self.calendar_of(member_id)
        if kept and kept.once:
            values["sealed"] = ""
        elif kept and seen:
            values["sealed"] = self._vault.seal_json({"url": kept.url, **asdict(seen)})
        same = (calendars.c.member_id == member_id, calendars.c.read_at == read_at)
        if not self._change(calendars, *same, **values):
            return False
        if found is not None:
            self._forget_read(member_id)
            self._add_all(
                absences,
                [
                    {"member_id": member_id, "first": first, "last": last, "kind": "calendar", "source": source}
                    for first, last, source in found
                ],
            )
        return True

    def keep_holidays(self, place: str, days: Mapping[date, str]) -> None:
        """Keep the coming public holidays of a place, from yesterday on, in place of those that were known."""
        since = min([*days, self._now.date() - timedelta(days=1)])
        known = {row.day: row.name for row in self._rows(mine(holidays).where(holidays.c.place == place))}
        gone = [day for day, name in known.items() if day >= since and days.get(day) != name]
        if gone:
            self._remove(holidays, holidays.c.place == place, holidays.c.day.in_(gone))
        for day, name in days.items():
            if known.get(day) != name:
                self._add_if_new(holidays, place=place, day=day, name=name)

    def is_holiday(self, place: str, day: date) -> bool:
        """Whether a day is known to be a public holiday at a place."""
        return self._row(ON_DAY, place=place, day=day) is not None

    def places_in_use(self) -> set[str]:
        """The places whose holidays matter here: of members, of the workspace, of cadences."""
        chosen = mine(members, members.c.own_holidays).where(members.c.active.is_(True)).distinct()
        places = {row.own_holidays for row in self._rows(chosen)}
        places |= {one.holidays for one in Cadences(*self._bound).all()}
        return (places | {self._place}) - {"", "own"}

    def _set_calendar(self, member_id: int, what: dict[str, str]) -> None:
        self.drop_calendar(member_id)
        self._add(calendars, member_id=member_id, sealed=self._vault.seal_json(what))

    def _calendar(self, row: Any) -> Calendar:
        what = self._vault.open_json(row.sealed) if row.sealed else {}
        address, text, file = (what.get(name, "") for name in ("url", "text", "file"))
        seen = Seen(*(what.get(one.name, "") for one in fields(Seen)))
        return Calendar(row.member_id, address, text, file, row.read_at, row.problem, seen)

    def _forget_read(self, member_id: int) -> None:
        self._remove(absences, absences.c.member_id == member_id, absences.c.kind == "calendar")


def workspaces_with_calendars(connection: Connection, before: datetime) -> list[WorkspaceKey]:
    """The workspaces in which a calendar was not read since then."""
    # Of every tenant on purpose: this is how the job learns where to look. It reads nobody's calendar.
    query = (
        select(workspaces.c.platform, workspaces.c.external_id)
        .join(calendars, calendars.c.workspace_id == workspaces.c.id)
        .where(_is_due(before))
        .distinct()
    )
    return [WorkspaceKey(row.platform, row.external_id) for row in connection.execute(query)]


def _is_due(before: datetime) -> Any:
    # A file that was read has left nothing behind to read again.
    return (calendars.c.sealed != "") & (calendars.c.read_at.is_(None) | (calendars.c.read_at < before))


def _absence(row: Any) -> Absence:
    return Absence(row.id, row.member_id, row.first, row.last, row.kind, row.cadence_id, row.source)
