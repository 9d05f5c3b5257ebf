"""Audiences: who is in one, and in which zone each member is now, as the database is asked for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, false, or_

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
    return case((_travels(now), members.c.own_travel_zone), *_at_home(), else_=of_workspace)


def zone_after(of_workspace: Any) -> Any:
    """The name of the zone that a member is in once they travel no longer."""
    return case(*_at_home(), else_=of_workspace)


def returns(now: Any, before: Any) -> Any:
    """Whether a member is on a journey that ends before an instant."""
    return and_(_travels(now), members.c.own_travel_until < before)


def _travels(now: Any) -> Any:
    return and_(members.c.own_travel_zone != "", members.c.own_travel_until > now)


def _at_home() -> tuple[tuple[Any, Any], ...]:
    return (members.c.own_zone != "", members.c.own_zone), (members.c.zone != "", members.c.zone)


def may_be_in(zone: str, of_workspace: str) -> list[Any]:
    """Who may be in a zone, as conditions of which each has an index: of whoever is in another, not a row is read."""
    named = [members.c.zone == zone]
    if zone == of_workspace:
        named.append(members.c.zone == "")
    # Few have a zone of their own, and only they are in these indexes.
    own, travels = members.c.own_zone, members.c.own_travel_zone
    return [*named, and_(own == zone, own != ""), and_(travels == zone, travels != "")]
