"""What goes inside blocks: text objects, options, confirmations, and every element with its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from sandbox.slack.rich_text import rich_text
from sandbox.slack.shapes import (
    ByType,
    Choice,
    Day,
    Flag,
    Json,
    Many,
    Object,
    Problem,
    Rules,
    Shape,
    Text,
    Whole,
    as_list,
    one_of,
)

FLAG = Flag()
NAME = Text(255)
_ID = Text()
_NUMBER = Text(pattern=r"-?[0-9]+(\.[0-9]+)?", expected="a number written as text")
_STYLE = Choice(("primary", "danger"))
LINK = Text(3000, pattern=r"https?://\S+", expected="a valid URL")


def plain(longest: int) -> ByType:
    """A plain_text object."""
    return ByType({"plain_text": Object(needs={"text": Text(longest)}, may={"emoji": FLAG})})


def words(longest: int) -> ByType:
    """A text object, plain_text or mrkdwn."""
    mrkdwn = Object(needs={"text": Text(longest)}, may={"verbatim": FLAG})
    return ByType({**plain(longest).types, "mrkdwn": mrkdwn})


# Objects used by several elements.

CONFIRM = Object(
    needs={"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    may={"style": _STYLE},
)
DISPATCH = Object(needs={"trigger_actions_on": Many(Choice(("on_enter_pressed", "on_character_entered")), most=2)})
SLACK_FILE = Object(may={"id": _ID, "url": LINK}, rules=(one_of("id", "url"),))


def _filter_is_not_empty(given: Json, at: str) -> Iterator[Problem]:
    if not given:
        yield Problem(at, "must provide at least one of: include, exclude_external_shared_channels, exclude_bot_users")


FILTER = Object(
    may={
        "include": Many(Choice(("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": FLAG,
        "exclude_bot_users": FLAG,
    },
    rules=(_filter_is_not_empty,),
)


def _option(text: Callable[[int], ByType], **more: Shape) -> Object:
    return Object(needs={"text": text(75), "value": Text(150)}, may={"description": text(75), **more})


MENU_OPTION = _option(plain)
LISTED_OPTION = _option(words)
OVERFLOW_OPTION = _option(plain, url=LINK)
OPTION_GROUP = Object(needs={"label": plain(75), "options": Many(MENU_OPTION, most=100)})


# Rules between the properties of one element.


def _options_of(element: Json) -> list[object]:
    found: list[object] = []
    for holder in (element, *as_list(element.get("option_groups"))):
        if isinstance(holder, Mapping):
            found.extend(as_list(holder.get("options")))
    return found


def _initial_among_options(element: Json, at: str) -> Iterator[Problem]:
    options = _options_of(element)
    if "initial_option" in element and element["initial_option"] not in options:
        yield Problem(f"{at}/initial_option", "must be one of the options")
    for index, chosen in enumerate(as_list(element.get("initial_options"))):
        if chosen not in options:
            yield Problem(f"{at}/initial_options/{index}", "must be one of the options")


def _no_more_than_selectable(initial: str) -> Callable[[Json, str], Iterator[Problem]]:
    def rule(element: Json, at: str) -> Iterator[Problem]:
        most = element.get("max_selected_items")
        if isinstance(most, int) and len(as_list(element.get(initial))) > most:
            yield Problem(f"{at}/{initial}", f"no more than {most} items allowed")

    return rule


def _in_order(low: str, high: str) -> Callable[[Json, str], Iterator[Problem]]:
    def rule(element: Json, at: str) -> Iterator[Problem]:
        if low in element and high in element and _number(element[low]) > _number(element[high]):
            yield Problem(f"{at}/{low}", f"must not be more than {high}")

    return rule


def _number(value: object) -> Decimal:
    return Decimal(str(value))


def _whole_unless_decimal(element: Json, at: str) -> Iterator[Problem]:
    if element["is_decimal_allowed"]:
        return
    for name in ("initial_value", "min_value", "max_value"):
        if "." in str(element.get(name, "")):
            yield Problem(f"{at}/{name}", "must be a whole number as decimals are not allowed")


def _initial_text_fits(element: Json, at: str) -> Iterator[Problem]:
    longest, initial = element.get("max_length"), element.get("initial_value")
    if isinstance(longest, int) and isinstance(initial, str) and len(initial) > longest:
        yield Problem(f"{at}/initial_value", f"must be less than {longest + 1} characters")


# Families of elements that differ in a few properties.

_FOCUS: dict[str, Shape] = {"action_id": NAME, "focus_on_load": FLAG}
_PICK: dict[str, Shape] = {**_FOCUS, "confirm": CONFIRM}
_MENU: dict[str, Shape] = {**_PICK, "placeholder": plain(150)}
_TYPED: dict[str, Shape] = {
    **_FOCUS,
    "placeholder": plain(150),
    "initial_value": Text(3000, shortest=0),
    "dispatch_action_config": DISPATCH,
}
_STATIC: dict[str, Shape] = {
    "options": Many(MENU_OPTION, most=100),
    "option_groups": Many(OPTION_GROUP, most=100),
}
_EXTERNAL: dict[str, Shape] = {"min_query_length": Whole(0)}
_CONVERSATIONS: dict[str, Shape] = {"default_to_current_conversation": FLAG, "filter": FILTER}


_AMONG_OPTIONS = (one_of("options", "option_groups"), _initial_among_options)


def _select(initial: str, shape: Shape, more: Mapping[str, Shape], rules: Rules = ()) -> Object:
    return Object(may={**_MENU, initial: shape, **more}, rules=rules)


def _multi(initial: str, shape: Shape, more: Mapping[str, Shape], rules: Rules = ()) -> Object:
    return Object(
        may={**_MENU, initial: Many(shape), "max_selected_items": Whole(1), **more},
        rules=(*rules, _no_more_than_selectable(initial)),
    )


ELEMENTS: dict[str, Object] = {
    "button": Object(
        needs={"text": plain(75)},
        may={
            "action_id": NAME,
            "value": Text(2000),
            "url": LINK,
            "style": _STYLE,
            "confirm": CONFIRM,
            "accessibility_label": Text(75),
            "agent_prompt": Text(4000),
        },
    ),
    "overflow": Object(needs={"options": Many(OVERFLOW_OPTION, most=5)}, may={"action_id": NAME, "confirm": CONFIRM}),
    "image": Object(
        needs={"alt_text": Text(2000)},
        may={"image_url": LINK, "slack_file": SLACK_FILE},
        rules=(one_of("image_url", "slack_file"),),
    ),
    # Chosen from a list that is shown whole.
    "radio_buttons": Object(
        needs={"options": Many(LISTED_OPTION, most=10)},
        may={**_PICK, "initial_option": LISTED_OPTION},
        rules=(_initial_among_options,),
    ),
    "checkboxes": Object(
        needs={"options": Many(LISTED_OPTION, most=10)},
        may={**_PICK, "initial_options": Many(LISTED_OPTION, most=10)},
        rules=(_initial_among_options,),
    ),
    # Chosen from a menu.
    "static_select": _select("initial_option", MENU_OPTION, _STATIC, _AMONG_OPTIONS),
    "multi_static_select": _multi("initial_options", MENU_OPTION, _STATIC, _AMONG_OPTIONS),
    "external_select": _select("initial_option", MENU_OPTION, _EXTERNAL),
    "multi_external_select": _multi("initial_options", MENU_OPTION, _EXTERNAL),
    "users_select": _select("initial_user", _ID, {}),
    "multi_users_select": _multi("initial_users", _ID, {}),
    "conversations_select": _select("initial_conversation", _ID, {**_CONVERSATIONS, "response_url_enabled": FLAG}),
    "multi_conversations_select": _multi("initial_conversations", _ID, _CONVERSATIONS),
    "channels_select": _select("initial_channel", _ID, {"response_url_enabled": FLAG}),
    "multi_channels_select": _multi("initial_channels", _ID, {}),
    # Days and hours.
    "datepicker": Object(may={**_MENU, "initial_date": Day()}),
    "timepicker": Object(
        may={
            **_MENU,
            "initial_time": Text(pattern=r"([01][0-9]|2[0-3]):[0-5][0-9]", expected="a time in the form HH:mm"),
            "timezone": Text(),
        }
    ),
    "datetimepicker": Object(may={**_PICK, "initial_date_time": Whole(1_000_000_000, 9_999_999_999)}),
    # Typed.
    "plain_text_input": Object(
        may={
            **_TYPED,
            "multiline": FLAG,
            "min_length": Whole(0, 3000),
            "max_length": Whole(1, 3000),
        },
        rules=(_in_order("min_length", "max_length"), _initial_text_fits),
    ),
    "email_text_input": Object(may=_TYPED),
    "url_text_input": Object(may=_TYPED),
    "number_input": Object(
        needs={"is_decimal_allowed": FLAG},
        may={**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        rules=(
            _in_order("min_value", "max_value"),
            _in_order("min_value", "initial_value"),
            _in_order("initial_value", "max_value"),
            _whole_unless_decimal,
        ),
    ),
    "rich_text_input": Object(
        needs={"action_id": NAME},
        may={
            **_TYPED,
            "initial_value": ByType({"rich_text": rich_text({"block_id": NAME})}),
            "min_lines": Whole(1, 100),
            "max_lines": Whole(1, 100),
        },
        rules=(_in_order("min_lines", "max_lines"),),
    ),
    # Chosen from one's own device.
    "file_input": Object(may={"action_id": NAME, "filetypes": Many(Text()), "max_files": Whole(1, 10)}),
}

MENUS = tuple(kind for kind in ELEMENTS if kind.endswith("_select"))
PICKERS = (*MENUS, "radio_buttons", "checkboxes", "datepicker", "timepicker")
IN_SECTION = ("button", "overflow", "image", *PICKERS)
IN_ACTIONS = ("button", "overflow", *PICKERS, "datetimepicker", "rich_text_input")
IN_INPUT = (
    *PICKERS,
    "datetimepicker",
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
)


def elements(kinds: tuple[str, ...]) -> ByType:
    """Any of the elements named."""
    return ByType({kind: ELEMENTS[kind] for kind in kinds})
