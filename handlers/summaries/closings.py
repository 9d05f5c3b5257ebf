"""What closed, and who is told of it: the managers of the teams that were asked; for people who were named one by one,
whoever arranged it and the managers of their teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from handlers import access
from handlers.arranged import asks_team, named_singly
from handlers.turn import Turn
from insights.closing import Closing, closing
from storage.cadences import Cadence
from storage.members import Member
from storage.prompts import Prompt
from storage.store import Store
from storage.teams import Team

MOST_OPENED = 10


@dataclass(frozen=True)
class Closed:
    """An occurrence that has closed."""

    cadence: Cadence
    day: date


@dataclass(frozen=True)
class Told:
    """How an occurrence closed, as one reader may know it.

    `people` are those who may be named, `opens` some check-ins that may be opened, by their authors' names. `arranged`
    says that the reader arranged it, and is told how many answered of all.
    """

    cadence: Cadence
    how: Closing
    people: dict[int, Member]
    opens: tuple[tuple[str, int], ...] = ()
    arranged: bool = False


def together(store: Store, cadence: Cadence, day: date) -> list[Closed]:
    """What closed at the same moment as this occurrence, which comes last; of features like this one's only."""
    like = store.cadences.ids_of_feature(cadence.feature)
    found = [one for one in store.waves.closed_with(cadence.id, day, like) if one != (cadence.id, day)]
    known = [(store.cadences.by_id(cadence_id), on) for cadence_id, on in found]
    return [*(Closed(one, on) for one, on in known if one), Closed(cadence, day)]


def teams_of(store: Store, cadence: Cadence) -> list[Team]:
    """The teams that a cadence asks as a whole."""
    return [one for one in store.teams.all() if asks_team(cadence, one.id)]


def of_team(store: Store, team: Team, closed: Closed) -> Closing:
    """How an occurrence closed for a team."""
    ids = [one.id for one in store.members.of_team(team.id)]
    return closing(store.prompts.invited(closed.cadence.id, closed.day, ids))


def readers(store: Store, cadence: Cadence) -> list[Member]:
    """Who is told how it closed for people who were named one by one."""
    people, audience = named_singly(store, cadence.audience), cadence.audience
    if not people:
        return []
    managers = {team.manager_id for one in people.values() if (team := _team(store, one))}
    arranger = store.members.by_id(cadence.made_by) if cadence.made_by else None
    arranged = {arranger.id} if arranger and access.may_arrange(store, arranger, audience) else set()
    found = store.members.by_ids({one for one in (*managers, *arranged) if one})
    return [one for _, one in sorted(found.items()) if one.active]


def told(reader: Turn, closed: Closed) -> Told | None:
    """How an occurrence closed for people who were named one by one; None where the reader is not to be told."""
    store, actor, cadence = reader.store, reader.actor, closed.cadence
    if actor.id not in {one.id for one in readers(store, cadence)}:
        return None
    people = named_singly(store, cadence.audience)
    managed = {key: one for key, one in people.items() if _manages(store, actor, one)}
    arranged = cadence.made_by == actor.id and access.may_arrange(store, actor, cadence.audience)
    prompts = store.prompts.invited(cadence.id, closed.day, people if arranged else managed)
    how = closing(prompts)
    answered = [(people[one.member_id], one) for one in prompts if one.member_id in how.answered]
    may_be_named = managed | {key: one for key, one in people.items() if key == actor.id}
    return Told(cadence, how, may_be_named, _opens(reader, answered), arranged) if prompts else None


def _opens(reader: Turn, answered: Sequence[tuple[Member, Prompt]]) -> tuple[tuple[str, int], ...]:
    store, by_name = reader.store, sorted(answered, key=lambda pair: (pair[0].name, pair[0].id))
    found = ((member.name, store.checkins.find(member.id, prompt.closes_on)) for member, prompt in by_name)
    seen = ((name, one.id) for name, one in found if one and access.may_see_checkin(store, reader.actor, one))
    return tuple(islice(seen, MOST_OPENED))


def _team(store: Store, member: Member) -> Team | None:
    return store.teams.by_id(member.team_id) if member.team_id is not None else None


def _manages(store: Store, actor: Member, member: Member) -> bool:
    team = _team(store, member)
    return team is not None and access.may_summarise(store, actor, team)
