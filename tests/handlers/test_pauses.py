"""Ending one's own pause while something is open: it is asked then, once, however and wherever the pause is ended.

It is Monday, 2 March 2026, 09:00 UTC. A cadence asks everybody on Tuesday at ten, reminds twice and closes on Wednesday
at 18:00. Nobody is written to from 18:00 to 09:00.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.features import FEATURES
from scheduler.tick import Ticker
from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from tests.handlers.seats import HERE, Room, Seat
from tests.posted import Posted, post

HOUR = timedelta(hours=1)
WEEKLY = Cadence(
    0, "Weekly", Recurrence(date(2026, 3, 3), (1,)), audience=Audience(everybody=True), timing=Timing(nudges=2)
)


@pytest.fixture
def room(storage: Storage) -> Room:
    one = Room(storage)
    with one.store() as store:
        store.waves.arrange(store.cadences.add(WEEKLY))
    return one


@pytest.fixture
def ana(room: Room) -> Seat:
    (seat,) = room.people("Ana")
    return seat


def weekly(room: Room) -> int:
    """The cadence's id."""
    with room.store() as store:
        (cadence,) = store.cadences.all()
        return cadence.id


def works_after_noon(room: Room) -> None:
    """Ana is asked within these hours only."""
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
        store.members.choose(ana.id, works="12:30-18:00")


def later(room: Room, hours: float) -> list[tuple[str, str]]:
    """What Ana is sent in so many hours, by a tick and a courier every half hour, and on which day and when."""
    ticker, clock = Ticker(room.storage, FEATURES), room.storage.clock
    end, sent = clock.now() + hours * HOUR, list[Posted]()
    while clock.now() < end:
        room.later(minutes=30)
        while ticker.step(HERE):
            pass
        sent += post(room.storage, HERE, FEATURES)
    return [(kind, f"{at:%d %H:%M}") for to, kind, at in sent if to == "ANA"]


def standing(room: Room) -> list[str]:
    """How Ana's prompts stand."""
    with room.store() as store:
        ana = store.members.by_key("ANA")
        assert ana
    with room.storage.connect() as connection:
        return list(connection.execute(select(prompts.c.state).where(prompts.c.member_id == ana.id)).scalars())


@pytest.mark.parametrize("resume", ["me.resume", "prompts.resume"])
def test_who_paused_before_it_opened_is_asked_when_the_pause_ends(room: Room, ana: Seat, resume: str) -> None:
    ana.press("me.pause", weekly(room))
    assert later(room, 26) == []
    for _ in range(2):
        ana.press(resume, weekly(room))
        assert "asks you again" in ana.says
    assert later(room, 36) == [("prompt", "03 11:30"), ("nudge", "04 09:00"), ("nudge", "04 13:30")]
    assert standing(room) == ["sent"]


def test_in_the_evening_it_waits_for_the_morning(room: Room, ana: Seat) -> None:
    ana.press("me.pause", weekly(room))
    later(room, 34)
    ana.press("me.resume", weekly(room))
    assert later(room, 24) == [("prompt", "04 09:00"), ("nudge", "04 12:00"), ("nudge", "04 15:00")]


def test_a_message_that_was_given_up_during_the_pause_comes_after_it(room: Room, ana: Seat) -> None:
    works_after_noon(room)
    assert later(room, 25.5) == []
    ana.press("me.pause", weekly(room))
    assert later(room, 10) == []
    ana.press("me.resume", weekly(room))
    ana.press("me.pause", weekly(room))
    ana.press("me.resume", weekly(room))
    assert later(room, 24) == [("prompt", "04 12:30"), ("nudge", "04 14:30"), ("nudge", "04 16:30")]
    assert standing(room) == ["sent"]


def test_one_that_is_still_on_its_way_comes_when_it_was_to_come(room: Room, ana: Seat) -> None:
    works_after_noon(room)
    later(room, 25.5)
    for _ in range(2):
        ana.press("me.pause", weekly(room))
        ana.press("me.resume", weekly(room))
    assert later(room, 32) == [("prompt", "03 12:30"), ("nudge", "04 12:30"), ("nudge", "04 15:30")]


def test_what_was_sent_before_the_pause_is_not_sent_again(room: Room, ana: Seat) -> None:
    assert later(room, 26) == [("prompt", "03 10:00")]
    ana.press("me.pause", weekly(room))
    ana.press("me.resume", weekly(room))
    assert [kind for kind, _ in later(room, 36)] == ["nudge", "nudge"]


def test_what_the_budget_has_no_room_for_stays_put_off(room: Room, ana: Seat) -> None:
    with room.store() as store:
        store.change_settings(budget=0)
    later(room, 26)
    assert standing(room) == ["put_off"]
    ana.press("me.pause", weekly(room))
    ana.press("me.resume", weekly(room))
    assert later(room, 4) == []
    assert standing(room) == ["put_off"]
    with room.store() as store:
        store.change_settings(budget=1)
    ana.press("me.pause", weekly(room))
    ana.press("me.resume", weekly(room))
    assert [kind for kind, _ in later(room, 24)] == ["prompt", "nudge", "nudge"]


def test_what_closes_before_it_can_be_sent_is_missed_on_record(room: Room, ana: Seat) -> None:
    ana.press("me.pause", weekly(room))
    later(room, 56.5)
    ana.press("me.resume", weekly(room))
    assert later(room, 2) == []
    assert standing(room) == ["missed"]
