"""A manager or an admin arranges what is asked of whom and when, sees beforehand what it does, and changes it.

It is Monday, 2 March 2026, 09:00 UTC. Ana and Bo are in the team that Mo manages, Dee in the one that Di manages; Cy is
in none, and Max is an admin.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import arranged
from handlers.arranged import DAYS
from handlers.bounds import Bounds
from handlers.cadences import typed
from handlers.cadences.choices import RHYTHMS
from handlers.cadences.reading import read_cadence, shortest_gap
from handlers.cadences.typed import STEPS, Which
from handlers.features import FEATURES
from handlers.interaction import Interaction
from handlers.plain import line_text, text
from handlers.reading import Reader
from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.members import Listed
from storage.recurrence import Recurrence, Timing
from storage.workspaces import WorkspaceKey
from tests.asked import prompt_for
from tests.handlers.seats import HERE, Room, Seat

MONDAY = date(2026, 3, 2)
PRESSES = sorted(
    entry.name
    for feature in FEATURES
    if feature.name == "cadences"
    for entry in feature.entries
    if entry.kind == "press"
)
SUBMISSIONS = sorted(
    entry.name
    for feature in FEATURES
    if feature.name == "cadences"
    for entry in feature.entries
    if entry.kind == "submission"
)


@pytest.fixture
def room(storage: Storage) -> Room:
    """A company of two teams."""
    return company(storage)


def company(storage: Storage) -> Room:
    found = Room(storage)
    with found.store() as store:
        for name in ("Mo", "Di"):
            store.members.keep(Listed(name.upper(), name, "Europe/Lisbon"))
        store.members.keep(Listed("MAX", "Max", "UTC", admin=True))
        store.members.keep(Listed("ROB", "Rob", kind="bot"))
        store.members.keep(Listed("BO", "Bo", "America/New_York"))
    found.team("Crew", "Ana", "Bo", manager="Mo")
    found.team("Care", "Dee", manager="Di")
    return found


def begins(room: Room, name: str = "Mo") -> Seat:
    """Somebody opens the list and begins a new cadence."""
    (seat,) = room.people(name)
    seat.presses("Cadences", on=seat.home())
    seat.presses("New cadence", on=seat.form)  # type: ignore[arg-type]
    return seat


def makes(room: Room, by: str = "Mo", **more: Any) -> Cadence:
    """A cadence for the Crew that is there already."""
    with room.store() as store:
        team = store.teams.by_name("Crew")
        assert team
        made = Cadence(0, "Weekly", Recurrence(MONDAY), audience=Audience(teams=(team.id,)), **more)
        kept = store.cadences.add(made)
        store.waves.arrange(kept)
        return kept


def standing(room: Room) -> list[Cadence]:
    with room.store() as store:
        return store.cadences.all()


def presses(seat: Seat, label: str) -> None:
    """Press a button in the form before them, with what is typed in it."""
    seat.presses(label, on=seat.form)  # type: ignore[arg-type]


# -- arranging -------------------------------------------------------------------------------------------------------


def test_a_manager_arranges_a_weekly_check_in_for_her_team(room: Room):
    mo = begins(room)
    assert "Everybody in this workspace" not in mo.says
    assert "Care" not in mo.says
    mo.fills({"Name": "Weekly check-in", "Teams": ("Crew",)})
    mo.sends()
    assert mo.form is not None
    assert mo.form.title == "When"
    mo.sends()
    for words in (
        "Every Thursday at 10:00, each member's own time; closes Friday 18:00; one reminder.",
        "Crew",
        "Thursday 5 March: 2 people are asked (@Ana, @Bo)",
        "Thursday 12 March: 2 people are asked (@Ana, @Bo)",
        "America/New York, Thursday 10:00: 1 person; for you 5 Mar 2026, 15:00 UTC",
        "UTC, Thursday 10:00: 1 person; for you 5 Mar 2026, 10:00 UTC",
        "Nothing is saved yet.",
    ):
        assert words in mo.says
    assert standing(room) == []
    mo.sends()
    assert "Weekly check-in is saved." in mo.says
    assert "Check-in questions · for Crew" in mo.says
    (kept,) = standing(room)
    assert (kept.feature, kept.timing, kept.holidays, kept.version) == ("checkins", Timing(), "own", 1)
    assert kept.recurrence == Recurrence(MONDAY, (3,))
    with room.store() as store:
        assert kept.made_by == store.members.greet("MO").id


def test_the_dry_run_says_who_will_be_told_how_it_went(room: Room):
    max_ = begins(room, "Max")
    max_.fills({"Name": "New starters", "People": ("ANA", "DEE")})
    max_.sends()
    max_.sends()
    yours = "you are told how many of the people named one by one answered"
    few = "(of people in other teams, if at least 3 were asked)"
    both = f"{yours} {few}; the managers of their teams are told who did"
    assert f"When it has closed, {both}." in max_.says
    presses(max_, "Change what and whom")
    max_.fills({"Teams": ("Crew", "Care")})
    max_.sends()
    presses(max_, "Back")
    max_.sends()
    max_.sends()
    assert "When it has closed, each team's manager is sent a summary." in max_.says


def test_she_looks_at_the_dry_run_and_changes_her_mind(room: Room):
    mo = begins(room)
    mo.fills({"Name": "Weekly check-in", "Teams": ("Crew",)})
    mo.sends()
    mo.sends()
    presses(mo, "Change when")
    assert mo.input("On which days").value == ("3",)
    mo.fills({"On which days": ("Monday", "Friday"), "How often": "Every 2 weeks", "Opens at": "11:15"})
    mo.fills({"Reminders": "No reminder", "Closes": "The next day"})
    mo.sends()
    assert "Every 2 weeks on Monday and Friday at 11:15" in mo.says
    presses(mo, "Change what and whom")
    assert mo.input("Name").value == "Weekly check-in"
    mo.fills({"But not": ("BO",)})
    mo.sends()
    presses(mo, "Back")
    mo.sends()
    mo.sends()
    assert "Monday 2 March: 1 person is asked (@Ana)" in mo.says
    presses(mo, "Start, end, holidays")
    mo.fills({"From": "2026-03-09", "Until": "2026-06-30", "Public holidays": typed.ONE_PLACE, "Place of": "bavaria"})
    mo.sends()
    assert "Monday 2 March" not in mo.says
    assert "The public holidays of Germany, Bavaria are looked up once this is saved" in mo.says
    mo.sends()
    (kept,) = standing(room)
    assert kept.recurrence == Recurrence(date(2026, 3, 9), (0, 4), 2, ends_on=date(2026, 6, 30))
    assert (kept.timing.at, kept.timing.nudges, kept.holidays) == (time(11, 15), 0, "DE-BY")
    presses(mo, "Edit")
    mo.sends()
    mo.sends()
    assert "looked up once this is saved" not in mo.says
    presses(mo, "Start, end, holidays")
    assert mo.input("Place of").value == "Germany, Bavaria"


def test_the_dry_run_tells_who_is_away_who_is_asleep_and_whose_week_is_full(room: Room):
    with room.store() as store:
        ana, bo, mo_ = (store.members.greet(name) for name in ("ANA", "BO", "MO"))
        store.absences.add(ana.id, MONDAY, date(2026, 3, 8))
        store.members.choose(bo.id, quiet="20:00-08:00")
        store.members.choose(mo_.id, weekly_most=0)
        team = store.teams.by_name("Crew")
        assert team
        store.members.set_team([mo_.id], team.id)
    mo = begins(room)
    mo.fills({"Name": "Early", "Teams": ("Crew",)})
    mo.sends()
    mo.fills({"Opens at": "07:30"})
    mo.sends()
    for words in (
        "On Thursday 5 March, 1 person would be asked in their quiet hours or off work, and get it later: ",
        "in America/New York on Thursday at 08:00, which is 5 Mar 2026, 13:00 UTC for you.",
        "not fit into the week of whoever has as many as their budget allows (@Mo).",
        "Thursday 5 March: 1 person is asked (@Bo)",
        "1 on leave (@Ana)",
        "1 over their weekly budget (@Mo)",
    ):
        assert words in mo.says


def test_an_admin_asks_the_whole_workspace_and_one_by_one(room: Room):
    boss = begins(room, "Max")
    boss.fills({"Name": "All hands", "But not": ("CY",)})
    boss.typed["everybody"] = True
    boss.sends()
    boss.fills({"By the clock of": "Europe/Lisbon", "Sent": "Spread over 2 hours"})
    boss.sends()
    assert "between 10:00 and 12:00, Europe/Lisbon time" in boss.says
    assert "for everybody here, without @Cy" in boss.says
    boss.sends()
    presses(boss, "New cadence")
    boss.fills({"Name": "Two people", "People": ("DEE", "CY")})
    boss.sends()
    boss.sends()
    assert "for @Cy, @Dee" in boss.says
    boss.sends()
    assert [one.name for one in standing(room) if one.audience.everybody] == ["All hands"]
    assert [one.name for one in standing(room) if len(one.audience.members) == 2] == ["Two people"]


def test_what_was_typed_is_kept_when_a_form_is_closed(room: Room):
    mo = begins(room)
    mo.fills({"Name": "Weekly check-in", "Teams": ("Crew",)})
    mo.closes()
    presses(mo, "Cadences") if mo.form else mo.presses("Cadences", on=mo.home())
    assert "You began a new cadence" in mo.says
    presses(mo, "New cadence")
    assert "filled with what you typed before" in mo.says
    assert mo.input("Name").value == "Weekly check-in"
    mo.sends()
    mo.fills({"Opens at": "08:30"})
    mo.closes()
    mo.presses("Cadences", on=mo.home())
    presses(mo, "New cadence")
    mo.sends()
    assert mo.input("Opens at").value == ("08:30",)
    mo.closes({})
    mo.presses("Cadences", on=mo.home())
    presses(mo, "Forget")
    presses(mo, "New cadence")
    assert mo.input("Name").value == ""


def test_a_form_that_is_closed_as_it_was_opened_leaves_no_draft(room: Room):
    mo = begins(room)
    mo.closes()
    mo.presses("Cadences", on=mo.home())
    assert "You began" not in mo.says


# -- changing --------------------------------------------------------------------------------------------------------


def test_an_edit_in_mid_week_keeps_what_is_open_and_tells_what_changes(room: Room):
    cadence = makes(room)
    with room.store() as store:
        ana = store.members.greet("ANA")
        thursday = date(2026, 3, 5)
        where = ana.zone
        prompt = prompt_for(
            store,
            cadence.id,
            ana.id,
            thursday,
            cadence.timing.closes_on(thursday),
            "UTC",
            cadence.timing.opens(thursday, where),
            cadence.timing.closes(thursday, where),
        )
        assert prompt
    room.later(days=3, hours=3)
    (mo,) = room.people("Mo")
    mo.presses("Cadences", on=mo.home())
    presses(mo, "Edit")
    assert "It asks: Check-in questions" in mo.says
    mo.fills({"But not": ("BO",)})
    mo.sends()
    mo.fills({"On which days": ("Tuesday",)})
    mo.sends()
    assert "Until now: Every Thursday at 10:00" in mo.says
    assert "From now on: Every Tuesday at 10:00" in mo.says
    assert "Asked no longer: 1 person (@Bo)." in mo.says
    assert "Whoever was asked already can answer until the close they were told" in mo.says
    mo.sends()
    (kept,) = standing(room)
    assert (kept.id, kept.version, kept.recurrence.weekdays) == (cadence.id, 2, (1,))
    with room.store() as store:
        assert store.prompts.open_of(ana.id) == [prompt]


def test_two_who_change_the_same_do_not_overwrite_one_another(room: Room):
    makes(room)
    mo, boss = room.people("Mo", "Max")
    for seat in (mo, boss):
        seat.presses("Cadences", on=seat.home())
        presses(seat, "Edit")
        seat.fills({"Name": f"Of {seat.name}"})
        seat.sends()
        seat.sends()
    mo.sends()
    assert "Of Mo is saved." in mo.says
    boss.sends()
    assert "Somebody changed this cadence meanwhile." in boss.says
    assert boss.input("Name").value == "Of Max"
    assert [one.name for one in standing(room)] == ["Of Mo"]
    boss.sends()
    boss.sends()
    boss.sends()
    assert [(one.name, one.version) for one in standing(room)] == [("Of Max", 3)]


def test_the_same_page_sent_twice_makes_one_cadence(room: Room):
    mo = begins(room)
    mo.fills({"Name": "Weekly", "Teams": ("Crew",)})
    mo.sends()
    mo.sends()
    again = mo.sending()
    mo.sends()
    mo.does_again(again)
    assert "This is saved already." in mo.says
    assert len(standing(room)) == 1


@pytest.mark.parametrize(("found_out", "said"), [(0.0, 90), (80.0, 80), (420.0, 100)])
def test_the_dry_run_counts_on_the_pace_that_was_chosen_or_found_out(storage: Storage, found_out: float, said: int):
    company(storage)
    room = Room(storage, Bounds(90, 100))
    makes(room)
    with room.store() as store:
        store.deliveries.queue("member", "ANA", {}, key="one")
        store.lanes.take("courier", timedelta(minutes=1))
        store.lanes.learn(found_out)
    (mo,) = room.people("Mo")
    mo.presses("Cadences", on=mo.home())
    presses(mo, "Next 14 days")
    assert f"All messages of one moment are sent within a minute, at {said} a minute." in mo.says


def test_a_cadence_is_paused_resumed_and_ended(room: Room):
    makes(room)
    (mo,) = room.people("Mo")
    mo.presses("Cadences", on=mo.home())
    assert "Next: 5 Mar 2026, 10:00 UTC for you." in mo.says
    presses(mo, "Next 14 days")
    assert "Thursday 5 March: 2 people are asked" in mo.says
    presses(mo, "Back to the list")
    presses(mo, "Pause")
    assert "Paused: nobody is asked until it is resumed." in mo.says
    assert "Nobody is asked by itself." in text(mo.home())
    presses(mo, "Next 14 days")
    assert "It is paused" in mo.says
    presses(mo, "Back to the list")
    presses(mo, "Resume")
    assert "Weekly goes on." in mo.says
    presses(mo, "End")
    assert "Weekly has ended." in mo.says
    assert "Nobody is asked by itself yet." in mo.says
    assert standing(room) == []


# -- who may ---------------------------------------------------------------------------------------------------------


def test_a_member_who_manages_nobody_has_no_cadences_to_arrange(room: Room):
    makes(room)
    (ana,) = room.people("Ana")
    assert "Cadences" not in text(ana.home())
    for name in PRESSES:
        ana.press(name, "")
        assert "Cadences are arranged by admins" in ana.says or "has ended" in ana.says, name


def test_nobody_arranges_another_manager_s_team(room: Room):
    cadence = makes(room)
    (di,) = room.people("Di")
    di.presses("Cadences", on=di.home())
    assert "Weekly" not in di.says
    for name in PRESSES:
        for state in (str(cadence.id), f"{cadence.id}:1"):
            if name not in ("cadences.open", "cadences.forget"):
                di.press(name, state)
                assert "Cadences are arranged by admins" in di.says or "has ended" in di.says, name
    for name in SUBMISSIONS:
        sent = Interaction("submission", name, HERE, "DI", "v", values={"name": "Mine"}, state=f"{cadence.id}:1")
        assert "Cadences are arranged by admins" in repr(room.router.handle(sent).replies)
    assert standing(room) == [cadence]


def test_what_a_manager_may_not_choose_is_said_beside_it(room: Room):
    mo = begins(room)
    with room.store() as store:
        care = store.teams.by_name("Care")
        assert care
    mo.typed["everybody"] = True
    mo.fills({"Name": "Everything", "Teams": (str(care.id),), "People": ("ANA", "CY", "DEE")})
    mo.sends()
    assert mo.errors == {
        "everybody": "Only an admin can arrange something for the whole workspace.",
        "Teams": "Care: you do not manage this. An admin can arrange it.",
        "People": "Cy, Dee: not in a team of yours. An admin can arrange it.",
    }


def test_a_manager_who_hands_the_team_over_arranges_it_no_more(room: Room):
    cadence = makes(room)
    mo = begins(room)
    mo.fills({"Name": "Another", "Teams": ("Crew",)})
    mo.sends()
    mo.sends()
    with room.store() as store:
        store.teams.change(cadence.audience.teams[0], manager_id=store.members.greet("DI").id)
    mo.sends()
    assert "Cadences are arranged by admins" in mo.says
    (di,) = room.people("Di")
    di.presses("Cadences", on=di.home())
    assert "Weekly" in di.says


def test_a_team_that_goes_before_saving_is_noticed(room: Room):
    boss = begins(room, "Max")
    boss.fills({"Name": "Another", "Teams": ("Crew",)})
    boss.sends()
    boss.sends()
    with room.store() as store:
        team = store.teams.by_name("Crew")
        assert team
        store.teams.remove(team.id)
    boss.sends()
    assert "Please look at this again before it is saved: One of these teams is gone." in boss.says
    assert standing(room) == []


def test_twins_next_door_are_no_part_of_anything(room: Room):
    there = WorkspaceKey("slack", "T0THERE")
    with room.storage.begin(there) as store:
        store.members.keep(Listed("TWIN", "Twin", admin=True))
        twin = store.members.greet("TWIN")
        team = store.teams.add("Crew next door", manager_id=twin.id)
        foreign = store.cadences.add(Cadence(0, "Next door", Recurrence(MONDAY), audience=Audience(everybody=True)))
    boss = begins(room, "Max")
    assert "next door" not in boss.says
    boss.fills({"Name": "Ours", "Teams": (str(team.id),), "People": ("TWIN",)})
    boss.sends()
    assert boss.errors == {
        "Teams": "One of these teams is gone. Please choose again.",
        "People": "Somebody here is not in this workspace. Please pick people from the list.",
    }
    boss.press("cadences.edit", foreign.id)
    assert "This cadence has ended" in boss.says
    boss.press("cadences.end", foreign.id)
    with room.storage.begin(there) as store:
        assert store.cadences.all() == [foreign]


# -- what will not do ------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "what": "checkins",
    "name": "Weekly",
    "everybody": True,
    "weekdays": ("3",),
    "rhythm": "1:0",
    "at": "10:00",
    "zone": "",
    "window": "0",
    "closes_after": "1",
    "closes_at": "18:00",
    "nudges": "1",
    "starts_on": "2026-03-02",
    "ends_on": "",
    "holidays": "own",
    "place": "",
    "most_late": "240",
}


def read(room: Room, values: dict[str, Any]) -> dict[str, str]:
    with room.store() as store:
        reader = Reader({**GOOD, **values}, "", store)
        boss = store.members.greet("MAX")
        return read_cadence(reader, Cadence(0, "", Recurrence(MONDAY)), boss, FEATURES, MONDAY).errors


@pytest.mark.parametrize(
    ("values", "where", "sentence"),
    [
        ({"what": "horoscope"}, "what", "Please choose what is asked."),
        ({"name": " "}, "name", "Please write something here."),
        ({"name": "x" * 61}, "name", "61 characters long; 60 fit here."),
        ({"name": "STANDING"}, "name", "There is a cadence of this name already."),
        ({"everybody": False}, "teams", "Please choose at least one team, or people below."),
        ({"teams": ("999",)}, "teams", "One of these teams is gone."),
        ({"people": ("ROB",)}, "people", "Rob: bots and deactivated people cannot be asked."),
        ({"people": ("U0NOBODY",)}, "people", "Somebody here is not in this workspace."),
        ({"without": ("U0NOBODY",)}, "without", "Somebody here is not in this workspace."),
        ({"weekdays": ()}, "weekdays", "Please choose at least one day."),
        ({"weekdays": ("8", "Monday")}, "weekdays", "Please choose at least one day."),
        ({"rhythm": "0:0"}, "rhythm", "Please choose how often."),
        ({"at": "25:00"}, "at", "Please choose a time of day."),
        ({"zone": "Europe/Lissabon"}, "zone", "Perhaps Europe/Lisbon"),
        ({"zone": "Lisbon, Portugal"}, "", ""),
        ({"zone": "Erewhon"}, "zone", "No such time zone. Any large city will do"),
        ({"closes_after": "0", "closes_at": "09:45"}, "closes_at", "It opens at 10:00."),
        ({"closes_after": "0", "closes_at": "10:00"}, "closes_at", "It opens at 10:00."),
        ({"closes_after": "7"}, "closes_after", "The next one opens a week after it."),
        ({"weekdays": ("3", "4")}, "closes_after", "The next one opens a day after it."),
        ({"rhythm": "1:2", "weekdays": ("0", "3")}, "", ""),
        ({"closes_after": "99"}, "closes_after", "Please choose one of these."),
        ({"at": "23:30", "window": "60"}, "window", "past midnight"),
        ({"closes_after": "0", "closes_at": "11:00", "window": "60"}, "window", "up to the close"),
        ({"nudges": "3"}, "nudges", "Please choose one of these."),
        ({"starts_on": ""}, "starts_on", "Please pick the day"),
        ({"starts_on": "soon"}, "starts_on", "Please pick a date."),
        ({"starts_on": "2031-01-01"}, "starts_on", "within the next two years"),
        ({"starts_on": "0001-01-01"}, "starts_on", "within the next two years"),
        ({"starts_on": "2026-03-09", "ends_on": "2026-03-08"}, "ends_on", "This is before the start."),
        ({"starts_on": "2026-02-02", "ends_on": "2026-03-01"}, "ends_on", "This day is over."),
        ({"ends_on": "2026-03-04"}, "ends_on", "Nobody would be asked before this day."),
        ({"holidays": "place", "place": "Erewhon"}, "place", "No such place is known."),
        ({"holidays": "place"}, "place", "No such place is known."),
        ({"holidays": "moon"}, "holidays", "Please choose one of these."),
        ({"most_late": "1"}, "most_late", "Please choose one of these."),
        ({"zone": "Europe/Berlin", "holidays": "place", "place": "de-by"}, "", ""),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(sqlite_storage: Storage, values, where, sentence):
    room = company(sqlite_storage)
    with room.store() as store:
        store.cadences.add(Cadence(0, "Standing", Recurrence(MONDAY)))
    errors = read(room, values)
    assert list(errors) == ([where] if where else [])
    assert sentence in errors.get(where, "")


def test_what_will_not_do_keeps_the_form_open(room: Room):
    mo = begins(room)
    mo.fills({"Name": "Weekly", "Teams": ()})
    mo.sends()
    assert mo.errors == {"Teams": "Please choose at least one team, or people below."}
    mo.fills({"Teams": ("Crew",)})
    mo.sends()
    mo.fills({"By the clock of": "Nowhere/City", "Closes": "The same day", "at": "09:00"})
    mo.sends()
    assert set(mo.errors) == {"By the clock of one time zone", "at"}


VALUES = st.one_of(st.text(), st.booleans(), st.none(), st.lists(st.text()).map(tuple), st.sampled_from(["0", "1:-1"]))


def test_whatever_is_typed_into_the_forms_nothing_breaks(sqlite_storage: Storage):
    room = company(sqlite_storage)
    names = [name for step in STEPS.values() for name in step]

    @given(st.sampled_from(SUBMISSIONS), st.dictionaries(st.sampled_from(names), VALUES), st.text(max_size=30))
    def typing(name: str, values: dict[str, Any], state: str) -> None:
        for kind, carried in (("submission", ""), ("closed", ""), ("submission", state)):
            did = Interaction(kind, name, HERE, "MAX", "v", values={**GOOD, **values}, state=carried)  # type: ignore[arg-type]
            assert "Something broke" not in repr(room.router.handle(did).replies)

    typing()


# -- words -----------------------------------------------------------------------------------------------------------

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
RECURRENCES = st.builds(
    Recurrence,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple),
    st.integers(1, 26),
    st.sampled_from((0, 1, 2, 3, 4, -1)),
)
ZONES = st.sampled_from(("", "Asia/Tokyo"))
TIMINGS = st.builds(Timing, TIMES, ZONES, st.integers(0, 240), st.integers(0, 14), TIMES, st.integers(0, 2))


@given(RECURRENCES, TIMINGS)
def test_the_words_of_a_cadence_name_every_day_and_time(recurrence: Recurrence, timing: Timing):
    words = arranged.whole(Cadence(1, "x", recurrence, timing=timing))
    dates = arranged.dates(recurrence)
    assert [day in dates for day in DAYS] == [number in recurrence.weekdays for number in range(7)]
    assert f"{timing.at:%H:%M}" in words
    assert f"{timing.closes_at:%H:%M}" in words
    assert timing.zone in words


@pytest.mark.parametrize(
    ("recurrence", "words"),
    [
        (Recurrence(MONDAY), "Every Thursday"),
        (Recurrence(MONDAY, (0, 2, 4)), "Every Monday, Wednesday and Friday"),
        (Recurrence(MONDAY, (3,), 2), "Every 2 weeks on Thursday"),
        (Recurrence(MONDAY, (3,), 1, -1), "On the last Thursday of every month"),
        (Recurrence(MONDAY, (0, 3), 3, 1), "On the first Monday and the first Thursday of every 3 months"),
    ],
)
def test_dates_are_said_as_people_say_them(recurrence: Recurrence, words: str):
    assert arranged.dates(recurrence) == words


@given(RECURRENCES)
def test_no_two_dates_are_nearer_than_the_shortest_gap(recurrence: Recurrence):
    gap = shortest_gap(recurrence)
    dates = recurrence.between(recurrence.starts_on, recurrence.starts_on + timedelta(days=800))
    assert all(later - earlier >= gap for earlier, later in pairwise(dates))


def test_a_cadence_reads_back_as_its_forms_show_it(sqlite_storage: Storage):
    room = company(sqlite_storage)
    standing_one = makes(room)

    @given(RECURRENCES, TIMINGS, st.sampled_from(("", "own", "DE-BY", "PT")), st.integers(1, 2000))
    def reads_back(recurrence: Recurrence, timing: Timing, holidays: str, late: int) -> None:
        cadence = replace(standing_one, recurrence=recurrence, timing=timing, holidays=holidays, most_late=late)
        with room.store() as store:
            reader = Reader(typed.of(store, cadence), "", store)
            wanted = read_cadence(reader, cadence, store.members.greet("MO"), FEATURES, MONDAY)
        assert wanted.cadence == cadence
        assert set(wanted.errors) <= {"closes_after", "closes_at", "window"}

    reads_back()


def test_every_rhythm_can_be_chosen():
    for key in RHYTHMS:
        every, _, nth = key.partition(":")
        assert arranged.dates(Recurrence(MONDAY, every=int(every), nth=int(nth)))


def test_who_is_named_in_an_audience_and_who_is_only_counted(room: Room):
    with room.store() as store:
        everyone = tuple(one.id for one in store.members.people())
        words = line_text(arranged.audience_line(store, Audience(teams=(99,), members=everyone)))
        assert words == "for a team that was removed, @Ana, @Bo, @Cy, @Dee, 3 others"
        assert line_text(arranged.audience_line(store, Audience())) == "for nobody"


def test_a_state_that_says_nothing_is_of_a_new_cadence():
    assert [Which.read(state) for state in ("", "x:y", "²:1")] == [Which(), Which(), Which()]
    assert Which.read(Which(3, 2).state) == Which(3, 2)
    assert replace(Which(3, 2), version=0).draft == Which(3, 9).draft
