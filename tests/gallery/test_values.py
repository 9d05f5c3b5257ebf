"""What people put into a form on Slack comes back by the names of its inputs, and a press by the name of its button."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import cards
from handlers.examples import vocabulary
from handlers.interaction import File
from handlers.screens import Button, Buttons, Card, Choose, Form, Option, TextInput, Toggle

FORM = vocabulary()["vocabulary.form"]
FILE = {
    "id": "F1",
    "name": "leave.ics",
    "mimetype": "text/calendar",
    "size": 120,
    "url_private": "https://files.slack.com/leave.ics",
    "url_private_download": "https://files.slack.com/download/leave.ics",
}


def option(key: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": key}, "value": key}


def state(view: dict[str, Any], given: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The state that Slack sends with this view: each element under its action id, empty unless given."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            filled = {"type": element["type"], **given.get(block["block_id"], {})}
            values[block["block_id"]] = {element["action_id"]: filled}
    return values


def test_a_filled_form_is_read_back() -> None:
    assert isinstance(FORM, Form)
    view = cards.modal(FORM)
    given = {
        "line": {"value": "A title"},
        "words": {"value": "*as typed* <!channel>"},
        "number": {"value": "2.5"},
        "one": {"selected_option": option("friday")},
        "some": {"selected_options": [option("monday"), option("tuesday")]},
        "hour": {"selected_option": option("9")},
        "hours": {"selected_options": [option("8")]},
        "scale": {"selected_option": option("4")},
        "score": {"selected_option": option("10")},
        "person": {"selected_user": "U0BO"},
        "people": {"selected_users": ["U0BO", "U0ANA"]},
        "channel": {"selected_conversation": "C0GENERAL"},
        "day": {"selected_date": "2026-11-19"},
        "file": {"files": [FILE]},
        "anonymous": {"selected_options": [option("yes")]},
    }
    assert cards.values(state(view, given), view["blocks"]) == {
        "line": "A title",
        "words": "*as typed* <!channel>",
        "number": "2.5",
        "one": "friday",
        "some": ("monday", "tuesday"),
        "hour": "9",
        "hours": ("8",),
        "scale": "4",
        "score": "10",
        "person": "U0BO",
        "people": ("U0BO", "U0ANA"),
        "channel": "C0GENERAL",
        "day": "2026-11-19",
        "file": File("leave.ics", "text/calendar", 120, "https://files.slack.com/download/leave.ics"),
        "anonymous": True,
    }


@pytest.mark.parametrize("elsewhere", [{"is_external": True}, {"mode": "external"}])
def test_a_file_that_slack_does_not_keep_has_no_address(elsewhere: dict[str, Any]) -> None:
    assert isinstance(FORM, Form)
    view = cards.modal(FORM)
    given = {"file": {"files": [{**FILE, **elsewhere}]}}
    assert cards.values(state(view, given), view["blocks"])["file"] == File("leave.ics", "text/calendar", 120, "")


def test_an_untouched_form_holds_nothing() -> None:
    assert isinstance(FORM, Form)
    view = cards.modal(FORM)
    nothing = {
        "value": None,
        "selected_option": None,
        "selected_options": [],
        "selected_user": None,
        "selected_users": [],
        "selected_conversation": None,
        "selected_date": None,
        "files": [],
    }
    values = cards.values(state(view, dict.fromkeys(state(view, {}), nothing)), view["blocks"])
    many = dict.fromkeys(("some", "hours", "people"), ())
    assert values == {**dict.fromkeys(values, None), **many, "anonymous": False}
    assert set(cards.values({}, view["blocks"]).values()) == {None}


def test_each_button_of_a_row_has_its_own_id_and_says_which_it_is() -> None:
    row = Buttons((Button("1", "pulse.answer", "1"), Button("2", "pulse.answer", "2"), Button("Skip", "pulse.skip")))
    (block,) = cards.message(Card((row,)))["blocks"]
    assert [element["action_id"] for element in block["elements"]] == [
        "pulse.answer",
        "pulse.answer#2",
        "pulse.skip",
    ]
    assert [cards.pressed(element) for element in block["elements"]] == [
        ("pulse.answer", "1"),
        ("pulse.answer", "2"),
        ("pulse.skip", ""),
    ]


def test_what_is_chosen_outside_a_form_is_a_press_of_that_option() -> None:
    menu = Choose("On which day?", "pulse.answer", (Option("7 a", "Monday"), Option("7 b", "Friday")), "7 b")
    (block,) = cards.message(Card((menu,)))["blocks"]
    element = block["accessory"]
    assert element["initial_option"] == element["options"][1]
    chosen = {"type": "static_select", "action_id": element["action_id"], "selected_option": element["options"][0]}
    assert cards.pressed(chosen) == ("pulse.answer", "7 a")


def test_errors_stand_below_their_inputs_and_others_on_top() -> None:
    form = Form(does="x.send", title="X", body=(TextInput("to", "To"), Toggle("open", "Open", "Yes")), state="5")
    view = cards.modal(form, {"to": "Please name somebody.", "team": "This team is gone."})
    said = [
        block["block_id"] if block["type"] == "input" else block["elements"][0]["elements"][0]["text"]
        for block in view["blocks"]
    ]
    assert said == ["This team is gone.", "to", "Please name somebody.", "open"]
    assert (view["callback_id"], view["private_metadata"]) == ("x.send", "5")
