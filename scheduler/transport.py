"""What a courier is to a platform: what it hands over, and the ways in which that can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.screens import Card, Home
from storage.deliveries import To
from storage.workspaces import WorkspaceKey


@dataclass(frozen=True)
class Address:
    """Where a delivery goes, without what it says. `replaces` and `thread` are references that a transport returned.

    `reach` is where a member is written to, if known. `delivery_id` and `queued_at` tell one delivery from all others.
    """

    to: To
    to_key: str
    reach: str
    replaces: dict[str, Any] | None
    thread: dict[str, Any] | None
    delivery_id: int
    queued_at: datetime

    @property
    def may_be_repeated(self) -> bool:
        """Whether bringing it twice is the same as once: an edit or a home, and not a new message."""
        return self.to == "home" or self.replaces is not None


@dataclass(frozen=True)
class Outgoing(Address):
    """What a transport is given: an address, and what is to be seen there."""

    screen: Card | Home


class Transport(Protocol):
    """A platform's way out."""

    async def send(self, workspace: WorkspaceKey, outgoing: Outgoing) -> dict[str, Any]:
        """Send, edit or publish; where the platform put it, as JSON can hold it (`channel` is where it was written).

        Raises RateLimited, TryAgain, Gone, Parked, or Ambiguous.
        """
        ...

    async def find(self, workspace: WorkspaceKey, address: Address, since: datetime) -> dict[str, Any] | None:
        """Where the platform put the message of this delivery, if one has arrived since then; None if none has.

        Raises Unreadable where that cannot be told, and RateLimited, TryAgain, Gone, Parked or Ambiguous.
        """
        ...


class SendingProblem(Exception):
    """The platform did not take it. The message says why, in plain words without anybody's own."""


class RateLimited(SendingProblem):
    """The platform asks for a rest of `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"The platform asked to wait {retry_after:g} seconds.")
        self.retry_after = retry_after


class TryAgain(SendingProblem):
    """It did not arrive; it may work later."""


class Ambiguous(SendingProblem):
    """Nobody knows whether it arrived: it is looked for before it is sent again."""


class Unreadable(SendingProblem):
    """It cannot be told whether it arrived: where it would stand, we may not read."""


class Gone(SendingProblem):
    """It never will arrive: the person is deactivated, the channel archived, or Soundings not in it."""


class Parked(SendingProblem):
    """Our access to the workspace has ended; nothing is sent until somebody installs again."""
