"""Drawing: what a delivery says, worked out as late as possible."""

from __future__ import annotations

from datetime import datetime

from handlers import prompts
from handlers.feature import Feature
from handlers.screens import Card, Home
from handlers.turn import home_of
from handlers.wire import from_json, to_json
from scheduler.transport import Address, Gone, Outgoing
from storage.engine import Storage
from storage.lanes import Taken
from storage.workspaces import WorkspaceKey


class NotNeeded(Exception):
    """There is nothing left to say: it was answered, skipped or closed, or whoever it was for was erased."""


class PutOff(Exception):
    """It is not to be sent before `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class Lost(Exception):
    """It is no longer this courier's to send."""


def address_of(taken: Taken) -> Address:
    """Where a delivery goes."""
    return Address(
        taken.to, taken.to_key, taken.reach, taken.replaces, taken.thread, taken.id, queued_at=taken.queued_at
    )


def draw(storage: Storage, workspace: WorkspaceKey, taken: Taken, features: tuple[Feature, ...]) -> Outgoing:
    """A delivery as it is to be sent now. What a prompt says is kept with it. Raises NotNeeded, PutOff, Lost or
    Gone."""
    return Outgoing(**vars(address_of(taken)), screen=_screen(storage, workspace, taken, features))


def _screen(storage: Storage, workspace: WorkspaceKey, taken: Taken, features: tuple[Feature, ...]) -> Card | Home:
    if taken.prompt_id is not None:
        return _prompt(storage, workspace, taken, taken.prompt_id, features)
    if taken.to == "home":
        return _home(storage, workspace, taken.to_key, features)
    card: Card = from_json(storage.vault.open_json(taken.sealed))
    return card


def _prompt(
    storage: Storage, workspace: WorkspaceKey, taken: Taken, prompt_id: int, features: tuple[Feature, ...]
) -> Card:
    with storage.begin(workspace, meet=False) as store:
        card = prompts.draw(store, prompt_id, taken.kind, features)
        if isinstance(card, Card) and not store.lanes.word(taken, storage.vault.seal_json(to_json(card))):
            raise Lost
    # That somebody turned out not to be one to ask, or not yet, is kept.
    if card is None:
        raise NotNeeded
    if isinstance(card, prompts.NotYet):
        raise PutOff(card.at)
    return card


def _home(storage: Storage, workspace: WorkspaceKey, member_key: str, features: tuple[Feature, ...]) -> Home:
    with storage.begin(workspace, meet=False) as store:
        member = store.members.by_key(member_key)
        if member is None:
            raise Gone("This person is not known here any more.")
        return home_of(store, member, features)
