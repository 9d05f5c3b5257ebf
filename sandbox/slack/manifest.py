"""The app's manifest: which app is declared, and whether Slack would take it.

The Socket Mode variant has no addresses; the HTTP variant names one for every command, for interactivity and
for events. Parts of a manifest that this app has no use for (workflows, functions, datastores, agents) are
refused as unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from sandbox.slack.shapes import Choice, Flag, Many, Object, Problem, Text, Whole

ShortcutType = Literal["global", "message"]


class ManifestError(ValueError):
    """The manifest breaks rules; the message says which, one sentence a line."""


@dataclass(frozen=True)
class Command:
    """A slash command."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool
    url: str | None


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut, or one of a message's menu."""

    name: str
    type: ShortcutType
    callback_id: str
    description: str


@dataclass(frozen=True)
class App:
    """What a manifest declares."""

    name: str
    description: str
    bot_name: str | None
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    bot_scopes: tuple[str, ...]
    optional_scopes: tuple[str, ...]
    events: tuple[str, ...]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactivity: bool
    socket_mode: bool
    request_url: str | None  # where events go
    interactivity_url: str | None
    options_url: str | None  # where suggestions are asked for; interactivity_url if not given
    redirect_urls: tuple[str, ...]
    org_deploy: bool
    token_rotation: bool


FLAG = Flag()


def _address(longest: int) -> Text:
    return Text(longest, pattern=r"https?://\S+", expected="an address that starts with http:// or https://")


_COMMAND = Object(
    needs={
        "command": Text(32, shortest=2, pattern=r"/\S+", expected="a word that starts with /"),
        "description": Text(2000),
    },
    may={"url": _address(3000), "usage_hint": Text(1000), "should_escape": FLAG},
)
_SHORTCUT = Object(
    needs={
        "name": Text(24),
        "type": Choice(("global", "message")),
        "callback_id": Text(255),
        "description": Text(150),
    }
)
_SCOPES = Many(Text(50), fewest=0, most=255)
_EVENTS = Many(Text(50), fewest=0, most=100)

MANIFEST = Object(
    needs={
        "display_information": Object(
            needs={"name": Text(35)},
            may={
                "description": Text(140),
                "long_description": Text(4000, shortest=175),
                "background_color": Text(
                    pattern=r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?", expected="a colour such as #12343b"
                ),
            },
        )
    },
    may={
        "_metadata": Object(may={"major_version": Whole(1, 2), "minor_version": Whole(0)}),
        "features": Object(
            may={
                "app_home": Object(
                    may={
                        "home_tab_enabled": FLAG,
                        "messages_tab_enabled": FLAG,
                        "messages_tab_read_only_enabled": FLAG,
                    }
                ),
                "bot_user": Object(needs={"display_name": Text(80)}, may={"always_online": FLAG}),
                "shortcuts": Many(_SHORTCUT, most=10),
                "slash_commands": Many(_COMMAND, most=50),
            }
        ),
        "oauth_config": Object(
            may={
                "redirect_urls": Many(Text(2500), fewest=0, most=1000),
                "scopes": Object(may={"bot": _SCOPES, "bot_optional": _SCOPES}),
            }
        ),
        "settings": Object(
            may={
                "event_subscriptions": Object(may={"request_url": _address(3500), "bot_events": _EVENTS}),
                "interactivity": Object(
                    needs={"is_enabled": FLAG},
                    may={"request_url": _address(3500), "message_menu_options_url": _address(3500)},
                ),
                "org_deploy_enabled": FLAG,
                "socket_mode_enabled": FLAG,
                "token_rotation_enabled": FLAG,
            }
        ),
    },
)

# What an event or a feature asks of the app's scopes.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


def read(source: Path | str | Mapping[str, object]) -> App:
    """Read a manifest: the path of a YAML or JSON file, or the manifest itself.

    Raises ManifestError if it cannot be read or breaks a rule.
    """
    manifest = source if isinstance(source, Mapping) else _load(Path(source))
    found = problems(manifest)
    if found:
        raise ManifestError("\n".join(found))
    return _app(manifest)


def problems(manifest: Mapping[str, object]) -> list[str]:
    """Every rule the manifest breaks, a sentence each; none if Slack would take it."""
    found = list(MANIFEST.check(manifest, "")) or list(_as_a_whole(_app(manifest)))
    return [f"{problem.pointer or 'The manifest'}: {problem.message}." for problem in found]


def _load(path: Path) -> Mapping[str, object]:
    try:
        manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise ManifestError(f"The manifest {path} is not valid YAML: {error}") from error
    if not isinstance(manifest, Mapping):
        raise ManifestError(f"The manifest {path} must be a mapping.")
    return manifest


def _app(manifest: Mapping[str, Any]) -> App:
    display = manifest["display_information"]
    features = manifest.get("features", {})
    home = features.get("app_home", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    settings = manifest.get("settings", {})
    events = settings.get("event_subscriptions", {})
    interactivity = settings.get("interactivity", {})
    return App(
        name=display["name"],
        description=display.get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name"),
        commands=tuple(_command(one) for one in features.get("slash_commands", ())),
        shortcuts=tuple(Shortcut(**one) for one in features.get("shortcuts", ())),
        bot_scopes=tuple(scopes.get("bot", ())),
        optional_scopes=tuple(scopes.get("bot_optional", ())),
        events=tuple(events.get("bot_events", ())),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        messages_read_only=home.get("messages_tab_read_only_enabled", False),
        interactivity=interactivity.get("is_enabled", False),
        socket_mode=settings.get("socket_mode_enabled", False),
        request_url=events.get("request_url"),
        interactivity_url=interactivity.get("request_url"),
        options_url=interactivity.get("message_menu_options_url"),
        redirect_urls=tuple(manifest.get("oauth_config", {}).get("redirect_urls", ())),
        org_deploy=settings.get("org_deploy_enabled", False),
        token_rotation=settings.get("token_rotation_enabled", False),
    )


def _command(given: Mapping[str, Any]) -> Command:
    return Command(
        command=given["command"],
        description=given["description"],
        usage_hint=given.get("usage_hint", ""),
        should_escape=given.get("should_escape", False),
        url=given.get("url"),
    )


def _as_a_whole(app: App) -> Iterator[Problem]:
    yield from _unique(app)
    yield from _scoped(app)
    if app.shortcuts and not app.interactivity:
        yield Problem("/settings/interactivity", "must be enabled, as there are shortcuts")
    if not app.socket_mode:
        yield from _addressed(app)


def _unique(app: App) -> Iterator[Problem]:
    for pointer, names in (
        ("/features/slash_commands", [one.command for one in app.commands]),
        ("/features/shortcuts", [one.callback_id for one in app.shortcuts]),
        ("/settings/event_subscriptions/bot_events", list(app.events)),
        ("/oauth_config/redirect_urls", list(app.redirect_urls)),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(pointer, f"{name} is given more than once")


def _scoped(app: App) -> Iterator[Problem]:
    # Optional scopes do not count: whoever installs the app may decline them.
    if app.bot_scopes and app.bot_name is None:
        yield Problem("/features/bot_user", "is needed, as there are bot scopes")
    if (app.commands or app.shortcuts) and "commands" not in app.bot_scopes:
        yield Problem("/oauth_config/scopes/bot", "commands is needed for slash commands and shortcuts")
    for event in app.events:
        scope = EVENT_SCOPES.get(event)
        if scope is not None and scope not in app.bot_scopes:
            yield Problem("/oauth_config/scopes/bot", f"{scope} is needed for the event {event}")


def _addressed(app: App) -> Iterator[Problem]:
    for index, command in enumerate(app.commands):
        if command.url is None:
            yield Problem(f"/features/slash_commands/{index}", "url is needed without Socket Mode")
    if app.interactivity and app.interactivity_url is None:
        yield Problem("/settings/interactivity", "request_url is needed without Socket Mode")
    if app.events and app.request_url is None:
        yield Problem("/settings/event_subscriptions", "request_url is needed without Socket Mode")
