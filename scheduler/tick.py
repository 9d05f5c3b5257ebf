"""The tick: looks at what is due, and opens, reminds and closes it, in short transactions one after another.

What is done and that it is done are committed together, so a tick that ends anywhere is taken up where it was. Ticks
of several processes take turns within a workspace and share the workspaces.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.apart import apart
from handlers.feature import Feature
from handlers.prompts import turn_of
from storage.cadences import Cadence
from storage.deliveries import next_due
from storage.engine import Storage
from storage.errors import NotHere, Unavailable
from storage.members import Member
from storage.recurrence import evenly
from storage.store import Store
from storage.waves import Wave, next_look, workspaces_due
from storage.workspaces import WorkspaceKey, workspace_keys

log = logging.getLogger(__name__)

STEPS = (
    "taken",  # a wave is in hand, and nothing is done for it
    "invited",  # some of its members have prompts and deliveries
    "opened",  # all of them have, and the wave that follows is written down
    "reminded",  # some of its members have reminders
    "closing",  # the wave is closed, but not its occurrence
    "closed",  # the features have done what is due at the close
    "committed",  # any of these is kept
)
# After something went wrong with a wave, others come first.
REST = timedelta(minutes=5)
NOBODY = Member(0, "", "", ZoneInfo("UTC"))


def _nothing(_step: str) -> None:
    return


class Ticker:
    """Does what time asks for, in all workspaces. `wake` is told where there is something to send, `at` every step."""

    def __init__(
        self,
        storage: Storage,
        features: tuple[Feature, ...],
        wake: Callable[[WorkspaceKey], None] | None = None,
        at: Callable[[str], None] = _nothing,
    ) -> None:
        self._storage = storage
        self._features = features
        self._wake = wake
        self._at = at

    async def tick(self) -> int:
        """Do all that is due by now; how many transactions that took. Raises Unavailable."""
        steps = 0
        for workspace in await self._storage.run(self._due):
            with suppress(NotHere):
                while await self._storage.run(self.step, workspace):
                    steps += 1
            if self._wake:
                self._wake(workspace)
        return steps

    async def look_round(self) -> None:
        """Write down waves for zones that are new, and invite whoever came late to one. Raises Unavailable."""
        for workspace in await self._storage.run(self._workspaces):
            with suppress(NotHere):
                await self._look_round(workspace)

    async def _look_round(self, workspace: WorkspaceKey) -> None:
        for cadence_id, wave in await self._storage.run(self._arranged, workspace):
            last, more = 0, True
            while more:
                last = await self._storage.run(self._join, workspace, cadence_id, wave.id, last)
                more = last > 0

    def step(self, workspace: WorkspaceKey) -> bool:
        """Do one thing that is due in a workspace, in one transaction; False when nothing is.

        Raises Unavailable, and NotHere where the workspace was erased.

        A wave with which something goes wrong is looked at again some minutes later.
        """
        taken: list[Wave] = []
        try:
            with self._storage.begin(workspace, meet=False) as store:
                wave = store.waves.take()
                if wave is None:
                    return False
                taken.append(wave)
                self._at("taken")
                self._do(store, wave)
        except (NotHere, Unavailable):
            raise
        except Exception:
            if not taken:
                raise
            log.exception("A wave could not be seen to, and is left for some minutes.")
            with self._storage.begin(workspace, meet=False) as store:
                store.waves.put_off(taken[0].id, store.now + REST)
        self._at("committed")
        return True

    def _do(self, store: Store, wave: Wave) -> None:
        cadence = store.cadences.by_id(wave.cadence_id)
        assert cadence is not None  # its waves go with it
        if wave.state == "coming" and cadence.paused:
            store.waves.arrange(cadence)
        elif wave.state in ("coming", "opening"):
            self._open(store, cadence, wave)
        elif wave.state == "open" and wave.closes_at > store.now:
            self._remind(store, cadence, wave)
        elif wave.state == "open":
            self._close(store, wave)
        else:
            self._close_occurrence(store, cadence, wave)

    def _open(self, store: Store, cadence: Cadence, wave: Wave) -> None:
        last = store.planning.plan(cadence, wave, wave.planned_to)
        self._at("invited")
        if last:
            store.waves.go_on(wave, last, "opening")
            return
        store.waves.look_again(wave, _next_look(cadence, wave, 0), "open", 0)
        store.waves.follow(cadence, wave)
        self._at("opened")

    def _remind(self, store: Store, cadence: Cadence, wave: Wave) -> None:
        """Put the reminder that is due on its way. However late that is, it comes in time before the close or not at
        all: that is looked at when it is drawn."""
        due, following = _next_look(cadence, wave, wave.nudged), _next_look(cadence, wave, wave.nudged + 1)
        if due > store.now or due == wave.closes_at:
            store.waves.look_again(wave, due, "open", wave.nudged)
            return
        last = 0 if cadence.paused else store.planning.nudge(cadence, wave, wave.planned_to)
        self._at("reminded")
        if last:
            store.waves.go_on(wave, last, "open")
        else:
            store.waves.look_again(wave, following, "open", wave.nudged + 1)

    def _close(self, store: Store, wave: Wave) -> None:
        store.waves.look_again(wave, None, "closed", wave.nudged)
        if store.waves.is_over(wave.cadence_id, wave.day):
            store.waves.look_again(wave, store.now, "closed", wave.nudged)
        self._at("closing")

    def _close_occurrence(self, store: Store, cadence: Cadence, wave: Wave) -> None:
        """Close what the last of its waves has closed, once it is on record who was never asked."""
        last = store.planning.record(cadence, wave, wave.planned_to) if store.waves.is_over(cadence.id, wave.day) else 0
        if last:
            store.waves.go_on(wave, last, "closed")
            return
        store.waves.look_again(wave, None, "closed", wave.nudged)
        if store.waves.close(cadence.id, wave.day):
            turn = turn_of(store, NOBODY, self._features)
            for feature in self._features:
                if feature.close:
                    with apart(store, f"what {feature.name} does after the close of cadence {cadence.id}"):
                        feature.close(turn, cadence, wave.day)
            self._at("closed")

    def _arranged(self, workspace: WorkspaceKey) -> list[tuple[int, Wave]]:
        with self._storage.begin(workspace, meet=False) as store:
            for cadence in store.cadences.all():
                store.waves.arrange(cadence)
            return [(wave.cadence_id, wave) for wave in store.waves.under_way() if wave.state == "open"]

    def _join(self, workspace: WorkspaceKey, cadence_id: int, wave_id: int, last: int) -> int:
        with self._storage.begin(workspace, meet=False) as store:
            # Both are read behind the lock: an edit, or a close, may have come between.
            store.waves.lock()
            cadence = store.cadences.by_id(cadence_id)
            wave = next((one for one in store.waves.under_way() if one.id == wave_id), None)
            if cadence is None or cadence.paused or wave is None or wave.state != "open":
                return 0
            return store.planning.plan(cadence, wave, last, late=True)

    def _due(self) -> list[WorkspaceKey]:
        with self._storage.connect() as connection:
            return workspaces_due(connection, self._storage.clock.now())

    def _workspaces(self) -> list[WorkspaceKey]:
        with self._storage.connect() as connection:
            return workspace_keys(connection)


def next_moment(storage: Storage) -> datetime | None:
    """When there is something to open, remind, close or send next, in any workspace; it may have passed."""
    with storage.connect() as connection:
        moments = (next_look(connection), next_due(connection, storage.clock.now()))
    return min((at for at in moments if at), default=None)


def _next_look(cadence: Cadence, wave: Wave, nudged: int) -> datetime:
    """When the next reminder is due, or the close where there is none any more."""
    return next(iter(evenly(wave.due_at, wave.closes_at, cadence.timing.nudges)[nudged:]), wave.closes_at)
