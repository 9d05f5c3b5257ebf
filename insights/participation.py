"""Participation: who checked in during a period, who did not, who was away, and of whom nothing was due yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from storage.checkins import CheckIn
from storage.civil import instant, local_date
from storage.members import Member
from storage.prompts import AWAY, Prompt, PromptState
from storage.store import Store
from storage.teams import Team

NOBODY: Mapping[date, Collection[int]] = MappingProxyType({})
# Somebody whose prompt stands so was asked; that of others was not sent yet, and perhaps is not to be.
REACHED: tuple[PromptState, ...] = ("sent", "answered", "skipped")
STILL_TO_COME: tuple[PromptState, ...] = ("waiting", "put_off")


@dataclass(frozen=True)
class Participation:
    """Members' ids. `missed` had a check-in close without them; `waiting` have none closed yet, but one ahead;
    `unasked` had none in the period, or were not asked for it; `left` checked in here and have since left the team or
    the company. `away` were on leave, on holiday, off or paused whenever one was due. `late` are those of
    `checked_in` who gave one after it had closed."""

    checked_in: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    unasked: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    away: tuple[int, ...] = ()
    late: tuple[int, ...] = ()

    @property
    def asked(self) -> int:
        """How many members of the team had a check-in to give in the period."""
        return len(self.checked_in) + len(self.missed) + len(self.waiting)


def took_part(store: Store, team: Team, checkins: Sequence[CheckIn], first: date, last: date) -> Participation:
    """Who of a team took part from `first` to `last` in what cadences and the team's own rhythm asked."""
    members = store.members.of_team(team.id)
    asking = store.cadences.ids_of_feature("checkins")
    prompts = store.prompts.closing([one.id for one in members], first, last)
    asked = [one for one in prompts if one.cadence_id in asking]
    by_rhythm = {one.id for one in members} - {one.member_id for one in asked} - {one.member_id for one in checkins}
    days = closing_days(first, last, team.closes_on) if by_rhythm else []
    away = {day: store.absences.away_on(by_rhythm, day) for day in days}
    return participation(team, members, checkins, first, last, store.now, asked, away)


def participation(
    team: Team,
    members: Sequence[Member],
    checkins: Iterable[CheckIn],
    first: date,
    last: date,
    now: datetime,
    asked: Iterable[Prompt] = (),
    away: Mapping[date, Collection[int]] = NOBODY,
) -> Participation:
    """Who of a team's members took part from `first` to `last`, in the order of `members`.

    `asked` are the prompts that close in the period; whoever has none is measured by the team's own rhythm, and `away`
    says who was away on its days. Somebody who came into the team after `last`, in their own zone, is not counted,
    unless they checked in.
    """
    checkins = tuple(checkins)
    gave = {checkin.member_id for checkin in checkins}
    prompts: dict[int, list[Prompt]] = {}
    for prompt in asked:
        prompts.setdefault(prompt.member_id, []).append(prompt)
    found: dict[str, list[int]] = {"checked_in": [], "missed": [], "waiting": [], "unasked": [], "away": []}
    for member in members:
        if member.id in gave:
            found["checked_in"].append(member.id)
        elif theirs := prompts.get(member.id):
            found[_answered_nothing(theirs, now)].append(member.id)
        elif _was_here(member, last):
            found[_standing(team, member, first, last, now, away)].append(member.id)
    left = sorted(gave - {member.id for member in members})
    late = {checkin.member_id for checkin in checkins if checkin.late}
    return Participation(
        **{name: tuple(ids) for name, ids in found.items()},
        left=tuple(left),
        late=tuple(one for one in found["checked_in"] if one in late),
    )


def closing_days(first: date, last: date, weekday: int) -> list[date]:
    """The days from `first` to `last` that fall on this weekday (0 is Monday)."""
    start = first + timedelta(days=(weekday - first.weekday()) % 7) if first <= last else first
    return [start + timedelta(weeks=week) for week in range(max(0, (last - start).days // 7 + 1))]


def _was_here(member: Member, last: date) -> bool:
    return member.team_since is None or local_date(member.team_since, member.zone) <= last


def _answered_nothing(prompts: Sequence[Prompt], now: datetime) -> str:
    """How somebody stands who gave nothing, whatever they were asked by these prompts."""
    reached = [one for one in prompts if one.state in REACHED]
    if any(one.closes_at <= now for one in reached):
        return "missed"
    if reached or any(one.state in STILL_TO_COME and one.closes_at > now for one in prompts):
        return "waiting"
    return "away" if any(one.why in AWAY for one in prompts) else "unasked"


def _standing(
    team: Team, member: Member, first: date, last: date, now: datetime, away: Mapping[date, Collection[int]]
) -> str:
    days = {day: instant(day, team.closes_at, member.zone) for day in closing_days(first, last, team.closes_on)}
    due = {day: at for day, at in days.items() if member.team_since is None or at > member.team_since}
    there = [at for day, at in due.items() if member.id not in away.get(day, ())]
    if not there:
        return "away" if due else "unasked"
    return "missed" if there[0] <= now else "waiting"
