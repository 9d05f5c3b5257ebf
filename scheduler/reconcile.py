"""Reconciling: a message of which nobody knows whether it arrived is looked for before it is sent again."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from scheduler.pace import LanePace
from scheduler.steps import Tools
from scheduler.transport import Address, Ambiguous, RateLimited, SendingProblem, TryAgain, Unreadable
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

# A platform need not show at once what it has accepted.
SHOWN_AFTER = timedelta(seconds=5)
# Seconds for which it is put off to look because the platform asks to wait, each time anew.
PATIENCE = 15 * 60.0
LOOKING_SECONDS = 20.0


class Later(Exception):
    """It can only be looked for in so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:g} s")
        self.seconds = seconds


async def look_for(
    tools: Tools, workspace: WorkspaceKey, address: Address, since: datetime, pace: LanePace
) -> dict[str, Any] | None:
    """Where the message stands, if it has arrived since then; None if it has not.

    Raises Later, Unreadable where that cannot be told, or another SendingProblem.
    """
    if wait := pace.take_lookup():
        raise Later(wait)
    tools.at("looking")
    try:
        async with asyncio.timeout(LOOKING_SECONDS):
            found = await tools.transport.find(workspace, address, since)
    except RateLimited as limit:
        if pace.refuse_lookup() > PATIENCE:
            raise Unreadable("The platform did not let us look.") from None
        raise Later(limit.retry_after) from None
    except TimeoutError:
        raise Ambiguous("The platform did not say in time whether it has arrived.") from None
    except TryAgain as problem:
        raise Ambiguous(str(problem)) from None  # the question did not arrive, but perhaps the message had
    except SendingProblem:
        raise
    except Exception as problem:
        log.exception("it could not be looked for delivery %s", address.delivery_id)
        raise Ambiguous(f"Something broke on our side while looking for it ({type(problem).__name__}).") from None
    pace.allow_lookup()
    if found:
        tools.at("found")
    return found
