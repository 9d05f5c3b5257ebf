"""A message or a reminder that falls on a day off, or comes late, goes out when its reader is written to again.

It is Monday, 2 March 2026, 09:00 UTC; Monday is a public holiday of Ana's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from handlers.features import FEATURES
from handlers.prompts import NotYet, draw
from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.prompts import Prompt, prompts
from storage.recurrence import Recurrence, Timing
from tests.asked import prompt_for
from tests.handlers.seats import Room

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
ON_FRIDAY, CLOSES = datetime(2026, 2, 27, 10, tzinfo=UTC), datetime(2026, 3, 4, 18, tzinfo=UTC)


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
        prompt = prompt_for(store, cadence.id, ana.id, FRIDAY, closes.date(), "UTC", store.now, closes)
        assert prompt
    if sent:
        with room.storage.connect() as connection:
            connection.execute(prompts.update().values(state="sent", sent_at=ON_FRIDAY))
    return prompt


def drawn(room: Room, prompt: Prompt, kind: Any) -> datetime | bool:
    """Whether a message is sent now, or else the moment until which it waits."""
    with room.store() as store:
        found = draw(store, prompt.id, kind, FEATURES)
        return found.at if isinstance(found, NotYet) else found is not None


def standing(room: Room, prompt: Prompt) -> tuple[str, str]:
    with room.store() as store:
        found = store.prompts.by_id(prompt.id)
        assert found
        return found.state, found.why


def test_a_message_that_falls_on_a_holiday_goes_out_the_day_after(room: Room) -> None:
    prompt = asked(room)
    for _ in range(2):  # drawn twice, it waits for the same moment
        assert drawn(room, prompt, "prompt") == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert standing(room, prompt) == ("waiting", "")
    room.later(days=1)
    assert drawn(room, prompt, "prompt") is True


def test_so_does_a_reminder(room: Room) -> None:
    prompt = asked(room, sent=True)
    assert drawn(room, prompt, "nudge") == datetime(2026, 3, 3, 9, tzinfo=UTC)
    room.later(days=1)
    assert drawn(room, prompt, "nudge") is True


def test_leave_is_stepped_over_too(room: Room) -> None:
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
        store.absences.add(ana.id, TUESDAY, TUESDAY)
    assert drawn(room, asked(room), "prompt") == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_with_no_working_day_before_the_close_nobody_is_bothered_and_it_is_on_record(room: Room) -> None:
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
        store.absences.add(ana.id, TUESDAY, None)
    prompt = asked(room)
    assert drawn(room, prompt, "prompt") is False
    assert standing(room, prompt) == ("left_out", "holiday")


def test_a_reminder_without_a_working_day_before_the_close_is_left(room: Room) -> None:
    prompt = asked(room, datetime(2026, 3, 2, 20, tzinfo=UTC), sent=True)
    assert drawn(room, prompt, "nudge") is False
    assert standing(room, prompt) == ("sent", "")


def test_what_could_not_be_sent_in_the_evening_is_not_sent_at_night(room: Room) -> None:
    room.later(days=1, hours=8, minutes=50)  # Tuesday, ten minutes to six
    prompt = asked(room)
    room.later(minutes=20)
    assert drawn(room, prompt, "prompt") == datetime(2026, 3, 4, 9, tzinfo=UTC)
    room.later(hours=14, minutes=50)
    assert drawn(room, prompt, "prompt") is True, "it is not late by the moment to which it was moved"


def test_a_reminder_that_is_late_waits_for_the_morning_too(room: Room) -> None:
    prompt = asked(room, sent=True)
    room.later(days=1, hours=10)
    assert drawn(room, prompt, "nudge") == datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_nobody_is_asked_about_a_morning_long_gone(room: Room) -> None:
    room.later(days=1)
    prompt = asked(room)
    room.later(hours=4)
    assert drawn(room, prompt, "prompt") is True
    room.later(minutes=1)
    assert drawn(room, prompt, "prompt") is False
    assert standing(room, prompt) == ("missed", "late")


def test_whoever_could_be_asked_at_no_moment_before_the_close_is_on_record(room: Room) -> None:
    room.later(days=1, hours=8)
    prompt = asked(room, datetime(2026, 3, 4, 8, tzinfo=UTC))
    room.later(hours=2)
    assert drawn(room, prompt, "prompt") is False
    assert standing(room, prompt) == ("missed", "late")
