"""A second opinion: an independent library agrees on what is right, and on where the limits are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import slackblocks as sb

from sandbox.slack.rules import check_blocks, check_view
from tests.sandbox.block_samples import mrkdwn, option, plain

Json = dict[str, Any]


def put(whole: Any, path: str, value: object) -> None:
    *way, last = path.split("/")
    for step in way:
        whole = whole[int(step)] if isinstance(whole, list) else whole[step]
    whole[last] = value


def options(count: int, text: str = "Option") -> list[sb.Option]:
    return [sb.Option(text=sb.PlainText(text), value=str(number)) for number in range(count)]


def confirm(**changes: str) -> sb.ConfirmationDialogue:
    words = {"title": "Sure?", "text": "It is sent", "confirm": "Yes", "deny": "No", **changes}
    return sb.ConfirmationDialogue(**words)


def asks(element: sb.Element) -> sb.Block:
    return sb.InputBlock("Question", element)


def offers(element: sb.Element) -> sb.Block:
    return sb.ActionsBlock([element])


RIGHT: dict[str, sb.Block] = {
    "section": sb.SectionBlock("Words", fields=["One", "Two"], accessory=sb.Button("Go", "go")),
    "header": sb.HeaderBlock("Words"),
    "divider": sb.DividerBlock(),
    "context": sb.ContextBlock([sb.Text("Words"), sb.Image("A chart", "https://example.com/a.png")]),
    "image": sb.ImageBlock("https://example.com/a.png", "A chart", "Title"),
    "alert": sb.AlertBlock("Mind this", "warning"),
    "rich text": sb.RichTextBlock(
        [
            sb.RichTextSection(
                [
                    sb.RichText("Hello ", bold=True, italic=True, strike=True, code=True),
                    sb.RichTextLink("https://example.com", "here", bold=True),
                    sb.RichTextEmoji("wave", 2),
                    sb.RichTextUser("U1", bold=True, highlight=True),
                    sb.RichTextChannel("C1", unlink=True),
                    sb.RichTextUserGroup("S1", client_highlight=True),
                ]
            ),
            sb.RichTextList("ordered", [sb.RichTextSection([sb.RichText("One")])], indent=8),
            sb.RichTextQuote([sb.RichText("Said")], border=1),
            sb.RichTextCodeBlock([sb.RichText("code")], border=0),
        ]
    ),
    "button": offers(sb.Button("Go", "go", "https://example.com", "v", "danger", confirm(), "More", "Do it")),
    "overflow": offers(sb.OverflowMenu("more", options(5), confirm())),
    "radio buttons": asks(sb.RadioButtonGroup("one", options(10), options(1)[0], confirm(), True)),
    "checkboxes": asks(sb.CheckboxGroup("some", options(10), options(2), confirm(), True)),
    "select": asks(sb.StaticSelectMenu("one", options(100), None, options(1)[0], confirm(), True, "Choose")),
    "grouped select": asks(sb.StaticSelectMenu("one", option_groups=[sb.OptionGroup("All", options(100))])),
    "multi-select": asks(sb.StaticMultiSelectMenu("some", options(9), None, options(2), confirm(), 2)),
    "external select": asks(sb.ExternalSelectMenu("one", options(1)[0], 0, confirm(), True, "Choose")),
    "person": asks(sb.UserSelectMenu("one", "U1", confirm(), True, "Choose")),
    "people": asks(sb.UserMultiSelectMenu("some", ["U1", "U2"], confirm(), 2, True, "Choose")),
    "conversation": asks(
        sb.ConversationSelectMenu("one", "C1", True, confirm(), True, sb.ConversationFilter(["im"], True, True))
    ),
    "channels": asks(sb.ChannelMultiSelectMenu("some", ["C1"], confirm(), 1, True, "Choose")),
    "day": asks(sb.DatePicker("day", "2028-02-29", confirm(), True, "Choose")),
    "hour": asks(sb.TimePicker("hour", "23:59", confirm(), True, "Choose", "Europe/Lisbon")),
    "instant": asks(sb.DateTimePicker("at", 1_700_000_000, confirm(), True)),
    "words": asks(
        sb.PlainTextInput(
            "text",
            "So far",
            True,
            0,
            3000,
            sb.DispatchActionConfiguration(["on_enter_pressed"]),
            True,
            "Write",
        )
    ),
    "e-mail": asks(sb.EmailInput("email", "ana@example.com")),
    "address": asks(sb.URLInput("url", "https://example.com")),
    "number": asks(sb.NumberInput(True, "number", "1.5", "0", "2")),
    "files": asks(sb.FileInput("file", ["ics", "txt"], 1)),
    "rich words": asks(sb.RichTextInput("rich", sb.RichTextBlock([sb.RichTextSection([sb.RichText("So far")])]))),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_the_library_writes_is_taken(name: str) -> None:
    assert check_blocks([RIGHT[name]._resolve()], "modal") == []


def test_markdown_and_views_of_the_library_are_taken() -> None:
    assert check_blocks([sb.MarkdownBlock("# Words")._resolve()], "message") == []
    modal = sb.ModalView("Check-in", [asks(sb.DatePicker("day"))], "Not now", "Save", "{}", "start", True, True)
    written = modal.to_dict()
    written.pop("submit_disabled", None)  # the library knows it, Slack refuses it
    assert check_view(written) == []
    assert check_view(sb.HomeTabView([sb.DividerBlock()], "{}", "home", "one").to_dict()) == []


@dataclass(frozen=True)
class Limit:
    """The library's block with a part of some size, and the same part in JSON."""

    most: int
    build: Callable[[int], sb.Block]
    path: str
    part: Callable[[int], object]


def words(count: int) -> str:
    return "x" * count


def limit(most: int, path: str, build: Callable[[str], sb.Block]) -> Limit:
    return Limit(most, lambda count: build(words(count)), path, words)


def button(most: int, path: str) -> Limit:
    name = path.split("/")[0]
    return limit(most, f"elements/0/{path}", lambda text: offers(sb.Button(**{"text": "Go", name: text})))


LIMITS = {
    "section": limit(3000, "text/text", sb.SectionBlock),
    "field": limit(2000, "fields/0/text", lambda text: sb.SectionBlock(fields=[text])),
    "fields": Limit(
        10,
        lambda count: sb.SectionBlock(fields=["One"] * count),
        "fields",
        lambda count: [mrkdwn()] * count,
    ),
    "header": limit(150, "text/text", sb.HeaderBlock),
    "context": Limit(
        10,
        lambda count: sb.ContextBlock([sb.Text("One")] * count),
        "elements",
        lambda count: [mrkdwn()] * count,
    ),
    "actions": Limit(
        25,
        lambda count: sb.ActionsBlock([sb.Button("Go", f"go-{number}") for number in range(count)]),
        "elements",
        lambda count: [{"type": "button", "text": plain()}] * count,
    ),
    "label": limit(2000, "label/text", lambda text: sb.InputBlock(text, sb.DatePicker("day"))),
    "hint": limit(2000, "hint/text", lambda text: sb.InputBlock("Day", sb.DatePicker("day"), hint=text)),
    "alt text": limit(2000, "alt_text", lambda text: sb.ImageBlock("https://example.com/a.png", text)),
    "image title": limit(2000, "title/text", lambda text: sb.ImageBlock("https://example.com/a.png", "A chart", text)),
    "alert": limit(200, "text/text", sb.AlertBlock),
    "block_id": limit(255, "block_id", lambda text: sb.HeaderBlock("Words", text)),
    "button text": button(75, "text/text"),
    "button action_id": button(255, "action_id"),
    "button value": button(2000, "value"),
    "button accessibility_label": button(75, "accessibility_label"),
    "button agent_prompt": button(4000, "agent_prompt"),
    "option text": limit(
        75,
        "element/options/0/text/text",
        lambda text: asks(sb.RadioButtonGroup("one", [sb.Option(sb.PlainText(text), "a")])),
    ),
    "option value": limit(
        150, "element/options/0/value", lambda text: asks(sb.RadioButtonGroup("one", [sb.Option("A", text)]))
    ),
    "option description": limit(
        75,
        "element/options/0/description/text",
        lambda text: asks(sb.RadioButtonGroup("one", [sb.Option("A", "a", text)])),
    ),
    "radio buttons": Limit(
        10,
        lambda count: asks(sb.RadioButtonGroup("one", options(count))),
        "element/options",
        lambda count: [option()] * count,
    ),
    "checkboxes": Limit(
        10,
        lambda count: asks(sb.CheckboxGroup("one", options(count))),
        "element/options",
        lambda count: [option()] * count,
    ),
    "overflow": Limit(
        5,
        lambda count: offers(sb.OverflowMenu("more", options(count))),
        "elements/0/options",
        lambda count: [option()] * count,
    ),
    "options": Limit(
        100,
        lambda count: asks(sb.StaticSelectMenu("one", options(count))),
        "element/options",
        lambda count: [option()] * count,
    ),
    "group label": limit(
        75,
        "element/option_groups/0/label/text",
        lambda text: asks(sb.StaticSelectMenu("one", option_groups=[sb.OptionGroup(text, options(1))])),
    ),
    "placeholder": limit(150, "element/placeholder/text", lambda text: asks(sb.DatePicker("day", placeholder=text))),
    "max_length": Limit(
        3000,
        lambda count: asks(sb.PlainTextInput("text", max_length=count)),
        "element/max_length",
        lambda count: count,
    ),
    "max_files": Limit(
        10,
        lambda count: asks(sb.FileInput("file", max_files=count)),
        "element/max_files",
        lambda count: count,
    ),
    "max_lines": Limit(
        100,
        lambda count: asks(sb.RichTextInput("rich", max_lines=count)),
        "element/max_lines",
        lambda count: count,
    ),
}
LIMITS |= {
    f"confirm {name}": limit(
        most,
        f"elements/0/confirm/{name}/text",
        lambda text, name=name: offers(sb.Button("Go", "go", confirm=confirm(**{name: text}))),
    )
    for name, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items()
}


@pytest.mark.parametrize("name", LIMITS)
def test_both_draw_the_line_at_the_same_place(name: str) -> None:
    this = LIMITS[name]
    block = this.build(this.most)._resolve()
    assert check_blocks([block], "modal") == []

    with pytest.raises(sb.InvalidUsageError):
        this.build(this.most + 1)._resolve()
    put(block, this.path, this.part(this.most + 1))
    assert [problem.pointer for problem in check_blocks([block], "modal")] == [f"/0/{this.path}"]
