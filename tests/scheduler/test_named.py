"""When somebody is asked next, as their page names it, is when it comes, whatever hours they keep."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.cadences import Cadence
from storage.engine import Storage
from storage.known import Arrangements
from storage.recurrence import Recurrence, Timing
from storage.workspaces import workspaces
from tests.databases import MONDAY
from tests.scheduler.offices import ACME, THURSDAYS, Office, replace, utc

PLACES = {"bea": "Europe/Berlin", "kim": "Pacific/Auckland", "lou": "America/Los_Angeles", "uma": "UTC"}
ENDS = utc(24)

WEEKLY = Recurrence(date(2026, 3, 2), (3,))
DAILY = replace(WEEKLY, weekdays=(0, 1, 2, 3, 4))

recurrences = st.sampled_from((WEEKLY, DAILY, replace(WEEKLY, weekdays=(5,))))
timings = st.builds(
    Timing,
    st.sampled_from((time(8), time(10), time(23))),
    st.sampled_from(("", "America/Los_Angeles", "Pacific/Auckland")),
    st.sampled_from((0, 120)),
    st.sampled_from((1, 3)),
    nudges=st.just(0),
)
spans = st.sampled_from(("", "09:00-17:00", "20:00-04:00", "00:00-00:00"))
own = st.fixed_dictionaries({"works": spans, "quiet": spans, "working_days": st.sampled_from(("", "0111110"))})
looks = st.lists(st.integers(0, 13 * 24), min_size=1, max_size=5).map(sorted)


@pytest.mark.long
@given(recurrences, timings, own, looks, st.just(9), st.booleans())
@example(
    Recurrence(date(2026, 3, 2), (3,)), Timing(time(10), "America/Los_Angeles", nudges=0), {"works": ""}, [77], 9, False
)
@example(Recurrence(date(2026, 3, 2), (1,)), Timing(time(8), nudges=0), {"works": "09:00-17:00"}, [23], 9, True)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_what_is_named_is_when_it_comes(
    sqlite_storage: Storage,
    rule: Recurrence,
    timing: Timing,
    chosen: dict[str, str],
    hours: list[int],
    budget: int,
    travels: bool,
) -> None:
    storage = sqlite_storage
    with storage.connect() as connection:
        connection.execute(workspaces.delete())
    storage._arrangements = Arrangements()  # ids may come again
    storage.clock._now = MONDAY  # type: ignore[attr-defined]
    office = Office(storage, **PLACES)
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-09:00", budget=budget)
        store.absences.add(office.ids["lou"], date(2026, 3, 9), date(2026, 3, 10))
    for name in ("bea", "kim"):
        office.choose(name, **chosen)
    back = MONDAY + timedelta(days=5, minutes=10)
    if travels:
        office.choose("uma", travel_zone="Asia/Tokyo", travel_until=back)
    cadence = office.arrange(replace(THURSDAYS, recurrence=rule, timing=timing))
    named = []
    for at, looked in sorted([(MONDAY + timedelta(hours=one, minutes=30), True) for one in hours] + [(back, False)]):
        await office.until(at)
        await office.ticker.look_round()
        if looked:
            named += [(at, name, next_of(office, cadence, name)) for name in PLACES]
    await office.until(ENDS)
    for at, name, promised in named:
        comes = min((due for whom, due in office.messages() if whom == name and due > at), default=None)
        assert comes == (promised if promised and promised < ENDS else None), (at, name)


def next_of(office: Office, cadence: Cadence, name: str) -> datetime | None:
    with office.storage.begin(ACME) as store:
        return store.planning.next_of(cadence, office.ids[name])


async def test_whoever_is_away_for_long_is_told_of_the_day_after(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(THURSDAYS)
    with storage.begin(ACME) as store:
        store.absences.add(office.ids["ana"], date(2026, 3, 3), date(2026, 8, 6))
    assert next_of(office, cadence, "ana") == utc(13, 10, month=8)
    office.choose("ana", working_days="1110111")
    assert next_of(office, cadence, "ana") is None
