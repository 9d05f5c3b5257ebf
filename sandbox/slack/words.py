"""The words a person sees: blocks, views and messages flattened to plain lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
Name = Callable[[str], str]

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^>]*))?>")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<([a-z]+:[^|>]+)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")


def _same(name: str) -> str:
    return name


def of_mrkdwn(text: str, name: Name = _same) -> str:
    """Text as it is read: mentions by name, links by their label, entities as characters."""
    text = _MENTION.sub(lambda found: "@" + name(found[1]), text)
    text = _CHANNEL.sub(lambda found: "#" + (found[2] or name(found[1])), text)
    text = _DATE.sub(lambda found: found[1], text)
    text = _SPECIAL.sub(lambda found: "@" + found[1], text)
    text = _LINK.sub(lambda found: found[2] or found[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def of_text(text: object, name: Name = _same) -> str:
    """The words of a text object, or of a bare string."""
    if isinstance(text, str):
        return of_mrkdwn(text, name)
    if not isinstance(text, Mapping):
        return ""
    words = str(text.get("text", ""))
    return of_mrkdwn(words, name) if text.get("type") == "mrkdwn" else words


def of_rich_text(element: Json, name: Name = _same) -> str:
    """The words of a rich text block or of a part of one."""
    kind = element.get("type")
    if kind in ("text", "link"):
        return str(element.get("text") or element.get("url", ""))
    if kind == "user":
        return "@" + name(str(element["user_id"]))
    if kind == "channel":
        return "#" + name(str(element["channel_id"]))
    if kind == "emoji":
        return f":{element['name']}:"
    if kind == "broadcast":
        return "@" + str(element["range"])
    if kind == "date":
        return str(element.get("fallback", element.get("timestamp", "")))
    between = "\n" if kind in ("rich_text", "rich_text_list") else ""
    return between.join(of_rich_text(part, name) for part in element.get("elements", []))


def of_element(element: Json, name: Name = _same) -> Iterator[str]:
    """The words of a button, a picker or an image."""
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        yield of_text(element, name)
        return
    if kind == "image":
        yield str(element.get("alt_text", ""))
        return
    for key in ("text", "placeholder"):
        if key in element:
            yield of_text(element[key], name)
    if kind in ("users_select", "channels_select", "conversations_select"):
        yield from (name(str(element[key])) for key in element if key.startswith("initial_"))
    for option in options(element):
        yield of_text(option.get("text"), name)
        if "description" in option:
            yield of_text(option["description"], name)
    if "initial_value" in element:
        initial = element["initial_value"]
        yield initial if isinstance(initial, str) else of_rich_text(initial, name)


def options(element: Json) -> list[Json]:
    """The options of an element, those in groups included."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def of_block(block: Json, name: Name = _same) -> Iterator[str]:
    """The words of one block, part by part."""
    kind = block.get("type")
    if kind == "rich_text":
        yield of_rich_text(block, name)
        return
    if kind == "markdown":
        yield str(block.get("text", ""))
        return
    for key in ("title", "label", "text", "subtitle", "body"):
        if key in block:
            yield of_text(block[key], name)
    if kind == "image":
        yield str(block.get("alt_text", ""))
    for part in block.get("fields", []):
        yield of_text(part, name)
    for part in (*block.get("elements", []), *block.get("actions", [])):
        yield from of_element(part, name)
    for key in ("accessory", "element"):
        if key in block:
            yield from of_element(block[key], name)
    if "hint" in block:
        yield of_text(block["hint"], name)
    for row in block.get("rows", []):
        yield " | ".join(of_rich_text(cell, name) or str(cell.get("text", "")) for cell in row)


def of_blocks(blocks: list[Any], name: Name = _same) -> str:
    """The words of some blocks, one part a line."""
    return "\n".join(words for block in blocks for words in of_block(block, name) if words)


def of_message(message: Json, name: Name = _same) -> str:
    """What a reader of a message sees: its blocks, or its text when it has none; and the attachments."""
    body = of_blocks(message["blocks"], name) if message.get("blocks") else of_text(message.get("text", ""), name)
    attached = [of_blocks(part.get("blocks", []), name) for part in message.get("attachments") or []]
    return "\n".join(words for words in (body, *attached) if words)


def of_view(view: Json, name: Name = _same) -> str:
    """What somebody in front of a view sees: title, blocks, what was typed or objected, and the buttons below."""
    held = [state for actions in view.get("state", {}).get("values", {}).values() for state in actions.values()]
    typed = [str(state["value"]) for state in held if state.get("value")]
    typed += [str(file["name"]) for state in held for file in state.get("files", [])]
    parts = [of_text(view.get("title")), of_blocks(view.get("blocks", []), name), *typed]
    parts += [str(sentence) for sentence in (view.get("errors") or {}).values()]
    parts += [str(view.get("banner") or ""), of_text(view.get("close")), of_text(view.get("submit"))]
    return "\n".join(part for part in parts if part)
