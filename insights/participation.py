"""Participation: who checked in during a period, who did not, and of whom nothing was due yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.checkins import CheckIn
from storage.civil import instant, local_date
from storage.members import Member
from storage.teams import Team


@dataclass(frozen=True)
class Participation:
    """Members' ids. `missed` had a check-in close without them; `waiting` have none closed yet, but one ahead;
    `unasked` had none in the period; `left` checked in here and have since left the team or the company."""

    checked_in: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    unasked: tuple[int, ...] = ()
    left: tuple[int, ...] = ()

    @property
    def asked(self) -> int:
        """How many members of the team had a check-in to give in the period."""
        return len(self.checked_in) + len(self.missed) + len(self.waiting)


def participation(
    team: Team, members: Sequence[Member], checkins: Iterable[CheckIn], first: date, last: date, now: datetime
) -> Participation:
    """Who of a team's members took part from `first` to `last`, in the order of `members`.

    Somebody who came into the team after `last`, in their own zone, is not counted, unless they checked in.
    """
    gave = {checkin.member_id for checkin in checkins}
    found: dict[str, list[int]] = {"checked_in": [], "missed": [], "waiting": [], "unasked": []}
    for member in members:
        if member.id in gave:
            found["checked_in"].append(member.id)
        elif _was_here(member, last):
            found[_standing(team, member, first, last, now)].append(member.id)
    left = sorted(gave - {member.id for member in members})
    return Participation(**{name: tuple(ids) for name, ids in found.items()}, left=tuple(left))


def closing_days(first: date, last: date, weekday: int) -> list[date]:
    """The days from `first` to `last` that fall on this weekday (0 is Monday)."""
    start = first + timedelta(days=(weekday - first.weekday()) % 7) if first <= last else first
    return [start + timedelta(weeks=week) for week in range(max(0, (last - start).days // 7 + 1))]


def _was_here(member: Member, last: date) -> bool:
    return member.team_since is None or local_date(member.team_since, member.zone) <= last


def _standing(team: Team, member: Member, first: date, last: date, now: datetime) -> str:
    closings = [instant(day, team.closes_at, member.zone) for day in closing_days(first, last, team.closes_on)]
    due = [at for at in closings if member.team_since is None or at > member.team_since]
    if not due:
        return "unasked"
    return "missed" if due[0] <= now else "waiting"
