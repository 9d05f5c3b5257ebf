"""A turn that takes longer than Slack waits: people are told to wait, and then what came of it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator

import pytest

from handlers.feature import Answer, Feature, Refusal
from handlers.features import FEATURES
from handlers.router import Router
from handlers.screens import Button, Buttons, Done, FileInput, Form, Invalid, Open, Para, Replace, Say, TextInput, say
from handlers.text import line
from handlers.turn import Turn
from sandbox.people import Person
from sandbox.slack.files import Picked
from tests.platforms.wire import tokens
from tests.town import Town

slow = Feature("slow", "Takes its time.")
SAVING = "Saving"
LATER = "Later, then"


class Gate:
    """Holds turns until the test lets them go on."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.answer: Answer = None

    def pass_(self) -> Answer:
        assert self.open.wait(10)
        return self.answer


GATE = Gate()


def card() -> Say:
    return say(Para(line(LATER)), Buttons((Button("Again", "slow.press", opens=True),)))


def slow_form() -> Form:
    return Form("slow.form", "Slow", (TextInput("why", "Why?"), FileInput("file", "A file", ("ics",), required=False)))


@slow.press("slow.start")
def start(_turn: Turn) -> Answer:
    return Open(slow_form())


@slow.command("kudos", help="Takes its time")
@slow.press("slow.press")
@slow.submit("slow.form")
@slow.shortcut("kudos.start")
def take_time(_turn: Turn) -> Answer:
    answer = GATE.pass_()
    if isinstance(answer, str):
        raise Refusal(answer)
    return answer


@pytest.fixture
async def slowly(town: Town) -> AsyncIterator[Town]:
    """A town whose app loses patience soon, and whose kudos take their time."""
    others = tuple(one for one in FEATURES if one.name != "kudos")
    town.app.inbound.router = Router((slow, *others), town.app.storage)
    town.app.inbound.patience = 0.05
    GATE.open.clear()
    GATE.answer = card()
    yield town
    GATE.open.set()
    await town.settle()


async def goes_on(town: Town) -> None:
    GATE.open.set()
    await town.settle()


async def with_slow_form(town: Town) -> Person:
    (ana,) = town.people("ana")
    GATE.open.set()
    GATE.answer = say(Buttons((Button("Begin", "slow.start", opens=True),)))
    await ana.types("/kudos")
    await town.settle()
    await ana.presses("Begin", in_="ephemeral")
    await town.settle()
    await ana.fills({"Why?": "Because I typed this"})
    GATE.open.clear()
    return ana


async def test_a_command_is_answered_when_its_answer_comes(slowly: Town) -> None:
    (ana,) = slowly.people("ana")
    await ana.types("/kudos")
    await ana.sees("One moment", in_="ephemeral")
    await goes_on(slowly)
    await ana.sees(LATER, in_="ephemeral")


async def test_a_form_that_comes_too_late_is_not_silence(slowly: Town) -> None:
    (ana,) = slowly.people("ana")
    GATE.answer = Open(slow_form())
    await ana.types("/kudos")
    await goes_on(slowly)
    await ana.sees("please try once more", in_="ephemeral")


@pytest.mark.parametrize("what", ["card", "done", "note", "invalid", "open", "refusal"])
async def test_a_form_says_saving_and_then_what_came_of_it(slowly: Town, what: str) -> None:
    ana = await with_slow_form(slowly)
    GATE.answer, seen = {
        "card": (card(), LATER),
        "done": (Done(), "You can close this"),
        "note": (Done("Kept for you."), "Kept for you."),
        "invalid": (Invalid(slow_form(), {"why": "Please say more."}), "Please say more."),
        "open": (Open(slow_form()), "Why?"),
        "refusal": ("You may not do this.", "You may not do this."),
    }[what]
    assert not await ana.submits()
    await ana.sees(SAVING, in_="modal")
    await goes_on(slowly)
    await ana.sees(seen, in_="modal")
    await ana.never_sees(SAVING, in_="modal")
    assert not slowly.sandbox.troubles


async def test_a_form_that_fails_late_gives_back_what_was_typed(slowly: Town) -> None:
    ana = await with_slow_form(slowly)
    await ana.fills({"A file": Picked("leave.ics", b"BEGIN:VCALENDAR")})
    GATE.answer = 7  # type: ignore[assignment]
    assert not await ana.submits()
    await ana.sees(SAVING, in_="modal")
    await goes_on(slowly)
    await ana.sees("Something broke on our side", in_="modal")
    assert len(tokens(ana.modal_text)) == 1
    assert "Because I typed this" in str(ana.modal)
    assert "Please choose the file once more." in ana.modal_text
    GATE.answer = Done()
    assert not await ana.submits()
    await slowly.settle()


async def test_presses_are_answered_late_where_they_were_made(slowly: Town) -> None:
    (ana,) = slowly.people("ana")
    GATE.open.set()
    await ana.types("/kudos")
    await slowly.settle()
    for answer, seen in ((Replace(card().card), LATER), (card(), LATER), (Open(slow_form()), "Why?")):
        GATE.open.clear()
        GATE.answer = answer
        await ana.presses("Again", in_="ephemeral")
        await goes_on(slowly)
        await ana.sees(seen)
        if ana.modal:
            await ana.closes()


async def test_a_form_opened_too_late_by_a_press_or_shortcut_is_not_silence(slowly: Town) -> None:
    (ana,) = slowly.people("ana")
    GATE.open.set()
    await ana.types("/kudos")
    await slowly.settle()
    GATE.answer = Open(slow_form())
    slowly.sandbox.faults.add("late_trigger", 2)
    await ana.presses("Again", in_="ephemeral")
    await ana.sees("please try once more", in_="ephemeral")
    GATE.open.clear()
    await ana.shortcut("Give kudos")
    await goes_on(slowly)
    await ana.sees("please try once more", in_="dm")


async def test_who_closes_the_form_meanwhile_hears_of_it(slowly: Town) -> None:
    ana = await with_slow_form(slowly)
    GATE.answer = card()
    assert not await ana.submits()
    await ana.sees(SAVING, in_="modal")
    await ana.closes()
    await goes_on(slowly)
    await ana.sees(LATER, in_="dm")
