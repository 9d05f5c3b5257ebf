"""A message or a reminder that falls on somebody's day off goes out on their next working day before the close.

It is Monday, 2 March 2026, 09:00 UTC; Monday is a public holiday of Ana's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from handlers.features import FEATURES
from handlers.prompts import draw
from storage.cadences import Audience, Cadence
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.prompts import Prompt
from storage.recurrence import Recurrence, Timing
from tests.handlers.seats import Room

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
CLOSES = datetime(2026, 3, 4, 18, tzinfo=UTC)


@pytest.fixture
def room(storage: Storage) -> Room:
    one = Room(storage)
    one.people("Ana")
    with one.store() as store:
        store.change_settings(holidays="DE")
        store.absences.keep_holidays("DE", {MONDAY: "A day of rest"})
        timing = Timing(closes_after=5)
        store.cadences.add(
            Cadence(0, "Fridays", Recurrence(FRIDAY, (4,)), audience=Audience(everybody=True), timing=timing)
        )
    return one


def asked(room: Room, closes: datetime = CLOSES, *, sent: bool = False) -> Prompt:
    with room.store() as store:
        (cadence,) = store.cadences.all()
        ana = store.members.by_key("ANA")
        assert ana
        prompt = store.prompts.invite(cadence.id, ana.id, FRIDAY, closes.date(), "UTC", store.now, closes)
        assert prompt
        if sent:
            store.prompts.mark_sent(prompt.id)
        return prompt


def drawn(room: Room, prompt: Prompt, kind: Any) -> bool:
    with room.store() as store:
        return draw(store, prompt.id, kind, FEATURES) is not None


def waiting(room: Room) -> list[tuple[str, str, datetime]]:
    with room.storage.connect() as connection:
        rows = connection.execute(select(deliveries).where(deliveries.c.prompt_id.is_not(None)))
        return [(row.kind, row.key.partition(" again ")[2], row.not_before) for row in rows]


def standing(room: Room, prompt: Prompt) -> tuple[str, str]:
    with room.store() as store:
        found = store.prompts.by_id(prompt.id)
        assert found
        return found.state, found.why


def test_a_message_that_falls_on_a_holiday_goes_out_the_day_after(room: Room) -> None:
    prompt = asked(room)
    for _ in range(2):  # drawn twice, it comes once
        assert not drawn(room, prompt, "prompt")
    assert waiting(room) == [("prompt", "2026-03-03", datetime(2026, 3, 3, 9, tzinfo=UTC))]
    assert standing(room, prompt) == ("waiting", "")
    room.later(days=1)
    assert drawn(room, prompt, "prompt")


def test_so_does_a_reminder_and_both_may_be_found_again(room: Room) -> None:
    prompt = asked(room, sent=True)
    assert not drawn(room, prompt, "nudge")
    assert waiting(room) == [("nudge", "2026-03-03", datetime(2026, 3, 3, 9, tzinfo=UTC))]
    room.later(days=1)
    assert drawn(room, prompt, "nudge")
    with room.storage.connect() as connection:
        connection.execute(deliveries.update().values(status="sent"))
    with room.store() as store:
        assert store.deliveries.sent_of_prompt(prompt.id) == [f"nudge {prompt.id} again 2026-03-03"]


def test_leave_is_stepped_over_too(room: Room) -> None:
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
        store.absences.add(ana.id, TUESDAY, TUESDAY)
    prompt = asked(room)
    assert not drawn(room, prompt, "prompt")
    assert [day for _, day, _ in waiting(room)] == ["2026-03-04"]


def test_with_no_working_day_before_the_close_nobody_is_bothered_and_it_is_on_record(room: Room) -> None:
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
        store.absences.add(ana.id, TUESDAY, None)
    prompt = asked(room)
    assert not drawn(room, prompt, "prompt")
    assert waiting(room) == []
    assert standing(room, prompt) == ("left_out", "absent")


def test_a_reminder_without_a_working_day_before_the_close_is_left(room: Room) -> None:
    prompt = asked(room, datetime(2026, 3, 2, 20, tzinfo=UTC), sent=True)
    assert not drawn(room, prompt, "nudge")
    assert waiting(room) == []
    assert standing(room, prompt) == ("sent", "")
