"""What has been entered in the inputs of a view or a message: initial values, what people typed, and what the client
itself checks before it lets a form go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

# Element type -> (key of the value in the state, key of the initial value in the element, value when untouched).
STATES: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "initial_files", []),
}
MISSING = "Please complete this required field."


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it sits in, top to bottom."""
    for block in blocks:
        kind = block.get("type")
        if kind == "input":
            yield block, block["element"]
        elif kind == "actions":
            for element in block["elements"]:
                yield block, element
        elif kind == "section" and isinstance(block.get("accessory"), dict):
            if "action_id" in block["accessory"]:
                yield block, block["accessory"]
        elif kind == "context_actions":
            for element in block["elements"]:
                yield block, element


def name_all(blocks: list[Json], fresh: Iterator[str]) -> list[Json]:
    """The blocks with an id for each block and element that came without, as Slack hands them back."""
    named = []
    for block in blocks:
        copy: Json = {**block}
        copy.setdefault("block_id", next(fresh))
        if isinstance(copy.get("element"), dict):
            copy["element"] = {"action_id": next(fresh), **copy["element"]}
        if copy.get("type") in ("actions", "context_actions"):
            copy["elements"] = [{"action_id": next(fresh), **element} for element in copy["elements"]]
        accessory = copy.get("accessory")
        if isinstance(accessory, dict) and accessory.get("type") != "image":
            copy["accessory"] = {"action_id": next(fresh), **accessory}
        named.append(copy)
    return named


def untouched(element: Json) -> Json:
    """The state of an element that nobody has touched."""
    key, initial, empty = STATES[element["type"]]
    value = element.get(initial, empty)
    return {"type": element["type"], key: list(value) if isinstance(value, list) else value}


def values(blocks: list[Json], typed: Json) -> Json:
    """`state.values`: every stateful element, as typed or as it first was."""
    state: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in STATES:
            continue
        entered = typed.get(block["block_id"], {}).get(element["action_id"])
        if entered is None or entered.get("type") != element["type"]:
            entered = untouched(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = entered
    return state


def note(blocks: list[Json], typed: Json, entered: Json) -> Json:
    """`typed` with what was entered on top; an unknown block, element or a wrong shape is refused with ValueError."""
    known = {(block["block_id"], element["action_id"]): element for block, element in elements(blocks)}
    merged: Json = {block_id: dict(actions) for block_id, actions in typed.items()}
    for block_id, actions in entered.items():
        for action_id, state in actions.items():
            element = known.get((block_id, action_id))
            if element is None:
                raise ValueError(f"There is no input {block_id!r}/{action_id!r} here.")
            if element["type"] not in STATES:
                raise ValueError(f"A {element['type']} keeps no value.")
            key, _, empty = STATES[element["type"]]
            if isinstance(state, dict) and set(state) - {"type", key}:
                raise ValueError(f"The value of a {element['type']} is given as {key!r}, not as {sorted(state)}.")
            value = state.get(key, empty)
            merged.setdefault(block_id, {})[action_id] = {"type": element["type"], key: value}
    return merged


def complaints(blocks: list[Json], state: Json) -> dict[str, str]:
    """What the client itself would not let go: block id -> a sentence. Empty when the form may be sent."""
    found: dict[str, str] = {}
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        entry = state[block["block_id"]][element["action_id"]]
        value = entry[STATES[element["type"]][0]]
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = MISSING
            continue
        complaint = _complaint(element, value)
        if complaint:
            found[block["block_id"]] = complaint
    return found


def _complaint(element: Json, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please use at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please use at most {element.get('max_length', 3000)} characters."
    if kind == "number_input":
        return _number_complaint(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    if kind == "file_input" and len(value) > (most := element.get("max_files", 10)):
        return f"Please choose at most {most}."
    if isinstance(value, list) and len(value) > element.get("max_selected_items", 100):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter at most {element['max_value']}."
    return None
