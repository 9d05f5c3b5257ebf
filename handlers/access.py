"""Who may see and change what: the short list. Every screen that shows somebody's words asks here first.

Being an admin opens settings, never answers.
"""

from __future__ import annotations

from storage.blockers import Blocker
from storage.cadences import Audience
from storage.checkins import CheckIn
from storage.kudos import Kudos
from storage.members import Member
from storage.store import Store
from storage.teams import Team


def may_see_checkin(store: Store, actor: Member, checkin: CheckIn) -> bool:
    """Its author, the manager of the team it was given in, and that team if it was given to be seen by it."""
    mine = actor.id == checkin.member_id
    with_mine = checkin.with_team and actor.team_id is not None and actor.team_id == checkin.team_id
    return mine or with_mine or _manages(actor, _team(store, checkin.team_id))


def may_see_blocker(store: Store, actor: Member, blocker: Blocker) -> bool:
    """Who raised it, who owns it, and whoever may see the check-in that it was raised in."""
    if may_change_blocker(store, actor, blocker):
        return True
    checkin = store.checkins.by_id(blocker.checkin_id)
    return checkin is not None and may_see_checkin(store, actor, checkin)


def may_change_blocker(store: Store, actor: Member, blocker: Blocker) -> bool:
    """Who raised it, who owns it, and the manager of its team."""
    return actor.id in (blocker.member_id, blocker.owner_id) or _manages(actor, _team(store, blocker.team_id))


def may_see_kudos(store: Store, actor: Member, kudos: Kudos) -> bool:
    """Everybody if it is public; otherwise its giver and those it thanks."""
    return kudos.public or actor.id == kudos.giver_id or actor.id in kudos.to


def may_take_back_kudos(store: Store, actor: Member, kudos: Kudos) -> bool:
    """Its giver."""
    return actor.id == kudos.giver_id


def may_summarise(store: Store, actor: Member, team: Team) -> bool:
    """The team's manager."""
    return _manages(actor, team)


def may_set_up(store: Store, actor: Member, team: Team | None = None) -> bool:
    """Admins everything; a manager their own team."""
    return actor.admin or _manages(actor, team)


def may_arrange(store: Store, actor: Member, audience: Audience) -> bool:
    """Admins a cadence for anybody; a manager one that is only for teams they manage, and for people in those."""
    if actor.admin:
        return True
    teams = [store.teams.by_id(one) for one in audience.teams]
    people = store.members.by_ids(audience.members)
    teams += [_team(store, people[one].team_id if one in people else None) for one in audience.members]
    return not audience.everybody and bool(teams) and all(_manages(actor, team) for team in teams)


def _manages(actor: Member, team: Team | None) -> bool:
    return team is not None and team.manager_id == actor.id


def _team(store: Store, team_id: int | None) -> Team | None:
    return store.teams.by_id(team_id) if team_id is not None else None
