"""Every zone, every change of its clocks in 2025 to 2027, at every awkward hour: one instant for each nominal date."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from storage.recurrence import Recurrence, Timing
from tests.faults.zones import DAY, Change, changes, meant

# Minutes from the change as clocks showed it before, so that gaps and folds are met at their edges and in the middle.
AROUND = (-121, -61, -60, -31, -30, -1, 0, 1, 30, 59, 60, 121)


def all_changes() -> list[Change]:
    return [change for name in sorted(available_timezones()) for change in changes(ZoneInfo(name))]


def wall_times(change: Change) -> list[time]:
    shown = (change.at + change.before).replace(tzinfo=None)
    return [(shown + timedelta(minutes=minutes)).time() for minutes in AROUND]


def around(change: Change) -> list[date]:
    day = (change.at + change.before).date()
    return Recurrence(day - 2 * DAY, tuple(range(7))).between(day - 2 * DAY, day + 2 * DAY)


def test_every_nominal_date_has_one_instant_and_later_dates_have_later_ones() -> None:
    found = all_changes()
    cases = 0
    for change in found:
        for at in wall_times(change):
            timing = Timing(at)
            instants = [timing.opens(day, change.zone) for day in around(change)]
            assert instants == [meant(day, at, change) for day in around(change)], (change, at)
            assert all(earlier < later for earlier, later in pairwise(instants)), (change, at)
            cases += 1
    assert cases == len(found) * len(AROUND)
    assert cases > 14_000, "zones, changes and wall times to speak of"
