"""When somebody is asked, as it holds now: what they chose, what comes from elsewhere, and which cadences ask them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.text import Line, Said, line
from handlers.turn import Turn
from storage.absences import Absence, Calendar
from storage.cadences import Audience, Cadence, covers
from storage.civil import local_date, week_of, zone
from storage.hours import Kept, kept_by, quiet_of
from storage.members import Member
from storage.teams import Team
from storage.workspaces import Settings


@dataclass(frozen=True)
class Asking:
    """A cadence that asks somebody: why, and when next; `pause` is theirs, where they paused it."""

    cadence: Cadence
    why: Line
    next_at: datetime | None = None
    pause: Absence | None = None


@dataclass(frozen=True)
class Asked:
    """All that holds for one member. `used` is how many prompts came this week, or are on their way.

    `absences` are those from all cadences, present and coming; a pause of one cadence stands with that cadence.
    """

    member: Member
    settings: Settings
    now: datetime
    used: int = 0
    asking: tuple[Asking, ...] = ()
    absences: tuple[Absence, ...] = ()
    calendar: Calendar | None = None

    @property
    def today(self) -> date:
        """The date where they are."""
        return local_date(self.now, self.member.zone)

    @property
    def working_days(self) -> str:
        """Seven characters, Monday first, "1" for a day on which they work."""
        return self.member.own.working_days or self.settings.working_days

    @property
    def quiet(self) -> str:
        """The quiet hours that count for them, as a span, or empty."""
        return quiet_of(self.member.own, self.settings)

    @property
    def holidays(self) -> str:
        """The place whose public holidays are theirs, or empty."""
        return self.member.own.holidays or self.settings.holidays

    @property
    def budget(self) -> int:
        """How many prompts they get in a week."""
        own = self.member.own.weekly_most
        return self.settings.budget if own is None else min(own, self.settings.budget)

    @property
    def hours(self) -> Kept:
        """The hours they keep, in the zone they are in now."""
        return kept_by(self.member, self.settings)

    def away(self, day: date) -> bool:
        """Whether they are away on this day."""
        return any(covers_day(one, day) for one in self.absences)


def whereabouts(turn: Turn) -> Asked:
    """Where the actor is, and whether they are away: what the home says."""
    kept = [one for one in turn.store.absences.of_member(turn.actor.id) if one.cadence_id is None]
    shown = Asked(turn.actor, turn.settings, turn.now)
    return replace(shown, absences=tuple(one for one in kept if not _over(one, shown.today)))


def asked(turn: Turn) -> Asked:
    """All that holds for the actor."""
    store, actor = turn.store, turn.actor
    shown = whereabouts(turn)
    team = store.teams.by_id(actor.team_id) if actor.team_id else None
    pauses = {one.cadence_id: one for one in store.absences.of_member(actor.id) if not _over(one, shown.today)}
    return replace(
        shown,
        used=store.prompts.how_many_count(actor.id, *week_of(turn.now, actor.zone)),
        calendar=store.absences.calendar_of(actor.id),
        asking=tuple(
            Asking(
                one,
                why(one.audience, actor, team),
                _next_at(turn, one, pauses.get(one.id)),
                pauses.get(one.id),
            )
            for one in store.cadences.all()
            if covers(one.audience, actor)
        ),
    )


def why(audience: Audience, member: Member, team: Team | None) -> Line:
    """Why a cadence asks a member of its audience."""
    if member.id in audience.members:
        return line("because you were added to it by name")
    if team and team.id in audience.teams:
        return line("because you are in ", Said(team.name))
    return line("because it is for everybody here")


def _next_at(turn: Turn, cadence: Cadence, pause: Absence | None) -> datetime | None:
    """When a cadence asks the actor next, as it is planned."""
    if cadence.paused or (pause and pause.last is None):
        return None
    return turn.store.planning.next_of(cadence, turn.actor.id)


def covers_day(absence: Absence, day: date) -> bool:
    """Whether a day is one of an absence's."""
    return absence.first <= day and (absence.last is None or day <= absence.last)


def soonest_first(asking: Sequence[Asking]) -> list[Asking]:
    """The cadences in the order in which they ask next; those that do not ask come last."""
    far = datetime.max.replace(tzinfo=zone("UTC"))
    return sorted(asking, key=lambda one: (one.next_at or far, one.cadence.name))


def _over(absence: Absence, today: date) -> bool:
    return absence.last is not None and absence.last < today
