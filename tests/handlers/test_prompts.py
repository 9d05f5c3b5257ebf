"""Being asked when a cadence comes round: answering in the message, later, not this time, and not at all.

It is Monday, 2 March 2026, 09:00 UTC. The cadence asks Ana and Bo on Mondays at ten and closes on Tuesday at 18:00.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.slack.limits import SLACK
from handlers.checkins import asked
from handlers.checkins.answers import as_value, input_name, read
from handlers.checkins.asked import Asked
from handlers.checkins.rhythm import follows, on_cadence
from handlers.checkins.sheet import Sheet
from handlers.features import FEATURES
from handlers.limits import check
from handlers.plain import text
from handlers.prompts import NotYet, draw, moments
from handlers.reading import Reader
from handlers.screens import Buttons, Card, Choose
from storage.cadences import Audience, Cadence, covers
from storage.checkins import CheckIn
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.members import Listed, Member, Own
from storage.prompts import Prompt, prompts
from storage.questions import Question, QuestionKind
from storage.recurrence import Recurrence, Timing
from storage.workspaces import Settings
from tests.asked import prompt_for
from tests.handlers.seats import Room, Seat

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
CLOSES = datetime(2026, 3, 3, 18, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEKLY = Recurrence(MONDAY, weekdays=(0,))


@dataclass
class Asking:
    """A room with a cadence, whose prompts are invited here by hand."""

    room: Room
    cadence: Cadence
    questions: dict[str, int] = field(default_factory=dict)

    def asks(self, name: str, day: date = MONDAY, cadence: Cadence | None = None) -> tuple[Seat, Prompt]:
        """Somebody is asked: their seat, with the message before them."""
        cadence = cadence or self.cadence
        where = ZoneInfo("UTC")
        with self.room.store() as store:
            member = store.members.by_key(name.upper())
            assert member
            closes = cadence.timing.closes(day, where)
            opens = min(cadence.timing.opens(day, where), store.now)
            prompt = prompt_for(store, cadence.id, member.id, day, cadence.timing.closes_on(day), "UTC", opens, closes)
            assert prompt
        (seat,) = self.room.people(name)
        seat.card = self.drawn(prompt)
        with self.room.store() as store:
            store.prompts.mark_sent(prompt.id)
        return seat, prompt

    def drawn(self, prompt: Prompt, kind: str = "prompt") -> Card | None:
        with self.room.store() as store:
            card = draw(store, prompt.id, kind, FEATURES)  # type: ignore[arg-type]
        assert not isinstance(card, NotYet)
        return card

    def now(self, prompt: Prompt) -> Prompt:
        with self.room.store() as store:
            found = store.prompts.by_id(prompt.id)
            assert found
            return found

    def again(self) -> list[datetime]:
        """When prompts are to be sent once more."""
        with self.room.storage.connect() as connection:
            query = select(deliveries.c.not_before).where(deliveries.c.prompt_id.is_not(None))
            return list(connection.execute(query.order_by(deliveries.c.not_before)).scalars())

    def checkins(self, name: str) -> list[CheckIn]:
        with self.room.store() as store:
            member = store.members.by_key(name.upper())
            assert member
            return store.checkins.of_member(member.id)


@pytest.fixture
def asking(storage: Storage) -> Asking:
    room = Room(storage)
    team = room.team("Ops", "Ana", "Bo", manager="Dee")
    with room.store() as store:
        dee = store.members.by_key("DEE")
        assert dee
        cadence = store.cadences.add(
            Cadence(0, "Monday question", WEEKLY, audience=Audience(teams=(team,)), made_by=dee.id)
        )
    return Asking(room, cadence)


def short(asking: Asking) -> Asking:
    """A set that can be answered by pressing alone."""
    with asking.room.store() as store:
        add = store.questions.add
        asking.questions = {
            "mood": add("How was your week?", "scale", low_words="Hard", high_words="Great"),
            "call": add("Were you on call?", "yes_no", required=False),
        }
    return asking


def labels(card: Card | None) -> list[str]:
    assert card
    return [one.label for block in card.body if isinstance(block, Buttons) for one in block.buttons]


# -- the message -----------------------------------------------------------------------------------------------------


def test_the_message_says_what_is_asked_why_it_came_until_when_and_how_to_stop_it(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    assert "It is time for your check-in for Tuesday 3 March. @Dee, who manages Ops, can see it" in ana.says
    assert "because of Monday question, which @Dee arranged for Ops. It closes 3 Mar 2026, 18:00 UTC." in ana.says
    assert "press Pause" in ana.says
    assert labels(ana.card)[-4:] == ["In an hour", "Tomorrow", "Skip this time", "Pause..."]
    asking.room.later(days=1)
    assert "This is a reminder" in text(asking.drawn(prompt, "nudge"))  # type: ignore[arg-type]


def test_it_is_not_drawn_where_it_is_not_needed_any_more(asking: Asking) -> None:
    _, prompt = asking.asks("Ana")
    assert asking.drawn(prompt) is None  # it was sent
    asking.room.later(days=1)
    assert asking.drawn(prompt, "nudge")
    with asking.room.store() as store:
        store.cadences.change(replace(asking.cadence, paused=True))
    assert asking.drawn(prompt, "nudge") is None


def test_what_was_put_off_for_the_budget_comes_along_with_the_next_message(asking: Asking) -> None:
    with asking.room.store() as store:
        other = store.cadences.add(Cadence(0, "Friday question", WEEKLY, audience=Audience(everybody=True)))
        ana = store.members.by_key("ANA")
        assert ana
        held = prompt_for(
            store, other.id, ana.id, MONDAY, date(2026, 3, 5), "UTC", store.now, CLOSES + timedelta(days=2)
        )
        assert held
    with asking.room.storage.connect() as connection:
        connection.execute(prompts.update().where(prompts.c.id == held.id).values(state="put_off"))
    seat, _ = short(asking).asks("Ana")
    assert "put off because of your budget of 4 prompts a week" in seat.says
    seat.presses("Friday question")
    assert "check-in for Thursday 5 March" in seat.says
    assert "put off because of your budget" in text(seat.home())


# -- answering in the message ----------------------------------------------------------------------------------------


def test_one_press_answers_and_another_changes_the_answer(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    ana.presses("4")
    assert "Your check-in for Tuesday 3 March is in. @Dee, who manages Ops, can see it" in ana.says
    assert "You answered: 4" in ana.says
    (checkin,) = asking.checkins("Ana")
    assert (checkin.occurrence, checkin.closes_at, checkin.late) == (TUESDAY, CLOSES, False)
    assert [one.score for one in checkin.answers] == [4]
    assert asking.now(prompt).state == "answered"
    ana.presses("2")
    ana.presses("2")
    ana.presses("Yes")
    assert "has been changed" in ana.says
    (checkin,) = asking.checkins("Ana")
    assert [one.score for one in checkin.answers] == [2, 1]
    assert "How was your week? 2" in asking.room.sent("DEE")[-1].said
    assert asking.drawn(prompt, "nudge") is None


def test_with_words_still_to_come_a_press_is_kept_and_shared_with_them(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")  # the questions that a company begins with
    assert "3 more questions can be answered in the form." in ana.says
    ana.presses("5")
    assert "Kept for you, and seen by nobody yet" in ana.says
    assert asking.checkins("Ana") == []
    assert asking.now(prompt).state == "sent"
    ana.presses("Check in")
    assert ana.input("How was your week").value == "5"
    ana.fills({"What did": "The archive", "What is next": "The guide"})
    ana.sends()
    (checkin,) = asking.checkins("Ana")
    assert checkin.occurrence == TUESDAY
    assert [one.score for one in checkin.answers if one.score] == [5]
    assert asking.now(prompt).state == "answered"


def test_words_that_nobody_sent_are_not_shared_by_pressing_something_else(asking: Asking) -> None:
    with asking.room.store() as store:
        store.questions.add("Anything else?", "long", required=False)
    ana, _ = short(asking).asks("Ana")
    ana.presses("Check in")
    ana.fills({"Anything else": "I have not decided yet"})
    card = ana.card
    ana.closes()
    ana.card = card
    ana.presses("3")
    (checkin,) = asking.checkins("Ana")
    assert [one.words for one in checkin.answers] == [""]
    ana.presses("Edit in the form")
    assert ana.input("Anything else").value == "I have not decided yet"


def test_many_options_become_a_menu_and_very_many_the_form(asking: Asking) -> None:
    with asking.room.store() as store:
        store.questions.add("Which floor?", "choice", options=tuple(f"Floor {number}" for number in range(12)))
        store.questions.add("Which room?", "choice", options=tuple(f"Room {n}" for n in range(40)), required=False)
    ana, _ = asking.asks("Ana")
    ana.presses("Floor 7")
    assert "(x) Floor 7" in ana.says
    (checkin,) = asking.checkins("Ana")
    assert [one.chosen for one in checkin.answers] == [("Floor 7",)]


def test_a_question_that_went_is_answered_no_more(asking: Asking) -> None:
    ana, _ = short(asking).asks("Ana")
    with asking.room.store() as store:
        store.questions.retire(asking.questions["mood"])
    ana.presses("4")
    assert "That question is asked no longer" in ana.says
    assert asking.checkins("Ana") == []


def test_two_presses_in_the_same_moment_are_one_check_in(asking: Asking) -> None:
    _, prompt = short(asking).asks("Ana")
    states = [f"{prompt.id} {asking.questions['mood']} {key}" for key in (2, 4, 4)]
    with ThreadPoolExecutor(3) as several:
        list(several.map(lambda state: asking.room.people("Ana")[0].press("checkins.answer", state), states))
    (checkin,) = asking.checkins("Ana")
    assert [one.score for one in checkin.answers] in ([2], [4])
    assert asking.now(prompt).state == "answered"


def test_later_and_pausing_are_at_hand_again_after_a_press_that_was_kept(asking: Asking) -> None:
    ana, _ = asking.asks("Ana")
    ana.presses("5")
    ana.presses("Ask me later")
    assert "You answered: 5" in ana.says
    ana.presses("In an hour")
    assert "You will be asked again" in ana.says


def test_another_cannot_press_it(asking: Asking) -> None:
    _, prompt = short(asking).asks("Ana")
    (bo,) = asking.room.people("Bo")
    bo.press("checkins.answer", f"{prompt.id} {asking.questions['mood']} 4")
    assert "asked of somebody else" in bo.says
    for name in ("hour", "tomorrow", "skip", "back", "show"):
        bo.press(f"prompts.{name}", prompt.id)
        assert "asked of somebody else" in bo.says
    bo.press("checkins.start", prompt.id)
    assert "asked of somebody else" in bo.says
    assert asking.now(prompt).state == "sent"


@pytest.mark.parametrize("state", ["", "0", "999999", "x", "1 2", "1 2 3 4", "½", "9" * 30])
def test_a_state_that_is_none_of_ours_is_refused_kindly(asking: Asking, state: str) -> None:
    (ana,) = asking.room.people("Ana")
    for name in ("prompts.hour", "prompts.skip", "prompts.back", "checkins.answer", "prompts.resume"):
        ana.press(name, state)
        assert "no long" in ana.says or "nothing" in ana.says


def test_checkin_without_a_prompt_is_about_the_cadence_all_the_same(asking: Asking) -> None:
    (ana, cy) = asking.room.people("Ana", "Cy")
    ana.types("/checkin")
    assert "For Tuesday 3 March" in ana.says  # Ops follows the cadence
    cy.types("/checkin")
    assert "For Friday 6 March" in cy.says  # Cy is on none


# -- later -----------------------------------------------------------------------------------------------------------


def test_in_an_hour_it_comes_again_once_however_often_that_is_pressed(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    message = ana.card
    for _ in range(2):
        ana.card = message
        ana.presses("In an hour")
    assert "You will be asked again 2 Mar 2026, 10:00 UTC" in ana.says
    assert asking.again() == [datetime(2026, 3, 2, 10, tzinfo=UTC)]
    assert asking.drawn(prompt) is None
    assert asking.drawn(prompt, "nudge") is None
    assert "You will be asked again" in text(ana.home())
    asking.room.later(hours=1)
    assert asking.drawn(prompt)
    with asking.room.store() as store:
        store.prompts.mark_sent(prompt.id)
    assert asking.drawn(prompt) is None


def test_tomorrow_is_the_next_working_day_at_the_hour_of_the_cadence(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    ana.presses("Tomorrow")
    assert "You will be asked again 3 Mar 2026, 10:00 UTC" in ana.says
    ana.presses("Ask me now")
    assert "It is time for your check-in" in ana.says
    assert asking.now(prompt).snoozed_until is None
    asking.room.later(days=1, hours=2)
    assert asking.drawn(prompt) is None  # it is before them already


def test_what_was_put_off_for_an_hour_does_not_come_at_night_after_an_outage(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    ana.presses("In an hour")
    asking.room.later(hours=17)  # it is two in the morning
    with asking.room.store() as store:
        assert draw(store, prompt.id, "prompt", FEATURES) == NotYet(datetime(2026, 3, 3, 9, tzinfo=UTC))
    asking.room.later(hours=7)
    assert asking.drawn(prompt)


def test_a_moment_of_ones_own_may_lie_outside_ones_hours(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    asking.room.later(hours=8, minutes=50)
    ana.presses("In an hour")
    asking.room.later(hours=1, minutes=10)  # ten past seven in the evening, and a little late
    assert asking.drawn(prompt)


def test_who_has_no_hours_before_the_close_is_told_so_on_home_and_of_no_budget(asking: Asking) -> None:
    (ana, held), _ = asking.asks("Ana"), asking.asks("Bo")
    with asking.room.storage.connect() as connection:
        late = prompts.update().where(prompts.c.id == held.id)
        connection.execute(late.values(state="put_off", why="hours", sent_at=None))
    said = text(ana.home())
    assert "You got no message, since it closes before your next working hours." in said
    assert "budget" not in said


def test_two_cadences_that_ask_for_the_same_check_in_write_once(asking: Asking) -> None:
    with asking.room.store() as store:
        second = store.cadences.add(replace(asking.cadence, name="Everybody", audience=Audience(everybody=True)))
    ana, first = asking.asks("Ana")
    with asking.room.store() as store:
        both = (second.id, first.member_id, MONDAY, first.closes_on, "UTC", first.due_at, first.closes_at)
        other = prompt_for(store, *both)
        assert other
    assert asking.drawn(other) is None
    asking.room.later(days=1)
    # Whichever reminder comes first is one of the message that both share.
    assert asking.drawn(other, "nudge") == asking.drawn(first, "nudge")
    ana.types("/checkin")
    ana.fills({"What did": "The archive", "What is next": "The guide", "How was your week": "5"})
    ana.sends()
    assert {asking.now(one).state for one in (first, other)} == {"answered"}


def test_who_leaves_the_audience_or_the_company_gets_nothing_that_was_planned_before(asking: Asking) -> None:
    (_, moved), (_, gone) = asking.asks("Ana"), asking.asks("Bo")
    with asking.room.storage.connect() as connection:
        connection.execute(prompts.update().values(state="waiting", sent_at=None))
    with asking.room.store() as store:
        store.members.set_team([moved.member_id], None)
        store.members.keep(Listed("BO", "Bo", active=False))
    for prompt in (moved, gone):
        assert asking.drawn(prompt, "nudge") is None
        assert asking.drawn(prompt) is None
        assert (asking.now(prompt).state, asking.now(prompt).why) == ("left_out", "left")


def test_who_is_away_on_a_later_day_is_not_reminded_and_whoever_was_not_reached_counts_as_away(asking: Asking) -> None:
    (_, asked), (_, unreached) = asking.asks("Ana"), asking.asks("Bo")
    with asking.room.store() as store:
        store.absences.add(asked.member_id, TUESDAY, TUESDAY)
        store.absences.add(unreached.member_id, TUESDAY, TUESDAY)
    with asking.room.storage.connect() as connection:
        never = prompts.update().where(prompts.c.id == unreached.id)
        connection.execute(never.values(state="waiting", sent_at=None))
        days_ago = prompts.update().where(prompts.c.id == asked.id)
        connection.execute(days_ago.values(sent_at=MONDAY_MORNING - timedelta(days=2)))
    assert asking.drawn(asked, "nudge")
    asking.room.later(hours=24)
    assert asking.drawn(asked, "nudge") is None
    assert asking.now(asked).state == "sent"
    assert asking.drawn(unreached) is None
    assert (asking.now(unreached).state, asking.now(unreached).why) == ("left_out", "absent")


def test_tomorrow_is_no_holiday_and_no_day_of_leave(asking: Asking) -> None:
    long = replace(asking.cadence, timing=Timing(closes_after=9))
    with asking.room.store() as store:
        cadence = store.cadences.change(long)
        store.change_settings(holidays="DE")
        store.absences.keep_holidays("DE", {TUESDAY: "A day of rest"})
        ana = store.members.by_key("ANA")
        assert ana
        store.absences.add(ana.id, date(2026, 3, 4), date(2026, 3, 5))
    seat, _ = asking.asks("Ana", cadence=cadence)
    seat.presses("Tomorrow")
    assert "You will be asked again 6 Mar 2026, 10:00 UTC" in seat.says


def test_never_after_the_close(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    message = ana.card
    asking.room.later(days=1, hours=8, minutes=30)  # Tuesday, 17:30
    ana.presses("Tomorrow")
    assert "closes 3 Mar 2026, 18:00 UTC, so it cannot wait until your next working day." in ana.says
    assert labels(ana.card) == ["Ask me now", "Skip this time"]
    ana.card = message
    ana.presses("In an hour")
    assert "so it cannot wait for an hour" in ana.says
    assert asking.again() == []
    ana.presses("Skip this time")
    assert asking.now(prompt).state == "skipped"


def test_skipping_and_thinking_better_of_it(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    message = ana.card
    ana.presses("Skip this time")
    assert "It comes again on Monday 9 March" in ana.says
    ana.card = message
    ana.presses("In an hour")
    assert "You are not asked for Monday question this time" in ana.says
    ana.presses("Ask me after all")
    assert asking.now(prompt).state == "sent"
    ana.presses("4")
    assert asking.now(prompt).state == "answered"
    ana.card = message
    ana.presses("Skip this time")
    assert "You have answered Monday question" in ana.says
    assert asking.now(prompt).state == "answered"


def test_skipping_and_checking_in_by_oneself_after_all(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    message = ana.card
    ana.presses("Skip this time")
    ana.types("/checkin")
    ana.fills({"How was": "4"})
    sent = ana.sending()
    for _ in range(2):
        ana.does_again(sent)
    assert asking.now(prompt).state == "answered"
    assert asking.drawn(prompt, "nudge") is None
    ana.card = message
    ana.presses("Skip this time")
    assert "You have answered Monday question" in ana.says
    assert len(asking.checkins("Ana")) == 1
    with asking.room.store() as store:
        member = store.members.by_key("ANA")
        assert member
        assert store.standing.tally(MONDAY) == {("answered", ""): 1}
        assert store.prompts.how_many_count(member.id, MONDAY_MORNING, CLOSES) == 1


def test_who_checks_in_in_the_form_after_the_close_has_answered_what_asked(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    bo, skipped = asking.asks("Bo")
    bo.presses("Skip this time")
    asking.room.later(days=1, hours=10)
    for seat, asked_for in ((ana, prompt), (bo, skipped)):
        seat.press("checkins.start", asked_for.id)
        seat.fills({"How was": "4"})
        seat.sends()
    found = [asking.now(one) for one in (prompt, skipped)]
    assert [one.state for one in found] == ["answered", "answered"]
    assert all(one.answered_at and one.answered_at > one.closes_at for one in found)


def test_who_was_on_leave_was_not_asked_even_if_they_check_in(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    with asking.room.store() as store:
        store.prompts.leave_out(prompt.id, "absent")
    ana.types("/checkin")
    ana.fills({"How was": "4"})
    ana.sends()
    assert (asking.now(prompt).state, asking.now(prompt).why) == ("left_out", "absent")


def test_a_pause_until_a_day_and_its_end(asking: Asking) -> None:
    ana, prompt = asking.asks("Ana")
    message = ana.card
    ana.presses("Pause...")
    ana.fills({"Until": "2026-03-01"})
    ana.sends()
    assert ana.errors == {"Until": "Please pick today or a later day, or leave it empty."}
    ana.fills({"Until": "2026-03-20"})
    ana.sends()
    assert "Monday question is paused for you until Friday 20 March" in ana.says
    assert (asking.now(prompt).state, asking.now(prompt).why) == ("left_out", "paused")
    with asking.room.store() as store:
        member = store.members.by_key("ANA")
        assert member
        (absence,) = store.absences.of_member(member.id)
    assert (absence.kind, absence.first, absence.last) == ("pause", MONDAY, date(2026, 3, 20))
    assert absence.cadence_id == asking.cadence.id
    ana.card = message
    ana.presses("Tomorrow")
    assert "is paused for you" in ana.says
    assert "is paused for you" in text(ana.home())
    ana.presses("Resume")
    assert "asks you again from now on" in ana.says
    assert asking.now(prompt).state == "sent"
    with asking.room.store() as store:
        assert store.absences.of_member(member.id) == []


def test_a_pause_without_end(asking: Asking) -> None:
    ana, _ = asking.asks("Ana")
    for _ in range(2):
        ana.press("prompts.pause_cadence", asking.cadence.id)
        ana.sends()
    assert "until you say otherwise" in ana.says
    with asking.room.store() as store:
        member = store.members.by_key("ANA")
        assert member
        assert [one.last for one in store.absences.of_member(member.id)] == [None]


# -- late ------------------------------------------------------------------------------------------------------------


def test_a_late_answer_is_taken_and_says_that_it_was_late(asking: Asking) -> None:
    ana, prompt = short(asking).asks("Ana")
    message = ana.card
    asking.room.later(days=2)  # Wednesday
    ana.presses("In an hour")
    assert "has closed. It is still taken, and marked as late." in ana.says
    ana.card = message
    ana.presses("4")
    assert "is in, marked as late" in ana.says
    (checkin,) = asking.checkins("Ana")
    assert (checkin.occurrence, checkin.late) == (TUESDAY, True)
    assert "given late" in asking.room.sent("DEE")[-1].said
    assert asking.now(prompt).state == "answered"


def test_a_late_form_is_taken_and_one_that_is_too_late_keeps_its_words(asking: Asking) -> None:
    ana, _ = asking.asks("Ana")
    bo, _ = asking.asks("Bo")
    for seat in (ana, bo):
        seat.presses("Check in")
        seat.fills({"What did": "The archive", "What is next": "The guide"})
    asking.room.later(days=2)
    ana.sends()
    assert [one.late for one in asking.checkins("Ana")] == [True]
    asking.room.later(days=7)
    bo.sends()
    assert asking.checkins("Bo") == []
    assert "closed a while ago" in bo.says
    assert "For Tuesday 17 March" in bo.says
    bo.sends()
    assert [one.occurrence for one in asking.checkins("Bo")] == [date(2026, 3, 17)]


def test_a_press_that_is_too_late_is_kept_for_the_present_check_in(asking: Asking) -> None:
    ana, _ = short(asking).asks("Ana")
    message = ana.card
    asking.room.later(days=9)
    ana.presses("4")
    assert "another has closed since" in ana.says
    assert asking.checkins("Ana") == []
    ana.presses("Check in")
    assert "For Tuesday 17 March" in ana.says
    assert ana.input("How was").value == ("4",) or ana.input("How was").value == "4"
    ana.form, ana.card = None, message
    ana.presses("Skip this time")
    assert "closed 3 Mar 2026" in ana.says


def test_late_is_measured_by_what_was_asked_however_the_cadence_was_changed_since(asking: Asking) -> None:
    ana, _ = short(asking).asks("Ana")
    asking.room.later(days=1, hours=9, minutes=30)
    with asking.room.store() as store:
        store.cadences.change(replace(asking.cadence, timing=Timing(closes_at=time(23))))
    ana.presses("4")
    (checkin,) = asking.checkins("Ana")
    assert (checkin.closes_at, checkin.late) == (CLOSES, True)


def test_after_the_close_a_press_does_not_change_what_stands(asking: Asking) -> None:
    ana, _ = short(asking).asks("Ana")
    ana.presses("4")
    asking.room.later(days=2)
    ana.presses("1")
    assert "you can correct it" in ana.says
    assert [one.score for one in asking.checkins("Ana")[0].answers] == [4]


# -- any question, purely --------------------------------------------------------------------------------------------

asked_questions = st.builds(
    Question,
    id=st.integers(1, 9),
    words=st.text(min_size=1, max_size=40),
    kind=st.sampled_from(get_args(QuestionKind)),
    required=st.booleans(),
    options=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=40, unique=True).map(tuple),
    low=st.integers(0, 2),
    high=st.integers(3, 12),
)


@given(st.lists(asked_questions, max_size=12, unique_by=lambda one: one.id))
def test_whatever_can_be_pressed_is_read_as_the_form_reads_it(questions: list[Question]) -> None:
    sheet = Sheet(TUESDAY, CLOSES, None, tuple(questions), {}, "check-in")
    card = asked.invitation(Asked(sheet, {}, 7, ()), MONDAY_MORNING)
    check(card, SLACK)
    by_id = {one.id: one for one in questions}
    pressable = [one.state for block in card.body if isinstance(block, Buttons) for one in block.buttons]
    pressable += [one.key for block in card.body if isinstance(block, Choose) for one in block.options]
    for state in pressable:
        prompt_id, _, rest = state.partition(" ")
        assert prompt_id == "7"
        if rest:
            number, key = rest.split()
            question = by_id[int(number)]
            value = asked.pressed(question, key)
            reader = Reader({input_name(question.id): value}, "", None)  # type: ignore[arg-type]
            answer = read(reader, question)
            assert answer is not None
            assert not reader.errors
            assert as_value(question, answer) == value


# -- dates, purely ---------------------------------------------------------------------------------------------------


def member(zone: str = "UTC", **own: str) -> Member:
    return Member(1, "U1", "Ana", ZoneInfo(zone), team_id=5, own=Own(**own))


def test_tomorrow_skips_what_is_no_working_day_and_keeps_to_hours() -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    far = friday + timedelta(days=30)
    at = time(10)
    assert moments.tomorrow(member(), Settings(), at, friday, far) == datetime(2026, 3, 9, 10, tzinfo=UTC)
    sunday = member(working_days="0000001")
    assert moments.tomorrow(sunday, Settings(), at, friday, far) == datetime(2026, 3, 8, 10, tzinfo=UTC)
    late = member(works="13:00-21:00", quiet="22:00-06:00")
    assert moments.tomorrow(late, Settings(), at, friday, far) == datetime(2026, 3, 9, 13, tzinfo=UTC)
    tokyo = member("Asia/Tokyo")
    assert moments.tomorrow(tokyo, Settings(), at, friday, far) == datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert moments.tomorrow(member(), Settings(), at, friday, friday + timedelta(days=2)) is None


@given(
    st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.integers(0, 730 * 24 * 60).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.integers(1, 127).map(lambda number: f"{number:07b}"),
    st.times(),
)
def test_tomorrow_is_always_later_and_on_a_working_day(zone: str, asked: datetime, days: str, at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    who = member(zone, working_days=days, quiet="00:00-00:00")
    moment = moments.tomorrow(who, Settings(), at, asked, asked + timedelta(days=99))
    assert moment
    assert moment > asked
    assert days[moment.astimezone(who.zone).weekday()] == "1"


def test_who_is_in_an_audience() -> None:
    ana = member()
    assert covers(Audience(everybody=True), ana)
    assert not covers(Audience(everybody=True), replace(ana, kind="guest"))
    assert covers(Audience(teams=(5,)), replace(ana, kind="guest"))
    assert covers(Audience(members=(1,)), ana)
    assert not covers(Audience(everybody=True, without=(1,)), ana)
    assert not covers(Audience(everybody=True), replace(ana, active=False))
    assert not covers(Audience(), replace(ana, team_id=None))


def test_a_member_follows_the_cadence_that_closes_first_and_their_team_where_there_is_none() -> None:
    now, everybody = datetime(2026, 3, 4, 9, tzinfo=UTC), Audience(everybody=True)
    daily = Cadence(1, "Daily", Recurrence(MONDAY, (0, 1, 2, 3, 4)), audience=everybody, timing=Timing(closes_after=0))
    weekly = Cadence(2, "Weekly", WEEKLY, audience=everybody)
    assert follows(member(), None, [weekly, daily], now) == on_cadence(daily, ZoneInfo("UTC"))
    for none_now in ([], [replace(daily, paused=True)], [replace(daily, recurrence=Recurrence(date(2026, 4, 1)))]):
        assert follows(member(), None, none_now, now).next_after(now) == date(2026, 3, 6)
    ended = replace(daily, recurrence=replace(daily.recurrence, ends_on=TUESDAY))
    assert follows(member(), None, [ended], now).next_after(now) == date(2026, 3, 6)
    rhythm = on_cadence(weekly, ZoneInfo("UTC"))
    assert rhythm.next_after(now) == date(2026, 3, 10)
    assert rhythm.before(date(2026, 3, 10)) == TUESDAY
    assert rhythm.before(TUESDAY) is None


@given(st.integers(0, 365 * 24), st.integers(1, 3), st.integers(0, 9))
def test_the_next_close_is_after_now_and_the_one_before_is_not(hours: int, every: int, after: int) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours)
    timing = Timing(closes_after=after)
    rhythm = on_cadence(Cadence(1, "Any", Recurrence(MONDAY, (0, 3), every), timing=timing), ZoneInfo("Europe/Lisbon"))
    following = rhythm.next_after(at)
    assert following
    assert rhythm.close_of(following) > at
    before = rhythm.before(following)
    assert before is None or rhythm.close_of(before) <= at
