"""The week after the evening, step by step: a cadence is arranged, people are asked by their own clocks, and it closes.

Bo is on leave, Omar travels, Sam puts it off, Ana answers, and Lena is late.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox import history
from sandbox.company import KOLKATA, LISBON, NEW_YORK, TOKYO
from sandbox.playhouse import Playhouse

TEAMS = ["Workshop", "Rider Care"]
THURSDAY = datetime(2026, 3, 19, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)
ASKED = "It is time for your check-in for Friday 20 March"
REMINDED = "This is a reminder"
TEN = time(10)
# Omar among them, since he travels.
ZONES = {"kenji": TOKYO, "dara": KOLKATA, "ana": LISBON, "sam": NEW_YORK, "omar": NEW_YORK}


async def days_away_are_told(house: Playhouse) -> str:
    """Bo will be on leave, and says so under "When I am asked"."""
    bo = house.person("bo")
    await bo.opens_home()
    await bo.presses("When I am asked", in_="home")
    await bo.presses("Days away", in_="modal")
    await bo.presses("Add days away", in_="modal")
    await bo.fills({"First day away": "2026-03-16", "Last day away": "2026-03-20"})
    await bo.submits()
    await bo.sees("Saved. You are not asked on these days.", in_="modal")
    await bo.closes()
    return "Saved. You are not asked on these days."


async def a_journey_is_told(house: Playhouse) -> str:
    """Omar, who lives in London, will be in New York, and names the city and his last day there."""
    omar = house.person("omar")
    await omar.opens_home()
    await omar.presses("When I am asked", in_="home")
    await omar.presses("Time zone and journey", in_="modal")
    await omar.fills({"On a journey: the time zone there": "New York", "Last day there": "2026-03-21"})
    await omar.submits()
    await omar.sees("America/New_York", in_="modal")
    await omar.sees("while you travel", in_="modal")
    await omar.closes()
    return "America/New_York, while you travel"


async def a_cadence_is_arranged(house: Playhouse) -> str:
    """Max arranges a weekly check-in for two teams, and sees beforehand who is asked when, and who is not and why."""
    shown = await history.arrange(house, TEAMS)
    for said in (
        "Thursday 19 March: 11 people are asked",
        "Asia/Tokyo, Thursday 10:00",
        "Asia/Kolkata, Thursday 10:00",
        "Left out: 1 on leave (@bo).",
        "All messages of one moment are sent within a minute",
        "Nothing is saved yet.",
    ):
        assert said in shown, f"The dry run does not say {said!r}, but:\n{shown}"
    return "Thursday 19 March: 11 people are asked. Left out: 1 on leave (@bo)."


async def everybody_is_asked_at_ten(house: Playhouse) -> str:
    """Time passes; in Tokyo, Kolkata, Lisbon and New York people are asked at 10:00 by their own clock, once."""
    await house.pass_time(THURSDAY + timedelta(hours=5))
    assert house.person("dara").came(ASKED), "Dara, in Kolkata, was not asked yet."
    assert not house.person("ana").came(ASKED), "Ana, in Lisbon, was asked too early."
    await house.pass_time(THURSDAY + timedelta(hours=14, minutes=1))
    for name, zone in ZONES.items():
        at = [one.astimezone(ZoneInfo(zone)) for one in house.person(name).came(ASKED)]
        assert [one.time().replace(second=0, microsecond=0) for one in at] == [TEN], f"{name} was asked at {at}."
        await house.person(name).sees("You get this because of Weekly check-in, which @max arranged", in_="dm")
    assert not house.person("bo").came(ASKED), "Bo was asked on leave."
    return "10:00 in Tokyo, Kolkata, Lisbon and New York; and nothing for Bo, who is on leave"


async def a_prompt_is_put_off(house: Playhouse) -> str:
    """Sam presses "In an hour", and is asked again an hour later."""
    sam, pressed = house.person("sam"), house.clock.now()
    await sam.presses("In an hour", near=ASKED, in_="dm")
    await sam.sees("You will be asked again", in_="dm")
    await sam.never_sees(ASKED, in_="dm")
    await house.pass_time(pressed + timedelta(minutes=59))
    assert not house.person("sam").came(ASKED), "Sam was asked before the hour was over."
    await house.pass_time(pressed + timedelta(minutes=61))
    assert len(house.person("sam").came(ASKED)) == 1, "Sam was not asked again."
    return "You will be asked again"


async def a_prompt_is_answered(house: Playhouse) -> str:
    """Ana answers what is short in the message itself, and the rest in the form, where that answer stands already."""
    ana = house.person("ana")
    await ana.presses("4", near=ASKED, in_="dm")
    await ana.sees("Kept for you, and seen by nobody yet", in_="dm")
    await ana.presses("Check in", near="Kept for you", in_="dm")
    await ana.fills({"What did you get done?": "Sent the frames to Porto", "What is next?": "The gravel frames"})
    while ana.modal and ana.modal.get("submit"):
        errors = await ana.submits()
        assert not errors, f"Ana cannot send the form: {errors}"
    await ana.closes()
    await ana.sees("Thank you. Your check-in for Friday 20 March is in.", in_="dm")
    await ana.never_sees("Kept for you", in_="dm")
    await house.person("ines").sees("@ana checked in for Friday 20 March", in_="#workshop")
    await house.person("ines").sees("Sent the frames to Porto", in_="#workshop")
    return "@ana checked in for Friday 20 March"


async def who_is_silent_is_reminded_once(house: Playhouse) -> str:
    """Lena has not answered. She gets one reminder, at a time of day at which she may be written to; Ana gets none."""
    await house.pass_time(FRIDAY + timedelta(hours=16, minutes=45))
    at = [one.astimezone(ZoneInfo("Europe/Berlin")) for one in house.person("lena").came(REMINDED)]
    assert len(at) == 1, f"Lena was reminded at {at}."
    assert 8 <= at[0].hour < 18, f"Lena was reminded at {at[0]:%H:%M}."
    assert not house.person("ana").came(REMINDED), "Ana was reminded, who had answered."
    assert not house.person("bo").came(REMINDED), "Bo was reminded on leave."
    return f"Once, on {at[0]:%A at %H:%M} in Berlin"


async def a_late_answer_is_welcome(house: Playhouse) -> str:
    """In Berlin it has closed at 18:00. Lena answers an hour later, is thanked, and told that it counts as late."""
    lena = house.person("lena")
    await house.pass_time(FRIDAY + timedelta(hours=18))
    await lena.presses("Check in", near=REMINDED, in_="dm")
    await lena.fills({"What did you get done?": "Measured the forks for Ghent", "What is next?": "The wheels"})
    while lena.modal and lena.modal.get("submit"):
        await lena.submits()
    await lena.sees("marked as late because it had closed", in_="modal")
    await lena.closes()
    return "Thank you. It is in, marked as late because it had closed"


async def it_closes_once(house: Playhouse) -> str:
    """It has closed in every zone: each manager has one summary, which tells late from silent and from away."""
    ines = house.person("ines")
    heading = "Workshop, 14 to 20 March 2026"
    assert not house.person("ines").came(heading), "The summary came before all had closed."
    await house.pass_time(FRIDAY + timedelta(hours=23))
    assert len(house.person("ines").came(heading)) == 1, f"Inês has {ines.reads('dm')}."
    await ines.sees("Checked in: 2 of 5 people (2 check-ins; away: 1).", in_="dm")
    said = ines.reads("dm").splitlines()
    for expected in ("Of these, late: @lena", "Away: @bo", "Did not check in: @ines, @kenji, @rui"):
        assert expected in said, f"The summary does not say {expected!r}, but:\n{ines.reads('dm')}"
    await house.pass_time(FRIDAY + timedelta(days=2))
    assert len(house.person("ines").came(heading)) == 1, "The summary came twice."
    assert len(house.person("tomas").came("Rider Care, 14 to 20 March 2026")) == 1, "Tomás has no summary."
    return "Checked in: 2 of 5 people. Of these, late: @lena. Away: @bo"


async def an_admin_sees_what_went_on(house: Playhouse) -> str:
    """Max looks at what is going on: everything was sent, and when it comes next."""
    admin = house.person("max")
    await admin.opens_home()
    await admin.presses("What is going on", in_="home")
    await admin.sees("Messages go out as they come due.", in_="modal")
    await admin.sees("Everything was sent.", in_="modal")
    await admin.sees("Weekly check-in, Thursday 26 March", in_="modal")
    await admin.closes()
    return "Everything was sent. Next: Weekly check-in, Thursday 26 March"


WEEK = (
    days_away_are_told,
    a_journey_is_told,
    a_cadence_is_arranged,
    everybody_is_asked_at_ten,
    a_prompt_is_put_off,
    a_prompt_is_answered,
    who_is_silent_is_reminded_once,
    a_late_answer_is_welcome,
    it_closes_once,
    an_admin_sees_what_went_on,
)
