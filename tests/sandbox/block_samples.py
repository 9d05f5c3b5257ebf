"""One sample of every block and element, with every property it may have, to be broken one at a time."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Words") -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str = "*Words*") -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def option(value: str = "a", **more: object) -> Json:
    return {"text": plain(f"Option {value}"), "value": value, "description": plain("About it"), **more}


OPTIONS = [option("a"), option("b")]
CONFIRM = {
    "title": plain(),
    "text": mrkdwn(),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
DISPATCH = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
FILTER = {
    "include": ["im", "mpim", "private", "public"],
    "exclude_external_shared_channels": True,
    "exclude_bot_users": True,
}
PICK: Json = {"action_id": "act", "focus_on_load": True, "confirm": CONFIRM}
MENU: Json = {**PICK, "placeholder": plain("Choose")}
MULTI: Json = {**MENU, "max_selected_items": 2}
TYPED: Json = {
    "action_id": "act",
    "focus_on_load": True,
    "placeholder": plain("Write"),
    "initial_value": "So far",
    "dispatch_action_config": DISPATCH,
}
IMAGE: Json = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A chart"}
RICH_TEXT: Json = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Hello ", "style": {"bold": True, "italic": True, "strike": False}},
                {"type": "link", "url": "https://example.com", "text": "here", "unsafe": False},
                {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
                {"type": "user", "user_id": "U1", "style": {"bold": True}},
                {"type": "channel", "channel_id": "C1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#12343b"},
                {"type": "date", "timestamp": 1_700_000_000, "format": "{date}", "fallback": "a day"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "offset": 1,
            "border": 0,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "One"}]}],
        },
        {"type": "rich_text_quote", "border": 1, "elements": [{"type": "text", "text": "Said"}]},
        {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": "code"}]},
    ],
}

ELEMENTS: dict[str, Json] = {
    "button": {
        "text": plain(),
        "action_id": "act",
        "value": "v",
        "url": "https://example.com",
        "style": "primary",
        "confirm": CONFIRM,
        "accessibility_label": "Says more",
    },
    "overflow": {
        "action_id": "act",
        "confirm": CONFIRM,
        "options": [option("a", url="https://example.com")],
    },
    "image": IMAGE,
    "radio_buttons": {**PICK, "options": OPTIONS, "initial_option": OPTIONS[0]},
    "checkboxes": {**PICK, "options": OPTIONS, "initial_options": OPTIONS},
    "static_select": {**MENU, "options": OPTIONS, "initial_option": OPTIONS[1]},
    "multi_static_select": {
        **MULTI,
        "option_groups": [{"label": plain(), "options": OPTIONS}],
        "initial_options": OPTIONS,
    },
    "external_select": {**MENU, "initial_option": OPTIONS[0], "min_query_length": 0},
    "multi_external_select": {**MULTI, "initial_options": OPTIONS, "min_query_length": 3},
    "users_select": {**MENU, "initial_user": "U1"},
    "multi_users_select": {**MULTI, "initial_users": ["U1", "U2"]},
    "conversations_select": {
        **MENU,
        "initial_conversation": "C1",
        "default_to_current_conversation": True,
        "filter": FILTER,
        "response_url_enabled": True,
    },
    "multi_conversations_select": {**MULTI, "initial_conversations": ["C1"], "filter": FILTER},
    "channels_select": {**MENU, "initial_channel": "C1", "response_url_enabled": True},
    "multi_channels_select": {**MULTI, "initial_channels": ["C1"]},
    "datepicker": {**MENU, "initial_date": "2028-02-29"},
    "timepicker": {**MENU, "initial_time": "09:30", "timezone": "Europe/Lisbon"},
    "datetimepicker": {**PICK, "initial_date_time": 1_700_000_000},
    "plain_text_input": {**TYPED, "multiline": True, "min_length": 0, "max_length": 3000},
    "email_text_input": TYPED,
    "url_text_input": TYPED,
    "number_input": {
        **TYPED,
        "is_decimal_allowed": True,
        "initial_value": "-1.5",
        "min_value": "-2",
        "max_value": "10",
    },
    "rich_text_input": {**TYPED, "initial_value": RICH_TEXT, "min_lines": 1, "max_lines": 100},
    "file_input": {"action_id": "act", "filetypes": ["ics", "txt"], "max_files": 10},
}
for _kind, _element in ELEMENTS.items():
    ELEMENTS[_kind] = {"type": _kind, **_element}

NOT_IN_INPUT = ("button", "overflow", "image")


def block_of(kind: str) -> Json:
    """A block that holds the sample of an element; a section or an input."""
    if kind in NOT_IN_INPUT:
        return {"type": "section", "text": plain(), "accessory": ELEMENTS[kind]}
    return {"type": "input", "label": plain(), "element": ELEMENTS[kind]}


BLOCKS: dict[str, Json] = {
    "section": {"text": mrkdwn(), "fields": [mrkdwn(), plain()], "expand": True, "accessory": IMAGE},
    "header": {"text": plain(), "level": 2},
    "divider": {},
    "context": {"elements": [plain(), mrkdwn(), IMAGE]},
    "actions": {"elements": [ELEMENTS["button"], {**ELEMENTS["static_select"], "action_id": "other"}]},
    "input": {
        "label": plain(),
        "element": ELEMENTS["plain_text_input"],
        "hint": plain(),
        "optional": True,
        "dispatch_action": True,
    },
    "image": {**IMAGE, "title": plain()},
    "rich_text": RICH_TEXT,
    "markdown": {"text": "# Words"},
    "alert": {"text": mrkdwn(), "level": "warning"},
}
for _kind, _block in BLOCKS.items():
    BLOCKS[_kind] = {"type": _kind, "block_id": f"block-{_kind}", **_block}

MODAL: Json = {
    "type": "modal",
    "title": plain("Check-in"),
    "submit": plain("Save"),
    "close": plain("Not now"),
    "blocks": [BLOCKS["input"]],
    "private_metadata": "{}",
    "callback_id": "checkins.start",
    "external_id": "one",
    "clear_on_close": False,
    "notify_on_close": True,
}
HOME: Json = {
    "type": "home",
    "blocks": [BLOCKS["section"]],
    "private_metadata": "",
    "callback_id": "home",
    "external_id": "two",
}
