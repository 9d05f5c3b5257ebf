"""One Slack workspace as Slack keeps it: its people, conversations, messages and views.

Nothing here decides what is allowed; the Web API and the seats do. A change that Slack would announce to an installed
app is handed to `announce`, and `touched` is called after every change that somebody could see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sandbox.slack.records import SLACKBOT, Channel, Install, Json, Message, User

COLOURS = ("2f6f8f", "8f5a2f", "4d7a3a", "7a3a6b", "a03d3d", "3d4fa0", "5c5c2e", "2e7a70")


class Workspace:
    """The state of one team. Ids are unique over all workspaces of a sandbox."""

    def __init__(self, number: int, name: str, domain: str, now: Callable[[], datetime]) -> None:
        self.number = number
        self.id = f"T{number:02d}SANDBOX"
        self.name = name
        self.domain = domain
        self.now = now
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = {}
        self.homes: dict[str, Json] = {}
        self.modals: dict[str, list[Json]] = {}
        self.read: dict[str, str] = {}
        self.installs: list[Install] = []
        self.announce: Callable[[Json], None] = lambda event: None
        self.touched: Callable[[], None] = lambda: None
        self._dms: dict[frozenset[str], str] = {}
        self._last_id = 0
        self._last_ts = 0
        self._add(User(SLACKBOT, self.id, "slackbot", "Slackbot", colour="757575"))

    # Ids and time

    def new_id(self, prefix: str) -> str:
        """A fresh id such as `U0100000A`."""
        self._last_id += 1
        return f"{prefix}{self.number:02d}{self._last_id:06X}"

    def new_ts(self) -> str:
        """A message timestamp of the sandbox's clock: unique and increasing within the workspace."""
        micros = int(self.now().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # People

    def _add(self, user: User) -> User:
        user.colour = user.colour or COLOURS[len(self.users) % len(COLOURS)]
        user.updated = int(self.now().timestamp())
        self.users[user.id] = user
        self.touched()
        return user

    def add_user(self, *, name: str, real_name: str = "", user_id: str = "", **about: Any) -> User:
        """Add somebody quietly, as if they had been here all along; `about` is any other field of `User`."""
        real_name = real_name or name.title()
        about.setdefault("email", "" if about.get("bot") else f"{name}@{self.domain}.example")
        user = self._add(User(user_id or self.new_id("U"), self.id, name, real_name, **about))
        general = self.find_channel("general")
        if general and not user.bot and not user.guest and not user.deleted:
            general.members.append(user.id)
        return user

    def add_stranger(self, *, name: str, real_name: str = "", channels: Iterable[str] = (), **about: Any) -> User:
        """Add somebody of another company, who is seen here in channels shared through Slack Connect."""
        real_name = real_name or name.title()
        user = self._add(User(self.new_id("U"), f"T{self.number:02d}ELSEWHERE", name, real_name, **about))
        for channel in channels:
            shared = self.channels[channel]
            shared.shared = True
            shared.members.append(user.id)
        return user

    def join(self, **about: Any) -> User:
        """Let somebody join today: the app hears `team_join`."""
        user = self.add_user(**about)
        self.announce({"type": "team_join", "user": user.id})
        return user

    def change_user(self, user_id: str, **changes: Any) -> User:
        """Change somebody's profile or standing: the app hears `user_change`."""
        user = replace(self.users[user_id], **changes, updated=int(self.now().timestamp()))
        self.users[user_id] = user
        self.touched()
        self.announce({"type": "user_change", "user": user_id})
        return user

    # Conversations

    def add_channel(
        self, name: str, *, private: bool = False, members: Iterable[str] | None = None, topic: str = ""
    ) -> Channel:
        """Add a channel; without `members` everybody of the workspace who is no guest or bot is in it."""
        if members is None:
            members = [
                user.id
                for user in self.users.values()
                if user.team_id == self.id and not (user.bot or user.guest or user.deleted or user.id == SLACKBOT)
            ]
        people = list(members)
        channel = Channel(
            id=self.new_id("C"),
            name=name.removeprefix("#"),
            kind="private" if private else "channel",
            members=people,
            creator=people[0] if people else SLACKBOT,
            created=int(self.now().timestamp()),
            topic=topic,
        )
        self.channels[channel.id] = channel
        self.touched()
        return channel

    def invite(self, channel_id: str, user_id: str) -> None:
        """Put somebody, or the bot, into a channel."""
        channel = self.channels[channel_id]
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        self.touched()
        kind = "G" if channel.kind == "private" else "C"
        self.announce({"type": "member_joined_channel", "user": user_id, "channel": channel_id, "channel_type": kind})

    def archive(self, channel_id: str) -> None:
        """Close a channel for new messages."""
        self.channels[channel_id].archived = True
        self.touched()

    def dm(self, one: str, other: str) -> Channel:
        """The direct conversation of two, opened if there was none."""
        pair = frozenset((one, other))
        if pair in self._dms:
            return self.channels[self._dms[pair]]
        channel = Channel(self.new_id("D"), "directmessage", "im", [one, other], one, int(self.now().timestamp()))
        self.channels[channel.id] = channel
        self._dms[pair] = channel.id
        return channel

    def find_channel(self, name_or_id: str) -> Channel | None:
        """The channel with that id or name (with or without `#`)."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        name = name_or_id.removeprefix("#")
        return next((c for c in self.channels.values() if c.kind != "im" and c.name == name), None)

    def find_user(self, name_or_id: str) -> User | None:
        """The person with that id or handle (with or without `@`)."""
        if name_or_id in self.users:
            return self.users[name_or_id]
        name = name_or_id.removeprefix("@")
        return next((user for user in self.users.values() if user.name == name), None)

    # Messages

    def post(self, message: Message) -> Message:
        """Keep a message, ephemeral or not."""
        self.messages.setdefault(message.channel, []).append(message)
        self.touched()
        return message

    def message(self, channel_id: str, ts: str) -> Message | None:
        """A message by its place and timestamp."""
        return next((m for m in reversed(self.messages.get(channel_id, [])) if m.ts == ts), None)

    def remove(self, message: Message) -> None:
        """Delete a message."""
        self.messages[message.channel].remove(message)
        self.touched()

    # Installs

    @property
    def install(self) -> Install | None:
        """The install in force, if the app is installed."""
        return next((install for install in self.installs if install.active), None)

    def install_of_token(self, token: str) -> Install | None:
        """The install a bot token belongs or belonged to."""
        return next((install for install in self.installs if install.bot_token == token), None)

    # Views

    def view(self, view_id: str) -> tuple[str, Json] | None:
        """Whose view that is and the view itself, open modal or home."""
        for user_id, stack in self.modals.items():
            for view in stack:
                if view["id"] == view_id:
                    return user_id, view
        for user_id, home in self.homes.items():
            if home["id"] == view_id:
                return user_id, home
        return None

    # Snapshots

    def snapshot(self) -> Json:
        """Everything worth keeping over a restart. A client forgets modals and ephemeral messages."""
        return {
            "number": self.number,
            "name": self.name,
            "domain": self.domain,
            "users": [dict(vars(user)) for user in self.users.values()],
            "channels": [asdict(channel) for channel in self.channels.values()],
            "messages": {place: [m.kept() for m in messages if not m.to] for place, messages in self.messages.items()},
            "homes": {user_id: dict(home) for user_id, home in self.homes.items()},
            "read": dict(self.read),
            "installs": [asdict(install) for install in self.installs],
            "last_id": self._last_id,
            "last_ts": self._last_ts,
        }

    @classmethod
    def restore(cls, kept: Json, now: Callable[[], datetime]) -> Workspace:
        """A workspace as `snapshot` left it."""
        workspace = cls(kept["number"], kept["name"], kept["domain"], now)
        workspace.users = {user["id"]: User(**user) for user in kept["users"]}
        workspace.channels = {channel["id"]: Channel(**channel) for channel in kept["channels"]}
        workspace._dms = {frozenset(c.members): c.id for c in workspace.channels.values() if c.kind == "im"}
        workspace.messages = {place: [Message(**m) for m in kept["messages"][place]] for place in kept["messages"]}
        workspace.homes = dict(kept["homes"])
        workspace.read = dict(kept["read"])
        workspace.installs = [Install(**install) for install in kept["installs"]]
        workspace._last_id = kept["last_id"]
        workspace._last_ts = kept["last_ts"]
        return workspace
