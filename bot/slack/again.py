"""A form shown again as it was sent, with every word in it, after something else had taken its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.inputs import plain
from bot.slack.payloads import Payload

CHOOSE_AGAIN = "Please choose the file once more."
# What Slack lets an app say of a view; the rest of a payload's view is Slack's own.
OURS = ("type", "callback_id", "title", "submit", "close", "private_metadata", "notify_on_close")


def form_again(view: Payload, first: list[dict[str, Any]]) -> dict[str, Any]:
    """The view that was sent, filled with what it held, below the blocks `first`."""
    held = (view.get("state") or {}).get("values") or {}
    drawn = {name: view[name] for name in OURS if view.get(name)}
    return {**drawn, "blocks": [*first, *(_filled(block, held.get(block["block_id"], {})) for block in view["blocks"])]}


def _filled(block: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if block["type"] != "input":
        return dict(block)
    element = {name: part for name, part in block["element"].items() if not name.startswith("initial_")}
    # Slack lets no app choose a file for anybody.
    if element["type"] == "file_input":
        chosen = held.get(element["action_id"], {}).get("files")
        return {**block, "element": element, **({"hint": plain(CHOOSE_AGAIN)} if chosen else {})}
    # What was chosen is called selected_x, and what is to be chosen from the start initial_x.
    for name, given in held.get(element["action_id"], {}).items():
        if name != "type" and given:
            element[f"initial_{name.removeprefix('selected_')}"] = given
    return {**block, "element": element}
