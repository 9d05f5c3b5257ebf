"""Wake-ups among processes: whoever queues a delivery tells every courier, by LISTEN and NOTIFY of PostgreSQL.

SQLite has one process, where a plain call does it. A wake-up that is lost costs at most the time until the next sweep.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import bindparam, func, make_url, select
from sqlalchemy.engine import Connection

from storage.prepared import prepared
from storage.workspaces import WorkspaceKey, workspaces

log = logging.getLogger(__name__)

CHANNEL = "soundings_outbox"
LOOK_UP_EVERY = 1.0  # seconds after which a listener sees that it is to stop
CALM_DOWN = 5.0  # seconds before connecting again

NOTIFY = select(func.pg_notify(CHANNEL, workspaces.c.platform + " " + workspaces.c.external_id)).where(
    workspaces.c.id == bindparam("workspace")
)


def announce(connection: Connection, workspace_id: int) -> None:
    """Tell the couriers, when this transaction commits, that the workspace has something to send."""
    if connection.dialect.name == "postgresql":
        prepared(NOTIFY, connection.dialect).ask(connection, {"workspace": workspace_id})


class Listener:
    """A thread with its own connection that calls `wake` for every announcement. `url` is a URL of PostgreSQL."""

    def __init__(self, url: str, wake: Callable[[WorkspaceKey], None]) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._wake = wake
        self._stopped = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wakeups", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it listens, at most so long; whether it does."""
        return self._listening.wait(seconds)

    def stop(self) -> None:
        """Listen no longer; returns when the thread has ended."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        import psycopg  # nine megabytes that a process on SQLite has no use for

        while not self._stopped.is_set():
            try:
                self._listen()
            except psycopg.Error as problem:
                log.warning("wake-ups pause for %.0f s: %s", CALM_DOWN, type(problem).__name__)
                self._listening.clear()
                self._stopped.wait(CALM_DOWN)

    def _listen(self) -> None:
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._listening.set()
            while not self._stopped.is_set():
                for note in connection.notifies(timeout=LOOK_UP_EVERY):
                    platform, _, external_id = note.payload.partition(" ")
                    self._wake(WorkspaceKey(platform, external_id))
