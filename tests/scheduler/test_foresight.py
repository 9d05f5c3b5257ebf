"""The dry run says what will happen: also to whoever comes home from a journey, or joins what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.known import Arrangements
from storage.recurrence import Recurrence, Timing
from storage.workspaces import workspaces
from tests.databases import MONDAY
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace, utc

BERLIN, TOKYO, ANGELES = "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"
PLACES = (BERLIN, TOKYO, ANGELES, "UTC")
LAST = date(2026, 3, 13)
DAILY = replace(THURSDAYS, recurrence=Recurrence(date(2026, 3, 3), (0, 1, 2, 3, 4)))
WEEKLY = replace(THURSDAYS, recurrence=Recurrence(date(2026, 3, 3), (1, 3)), timing=Timing(closes_after=0, nudges=0))

journeys = st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(1, 11 * 24))


# How somebody fares, and when; what is missed has no moment of its own.
Fate: TypeAlias = tuple[str, datetime | None]


def fate(state: str, due_at: datetime) -> Fate:
    return state, None if state == "missed" else due_at


def foreseen(office: Office, cadence: Cadence) -> dict[tuple[str, date], Fate]:
    """Who fares how, and when, by name and date, as the preview says."""
    names = {number: name for name, number in office.ids.items()}
    with office.storage.begin(ACME) as store:
        found = store.planning.preview(cadence, date(2026, 3, 2), LAST)
    told = [(names[number], one.day, one.state, one.due_at) for one in found for number in one.members]
    assert len(told) == len({(name, day) for name, day, *_ in told}), "told twice of one date"
    return {(name, day): fate(state, due_at) for name, day, state, due_at in told}


def happened(office: Office) -> dict[tuple[str, date], Fate]:
    return {(name, day): fate(state, due_at) for name, day, state, _, due_at in office.prompts() if day <= LAST}


@given(
    st.lists(journeys, min_size=1, max_size=3),
    st.sampled_from((DAILY, WEEKLY)),
    st.sampled_from(("", "18:00-09:00")),
    st.sampled_from((PLACES, PLACES[:1])),
)
@example([(BERLIN, TOKYO, 75), (TOKYO, ANGELES, 75)], DAILY, "", PLACES)
@example([(TOKYO, ANGELES, 72)], WEEKLY, "", PLACES)  # back after it has closed at home
@example([(TOKYO, BERLIN, 40)], DAILY, "", (BERLIN,))  # back where nobody else is, after it was due
@example([(TOKYO, BERLIN, 44)], DAILY, "", (BERLIN,))  # later than others would have been asked
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_what_is_foreseen_of_journeys_is_what_happens(
    sqlite_storage: Storage, trips: list[Any], cadence: Cadence, quiet: str, others: Sequence[str]
) -> None:
    await the_same(sqlite_storage, trips, cadence, quiet, others)


async def test_on_postgresql_too(postgres_storage: Storage) -> None:
    await the_same(
        postgres_storage,
        [(BERLIN, TOKYO, 75), (TOKYO, ANGELES, 75), (BERLIN, ANGELES, 99)],
        DAILY,
        "18:00-09:00",
        PLACES,
    )


async def the_same(storage: Storage, trips: list[Any], cadence: Cadence, quiet: str, others: Sequence[str]) -> None:
    with storage.connect() as connection:
        connection.execute(workspaces.delete())
    storage._arrangements = Arrangements()  # ids may come again
    storage.clock._now = MONDAY  # type: ignore[attr-defined]
    office = Office(storage, **dict(zip(("bea", "tomo", "lou", "uma"), others, strict=False)))
    with storage.begin(ACME) as store:
        store.change_settings(quiet=quiet)
    back = []
    for number, (home, place, hours) in enumerate(trips):
        office.hire(f"t{number}", home)
        # Ten minutes later than anything opens: in that moment itself it would depend on who looks first.
        back.append(MONDAY + timedelta(hours=hours, minutes=10))
        office.choose(f"t{number}", travel_zone=place, travel_until=back[-1])
    arranged = office.arrange(cadence)
    expected = foreseen(office, arranged)
    assert foreseen(office, replace(arranged, id=0)) == expected
    for at in sorted(back):
        await office.until(at)
        await office.ticker.look_round()
    await office.until(utc(16))
    assert happened(office) == expected


async def test_whoever_an_edit_adds_to_what_is_open_is_foreseen_too(storage: Storage) -> None:
    office = Office(storage, ana="UTC", bo="UTC")
    cadence = office.arrange(replace(THURSDAYS, audience=Audience(members=(office.ids["ana"],))))
    await office.until(utc(5, 20))
    wider = replace(cadence, audience=Audience(everybody=True))
    office.hire("new", "UTC")  # here too late for this one
    expected = foreseen(office, wider)
    assert {one: said for one, said in expected.items() if one[1] == date(2026, 3, 5)} == {
        ("bo", date(2026, 3, 5)): ("waiting", utc(5, 20))
    }
    office.arrange(wider)
    await office.ticker.look_round()
    await office.until(utc(13, 12))
    assert {one: said for one, said in happened(office).items() if one in expected} == expected
