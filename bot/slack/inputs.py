"""Inputs as Block Kit elements, and what was put into them read back as neutral values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.slack.limits import MENU_OPTIONS, RADIO_OPTIONS
from bot.slack.richtext import Json
from handlers.interaction import File, Value
from handlers.plain import blank, scale_options, shown
from handlers.reading import as_number
from handlers.screens import (
    ChannelInput,
    ChoiceInput,
    DateInput,
    FileInput,
    Input,
    NumberInput,
    Option,
    PeopleInput,
    ScaleInput,
    TextInput,
    Toggle,
)
from handlers.shortening import shorten

# The action id says how a value reads back; a box to tick looks like any other choice in what Slack sends.
VALUE = "value"
TICKED = "ticked"
# A group's label holds 75 characters: two ends, and a word between them.
GROUP_END = 35


def plain(text: str) -> Json:
    """A text object whose text is shown as it stands."""
    return {"type": "plain_text", "text": shown(text), "emoji": False}


def input_block(field: Input) -> Json:
    """The input block of a field; its name is the block's id, as Slack keys errors by that."""
    optional = isinstance(field, Toggle) or not field.required
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label),
        "optional": optional,
        "element": _element(field),
    }
    if not blank(field.hint):
        block["hint"] = plain(field.hint)
    return block


def menu(action_id: str, options: tuple[Option, ...], chosen: str) -> Json:
    """A menu outside a form, which tells of a choice at once."""
    drawn = {option.key: _option(option) for option in options}
    element: Json = {"type": "static_select", "action_id": action_id, "options": list(drawn.values())}
    return {**element, "initial_option": drawn[chosen]} if chosen in drawn else element


def values(state_values: Mapping[str, Mapping[str, Any]], blocks: Iterable[Mapping[str, Any]]) -> dict[str, Value]:
    """What the inputs among these blocks hold, by input name; None where nothing was given."""
    names = [block["block_id"] for block in blocks if block["type"] == "input"]
    return {name: _value(state_values.get(name) or {}) for name in names}


def _element(field: Input) -> Json:
    match field:
        case TextInput():
            return _text(field)
        case NumberInput():
            return _number(field)
        case ChoiceInput():
            return _choice(field.options, field.value, field.many)
        case ScaleInput():
            return _choice(scale_options(field), (field.value,), many=False)
        case PeopleInput():
            return _people(field)
        case ChannelInput():
            return _channel(field)
        case DateInput():
            element: Json = {"type": "datepicker", "action_id": VALUE}
            return {**element, "initial_date": field.value.isoformat()} if field.value else element
        case FileInput():
            return {"type": "file_input", "action_id": VALUE, "filetypes": list(field.endings), "max_files": 1}
        case Toggle():
            return _toggle(field)


def _text(field: TextInput) -> Json:
    element: Json = {
        "type": "plain_text_input",
        "action_id": VALUE,
        "multiline": field.long,
        "max_length": field.most,
    }
    if field.value:
        element["initial_value"] = field.value
    if not blank(field.placeholder):
        element["placeholder"] = plain(field.placeholder)
    return element


def _number(field: NumberInput) -> Json:
    element: Json = {"type": "number_input", "action_id": VALUE, "is_decimal_allowed": not field.whole}
    number = as_number(field.value)
    # Slack refuses to show what is no number; the person types it again.
    if number is not None and (number.is_integer() or not field.whole):
        element["initial_value"] = f"{number:f}".rstrip("0").rstrip(".")
    return element


def _choice(options: tuple[Option, ...], chosen: tuple[str, ...], many: bool) -> Json:
    short = len(options) <= RADIO_OPTIONS
    kind = {
        (True, False): "radio_buttons",
        (True, True): "checkboxes",
        (False, False): "static_select",
        (False, True): "multi_static_select",
    }[short, many]
    drawn = {option.key: _option(option) for option in options}
    element: Json = {"type": kind, "action_id": VALUE, **_offered(list(drawn.values()))}
    initial = [drawn[key] for key in dict.fromkeys(chosen) if key in drawn]
    if initial and many:
        element["initial_options"] = initial
    elif initial:
        element["initial_option"] = initial[0]
    return element


def _offered(drawn: list[Json]) -> Json:
    """Options as one list, or in groups that say from where to where they go, where one list may not hold them."""
    if len(drawn) <= MENU_OPTIONS:
        return {"options": drawn}
    groups = [drawn[start : start + MENU_OPTIONS] for start in range(0, len(drawn), MENU_OPTIONS)]
    return {"option_groups": [{"label": plain(_from_to(group)), "options": group} for group in groups]}


def _from_to(group: list[Json]) -> str:
    first, last = (shorten(group[place]["text"]["text"], GROUP_END) for place in (0, -1))
    return f"{first} to {last}"


def _option(option: Option) -> Json:
    drawn: Json = {"text": plain(option.label), "value": option.key}
    return drawn if blank(option.note) else {**drawn, "description": plain(option.note)}


def _people(field: PeopleInput) -> Json:
    if field.many:
        element: Json = {"type": "multi_users_select", "action_id": VALUE}
        return {**element, "initial_users": list(field.value)} if field.value else element
    element = {"type": "users_select", "action_id": VALUE}
    return {**element, "initial_user": field.value[0]} if field.value else element


def _channel(field: ChannelInput) -> Json:
    element: Json = {
        "type": "conversations_select",
        "action_id": VALUE,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {**element, "initial_conversation": field.value} if field.value else element


def _toggle(field: Toggle) -> Json:
    option: Json = {"text": plain(field.says), "value": "yes"}
    element: Json = {"type": "checkboxes", "action_id": TICKED, "options": [option]}
    return {**element, "initial_options": [option]} if field.on else element


def _value(state: Mapping[str, Any]) -> Value:
    if TICKED in state:
        return bool(state[TICKED].get("selected_options"))
    given = state.get(VALUE) or {}
    match given.get("type"):
        case "checkboxes" | "multi_static_select":
            return tuple(option["value"] for option in given.get("selected_options") or ())
        case "radio_buttons" | "static_select":
            option = given.get("selected_option")
            return str(option["value"]) if option else None
        case "multi_users_select":
            return tuple(given.get("selected_users") or ())
        case "users_select":
            return _text_or_none(given.get("selected_user"))
        case "conversations_select":
            return _text_or_none(given.get("selected_conversation"))
        case "datepicker":
            return _text_or_none(given.get("selected_date"))
        case "file_input":
            files = given.get("files") or ()
            return _file(files[0]) if files else None
        case _:
            return _text_or_none(given.get("value"))


def _file(given: Mapping[str, Any]) -> File:
    # What is kept elsewhere is none of ours: its address is not one of Slack's.
    elsewhere = given.get("is_external") or given.get("mode") == "external"
    address = "" if elsewhere else str(given.get("url_private_download") or given.get("url_private") or "")
    return File(str(given.get("name") or ""), str(given.get("mimetype") or ""), int(given.get("size") or 0), address)


def _text_or_none(given: Any) -> str | None:
    return str(given) if given else None
