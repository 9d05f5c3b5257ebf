"""Calendars say when their owner is away, whatever program wrote them and however broken they are."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.absences import MOST_BYTES, UnknownPlace, Unreadable, absences_in, holidays_of

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
FIRST, LAST = date(2026, 3, 1), date(2026, 4, 30)
TENTH = "DTSTART;VALUE=DATE:20260310"


def calendar(*entries: str, end: str = "\r\n") -> bytes:
    """A calendar of entries, each written as its lines; they have ids of their own unless they say one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anybody//EN"]
    for number, entry in enumerate(entries):
        mine = entry.strip().splitlines()
        named = [] if any(line.startswith("UID") for line in mine) else [f"UID:entry-{number}"]
        lines += ["BEGIN:VEVENT", *named, *mine, "END:VEVENT"]
    return end.join([*lines, "END:VCALENDAR", ""]).encode()


def days(*entries: str, zone: ZoneInfo = BERLIN) -> list[str]:
    """The days on which the owner of such a calendar is away, as March dates "10-13"."""
    found = absences_in(calendar(*entries), zone, FIRST, LAST)
    return [f"{(first - FIRST).days + 1}-{(last - FIRST).days + 1}" for first, last, _ in found]


def test_a_fortnight_of_leave_ends_on_the_day_before_the_one_that_is_written() -> None:
    assert days(f"{TENTH}\nDTEND;VALUE=DATE:20260314\nSUMMARY:Urlaub") == ["10-13"]


@pytest.mark.parametrize("end", ["", "\nDTEND;VALUE=DATE:20260310", "\nDTEND;VALUE=DATE:20260311", "\nDURATION:P1D"])
def test_a_single_day_is_written_in_several_ways(end: str) -> None:
    assert days(f"{TENTH}{end}\nSUMMARY:Day off") == ["10-10"]


@pytest.mark.parametrize(
    "says",
    [
        "SUMMARY:Holiday in Portugal",
        "SUMMARY:Ana - annual leave (approved)",
        "SUMMARY:Parental leave",
        "SUMMARY:Out of office",
        "SUMMARY:OOO",
        "SUMMARY:Sommerurlaub",
        "SUMMARY:Congés d'été",
        "SUMMARY:vacaciones",
        "SUMMARY:PTO",
        "SUMMARY;LANGUAGE=en:Sick",
        "SUMMARY:夏の休暇",
        "SUMMARY:Lisbon\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "SUMMARY:Lisbon\nTRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "SUMMARY:Annual le\n ave",
    ],
)
def test_a_whole_day_that_says_so_is_an_absence(says: str) -> None:
    assert days(f"{TENTH}\n{says}") == ["10-10"]


@pytest.mark.parametrize(
    "says",
    [
        "SUMMARY:Sprint 12",
        "SUMMARY:Leave for Berlin",
        "SUMMARY:Bo's birthday\nTRANSP:OPAQUE",
        "SUMMARY:Home office\nTRANSP:OPAQUE",
        "SUMMARY:Canceled: vacation",
        "SUMMARY:Vacation\nSTATUS:CANCELLED",
        "SUMMARY:Vacation\nTRANSP:TRANSPARENT",
        "SUMMARY:Vacation?\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "SUMMARY:Vacation of Cyn\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "SUMMARY:Founding day\nTRANSP:OPAQUE\nRRULE:FREQ=YEARLY",
        "",
    ],
)
def test_a_whole_day_that_says_something_else_is_none(says: str) -> None:
    assert days(f"{TENTH}\n{says}") == []


@pytest.mark.parametrize(
    ("start", "end", "away"),
    [
        (";TZID=Europe/Berlin:20260310T090000", ";TZID=Europe/Berlin:20260310T170000", ["10-10"]),
        (";TZID=Europe/Berlin:20260310T130000", ";TZID=Europe/Berlin:20260310T170000", []),
        (";TZID=Europe/Berlin:20260310T130000", ";TZID=Europe/Berlin:20260312T120000", ["11-11"]),
        (":20260309T230000Z", ":20260311T230000Z", ["10-11"]),
        (":20260310T000000", ":20260312T000000", ["10-11"]),
    ],
)
def test_times_count_for_the_days_whose_working_hours_they_cover(start: str, end: str, away: list[str]) -> None:
    assert days(f"DTSTART{start}\nDTEND{end}\nSUMMARY:Out of office") == away
    assert days(f"DTSTART{start}\nDTEND{end}\nSUMMARY:Workshop\nTRANSP:OPAQUE") == []


def test_the_days_are_those_of_the_owners_own_zone() -> None:
    entry = "DTSTART:20260309T200000Z\nDTEND:20260310T040000Z\nSUMMARY:Out of office"
    assert days(entry, zone=AUCKLAND) == ["10-10"]
    assert days(entry) == []


def test_every_other_friday_off_but_for_one_that_is_taken_back_and_one_that_moves() -> None:
    series = """UID:fridays
DTSTART;VALUE=DATE:20260306
SUMMARY:Day off
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5
EXDATE;VALUE=DATE:20260320"""
    moved = """UID:fridays
RECURRENCE-ID;VALUE=DATE:20260403
DTSTART;VALUE=DATE:20260402
SUMMARY:Day off"""
    off = """UID:fridays
RECURRENCE-ID;VALUE=DATE:20260417
DTSTART;VALUE=DATE:20260417
STATUS:CANCELLED
SUMMARY:Day off"""
    assert days(series, moved, off) == ["6-6", "33-33"]


def test_a_zone_that_the_calendar_explains_itself() -> None:
    feed = calendar("DTSTART;TZID=Our Office:20260310T080000\nDTEND;TZID=Our Office:20260310T170000\nSUMMARY:Sick")
    explained = b"""BEGIN:VTIMEZONE
TZID:Our Office
BEGIN:STANDARD
DTSTART:20000101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT""".replace(b"\n", b"\r\n")
    feed = feed.replace(b"BEGIN:VEVENT", explained)
    assert [one[:2] for one in absences_in(feed, ZoneInfo("Asia/Tokyo"), FIRST, LAST)] == [(date(2026, 3, 10),) * 2]
    assert absences_in(feed, BERLIN, FIRST, LAST) == []


def test_windows_letters_and_bare_line_ends_are_read() -> None:
    feed = calendar(f"{TENTH}\nSUMMARY:Congé d'été", end="\n").decode().encode("windows-1252")
    assert len(absences_in(feed, BERLIN, FIRST, LAST)) == 1
    assert (
        len(absences_in(b"\xef\xbb\xbf" + calendar(f"{TENTH}\nSUMMARY:Off\nTRANSP:OPAQUE"), BERLIN, FIRST, LAST)) == 1
    )


@pytest.mark.parametrize(
    "broken",
    [
        "SUMMARY:Vacation",
        "DTSTART;VALUE=DATE:2026-03-12\nSUMMARY:Vacation",
        f"{TENTH}\nDTEND;VALUE=DATE:nonsense\nSUMMARY:Sprint",
        f"{TENTH}\nSUMMARY:Vacation\nRRULE:FREQ=NEVER",
        f"{TENTH}\nSUMMARY:Vacation\nRRULE:FREQ=SECONDLY",
        f"{TENTH}\nSUMMARY:Vacation\nRRULE:FREQ=DAILY;BYHOUR=1,2,3;BYSECOND=1,2",
        "DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231\nSUMMARY:Vacation",
        "a line without anything",
        "RRULE:\nDTSTART:",
    ],
)
def test_an_entry_that_makes_no_sense_spoils_no_other(broken: str) -> None:
    found = days(broken, "DTSTART;VALUE=DATE:20260320\nSUMMARY:Vacation")
    assert "20-20" in found
    assert len(found) <= 2


def test_no_word_of_an_entry_is_handed_out_and_its_name_only_as_a_digest() -> None:
    secret = f"{TENTH}\nUID:ana@example.com\nSUMMARY:Sick\nDESCRIPTION:flu\nLOCATION:clinic"
    ((_, _, source),) = absences_in(calendar(secret), BERLIN, FIRST, LAST)
    assert len(source) == 24
    assert all(letter in "0123456789abcdef" for letter in source)


@pytest.mark.parametrize(
    ("feed", "says"),
    [
        (b"", "not a calendar"),
        (b"<html>Please sign in</html>", "not a calendar"),
        (calendar(f"{TENTH}\nSUMMARY:Vacation")[:-20], "The end of this calendar is missing"),
        (b"BEGIN:VCALENDAR" + b"x" * MOST_BYTES, "larger than 2 MB"),
        (calendar(*[f"{TENTH}\nSUMMARY:Vacation"] * 1_001), "more absences"),
        (calendar(*[""] * 20_001), "more entries"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(feed: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        absences_in(feed, BERLIN, FIRST, LAST)


PIECES = st.sampled_from(
    [
        "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "UID:a", "UID:b", TENTH,
        "DTSTART;TZID=Europe/Berlin:20260329T023000", "DTSTART;TZID=Nowhere:20260310T080000", "DTEND:20260312T170000Z",
        "DTSTART:00010101T000000Z", "DTEND:99991231T235959Z", "DTEND;VALUE=DATE:20260301", "DURATION:P3D",
        "DURATION:-P3D", "SUMMARY:Vacation", "TRANSP:OPAQUE", "RRULE:FREQ=WEEKLY;BYDAY=FR", "RRULE:FREQ=DAILY",
        "RRULE:FREQ=MONTHLY;BYSETPOS=-1;UNTIL=19990101", "RRULE:COUNT=3", "RECURRENCE-ID:20260310", "RDATE:x",
        "EXDATE;VALUE=DATE:20260317", "X-WR-TIMEZONE:Mars/Olympus", "STATUS:CANCELLED", " folded", ":", ";=:",
        "DTSTART;VALUE=PERIOD:20260310T080000Z/P1D", "RDATE;VALUE=PERIOD:20260310T080000Z/P1D",
    ]
)  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(PIECES, max_size=25).map(lambda lines: "\r\n".join(lines).encode()),
        st.lists(PIECES, max_size=14).map(lambda lines: calendar("\n".join(lines))),
        st.lists(st.lists(PIECES, max_size=6), max_size=4).map(lambda all: calendar(*("\n".join(one) for one in all))),
    ),
    st.integers(0, 500),
)
def test_any_bytes_are_days_within_the_window_or_one_sentence(feed: bytes, length: int) -> None:
    last = FIRST + timedelta(days=length)
    try:
        found = absences_in(feed, BERLIN, FIRST, last)
    except Unreadable:
        return
    assert all(FIRST <= start <= end <= last for start, end, _ in found)


def test_holidays_are_those_of_the_place_with_the_days_on_which_they_are_made_up_for() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    germany, bavaria, england = (holidays_of(place, *year) for place in ("DE", "DE-BY", "GB-ENG"))
    assert germany[date(2026, 10, 3)] == "German Unity Day"
    assert date(2026, 1, 6) in bavaria.keys() - germany.keys()
    assert england[date(2026, 12, 28)] == "Boxing Day (observed)"
    assert set(holidays_of("DE", date(2026, 10, 1), date(2027, 1, 1))) == {
        date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1),
    }  # fmt: skip


def test_a_place_that_nobody_knows_is_said_to_be_one() -> None:
    with pytest.raises(UnknownPlace, match="'XX'"):
        holidays_of("XX", FIRST, LAST)
