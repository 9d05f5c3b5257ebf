"""What a manager is sent when their team's check-in has closed.

Dee manages Ops: Ana, Bo and Cy. The cadence asks on Mondays and closes on Tuesday at 18:00.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.features import FEATURES
from handlers.plain import text
from handlers.prompts import turn_of
from handlers.summaries import changes, summaries
from handlers.summaries.at_close import closed_period
from handlers.turn import Turn
from insights.digest import Period
from scheduler.tick import Ticker
from storage.cadences import Audience, Cadence
from storage.coming import Span
from storage.engine import Storage
from storage.members import Listed, Member
from storage.prompts import prompts
from storage.recurrence import Recurrence, Timing
from storage.store import Store
from storage.summaries import Summary
from storage.teams import Team
from tests.asked import prompt_for
from tests.handlers.seats import HERE, Room, Seat, Sent

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
            asked = prompt_for(store, cadence.id, member.id, MONDAY, TUESDAY, "UTC", store.now, CLOSES)
            assert asked
            if member.name == "Cy":
                store.prompts.leave_out(asked.id, "absent")
            else:
                store.prompts.mark_sent(asked.id)
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


def test_whoever_was_never_sent_the_question_is_not_said_to_have_kept_silent(room: Room) -> None:
    answers(room, "Ana")
    with room.storage.connect() as connection:
        connection.execute(prompts.update().where(prompts.c.state == "sent").values(state="waiting", sent_at=None))
    room.later(days=1, hours=10)
    closes(room)
    (said,) = digests(room)
    assert "Checked in: 1 of 1 person" in said
    assert "Did not check in" not in said


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
    assert states == {"answered", "sent", "left_out"}


def test_nobody_is_sent_one_where_there_is_nobody_to_send_it_to(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
        store.teams.change(team.id, manager_id=None)
    closes(room)
    assert digests(room) == []


# -- mutes -----------------------------------------------------------------------------------------------------------


def test_what_one_manager_does_not_want_the_next_one_is_sent(room: Room) -> None:
    room.later(days=1, hours=10)
    closes(room)
    (digest,) = [one for one in room.sent("DEE") if one.key.startswith("digest")]
    dee(room).presses("Do not send me this", on=digest.card)
    with room.store() as store:
        (team,) = store.teams.all()
        cy = store.members.by_key("CY")
        assert cy
        store.teams.change(team.id, manager_id=cy.id)
    closes(room, NEXT)
    assert len(digests(room)) == 1
    (his,) = [one.said for one in room.sent("CY") if one.key.startswith("digest")]
    assert "because you manage this team" in his


# -- together --------------------------------------------------------------------------------------------------------


def another(room: Room, name: str, audience: Audience, *, made_by: str = "") -> Cadence:
    """A cadence that asks on the same Monday, and has asked everybody it is for."""
    with room.store() as store:
        maker = store.members.by_key(made_by.upper())
        found = store.cadences.add(
            Cadence(0, name, Recurrence(MONDAY, (0,)), audience=audience, made_by=maker.id if maker else None)
        )
        for member_id in store.planning.whom(audience):
            asked = prompt_for(store, found.id, member_id, MONDAY, TUESDAY, "UTC", store.now, CLOSES)
            assert asked
            store.prompts.mark_sent(asked.id)
        return found


def closes_all(room: Room, *cadences: Cadence, at: datetime = CLOSES) -> None:
    """The last zones of these close, one after the other."""
    for cadence in cadences:
        with room.store() as store:
            if not store.waves.closes_on(cadence.id, MONDAY)[0]:
                store.waves.add(cadence, "UTC", Span(MONDAY, store.now, TUESDAY, at))
            for wave in store.waves.coming(cadence.id):
                store.waves.look_again(wave, None, "closed", 0)
            if store.waves.close(cadence.id, MONDAY):
                assert summaries.close
                summaries.close(turn_of(store, anybody(store), FEATURES), cadence, MONDAY)


def closes_by_itself(room: Room, cadence: Cadence) -> None:
    """Its only zone is due to close, and a ticker comes by."""
    with room.store() as store:
        store.waves.add(cadence, "UTC", Span(MONDAY, store.now, TUESDAY, CLOSES))
        for wave in store.waves.coming(cadence.id):
            store.waves.look_again(wave, CLOSES, "open", 0)
    ticker = Ticker(room.storage, FEATURES)
    while ticker.step(HERE):
        pass


def first_of(room: Room) -> Cadence:
    with room.store() as store:
        return next(one for one in store.cadences.all() if one.name == "Monday question")


def test_two_that_close_together_are_told_in_one_message(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
        ana = store.members.by_key("ANA")
        assert ana
    second = another(room, "On call", Audience(teams=(team.id,), without=(ana.id,)))
    answers(room, "Ana")
    answers(room, "Bo")
    room.later(days=1, hours=10)
    closes_all(room, first_of(room), second)
    first, then = (one for one in room.sent("DEE") if one.key.startswith("digest"))
    assert (first.replaces, then.replaces) == ("", first.key)
    assert "Monday question: 2 of 2 people answered; away: 1." in then.said
    assert "On call: 1 of 2 people answered." in then.said
    assert "because you manage this team, and Monday question and On call have closed." in then.said
    assert "On call" not in first.said
    third = another(room, "One more", Audience(teams=(team.id,)))
    closes_all(room, third)
    *_, last = (one for one in room.sent("DEE") if one.key.startswith("digest"))
    assert last.replaces == first.key
    assert all(f"{name}: " in last.said for name in ("Monday question", "On call", "One more"))


def test_who_was_asked_by_a_message_that_two_share_kept_silent_in_both(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
    second = another(room, "On call", Audience(teams=(team.id,)))
    with room.store() as store:
        for member in store.members.of_team(team.id):
            (asked,) = store.prompts.invited(second.id, MONDAY, [member.id])
            store.prompts.keep_back(asked.id, "same")
    answers(room, "Ana")
    room.later(days=1, hours=10)
    closes_all(room, first_of(room), second)
    *_, last = (one for one in room.sent("DEE") if one.key.startswith("digest"))
    assert "Monday question: 1 of 2 people answered; away: 1." in last.said
    assert "On call: 1 of 3 people answered." in last.said


def test_what_closes_at_another_moment_is_a_message_of_its_own(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
    second = another(room, "On call", Audience(teams=(team.id,)))
    room.later(days=1, hours=10)
    closes_all(room, first_of(room))
    closes_all(room, second, at=CLOSES.replace(hour=19))
    assert [one.replaces for one in room.sent("DEE") if one.key.startswith("digest")] == ["", ""]


def test_two_replicas_close_two_cadences_at_once(room: Room) -> None:
    with room.store() as store:
        (team,) = store.teams.all()
    cadences = [first_of(room), another(room, "On call", Audience(teams=(team.id,)))]
    with room.store() as store:
        for one in cadences:
            store.waves.add(one, "UTC", Span(MONDAY, store.now, TUESDAY, CLOSES))
            for wave in store.waves.coming(one.id):
                store.waves.look_again(wave, CLOSES, "open", 0)
    room.later(days=1, hours=10)

    def replica(_number: int) -> None:
        ticker = Ticker(room.storage, FEATURES)
        while ticker.step(HERE):
            pass

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(replica, range(2)))
    first, then = (one for one in room.sent("DEE") if one.key.startswith("digest"))
    assert then.replaces == first.key
    assert "On call: " in then.said
    assert "Monday question: " in then.said


# -- people who are named one by one -----------------------------------------------------------------------------------


@pytest.fixture
def few(room: Room) -> Cadence:
    """Eve, an admin in no team, arranged something for Ana and Bo of Ops and for Flo, who is in no team."""
    with room.store() as store:
        for name in ("Eve", "Flo"):
            store.members.keep(Listed(name.upper(), name, "UTC", admin=name == "Eve"))
        ids = [one.id for one in store.members.by_keys(["ANA", "BO", "FLO"])]
    return another(room, "New starters", Audience(members=tuple(ids)), made_by="Eve")


def told(room: Room, key: str) -> list[Sent]:
    return [one for one in room.sent(key) if one.key.startswith("closed")]


def test_whoever_arranged_it_is_told_how_many_and_the_manager_who(room: Room, few: Cadence) -> None:
    answers(room, "Ana")
    answers(room, "Flo")
    room.later(days=1, hours=10)
    closes_all(room, few)
    (eves,) = told(room, "EVE")
    assert "New starters has closed: 2 of 3 people answered." in eves.said
    assert "because you arranged New starters" in eves.said
    assert not any(name in eves.said for name in ("Ana", "Bo", "Flo")), "being an admin opens no answers"
    (dees,) = told(room, "DEE")
    assert "New starters has closed: 1 of 2 people answered." in dees.said
    assert "Answered: @Ana" in dees.said
    assert "Did not answer: @Bo" in dees.said
    assert "Flo" not in dees.said
    seat = dee(room)
    seat.presses("Ana", on=dees.card)
    assert "How was your week?" in seat.says
    assert told(room, "ANA") == told(room, "FLO") == []
    assert digests(room) == [], "nobody's team was asked as a whole"


def test_one_person_is_not_counted(room: Room, few: Cadence) -> None:
    with room.store() as store:
        flo = store.members.by_key("FLO")
        assert flo
    answered = another(room, "First day", Audience(members=(flo.id,)), made_by="Eve")
    away = another(room, "Second day", Audience(members=(flo.id,)), made_by="Eve")
    with room.store() as store:
        (asked,) = store.prompts.invited(away.id, MONDAY, [flo.id])
        store.prompts.leave_out(asked.id, "absent")
    answers(room, "Flo")
    room.later(days=1, hours=10)
    closes_all(room, answered, away)
    *_, last = told(room, "EVE")
    assert "First day has closed.\n" in last.said
    assert "Second day has closed.\n" in last.said
    assert not any(word in last.said for word in ("1 of 1", "away", "nobody", "Flo"))


def test_nobody_is_found_by_taking_ones_own_people_away(room: Room, few: Cadence) -> None:
    with room.store() as store:
        store.members.keep(Listed("DEE", "Dee", "UTC", admin=True))
    theirs = another(room, "Everybody new", few.audience, made_by="Dee")
    answers(room, "Ana")
    answers(room, "Flo")
    room.later(days=1, hours=10)
    closes_all(room, theirs)
    (dees,) = told(room, "DEE")
    assert "Everybody new has closed. Of those whom you see by name: 1 of 2 people answered." in dees.said
    assert "Answered: @Ana" in dees.said
    assert "of 3" not in dees.said
    assert "Flo" not in dees.said


def test_who_was_away_is_for_the_manager_alone(room: Room, few: Cadence) -> None:
    with room.store() as store:
        store.members.keep(Listed("GIL", "Gil", "UTC"))
        ids = {one.name: one.id for one in store.members.people()}
    four = another(room, "Four of them", Audience(members=(*few.audience.members, ids["Gil"])), made_by="Eve")
    with room.store() as store:
        (asked,) = store.prompts.invited(four.id, MONDAY, [ids["Bo"]])
        store.prompts.leave_out(asked.id, "absent")
    answers(room, "Ana")
    room.later(days=1, hours=10)
    closes_all(room, four)
    (eves,), (dees,) = told(room, "EVE"), told(room, "DEE")
    assert "Four of them has closed: 1 of 3 people answered." in eves.said
    assert "away" not in eves.said.lower()
    assert "Four of them has closed: 1 of 1 person answered; away: 1." in dees.said
    assert "Away: @Bo" in dees.said


def test_one_team_whose_summary_cannot_be_made_holds_up_no_other(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with room.store() as store:
        for name in ("Hal", "Ida", "Jo"):
            store.members.keep(Listed(name.upper(), name, "UTC"))
    second = room.team("Care", "Hal", "Ida", manager="Jo")
    with room.store() as store:
        (first,) = [one.id for one in store.teams.all() if one.id != second]
    both = another(room, "For both", Audience(teams=(first, second)))
    make = changes.make

    def fails_for_ops(reader: Turn, team: Team, period: Period) -> Summary:
        made = make(reader, team, period)
        if team.id == first:
            raise ValueError("words of " + team.name)
        return made

    monkeypatch.setattr(changes, "make", fails_for_ops)
    room.later(days=1, hours=10)
    closes_by_itself(room, both)
    assert digests(room) == []
    (theirs,) = [one.said for one in room.sent("JO") if one.key.startswith("digest")]
    assert "For both has closed" in theirs
    with room.store() as store:
        assert not store.waves.close(both.id, MONDAY), "it has closed, once"
        assert not store.summaries.of_team(first), "what was begun for Ops is undone"
    assert f"the summary of team {first}" in caplog.text
    assert "ValueError" in caplog.text
    assert "words of Ops" not in caplog.text


def test_what_may_be_read_anyway_can_be_opened(room: Room, few: Cadence) -> None:
    room.team("Staff", "Eve", "Flo", share="channel", channel="C0STAFF")
    answers(room, "Flo")
    room.later(days=1, hours=10)
    closes_all(room, few)
    (eves,) = told(room, "EVE")
    (eve,) = room.people("Eve")
    eve.presses("Flo", on=eves.card)
    assert "How was your week?" in eve.says


def test_each_of_them_stops_it_for_themselves_and_has_it_again(room: Room, few: Cadence) -> None:
    room.later(days=1, hours=10)
    closes_all(room, few)
    (eves,), (dees,) = told(room, "EVE"), told(room, "DEE")
    (eve,) = room.people("Eve")
    eve.presses("Do not tell me this", on=eves.card)
    assert "You are not told any more when New starters has closed." in eve.says
    assert "You are not told when New starters has closed." in text(eve.home())
    with room.store() as store:
        assert summaries.close
        summaries.close(turn_of(store, anybody(store), FEATURES), few, NEXT)  # nobody was asked on it
        for member_id in store.planning.whom(few.audience):
            prompt_for(store, few.id, member_id, NEXT, NEXT, "UTC", store.now, CLOSES)
        summaries.close(turn_of(store, anybody(store), FEATURES), few, NEXT)
    assert (len(told(room, "EVE")), len(told(room, "DEE"))) == (1, 2)
    eve.presses("Tell me again", on=eve.home())
    assert "You are told whenever New starters has closed." in eve.says
    (ana,) = room.people("Ana")
    ana.presses("Do not tell me this", on=dees.card)
    assert "nothing to change" in ana.says


def test_who_arranged_it_and_may_no_longer_is_not_told(room: Room, few: Cadence) -> None:
    with room.store() as store:
        store.members.keep(Listed("EVE", "Eve", "UTC", admin=False))
    closes_all(room, few)
    assert told(room, "EVE") == []
    assert len(told(room, "DEE")) == 1


def test_two_of_them_that_close_together_are_one_message(room: Room, few: Cadence) -> None:
    second = another(room, "Second week", Audience(members=few.audience.members[:1]), made_by="Eve")
    closes_all(room, few, second)
    first, then = told(room, "EVE")
    assert then.replaces == first.key
    assert "New starters has closed: 0 of 3 people answered." in then.said
    assert "Second week has closed.\n" in then.said, "a count of one person would name them"
    (eve,) = room.people("Eve")
    eve.presses("Do not tell me of Second week", on=then.card)
    assert "when Second week has closed" in eve.says
