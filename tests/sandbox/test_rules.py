"""What the sandbox refuses is what Slack refuses: blocks, elements, messages and views, at their limits."""

from __future__ import annotations

import copy
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.rules import Problem, check_blocks
from tests.sandbox.block_samples import (
    BLOCKS,
    ELEMENTS,
    OPTIONS,
    block_of,
    mrkdwn,
    option,
    plain,
)

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]
SURFACES: tuple[Surface, ...] = ("message", "modal", "home")
ANY_CHARACTER = st.characters(exclude_categories=("Cs",))


def put(whole: Any, path: str, value: object) -> Any:
    """A copy of the whole with the value at that pointer."""
    whole = copy.deepcopy(whole)
    *way, last = path.strip("/").split("/")
    here = whole
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value
    return whole


def pointers(problems: list[Problem]) -> list[str]:
    return [problem.pointer for problem in problems]


def told(problems: list[Problem]) -> str:
    return "\n".join(problem.line for problem in problems)


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_block_is_taken_where_it_belongs_and_only_there(kind: str) -> None:
    home = {"markdown": ("message",), "alert": ("modal",)}.get(kind, SURFACES)
    for surface in SURFACES:
        problems = check_blocks([BLOCKS[kind]], surface)
        if surface in home:
            assert problems == []
        else:
            assert told(problems) == f"[ERROR] unsupported type: {kind} [json-pointer:/0/type]"


@pytest.mark.parametrize("kind", ELEMENTS)
def test_every_element_is_taken_where_it_belongs_and_only_there(kind: str) -> None:
    modal_only = (
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
        "conversations_select",
        "channels_select",
    )
    for surface in SURFACES:
        refused = surface != "modal" and kind in modal_only
        refused |= (surface, kind) in (("message", "rich_text_input"), ("home", "datetimepicker"))
        assert bool(check_blocks([block_of(kind)], surface)) == refused


@pytest.mark.parametrize("kind", ["plain_text_input", "email_text_input", "number_input", "file_input", "image"])
def test_an_actions_block_holds_no_such_element(kind: str) -> None:
    actions = {"type": "actions", "elements": [ELEMENTS[kind]]}
    assert f"unsupported type: {kind}" in told(check_blocks([actions], "modal"))


@pytest.mark.parametrize("kind", ["button", "overflow", "image"])
def test_an_input_holds_no_such_element(kind: str) -> None:
    wrong = {"type": "input", "label": plain(), "element": ELEMENTS[kind]}
    assert f"unsupported type: {kind}" in told(check_blocks([wrong], "modal"))


def everything() -> list[tuple[str, Json]]:
    return [
        *((f"block {kind}", block) for kind, block in BLOCKS.items()),
        *((f"element {kind}", block_of(kind)) for kind in ELEMENTS),
    ]


def objects(value: object, at: str) -> list[str]:
    """The pointers of every object inside."""
    if isinstance(value, dict):
        return [at, *(found for name, inside in value.items() for found in objects(inside, f"{at}/{name}"))]
    if isinstance(value, list):
        return [found for index, inside in enumerate(value) for found in objects(inside, f"{at}/{index}")]
    return []


@pytest.mark.parametrize(("name", "block"), everything(), ids=[name for name, _ in everything()])
def test_an_unknown_property_is_refused_at_any_depth(name: str, block: Json) -> None:
    surface: Surface = "message" if block["type"] == "markdown" else "modal"
    for at in objects([block], ""):
        problems = check_blocks(put([block], f"{at}/bogus", 1), surface)
        assert Problem(at, "invalid additional property: bogus") in problems


@pytest.mark.parametrize(("name", "block"), everything(), ids=[name for name, _ in everything()])
def test_a_null_is_no_value(name: str, block: Json) -> None:
    surface: Surface = "message" if block["type"] == "markdown" else "modal"
    for key in block:
        assert f"/0/{key}" in pointers(check_blocks([{**block, key: None}], surface))


# In a modal: what to fill, where, and how long it may be.
LENGTHS = [
    *((BLOCKS[kind], "block_id", 255) for kind in BLOCKS if kind != "markdown"),
    *((block_of(kind), "element/action_id", 255) for kind in ELEMENTS if kind not in ("button", "overflow", "image")),
    (BLOCKS["section"], "text/text", 3000),
    (BLOCKS["section"], "fields/0/text", 2000),
    (BLOCKS["header"], "text/text", 150),
    (BLOCKS["context"], "elements/1/text", 3000),
    (BLOCKS["context"], "elements/2/alt_text", 2000),
    (BLOCKS["input"], "label/text", 2000),
    (BLOCKS["input"], "hint/text", 2000),
    (BLOCKS["image"], "alt_text", 2000),
    (BLOCKS["image"], "title/text", 2000),
    (BLOCKS["alert"], "text/text", 200),
    (block_of("button"), "accessory/text/text", 75),
    (block_of("button"), "accessory/value", 2000),
    (block_of("button"), "accessory/accessibility_label", 75),
    (block_of("button"), "accessory/agent_prompt", 4000),
    (block_of("button"), "accessory/confirm/title/text", 100),
    (block_of("button"), "accessory/confirm/text/text", 300),
    (block_of("button"), "accessory/confirm/confirm/text", 30),
    (block_of("button"), "accessory/confirm/deny/text", 30),
    (block_of("overflow"), "accessory/options/0/text/text", 75),
    (block_of("overflow"), "accessory/options/0/value", 150),
    (block_of("overflow"), "accessory/options/0/description/text", 75),
    (block_of("external_select"), "element/initial_option/value", 150),
    (block_of("static_select"), "element/placeholder/text", 150),
    (block_of("static_select"), "element/options/0/value", 150),
    (block_of("static_select"), "element/options/0/description/text", 75),
    (block_of("multi_static_select"), "element/option_groups/0/label/text", 75),
    (block_of("plain_text_input"), "element/placeholder/text", 150),
]


@pytest.mark.parametrize(("block", "path", "longest"), LENGTHS)
@given(character=ANY_CHARACTER)
def test_lengths_count_code_points(block: Json, path: str, longest: int, character: str) -> None:
    # One character is repeated, so that a limit in bytes or in UTF-16 units would show.
    assert check_blocks([put(block, path, character * longest)], "modal") == []
    over = check_blocks([put(block, path, character * (longest + 1))], "modal")
    assert over == [Problem(f"/0/{path}", f"must be less than {longest + 1} characters")]
    empty = check_blocks([put(block, path, "")], "modal")
    assert empty == [Problem(f"/0/{path}", "must be more than 0 characters")]


ITEMS: list[tuple[Json, str, Any, int]] = [
    (BLOCKS["section"], "fields", mrkdwn(), 10),
    (BLOCKS["context"], "elements", plain(), 10),
    (BLOCKS["actions"], "elements", {"type": "button", "text": plain()}, 25),
    (
        {"type": "section", "text": plain(), "accessory": {"type": "overflow"}},
        "accessory/options",
        option(),
        5,
    ),
    (put(block_of("radio_buttons"), "element", {"type": "radio_buttons"}), "element/options", option(), 10),
    (put(block_of("checkboxes"), "element", {"type": "checkboxes"}), "element/options", option(), 10),
    (put(block_of("static_select"), "element", {"type": "static_select"}), "element/options", option(), 100),
    (block_of("multi_static_select"), "element/option_groups", {"label": plain(), "options": OPTIONS}, 100),
    (block_of("multi_static_select"), "element/option_groups/0/options", OPTIONS, 100),
    (
        block_of("plain_text_input"),
        "element/dispatch_action_config/trigger_actions_on",
        "on_enter_pressed",
        2,
    ),
]


@pytest.mark.parametrize(("block", "path", "item", "most"), ITEMS)
def test_lists_are_taken_up_to_the_limit_and_not_beyond(block: Json, path: str, item: Any, most: int) -> None:
    def of(count: int) -> list[Problem]:
        some = (item * count)[:count] if isinstance(item, list) else [item] * count
        return check_blocks([put(block, path, some)], "modal")

    assert of(most) == []
    assert of(most + 1) == [Problem(f"/0/{path}", f"no more than {most} items allowed")]
    assert Problem(f"/0/{path}", "no fewer than 1 items allowed") in of(0)


NUMBERS: list[tuple[Json, str, int, int | None]] = [
    (BLOCKS["header"], "level", 1, 4),
    (BLOCKS["rich_text"], "elements/0/elements/2/skin_tone", 1, 6),
    (BLOCKS["rich_text"], "elements/0/elements/8/timestamp", 0, None),
    (BLOCKS["rich_text"], "elements/1/indent", 0, 8),
    (BLOCKS["rich_text"], "elements/1/offset", 0, None),
    (BLOCKS["rich_text"], "elements/1/border", 0, 1),
    (BLOCKS["rich_text"], "elements/2/border", 0, 1),
    (BLOCKS["rich_text"], "elements/3/border", 0, 1),
    (block_of("file_input"), "element/max_files", 1, 10),
    (block_of("datetimepicker"), "element/initial_date_time", 1_000_000_000, 9_999_999_999),
    (put(block_of("multi_users_select"), "element/initial_users", ["U1"]), "element/max_selected_items", 1, None),
    (block_of("external_select"), "element/min_query_length", 0, None),
    (block_of("plain_text_input"), "element/min_length", 0, 3000),
    (put(block_of("plain_text_input"), "element/initial_value", ""), "element/max_length", 1, 3000),
    (block_of("rich_text_input"), "element/min_lines", 1, 100),
    (block_of("rich_text_input"), "element/max_lines", 1, 100),
]


@pytest.mark.parametrize(("block", "path", "lowest", "highest"), NUMBERS)
def test_numbers_are_taken_between_their_bounds(block: Json, path: str, lowest: int, highest: int | None) -> None:
    def of(number: object) -> list[Problem]:
        return check_blocks([put(block, path, number)], "modal")

    assert of(lowest) == []
    assert of(lowest - 1) == [Problem(f"/0/{path}", f"must be at least {lowest}")]
    assert of(str(lowest)) == of(lowest + 0.5) == [Problem(f"/0/{path}", "must provide an integer")]
    if highest is not None:
        assert of(highest) == []
        assert of(highest + 1) == [Problem(f"/0/{path}", f"must be at most {highest}")]


@pytest.mark.parametrize(
    ("block", "path"),
    [
        (BLOCKS["image"], "image_url"),
        (block_of("button"), "accessory/url"),
        (block_of("overflow"), "accessory/options/0/url"),
    ],
)
def test_addresses_have_a_limit(block: Json, path: str) -> None:
    start = "https://example.com/"
    assert check_blocks([put(block, path, start.ljust(3000, "x"))], "modal") == []
    over = check_blocks([put(block, path, start.ljust(3001, "x"))], "modal")
    assert over == [Problem(f"/0/{path}", "must be less than 3001 characters")]


@pytest.mark.parametrize("kind", ["plain_text_input", "email_text_input", "url_text_input"])
def test_what_is_typed_already_may_be_empty_and_has_a_limit(kind: str) -> None:
    for length, accepted in ((0, True), (3000, True), (3001, False)):
        typed = put(block_of(kind), "element/initial_value", "x" * length)
        assert (check_blocks([typed], "modal") == []) == accepted


@pytest.mark.parametrize(
    ("kind", "change", "pointer"),
    [
        ("button", {"style": "default"}, "style"),
        ("button", {"url": "example.com"}, "url"),
        ("button", {"text": mrkdwn()}, "text/type"),
        ("image", {"slack_file": {"id": "F1"}}, ""),
        ("radio_buttons", {"initial_option": option("c")}, "initial_option"),
        ("checkboxes", {"initial_options": [option("a"), option("c")]}, "initial_options/1"),
        ("checkboxes", {"initial_options": []}, "initial_options"),
        ("static_select", {"initial_option": option("c")}, "initial_option"),
        ("static_select", {"option_groups": [{"label": plain(), "options": OPTIONS}]}, ""),
        ("static_select", {"options": [option("a", url="https://example.com")]}, "options/0"),
        ("static_select", {"options": [{"text": mrkdwn(), "value": "a"}]}, "options/0/text/type"),
        ("multi_static_select", {"initial_options": [option("c")]}, "initial_options/0"),
        ("multi_static_select", {"max_selected_items": 1}, "initial_options"),
        ("multi_users_select", {"max_selected_items": 0}, "max_selected_items"),
        ("multi_users_select", {"max_selected_items": 1}, "initial_users"),
        ("multi_conversations_select", {"response_url_enabled": True}, ""),
        ("conversations_select", {"filter": {}}, "filter"),
        ("conversations_select", {"filter": {"include": ["all"]}}, "filter/include/0"),
        ("external_select", {"min_query_length": -1}, "min_query_length"),
        ("datepicker", {"initial_date": "2027-02-29"}, "initial_date"),
        ("datepicker", {"initial_date": "20270228"}, "initial_date"),
        ("timepicker", {"initial_time": "24:00"}, "initial_time"),
        ("timepicker", {"initial_time": "9:30"}, "initial_time"),
        ("datetimepicker", {"initial_date_time": 999_999_999}, "initial_date_time"),
        ("datetimepicker", {"initial_date_time": "1700000000"}, "initial_date_time"),
        ("plain_text_input", {"max_length": 3001}, "max_length"),
        ("plain_text_input", {"max_length": 0}, "max_length"),
        ("plain_text_input", {"max_length": True}, "max_length"),
        ("plain_text_input", {"min_length": 5, "max_length": 4, "initial_value": ""}, "min_length"),
        ("plain_text_input", {"initial_value": "Hello", "max_length": 4}, "initial_value"),
        ("number_input", {"initial_value": 3}, "initial_value"),
        ("number_input", {"initial_value": "-3"}, "min_value"),
        ("number_input", {"initial_value": "10.1"}, "initial_value"),
        ("number_input", {"min_value": "11"}, "min_value"),
        ("number_input", {"is_decimal_allowed": False}, "initial_value"),
        ("rich_text_input", {"min_lines": 101}, "min_lines"),
        ("rich_text_input", {"min_lines": 9, "max_lines": 8}, "min_lines"),
        ("rich_text_input", {"initial_value": "Words"}, "initial_value"),
    ],
)
def test_an_element_that_contradicts_itself_is_refused(kind: str, change: Json, pointer: str) -> None:
    block = block_of(kind)
    place = "element" if "element" in block else "accessory"
    problems = check_blocks([{**block, place: {**block[place], **change}}], "modal")
    assert f"/0/{place}/{pointer}".rstrip("/") in pointers(problems)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("elements/0/elements/0/text", ""),
        ("elements/0/elements/0/style/loud", True),
        ("elements/0/elements/6/range", "all"),
        ("elements/0/elements/7/value", "red"),
        ("elements/1/style", "dotted"),
        ("elements/1/indent", 9),
        ("elements/1/elements/0", {"type": "text", "text": "bare"}),
        ("elements/2/border", 2),
        ("elements/3/elements", "code"),
        ("elements", []),
    ],
)
def test_rich_text_is_read_to_its_last_piece(path: str, value: object) -> None:
    assert check_blocks([put(BLOCKS["rich_text"], path, value)], "home") != []


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("section", "text"),
        ("header", "text"),
        ("context", "elements"),
        ("actions", "elements"),
        ("input", "label"),
        ("input", "element"),
        ("image", "alt_text"),
        ("rich_text", "elements"),
        ("alert", "text"),
        ("divider", "type"),
    ],
)
def test_what_is_needed_is_asked_for(kind: str, missing: str) -> None:
    block = {name: value for name, value in BLOCKS[kind].items() if name not in (missing, "fields")}
    assert told(check_blocks([block], "modal")) == f"[ERROR] missing required field: {missing} [json-pointer:/0]"


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_has_room_for_so_many_blocks(surface: Surface, most: int) -> None:
    assert check_blocks([{"type": "divider"}] * most, surface) == []
    assert told(check_blocks([{"type": "divider"}] * (most + 1), surface)).startswith("[ERROR] no more than")
    assert check_blocks([], surface) != []


def test_a_block_id_is_used_once_and_an_action_id_once_in_its_block() -> None:
    buttons = [{"type": "button", "text": plain(), "action_id": "go"} for _ in range(2)]
    one_each = [{"type": "actions", "block_id": name, "elements": buttons[:1]} for name in ("a", "b")]
    assert check_blocks(one_each, "message") == []
    twice = [{**block, "block_id": "a"} for block in one_each]
    assert pointers(check_blocks(twice, "message")) == ["/1/block_id"]
    both = {"type": "actions", "elements": buttons}
    assert pointers(check_blocks([both], "message")) == ["/0/elements/1/action_id"]


def test_only_one_element_may_ask_for_the_cursor() -> None:
    assert check_blocks([block_of("plain_text_input")], "modal") == []
    problems = check_blocks([block_of("plain_text_input"), block_of("datepicker")], "modal")
    assert told(problems) == "[ERROR] focus_on_load may be set on one element only [json-pointer:]"


def test_an_answer_address_is_for_inputs_of_modals() -> None:
    select = {"type": "conversations_select", "response_url_enabled": True}
    assert check_blocks([{"type": "input", "label": plain(), "element": select}], "modal") == []
    beside = {"type": "section", "text": plain(), "accessory": select}
    assert pointers(check_blocks([beside], "modal")) == ["/0/accessory/response_url_enabled"]
