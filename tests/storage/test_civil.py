"""Civil time: every change of every clock in the zone database since 1970, and what people may write for a time."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.civil import instant, is_zone, local_date, minutes, zone

SINCE = datetime(1970, 1, 2, tzinfo=UTC)
HEADER = struct.Struct(">4sc15x6l")
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """A clock that was changed: the instant, and how far local time was ahead of UTC before and after."""

    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta


def changes_in(where: ZoneInfo, data: bytes) -> Iterator[Change]:
    """The changes of one zone, read off its file in the zone database, second part (RFC 8536)."""
    first = HEADER.unpack_from(data)
    isutc, isstd, leap, times, types, letters = first[2:]
    second = HEADER.size + times * 5 + types * 6 + letters + leap * 8 + isstd + isutc
    times, types = HEADER.unpack_from(data, second)[5:7]
    start = second + HEADER.size
    at = struct.unpack_from(f">{times}q", data, start)
    kinds = struct.unpack_from(f">{times}B", data, start + times * 8)
    offsets = [struct.unpack_from(">lBB", data, start + times * 9 + place * 6)[0] for place in range(types)]
    for place in range(1, times):
        before, after = offsets[kinds[place - 1]], offsets[kinds[place]]
        moment = datetime.fromtimestamp(at[place], UTC) if at[place] > SINCE.timestamp() else None
        if moment and before != after:
            yield Change(where, moment, timedelta(seconds=before), timedelta(seconds=after))


@cache
def all_changes() -> tuple[Change, ...]:
    """The changes of all zones since 1970; zones that are one by another name count once."""
    package = resources.files("tzdata")
    names = (package / "zones").read_text().split()
    files = {(package / "zoneinfo" / name).read_bytes(): name for name in names}
    zones = [(ZoneInfo.from_file(BytesIO(data), name), data) for data, name in files.items()]
    return tuple(change for where, data in zones for change in changes_in(where, data))


def of(change: Change, local: datetime) -> datetime:
    """What civil time makes of a local date and time in the zone of this change."""
    return instant(local.date(), local.time(), change.zone)


def local(change: Change, offset: timedelta, later: timedelta = timedelta()) -> datetime:
    """Clocks at that distance from UTC, so long after the change."""
    return (change.at + offset + later).replace(tzinfo=None)


ZONES = st.sampled_from([change.zone for change in all_changes()])
EPOCH = SINCE.replace(tzinfo=None)
LOCAL_TIMES = st.timedeltas(timedelta(days=2), timedelta(days=365 * 66)).map(lambda since: EPOCH + since)


def test_there_are_changes_to_speak_of() -> None:
    assert len(all_changes()) > 10_000
    lengths = {abs(change.after - change.before) for change in all_changes()}
    assert lengths >= {timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)}


def test_at_every_change_a_skipped_time_is_the_first_after_it_and_a_doubled_one_the_first_of_two() -> None:
    for change in all_changes():
        length = abs(change.after - change.before)
        if change.after > change.before:
            # From the last second before the gap, through its first, middle and last, to the first after it.
            assert of(change, local(change, change.before, -SECOND)) == change.at - SECOND, change
            assert of(change, local(change, change.before)) == change.at, change
            assert of(change, local(change, change.before, length / 2)) == change.at, change
            assert of(change, local(change, change.before, length - SECOND)) == change.at, change
            assert of(change, local(change, change.after)) == change.at, change
        else:
            # The hour that comes twice, at its first, middle and last second, is the first of both.
            for later in (timedelta(), length / 2, length - SECOND):
                assert of(change, local(change, change.after, later)) == change.at - length + later, change
            assert of(change, local(change, change.before)) == change.at + length, change


@given(
    ZONES,
    LOCAL_TIMES,
)
def test_a_time_that_exists_is_read_back_as_it_was_written(where: ZoneInfo, wanted: datetime) -> None:
    found = instant(wanted.date(), wanted.time(), where)
    assert found.tzinfo is UTC
    shown = found.astimezone(where).replace(tzinfo=None)
    assert shown == wanted.replace(fold=0) or shown > wanted


@given(
    ZONES,
    LOCAL_TIMES,
)
def test_later_on_the_clock_is_never_earlier_in_time(where: ZoneInfo, wanted: datetime) -> None:
    days = [wanted + timedelta(days=number) for number in range(3)]
    found = [instant(day.date(), day.time(), where) for day in days]
    assert found == sorted(found)


def test_a_day_that_was_skipped_altogether_is_the_first_instant_after_it() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped = instant(datetime(2011, 12, 30, tzinfo=UTC).date(), time(18), apia)
    assert skipped == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert local_date(skipped, apia).isoformat() == "2011-12-31"


@pytest.mark.parametrize("name", ["Nowhere/Never", "", "../../etc/passwd", "Europe", "\x00", "x" * 5000])
def test_a_zone_nobody_knows_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"
    assert not is_zone(name)


@pytest.mark.parametrize(
    ("text", "read"),
    [("18:00", time(18)), ("00:00", time(0)), ("25:00", None), ("7:30", None), ("18:00:00", None), ("noon!", None)],
)
def test_times_of_day_are_read_only_as_they_are_written(text: str, read: time | None) -> None:
    assert minutes(text) == read
