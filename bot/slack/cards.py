"""Screens as Block Kit, in plain dictionaries. Nobody's words ever stand where Slack would parse them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from bot.slack.inputs import input_block, menu, plain, values
from bot.slack.limits import MESSAGE_TEXT, SLACK
from bot.slack.richtext import Json, elements, quote, rich, section, simple, words
from handlers import plain as in_words
from handlers.fitting import fit
from handlers.plain import DASH, blank, line_text, shown, titled
from handlers.screens import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    Choose,
    Confirm,
    Facts,
    Form,
    Heading,
    Home,
    Input,
    Para,
    Rule,
    Screen,
    Small,
    Words,
)
from handlers.text import Line, Strong

__all__ = ["home", "message", "modal", "pressed", "size", "values"]

BAR_LENGTH = 10


def message(card: Card) -> Json:
    """The `text` and `blocks` of a message."""
    fitted, blocks = _fitted(card)
    return {"text": _escaped(in_words.text(fitted)), "blocks": blocks}


def modal(form: Form, errors: Mapping[str, str] | None = None) -> Json:
    """The view of a modal, with each error below the input it names, and errors that name none on top."""
    view: Json = _fitted(_with_errors(form, errors) if errors else form)[1]
    return view


def home(home: Home) -> Json:
    """The view of an App Home."""
    return {"type": "home", "blocks": _fitted(home)[1]}


def pressed(action: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the state of what Slack says was pressed: a button, or an option that was chosen outside a form."""
    option = action.get("selected_option") or {}
    return str(action["action_id"]).partition("#")[0], str(action.get("value") or option.get("value") or "")


# -- screens -------------------------------------------------------------------------------------------------


def _modal(form: Form) -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": form.does,
        "title": plain(form.title),
        "blocks": _blocks(form),
        "private_metadata": form.state,
        "notify_on_close": form.keeps,
    }
    if form.submit:
        view["submit"] = plain(form.submit)
    if form.close:
        view["close"] = plain(form.close)
    return view


def _with_errors(form: Form, errors: Mapping[str, str]) -> Form:
    body: list[Block | Input] = []
    left = dict(errors)
    for part in form.body:
        body.append(part)
        if not isinstance(part, Block) and part.name in left:
            body.append(_error(left.pop(part.name)))
    return replace(form, body=(*map(_error, left.values()), *body))


def _error(sentence: str) -> Para:
    return Para((Strong(sentence),))


def _fitted(screen: Screen) -> tuple[Screen, Any]:
    """The screen within Slack's limits, and how it is drawn; it is drawn once to be measured, and not again."""
    drawn: Any = None

    def measured(tried: Screen) -> int:
        nonlocal drawn
        drawn = _draw(tried)
        return _length(tried, drawn)

    return fit(screen, SLACK, measured), drawn


def size(screen: Screen) -> int:
    """How long the screen is as JSON: a message in characters; a view in bytes, every other letter escaped."""
    return _length(screen, _draw(screen))


def _draw(screen: Screen) -> Any:
    match screen:
        case Form():
            return _modal(screen)
        case Home():
            return _named(_blocks(screen))
        case Card():
            return _blocks(screen)


def _length(screen: Screen, drawn: Any) -> int:
    return len(json.dumps(drawn, ensure_ascii=not isinstance(screen, Card)))


def _escaped(text: str) -> str:
    """Words as they must be written in the text of a message, with no character's escape cut in two."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= MESSAGE_TEXT:
        return escaped
    return re.sub(r"&[a-z]*$", "", escaped[: MESSAGE_TEXT - 1]) + "…"


def _named(blocks: list[Json]) -> list[Json]:
    """The blocks of a home, those with buttons under a name that lasts for as long as they stay the same.

    Slack would name them anew each time, and whoever presses while a home is drawn again would name what is gone.
    """
    seen: Counter[str] = Counter()
    named: list[Json] = []
    for block in blocks:
        if block["type"] == "actions":
            mark = sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()[:16]
            seen[mark] += 1
            block = {**block, "block_id": f"{mark}-{seen[mark]}"}
        named.append(block)
    return named


# -- blocks --------------------------------------------------------------------------------------------------


def _blocks(screen: Screen) -> list[Json]:
    blocks = [drawn for part in screen.body if (drawn := _block(part))]
    return blocks or [rich(section([]))]


def _block(part: Block | Input) -> Json | None:
    """One block, or None where there is nothing to see."""
    match part:
        case Heading():
            return None if blank(part.text) else {"type": "header", "text": plain(part.text)}
        case Para():
            return _para(part.line)
        case Small():
            return _small(part.line)
        case Words():
            return _words(part)
        case Facts():
            return _facts(part) if part.rows else None
        case Bar():
            return _bar(part)
        case Rule():
            return {"type": "divider"}
        case Buttons():
            return {"type": "actions", "elements": _buttons(part)} if part.buttons else None
        case Choose():
            return _choose(part)
        case _:
            return input_block(part)


def _para(line: Line) -> Json | None:
    drawn = elements(line)
    return rich(section(drawn)) if drawn else None


def _small(line: Line) -> Json | None:
    """Small print, which in Slack holds words only; a line with more than words is a paragraph."""
    if not simple(line):
        return _para(line)
    text = line_text(line)
    return None if blank(text) else {"type": "context", "elements": [plain(text)]}


def _words(block: Words) -> Json:
    said = quote(shown(block.said))
    if block.by is None:
        return rich(said)
    return rich(said, section([words(f"{DASH} "), *elements((block.by,))]))


def _facts(block: Facts) -> Json:
    drawn: list[Json] = []
    for label, value in block.rows:
        start = "\n" if drawn else ""
        drawn += [words(f"{start}{shown(label)}:", bold=True), words(" "), *(elements(value) or [words(DASH)])]
    return rich(section(drawn))


def _bar(block: Bar) -> Json:
    full = round(max(0.0, min(1.0, block.share)) * BAR_LENGTH)
    drawn = "█" * full + "░" * (BAR_LENGTH - full)
    return rich(section([words(titled(block.label), bold=True), words(f"\n{drawn} {shown(block.note)}")]))


def _buttons(block: Buttons) -> list[Json]:
    """The buttons of one row; an action id is a button's name, numbered where the name comes again."""
    drawn: list[Json] = []
    seen: dict[str, int] = {}
    for button in block.buttons:
        number = seen[button.does] = seen.get(button.does, 0) + 1
        drawn.append(_button(button, button.does if number == 1 else f"{button.does}#{number}"))
    return drawn


def _button(button: Button, action_id: str) -> Json:
    drawn: Json = {"type": "button", "action_id": action_id, "text": plain(button.label)}
    if button.state:
        drawn["value"] = button.state
    if button.style:
        drawn["style"] = button.style
    if not blank(button.describes):
        drawn["accessibility_label"] = button.describes
    if button.confirm:
        drawn["confirm"] = _confirm(button.confirm)
    return drawn


def _choose(block: Choose) -> Json:
    return {
        "type": "section",
        "text": plain(block.label),
        "accessory": menu(block.does, block.options, block.chosen),
    }


def _confirm(confirm: Confirm) -> Json:
    return {
        "title": plain(confirm.title),
        "text": plain(confirm.text),
        "confirm": plain(confirm.yes),
        "deny": plain(confirm.no),
    }
