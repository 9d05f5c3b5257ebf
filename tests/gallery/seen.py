"""What a person reads on a drawn screen, as a bag of words, to be compared with the same screen as plain text."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.slack import cards
from handlers import plain
from handlers.screens import Card, Form, Screen
from handlers.text import Mention

Json = dict[str, Any]

# Seen only on demand, or by nobody: what a press asks, what a screen reader says instead, what code reads.
UNSEEN = {"confirm", "accessibility_label", "value", "action_id", "block_id", "callback_id", "private_metadata", "type"}
# Chosen options are listed among all options as well.
UNSEEN |= {"initial_option", "initial_options", "format", "filter", "style", "filetypes"}


def drawn(screen: Screen) -> Json:
    """The screen as Slack gets it."""
    if isinstance(screen, Card):
        return cards.message(screen)
    return cards.modal(screen) if isinstance(screen, Form) else cards.home(screen)


def words_on_slack(screen: Screen) -> Counter[str]:
    """The words that Slack's own clients show."""
    whole = drawn(screen)
    if isinstance(screen, Card):
        whole = {"blocks": whole["blocks"]}
    names = {mention.key: mention.name or mention.key for mention in mentions(screen)}
    return words("\n".join(_strings(whole, names)))


def words_in_text(screen: Screen) -> Counter[str]:
    """The words of the same screen as plain text, without the signs that stand for a tick."""
    return words(re.sub(r"^(  |.*?: )[\[(][x ][\])] ", r"\1 ", plain.text(screen), flags=re.MULTILINE))


def words(text: str) -> Counter[str]:
    """The words of a text, without order and punctuation."""
    return Counter(re.findall(r"\w+", text))


def mentions(thing: Any) -> Iterator[Mention]:
    """Every member named anywhere in a screen."""
    if isinstance(thing, Mention):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from mentions(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from mentions(part)


def everything(thing: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a drawn screen with its value, however deep."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield key, value
            yield from everything(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from everything(value)


def _strings(thing: Any, names: dict[str, str]) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list):
        for part in thing:
            yield from _strings(part, names)
    elif isinstance(thing, dict):
        if str(thing.get("type")).startswith("rich_text_"):
            yield "".join(_span(element, names) for element in thing["elements"])
            return
        unseen = UNSEEN | {"placeholder"} if thing.get("initial_value") else UNSEEN
        for key, value in thing.items():
            if key == "option_groups":  # their labels only repeat the first and the last words of each
                yield from (words for group in value for words in _strings(group["options"], names))
            elif key not in unseen:
                yield from _strings(value, names)


def _span(element: Json, names: dict[str, str]) -> str:
    match element["type"]:
        case "user":
            return f"@{names[element['user_id']]}"
        case "channel":
            return f"#{element['channel_id']}"
        case "date":
            return str(element["fallback"])
        case "link":
            return f"{element['text']} ({element['url']})" if "text" in element else str(element["url"])
        case _:
            return str(element["text"])
