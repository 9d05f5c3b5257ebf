"""A country changes its clocks: with a newer zone database what is to come moves, and its nominal date stays."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from storage import civil, hours
from storage.engine import Storage
from tests.scheduler.offices import THURSDAYS, Office, utc

CITY = "Test/City"


@pytest.fixture
def use(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Start anew with a zone database in which the city keeps the time of another place."""

    def start_anew(place: str) -> None:
        folder = tmp_path / place.replace("/", "-")
        (folder / "Test").mkdir(parents=True)
        (folder / CITY).write_bytes((resources.files("tzdata") / "zoneinfo" / place).read_bytes())
        forget(str(folder))

    def forget(*path: str) -> None:
        zoneinfo.reset_tzpath(path or None)
        zoneinfo.ZoneInfo.clear_cache()
        for remembered in (civil.zone, hours.moved, hours.first_on):
            remembered.cache_clear()

    yield start_anew
    forget()


async def test_what_is_to_come_moves_and_its_date_stays(storage: Storage, use: Callable[[str], None]) -> None:
    use("Europe/Berlin")
    office = Office(storage, ana=CITY)
    office.arrange(THURSDAYS)
    assert [wave.due_at.hour for wave in office.waves("coming")] == [9]
    use("Europe/Lisbon")
    await office.ticker.look_round()
    await office.until(utc(5, 12))
    assert office.messages() == [("ana", utc(5, 10))]
    assert list(office.states()) == [("ana", date(2026, 3, 5))]


async def test_who_was_asked_already_is_not_asked_again(storage: Storage, use: Callable[[str], None]) -> None:
    use("Europe/Berlin")
    office = Office(storage, ana=CITY)
    office.arrange(THURSDAYS)
    await office.until(utc(5, 9, 30))
    use("Europe/Lisbon")
    await office.ticker.look_round()
    await office.until(utc(6, 12))
    assert office.messages() == [("ana", utc(5, 9))]
