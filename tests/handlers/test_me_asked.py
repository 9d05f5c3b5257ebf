"""When somebody is asked: what they choose, in what words they see it, and what becomes of what is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers.interaction import File, Value
from handlers.me.away import MOST_PASTED
from handlers.plain import text
from storage.absences import MOST_BYTES, Days
from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.members import Listed, Member
from storage.recurrence import Recurrence, Timing
from storage.retention import KEEP, forget_some
from tests.asked import prompt_for
from tests.handlers.seats import Room, Seat

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
NEXT_MONDAY = date(2026, 3, 9)
MONDAY_MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
AT_SLACK = "https://files.slack.com/files-pri/T0HERE-F1/download/leave.ics"
LEAVE = File("leave.ics", "text/calendar", 120, AT_SLACK)
THURSDAYS = Recurrence(MONDAY, (3,))


@pytest.fixture
def room(storage: Storage) -> Iterator[Room]:
    return Room(storage)


@pytest.fixture
def ana(room: Room) -> Seat:
    return room.people("Ana")[0]


def member(room: Room, name: str = "Ana") -> Member:
    with room.store() as store:
        found = store.members.by_key(name.upper())
        assert found
        return found


@pytest.fixture
def her(room: Room) -> int:
    """Ana's id."""
    return member(room).id


def cadence(room: Room, name: str = "Weekly check-in", **values: object) -> Cadence:
    arranged = {"recurrence": THURSDAYS, "audience": Audience(everybody=True), **values}
    with room.store() as store:
        return store.cadences.add(Cadence(0, name, **arranged))  # type: ignore[arg-type]


def invited(room: Room, one: Cadence, day: date, closes_on: date) -> int:
    at, closes = (datetime.combine(on, time(10), UTC) for on in (day, closes_on + timedelta(days=1)))
    ana = member(room)
    with room.store() as store:
        prompt = prompt_for(store, one.id, ana.id, day, closes_on, "UTC", at, closes)
        assert prompt
        return prompt.id


def state(room: Room, prompt_id: int) -> tuple[str, str]:
    with room.store() as store:
        prompt = store.prompts.by_id(prompt_id)
        assert prompt
        return prompt.state, prompt.why


def opens(ana: Seat, *labels: str) -> None:
    """Open the page about being asked, and go on from it by these buttons."""
    ana.press("me.when", "")
    for label in labels:
        ana.presses(label, on=ana.form)  # type: ignore[arg-type]


def test_with_nothing_chosen_the_page_says_where_all_of_it_comes_from(ana: Seat) -> None:
    opens(ana)
    for words in (
        "UTC, where it is 09:00 now, from your profile",
        "Monday to Friday, as the workspace has it",
        "18:00 to 09:00, as the workspace has it",
        "0 of at most 4 this week, as the workspace has it",
        "Public holidays: none, as the workspace has it",
        "none to come",
        "Nothing asks you by itself",
        "never why",
    ):
        assert words in ana.says


def test_ana_names_a_city_and_is_asked_by_its_clock(room: Room, ana: Seat) -> None:
    opens(ana, "Time zone and journey")
    ana.fills({"My time zone": "tokyo"})
    ana.sends()
    assert "Your time zone is saved." in ana.says
    assert "Asia/Tokyo, where it is 18:00 now, as you chose" in ana.says
    assert member(room).zone.key == "Asia/Tokyo"
    assert "Asia/Tokyo, where it is 18:00 now" in text(ana.home())


def test_left_empty_the_zone_follows_the_profile(room: Room, ana: Seat, her: int) -> None:
    with room.store() as store:
        store.members.choose(her, zone="Asia/Tokyo")
    opens(ana, "Time zone and journey")
    ana.fills({"My time zone": ""})
    ana.sends()
    with room.store() as store:
        store.members.keep(Listed("ANA", "Ana", "America/New_York"))
    opens(ana)
    assert "America/New_York, where it is 04:00 now, from your profile" in ana.says


def test_a_profile_that_moves_does_not_move_somebody_who_chose(room: Room, ana: Seat) -> None:
    opens(ana, "Time zone and journey")
    ana.fills({"My time zone": "Lisbon"})
    ana.sends()
    with room.store() as store:
        store.members.keep(Listed("ANA", "Ana", "America/New_York"))
    assert member(room).zone.key == "Europe/Lisbon"


def test_a_slip_of_the_finger_is_answered_with_what_was_meant(room: Room, ana: Seat) -> None:
    opens(ana, "Time zone and journey")
    ana.fills({"My time zone": "Lisbno", "On a journey": "Nowhere at all"})
    ana.sends()
    assert "Did you mean Europe/Lisbon?" in ana.errors["My time zone"]
    assert "larger city" in ana.errors["On a journey: the time zone there"]
    assert "say until which day" in ana.errors["Last day there"]
    assert ana.input("My time zone").value == "Lisbno"
    assert member(room).own.zone == ""


def test_a_journey_holds_until_the_end_of_its_last_day_there(room: Room, ana: Seat) -> None:
    opens(ana, "Time zone and journey")
    ana.fills({"My time zone": "Lisbon", "On a journey": "Tokyo", "Last day there": "2026-03-06"})
    ana.sends()
    assert "Asia/Tokyo, where it is 18:00 now, while you travel" in ana.says
    assert "until the end of Friday 6 March; then Europe/Lisbon again" in ana.says
    ana.presses("Time zone and journey", on=ana.form)  # type: ignore[arg-type]
    assert ana.input("Last day there").value == FRIDAY
    room.later(days=4, hours=5, minutes=59)  # Friday, 14:59 UTC: a minute to midnight in Tokyo
    assert member(room).zone.key == "Asia/Tokyo"
    room.later(minutes=1)
    assert member(room).zone.key == "Europe/Lisbon"
    opens(ana, "Time zone and journey")
    assert ana.input("On a journey").value == ""


@pytest.mark.parametrize(
    ("filled", "label", "sentence"),
    [
        ({"On a journey": "Tokyo", "Last day there": "2026-03-01"}, "Last day there", "is over there already"),
        ({"On a journey": "Tokyo", "Last day there": "9999-12-31"}, "Last day there", "a year at most"),
        ({"Last day there": "2026-03-06"}, "On a journey: the time zone there", "say where you are then"),
    ],
)
def test_a_journey_that_will_not_do_is_told_beside_its_field(
    ana: Seat, filled: dict[str, str], label: str, sentence: str
) -> None:
    opens(ana, "Time zone and journey")
    ana.fills(filled)  # type: ignore[arg-type]
    ana.sends()
    assert sentence in ana.errors[label]


def test_ana_chooses_her_days_and_hours(room: Room, ana: Seat) -> None:
    opens(ana, "Days and hours")
    ana.fills(
        {
            "My working days": ("Monday", "Tuesday", "Thursday"),
            "My working hours: from": "22:00",
            "My working hours: to": "06:00",
            "My quiet hours: from": "12:00",
            "My quiet hours: to": "12:00",
            "My public holidays": "bavaria",
            "Prompts in a week": "2",
        }
    )
    ana.sends()
    for words in (
        "Monday, Tuesday and Thursday, as you chose",
        "22:00 to 06:00, as you chose",
        "Quiet hours: none, as you chose",
        "Germany, Bavaria (DE-BY), as you chose",
        "0 of at most 2 this week, as you chose",
    ):
        assert words in ana.says
    own = member(room).own
    assert (own.working_days, own.works, own.quiet) == ("1101000", "22:00-06:00", "12:00-12:00")
    assert (own.holidays, own.weekly_most) == ("DE-BY", 2)
    ana.presses("Days and hours", on=ana.form)  # type: ignore[arg-type]
    assert ana.input("My quiet hours: to").value == ("12:00",)


def test_hours_at_night_come_before_the_quiet_hours_of_the_workspace(room: Room, ana: Seat) -> None:
    opens(ana)
    assert "You are asked: between 09:00 and 18:00" in ana.says
    ana.presses("Days and hours", on=ana.form)  # type: ignore[arg-type]
    ana.fills({"My working hours: from": "20:00", "My working hours: to": "04:00"})
    ana.sends()
    assert "18:00 to 09:00 in the workspace; your own working hours come first" in ana.says
    assert "You are asked: between 20:00 and 04:00" in ana.says
    ana.presses("Days and hours", on=ana.form)  # type: ignore[arg-type]
    ana.fills({"My quiet hours: from": "23:00", "My quiet hours: to": "00:00"})
    ana.sends()
    assert "You are asked: between 00:00 and 04:00, between 20:00 and 23:00" in ana.says


def test_hours_of_ones_own_that_leave_no_time_are_told_beside_the_field(room: Room, ana: Seat, her: int) -> None:
    opens(ana, "Days and hours")
    ana.fills({"My working hours: from": "09:00", "My working hours: to": "17:00"})
    ana.fills({"My quiet hours: from": "09:00", "My quiet hours: to": "18:00"})
    ana.sends()
    assert "leave no time of your working hours" in ana.errors["My quiet hours: from"]
    assert member(room).own.works == ""
    ana.fills({"My quiet hours: to": "16:30"})
    ana.sends()
    assert "You are asked: between 16:30 and 17:00" in ana.says
    with room.store() as store:  # as it could be kept once
        store.members.choose(her, works="09:00-17:00", quiet="09:00-18:00")
    opens(ana)
    assert "between 09:00 and 17:00, since your quiet hours would leave no time" in ana.says


def test_days_and_hours_can_follow_the_workspace_again(room: Room, ana: Seat, her: int) -> None:
    with room.store() as store:
        store.members.choose(her, working_days="1000000", works="09:15-17:00", quiet="20:00-08:00", weekly_most=1)
    opens(ana, "Days and hours")
    assert ana.input("My working hours: from").value == ("09:15",)
    ana.fills({"My working days": (), "Prompts in a week": "-"})
    ana.fills({f"My {kind} hours: {end}": "-" for kind in ("working", "quiet") for end in ("from", "to")})
    ana.sends()
    own = member(room).own
    assert (own.working_days, own.works, own.quiet, own.weekly_most) == ("", "", "", None)


@pytest.mark.parametrize(("budget", "keeps"), [(2, 2), (3, 3), (9, 3), (0, None)])
def test_a_form_that_nobody_touched_saves_whatever_became_of_the_workspaces_budget(
    room: Room, ana: Seat, her: int, budget: int, keeps: int | None
) -> None:
    with room.store() as store:
        store.members.choose(her, weekly_most=3)
        store.change_settings(budget=budget)
    opens(ana, "Days and hours")
    assert set(ana.input("Prompts in a week").value) <= {one.key for one in ana.input("Prompts in a week").options}
    ana.sends()
    assert "Your days and hours are saved." in ana.says
    assert member(room).own.weekly_most == keeps


def test_hours_that_will_not_do_are_told_beside_their_fields(room: Room, ana: Seat) -> None:
    opens(ana, "Days and hours")
    ana.fills({"My quiet hours: from": "20:00", "My public holidays": "Bavraia", "Prompts in a week": "99"})
    ana.sends()
    assert "pick both times" in ana.errors["My quiet hours: to"]
    assert "No place of this name" in ana.errors["My public holidays"]
    assert "from 1 to 4" in ana.errors["Prompts in a week, at most"]
    assert ana.input("My quiet hours: from").value == ("20:00",)
    assert member(room).own.quiet == ""


def test_days_away_leave_out_what_is_open_on_them_and_nothing_else(room: Room, ana: Seat) -> None:
    one = cadence(room)
    now, later = invited(room, one, MONDAY, date(2026, 3, 3)), invited(room, one, FRIDAY, FRIDAY)
    opens(ana, "Days away", "Add days away")
    ana.fills({"Last day away": "2026-03-04"})
    ana.sends()
    assert "Monday 2 March to Wednesday 4 March" in ana.says
    assert state(room, now) == ("left_out", "absent")
    assert state(room, later) == ("waiting", "")
    assert "you are away now until the end of Wednesday 4 March" in text(ana.home())


def test_days_away_that_were_sent_twice_are_kept_once(ana: Seat) -> None:
    for _ in range(2):
        opens(ana, "Days away", "Add days away")
        ana.fills({"First day away": "2026-04-01", "Last day away": "2026-04-01"})
        ana.sends()
    assert ana.says.count("Wednesday 1 April") == 1


@pytest.mark.parametrize(
    ("filled", "label", "sentence"),
    [
        ({"First day away": "2026-03-05"}, "Last day away", "pick the last day"),
        ({"First day away": "2026-03-05", "Last day away": "2026-03-04"}, "Last day away", "before the first day"),
        ({"First day away": "2026-02-05", "Last day away": "2026-02-06"}, "Last day away", "over already"),
        ({"First day away": "0001-01-01", "Last day away": "2026-03-04"}, "First day away", "up to 31 days ago"),
        ({"Last day away": "9999-12-31"}, "Last day away", "more than two years"),
        ({"First day away": "2030-01-01", "Last day away": "2030-01-02"}, "First day away", "more than two years"),
    ],
)
def test_days_that_will_not_do_are_told_beside_their_field(
    ana: Seat, filled: dict[str, str], label: str, sentence: str
) -> None:
    opens(ana, "Days away", "Add days away")
    ana.fills(filled)  # type: ignore[arg-type]
    ana.sends()
    assert sentence in ana.errors[label]


def test_coming_back_early_is_removing_the_days(room: Room, ana: Seat, her: int) -> None:
    opens(ana, "Days away", "Add days away")
    ana.fills({"Last day away": "2026-03-20"})
    ana.sends()
    ana.presses("Remove", on=ana.form)  # type: ignore[arg-type]
    assert "You are asked again" in ana.says
    assert "There are none to come" in ana.says
    with room.store() as store:
        assert store.absences.of_member(her) == []


def test_nobody_removes_somebody_elses_days(room: Room, her: int) -> None:
    (bo,) = room.people("Bo")
    with room.store() as store:
        absence = store.absences.add(her, MONDAY, FRIDAY)
    bo.press("me.remove_absence", absence)
    assert "removed before" in bo.says
    with room.store() as store:
        assert store.absences.of_member(her) != []


def test_a_calendar_is_taken_by_its_address(room: Room, ana: Seat, her: int) -> None:
    opens(ana, "Days away", "Use a calendar")
    ana.fills({"Address": "webcal://calendar.example.com/ana/secret.ics"})
    ana.sends()
    assert "An address at calendar.example.com" in ana.says
    assert "has not been read yet" in ana.says
    assert "secret" not in ana.says
    with room.store() as store:
        kept = store.absences.calendar_of(her)
        assert kept
        assert kept.url == "https://calendar.example.com/ana/secret.ics"
        store.absences.add(her, FRIDAY, FRIDAY, "calendar", source="1")
    opens(ana, "Days away")
    assert "Friday 6 March, from your calendar" in ana.says
    ana.presses("Remove calendar", on=ana.form)  # type: ignore[arg-type]
    assert "There are none to come" in ana.says
    with room.store() as store:
        assert store.absences.calendar_of(her) is None


def test_a_calendar_is_taken_as_text(room: Room, ana: Seat, her: int) -> None:
    opens(ana, "Days away", "Use a calendar")
    ana.fills({"Or the text": "BEGIN:VCALENDAR\nEND:VCALENDAR"})
    ana.sends()
    assert "You gave a calendar once" in ana.says
    with room.store() as store:
        kept = store.absences.calendar_of(her)
        assert kept
        assert kept.text.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("name", ["leave.ICS", "export"])
def test_a_calendar_is_taken_as_a_file(room: Room, ana: Seat, her: int, name: str) -> None:
    opens(ana, "Days away", "Use a calendar")
    ana.fills({"Or an .ics file": File(name, "text/calendar", MOST_BYTES, AT_SLACK)})
    ana.sends()
    assert "your home then says what was found" in ana.says
    assert "You gave a calendar once, as a file. It has not been read yet" in ana.says
    assert AT_SLACK not in ana.says
    with room.store() as store:
        kept = store.absences.calendar_of(her)
        assert kept
        assert (kept.file, kept.url, kept.text) == (AT_SLACK, "", "")


def test_where_files_may_not_be_read_the_form_says_so_and_takes_text(room: Room, ana: Seat, her: int) -> None:
    room.takes_files = False
    opens(ana, "Days away", "Use a calendar")
    assert not any(one.name == "file" for one in ana.inputs())
    assert "Soundings was not allowed to read files. Open it as text and paste that" in ana.says
    ana.fills({"Or the text": "BEGIN:VCALENDAR\nEND:VCALENDAR"})
    ana.sends()
    assert "You gave a calendar once" in ana.says


@pytest.mark.parametrize(
    ("found", "problem", "sentence"),
    [
        ([], "", "Your calendar was read. No days away to come were found in it."),
        ([(FRIDAY, FRIDAY, "1")], "", "Your calendar was read: one absence to come. You are not asked then."),
        ([(FRIDAY, FRIDAY, "1"), (FRIDAY, FRIDAY, "2")], "", "2 absences to come"),
        (None, "This is no calendar.", "Your calendar could not be read: This is no calendar."),
    ],
)
def test_the_home_says_for_a_day_what_became_of_a_calendar(
    room: Room, ana: Seat, her: int, found: list[Days] | None, problem: str, sentence: str
) -> None:
    with room.store() as store:
        store.absences.set_calendar_file(her, AT_SLACK)
    assert "Your calendar" not in text(ana.home())
    with room.store() as store:
        (claimed,) = store.absences.calendars_to_read(MONDAY_MORNING, 1)
        assert claimed.read_at
        store.absences.replace_calendar(her, found, claimed.read_at, problem)
    assert sentence in text(ana.home())
    room.later(hours=25)
    assert "Your calendar" not in text(ana.home())


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({}, "give an address, or what stands in a file"),
        ({"Address": "http://calendar.example.com/a.ics"}, "begins with https"),
        ({"Address": "calendar"}, "begins with https"),
        ({"Address": "https://localhost/a.ics"}, "This is no address"),
        ({"Address": "https://ana:secret@calendar.example.com/a.ics"}, "without a name or password"),
        ({"Address": "https://[calendar.example.com/a.ics"}, "This is no address"),
        ({"Or the text": "Dear diary"}, "begins with BEGIN:VCALENDAR"),
        ({"Or the text": "BEGIN:VCALENDAR\nBEGIN:VEVENT"}, "The end of the calendar is missing"),
        ({"Or the text": "BEGIN:VCALENDAR" + "x" * MOST_PASTED}, "3,000 fit here"),
        ({"Address": "https://a.example.com/", "Or the text": "BEGIN:VCALENDAR END:VCALENDAR"}, "one of these alone"),
        ({"Address": "https://a.example.com/", "Or an .ics file": LEAVE}, "one of these alone"),
        ({"Or an .ics file": LEAVE, "Or the text": "BEGIN:VCALENDAR END:VCALENDAR"}, "one of these alone"),
        ({"Or an .ics file": File("cv.pdf", "application/pdf", 120, AT_SLACK)}, "a name that ends in .ics"),
        ({"Or an .ics file": File("", "", 120, AT_SLACK)}, "a name that ends in .ics"),
        ({"Or an .ics file": File("leave.ics", "text/calendar", 0, AT_SLACK)}, "This file is empty"),
        ({"Or an .ics file": File("leave.ics", "text/calendar", MOST_BYTES + 1, AT_SLACK)}, "larger than 2 MB"),
        ({"Or an .ics file": File("leave.ics", "text/calendar", 120, "")}, "kept elsewhere"),
    ],
)
def test_a_calendar_that_will_not_do_is_told_beside_its_field(
    room: Room, ana: Seat, filled: dict[str, Value], sentence: str, her: int
) -> None:
    opens(ana, "Days away", "Use a calendar")
    ana.fills(filled)
    ana.sends()
    assert any(sentence in one for one in ana.errors.values()), ana.errors
    with room.store() as store:
        assert store.absences.calendar_of(her) is None


def test_the_page_names_what_asks_and_why_and_when_next(room: Room, ana: Seat, her: int) -> None:
    crew = room.team("Crew", "Ana")
    cadence(room, "Everybody's", timing=Timing(time(14)))
    cadence(room, "Crew's", audience=Audience(teams=(crew,)), timing=Timing(time(10), minutes=90))
    cadence(room, "By name", audience=Audience(members=(her,)), timing=Timing(time(11), "Asia/Tokyo"))
    cadence(room, "Not hers", audience=Audience(everybody=True, without=(her,)))
    cadence(room, "Stopped", paused=True)
    opens(ana)
    for words in (
        "Everybody's: next on Thursday 5 March, 14:00. You are asked because it is for everybody here.",
        # Eleven o'clock in Tokyo is two in the morning here, which is quiet until nine.
        "By name: next on Thursday 5 March, 09:00. You are asked because you were added to it by name.",
        "Stopped: paused for everybody",
    ):
        assert words in ana.says
    # At her own moment of the window.
    assert re.search(r"next on Thursday 5 March, 1[01]:\d\d\. You are asked because you are in Crew\.", ana.says)
    assert "Not hers" not in ana.says


def test_of_a_zone_in_which_it_is_still_yesterday_the_next_time_is_not_passed_over(
    room: Room, ana: Seat, her: int
) -> None:
    cadence(room, timing=Timing(time(10), "America/Los_Angeles"))
    with room.store() as store:
        store.members.choose(her, zone="Pacific/Auckland", quiet="00:00-00:00")
    room.later(days=3, hours=5)  # Thursday in Los Angeles, and Friday, three in the morning, where she is
    opens(ana)
    assert "where it is 03:00 now" in ana.says
    assert "next on Friday 6 March, 07:00" in ana.says


def test_what_has_opened_and_waits_for_somebodys_hours_is_named_first(room: Room, ana: Seat, her: int) -> None:
    one = cadence(room, recurrence=Recurrence(MONDAY, (0,)), timing=Timing(time(8)))
    with room.store() as store:
        closes = MONDAY_MORNING + timedelta(hours=30)
        assert prompt_for(
            store, one.id, her, MONDAY, date(2026, 3, 3), "UTC", MONDAY_MORNING + timedelta(hours=2), closes
        )
    opens(ana)
    assert "next on Monday 2 March, 11:00" in ana.says
    room.later(hours=3)
    opens(ana)
    assert "next on Monday 9 March, 09:00" in ana.says


def test_the_next_time_is_not_on_a_day_off_or_away_or_a_holiday(room: Room, ana: Seat, her: int) -> None:
    cadence(room, recurrence=Recurrence(MONDAY, (1, 2, 3, 4, 5)))
    with room.store() as store:
        store.members.choose(her, working_days="1011110", holidays="PT")
        store.absences.add(her, date(2026, 3, 4), date(2026, 3, 4))
        store.absences.keep_holidays("PT", {date(2026, 3, 5): "A day in Portugal"})
    opens(ana)
    assert "next on Friday 6 March, 10:00" in ana.says


def test_after_a_journey_the_next_time_is_told_by_the_clock_at_home(room: Room, ana: Seat, her: int) -> None:
    cadence(room, recurrence=Recurrence(MONDAY, (4,)))
    with room.store() as store:
        store.members.choose(her, travel_zone="Asia/Tokyo", travel_until=datetime(2026, 3, 5, 15, tzinfo=UTC))
    opens(ana)
    assert "next on Friday 6 March, 10:00 (UTC)" in ana.says


def test_the_budget_of_this_week_is_told(room: Room, ana: Seat) -> None:
    one = cadence(room)
    invited(room, one, MONDAY, MONDAY)
    invited(room, one, date(2026, 2, 27), date(2026, 2, 28))
    invited(room, one, NEXT_MONDAY, NEXT_MONDAY)
    opens(ana)
    assert "1 of at most 4 this week" in ana.says


def test_ana_pauses_a_cadence_and_resumes_it(room: Room, ana: Seat) -> None:
    one = cadence(room)
    prompt = invited(room, one, MONDAY, FRIDAY)
    for _ in range(2):
        ana.press("me.pause", one.id)
    assert "Weekly check-in is paused for you" in ana.says
    assert "you paused it, until you resume it" in ana.says
    assert state(room, prompt) == ("left_out", "paused")
    ana.presses("Resume", on=ana.form)  # type: ignore[arg-type]
    assert "asks you again" in ana.says
    assert "next on Monday 2 March, 10:00" in ana.says  # what is open, and was not sent yet
    assert state(room, prompt) == ("waiting", "")


def test_a_pause_until_a_day_is_told_with_what_comes_after(room: Room, ana: Seat, her: int) -> None:
    one = cadence(room)
    with room.store() as store:
        store.absences.add(her, MONDAY, FRIDAY, "pause", one.id)
    opens(ana)
    assert "you paused it until the end of Friday 6 March; next on Thursday 12 March, 10:00" in ana.says


def test_what_does_not_ask_somebody_cannot_be_paused(room: Room, ana: Seat) -> None:
    one = cadence(room, audience=Audience())
    ana.press("me.pause", one.id)
    assert "does not ask you any more" in ana.says
    ana.press("me.pause", "nonsense")
    assert "does not ask you any more" in ana.says


def test_days_away_are_forgotten_after_thirteen_months(room: Room, her: int) -> None:
    with room.store() as store:
        store.absences.add(her, MONDAY, FRIDAY)
        store.absences.add(her, MONDAY, None, "pause")
    for days, gone in ((396, 0), (10, 1), (400, 0)):
        room.later(days=days)
        with room.storage.connect() as connection:
            assert forget_some(connection, "absences", room.storage.clock.now(), KEEP) == gone
