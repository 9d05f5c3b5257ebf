"""The words people see, whatever the blocks they come in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack import words


def name(some_id: str) -> str:
    return {"U1": "ana", "C1": "general"}.get(some_id, some_id)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Kudos to <@U1>", "Kudos to @ana"),
        ("Kudos to <@U1|anything>", "Kudos to @ana"),
        ("In <#C1> and <#C2|random>", "In #general and #random"),
        ("<!here> at <!date^1767261600^{time}|10:00>", "@here at 10:00"),
        ("See <https://example.com|the notes> or <https://example.com>", "See the notes or https://example.com"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
    ],
)
def test_marked_up_text(text: str, read: str) -> None:
    assert words.of_mrkdwn(text, name) == read


def test_rich_text() -> None:
    section = [
        {"type": "text", "text": "Thanks "},
        {"type": "user", "user_id": "U1"},
        {"type": "emoji", "name": "tada"},
    ]
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": item}]} for item in ("one", "two")]
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": section},
            {"type": "rich_text_list", "style": "bullet", "elements": items},
        ],
    }
    assert words.of_blocks([block], name) == "Thanks @ana:tada:\none\ntwo"


def test_a_message_shows_its_blocks_and_not_its_text() -> None:
    divider = {"type": "divider"}
    blocks: list[dict[str, Any]] = [{"type": "header", "text": {"type": "plain_text", "text": "Your team"}}, divider]
    assert words.of_message({"text": "Fallback", "blocks": blocks}) == "Your team"
    assert words.of_message({"text": "Only text", "blocks": []}) == "Only text"


@given(st.text(alphabet=st.characters(exclude_characters="<>&")))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert words.of_mrkdwn(text) == text


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    words.of_mrkdwn(text)
