"""One evening of deciding when to be asked, through the real app."""

from __future__ import annotations

from datetime import date

from storage.cadences import Audience, Cadence
from storage.recurrence import Recurrence
from tests.town import Town


async def test_ana_decides_when_she_is_asked(town: Town) -> None:
    (ana,) = town.people("ana")
    with town.store() as store:
        store.cadences.add(
            Cadence(0, "Weekly check-in", Recurrence(date(2026, 3, 2), (3,)), audience=Audience(everybody=True))
        )
    await ana.opens_home()
    await ana.sees("UTC, where it is 09:00 now, from your profile", in_="home")
    await ana.presses("When I am asked", in_="home")
    assert "next on Thursday 5 March, 10:00" in ana.modal_text

    await ana.presses("Time zone and journey", in_="modal")
    await ana.fills({"My time zone": "lisbno"})
    errors = await ana.submits()
    assert "Did you mean Europe/Lisbon?" in str(errors)
    await ana.fills({"My time zone": "Lisbon", "On a journey": "tokyo", "Last day there": "2026-03-06"})
    await ana.submits()
    assert "Asia/Tokyo, where it is 18:00 now, while you travel" in ana.modal_text
    assert "until the end of Friday 6 March; then Europe/Lisbon again" in ana.modal_text

    await ana.presses("Days and hours", in_="modal")
    await ana.fills(
        {
            "My working days": ["Tuesday", "Wednesday", "Thursday"],
            "My working hours: from": "11:30",
            "My working hours: to": "19:00",
            "My public holidays": "Portugal",
        }
    )
    await ana.submits()
    assert "Tuesday to Thursday, as you chose" in ana.modal_text
    assert "next on Thursday 5 March, 11:30" in ana.modal_text

    await ana.presses("Days away", in_="modal")
    await ana.presses("Add days away", in_="modal")
    await ana.fills({"First day away": "2026-03-05", "Last day away": "2026-03-06"})
    await ana.submits()
    assert "Thursday 5 March to Friday 6 March" in ana.modal_text
    await ana.presses("Back", in_="modal")
    assert "next on Thursday 12 March, 11:30 (Europe/Lisbon)" in ana.modal_text

    await ana.presses("Pause", in_="modal")
    assert "you paused it, until you resume it" in ana.modal_text
    assert "because it is for everybody here" in ana.modal_text
    await ana.closes()
    await ana.sees("in Asia/Tokyo, where it is 18:00 now, while you travel", in_="home")


async def test_ana_goes_on_from_the_page_about_her(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.opens_home()
    await ana.presses("About me and my data", in_="home")
    await ana.presses("When I am asked", in_="modal")
    await ana.presses("Days away", in_="modal")
    assert "There are none to come" in ana.modal_text
    await ana.closes()
    assert "This is what Soundings keeps about you" in ana.modal_text
