"""What may fail alone: a part of a turn that takes nothing else down with it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_tb

from storage.errors import NotHere, Unavailable
from storage.store import Store

log = logging.getLogger(__name__)


@contextmanager
def apart(store: Store, what: str) -> Iterator[None]:
    """Do what may fail alone: if it does, it is undone and logged, and all else goes on.

    `what` is for the log, and holds nobody's words. Raises Unavailable and NotHere, which are about all of it.
    """
    try:
        with store.apart():
            yield
    except (NotHere, Unavailable):
        raise
    except Exception as problem:
        # Not what the exception says: that may be somebody's words.
        stack = "".join(format_tb(problem.__traceback__))
        log.error("%s failed, and is left out: %s\n%s", what, type(problem).__name__, stack)
