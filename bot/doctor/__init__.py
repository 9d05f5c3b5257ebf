"""The doctor: looks at everything that can keep Soundings from working, and says how to mend each.

It changes nothing, and posts nothing unless a test message is asked for.
"""

from __future__ import annotations

from bot.doctor import database, house
from bot.doctor.web import check_running
from bot.findings import Finding, problem
from bot.settings import Settings
from bot.slack import checkup
from handlers.features import FEATURES
from storage.clock import Clock, SystemClock
from storage.crypto import Vault
from storage.engine import Storage
from storage.errors import StorageError
from storage.installs import Install, all_installs


async def examine(settings: Settings, *, clock: Clock | None = None, send_test: str = "") -> list[Finding]:
    """Everything that was found, in the order in which to mend it. `send_test` is a member's id to write to."""
    clock = clock or SystemClock()
    found = [*house.check_names(), *house.check_settings(settings), *house.check_manifest(FEATURES)]
    found += database.check_disk(settings)
    installs: list[Install] = []
    vault, keys = database.find_keys(settings)
    found.append(keys)
    if unmade := database.unmade(settings):
        found.append(unmade)
    elif vault:
        looked, installs = await _look_into(settings, vault, clock)
        found += looked
    found += await checkup.check(settings, installs, clock, send_test)
    found += await check_running(settings)
    return found


async def _look_into(settings: Settings, vault: Vault, clock: Clock) -> tuple[list[Finding], list[Install]]:
    try:
        storage = Storage(settings.database_url, vault, clock)
    except ValueError as refused:
        return [problem("Database", str(refused), "Correct SOUNDINGS_DATABASE_URL.")], []
    try:
        return await storage.run(_look, settings, storage)
    finally:
        storage.close()


def _look(settings: Settings, storage: Storage) -> tuple[list[Finding], list[Install]]:
    found = list(database.check_database(settings, storage))
    if any(one.level == "problem" for one in found):
        return found, []
    try:
        found += database.check_ticks(storage)
        with storage.connect() as connection:
            installs = [one for one in all_installs(connection, storage.vault) if one.revoked_at is None]
    except StorageError:
        return found, []
    for install in installs:
        found += database.check_sending(storage, install)
    return found, installs
