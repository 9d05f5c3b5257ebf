"""Every screen of the gallery: accepted by Slack, whole, and in the same words on Slack and as plain text."""

from __future__ import annotations

import json

import pytest

from bot.slack import cards
from bot.slack.limits import SLACK
from handlers import plain
from handlers.examples import gallery
from handlers.features import FEATURES
from handlers.fitting import fit
from handlers.screens import Card, Screen
from handlers.wire import from_json, to_json
from sandbox.slack.rules import check_message, check_view
from tests.gallery.seen import drawn, words_in_text, words_on_slack

GALLERY = gallery(FEATURES)
each = pytest.mark.parametrize("screen", GALLERY.values(), ids=GALLERY.keys())


@each
def test_slack_accepts_it(screen: Screen) -> None:
    whole = drawn(screen)
    assert (check_message(whole) if isinstance(screen, Card) else check_view(whole)) == []


@each
def test_none_of_it_is_cut_short(screen: Screen) -> None:
    assert fit(screen, SLACK, cards.size) == screen


@each
def test_it_says_the_same_on_slack_and_as_plain_text(screen: Screen) -> None:
    assert words_on_slack(screen) == words_in_text(screen)


@each
def test_it_says_something(screen: Screen) -> None:
    assert not plain.blank(plain.text(screen))


@each
def test_it_can_be_kept_and_found_again(screen: Screen) -> None:
    assert from_json(json.loads(json.dumps(to_json(screen)))) == screen
