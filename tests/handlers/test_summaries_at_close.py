"""What a manager is sent when their team's check-in has closed.

Dee manages Ops: Ana, Bo and Cy. The cadence asks on Mondays and closes on Tuesday at 18:00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.features import FEATURES
from handlers.plain import text
from handlers.prompts import turn_of
from handlers.summaries import summaries
from handlers.summaries.at_close import closed_period
from insights.digest import Period
from storage.cadences import Audience, Cadence
from storage.coming import Span
from storage.engine import Storage
from storage.members import Member
from storage.recurrence import Recurrence, Timing
from storage.store import Store
from tests.handlers.seats import Room, Seat

MONDAY, TUESDAY, NEXT = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)
CLOSES = datetime(2026, 3, 3, 18, tzinfo=UTC)


@pytest.fixture
def room(storage: Storage) -> Room:
    one = Room(storage)
    team = one.team("Ops", "Ana", "Bo", "Cy", manager="Dee")
    with one.store() as store:
        store.questions.add("How was your week?", "scale")
        audience = Audience(teams=(team,))
        cadence = store.cadences.add(Cadence(0, "Monday question", Recurrence(MONDAY, (0,)), audience=audience))
        for member in store.members.of_team(team):
            asked = store.prompts.invite(cadence.id, member.id, MONDAY, TUESDAY, "UTC", store.now, CLOSES)
            assert asked
            if member.name == "Cy":
                store.prompts.leave_out(asked.id, "absent")
    return one


def answers(room: Room, name: str) -> None:
    (seat,) = room.people(name)
    seat.types("/checkin")
    seat.fills({"How was": "4"})
    seat.sends()


def closes(room: Room, day: date = MONDAY) -> None:
    with room.store() as store:
        (cadence,) = store.cadences.all()
        assert summaries.close
        summaries.close(turn_of(store, anybody(store), FEATURES), cadence, day)


def anybody(store: Store) -> Member:
    return store.members.people()[0]


def digests(room: Room) -> list[str]:
    return [one.said for one in room.sent("DEE") if one.key.startswith("digest")]


def dee(room: Room) -> Seat:
    (seat,) = room.people("Dee")
    return seat


def test_it_comes_once_with_who_was_away_and_why_it_came(room: Room) -> None:
    answers(room, "Ana")
    room.later(days=1, hours=10)
    closes(room)
    closes(room)
    (said,) = digests(room)
    assert "Checked in: 1 of 2 people (1 check-in; away: 1)." in said
    assert "Did not check in: @Bo" in said
    assert "Away: @Cy" in said
    assert "because you manage this team, and Monday question has closed." in said
    with room.store() as store:
        assert len(store.summaries.of_team(store.teams.all()[0].id)) == 1


def test_who_answers_late_is_named_as_late_once_it_is_made_again(room: Room) -> None:
    answers(room, "Ana")
    room.later(days=1, hours=10)
    closes(room)
    (digest,) = [one for one in room.sent("DEE") if one.key.startswith("digest")]
    (bo,) = room.people("Bo")
    with room.store() as store:
        member = store.members.by_key("BO")
        assert member
        (asked,) = store.prompts.closing([member.id], TUESDAY, TUESDAY)
    bo.press("checkins.start", asked.id)
    bo.fills({"How was": "2"})
    bo.sends()
    seat = dee(room)
    seat.presses("Refresh", on=digest.card)
    assert "Checked in: 2 of 2 people" in seat.says
    assert "Of these, late: @Bo" in seat.says


def test_a_manager_stops_it_and_has_it_again(room: Room) -> None:
    room.later(days=1, hours=10)
    closes(room)
    (digest,) = [one for one in room.sent("DEE") if one.key.startswith("digest")]
    seat = dee(room)
    for _ in range(2):
        seat.presses("Do not send me this", on=digest.card)
    assert "are not sent to you after a close any more" in seat.says
    assert "Send it to me after each close" in text(seat.home())
    room.later(days=7)
    closes(room, NEXT)
    assert len(digests(room)) == 1
    seat.presses("Send them again")
    closes(room, NEXT)
    assert len(digests(room)) == 2
    (ana,) = room.people("Ana")
    ana.presses("Do not send me this", on=digest.card)
    assert "Summaries of Ops go to its manager, Dee." in ana.says


def test_it_covers_the_days_since_the_close_before_however_it_was_edited_since(room: Room) -> None:
    with room.store() as store:
        (weekly,) = store.cadences.all()
        for zone, day, closes_on in (
            ("UTC", MONDAY, TUESDAY),
            ("UTC", NEXT, date(2026, 3, 11)),
            ("UTC", date(2026, 3, 11), date(2026, 3, 11)),
        ):
            store.waves.add(weekly, zone, Span(day, CLOSES, closes_on, CLOSES))
        daily = replace(weekly, recurrence=Recurrence(MONDAY, (0, 1, 2, 3, 4)), timing=Timing(closes_after=3))
        kept = store.cadences.change(daily)
        assert closed_period(store, kept, MONDAY) == Period(date(2026, 2, 25), TUESDAY)
        assert closed_period(store, kept, NEXT) == Period(date(2026, 3, 4), date(2026, 3, 11))
        # Two of one date are of the same days.
        assert closed_period(store, kept, date(2026, 3, 11)) == Period(date(2026, 3, 4), date(2026, 3, 11))


def test_the_last_one_of_a_cadence_that_was_ended_tells_who_was_away(room: Room) -> None:
    with room.store() as store:
        (cadence,) = store.cadences.all()
        store.cadences.end(cadence.id)
    answers(room, "Ana")
    room.later(days=1, hours=10)
    with room.store() as store:
        assert summaries.close
        summaries.close(turn_of(store, anybody(store), FEATURES), cadence, MONDAY)
        states = {
            one.state
            for one in store.prompts.closing([member.id for member in store.members.people()], TUESDAY, TUESDAY)
        }
    (said,) = digests(room)
    assert "Did not check in: @Bo" in said
    assert "Away: @Cy" in said
    assert states == {"answered", "waiting", "left_out"}


def test_nobody_is_sent_one_where_there_is_nobody_to_send_it_to(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
        store.teams.change(team.id, manager_id=None)
    closes(room)
    assert digests(room) == []
