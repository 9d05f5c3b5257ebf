"""The database: SQLite or PostgreSQL behind one door. Opens transactions and hops onto the threads that run them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from storage import opening, sqlite
from storage.clock import Clock, SystemClock
from storage.crypto import Vault
from storage.errors import Conflict, NotHere, Unavailable
from storage.known import Arrangements, Known
from storage.members import BY_KEY
from storage.quick import QuickTurns
from storage.store import Store
from storage.workspaces import WorkspaceKey, meet_workspace

P = ParamSpec("P")
T = TypeVar("T")

# SQLite lets one writer in at a time, so one thread takes turns in order. PostgreSQL takes many, but threads beyond a
# few only wait for one another's hold on the interpreter, at every statement, and answer less between them.
THREADS = {"sqlite": 1, "postgresql": 2}
CONNECTIONS = 10
NO_ADDRESS = (
    "This is not the address of a database, which looks like sqlite:///soundings.db or "
    "postgresql://user:password@host/name."
)


class Storage:
    """One database. `url` is a SQLAlchemy URL of SQLite or PostgreSQL. Raises ValueError for others."""

    def __init__(self, url: str, vault: Vault, clock: Clock | None = None) -> None:
        self.url = _with_driver(url)
        self.vault = vault
        self.clock = clock or SystemClock()
        self.engine = _engine(self.url)
        self.on_sqlite = self.engine.dialect.name == "sqlite"
        self._arrangements = Arrangements()
        path = make_url(self.url).database if self.on_sqlite else None
        self._quick = QuickTurns(path) if path else None
        self._newest: asyncio.Future[Any] | None = None  # what was given to a thread last
        self._threads = ThreadPoolExecutor(THREADS[self.engine.dialect.name], "storage")

    @contextmanager
    def begin(self, key: WorkspaceKey, name: str = "", *, actor: str = "", meet: bool = True) -> Iterator[Store]:
        """One transaction for one workspace, met now if never before; kept when the block ends without an exception.

        The member whose platform id `actor` is need not be asked for any more. Whoever takes up what was left does not
        `meet` a workspace: it was erased meanwhile.
        Raises Conflict when somebody wrote the same thing first, Unavailable when the database cannot be used, NotHere.
        """
        with self._transaction(lambda connection: opening.find(connection, key, actor)) as (connection, found):
            now = self.clock.now()
            if found is None:
                if not meet:
                    raise NotHere(key.external_id)
                meet_workspace(connection, key, name or key.external_id, now)
                found = opening.find(connection, key, actor)
                assert found
            workspace, acting = found
            known = Known(self._arrangements.at(workspace.id, workspace.revision))
            known.keep((BY_KEY, actor), BY_KEY, acting)
            yield Store(connection, workspace, self.vault, now, known)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """One transaction over the whole database, for the few questions that are no workspace's own."""
        with self._transaction(_are_you_there) as (connection, _):
            yield connection

    @contextmanager
    def _transaction(self, first: Callable[[Connection], T]) -> Iterator[tuple[Connection, T]]:
        """One transaction, and what its first question found."""
        try:
            connection, found = self._opened(first)
            with connection:
                yield connection, found
                connection.commit()
        except IntegrityError as problem:
            raise Conflict(str(problem.orig)) from problem
        except (DBAPIError, SQLAlchemyError) as problem:
            raise Unavailable(str(getattr(problem, "orig", problem))) from problem

    def _opened(self, first: Callable[[Connection], T]) -> tuple[Connection, T]:
        # Connections that were dropped while they lay idle are noticed by the first question, before anything was
        # done. Looking after each of them beforehand would cost every turn one more way to the database and back.
        for _ in range(CONNECTIONS):
            try:
                return self._asked(first)
            except DBAPIError as problem:
                if not problem.connection_invalidated:
                    raise
        return self._asked(first)

    def _asked(self, first: Callable[[Connection], T]) -> tuple[Connection, T]:
        connection = self.engine.connect()
        try:
            connection.begin()
            return connection, first(connection)
        except BaseException:
            connection.close()
            raise

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a plain function that uses the database on a thread that may."""
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, lambda: function(*args, **kwargs))
        self._newest = running
        return await running

    async def turn(self, name: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one turn: on SQLite at once, where turns of this name have been quick so far; else as `run` does."""
        quick = self._quick
        if quick is None:
            return await self.run(function, *args, **kwargs)
        if quick.is_quick(name):
            # First whoever came before. To follow them onto the thread would keep it busy for whoever comes next.
            if self._newest and not self._newest.done():
                await asyncio.wait({self._newest})
            if quick.is_free():
                return quick.timed(name, lambda: function(*args, **kwargs))
        return await self.run(quick.timed, name, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Let go of threads and connections."""
        self._threads.shutdown()
        if self._quick:
            self._quick.close()
        self.engine.dispose()


def _with_driver(url: str) -> str:
    return url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)


def _engine(url: str) -> Engine:
    try:
        driver = make_url(url).drivername
        if driver == "sqlite":
            engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
            sqlite.serve(engine)
            return engine
        if driver == "postgresql+psycopg":
            return create_engine(url, hide_parameters=True, pool_size=CONNECTIONS, max_overflow=2, pool_timeout=2)
    except (ArgumentError, ValueError):  # what they say may hold the password
        raise ValueError(NO_ADDRESS) from None
    raise ValueError(f"Soundings keeps its data in SQLite or PostgreSQL, not in {driver}.")


def _are_you_there(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1")  # of no tenant: it only finds out whether the connection still stands
