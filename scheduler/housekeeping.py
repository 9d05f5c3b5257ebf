"""Housekeeping: once an hour, what has served its purpose is forgotten."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

from storage.engine import Storage
from storage.errors import Unavailable
from storage.retention import KEEP, STEPS, Forgotten, forget_some
from storage.ticks import forget_replicas

log = logging.getLogger(__name__)

# A replica of which nothing was heard for so long is gone.
REPLICAS = timedelta(days=7)


async def tidy(storage: Storage, keep: timedelta = KEEP) -> Forgotten:
    """Forget what is old, in short transactions between which others get their turn; what was forgotten.

    `keep` is how long it stays known who was asked, and what was sent to whom. A database that is busy or away is left
    for the next time.
    """
    found: Counter[str] = Counter()
    try:
        for what in STEPS:
            while some := await storage.run(_forget, storage, what, keep):
                found[what] += some
        await storage.run(_forget_replicas, storage)
    except Unavailable as problem:
        log.warning("housekeeping was put off: %s", problem)
    forgotten = Forgotten(**found)
    log.info("housekeeping: %s", forgotten)
    return forgotten


def _forget(storage: Storage, what: str, keep: timedelta) -> int:
    with storage.connect() as connection:
        return forget_some(connection, what, storage.clock.now(), keep)


def _forget_replicas(storage: Storage) -> None:
    with storage.connect() as connection:
        forget_replicas(connection, storage.clock.now() - REPLICAS)
