"""What an admin is told of what is going on: what waits, what comes next, and what could not be sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot.standing import heartbeat, report
from handlers import plain
from handlers.bounds import USUAL, Bounds
from storage.cadences import Cadence
from storage.engine import Storage
from storage.members import Listed
from storage.recurrence import Recurrence
from storage.waves import waves
from tests.asked import prompt_for
from tests.databases import MONDAY
from tests.handlers.seats import HERE, Room, Seat

THURSDAY = date(2026, 3, 5)


@pytest.fixture
def room(storage: Storage) -> Room:
    return Room(storage)


@pytest.fixture
def max_(room: Room) -> Seat:
    with room.store() as store:
        store.members.keep(Listed("MAX", "Max", "UTC", admin=True))
    return room.people("Max")[0]


def what_goes_on(seat: Seat) -> str:
    seat.presses("What is going on", on=seat.home())
    return seat.says


def wave(room: Room, cadence: Cadence, day: date, zone: str, state: str, due_in: timedelta) -> None:
    with room.store() as store:
        workspace_id = store.workspace.id
    with room.storage.connect() as connection:
        due = MONDAY + due_in
        values = {
            "workspace_id": workspace_id,
            "cadence_id": cadence.id,
            "day": day,
            "zone": zone,
            "version": 1,
            "state": state,
            "closes_on": day,
        }
        connection.execute(insert(waves).values(due_at=due, closes_at=due + timedelta(days=1), look_at=due, **values))


def test_on_a_quiet_day_there_is_little_to_tell(max_: Seat) -> None:
    said = what_goes_on(max_)
    assert "Messages go out as they come due." in said
    assert "Nothing is being asked just now." in said
    assert "Nothing is arranged." in said
    assert "Everything was sent." in said


def test_the_next_occurrence_of_each_cadence_is_named_with_its_zones(room: Room, max_: Seat) -> None:
    with room.store() as store:
        weekly = store.cadences.add(Cadence(0, "Weekly", Recurrence(THURSDAY)))
    wave(room, weekly, THURSDAY, "Asia/Tokyo", "coming", timedelta(days=2))
    wave(room, weekly, THURSDAY, "Europe/Lisbon", "coming", timedelta(days=3))
    wave(room, weekly, THURSDAY + timedelta(days=7), "Pacific/Auckland", "coming", timedelta(days=8))
    said = what_goes_on(max_)
    assert "Weekly, Thursday 5 March: from" in said
    assert "in 2 time zones." in said
    assert "12 March" not in said


def test_an_open_occurrence_counts_who_was_asked_and_who_has_answered(room: Room, max_: Seat) -> None:
    with room.store() as store:
        weekly = store.cadences.add(Cadence(0, "Weekly", Recurrence(THURSDAY)))
        people = store.members.people()[:3]
        invited = [
            prompt_for(store, weekly.id, one.id, THURSDAY, THURSDAY, "UTC", store.now, store.now + timedelta(1))
            for one in people
        ]
        ids = [one.id for one in invited if one]
        store.prompts.mark_answered(ids[0])
        store.prompts.leave_out(ids[1], "absent")
    wave(room, weekly, THURSDAY, "UTC", "open", timedelta(0))
    assert "Weekly, Thursday 5 March: 1 of 2 have answered, 1 not asked. It closes" in what_goes_on(max_)


def test_what_was_given_up_is_told_by_reason(room: Room, max_: Seat) -> None:
    with room.store() as store:
        for key in ("one", "two"):
            store.deliveries.queue("member", "ANA", {}, key=key)
            (taken,) = store.lanes.take("courier", timedelta(minutes=1))
            store.lanes.give_up(taken, "cancelled", "The account is deactivated.")
    assert "2 messages: The account is deactivated. Last" in what_goes_on(max_)


def test_a_parked_lane_is_told_on_home_at_once(room: Room, max_: Seat) -> None:
    with room.store() as store:
        store.deliveries.queue("member", "ANA", {}, key="one")
        store.lanes.take("courier", timedelta(minutes=1))
        store.lanes.park("Somebody revoked the token of this workspace.")
    assert "Somebody revoked the token of this workspace." in plain.text(max_.home())
    assert "1 message" in what_goes_on(max_)


def test_messages_that_wait_too_long_are_told(room: Room, max_: Seat) -> None:
    with room.store() as store:
        store.deliveries.queue("member", "ANA", {}, key="one")
    assert "Messages wait" not in plain.text(max_.home())
    room.later(minutes=6)
    assert "Messages wait that were due" in plain.text(max_.home())


@pytest.mark.parametrize(
    ("found_out", "said"),
    [(0.0, "begins with 90 messages a minute"), (80.0, "up to 80 messages a minute"), (420.0, "up to 100 messages")],
)
def test_the_pace_is_told_within_the_bounds_that_were_chosen(storage: Storage, found_out: float, said: str) -> None:
    room = Room(storage, Bounds(90, 100))
    with room.store() as store:
        store.members.keep(Listed("MAX", "Max", "UTC", admin=True))
        store.deliveries.queue("member", "ANA", {}, key="one")
        store.lanes.take("courier", timedelta(minutes=1))
        store.lanes.learn(found_out)
    assert f"Pace: {said}" in what_goes_on(room.people("Max")[0])
    assert f"Pace: {said}" in "\n".join(report(storage, Bounds(90, 100)))


def test_whoever_is_no_admin_is_neither_shown_nor_told(room: Room) -> None:
    (ana,) = room.people("Ana")
    assert "What is going on" not in plain.text(ana.home())
    ana.press("status.open", "")
    assert "shown to its admins" in ana.says


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (None, "Start it with: soundings run"),
        (12.0, "last looked at what is due 12 s ago."),
        (600.0, "600 s ago, so nobody is asked"),
        (86_400.0, "24 h ago, so nobody is asked"),
    ],
)
def test_whoever_runs_soundings_is_told_whether_it_looks_at_what_is_due(since: float | None, said: str) -> None:
    assert said in heartbeat(since)


def test_the_command_line_prints_the_same_for_every_workspace(room: Room, storage: Storage) -> None:
    said = "\n".join(report(storage, USUAL))
    assert f"({HERE.platform} {HERE.external_id})" in said
    assert "Messages go out as they come due." in said
