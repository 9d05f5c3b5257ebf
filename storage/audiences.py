"""Audiences: who is in one, and in which zone each member is now, as the database is asked for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, false, or_, union

from storage.base import mine
from storage.cadences import Audience
from storage.members import members


def belongs(audience: Audience) -> Any:
    """Whether a member is in an audience. Whoever is deactivated is in none."""
    asked = []
    if audience.everybody:
        asked.append(members.c.kind == "person")
    if audience.teams:
        asked.append(members.c.team_id.in_(audience.teams) & (members.c.kind != "bot"))
    if audience.members:
        asked.append(members.c.id.in_(audience.members) & (members.c.kind != "bot"))
    without = [members.c.id.not_in(audience.without)] if audience.without else []
    return and_(members.c.active.is_(True), or_(false(), *asked), *without)


def zone_now(now: Any, of_workspace: Any) -> Any:
    """The name of the zone that a member is in: of a journey, their own choice, their profile, or the workspace."""
    travels = (members.c.own_travel_zone != "") & (members.c.own_travel_until > now)
    return case(
        (travels, members.c.own_travel_zone),
        (members.c.own_zone != "", members.c.own_zone),
        (members.c.zone != "", members.c.zone),
        else_=of_workspace,
    )


def may_be_in(zone: str, of_workspace: str, after: int) -> Any:
    """The ids above `after` of members who may be in a zone, as a table: of whoever is not in it, not a row is read."""
    named = (zone, "") if zone == of_workspace else (zone,)
    places = (members.c.zone.in_(named), members.c.own_zone == zone, members.c.own_travel_zone == zone)
    ids = (mine(members, members.c.id).where(place, members.c.id > after) for place in places)
    return union(*ids).subquery("near")
