"""A live cadence is edited, or people move, while it is under way: nobody is asked twice, nobody is dropped unsaid."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select, text

from handlers.feature import Feature
from handlers.prompts import draw
from scheduler.tick import Ticker
from storage.cadences import Audience
from storage.engine import Storage
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from storage.waves import Wave
from storage.workspaces import WorkspaceKey
from tests.scheduler.offices import ACME, HOUR, THURSDAYS, Office, replace, utc

FIRST, FRIDAY, SECOND = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 12)
BERLIN, TOKYO, ANGELES = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"
DAILY = Recurrence(date(2026, 3, 1), (0, 1, 2, 3, 4))


def closes(office: Office) -> dict[tuple[str, date], Any]:
    """When each prompt closes, by name and date."""
    names = {number: name for name, number in office.ids.items()}
    with office.storage.connect() as connection:
        return {(names[row.member_id], row.day): row.closes_at for row in connection.execute(select(prompts))}


async def test_what_is_open_closes_when_an_edit_lets_the_next_one_open_sooner(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(5, 12))
    assert closes(office)["ana", FIRST] == utc(6, 18)
    office.arrange(replace(cadence, recurrence=Recurrence(date(2026, 3, 1), (4,))))
    # It is known at once, so whoever looks is told.
    assert closes(office)["ana", FIRST] == utc(6, 10)
    await office.until(utc(14))
    assert [(name, day.day) for name, day in office.states()] == [("ana", 5), ("ana", 6), ("ana", 13)]
    assert set(office.states().values()) == {("waiting", "")}
    assert [wave.closes_at for wave in office.waves("closed")] == [utc(6, 10), utc(7, 18)]
    assert office.closed() == [FIRST, FRIDAY]


async def test_what_is_open_never_closes_before_now(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(replace(THURSDAYS, recurrence=DAILY, timing=Timing(at=time(20), closes_after=3, nudges=0)))
    await office.until(utc(6, 15))
    assert closes(office)["ana", FIRST] == utc(6, 20)
    # Friday's was to come at 20:00, and comes now rather than this morning.
    office.arrange(replace(cadence, timing=replace(cadence.timing, at=time(9))))
    await office.until(utc(6, 16))
    assert closes(office)["ana", FIRST] == utc(6, 15)
    assert office.messages()[-1] == ("ana", utc(6, 15))


async def test_whoever_would_have_been_asked_after_that_close_is_on_record(storage: Storage) -> None:
    office = Office(storage, ana="UTC", late="UTC")
    office.choose("late", works="16:00-20:00")
    cadence = office.arrange(replace(THURSDAYS, recurrence=DAILY))
    await office.until(utc(5, 10))
    office.choose("late", works="")
    # Thursday evening becomes Friday morning, before anything is due at four.
    office.clock.move_to(utc(5, 12))
    office.arrange(replace(cadence, timing=Timing(zone="Pacific/Kiritimati", at=time(3), nudges=0)))
    assert closes(office)["late", FIRST] == closes(office)["ana", FIRST] == utc(5, 13)
    assert office.states()["late", FIRST] == ("missed", "closed")
    assert office.states()["ana", FIRST] == ("waiting", "")
    await office.until(utc(5, 14))
    assert office.states()["late", FRIDAY] == ("waiting", "")


@pytest.mark.parametrize(("before", "after"), [("", TOKYO), (TOKYO, ""), (BERLIN, ANGELES)])
async def test_by_whose_clock_may_be_changed_while_it_is_under_way(storage: Storage, before: str, after: str) -> None:
    office = Office(storage, tomo=TOKYO, bea=BERLIN, lou=ANGELES)
    timing = Timing(zone=before, nudges=0)
    cadence = office.arrange(replace(THURSDAYS, recurrence=DAILY, timing=timing))
    await office.until(utc(4, 12))
    office.arrange(replace(cadence, timing=replace(timing, zone=after)))
    for hours in range(4 * 24):
        await office.until(utc(4, 12) + hours * HOUR)
        await office.ticker.look_round()
    states = {(name, day.day): state for (name, day), (state, _) in office.states().items()}
    asked = {(name, day): "waiting" for name in office.ids for day in (3, 4, 5, 6)}
    if after == ANGELES:
        asked["tomo", 6] = "put_off"  # it is Saturday there by then
    assert {one: state for one, state in states.items() if one in asked} == asked


async def test_somebody_who_goes_where_it_is_over_is_on_record(storage: Storage) -> None:
    office = Office(storage, tomo=TOKYO, lou=ANGELES, lea=ANGELES)
    office.arrange(replace(THURSDAYS, timing=Timing(closes_after=0, nudges=0)))
    await office.until(utc(5, 12))  # in Tokyo it is nine in the evening
    office.hire("lou", TOKYO)
    await office.ticker.look_round()
    await office.until(utc(7))
    assert office.states()["lou", FIRST] == ("missed", "late")
    assert [name for name, _ in office.messages()] == ["tomo", "lea"]


async def test_somebody_who_goes_where_it_is_over_and_leaves_nobody_behind_is_too(storage: Storage) -> None:
    office = Office(storage, lou=ANGELES)
    office.arrange(replace(THURSDAYS, timing=Timing(closes_after=0, nudges=0)))
    await office.until(utc(5, 12))
    office.hire("lou", TOKYO)
    await office.ticker.look_round()
    await office.until(utc(7))
    assert office.states() == {("lou", FIRST): ("missed", "")}
    assert office.closed() == [FIRST]


async def test_somebody_who_comes_home_to_what_is_open_is_asked_at_once(storage: Storage) -> None:
    office = Office(storage, tomo=TOKYO, ana=TOKYO)
    office.choose("ana", travel_zone=ANGELES, travel_until=utc(5, 12))
    office.arrange(THURSDAYS)
    await office.until(utc(5, 12))
    await office.ticker.look_round()
    await office.until(utc(8))
    assert dict(office.messages())["ana"] == utc(5, 12)
    assert closes(office)["ana", FIRST] == closes(office)["tomo", FIRST]


async def test_of_what_somebody_pauses_or_ends_it_is_on_record_who_was_not_asked(storage: Storage) -> None:
    office = Office(storage, tomo=TOKYO, lou=ANGELES, late=TOKYO)
    office.choose("late", works="16:00-20:00")
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(5, 4))
    office.arrange(replace(cadence, paused=True))
    await office.until(utc(5, 7))
    with storage.begin(ACME) as store:
        (late,) = store.prompts.open_of(office.ids["late"])
        assert draw(store, late.id, "prompt", (Feature("checkins", "Asks."),)) is None
    await office.until(utc(8))
    stopped = {("late", FIRST): ("left_out", "stopped"), ("lou", FIRST): ("missed", "stopped")}
    assert office.states() == {("tomo", FIRST): ("waiting", ""), **stopped}


async def test_what_came_due_keeps_its_place_though_an_edit_comes_before_the_tick(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(THURSDAYS)
    office.clock.move_to(utc(5, 10, 1))
    office.arrange(replace(cadence, recurrence=Recurrence(date(2026, 3, 1), (0,))))
    await office.until(utc(10))
    assert office.states() == {("ana", FIRST): ("waiting", ""), ("ana", date(2026, 3, 9)): ("waiting", "")}


async def test_after_a_long_sleep_a_look_round_drops_nothing(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    office.arrange(replace(THURSDAYS, recurrence=DAILY))
    office.clock.move_to(utc(13, 11))
    await office.ticker.look_round()
    await office.ticker.tick()
    assert [day.day for _, day in office.states()] == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]


async def test_what_would_have_closed_before_the_edit_is_missed_on_record(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    timing = Timing(at=time(20), nudges=0)
    cadence = office.arrange(replace(THURSDAYS, timing=timing))
    await office.until(utc(5, 19))
    office.arrange(replace(cadence, timing=Timing(at=time(9), closes_after=0, nudges=0)))
    await office.until(utc(13))
    assert office.states() == {("ana", FIRST): ("missed", ""), ("ana", SECOND): ("waiting", "")}


class Meanwhile(Ticker):
    """A ticker of which something comes in the way, once a look round knows what is open."""

    def __init__(self, office: Office, what: Callable[[], Any]) -> None:
        super().__init__(office.storage, ())
        self._what = what

    def _arranged(self, workspace: WorkspaceKey) -> list[tuple[int, Wave]]:
        found = super()._arranged(workspace)
        self._what()
        return found


async def test_whoever_comes_late_hears_of_a_close_that_was_brought_forward_just_then(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(5, 12))
    office.hire("ben", "UTC")
    edited = replace(cadence, recurrence=Recurrence(date(2026, 3, 1), (4,)))
    await Meanwhile(office, lambda: office.arrange(edited)).look_round()
    assert set(closes(office).values()) == {utc(6, 10)}


async def test_nobody_is_invited_to_what_closed_just_then(storage: Storage) -> None:
    """In one zone; elsewhere it goes on."""
    office = Office(storage, ana="UTC", lou=ANGELES)
    office.arrange(THURSDAYS)
    await office.until(utc(5, 19))
    office.hire("ben", "UTC")

    def close() -> None:
        office.clock.move_to(utc(6, 19))
        while office.ticker.step(ACME):
            pass

    await Meanwhile(office, close).look_round()
    assert office.closed() == []
    assert "ben" not in {name for name, _ in office.states()}
    await office.until(utc(7, 12))
    assert office.closed() == [FIRST]


def test_a_look_round_that_waits_for_an_edit_goes_by_it(postgres_storage: Storage) -> None:
    office = Office(postgres_storage, ana="UTC")
    cadence = office.arrange(THURSDAYS)
    office.clock.move_to(utc(5, 12))
    while office.ticker.step(ACME):
        pass
    ben = office.hire("ben", "UTC")
    ((_, wave),) = office.ticker._arranged(ACME)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool:
        with postgres_storage.begin(ACME) as store:
            store.waves.lock()
            joining = pool.submit(office.ticker._join, ACME, cadence.id, wave.id, 0)
            while True:
                with postgres_storage.connect() as connection:
                    if connection.execute(waiting).scalar_one():
                        break
            store.cadences.change(replace(cadence, audience=Audience(everybody=True, without=(ben,))))
        assert joining.result() == 0
    assert [name for name, _ in office.states()] == ["ana"]
