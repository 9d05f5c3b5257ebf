"""The manifest declares what the features answer to, in both variants, and Slack would take it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot import manifest
from bot.doctor.house import check_manifest
from handlers.features import FEATURES
from sandbox.slack.manifest import problems, read


def test_every_registered_command_and_shortcut_is_declared_and_the_other_way_round() -> None:
    assert [one.says for one in check_manifest(FEATURES) if one.level != "ok"] == []


def test_both_variants_are_ones_that_slack_takes() -> None:
    over_http = manifest.over_http("https://soundings.example.com/")
    assert problems(manifest.socket_mode()) == []
    assert problems(over_http) == []
    assert read(manifest.socket_mode()).socket_mode
    app = read(over_http)
    assert not app.socket_mode
    assert app.request_url == app.interactivity_url == "https://soundings.example.com/slack/events"
    assert {one.url for one in app.commands} == {"https://soundings.example.com/slack/events"}
    assert app.redirect_urls == ("https://soundings.example.com/slack/oauth_redirect",)


def test_the_http_variant_differs_in_addresses_only() -> None:
    ours, theirs = manifest.socket_mode(), manifest.over_http("https://x.example")
    for command in theirs["features"]["slash_commands"]:
        del command["url"]
    del theirs["oauth_config"]["redirect_urls"]
    del theirs["settings"]["event_subscriptions"]["request_url"]
    del theirs["settings"]["interactivity"]["request_url"]
    theirs["settings"]["socket_mode_enabled"] = True
    assert theirs == ours


@pytest.mark.parametrize("address", ["", "soundings.example", "http://soundings.example", "https://", "https://x/?a=1"])
def test_slack_needs_an_https_address(address: str) -> None:
    with pytest.raises(ValueError, match="Slack needs an address such as https://"):
        manifest.over_http(address)


def test_what_is_printed_reads_back_as_the_same() -> None:
    variant: dict[str, Any] = manifest.over_http("https://x.example")
    assert yaml.safe_load(manifest.as_yaml(variant)) == variant
    assert yaml.safe_load(manifest.text()) == manifest.socket_mode()


def test_only_the_least_scopes_are_asked_for() -> None:
    assert sorted(manifest.scopes()) == ["chat:write", "commands", "im:history", "im:write", "users:read"]
    assert manifest.scopes(optional=True) == ("chat:write.public", "files:read")
