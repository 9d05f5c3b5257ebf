"""One Slack workspace as Slack keeps it: its people, conversations, messages and views, all of it fit for JSON.

Nothing here decides what is allowed; the Web API and the seats do. A change that Slack would announce to an installed
app is handed to `announce`, and `touched` is called after every change that somebody could see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Kind = Literal["channel", "private", "im"]

SLACKBOT = "USLACKBOT"
COLOURS = ("2f6f8f", "8f5a2f", "4d7a3a", "7a3a6b", "a03d3d", "3d4fa0", "5c5c2e", "2e7a70")


@dataclass
class User:
    """A person or a bot, as `users.info` would describe them."""

    id: str
    team_id: str
    name: str
    real_name: str
    tz: str = "Europe/Lisbon"
    title: str = ""
    email: str = ""
    locale: str = "en-GB"
    colour: str = ""
    admin: bool = False
    bot: bool = False
    guest: Literal["restricted", "ultra"] | None = None
    deleted: bool = False
    updated: int = 0

    def offset(self, now: datetime) -> int:
        """Seconds east of UTC at that instant."""
        moved = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(moved.total_seconds()) if moved else 0

    def as_slack(self, now: datetime, *, home_team: str, email: bool, locale: bool) -> Json:
        """The full user object; a deactivated person is described more thinly."""
        profile: Json = {"real_name": self.real_name, "display_name": self.name, "title": self.title}
        profile |= {"team": self.team_id, "image_72": f"https://avatars.invalid/{self.id}.png"}
        if email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.team_id != home_team:
            user["is_stranger"] = False
        if self.deleted:
            return user
        user |= {
            "color": self.colour,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.offset(now),
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest is not None,
            "is_ultra_restricted": self.guest == "ultra",
        }
        if locale:
            user["locale"] = self.locale
        return user


@dataclass
class Channel:
    """A channel, a private channel or a direct conversation of two."""

    id: str
    name: str
    kind: Kind
    members: list[str]
    creator: str
    created: int
    topic: str = ""
    archived: bool = False
    shared: bool = False

    def as_slack(self, viewer: str) -> Json:
        """The conversation object as `viewer`, usually the bot, gets it."""
        if self.kind == "im":
            other = next((member for member in self.members if member != viewer), viewer)
            return {"id": self.id, "created": self.created, "is_im": True, "is_archived": False, "user": other}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "creator": self.creator,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "private",
            "is_private": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_archived": self.archived,
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_ext_shared": self.shared,
            "topic": {"value": self.topic, "creator": self.creator, "last_set": self.created},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass
class Message:
    """A message in a conversation; with `to`, an ephemeral one that only this person sees."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    app_id: str = ""
    bot_id: str = ""
    username: str = ""
    thread_ts: str | None = None
    edited: str | None = None
    to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)

    def as_slack(self, team_id: str) -> Json:
        """The message object of history, interactions and answers."""
        message: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": team_id}
        if self.bot_id:
            message |= {"bot_id": self.bot_id, "app_id": self.app_id}
        for name in ("blocks", "attachments", "metadata", "thread_ts", "username"):
            value = getattr(self, name)
            if value:
                message[name] = value
        if self.edited:
            message["edited"] = {"user": self.user, "ts": self.edited}
        if self.reactions:
            message["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        return message

    def kept(self) -> Json:
        """The message for a snapshot. Its blocks are shared, not copied: they are only ever replaced as a whole."""
        return {**vars(self), "reactions": {name: list(users) for name, users in self.reactions.items()}}


@dataclass
class Install:
    """An app's consent in a workspace: what it may do, and as whom."""

    app_id: str
    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: list[str]
    ended: str = ""

    @property
    def active(self) -> bool:
        """Whether the token works; `ended` is the error word it gets otherwise."""
        return not self.ended


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
        """Everything worth keeping over a restart. Open modals are not: a restart closes them."""
        return {
            "number": self.number,
            "name": self.name,
            "domain": self.domain,
            "users": [dict(vars(user)) for user in self.users.values()],
            "channels": [asdict(channel) for channel in self.channels.values()],
            "messages": {place: [m.kept() for m in messages] for place, messages in self.messages.items()},
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
