"""What Slack keeps of people, conversations, messages and installs, and how it describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Kind = Literal["channel", "private", "im"]

SLACKBOT = "USLACKBOT"


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
    display_name: str = ""  # the handle, where they chose none

    def offset(self, now: datetime) -> int:
        """Seconds east of UTC at that instant."""
        moved = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(moved.total_seconds()) if moved else 0

    def as_slack(self, now: datetime, *, home_team: str, email: bool, locale: bool) -> Json:
        """The full user object; a deactivated person is described more thinly."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.display_name or self.name,
            "title": self.title,
        }
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
