"""Calendars are read once an hour, by one replica, and what they say about days off is kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.fetch import fetch
from scheduler import aside as asides
from scheduler.absences import UnknownPlace, Unreadable
from scheduler.aside import Aside
from scheduler.calendars import DaysOff, Fetched
from storage.absences import Calendar, Seen
from storage.engine import Storage
from storage.members import Listed
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY
from tests.scheduler.test_absences import BERLIN, FIRST, LAST, calendar

pytestmark = pytest.mark.long

ACME = WorkspaceKey("slack", "T1")
MARCH = "DTSTART;VALUE=DATE:202603"
SECRET = "/private-4711/ana.ics"


class Feed:
    """Ana's calendar on a server of this machine; what it answers can be changed, and is counted."""

    def __init__(self) -> None:
        self.body, self.status, self.asked = calendar(f"{MARCH}10\nSUMMARY:Vacation"), 200, 0
        self.url = self.etag = ""
        self.sent = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304)
        self.sent += 1
        return web.Response(body=self.body, status=self.status, headers={"ETag": self.etag} if self.etag else None)


@pytest.fixture
async def feed() -> AsyncIterator[Feed]:
    feed, app = Feed(), web.Application()
    app.add_routes([web.get(SECRET, feed.answer)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    feed.url = f"http://127.0.0.1:{runner.addresses[0][1]}{SECRET}"
    yield feed
    await runner.cleanup()


async def from_here(address: str, seen: Seen) -> Fetched:
    return await fetch(address, seen, loopback=True)


def ana(storage: Storage) -> int:
    with storage.begin(ACME) as store:
        return ana_id(store)


def ana_id(store: Store) -> int:
    return store.members.greet("U1", "Ana").id


def follow(storage: Storage, url: str) -> None:
    member = ana(storage)
    with storage.begin(ACME) as store:
        store.absences.set_calendar(member, url)


def kept(storage: Storage) -> tuple[list[date], Calendar | None]:
    """The first days of Ana's absences, and how her calendar fares."""
    member = ana(storage)
    with storage.begin(ACME) as store:
        return [one.first for one in store.absences.of_member(member)], store.absences.calendar_of(member)


def later(storage: Storage, **passed: float) -> None:
    storage.clock.move_to(storage.clock.now() + timedelta(**passed))  # type: ignore[attr-defined]


async def test_ana_takes_another_day_off_and_soundings_hears_of_it_within_the_hour(
    storage: Storage, feed: Feed
) -> None:
    follow(storage, feed.url)
    days_off = DaysOff(storage, from_here)
    await days_off.read_calendars()
    assert kept(storage)[0] == [date(2026, 3, 10)]

    feed.body = calendar(f"{MARCH}20\nSUMMARY:Vacation")
    later(storage, minutes=59)
    await days_off.read_calendars()
    assert (feed.asked, kept(storage)[0]) == (1, [date(2026, 3, 10)])
    later(storage, minutes=2)
    await days_off.read_calendars()
    assert (feed.asked, kept(storage)[0]) == (2, [date(2026, 3, 20)])


async def test_a_calendar_that_has_not_changed_is_sent_once_for_each_day_and_zone(storage: Storage, feed: Feed) -> None:
    feed.etag = '"1"'
    follow(storage, feed.url)
    days_off = DaysOff(storage, from_here)

    async def looks(**passed: float) -> tuple[int, int, list[date], str]:
        later(storage, **passed)
        await days_off.read_calendars()
        days, known = kept(storage)
        assert known
        assert known.url == feed.url
        return feed.asked, feed.sent, days, known.problem

    tenth, twentieth = [date(2026, 3, 10)], [date(2026, 3, 20)]
    assert await looks(hours=1) == (1, 1, tenth, "")
    assert await looks(hours=2) == (2, 1, tenth, "")
    feed.etag, feed.body = '"2"', b"<html>"
    assert await looks(hours=2) == (3, 2, tenth, "This is not a calendar in the iCalendar format.")
    feed.etag = '"1"'  # it is again what it was, and what is known of it holds
    assert await looks(hours=2) == (4, 2, tenth, "")
    feed.etag, feed.body = '"3"', calendar(f"{MARCH}20\nSUMMARY:Vacation")
    assert await looks(hours=2) == (5, 3, twentieth, "")
    with storage.begin(ACME) as store:
        store.members.choose(ana_id(store), zone="Asia/Tokyo")
    assert await looks(hours=2) == (6, 4, twentieth, "")
    assert await looks(hours=2) == (7, 4, twentieth, "")
    assert await looks(days=1) == (8, 5, twentieth, "")


async def test_a_calendar_that_fails_keeps_what_it_said_and_its_owner_reads_why(
    storage: Storage, feed: Feed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    follow(storage, feed.url)
    days_off = DaysOff(storage, from_here)
    await days_off.read_calendars()
    for status, body, says in ((404, b"", "no calendar at this"), (200, b"<html>", "iCalendar")):
        feed.status, feed.body = status, body
        later(storage, hours=2)
        await days_off.read_calendars()
        days, known = kept(storage)
        assert known
        assert days == [date(2026, 3, 10)]
        assert says in known.problem
    feed.body = calendar()
    later(storage, hours=2)
    await days_off.read_calendars()
    days, known = kept(storage)
    assert known
    assert (days, known.problem) == ([], "")
    assert SECRET not in caplog.text


async def test_two_replicas_read_each_calendar_once(storage: Storage, feed: Feed) -> None:
    follow(storage, feed.url)
    await asyncio.gather(*(DaysOff(storage, from_here).read_calendars() for _ in range(2)))
    assert (feed.asked, kept(storage)[0]) == (1, [date(2026, 3, 10)])


async def test_a_file_is_read_once_without_asking_anybody(storage: Storage) -> None:
    member = ana(storage)
    with storage.begin(ACME) as store:
        store.absences.set_calendar_text(member, calendar(f"{MARCH}10\nSUMMARY:Congé").decode())
    await DaysOff(storage, from_here).read_calendars()
    later(storage, hours=2)
    await DaysOff(storage, from_here).read_calendars()
    days, known = kept(storage)
    assert known
    assert (days, known.text, known.problem) == ([date(2026, 3, 10)], "", "")


async def test_the_calendar_of_somebody_who_left_is_read_no_more(storage: Storage, feed: Feed) -> None:
    follow(storage, feed.url)
    with storage.begin(ACME) as store:
        store.members.keep(Listed("U1", "Ana", active=False))
    await DaysOff(storage, from_here).read_calendars()
    assert feed.asked == 0


async def test_holidays_of_a_new_place_are_there_as_soon_as_somebody_looks(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    member = ana(storage)
    days_off = DaysOff(storage, from_here)
    await days_off.keep_holidays()
    with storage.begin(ACME) as store:
        store.members.choose(member, holidays="DE-BY")
        store.change_settings(holidays="Atlantis")
    await days_off.keep_holidays()
    with storage.begin(ACME) as store:
        assert store.absences.is_holiday("DE-BY", date(2027, 1, 6))
        assert not store.absences.is_holiday("DE-BY", date(2027, 1, 7))
    assert "The public holidays of 'Atlantis' are not known." in caplog.text

    # Nothing is worked out twice on a day, and the year moves on with the days.
    with storage.begin(ACME) as store:
        store.absences.keep_holidays("DE-BY", {MONDAY.date(): "Nobody's holiday"})
    await days_off.keep_holidays()
    with storage.begin(ACME) as store:
        assert store.absences.is_holiday("DE-BY", MONDAY.date())
    later(storage, days=1)
    await days_off.keep_holidays()
    with storage.begin(ACME) as store:
        assert not store.absences.is_holiday("DE-BY", MONDAY.date())
        assert store.absences.is_holiday("DE-BY", date(2027, 1, 6))


async def test_what_takes_too_long_is_stopped_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    good = calendar(f"{MARCH}10\nSUMMARY:Vacation")
    async with Aside() as aside:
        assert len(await aside.absences_in(good, BERLIN, FIRST, LAST)) == 1
        with monkeypatch.context() as hasty:
            hasty.setattr(asides, "PATIENCE", 0.0)
            with pytest.raises(Unreadable, match="too long"):
                await aside.absences_in(good, BERLIN, FIRST, LAST)
        assert len(await aside.absences_in(good, BERLIN, FIRST, LAST)) == 1
        with pytest.raises(UnknownPlace):
            await aside.holidays_of("Atlantis", FIRST, LAST)


async def test_a_process_that_ended_costs_one_calendar_and_not_the_next() -> None:
    good = calendar(f"{MARCH}10\nSUMMARY:Vacation")
    async with Aside() as aside:
        await aside.absences_in(good, BERLIN, FIRST, LAST)
        assert aside._process
        aside._process.kill()
        with pytest.raises(Unreadable, match="could not be read"):
            await aside.absences_in(good, BERLIN, FIRST, LAST)
        assert len(await aside.absences_in(good, BERLIN, FIRST, LAST)) == 1


async def test_the_process_that_reads_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_KEYS", "secret")
    async with Aside() as aside:
        await aside.holidays_of("DE", FIRST, LAST)
        assert aside._process
        assert b"SOUNDINGS_KEYS" not in environment_of(aside._process.pid)


def environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()
