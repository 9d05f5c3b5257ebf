"""What the sandbox keeps over a restart: one row in the same SQLite file that holds the app's own tables."""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.crypto import new_key

TABLE = "CREATE TABLE IF NOT EXISTS sandbox_state (id INTEGER PRIMARY KEY CHECK (id = 1), kept TEXT NOT NULL)"
BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class Secrets:
    """What the app and its Slack share, and what seals the app's tables."""

    signing: str
    vault: str

    @staticmethod
    def fresh() -> Secrets:
        """New ones."""
        return Secrets(secrets.token_hex(16), new_key())


@dataclass(frozen=True)
class Kept:
    """The state of a sandbox: its instant, its snapshot, and the secrets.

    A real key never lies beside what it seals. This one does, as every word in the demo is fictional and the file is
    to be one that can be copied and thrown away.
    """

    now: datetime
    secrets: Secrets
    snapshot: dict[str, Any]

    def to_json(self) -> str:
        """As text."""
        return json.dumps({"now": self.now.isoformat(), "secrets": vars(self.secrets), "snapshot": self.snapshot})

    @staticmethod
    def from_json(text: str) -> Kept:
        """From text."""
        kept = json.loads(text)
        return Kept(datetime.fromisoformat(kept["now"]), Secrets(**kept["secrets"]), kept["snapshot"])


def load(file: Path) -> Kept | None:
    """What was kept in this file, if anything was."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
        try:
            row = connection.execute("SELECT kept FROM sandbox_state").fetchone()
        except sqlite3.DatabaseError:
            return None
    return Kept.from_json(row[0]) if row else None


def save(file: Path, kept: str) -> None:
    """Keep this text of `Kept.to_json` in the place of what was kept before."""
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection, connection:
        connection.execute(TABLE)
        connection.execute("INSERT OR REPLACE INTO sandbox_state VALUES (1, ?)", (kept,))


def forget(file: Path) -> None:
    """Remove the file and what SQLite puts beside it."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
