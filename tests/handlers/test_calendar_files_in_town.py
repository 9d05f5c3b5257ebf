"""A member sends a calendar as a file, through the real app: what is found in it, and all that can be wrong with it."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from sandbox.people import Person
from sandbox.slack.files import Picked
from sandbox.slack.seat import Impossible
from storage.absences import Calendar
from storage.cadences import Audience, Cadence
from storage.recurrence import Recurrence
from tests.scheduler.test_absences import calendar
from tests.town import Town

pytestmark = pytest.mark.long

FIELD = "Or an .ics file"
HOLIDAYS = calendar(
    "DTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260307\nSUMMARY:Holiday in Madeira 4711",
    "DTSTART;VALUE=DATE:20260316\nSUMMARY:Vacation",
    "DTSTART;VALUE=DATE:20260311\nTRANSP:TRANSPARENT\nSUMMARY:Bring cake",
)


@pytest.fixture
def ana(town: Town) -> Person:
    return town.person("ana")


async def opens_the_form(ana: Person, *, again: bool = False) -> None:
    await ana.opens_home()
    await ana.presses("When I am asked", in_="home")
    await ana.presses("Days away", in_="modal")
    await ana.presses("Use another calendar" if again else "Use a calendar", in_="modal")


def kept(town: Town) -> tuple[list[date], Calendar | None]:
    """The first days of Ana's absences, and her calendar."""
    with town.store() as store:
        ana = store.members.by_key(town.person("ana").user_id)
        assert ana
        return [one.first for one in store.absences.of_member(ana.id)], store.absences.calendar_of(ana.id)


async def test_ana_sends_her_holidays_and_is_left_out_on_these_days(
    town: Town, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with town.store() as store:
        thursdays = Recurrence(date(2026, 3, 2), (3,))
        store.cadences.add(Cadence(0, "Weekly check-in", thursdays, audience=Audience(everybody=True)))
    await town.app.tick()
    await opens_the_form(ana)
    await ana.fills({FIELD: Picked("holidays.ics", HOLIDAYS)})
    assert await ana.submits() is None
    assert "It is read within a few minutes; your home then says what was found" in ana.modal_text
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees("Your calendar was read: 2 absences to come. You are not asked then.", in_="home")
    days, calendar = kept(town)
    assert days == [date(2026, 3, 5), date(2026, 3, 16)]
    assert calendar == Calendar(calendar.member_id if calendar else 0, read_at=town.clock.now())

    await ana.closes()
    await ana.presses("When I am asked", in_="home")
    assert "next on Thursday 12 March, 10:00" in ana.modal_text
    town.clock.move(timedelta(days=3, hours=2))
    await town.app.tick()
    await town.settle()
    assert "Weekly check-in" in town.person("bo").reads("dm")
    assert "Weekly check-in" not in ana.reads("dm")
    for secret in ("Madeira", "4711", "holidays.ics", "files-pri", "xoxb-"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Dear diary", "could not be read: This is not a calendar in the iCalendar format."),
        (HOLIDAYS[:60], "could not be read: The end of this calendar is missing."),
        (calendar(), "No days away to come were found in it."),
    ],
)
async def test_what_is_wrong_in_a_file_is_told_on_home(town: Town, ana: Person, content: bytes, sentence: str) -> None:
    await opens_the_form(ana)
    await ana.fills({FIELD: Picked("holidays.ics", content)})
    assert await ana.submits() is None
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees(sentence, in_="home")
    assert kept(town)[0] == []
    await ana.closes()
    await opens_the_form(ana, again=True)
    await ana.fills({FIELD: Picked("holidays.ics", HOLIDAYS)})
    await ana.submits()
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees("Your calendar was read: 2 absences to come.", in_="home")


async def test_what_is_no_calendar_or_too_large_is_told_at_once_and_nothing_typed_is_lost(
    town: Town, ana: Person
) -> None:
    await opens_the_form(ana)
    with pytest.raises(Impossible, match=r"holidays.ics is larger than 10 MB"):
        await ana.fills({FIELD: Picked("holidays.ics", b"x" * 12_000_000)})
    with pytest.raises(Impossible, match=r"diary.pdf cannot be chosen here. Files may be: ics."):
        await ana.fills({FIELD: Picked("diary.pdf", b"%PDF", "application/pdf")})
    await ana.fills({FIELD: Picked("holidays.ics", b"x" * 2_000_001), "Or the text": "BEGIN:VCALENDAR END:VCALENDAR"})
    errors = await ana.submits()
    assert errors == {
        "file": "This file is larger than 2 MB. Please export fewer months, or give the address above.",
        "pasted": "Please give one of these alone; one calendar is kept.",
    }
    assert "holidays.ics" in ana.modal_text
    assert "BEGIN:VCALENDAR" in ana.modal_text
    await ana.fills({FIELD: None})
    await ana.submits()
    assert "You gave a calendar once" in ana.modal_text


async def test_a_workspace_that_does_not_let_files_be_read_is_offered_the_rest(town: Town, ana: Person) -> None:
    assert town.workspace.install
    await opens_the_form(ana)
    await ana.fills({FIELD: Picked("holidays.ics", HOLIDAYS)})
    await ana.submits()
    # The permission ends while the file waits to be read.
    town.workspace.install.scopes.remove("files:read")
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees("could not be read: Slack does not let Soundings read the file. Please paste its text", in_="home")
    assert kept(town)[0] == []

    assert town.app.settings.bot_token
    await town.app.installs.adopt(town.app.settings.bot_token.get_secret_value(), town.app.client)
    await ana.closes()
    await opens_the_form(ana, again=True)
    assert FIELD not in ana.modal_text
    assert "Soundings was not allowed to read files. Open it as text and paste that" in ana.modal_text
    await ana.fills({"Or the text": HOLIDAYS.decode()})
    await ana.submits()
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees("Your calendar was read: 2 absences to come.", in_="home")
    assert town.sandbox.troubles == []


async def test_a_file_that_was_deleted_meanwhile(town: Town, ana: Person) -> None:
    await opens_the_form(ana)
    await ana.fills({FIELD: Picked("holidays.ics", HOLIDAYS)})
    await ana.submits()
    town.sandbox.files.delete_all()
    await town.app.days_off.read_calendars()
    await town.settle()
    await ana.sees("The file is no longer in Slack. Please choose it again.", in_="home")
