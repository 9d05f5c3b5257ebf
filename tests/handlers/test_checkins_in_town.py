"""Checking in on Slack: the same people, through the real Bolt app and a strict Slack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.town import Town

DONE, PLAN, BLOCKERS, MOOD = "What did you get done?", "What is next?", "Anything in your way?", "How was your week?"


@pytest.fixture
async def ops(town: Town) -> Town:
    """Ana and Cy are in Ops, which Bo manages and which shares its check-ins in #ops."""
    return await with_team(town, share="channel", channel=town.channel("ops"))


async def with_team(town: Town, **values: Any) -> Town:
    await town.settle()
    with town.store() as store:
        ana, bo, cy = (store.members.greet(town.person(name).user_id, name) for name in ("ana", "bo", "cy"))
        team = store.teams.add("Ops", manager_id=bo.id, **values)
        store.members.set_team([ana.id, cy.id], team.id)
    return town


async def checks_in(town: Town, name: str, **more: Any) -> Any:
    person = town.person(name)
    await person.types("/checkin")
    await person.fills({DONE: "Moved the *archive* <!channel>", PLAN: "Write the guide", **more})
    assert not await person.submits()
    await person.sees("Thank you")
    return person


async def test_an_evening_of_check_ins(ops: Town) -> None:
    ana = await checks_in(ops, "ana", **{BLOCKERS: "The lift\nThe stairs", MOOD: "4"})
    await ana.sees("You can edit it until")
    (bo,) = ops.people("bo")
    await bo.sees("Moved the *archive* <!channel>", in_="#ops")
    await bo.presses("2 blockers", in_="#ops")
    await bo.sees("The stairs", in_="ephemeral")
    await bo.presses("Acknowledge", near="The lift", in_="ephemeral")
    await ana.sees("has acknowledged what you said is in your way", in_="dm")

    await ana.types("/checkin")
    await ana.fills({DONE: "Moved two archives"})
    await ana.submits()
    await bo.sees("Moved two archives", in_="#ops")
    await bo.never_sees("Moved the *archive*", in_="#ops")

    ops.clock.move(timedelta(days=6))
    await ana.opens_home()
    await ana.sees("Not yet shared for Friday 13 March", in_="home")
    await ana.presses("Correct", in_="home")
    await ana.fills({DONE: "Moved one and a half"})
    await ana.submits()
    await bo.sees("corrected", in_="#ops")
    await bo.presses("How it stood before", in_="#ops")
    await bo.sees("Moved two archives", in_="modal")
    await ana.shortcut("Check in")
    assert "Last time you planned:" in ana.modal_text
    assert "Write the guide" in ana.modal_text
    await ops.settle()


async def test_what_was_typed_survives_a_closed_and_a_rejected_form(ops: Town) -> None:
    (ana,) = ops.people("ana")
    await ana.types("/checkin")
    await ana.fills({DONE: "Half a sentence"})
    await ana.closes()
    await ops.settle()
    await ana.types("/checkin")
    assert "This is filled with what you answered before and did not send." in ana.modal_text
    assert "Half a sentence" in str(ana.modal)
    await ana.fills({DONE: "A whole sentence", PLAN: "\u200b"})
    await ana.submits()
    assert ana.errors == {PLAN: "Please write something here."}
    await ana.closes()
    await ops.settle()
    await ana.shortcut("Check in")
    assert "A whole sentence" in str(ana.modal)
    await ops.settle()
    with ops.store() as store:
        me = store.members.greet(ana.user_id)
        assert store.checkins.of_member(me.id) == []


async def test_questions_that_follow_come_as_a_second_step(ops: Town) -> None:
    with ops.store() as store:
        call = store.questions.add("On call?", "yes_no")
        store.questions.add("How often woken?", "short", follows=call, when=("yes",))
        store.questions.add("Where?", "choice", options=("Home", "Office"), required=False)
        store.questions.add("With whom?", "choices", options=("Bo", "Cy"), required=False)
    (ana,) = ops.people("ana")
    await ana.types("/checkin")
    await ana.fills({"On call": "Yes", "Where": "Office", "With whom": ["Bo", "Cy"]})
    await ana.submits()
    assert "How often woken?" in ana.modal_text
    await ana.fills({"How often": "Twice"})
    await ana.submits()
    await ana.sees("Thank you")
    await ana.sees("Twice", in_="#ops")
    await ana.sees("Bo, Cy", in_="#ops")


@pytest.mark.parametrize(
    "words",
    ["x" * 3000, "🫠" * 3000, "שלום \u202eעולם\u202c", "zero\u200bwidth\u200d", "e\u0301\u0316" * 900, "a\x00b"],
    ids=["long", "emoji", "right-to-left", "zero-width", "combining", "nul"],
)
async def test_no_words_are_too_hard_for_slack(ops: Town, words: str) -> None:
    ana = await checks_in(ops, "ana", **{DONE: words, PLAN: words, BLOCKERS: words})
    await ana.sees("checked in for", in_="#ops")
    await ana.types("/checkin")
    assert ana.modal is not None
    await ana.opens_home()
    await ana.sees("Shared for Friday", in_="home")


async def test_a_thread_holds_a_teams_week(town: Town) -> None:
    await with_team(town, share="thread", channel=town.channel("ops"))
    await checks_in(town, "ana")
    await checks_in(town, "cy")
    await town.settle()
    (bo,) = town.people("bo")
    await bo.sees("Check-ins of Ops, Friday 6 March", in_="#ops")
    ops = bo.seat.look(town.channel("ops"))
    (root,) = [one for one in ops["messages"] if "Check-ins of" in str(one)]
    assert root["reply_count"] == 2


async def test_a_manager_alone_hears_of_it(town: Town) -> None:
    await with_team(town, share="manager")
    await checks_in(town, "ana")
    (bo, cy) = town.people("bo", "cy")
    await bo.sees("You get this because you manage Ops", in_="dm")
    await cy.never_sees("archive")
