"""Whole messages and whole views: what Slack takes, and what it says of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.rules import check_blocks, check_message, check_view
from tests.sandbox.block_samples import BLOCKS, ELEMENTS, HOME, MODAL, mrkdwn, plain

Json = dict[str, Any]


def codes(payload: Json, *, update: bool = False) -> list[str]:
    return [problem.code for problem in check_message(payload, update=update)]


def test_a_message_needs_words_or_blocks() -> None:
    assert check_message({"channel": "C1", "text": "Good morning"}) == []
    assert check_message({"blocks": [BLOCKS["section"]], "text": None}) == []
    assert codes({"channel": "C1"}) == ["no_text"]
    assert codes({"text": ""}) == ["no_text"]


@given(character=st.characters(exclude_categories=("Cs",)))
def test_the_words_of_a_message_have_a_limit(character: str) -> None:
    assert codes({"text": character * 40_000}) == []
    assert codes({"text": character * 40_001}) == ["msg_too_long"]
    assert codes({"text": character * 4_000}, update=True) == []
    assert codes({"text": character * 4_001}, update=True) == ["msg_too_long"]


def test_an_update_may_take_the_blocks_away() -> None:
    assert check_message({"text": "Done", "blocks": []}, update=True) == []
    assert check_message({"text": "Done", "blocks": []}) != []


def test_a_message_is_told_where_its_blocks_are_wrong() -> None:
    problems = check_message({"text": "Hi", "blocks": [BLOCKS["section"], BLOCKS["alert"]]})
    assert [problem.line for problem in problems] == ["[ERROR] unsupported type: alert [json-pointer:/blocks/1/type]"]
    problems = check_message({"attachments": [{"blocks": [{"type": "divider", "x": 1}]}]})
    assert [problem.pointer for problem in problems] == ["/attachments/0/blocks/0"]


def test_a_message_has_room_for_a_hundred_attachments() -> None:
    assert check_message({"attachments": [{"text": "Old style"}] * 100}) == []
    assert check_message({"attachments": [{"text": "Old style"}] * 101}) != []
    assert check_message({"attachments": ["words"]}) != []


def test_all_markdown_of_a_message_counts_together() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert check_message({"text": "Hi", "blocks": [half, half]}) == []
    assert check_message({"text": "Hi", "blocks": [half, half, {"type": "markdown", "text": "x"}]}) != []


@pytest.mark.parametrize(
    "metadata", [{}, "kudos", {"event_type": "kudos"}, {"event_type": "kudos", "event_payload": {}, "x": 1}]
)
def test_metadata_has_a_form(metadata: object) -> None:
    good = {"event_type": "kudos", "event_payload": {"any": ["thing"]}}
    assert check_message({"text": "Hi", "metadata": good}) == []
    assert set(codes({"text": "Hi", "metadata": metadata})) == {"invalid_metadata_format"}


def lines(view: object) -> list[str]:
    return [problem.line for problem in check_view(view)]


def test_whole_views_are_taken() -> None:
    assert check_view(MODAL) == []
    assert check_view(HOME) == []


def test_a_modal_that_asks_needs_a_submit_button() -> None:
    asking = {name: value for name, value in MODAL.items() if name != "submit"}
    assert lines(asking) == ["[ERROR] missing required field: submit [json-pointer:]"]
    assert lines({**asking, "blocks": [BLOCKS["section"]]}) == []


def test_a_home_has_no_title_nor_buttons_of_its_own() -> None:
    for name in ("title", "submit", "close"):
        assert lines({**HOME, name: plain()}) == [f"[ERROR] invalid additional property: {name} [json-pointer:]"]


@pytest.mark.parametrize("name", ["title", "blocks", "type"])
def test_a_modal_is_not_whole_without(name: str) -> None:
    part = {key: value for key, value in MODAL.items() if key != name}
    assert lines(part) == [f"[ERROR] missing required field: {name} [json-pointer:]"]


@pytest.mark.parametrize(
    ("name", "longest"),
    [("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)],
)
@given(character=st.characters(exclude_categories=("Cs",)))
def test_the_texts_of_a_view_have_limits(name: str, longest: int, character: str) -> None:
    for view in (MODAL, HOME):
        assert lines({**view, name: character * longest}) == []
        assert lines({**view, name: character * (longest + 1)}) == [
            f"[ERROR] must be less than {longest + 1} characters [json-pointer:/{name}]"
        ]


@pytest.mark.parametrize("name", ["title", "submit", "close"])
def test_a_modal_has_short_names(name: str) -> None:
    assert lines({**MODAL, name: plain("x" * 24)}) == []
    assert lines({**MODAL, name: plain("x" * 25)}) == [
        f"[ERROR] must be less than 25 characters [json-pointer:/{name}/text]"
    ]
    assert lines({**MODAL, name: mrkdwn()}) == [f"[ERROR] unsupported type: mrkdwn [json-pointer:/{name}/type]"]


def test_a_view_may_weigh_250_kilobytes_in_utf_8() -> None:
    section = {"type": "section", "text": mrkdwn("x" * 3000)}
    assert check_view({**HOME, "blocks": [section] * 75}) == []
    assert [problem.code for problem in check_view({**HOME, "blocks": [section] * 100})] == ["view_too_large"]
    wide = {"type": "section", "text": mrkdwn("\N{HERB}" * 3000)}
    assert [problem.code for problem in check_view({**HOME, "blocks": [wide] * 30})] == ["view_too_large"]


WORDS = st.sampled_from(
    [
        *("type", "text", "blocks", "elements", "element", "accessory", "options", "option_groups", "label"),
        *("block_id", "action_id", "initial_option", "initial_options", "min_value", "max_value", "fields"),
        *("is_decimal_allowed", "title", "submit", "private_metadata", "attachments", "metadata", "filter"),
        *("style", "value", "focus_on_load", "max_length", "initial_value", "max_selected_items"),
        *("modal", "home", "plain_text", "mrkdwn", "rich_text_section", "text", "1", "-2.5"),
        *BLOCKS,
        *ELEMENTS,
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | WORDS,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.text(max_size=4) | WORDS, inside, max_size=6)
        | st.builds(lambda kind, rest: {**rest, "type": kind}, WORDS, st.dictionaries(WORDS, inside, max_size=6))
    ),
    max_leaves=25,
)


@given(value=JSON)
def test_no_json_makes_the_checks_fall(value: object) -> None:
    for surface in ("message", "modal", "home"):
        check_blocks(value, surface)
        check_blocks([value], surface)
    check_view(value)
    check_view({"type": "modal", "blocks": [value]})
    check_message(value if isinstance(value, dict) else {"blocks": [value], "text": value, "metadata": value})
