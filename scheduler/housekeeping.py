"""Housekeeping: once an hour, what has served its purpose is forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from storage.engine import Storage
from storage.errors import Unavailable
from storage.retention import Forgotten, forget_old
from storage.ticks import forget_replicas

log = logging.getLogger(__name__)

# A replica of which nothing was heard for so long is gone.
REPLICAS = timedelta(days=7)


def tidy(storage: Storage) -> Forgotten:
    """Forget what is old; what was forgotten. A database that is busy or away is left for the next time."""
    try:
        with storage.connect() as connection:
            forgotten = forget_old(connection, storage.clock.now())
            forget_replicas(connection, storage.clock.now() - REPLICAS)
    except Unavailable as problem:
        log.warning("housekeeping was put off: %s", problem)
        return Forgotten()
    log.info("housekeeping: %s", forgotten)
    return forgotten
