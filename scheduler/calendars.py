"""Days off from elsewhere: members' calendars, each read once an hour, and the public holidays of the places in use."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from handlers.turn import refresh_homes
from scheduler.absences import UnknownPlace, Unreadable
from scheduler.aside import Aside
from storage.absences import Calendar, Days, Seen, workspaces_with_calendars
from storage.civil import local_date
from storage.engine import Storage
from storage.errors import StorageError
from storage.members import Member
from storage.workspaces import WorkspaceKey, workspace_keys

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
AT_ONCE = 20  # calendars of one workspace that are claimed together, so that replicas share them
# The days that are read: those just past too, since what came in late still says who was away.
BEFORE, AFTER = timedelta(days=35), timedelta(days=400)


@dataclass(frozen=True)
class Fetched:
    """What stands at an address, and which version of it that is; no text where it is the version that was seen."""

    text: bytes | None
    seen: Seen


Fetch: TypeAlias = Callable[[str, Seen], Awaitable[Fetched]]
FetchFile: TypeAlias = Callable[[WorkspaceKey, str], Awaitable[bytes]]


async def no_files(_workspace: WorkspaceKey, _address: str) -> bytes:
    """For where no platform keeps files."""
    raise Unreadable("Files cannot be read here.")


class DaysOff:
    """Keeps absences and holidays as calendars have them.

    `fetch` brings what stands at an address unless it has been seen, `fetch_file` what a workspace's platform keeps for
    it; both may raise Unreadable. `wake` is told where homes have something new to say.
    """

    def __init__(
        self,
        storage: Storage,
        fetch: Fetch,
        fetch_file: FetchFile = no_files,
        wake: Callable[[WorkspaceKey], None] | None = None,
    ) -> None:
        self._storage = storage
        self._fetch = fetch
        self._fetch_file = fetch_file
        self._wake = wake
        self._kept: dict[tuple[WorkspaceKey, str], date] = {}

    async def read_calendars(self) -> None:
        """Read the calendars that were not read for an hour. One that fails keeps what it said, and why is noted."""
        try:
            for workspace in await self._storage.run(self._workspaces_with_calendars):
                await self._read_workspace(workspace)
        except StorageError as problem:
            log.warning("reading calendars was put off: %s", problem)

    async def keep_holidays(self) -> None:
        """Keep the holidays of the places in use: once a day, and of a place that is new at once."""
        try:
            for workspace in await self._storage.run(self._workspaces):
                await self._keep_holidays_of(workspace)
        except StorageError as problem:
            log.warning("keeping holidays was put off: %s", problem)

    async def _read_workspace(self, workspace: WorkspaceKey) -> None:
        async with Aside() as aside:
            for calendar, owner in await self._storage.run(self._claim, workspace):
                try:
                    (found, seen), problem = await self._read(workspace, calendar, owner, aside), ""
                except Unreadable as reason:
                    found, seen, problem = None, None, str(reason)
                try:
                    await self._storage.run(self._keep, workspace, calendar, owner, found, problem, seen)
                except StorageError as reason:
                    # What was known stays, and the calendar is due again in an hour.
                    log.warning("a calendar was read and could not be kept: %s", reason)
                else:
                    if calendar.once and self._wake:
                        self._wake(workspace)

    async def _read(
        self, workspace: WorkspaceKey, calendar: Calendar, owner: Member, aside: Aside
    ) -> tuple[list[Days] | None, Seen | None]:
        """What a calendar says, or None where it says what it said before; and its version, where that is new."""
        today = local_date(self._storage.clock.now(), owner.zone)
        seen, text = None, calendar.text.encode()
        if calendar.file:
            text = await self._fetch_file(workspace, calendar.file)
        elif calendar.url:
            # The same calendar means other days on another day, and in another zone.
            read_for = f"{today} {owner.zone.key}"
            fetched = await self._fetch(calendar.url, calendar.seen if calendar.seen.read_for == read_for else Seen())
            if fetched.text is None:
                return None, None
            seen, text = replace(fetched.seen, read_for=read_for), fetched.text
        return await aside.absences_in(text, owner.zone, today - BEFORE, today + AFTER), seen

    async def _keep_holidays_of(self, workspace: WorkspaceKey) -> None:
        today = self._storage.clock.now().date()
        async with Aside() as aside:
            for place in sorted(await self._storage.run(self._places, workspace)):
                if self._kept.get((workspace, place)) == today:
                    continue
                try:
                    days = await aside.holidays_of(place, today - timedelta(days=1), today + AFTER)
                except UnknownPlace as problem:
                    log.warning("%s Members there are asked on holidays too.", problem)
                else:
                    await self._storage.run(self._keep_days, workspace, place, days)
                self._kept[workspace, place] = today

    # On a storage thread, each in one transaction.

    def _workspaces(self) -> list[WorkspaceKey]:
        with self._storage.connect() as connection:
            return workspace_keys(connection)

    def _workspaces_with_calendars(self) -> list[WorkspaceKey]:
        with self._storage.connect() as connection:
            return workspaces_with_calendars(connection, self._storage.clock.now() - EVERY)

    def _claim(self, workspace: WorkspaceKey) -> list[tuple[Calendar, Member]]:
        with self._storage.begin(workspace, meet=False) as store:
            claimed = store.absences.calendars_to_read(store.now - EVERY, AT_ONCE)
            owners = store.members.by_ids(one.member_id for one in claimed)
            return [(one, owners[one.member_id]) for one in claimed if owners[one.member_id].active]

    def _keep(
        self,
        workspace: WorkspaceKey,
        calendar: Calendar,
        owner: Member,
        found: Iterable[Days] | None,
        problem: str,
        seen: Seen | None,
    ) -> None:
        assert calendar.read_at
        with self._storage.begin(workspace, meet=False) as store:
            store.absences.replace_calendar(calendar.member_id, found, calendar.read_at, problem, seen)
            if calendar.once:
                refresh_homes(store, owner)

    def _places(self, workspace: WorkspaceKey) -> set[str]:
        with self._storage.begin(workspace, meet=False) as store:
            return store.absences.places_in_use()

    def _keep_days(self, workspace: WorkspaceKey, place: str, days: dict[date, str]) -> None:
        with self._storage.begin(workspace, meet=False) as store:
            store.absences.keep_holidays(place, days)
