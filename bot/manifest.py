"""The app's manifest: read from the checkout or from the wheel, and worded for Socket Mode or for an https address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

EVENTS = "/slack/events"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"

_HERE = Path(__file__).parent
_PLACES = (_HERE / "manifest.yml", _HERE.parent / "manifest.yml")  # in a wheel; in a checkout


def text() -> str:
    """The manifest of the Socket Mode variant, with its comments."""
    return next(place for place in _PLACES if place.exists()).read_text(encoding="utf-8")


def socket_mode() -> dict[str, Any]:
    """The manifest for Socket Mode: no address of ours in it."""
    manifest: dict[str, Any] = yaml.safe_load(text())
    return manifest


def over_http(public_url: str) -> dict[str, Any]:
    """The manifest for a server that Slack reaches at `public_url`. Raises ValueError unless that is https."""
    parts = urlsplit(public_url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"Slack needs an address such as https://soundings.example.com, not {public_url!r}.")
    base = public_url.rstrip("/")
    manifest = socket_mode()
    for command in manifest["features"]["slash_commands"]:
        command["url"] = base + EVENTS
    manifest["oauth_config"]["redirect_urls"] = [base + REDIRECT]
    settings = manifest["settings"]
    settings["event_subscriptions"]["request_url"] = base + EVENTS
    settings["interactivity"]["request_url"] = base + EVENTS
    settings["socket_mode_enabled"] = False
    return manifest


def as_yaml(manifest: dict[str, Any]) -> str:
    """A manifest as Slack's page takes it."""
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=1000)


def scopes(*, optional: bool = False) -> tuple[str, ...]:
    """The scopes that the bot needs; or those it can do without."""
    return tuple(socket_mode()["oauth_config"]["scopes"].get("bot_optional" if optional else "bot", ()))


def commands() -> dict[str, str]:
    """The declared commands, without their slash, and what each is for."""
    return {one["command"].removeprefix("/"): one["description"] for one in socket_mode()["features"]["slash_commands"]}


def shortcuts() -> tuple[str, ...]:
    """The names that the declared shortcuts call us by."""
    return tuple(one["callback_id"] for one in socket_mode()["features"]["shortcuts"])
