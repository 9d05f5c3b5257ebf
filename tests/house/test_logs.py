"""Logs: lines for people or JSON, and never a secret in either, however it got there."""

from __future__ import annotations

import io
import json
import logging
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import HIDDEN, Redactor, set_up
from bot.settings import Settings
from storage.crypto import Vault, new_key

KEY = new_key()
TOKENS = {
    "bot": "xoxb-111111111111-2222222222222-AbCdEfGhIjKlMnOp",
    "expiring": "xoxe.xoxb-1-MS0yLTExMTExMTExMTExMQ",
    "refresh": "xoxe-1-My0xLTExMTExMTExMTEx",
    "person": "xoxp-1111-2222-3333-abcdef",
    "app": "xapp-1-A0123-4567-89abcdef",
    "fernet key": KEY,
    "sealed words": Vault([KEY]).seal("what Ana said"),
    "signing secret": "8f742231b10e8888abcd99yyyzzz85a5".replace("y", "a").replace("z", "b"),
    "signature": "v0=" + "a2114d57b48eac39b9ad189dd8316235" * 2,
    "hook": "https://hooks.slack.com/services/T000/B000/XXXXXXXX",
    "response_url": "https://hooks.slack.com/commands/T000/123/abcdef",
    "response_url of a sandbox": "http://127.0.0.1:4000/response/T000/abcdef",
    "socket": "wss://wss-primary.slack.com/link/?ticket=abc&app_id=def",
}


def logged(format: Literal["text", "json"], message: str, *args: object, secrets: tuple[str, ...] = ()) -> str:
    stream = io.StringIO()
    set_up(format=format, secrets=secrets, stream=stream)
    log = logging.getLogger("bot.test")
    log.warning(message, *args, extra={"workspace": args[0] if args else None, "values": "private words"})
    try:
        raise ValueError(message % args if args else message)
    except ValueError:
        log.exception("trouble %s", "K7Q2")
    return stream.getvalue()


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("kind", TOKENS)
def test_what_looks_like_a_secret_is_hidden(format: Literal["text", "json"], kind: str) -> None:
    for around in ("%s", "it was '%s', sorry", '{"token": "%s"}', "(%s)", "at %s."):
        shown = logged(format, around, TOKENS[kind])
        assert TOKENS[kind] not in shown
        assert HIDDEN in shown


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ("'Authorization': 'Basic YWJjOmRlZg=='", "'Authorization': 'Basic [hidden]'"),
        ("postgresql+psycopg://me:pa:ss@db.example/x", "postgresql+psycopg://[hidden]@db.example/x"),
        ("delivery 12 to U012ABC in C045 sent in 31 ms", "delivery 12 to U012ABC in C045 sent in 31 ms"),
        ("https://soundings.example.com/slack/install", "https://soundings.example.com/slack/install"),
    ],
)
def test_only_the_secret_part_of_a_line_is_hidden(line: str, kept: str) -> None:
    assert Redactor().words(line) == kept


SECRET = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=8, max_size=40)


@given(secret=SECRET, format=st.sampled_from(["text", "json"]), before=st.text(max_size=5), after=st.text(max_size=5))
def test_no_secret_of_the_settings_is_ever_written(
    secret: str, format: Literal["text", "json"], before: str, after: str
) -> None:
    settings = Settings(
        bot_token=f"xoxb-{secret}", app_token=f"xapp-{secret}", client_secret=f"c{secret}", vault_keys=[f"k{secret}"]
    )
    for one in settings.secrets:
        shown = logged(format, "%s%s", before, f"{one}{after}", secrets=settings.secrets)
        assert one not in shown
        if format == "json":
            assert one not in "".join(str(json.loads(line)) for line in shown.strip("\n").split("\n"))


def test_the_stack_is_kept_under_the_token() -> None:
    shown = logged("text", "hello")
    assert "trouble K7Q2" in shown
    assert "Traceback (most recent call last)" in shown
    assert "ValueError: hello" in shown
    last = json.loads(logged("json", "hello").splitlines()[-1])
    assert last["event"] == "trouble K7Q2"
    assert "ValueError: hello" in last["exception"]


@pytest.mark.parametrize("format", ["text", "json"])
def test_only_known_extras_are_written(format: Literal["text", "json"]) -> None:
    shown = logged(format, "for %s", "T123")
    assert "T123" in shown
    assert "private words" not in shown


def test_other_peoples_libraries_are_quiet() -> None:
    stream = io.StringIO()
    set_up(level="debug", stream=stream)
    for name in ("slack_bolt.App", "slack_sdk.web", "aiohttp.access", "sqlalchemy.engine", "apscheduler.x"):
        logger = logging.getLogger(name)
        before, logger.level = logger.level, logging.DEBUG
        logger.info("what Ana said")
        logger.setLevel(before)
    logging.getLogger("bot.x").debug("ours")
    assert "Ana" not in stream.getvalue()
    assert "ours" in stream.getvalue()
