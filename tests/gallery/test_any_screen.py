"""Whatever people type, every screen stays valid, literal and the same in words."""

from __future__ import annotations

import json
import re
from typing import Any

import slackblocks
from hypothesis import HealthCheck, example, given, settings

from bot.slack import cards
from bot.slack.limits import MESSAGE_TEXT, SLACK
from handlers import plain
from handlers.fitting import fit
from handlers.screens import Button, Buttons, Card, Screen
from sandbox.slack.rules import check_message, check_view
from tests.gallery import any_screen
from tests.gallery.seen import drawn, everything, words_in_text, words_on_slack

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@SLOW
@given(any_screen.screens)
def test_slack_accepts_every_screen(screen: Screen) -> None:
    whole = drawn(screen)
    problems = check_message(whole) if isinstance(screen, Card) else check_view(whole)
    assert problems == []
    assert json.loads(json.dumps(whole)) == whole
    for block in whole["blocks"]:
        second_opinion(block)


@SLOW
@given(any_screen.cards)
def test_a_message_is_never_too_long_as_a_whole(card: Card) -> None:
    whole = drawn(card)
    assert len(json.dumps(whole["blocks"], ensure_ascii=False)) <= SLACK.card_size
    assert 0 < len(whole["text"]) <= MESSAGE_TEXT


@SLOW
@given(any_screen.screens)
def test_nobodys_words_stand_where_slack_parses_them(screen: Screen) -> None:
    whole = drawn(screen)
    assert ("type", "mrkdwn") not in list(everything(whole))
    if isinstance(screen, Card):
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", whole["text"])


@SLOW
@given(any_screen.screens)
def test_no_text_is_empty_and_no_emoji_is_made_of_words(screen: Screen) -> None:
    for key, value in everything(drawn(screen)):
        if key in ("text", "fallback", "initial_value"):
            assert value
        if isinstance(value, dict) and value.get("type") == "plain_text":
            assert value["emoji"] is False
            assert not plain.blank(value["text"])


@SLOW
@example(Card((Buttons(tuple(Button(label, "a.a") for label in ("", "x", ""))),)))
@given(any_screen.screens)
def test_slack_and_plain_text_say_the_same_words(screen: Screen) -> None:
    fitted = fit(screen, SLACK, cards.size)
    assert words_on_slack(fitted) == words_in_text(fitted)


@SLOW
@given(any_screen.screens)
def test_what_fits_is_left_as_it_is(screen: Screen) -> None:
    fitted = fit(screen, SLACK, cards.size)
    assert fit(fitted, SLACK, cards.size) == fitted


def second_opinion(block: dict[str, Any]) -> None:
    """Raises what an independent library finds wrong with a block of a kind that it can read."""
    if block["type"] in ("header", "divider", "context"):
        slackblocks.Block.from_dict(block)
