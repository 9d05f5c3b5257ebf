"""Members: the people of a workspace, as its directory tells of them, and what each of them chose for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    literal_column,
)

from storage.base import Id, Instant, Repository, metadata, mine, only, row_id, tenant
from storage.civil import zone

MemberKind: TypeAlias = Literal["person", "guest", "bot"]


@dataclass(frozen=True)
class Own:
    """What a member chose about when they are asked; empty where they follow their profile or the workspace.

    `zone` stands in place of the profile's; `travel_zone` in place of both, until `travel_until`. `working_days` are
    seven characters, Monday first, "1" for a day on which they work. `works` and `quiet` are spans such as
    "09:00-17:30". `holidays` is a place such as "DE-BY". `weekly_most` is their own budget of prompts.
    """

    zone: str = ""
    travel_zone: str = ""
    travel_until: datetime | None = None
    working_days: str = ""
    works: str = ""
    quiet: str = ""
    holidays: str = ""
    weekly_most: int | None = None


@dataclass(frozen=True)
class Member:
    """A person in a workspace. `key` is the platform's id; `reach` is where to write to them, once known.

    `zone` is the one they are in now: of a journey, of their own choosing, of their profile, or of the workspace.
    `home_zone` is the same without the journey, `profile_zone` what the directory says, or empty.
    """

    id: int
    key: str
    name: str
    zone: ZoneInfo
    kind: MemberKind = "person"
    active: bool = True
    admin: bool = False
    team_id: int | None = None
    reach: str = ""
    told_of_kudos: bool = True
    known: bool = True
    home_at: datetime | None = None
    team_since: datetime | None = None
    own: Own = field(default_factory=Own)
    home_zone: ZoneInfo = field(default_factory=lambda: zone("UTC"))
    profile_zone: str = ""

    @property
    def travels(self) -> bool:
        """Whether `zone` is that of a journey."""
        return self.zone != self.home_zone

    def zone_at(self, at: datetime) -> ZoneInfo:
        """The zone they will be in at an instant to come, as far as they told."""
        over = self.own.travel_until is None or at >= self.own.travel_until
        return self.home_zone if over else self.zone


@dataclass(frozen=True)
class Listed:
    """A person as the platform's directory lists them. `as_of` is when that changed last, in seconds; 0 if unsaid."""

    key: str
    name: str
    zone: str = ""
    kind: MemberKind = "person"
    active: bool = True
    admin: bool = False
    as_of: int = 0


members = Table(
    "members",
    metadata,
    row_id(),
    tenant(),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="person"),
    Column("active", Boolean, nullable=False, default=True),
    Column("admin", Boolean, nullable=False, default=False),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="SET NULL")),
    # When they came into that team: nobody is counted for the time before.
    Column("team_since", Instant),
    Column("reach", Text, nullable=False, default=""),
    Column("told_of_kudos", Boolean, nullable=False, default=True),
    # False until the directory has told us more than a key.
    Column("known", Boolean, nullable=False, default=True),
    Column("met_at", Instant, nullable=False),
    # Of when what the directory told us is: older news is left aside.
    Column("as_of", BigInteger, nullable=False, server_default="0"),
    # When they last looked at their home.
    Column("home_at", Instant),
    Column("own_zone", Text, nullable=False, server_default=literal_column("''")),
    Column("own_travel_zone", Text, nullable=False, server_default=literal_column("''")),
    Column("own_travel_until", Instant),
    Column("own_working_days", Text, nullable=False, server_default=literal_column("''")),
    Column("own_works", Text, nullable=False, server_default=literal_column("''")),
    Column("own_quiet", Text, nullable=False, server_default=literal_column("''")),
    Column("own_holidays", Text, nullable=False, server_default=literal_column("''")),
    Column("own_weekly_most", Integer),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_members_team", "workspace_id", "team_id"),
    # In the order in which a wave takes its members; in the others only those few who have such a zone.
    Index("ix_members_zone", "workspace_id", "zone", "id"),
    Index("ix_members_own_zone", "workspace_id", "own_zone", "id", **only("own_zone <> ''")),
    Index("ix_members_travel_zone", "workspace_id", "own_travel_zone", "id", **only("own_travel_zone <> ''")),
)

BY_ID = mine(members).where(members.c.id == bindparam("id"))
HAS_KEY = members.c.key == bindparam("key")
BY_KEY = mine(members).where(HAS_KEY)
ELSEWHERE = members.c.reach != bindparam("reach")


class Members(Repository):
    """Who is here. `zone` is that of people whose own the directory does not tell."""

    def __init__(self, *bound: Any, zone: str = "UTC") -> None:
        super().__init__(*bound)
        self._zone = zone

    def by_id(self, member_id: int) -> Member | None:
        """The member with this id."""
        return self._one(self._row(BY_ID, id=member_id))

    def by_ids(self, ids: Iterable[int]) -> dict[int, Member]:
        """Members by their ids; who is not here is left out."""
        wanted = set(ids)
        rows = self._rows(mine(members).where(members.c.id.in_(wanted))) if wanted else []
        return {row.id: self._member(row) for row in rows}

    def by_key(self, key: str) -> Member | None:
        """The member with this platform id."""
        return self._one(self._row(BY_KEY, key=key))

    def by_keys(self, keys: Iterable[str]) -> list[Member]:
        """Members by their platform ids, in the order given; who is not here is left out."""
        wanted = list(dict.fromkeys(keys))
        rows = self._rows(mine(members).where(members.c.key.in_(wanted))) if wanted else []
        found = {row.key: self._member(row) for row in rows}
        return [found[key] for key in wanted if key in found]

    def greet(self, key: str, name: str = "") -> Member:
        """The member with this platform id, met now if never before; the directory fills in the rest later."""
        found = self.by_key(key)
        if found:
            return found
        self._add(members, key=key, name=name or key, zone="", known=False, met_at=self._now)
        met = self.by_key(key)
        assert met is not None
        return met

    def keep(self, listed: Listed) -> bool:
        """Write down what the directory says of a person, unless it is older than what is known; whether it was new."""
        values: dict[str, Any] = {
            "name": listed.name or listed.key,
            "zone": listed.zone,
            "kind": listed.kind,
            "active": listed.active,
            "admin": listed.admin,
            "known": True,
            "as_of": listed.as_of,
        }
        row = self._row(mine(members).where(members.c.key == listed.key))
        if row is None:
            return self._add_if_new(members, key=listed.key, met_at=self._now, **values)
        values["as_of"] = listed.as_of or row.as_of
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        # Asked again while changing: another replica may have heard newer news meanwhile.
        not_newer = members.c.as_of <= values["as_of"]
        return bool(changed) and self._change(members, members.c.id == row.id, not_newer, **changed) == 1

    def set_reach(self, key: str, reach: str) -> None:
        """Remember where to write to a member."""
        self._change_about(members, {"key": key, "reach": reach}, HAS_KEY, ELSEWHERE, reach=reach)

    def set_team(self, member_ids: Iterable[int], team_id: int | None) -> None:
        """Put members into a team, or (None) into none."""
        ids = list(member_ids)
        if ids:
            elsewhere = members.c.team_id.is_distinct_from(team_id)
            self._change(members, members.c.id.in_(ids), elsewhere, team_id=team_id, team_since=self._now)

    def set_told_of_kudos(self, member_id: int, told: bool) -> None:
        """Whether kudos to this member are also told to them directly."""
        self._change_one(members, member_id, told_of_kudos=told)

    def choose(self, member_id: int, **own: Any) -> None:
        """Keep what a member chose about when they are asked, by the names of `Own`."""
        self._change_one(members, member_id, **{f"own_{name}": value for name, value in own.items()})

    def looked_at_home(self, member_id: int) -> None:
        """A member has their home before them now."""
        self._change_one(members, member_id, home_at=self._now)

    def of_team(self, team_id: int) -> list[Member]:
        """The active people of a team, by name."""
        return self._people(members.c.team_id == team_id)

    def people(self) -> list[Member]:
        """All active people of the workspace, by name; bots and guests are not among them."""
        return self._people(members.c.kind == "person")

    def admins(self) -> list[Member]:
        """The active people whom the platform calls admin or owner."""
        return self._people(members.c.admin.is_(True))

    def _people(self, *where: Any) -> list[Member]:
        query = mine(members).where(members.c.active.is_(True), members.c.kind != "bot", *where)
        return [self._member(row) for row in self._rows(query.order_by(members.c.name, members.c.id))]

    def _one(self, row: Any | None) -> Member | None:
        return self._member(row) if row else None

    def _member(self, row: Any) -> Member:
        own = Own(*(getattr(row, f"own_{one.name}") for one in fields(Own)))
        home_zone = zone(own.zone or row.zone or self._zone)
        return Member(
            row.id,
            row.key,
            row.name,
            self._travelling(own) or home_zone,
            row.kind,
            row.active,
            row.admin,
            row.team_id,
            row.reach,
            row.told_of_kudos,
            row.known,
            row.home_at,
            row.team_since,
            own,
            home_zone,
            row.zone,
        )

    def _travelling(self, own: Own) -> ZoneInfo | None:
        under_way = own.travel_until is not None and own.travel_until > self._now
        return zone(own.travel_zone) if under_way and own.travel_zone else None
