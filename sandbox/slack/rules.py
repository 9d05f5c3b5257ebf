"""What Slack accepts: every block with its limits, where it may stand, whole messages and whole views."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.slack.elements import (
    FLAG,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    LINK,
    NAME,
    SLACK_FILE,
    elements,
    plain,
    words,
)
from sandbox.slack.rich_text import rich_text
from sandbox.slack.shapes import (
    Anything,
    ByType,
    Choice,
    Json,
    Many,
    Object,
    Problem,
    Shape,
    Text,
    Whole,
    as_list,
    one_of,
)

__all__ = ["Problem", "Surface", "check_blocks", "check_message", "check_view"]

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
LONGEST_TEXT = 40_000
LONGEST_UPDATED_TEXT = 4_000
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100
LARGEST_VIEW = 250 * 1024

_BLOCK_ID: dict[str, Shape] = {"block_id": NAME}


def _text_or_fields(block: Json, at: str) -> Iterator[Problem]:
    if "text" not in block and "fields" not in block:
        yield Problem(at, "missing required field: text")


_EVERYWHERE: dict[str, Object] = {
    "section": Object(
        may={
            **_BLOCK_ID,
            "text": words(3000),
            "fields": Many(words(2000), most=10),
            "accessory": elements(IN_SECTION),
            "expand": FLAG,
        },
        rules=(_text_or_fields,),
    ),
    "header": Object(needs={"text": plain(150)}, may={**_BLOCK_ID, "level": Whole(1, 4)}),
    "divider": Object(may=_BLOCK_ID),
    "context": Object(
        needs={"elements": Many(ByType({**elements(("image",)).types, **words(3000).types}), most=10)},
        may=_BLOCK_ID,
    ),
    "actions": Object(needs={"elements": Many(elements(IN_ACTIONS), most=25)}, may=_BLOCK_ID),
    "input": Object(
        needs={"label": plain(2000), "element": elements(IN_INPUT)},
        may={**_BLOCK_ID, "hint": plain(2000), "optional": FLAG, "dispatch_action": FLAG},
    ),
    "image": Object(
        needs={"alt_text": Text(2000)},
        may={**_BLOCK_ID, "image_url": LINK, "slack_file": SLACK_FILE, "title": plain(2000)},
        rules=(one_of("image_url", "slack_file"),),
    ),
    "rich_text": rich_text(_BLOCK_ID),
}
_MARKDOWN = Object(needs={"text": Text(LONGEST_MARKDOWN)}, may=_BLOCK_ID)
_ALERT = Object(
    needs={"text": words(200)},
    may={**_BLOCK_ID, "level": Choice(("default", "info", "warning", "error", "success"))},
)

BLOCKS: dict[Surface, ByType] = {
    "message": ByType({**_EVERYWHERE, "markdown": _MARKDOWN}),
    "modal": ByType({**_EVERYWHERE, "alert": _ALERT}),
    "home": ByType(_EVERYWHERE),
}

# Elements that only some surfaces show; those not named here are shown everywhere.
ELEMENT_SURFACES: dict[str, tuple[Surface, ...]] = {
    "email_text_input": ("modal",),
    "url_text_input": ("modal",),
    "number_input": ("modal",),
    "file_input": ("modal",),
    "rich_text_input": ("modal", "home"),
    "datetimepicker": ("message", "modal"),
}

_VIEW: dict[str, Shape] = {
    "private_metadata": Text(3000, shortest=0),
    "callback_id": NAME,
    "external_id": NAME,
}


@dataclass(frozen=True)
class _Blocks:
    """The blocks of a view, which have rules among themselves."""

    surface: Surface

    def check(self, value: object, at: str) -> Iterator[Problem]:
        yield from _blocks(value, self.surface, at)


VIEWS = ByType(
    {
        "modal": Object(
            needs={"title": plain(24), "blocks": _Blocks("modal")},
            may={
                **_VIEW,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": FLAG,
                "notify_on_close": FLAG,
            },
        ),
        "home": Object(needs={"blocks": _Blocks("home")}, may=_VIEW),
    }
)

METADATA = Object(needs={"event_type": Text(), "event_payload": Anything()})


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Every rule broken by a list of blocks on that surface; pointers start at the list."""
    return list(_blocks(blocks, surface, ""))


def check_view(view: object) -> list[Problem]:
    """Every rule broken by a modal or a home view; pointers start at the view."""
    return [*VIEWS.check(view, ""), *_view_as_a_whole(view)]


def check_message(payload: Mapping[str, object], *, update: bool = False) -> list[Problem]:
    """Every rule broken by the text, blocks, attachments and metadata of a message.

    `update` says that it replaces a message: its text may be 4,000 characters only, and an empty list
    of blocks takes them away. A property that is None counts as not given; other arguments of the method
    are not looked at.
    """
    given = {name: value for name, value in payload.items() if value is not None}
    return list(_message(given, update))


def _message(given: Json, update: bool) -> Iterator[Problem]:
    blocks, attachments = given.get("blocks"), given.get("attachments")
    if not given.get("text") and not blocks and not attachments:
        yield Problem("", "missing required field: text", "no_text")
    yield from _message_text(given.get("text", ""), LONGEST_UPDATED_TEXT if update else LONGEST_TEXT)
    if "blocks" in given and not (update and blocks == []):
        yield from _blocks(blocks, "message", "/blocks")
    if "attachments" in given:
        yield from Many(Anything(), fewest=0, most=MOST_ATTACHMENTS).check(attachments, "/attachments")
        for index, attachment in enumerate(as_list(attachments)):
            if isinstance(attachment, Mapping) and "blocks" in attachment:
                yield from _blocks(attachment["blocks"], "message", f"/attachments/{index}/blocks")
    if "metadata" in given:
        for problem in METADATA.check(given["metadata"], "/metadata"):
            yield Problem(problem.pointer, problem.message, "invalid_metadata_format")


def _message_text(text: object, longest: int) -> Iterator[Problem]:
    if not isinstance(text, str):
        yield Problem("/text", "must provide a string")
    elif len(text) > longest:
        yield Problem("/text", f"must be less than {longest + 1} characters", "msg_too_long")


def _blocks(blocks: object, surface: Surface, at: str) -> Iterator[Problem]:
    yield from Many(BLOCKS[surface], most=MOST_BLOCKS[surface]).check(blocks, at)
    seen: set[str] = set()
    focused = markdown = 0
    for index, block in enumerate(as_list(blocks)):
        if not isinstance(block, Mapping):
            continue
        here = f"{at}/{index}"
        yield from _unique(block.get("block_id"), "block_id", seen, here)
        actions: set[str] = set()
        for where, element in _elements(block, here):
            yield from _unique(element.get("action_id"), "action_id", actions, where)
            yield from _in_its_place(block, element, surface, where)
            focused += element.get("focus_on_load") is True
        markdown += _markdown_length(block)
    if focused > 1:
        yield Problem(at, "focus_on_load may be set on one element only")
    if markdown > LONGEST_MARKDOWN:
        yield Problem(at, f"all markdown must be less than {LONGEST_MARKDOWN + 1} characters")


def _elements(block: Json, at: str) -> Iterator[tuple[str, Json]]:
    """The interactive elements of a block, with their pointers."""
    places = [(f"{at}/{name}", block.get(name)) for name in ("accessory", "element")]
    if block.get("type") == "actions":
        places += [(f"{at}/elements/{index}", one) for index, one in enumerate(as_list(block.get("elements")))]
    for where, element in places:
        if isinstance(element, Mapping):
            yield where, element


def _unique(name: object, what: str, seen: set[str], at: str) -> Iterator[Problem]:
    if not isinstance(name, str):
        return
    if name in seen:
        yield Problem(f"{at}/{what}", f"`{what}` {name} already exists")
    seen.add(name)


def _in_its_place(block: Json, element: Json, surface: Surface, at: str) -> Iterator[Problem]:
    kind = element.get("type")
    if isinstance(kind, str) and surface not in ELEMENT_SURFACES.get(kind, (surface,)):
        yield Problem(f"{at}/type", f"unsupported type: {kind}")
    if element.get("response_url_enabled") is True and (surface, block.get("type")) != ("modal", "input"):
        yield Problem(f"{at}/response_url_enabled", "allowed in an input block of a modal only")


def _markdown_length(block: Json) -> int:
    text = block.get("text")
    return len(text) if block.get("type") == "markdown" and isinstance(text, str) else 0


def _view_as_a_whole(view: object) -> Iterator[Problem]:
    if not isinstance(view, Mapping):
        return
    blocks = as_list(view.get("blocks"))
    asks = any(isinstance(block, Mapping) and block.get("type") == "input" for block in blocks)
    if view.get("type") == "modal" and asks and "submit" not in view:
        yield Problem("", "missing required field: submit")
    if len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass")) > LARGEST_VIEW:
        yield Problem("", "view is larger than 250 KB", "view_too_large")
