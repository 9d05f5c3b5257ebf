"""The manifest says which app this is; both variants of ours must be ones Slack takes."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.manifest import ManifestError, problems, read

OURS = Path(__file__).parents[2] / "manifest.yml"
CONTENT = yaml.safe_load(OURS.read_text(encoding="utf-8"))
HOST = "https://bot.example.com"


@pytest.fixture
def ours() -> dict[str, Any]:
    return copy.deepcopy(CONTENT)


@pytest.fixture
def over_http(ours: dict[str, Any]) -> dict[str, Any]:
    events = f"{HOST}/slack/events"
    for command in ours["features"]["slash_commands"]:
        command["url"] = events
    ours["settings"]["interactivity"]["request_url"] = events
    ours["settings"]["event_subscriptions"]["request_url"] = events
    ours["settings"]["socket_mode_enabled"] = False
    ours["oauth_config"]["redirect_urls"] = [f"{HOST}/slack/oauth_redirect"]
    return ours


def test_our_manifest_declares_our_app() -> None:
    app = read(OURS)
    assert app.socket_mode
    assert app.home_tab
    assert app.messages_tab
    assert not app.messages_read_only
    assert app.request_url is None
    assert {one.command for one in app.commands} >= {"/checkin", "/kudos", "/team-summary"}
    assert {one.type for one in app.shortcuts} == {"global", "message"}
    assert "chat:write" in app.bot_scopes
    assert "chat:write.public" in app.optional_scopes
    assert "team_join" in app.events


def test_the_path_may_be_given_as_text() -> None:
    assert read(str(OURS)) == read(OURS)


def test_the_http_variant_says_where_slack_may_call(over_http: dict[str, Any]) -> None:
    app = read(over_http)
    assert not app.socket_mode
    assert app.request_url == app.interactivity_url == app.commands[0].url == f"{HOST}/slack/events"
    assert app.redirect_urls == (f"{HOST}/slack/oauth_redirect",)


def test_without_socket_mode_every_address_is_needed(ours: dict[str, Any]) -> None:
    ours["settings"]["socket_mode_enabled"] = False
    found = "\n".join(problems(ours))
    assert found.count("url is needed without Socket Mode") == len(ours["features"]["slash_commands"]) + 2


def put(manifest: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    here: Any = manifest
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value


LIMITS = {
    "display_information.name": 35,
    "display_information.description": 140,
    "display_information.long_description": 4000,
    "features.bot_user.display_name": 80,
    "features.shortcuts.0.name": 24,
    "features.shortcuts.0.callback_id": 255,
    "features.shortcuts.0.description": 150,
    "features.slash_commands.0.description": 2000,
    "features.slash_commands.0.usage_hint": 1000,
    "oauth_config.scopes.bot_optional.0": 50,
    "settings.event_subscriptions.bot_events.0": 50,
}


@pytest.mark.parametrize("path", LIMITS)
def test_lengths_are_taken_up_to_the_limit_and_not_beyond(ours: dict[str, Any], path: str) -> None:
    put(ours, path, "x" * LIMITS[path])
    assert problems(ours) == []
    put(ours, path, "x" * (LIMITS[path] + 1))
    assert problems(ours) == [f"/{path.replace('.', '/')}: must be less than {LIMITS[path] + 1} characters."]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("features.slash_commands.0.command", "checkin", "must be a word that starts with /"),
        ("features.slash_commands.0.command", "/" + "x" * 32, "must be less than 33 characters"),
        ("features.slash_commands.0.command", "/kudos", "/kudos is given more than once"),
        ("features.slash_commands.0.url", "ftp://x", "must be an address that starts with"),
        ("features.shortcuts.0.type", "channel", "must be one of: global, message"),
        ("features.shortcuts.0.callback_id", "kudos.start", "kudos.start is given more than once"),
        ("features.shortcuts", [], "no fewer than 1 items allowed"),
        ("features.agents", {}, "invalid additional property: agents"),
        ("display_information.background_color", "#12345", "must be a colour"),
        ("display_information.long_description", "Short", "must be more than 174 characters"),
        ("settings.interactivity", {"is_enabled": False}, "must be enabled, as there are shortcuts"),
        ("settings.interactivity", {}, "missing required field: is_enabled"),
        ("settings.socket_mode_enabled", "yes", "must provide a boolean"),
        ("oauth_config.scopes.bot", ["chat:write", "users:read"], "commands is needed for slash commands"),
        ("oauth_config.scopes.bot", ["commands"], "users:read is needed for the event team_join"),
        ("settings.event_subscriptions.bot_events.0", "team_join", "team_join is given more than once"),
        ("features.slash_commands", "none", "must provide an array"),
    ],
)
def test_what_slack_would_refuse_is_told(ours: dict[str, Any], path: str, value: object, told: str) -> None:
    put(ours, path, value)
    assert told in "\n".join(problems(ours))
    with pytest.raises(ManifestError):
        read(ours)


def test_bot_scopes_need_a_bot(ours: dict[str, Any]) -> None:
    del ours["features"]["bot_user"]
    assert problems(ours) == ["/features/bot_user: is needed, as there are bot scopes."]


def test_the_smallest_manifest_is_a_name() -> None:
    app = read({"display_information": {"name": "Bare"}})
    assert (app.name, app.commands, app.home_tab, app.socket_mode) == ("Bare", (), False, False)


@pytest.mark.parametrize("content", ["a: [", "- only\n- a list\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_manifest_is_told_in_a_sentence(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "manifest.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ManifestError, match=r"manifest\.yml"):
        read(path)
    with pytest.raises(ManifestError, match="cannot be read"):
        read(tmp_path / "absent.yml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
def test_no_manifest_makes_the_reader_fall(data: st.DataObject) -> None:
    manifest = copy.deepcopy(CONTENT)
    path = data.draw(
        st.sampled_from(
            [
                *LIMITS,
                "features",
                "features.app_home",
                "features.slash_commands.0",
                "features.shortcuts.1",
                "oauth_config",
                "oauth_config.scopes",
                "settings",
                "settings.event_subscriptions",
                "settings.interactivity",
                "display_information",
            ]
        )
    )
    put(manifest, path, data.draw(JSON))
    assert all(sentence.endswith(".") for sentence in problems(manifest))
