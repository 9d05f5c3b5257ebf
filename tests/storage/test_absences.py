"""Who is away, whose calendar says so, and which days are holidays where."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from storage.absences import workspaces_with_calendars
from storage.cadences import Cadence
from storage.engine import Storage
from storage.recurrence import Recurrence
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY

ACME = WorkspaceKey("slack", "T1")
TODAY = MONDAY.date()
FEED = "https://calendar.example/ana.ics"


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_ana_sees_what_is_coming_and_not_what_is_over(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana, bo = store.members.greet("U1"), store.members.greet("U2")
        store.absences.add(ana.id, day(7), day(11))
        store.absences.add(ana.id, day(-1), None)
        store.absences.add(ana.id, day(-9), day(-2))
        assert [(one.first, one.last) for one in store.absences.of_member(ana.id)] == [
            (day(-1), None),
            (day(7), day(11)),
        ]
        assert store.absences.of_member(bo.id) == []
    with pytest.raises(ValueError), storage.begin(ACME) as store:
        store.absences.add(ana.id, day(2), day(1))


def test_an_absence_is_taken_back_by_the_one_who_is_away(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana, bo = store.members.greet("U1"), store.members.greet("U2")
        leave = store.absences.add(ana.id, day(7), day(11))
        assert not store.absences.remove(bo.id, leave)
        assert store.absences.remove(ana.id, leave)
        assert not store.absences.remove(ana.id, leave)


def test_somebody_is_away_from_the_first_day_to_the_last(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana, bo, cyn = (store.members.greet(key) for key in ("U1", "U2", "U3"))
        store.absences.add(ana.id, day(1), day(2))
        store.absences.add(bo.id, day(2), None, "pause")
        everybody = [ana.id, bo.id, cyn.id]
        away = [store.absences.away_on(everybody, day(number)) for number in range(5)]
        assert away == [set(), {ana.id}, {ana.id, bo.id}, {bo.id}, {bo.id}]
        assert store.absences.away_on([], day(2)) == set()


def test_whoever_paused_one_cadence_is_not_away_and_can_come_back_to_it(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1")
        weekly, monthly = (store.cadences.add(Cadence(0, name, Recurrence(TODAY))).id for name in ("one", "two"))
        for cadence in (weekly, monthly, None):
            store.absences.add(ana.id, TODAY, None, "pause", cadence)
        store.absences.end_pause(ana.id)
        assert store.absences.away_on([ana.id], TODAY) == set()
        store.absences.end_pause(ana.id, weekly)
        assert [one.cadence_id for one in store.absences.of_member(ana.id)] == [monthly]


def test_a_calendar_is_read_by_one_at_a_time_and_its_days_replace_those_before(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1")
        store.absences.add(ana.id, day(30), day(31))
        store.absences.set_calendar(ana.id, FEED)
    with storage.connect() as connection:
        assert workspaces_with_calendars(connection, MONDAY) == [ACME]
    with storage.begin(ACME) as store:
        (claimed,) = store.absences.calendars_to_read(MONDAY, 5)
        assert (claimed.member_id, claimed.url, claimed.read_at) == (ana.id, FEED, MONDAY)
        assert store.absences.calendars_to_read(MONDAY, 5) == []
        assert store.absences.replace_calendar(ana.id, [(day(3), day(4), "a")], MONDAY)
        assert store.absences.replace_calendar(ana.id, [(day(5), day(6), "b")], MONDAY)
        assert store.absences.replace_calendar(ana.id, None, MONDAY, "It did not answer.")
        assert [one.source for one in store.absences.of_member(ana.id)] == ["b", ""]
        kept = store.absences.calendar_of(ana.id)
        assert kept
        assert kept.problem == "It did not answer."
        assert FEED not in repr(kept)
    with storage.connect() as connection:
        assert workspaces_with_calendars(connection, MONDAY) == []


def test_what_was_read_of_a_calendar_that_changed_meanwhile_is_not_kept(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1")
        store.absences.set_calendar(ana.id, FEED)
        store.absences.calendars_to_read(MONDAY, 5)
        store.absences.set_calendar(ana.id, FEED + "?other")
        assert not store.absences.replace_calendar(ana.id, [(day(3), day(4), "a")], MONDAY)
        assert store.absences.of_member(ana.id) == []
        store.absences.drop_calendar(ana.id)
        assert not store.absences.replace_calendar(ana.id, [(day(3), day(4), "a")], MONDAY)


def test_dropping_a_calendar_drops_what_came_from_it_and_nothing_else(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1")
        store.absences.add(ana.id, day(1), day(1))
        store.absences.set_calendar(ana.id, FEED)
        store.absences.calendars_to_read(MONDAY, 5)
        store.absences.replace_calendar(ana.id, [(day(3), day(4), "a")], MONDAY)
        store.absences.drop_calendar(ana.id)
        assert [one.kind for one in store.absences.of_member(ana.id)] == ["away"]
        assert store.absences.calendar_of(ana.id) is None


def test_the_text_of_a_file_is_dropped_when_it_is_read(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1")
        store.absences.set_calendar_text(ana.id, "BEGIN:VCALENDAR")
        (claimed,) = store.absences.calendars_to_read(MONDAY, 5)
        assert claimed.text == "BEGIN:VCALENDAR"
        store.absences.replace_calendar(ana.id, [(day(3), day(4), "a")], MONDAY)
        kept = store.absences.calendar_of(ana.id)
        assert kept
        assert (kept.text, kept.url) == ("", "")
    later = MONDAY + timedelta(days=1)
    storage.clock.move_to(later)  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        assert store.absences.calendars_to_read(later, 5) == []


def test_holidays_are_those_that_were_told_last(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        store.absences.keep_holidays("DE", {day(1): "One", day(2): "Two", day(3): "Three"})
        store.absences.keep_holidays("DE", {day(2): "Second", day(4): "Four"})
        store.absences.keep_holidays("FR", {})
        assert [number for number in range(6) if store.absences.is_holiday("DE", day(number))] == [2, 4]
        assert not store.absences.is_holiday("FR", day(2))


def test_places_are_named_by_members_by_the_workspace_and_by_cadences(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        store.members.choose(store.members.greet("U1").id, holidays="DE-BY")
        store.members.greet("U2")
        for holidays in ("own", "", "JP"):
            store.cadences.add(Cadence(0, f"with {holidays}", Recurrence(TODAY), holidays=holidays))
        store.change_settings(holidays="FR")
        assert store.absences.places_in_use() == {"DE-BY", "JP", "FR"}
