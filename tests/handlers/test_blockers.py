"""What is in people's way, told as people."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.plain import text
from storage.blockers import Blocker
from storage.engine import Storage
from tests.handlers.seats import Room, Seat

IN_THE_WAY = "Anything in your way?"
FIRST, SECOND = "The test machine is down", "No budget for the licence"


@pytest.fixture
def room(sqlite_storage: Storage) -> Room:
    """Ana and Cy are in Ops, which Bo manages; Dee is in no team."""
    room = Room(sqlite_storage)
    room.team("Ops", "Ana", "Cy", manager="Bo", share="channel", channel="C0OPS")
    return room


def stuck(room: Room, words: str = f"- {FIRST}\n- {SECOND}\n") -> Seat:
    """Ana has checked in and said so."""
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({"What did": "Little.", "What is next": "More.", IN_THE_WAY: words})
    ana.sends()
    assert "Thank you" in ana.says
    return ana


def blockers(room: Room) -> list[Blocker]:
    with room.store() as store:
        (ana,) = store.members.by_keys(["ANA"])
        return [one for checkin in store.checkins.of_member(ana.id) for one in store.blockers.of_checkin(checkin.id)]


def shown_to(room: Room, name: str) -> Seat:
    """Somebody who pressed the button on the card in the channel."""
    (seat,) = room.people(name)
    seat.presses("2 blockers", on=room.sent("C0OPS")[-1].card)
    return seat


def test_each_line_becomes_an_item_with_owner_age_and_state(room: Room) -> None:
    ana = stuck(room)
    assert [(one.words, one.state) for one in blockers(room)] == [(FIRST, "open"), (SECOND, "open")]
    room.later(days=3)
    ana.presses("2 blockers")
    assert f"> {FIRST}\nOpen, 3 days old, with @Ana\n[Acknowledge] [Resolve]" in ana.says
    assert f"> {SECOND}" in text(ana.home())


def test_the_manager_takes_care_and_ana_is_told_once_by_whom_and_why(room: Room) -> None:
    ana = stuck(room)
    bo = shown_to(room, "Bo")
    bo.presses("Acknowledge")
    assert "Acknowledged, 0 days old, with @Bo, raised by @Ana" in bo.says
    (told,) = room.sent("ANA")
    assert "@Bo has acknowledged what you said is in your way" in told.said
    assert f"> {FIRST}" in told.said
    assert "You are told because you raised this in your check-in." in told.said
    bo.press("blockers.acknowledge", blockers(room)[0].id)
    assert len(room.sent("ANA")) == 1
    assert "> " + FIRST in text(bo.home())
    bo.press("blockers.resolve", blockers(room)[0].id)
    bo.press("blockers.resolve", blockers(room)[0].id)
    (_, resolved) = room.sent("ANA")
    assert "@Bo has resolved what you said is in your way" in resolved.said
    assert FIRST not in text(ana.home())
    ana.presses("Reopen", on=resolved.card)
    assert blockers(room)[0].state == "open"
    assert FIRST in text(ana.home())


def test_ana_resolves_her_own_and_nobody_is_written_to(room: Room) -> None:
    ana = stuck(room)
    ana.presses("Resolve", on=ana.home())
    assert blockers(room)[0].state == "resolved"
    assert "Resolved, 0 days old" in ana.says
    assert room.sent("ANA") == room.sent("BO") == []


def test_a_resolved_one_has_stopped_ageing_and_cannot_be_acknowledged(room: Room) -> None:
    ana = stuck(room)
    key = blockers(room)[0].id
    ana.press("blockers.resolve", key)
    room.later(days=9)
    ana.press("blockers.acknowledge", key)
    assert "Resolved, 0 days old" in ana.says
    assert blockers(room)[0].state == "resolved"


@pytest.mark.parametrize("name", ["Cy", "Dee"])
@pytest.mark.parametrize("does", ["acknowledge", "resolve", "reopen"])
def test_others_cannot_change_it(room: Room, name: str, does: str) -> None:
    stuck(room)
    before = blockers(room)
    (other,) = room.people(name)
    other.press(f"blockers.{does}", before[0].id)
    assert "Only whoever raised a blocker, its owner and the manager of the team can change it." in other.says
    assert blockers(room) == before


def test_the_team_sees_them_without_buttons_and_others_not_at_all(room: Room) -> None:
    stuck(room)
    cy, dee = shown_to(room, "Cy"), shown_to(room, "Dee")
    assert FIRST in cy.says
    assert "[Resolve]" not in cy.says
    assert FIRST not in dee.says
    assert "not shared with you" in dee.says


def test_an_edit_brings_takes_and_keeps(room: Room) -> None:
    ana = stuck(room)
    shown_to(room, "Bo").presses("Acknowledge")
    ana.presses("Edit")
    ana.fills({IN_THE_WAY: "Something new"})
    ana.sends()
    assert [(one.words, one.state) for one in blockers(room)] == [(FIRST, "acknowledged"), ("Something new", "open")]
    ana.presses("Edit")
    ana.fills({IN_THE_WAY: "none"})
    ana.sends()
    assert [one.words for one in blockers(room)] == [FIRST]


def test_what_is_still_in_the_way_next_week_goes_on_ageing(room: Room) -> None:
    stuck(room)
    room.later(days=7)
    ana = stuck(room, f"{FIRST}\nThe lift")
    assert sorted((one.words, one.raised_at.day) for one in blockers(room)) == [
        (SECOND, 2),
        ("The lift", 9),
        (FIRST, 2),
    ]
    assert [one.occurrence for one in _checkins(room)] == [date(2026, 3, 13), date(2026, 3, 6)]
    assert text(ana.home()).count(FIRST) == 1


def test_a_blocker_that_an_edit_took_away_says_so(room: Room) -> None:
    ana = stuck(room)
    key = blockers(room)[0].id
    ana.presses("Edit")
    ana.fills({IN_THE_WAY: ""})
    ana.sends()
    ana.press("blockers.resolve", key)
    assert "taken out of the check-in" in ana.says
    shown = shown_to_after(room)
    assert "Nothing stands in the way here any more." in shown.says


def shown_to_after(room: Room) -> Seat:
    """Bo presses the button on the card as it was first posted."""
    (bo,) = room.people("Bo")
    bo.presses("2 blockers", on=room.sent("C0OPS")[0].card)
    return bo


def test_a_home_with_many_shows_a_few_and_says_how_many_more(room: Room) -> None:
    ana = stuck(room, "\n".join(f"Thing {number}" for number in range(9)))
    home = text(ana.home())
    assert "Thing 4" in home
    assert "Thing 5" not in home
    assert "And 4 more" in home


def _checkins(room: Room) -> list[object]:
    with room.store() as store:
        (ana,) = store.members.by_keys(["ANA"])
        return list(store.checkins.of_member(ana.id))
