"""Two cadences that ask Ana for the same check-in: one message, which stands for both for as long as it stands.

It is Monday, 2 March 2026, 09:00 UTC. Both ask on Thursdays and close on Fridays at 18:00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from handlers.features import FEATURES
from handlers.plain import text
from storage.cadences import Audience, Cadence
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.prompts import Prompt
from storage.recurrence import Recurrence, Timing
from tests.carrying import Carrier
from tests.handlers.seats import HERE, Room, Seat

THURSDAY = date(2026, 3, 5)
A = Cadence(0, "Ops weekly", Recurrence(THURSDAY), timing=Timing(time(10), nudges=1))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


class Both:
    """Ana, whom two cadences ask; the second may ask later than the first."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.carrier = Carrier(room.storage, HERE, FEATURES)
        (self.ana,) = room.people("Ana")
        with room.store() as store:
            store.questions.add("How was your week", "scale")
            member = store.members.by_key("ANA")
            assert member
            self.her = member.id
        self.cadences = {}

    def arrange(self, name: str, hour: int = 10, nudges: int = 1) -> Cadence:
        """A cadence that asks Ana at that hour, with so many reminders."""
        timing = replace(A.timing, at=time(hour), nudges=nudges)
        with self.room.store() as store:
            found = store.cadences.add(replace(A, name=name, audience=Audience(members=(self.her,)), timing=timing))
            store.waves.arrange(found)
        self.cadences[found.id] = name
        return found

    def prompts(self) -> dict[str, Prompt]:
        """What she was asked, by cadence."""
        with self.room.store() as store:
            found = store.prompts.closing([self.her], THURSDAY, date(2026, 3, 6))
        return {self.cadences[one.cadence_id]: one for one in found}

    def states(self) -> dict[str, tuple[str, str]]:
        """How they stand, and why."""
        return {name: (one.state, one.why) for name, one in self.prompts().items()}

    def got(self) -> list[tuple[str, str, datetime]]:
        """The messages she got: for which cadence, whether a prompt or a reminder, and when."""
        names = {one.id: name for name, one in self.prompts().items()}
        return [(names[one.prompt_id], one.kind, one.at) for one in self.carrier.got]

    def before_her(self) -> Seat:
        """Her seat, with the newest message before her."""
        self.ana.card = self.carrier.got[-1].card
        return self.ana


@pytest.fixture
def both(storage: Storage) -> Both:
    return Both(Room(storage))


async def test_one_message_names_the_other_and_one_reminder_is_enough(both: Both) -> None:
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly")
    await both.carrier.until(at(5, 11))
    assert both.got() == [("Ops weekly", "prompt", at(5, 10))]
    assert "Your answer also goes to Everybody's weekly. It closes" in both.carrier.got[0].said
    assert both.states() == {"Ops weekly": ("sent", ""), "Everybody's weekly": ("put_off", "same")}
    assert "It shares a message with another: one answer goes to both." in text(both.ana.home())
    await both.carrier.until(at(7))
    assert [(name, kind) for name, kind, _ in both.got()] == [("Ops weekly", "prompt"), ("Ops weekly", "nudge")]


async def test_what_is_due_later_is_swallowed_too_and_answered_with_it(both: Both) -> None:
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly", hour=14)
    await both.carrier.until(at(5, 15))
    assert both.got() == [("Ops weekly", "prompt", at(5, 10))]
    ana = both.before_her()
    ana.presses("5")
    assert {state for state, _ in both.states().values()} == {"answered"}


async def test_what_shares_a_message_counts_once_against_the_budget(both: Both) -> None:
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly")
    await both.carrier.until(at(5, 11))
    both.ana.press("me.when", "")
    assert "1 of at most 4 this week" in both.ana.says


async def test_who_answers_for_both_has_used_one_of_the_budget_also_for_what_is_planned_later(both: Both) -> None:
    with both.room.store() as store:
        store.change_settings(budget=2)
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly")
    # It closes on another day, so that it asks for another check-in.
    with both.room.store() as store:
        timing = Timing(time(12), closes_after=3, nudges=0)
        friday = Cadence(0, "Fridays", Recurrence(date(2026, 3, 6), (4,)), timing=timing)
        store.waves.arrange(store.cadences.add(replace(friday, audience=Audience(members=(both.her,)))))
    await both.carrier.until(at(5, 11))
    both.before_her().presses("5")
    await both.carrier.until(at(6, 13))
    assert [one.at for one in both.carrier.got] == [at(5, 10), at(6, 12)]


async def test_as_many_reminders_come_as_the_cadence_with_the_most_of_them_has(both: Both) -> None:
    for name, hour, nudges in (("None", 10, 0), ("Two", 11, 2), ("One", 12, 1)):
        both.arrange(name, hour, nudges)
    await both.carrier.until(at(7))
    kinds = [(kind, moment) for _, kind, moment in both.got()]
    assert kinds == [("prompt", at(5, 10)), ("nudge", at(6, 9)), ("nudge", at(6, 13, 30))]
    assert all("because of None" in one.said for one in both.carrier.got)
    assert both.states() == {"None": ("sent", ""), "Two": ("put_off", "same"), "One": ("put_off", "same")}


async def test_what_closes_later_than_the_message_it_shares_reminds_by_itself_then(both: Both) -> None:
    first = Timing(time(10), closes_after=1, closes_at=time(9, 30), nudges=0)
    with both.room.store() as store:
        mine = Audience(members=(both.her,))
        found = store.cadences.add(Cadence(0, "Ops weekly", Recurrence(THURSDAY), audience=mine, timing=first))
        store.waves.arrange(found)
    both.cadences[found.id] = "Ops weekly"
    both.arrange("Everybody's weekly")
    await both.carrier.until(at(6, 8))
    with both.room.storage.connect() as connection:
        connection.execute(deliveries.update().where(deliveries.c.kind == "nudge").values(not_before=at(6, 10)))
    await both.carrier.until(at(7))
    assert both.got()[1:] == [("Everybody's weekly", "nudge", at(6, 10))]
    assert "because of Everybody's weekly" in both.carrier.got[-1].said


async def test_to_skip_one_is_to_skip_both_and_both_come_back(both: Both) -> None:
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly")
    await both.carrier.until(at(5, 11))
    ana = both.before_her()
    ana.presses("Skip this time")
    assert "You are not asked for Ops weekly, Everybody's weekly this time." in ana.says
    assert {state for state, _ in both.states().values()} == {"skipped"}
    ana.presses("Ask me after all")
    assert both.states() == {"Ops weekly": ("sent", ""), "Everybody's weekly": ("put_off", "same")}
    ana.presses("Skip this time")
    await both.carrier.until(at(7))
    assert len(both.got()) == 1


async def test_what_opens_after_the_other_was_skipped_asks_by_itself(both: Both) -> None:
    both.arrange("Ops weekly")
    both.arrange("Everybody's weekly", hour=14)
    await both.carrier.until(at(5, 11))
    both.before_her().presses("Skip this time")
    # The other one opens later: it was not what she skipped.
    await both.carrier.until(at(5, 15))
    assert both.got()[1:] == [("Everybody's weekly", "prompt", at(5, 14))]


@pytest.mark.parametrize("where", ["message", "page"])
async def test_while_one_is_paused_the_other_is_sent_by_itself(both: Both, where: str) -> None:
    first = both.arrange("Ops weekly")
    both.arrange("Everybody's weekly")
    await both.carrier.until(at(5, 11))
    ana = both.before_her()
    if where == "message":
        ana.presses("Pause...")
        ana.sends()
    else:
        ana.press("me.pause", first.id)
    assert both.states() == {"Ops weekly": ("left_out", "paused"), "Everybody's weekly": ("waiting", "")}
    await both.carrier.until(at(5, 12))
    assert both.got()[1:] == [("Everybody's weekly", "prompt", at(5, 11))]
    assert "Your answer also goes" not in both.carrier.got[-1].said


async def test_who_pauses_both_is_sent_neither(both: Both) -> None:
    first = both.arrange("Ops weekly")
    second = both.arrange("Everybody's weekly")
    await both.carrier.until(at(5, 11))
    for one in (first, second):
        both.ana.press("me.pause", one.id)
    await both.carrier.until(at(7))
    assert both.got() == [("Ops weekly", "prompt", at(5, 10))]
