"""The keys that seal what is stored: those of SOUNDINGS_KEYS, or a file beside the SQLite database."""

from __future__ import annotations

import os
from pathlib import Path

from bot.settings import Settings, SettingsError
from storage.crypto import new_key

FILE = "soundings.key"


def key_file(settings: Settings) -> Path | None:
    """Where keys lie when the settings have none; None where there is no such place."""
    database = database_file(settings)
    return None if settings.vault_keys or database is None else database.with_name(FILE)


def database_file(settings: Settings) -> Path | None:
    """The SQLite file; None for PostgreSQL and for a database in memory."""
    scheme, _, path = settings.database_url.partition(":///")
    path = path.partition("?")[0]
    return Path(path) if scheme.startswith("sqlite") and path and path != ":memory:" else None


def load_keys(settings: Settings) -> list[str]:
    """The keys, the writing one first; a fresh file of keys is made where a SQLite database is yet to be made.

    Raises SettingsError where there are none and none may be made.
    """
    if settings.vault_keys:
        return [one.get_secret_value() for one in settings.vault_keys]
    file = key_file(settings)
    if file is None:
        if settings.database_url.startswith("sqlite"):
            return [new_key()]  # a database in memory is gone before its key is
        raise SettingsError(
            "SOUNDINGS_KEYS is not set. Make a key with `soundings keys new`, and keep a copy of it in a safe place."
        )
    if not file.exists():
        _make(file, settings)
    return file.read_text(encoding="ascii").split()


def add_key(file: Path) -> None:
    """Put a fresh key before the others in a file of keys."""
    keys = "\n".join([new_key(), *file.read_text(encoding="ascii").split()])
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    _write(beside, f"{keys}\n")
    beside.replace(file)


def _make(file: Path, settings: Settings) -> None:
    database = database_file(settings)
    if database is not None and database.exists() and database.stat().st_size:
        raise SettingsError(
            f"The database {database} is there, but its keys in {file} are not. "
            "Put that file back from your backup, or set SOUNDINGS_KEYS."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, f"{new_key()}\n")
    except FileExistsError:
        return  # another process was quicker
    except OSError as problem:
        raise SettingsError(f"The file of keys {file} cannot be written: {problem.strerror}.") from problem


def _write(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
