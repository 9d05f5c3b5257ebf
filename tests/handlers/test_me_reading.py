"""Whatever stands in the forms about oneself is read: into a choice, or into a sentence beside its field."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import zones
from handlers.interaction import File, Value
from handlers.me import away, forms
from handlers.me.asked import Asked
from handlers.me.reading import read_absence, read_calendar, read_hours, read_zone
from handlers.me.wording import back_on, days_of, moment
from handlers.reading import Reader
from storage.absences import Absence
from storage.civil import is_zone, span
from storage.members import Member
from storage.workspaces import Settings

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
LISBON = ZoneInfo("Europe/Lisbon")
SHOWN = Asked(Member(1, "U1", "Ana", LISBON, home_zone=LISBON), Settings(), NOW)
FIELDS = (
    *("zone", "travel_zone", "travel_until", "days", "works_from", "works_to", "quiet_from", "quiet_to"),
    *("holidays", "weekly", "first", "last", "address", "file", "pasted"),
)

likely = st.sampled_from(
    [
        "Lisbon",
        "tokyo",
        "2026-03-05",
        "0001-01-01",
        "9999-12-31",
        "09:00",
        "-",
        "3",
        "²",
        "https://a.example",
        "DE",
        "[",
    ]
)
files = st.builds(File, st.text() | st.just("leave.ics"), st.text(), st.integers(0), st.text())
anything = st.one_of(st.none(), st.booleans(), st.text(), likely, st.lists(st.text() | likely).map(tuple), files)
instants = st.integers(0, 50 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
zone_names = st.sampled_from(sorted(zones._known().values()))


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, anything)))
def test_no_form_raises_whatever_stands_in_it(values: dict[str, Value]) -> None:
    def read() -> Reader:
        return Reader(values, "", None)  # type: ignore[arg-type]

    where = read_zone(read(), SHOWN)
    assert forms.zone_form(SHOWN, where.filled).does
    when = read_hours(read(), SHOWN)
    assert forms.hours_form(SHOWN, when.filled).does
    days = read_absence(read(), TODAY)
    assert away.absence_form(days.filled).does
    calendar = read_calendar(read())
    assert away.calendar_form(calendar.filled, takes_files=True).does
    if not where.errors:
        assert where.chosen["zone"] == "" or is_zone(where.chosen["zone"])
    if not when.errors:
        assert all(when.chosen[name] == "" or len(when.chosen[name]) == 11 for name in ("works", "quiet"))
        assert len(when.chosen["working_days"]) in (0, 7)
    if not days.errors:
        assert days.first <= days.last
        assert days.last >= TODAY
    if not calendar.errors:
        given = [one for one in (calendar.address, calendar.file, calendar.filled.pasted) if one]
        assert len(given) == 1
        assert not calendar.address or calendar.address.startswith("https://")


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Lisbon", "Europe/Lisbon"),
        ("  europe/lisbon ", "Europe/Lisbon"),
        ("Lisbon, Portugal", "Europe/Lisbon"),
        ("são paulo", "America/Sao_Paulo"),
        ("new_york", "America/New_York"),
        ("Munich", "Europe/Berlin"),
        ("Łódź", ""),
        ("WROCŁAW", "Europe/Warsaw"),
        ("utc", "UTC"),
        ("US/Eastern", "US/Eastern"),
        ("Egypt", "Africa/Cairo"),
        ("Nigeria", "Africa/Lagos"),
        ("taiwan", "Asia/Taipei"),
        ("Österreich", "Europe/Vienna"),
        ("South Korea", "Asia/Seoul"),
        ("Argentina", "America/Argentina/Buenos_Aires"),  # the same time in all of it
        ("EST", ""),  # nor is it Estonia
        ("../../etc/passwd", ""),
    ],
)
def test_zones_go_by_the_names_that_people_use(said: str, zone: str) -> None:
    assert zones.find(said).zone == zone


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Spain", ("Europe/Madrid", "Atlantic/Canary")),
        ("Portugal", ("Europe/Lisbon", "Atlantic/Azores")),
        ("USA", ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")),
        ("CET", ("Europe/Berlin", "Europe/Paris", "Europe/Madrid")),
        ("est", ("America/New_York", "America/Toronto")),
        ("GMT+1", ()),
        ("Lisbno", ("Europe/Lisbon",)),
        ("Hague", ("Europe/Amsterdam",)),
        ("ondon", ("Europe/London",)),  # for it is alike
        ("eut", ()),  # Ceuta and Beirut have these letters, and are not meant
        ("x", ()),
    ],
)
def test_what_may_be_meant_is_suggested_the_likeliest_first(said: str, meant: tuple[str, ...]) -> None:
    found = zones.find(said)
    assert (found.zone, found.near[:4]) == ("", meant)


def test_every_country_leads_to_its_zones() -> None:
    countries = zones._table("iso3166.tab")
    lost = [name for _, name in countries if not zones.find(name).zone and not zones.find(name).near]
    assert lost == ["Bouvet Island", "Heard Island & McDonald Islands"]  # nobody lives there


@given(zone_names)
def test_every_zone_of_a_place_goes_by_its_own_name(name: str) -> None:
    assert zones.find(name).zone == name


def test_every_city_that_was_added_leads_to_a_zone() -> None:
    assert [name for name in zones.ALSO if not is_zone(name)] == []


@given(zone_names, instants)
def test_a_moment_is_told_by_the_readers_clock(name: str, at: datetime) -> None:
    local = at.astimezone(ZoneInfo(name))
    assert moment(at, ZoneInfo(name), NOW).endswith(f", {local:%H:%M}")


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ("1111100", "Monday to Friday"),
        ("1100000", "Monday and Tuesday"),
        ("1010001", "Monday, Wednesday and Sunday"),
        ("0000000", "no day"),
    ],
)
def test_working_days_are_told_in_words(week: str, words: str) -> None:
    assert days_of(week) == words


def test_somebody_is_away_until_the_last_of_the_days_that_follow_each_other() -> None:
    first, then, apart = (
        Absence(1, 1, date(2026, 3, 1), date(2026, 3, 3)),
        Absence(2, 1, date(2026, 3, 4), date(2026, 3, 6)),
        Absence(3, 1, date(2026, 3, 8), date(2026, 3, 9)),
    )
    assert back_on([first, then, apart], TODAY) == date(2026, 3, 6)
    assert back_on([apart], TODAY) is None


def test_a_span_with_two_equal_ends_is_none() -> None:
    assert span("12:00-12:00") is None
    assert span("") is None
    assert span("22:00-06:00") == (time(22), time(6))
