"""A store: the repositories of one workspace, inside one transaction. It cannot see another tenant's rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from storage import sqlite
from storage.absences import Absences
from storage.blockers import Blockers
from storage.cadences import Cadences
from storage.checkins import CheckIns
from storage.crypto import Vault
from storage.deliveries import Deliveries
from storage.drafts import Drafts
from storage.errors import Unavailable
from storage.events import Events
from storage.known import Known
from storage.kudos import AllKudos
from storage.lanes import Lanes
from storage.members import Members
from storage.mutes import Mutes
from storage.planning import Planning
from storage.prompts import Prompts
from storage.questions import Questions
from storage.standing import Standing
from storage.summaries import Summaries
from storage.teams import Teams
from storage.waves import Waves
from storage.workspaces import Workspace, change_workspace


class Store:
    """Everything about one workspace, as of one instant."""

    def __init__(self, connection: Connection, workspace: Workspace, vault: Vault, now: datetime, known: Known) -> None:
        self._bound = (connection, workspace.id, vault, now, known)
        self._connection = connection
        self._known = known
        self.workspace = workspace
        self.now = now

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part of the transaction: if it raises, it alone is undone, and what it raised passes on.

        Raises Unavailable when the database cannot be used.
        """
        before = self.workspace
        try:
            with self._connection.begin_nested():
                yield
        except (OperationalError, InterfaceError) as problem:
            raise Unavailable(str(problem.orig)) from problem
        except Exception:
            self.workspace = before
            self._known.undone()
            self.deliveries.announced = False  # that was undone too
            raise

    @property
    def only_reads(self) -> bool:
        """Whether writing fails just now, as another program holds the database: what need not be kept can be left."""
        return sqlite.only_reads(self._connection)

    def change_settings(self, **changes: object) -> Workspace:
        """Change the workspace's settings, or its name (`name=...`)."""
        self.workspace = change_workspace(self._connection, self.workspace, **changes)
        return self.workspace

    @cached_property
    def members(self) -> Members:
        """Who is here."""
        return Members(*self._bound, zone=self.workspace.settings.zone)

    @cached_property
    def teams(self) -> Teams:
        """Who is summarised together."""
        return Teams(*self._bound)

    @cached_property
    def questions(self) -> Questions:
        """What is asked."""
        return Questions(*self._bound)

    @cached_property
    def checkins(self) -> CheckIns:
        """What people said of their work."""
        return CheckIns(*self._bound)

    @cached_property
    def blockers(self) -> Blockers:
        """What is in people's way."""
        return Blockers(*self._bound)

    @cached_property
    def drafts(self) -> Drafts:
        """Words not yet sent."""
        return Drafts(*self._bound)

    @cached_property
    def cadences(self) -> Cadences:
        """What is asked again and again."""
        return Cadences(*self._bound)

    @cached_property
    def waves(self) -> Waves:
        """What comes due together."""
        return Waves(*self._bound, zone=self.workspace.settings.zone)

    @cached_property
    def planning(self) -> Planning:
        """Who is asked what and when."""
        return Planning(*self._bound, settings=self.workspace.settings)

    @cached_property
    def prompts(self) -> Prompts:
        """Who was invited to what."""
        return Prompts(*self._bound)

    @cached_property
    def absences(self) -> Absences:
        """Who is not to be asked when."""
        return Absences(*self._bound, place=self.workspace.settings.holidays)

    @cached_property
    def kudos(self) -> AllKudos:
        """Who thanked whom."""
        return AllKudos(*self._bound)

    @cached_property
    def summaries(self) -> Summaries:
        """What managers were told."""
        return Summaries(*self._bound)

    @cached_property
    def mutes(self) -> Mutes:
        """What is not sent to whom."""
        return Mutes(*self._bound)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What is on its way to somebody."""
        return Deliveries(*self._bound)

    @cached_property
    def lanes(self) -> Lanes:
        """How what is on its way gets there."""
        return Lanes(*self._bound)

    @cached_property
    def standing(self) -> Standing:
        """What is going on."""
        return Standing(*self._bound)

    @cached_property
    def events(self) -> Events:
        """What was already acted upon."""
        return Events(*self._bound)
