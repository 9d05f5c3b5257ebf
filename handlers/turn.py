"""A turn: answering one interaction. Who acted, where, when, and the store of their workspace; one transaction long."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.bounds import USUAL, Bounds
from handlers.feature import Feature
from handlers.interaction import Interaction
from handlers.screens import Card, Home
from handlers.text import Mention
from handlers.wire import to_json
from storage.members import Member
from storage.store import Store
from storage.workspaces import Settings

# A home nobody looks at is drawn when it is opened; publishing all of them would be thousands of calls for nothing.
HOME_IS_LOOKED_AT = timedelta(days=1)


class Turn:
    """What a handler works with. The reply is for the person who acted; everything else is a delivery."""

    def __init__(
        self,
        store: Store,
        actor: Member,
        interaction: Interaction,
        features: tuple[Feature, ...],
        bounds: Bounds = USUAL,
    ) -> None:
        self.store = store
        self.actor = actor
        self.interaction = interaction
        self.features = features
        self.bounds = bounds

    @property
    def now(self) -> datetime:
        """The only time a feature knows."""
        return self.store.now

    @property
    def settings(self) -> Settings:
        """What the workspace's admins chose."""
        return self.store.workspace.settings

    @property
    def state(self) -> str:
        """The ids that our button or form carried: a hint, never an authority."""
        return self.interaction.state

    @property
    def takes_files(self) -> bool:
        """Whether files that are chosen in forms may be read here."""
        return self.interaction.takes_files

    def send(self, to: Member, card: Card, *, key: str, replaces: str = "") -> bool:
        """Queue a message to a member; a key is queued once. Whether it is new."""
        return self.store.deliveries.queue("member", to.key, to_json(card), key=key, replaces=replaces)

    def post(self, channel: str, card: Card, *, key: str, replaces: str = "", thread_of: str = "") -> bool:
        """Queue a message to a channel; a key is queued once. Whether it is new."""
        return self.store.deliveries.queue(
            "channel", channel, to_json(card), key=key, replaces=replaces, thread_of=thread_of
        )

    def refresh_home(self, *members: Member) -> None:
        """Have these members' homes (the actor's, if none named) drawn again, if they looked at them lately."""
        refresh_homes(self.store, *(members or (self.actor,)))


def refresh_homes(store: Store, *members: Member) -> None:
    """Have these members' homes drawn again, if they looked at them lately."""
    for member in members:
        if member.home_at and store.now - member.home_at < HOME_IS_LOOKED_AT:
            store.deliveries.queue_home(member.key)


def mention(member: Member) -> Mention:
    """A member, as a span."""
    return Mention(member.key, member.name)


def home(turn: Turn) -> Home:
    """The home of the member whose turn this is: the blocks of every feature that has some, in order."""
    return Home(tuple(block for feature in turn.features if feature.home for block in feature.home(turn)))


def home_of(store: Store, member: Member, features: tuple[Feature, ...]) -> Home:
    """A member's home, drawn without their having done anything."""
    nothing = Interaction("event", "home", store.workspace.key, member.key, id="")
    return home(Turn(store, member, nothing, features))
