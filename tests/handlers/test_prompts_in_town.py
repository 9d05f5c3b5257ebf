"""Being asked on Slack: the same people, through the real courier, the real Bolt app and a strict Slack.

It is Monday, 2 March 2026, 09:00 UTC. A cadence asks Ana, Cy and Eli on Mondays, and closes on Tuesday at 18:00; Bo
manages them.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.features import FEATURES
from handlers.prompts import turn_of
from handlers.summaries import summaries
from storage.cadences import Audience, Cadence
from storage.prompts import Prompt
from storage.recurrence import Recurrence
from tests.asked import prompt_for
from tests.town import Town, town

__all__ = ["town"]

MONDAY = date(2026, 3, 2)
UTC = ZoneInfo("UTC")
MOOD, CALL, FLOOR = "How was your week?", "Were you on call?", "Which floor?"


@pytest.fixture
async def asked(town: Town) -> Town:
    """Ana, Cy and Eli are asked now; Eli is on leave."""
    await town.settle()
    with town.store() as store:
        people = [store.members.greet(town.person(name).user_id, name) for name in ("ana", "cy", "eli")]
        bo = store.members.greet(town.person("bo").user_id, "bo")
        ops = store.teams.add("Ops", manager_id=bo.id)
        store.members.set_team([one.id for one in people], ops.id)
        store.questions.add(MOOD, "scale", low_words="Hard", high_words="Great")
        store.questions.add(CALL, "yes_no", required=False)
        store.questions.add(FLOOR, "choice", options=tuple(f"Floor {number}" for number in range(9)), required=False)
        audience = Audience(teams=(ops.id,))
        cadence = store.cadences.add(
            Cadence(0, "Monday question", Recurrence(MONDAY, (0,)), audience=audience, made_by=bo.id)
        )
    invite(town, cadence, MONDAY, away="eli")
    await town.settle()
    return town


def invite(town: Town, cadence: Cadence, day: date, away: str = "") -> None:
    """Plan the prompts of one date, as a tick does."""
    timing = cadence.timing
    with town.store() as store:
        for member in store.members.of_team(cadence.audience.teams[0]):
            closes = timing.closes(day, UTC)
            prompt = prompt_for(store, cadence.id, member.id, day, timing.closes_on(day), "UTC", store.now, closes)
            assert prompt
            if member.name == away:
                store.prompts.leave_out(prompt.id, "absent")
            else:
                store.deliveries.queue_prompt(
                    prompt.id, member.key, "prompt", key=f"prompt {prompt.id}", not_before=store.now
                )
    town.app.courier.wake(town.key)


def prompt_of(town: Town, name: str) -> Prompt:
    with town.store() as store:
        member = store.members.greet(town.person(name).user_id)
        return store.prompts.closing([member.id], MONDAY, MONDAY + timedelta(days=1))[0]


def close(town: Town, day: date = MONDAY) -> None:
    """Close one date, as a tick does."""
    with town.store() as store:
        (cadence,) = store.cadences.all()
        assert summaries.close
        summaries.close(turn_of(store, store.members.people()[0], FEATURES), cadence, day)
    town.app.courier.wake(town.key)


async def later(town: Town, **span: float) -> None:
    """Time passes, and what is due then arrives."""
    town.clock.move(timedelta(**span))
    town.app.courier.wake(town.key)
    await town.settle()


async def test_a_prompt_is_answered_where_it_stands_and_changed_until_it_closes(asked: Town) -> None:
    ana, bo, eli = asked.people("ana", "bo", "eli")
    await ana.sees("It is time for your check-in for Tuesday 3 March. @bo, who manages Ops, can see it", in_="dm")
    await ana.sees("because of Monday question, which @bo arranged for Ops.", in_="dm")
    assert prompt_of(asked, "ana").state == "sent"
    await ana.presses("4", in_="dm")
    await ana.sees("Your check-in for Tuesday 3 March is in.", in_="dm")
    await ana.never_sees("It is time for your check-in", in_="dm")
    await ana.presses("Yes", in_="dm")
    await ana.presses("Floor 7", in_="dm")
    await ana.sees("has been changed", in_="dm")
    await asked.settle()
    await bo.sees("Which floor? Floor 7", in_="dm")
    assert prompt_of(asked, "ana").state == "answered"
    await eli.never_sees("It is time for your check-in")


async def test_a_press_that_slack_tells_of_twice_answers_once(asked: Town) -> None:
    (ana,) = asked.people("ana")
    before = ana.seat.look(asked_dm(asked, "ana"))
    for _ in range(2):
        await press_again(ana, before, "5 – Great")
    await asked.settle()
    with asked.store() as store:
        member = store.members.greet(ana.user_id)
        (checkin,) = store.checkins.of_member(member.id)
        assert [one.score for one in checkin.answers] == [5]


def asked_dm(town: Town, name: str) -> str:
    assert town.workspace.install
    return town.workspace.dm(town.workspace.install.bot_user_id, town.person(name).user_id).id


async def press_again(person: object, looked: dict, label: str) -> None:  # type: ignore[type-arg]
    """Press a button as it stood when somebody last looked, whatever is there now."""
    message = looked["messages"][-1]
    for block in message["blocks"]:
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == label:
                surface = {"channel": looked["channel"], "ts": message["ts"]}
                await person.seat.press(surface, block["block_id"], element["action_id"])  # type: ignore[attr-defined]
                return
    raise AssertionError(label)


async def test_in_an_hour_it_comes_again(asked: Town) -> None:
    (cy,) = asked.people("cy")
    await cy.presses("In an hour", in_="dm")
    await cy.sees("You will be asked again", in_="dm")
    await cy.never_sees("It is time for your check-in", in_="dm")
    await cy.opens_home()
    await cy.sees("You will be asked again", in_="home")
    await later(asked, hours=1, minutes=1)
    await cy.sees("It is time for your check-in for Tuesday 3 March", in_="dm")
    await cy.presses("1 – Hard", in_="dm")
    await cy.sees("is in.", in_="dm")


async def test_skipped_and_taken_back(asked: Town) -> None:
    (cy,) = asked.people("cy")
    await cy.presses("Skip this time", in_="dm")
    await cy.sees("It comes again on Monday 9 March.", in_="dm")
    await cy.presses("Ask me after all", in_="dm")
    await cy.sees("It is time for your check-in", in_="dm")
    await cy.presses("3", in_="dm")
    await cy.sees("is in.", in_="dm")


async def test_paused_and_resumed(asked: Town) -> None:
    (cy,) = asked.people("cy")
    await cy.presses("Pause...", in_="dm")
    await cy.fills({"Until": "2026-03-20"})
    await cy.submits()
    await cy.sees("Monday question is paused for you until Friday 20 March.", in_="modal")
    await cy.closes()
    assert prompt_of(asked, "cy").why == "paused"
    await cy.sees("is paused for you until Friday 20 March.", in_="dm")
    await cy.never_sees("It is time for your check-in", in_="dm")
    await cy.presses("Resume", in_="dm")
    await cy.sees("asks you again from now on", in_="dm")
    await cy.presses("Ask me now", in_="dm")
    await cy.sees("It is time for your check-in", in_="dm")
    await cy.presses("3", in_="dm")
    await cy.sees("is in.", in_="dm")


async def test_from_home_it_is_answered_and_left_out_too(asked: Town) -> None:
    (ana, cy) = asked.people("ana", "cy")
    await ana.opens_home()
    await ana.sees("You are asked", in_="home")
    await ana.presses("Answer Monday question", in_="home")
    await ana.presses("2", in_="modal")
    await ana.sees("is in.", in_="modal")
    await cy.opens_home()
    await cy.presses("Skip Monday question this time", in_="home")
    await cy.sees("You are not asked for Monday question this time", in_="modal")
    await asked.settle()
    await cy.never_sees("You are asked", in_="home")


async def test_at_close_the_manager_reads_who_was_away_and_a_late_answer_says_so(asked: Town) -> None:
    ana, bo, cy = asked.people("ana", "bo", "cy")
    await ana.presses("4", in_="dm")
    await later(asked, days=1, hours=9, minutes=1)
    close(asked)
    close(asked)
    await asked.settle()
    await bo.sees("Checked in: 1 of 2 people (1 check-in; away: 1).", in_="dm")
    await bo.sees("Away: @eli", in_="dm")
    await bo.sees("Did not check in: @cy", in_="dm")
    assert bo.reads("dm").count("Monday question has closed.") == 1
    await cy.presses("3", in_="dm")
    await cy.sees("is in, marked as late because it had closed.", in_="dm")
    await asked.settle()
    await bo.sees("given late", in_="dm")
    await bo.presses("Refresh", in_="dm")
    await bo.sees("Of these, late: @cy", in_="dm")


async def test_an_answer_in_the_form_stands_in_the_messages_that_asked_for_it(asked: Town) -> None:
    (cy,) = asked.people("cy")
    await cy.presses("In an hour", in_="dm")
    await later(asked, hours=1, minutes=1)
    await cy.sees("It is time for your check-in", in_="dm")
    await cy.types("/checkin")
    await cy.fills({"How was your week?": "3"})
    await cy.submits()
    await cy.sees("is in.", in_="modal")
    await asked.settle()
    await cy.sees("Thank you. Your check-in for", in_="dm")
    await cy.never_sees("It is time for your check-in", in_="dm")
    await cy.never_sees("You will be asked again", in_="dm")


async def test_words_that_come_too_late_are_kept(asked: Town) -> None:
    (cy,) = asked.people("cy")
    await later(asked, days=9)
    await cy.presses("3", in_="dm")
    await cy.sees("another has closed since", in_="dm")
    await cy.presses("Check in", in_="dm")
    await cy.sees("For Tuesday 17 March", in_="modal")
    await cy.submits()
    await cy.sees("Your check-in for Tuesday 17 March is in.", in_="modal")
