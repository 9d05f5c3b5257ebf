"""What closed, and who is told of it: the managers of the teams that were asked; for people who were named one by one,
whoever arranged it and the managers of their teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    says that the reader arranged it. `few` says that others were asked too, who are so few that a count would name
    them: then `how` is of `people` alone.
    """

    cadence: Cadence
    how: Closing
    people: dict[int, Member]
    opens: tuple[tuple[str, int], ...] = ()
    arranged: bool = False
    few: bool = False


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
    if not prompts:
        return None
    how = closing(prompts)
    may_be_named = managed | {key: one for key, one in people.items() if key == actor.id}
    answered = [(people[one.member_id], one) for one in prompts if one.member_id in how.answered]
    opens = tuple((one.name, checkin) for one, checkin in islice(_opened(reader, answered), MOST_OPENED))
    # Of teammates, and of whoever may be read, the reader knows without being told.
    mates = {key for key, one in people.items() if one.team_id is not None and one.team_id == actor.team_id}
    unnamed = [pair for pair in answered if pair[0].id not in may_be_named]
    known = {*may_be_named, *mates, *(one.id for one, _ in _opened(reader, unnamed))}
    few = any(one.member_id not in may_be_named for one in prompts) and not how.may_be_counted(known)
    own = closing(one for one in prompts if one.member_id in may_be_named)
    return Told(cadence, own if few else how, may_be_named, opens, arranged, few)


def _opened(reader: Turn, answered: Sequence[tuple[Member, Prompt]]) -> Iterator[tuple[Member, int]]:
    """Whose check-ins the reader may open, by name, and their ids."""
    for member, prompt in sorted(answered, key=lambda pair: (pair[0].name, pair[0].id)):
        found = reader.store.checkins.find(member.id, prompt.closes_on)
        if found and access.may_see_checkin(reader.store, reader.actor, found):
            yield member, found.id


def _team(store: Store, member: Member) -> Team | None:
    return store.teams.by_id(member.team_id) if member.team_id is not None else None


def _manages(store: Store, actor: Member, member: Member) -> bool:
    team = _team(store, member)
    return team is not None and access.may_summarise(store, actor, team)
