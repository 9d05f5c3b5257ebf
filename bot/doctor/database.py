"""The database: can it be reached, is it of this version, can it be written, do the keys fit, what got stuck in it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.findings import TAB_ON, Finding, ok, problem, warn
from bot.keys import database_file, key_file, load_keys
from bot.schema import SENTENCES, WORKS
from bot.settings import Settings, SettingsError
from bot.standing import TOO_LONG, heartbeat
from storage.crypto import Vault
from storage.engine import Storage
from storage.errors import StorageError, Unavailable
from storage.installs import Install
from storage.migrate import standing
from storage.sealing import unreadable
from storage.ticks import seconds_since
from storage.workspaces import try_writing

RECENT = timedelta(days=7)
IMPATIENT = timedelta(minutes=10)
MEGABYTE = 1024 * 1024
LITTLE, TOO_LITTLE = 500 * MEGABYTE, 50 * MEGABYTE


def find_keys(settings: Settings) -> tuple[Vault | None, Finding]:
    """The vault, if there are keys for it."""
    database, file = database_file(settings), key_file(settings)
    if file and database and not file.exists() and not database.exists():
        return None, ok("Keys", f"{file} will be made when Soundings first runs. Keep a copy of it in a safe place.")
    try:
        vault = Vault(load_keys(settings))
    except (SettingsError, ValueError) as refused:
        return None, problem("Keys", str(refused), "Without its keys, nothing that is stored can be read.")
    if file and file.stat().st_mode & 0o077:
        return vault, warn("Keys", f"Others on this machine may read {file}.", f"Run: chmod 600 {file}")
    return vault, ok("Keys", f"Kept in {file}. Back it up apart from the database." if file else "From SOUNDINGS_KEYS.")


def unmade(settings: Settings) -> Finding | None:
    """What is to be said of a SQLite file that is not there yet; to look into it would make it."""
    file = database_file(settings)
    if file is None or file.exists() or not file.absolute().parent.is_dir():
        return None
    return ok("Database", f"{file.absolute()} will be made when Soundings first runs.")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room beside a SQLite file."""
    database = database_file(settings)
    if database is None:
        return
    place = next(one for one in (database.parent, *database.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free
    says = f"{free // MEGABYTE} MB are free where the database is."
    mend = f"Make room on the disk of {place.absolute()}, or move the database."
    if free < TOO_LITTLE:
        yield problem("Disk", says, mend)
    elif free < LITTLE:
        yield warn("Disk", says, mend)
    else:
        yield ok("Disk", says)


def check_database(settings: Settings, storage: Storage) -> Iterator[Finding]:
    """Whether the database can be used. Ends early when a later question makes no sense."""
    database = database_file(settings)
    try:
        how = standing(storage)
    except Unavailable as why:
        yield problem("Database", f"The database cannot be reached: {_first_line(why)}.", _reach(database))
        return
    if how not in WORKS:
        yield problem("Database", *SENTENCES[how])
        return
    try:
        with storage.connect() as connection:
            try_writing(connection)
    except Unavailable as why:
        mend = "Let the account that runs Soundings write it, and see that no other program holds it locked."
        yield problem("Database", f"The database cannot be written: {_first_line(why)}.", mend)
        return
    if how == "newer":
        yield warn("Database", *SENTENCES[how])
    else:
        yield ok("Database", f"{database or 'PostgreSQL'} is reachable, of this version, and can be written.")
    with storage.connect() as connection:
        closed = unreadable(connection, storage.vault)
    if closed:
        yield problem(
            "Keys",
            f"The present keys do not open what is stored in: {', '.join(closed)}.",
            "Put the earlier keys back, after the first one, separated by commas.",
        )


def check_ticks(storage: Storage) -> Iterator[Finding]:
    """Whether Soundings looks at what is due, once it ever did."""
    with storage.connect() as connection:
        since = seconds_since(connection, storage.clock.now())
    if since is not None and since > TOO_LONG:
        yield warn("Schedule", heartbeat(since), "Nobody is asked until it runs again; what is too late is not sent.")
    elif since is not None:
        yield ok("Schedule", heartbeat(since))


def check_sending(storage: Storage, install: Install) -> Iterator[Finding]:
    """What could not be sent to one workspace of late, in plain words."""
    try:
        with storage.begin(install.key, install.name) as store:
            lane, waiting = store.lanes.state(), store.deliveries.waiting()
            overdue, unsent = store.deliveries.overdue_since(), store.deliveries.unsent(200)
    except StorageError as why:
        yield problem("Messages", f"What is on its way cannot be read: {_first_line(why)}.", "See the lines above.")
        return
    where = f"Messages in {install.name}"
    if lane.parked_why:
        yield problem(
            where, f"{waiting} are held back. {lane.parked_why}", "Install the app again; then they are sent."
        )
    elif overdue and overdue < storage.clock.now() - IMPATIENT:
        says = f"{waiting} are on their way, and one has been due since {overdue:%d %B, %H:%M} UTC."
        yield warn(where, says, "See that Soundings is running: soundings run")
    recent = [one for one in unsent if one.at > storage.clock.now() - RECENT]
    for why_not, times in Counter(one.why for one in recent).most_common():
        last = max(one.at for one in recent if one.why == why_not)
        says = f"{times} of the last seven days were not delivered, the last on {last:%d %B at %H:%M} UTC. {why_not}"
        if "Messages tab" in why_not:
            yield problem(where, says, TAB_ON)
        else:
            yield warn(where, says, "Later messages are not held up by this. Mend the cause, if it can be mended.")
    if not recent:
        yield ok(where, f"None was given up in the last seven days; {waiting} are on their way.")


def _reach(database: Path | None) -> str:
    if database is None:
        return "See that the server runs and that SOUNDINGS_DATABASE_URL names it, with user and password."
    return f"See that the folder of {database.absolute()} exists and may be read and written."


def _first_line(why: Exception) -> str:
    return next(iter(str(why).splitlines()), "no reason given").rstrip(".")
