"""Tenants are kept apart: with the same people next door, no question ever returns what is next door's.

Every public method of every repository that asks (and changes nothing) stands in `QUESTIONS`; one that is missing fails
the test, so nobody can add a question and forget its twin.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pytest

from storage.base import Repository
from storage.cadences import Audience, Cadence
from storage.engine import Storage
from storage.given import numbers_of
from storage.recurrence import Recurrence
from storage.store import Store
from tests.databases import MONDAY
from tests.storage.twins import CLOSES, FRIDAY, KEYS, OURS, TWIN, Company, arrange

LONG_AGO, LONG_HENCE = MONDAY - timedelta(days=365), MONDAY + timedelta(days=365)
EVERYBODYS = Cadence(0, "everybody's", Recurrence(FRIDAY, every=13), audience=Audience(everybody=True))
YEAR = (date(2025, 1, 1), date(2027, 1, 1))

# What asks, by repository and method; each is called once with our company's ids and once with the twin's.
QUESTIONS: dict[str, Callable[[Store, Company], Any]] = {
    "members.by_id": lambda store, ids: store.members.by_id(ids.ana),
    "members.by_ids": lambda store, ids: store.members.by_ids([ids.ana, ids.bo]),
    "members.by_key": lambda store, ids: store.members.by_key("U-ANA"),
    "members.by_keys": lambda store, ids: store.members.by_keys(KEYS),
    "members.of_team": lambda store, ids: store.members.of_team(ids.team),
    "members.people": lambda store, ids: store.members.people(),
    "members.admins": lambda store, ids: store.members.admins(),
    "teams.by_id": lambda store, ids: store.teams.by_id(ids.team),
    "teams.by_name": lambda store, ids: store.teams.by_name("Backend"),
    "teams.all": lambda store, ids: store.teams.all(),
    "teams.managed_by": lambda store, ids: store.teams.managed_by(ids.bo),
    "questions.for_team": lambda store, ids: store.questions.for_team(ids.team),
    "questions.own_set": lambda store, ids: store.questions.own_set(None),
    "questions.asked_already": lambda store, ids: store.questions.asked_already(None, MONDAY),
    "questions.first_are_due": lambda store, ids: store.questions.first_are_due(),
    "questions.by_ids": lambda store, ids: store.questions.by_ids({ids.question}),
    "checkins.find": lambda store, ids: store.checkins.find(ids.ana, FRIDAY),
    "checkins.by_id": lambda store, ids: store.checkins.by_id(ids.checkin),
    "checkins.by_ids": lambda store, ids: store.checkins.by_ids([ids.checkin]),
    "checkins.last_before": lambda store, ids: store.checkins.last_before(ids.bo, FRIDAY),
    "checkins.of_member": lambda store, ids: store.checkins.of_member(ids.ana),
    "checkins.open_of": lambda store, ids: store.checkins.open_of(ids.ana),
    "checkins.how_many_of": lambda store, ids: store.checkins.how_many_of(ids.ana),
    "checkins.of_team": lambda store, ids: store.checkins.of_team(ids.team, *YEAR),
    "blockers.by_id": lambda store, ids: store.blockers.by_id(ids.blocker),
    "blockers.by_ids": lambda store, ids: store.blockers.by_ids({ids.blocker}),
    "blockers.of_checkin": lambda store, ids: store.blockers.of_checkin(ids.checkin),
    "blockers.of_member": lambda store, ids: store.blockers.of_member(ids.ana),
    "blockers.how_many_of": lambda store, ids: store.blockers.how_many_of(ids.ana),
    "blockers.of_team": lambda store, ids: store.blockers.of_team(ids.team, LONG_AGO, LONG_HENCE),
    "drafts.find": lambda store, ids: store.drafts.find(ids.ana, "checkin"),
    "drafts.how_many_of": lambda store, ids: store.drafts.how_many_of(ids.ana),
    "kudos.by_id": lambda store, ids: store.kudos.by_id(ids.kudos),
    "kudos.by_ids": lambda store, ids: store.kudos.by_ids({ids.kudos}),
    "kudos.by_source": lambda store, ids: store.kudos.by_source("the same form everywhere"),
    "kudos.given_by": lambda store, ids: store.kudos.given_by(ids.ana),
    "kudos.received_by": lambda store, ids: store.kudos.received_by(ids.bo),
    "kudos.touching": lambda store, ids: store.kudos.touching([ids.ana], LONG_AGO, LONG_HENCE),
    "kudos.given_since": lambda store, ids: store.kudos.given_since(ids.ana, LONG_AGO),
    "kudos.how_many_given_by": lambda store, ids: store.kudos.how_many_given_by(ids.ana),
    "kudos.how_many_received_by": lambda store, ids: store.kudos.how_many_received_by(ids.bo),
    "kudos.company_values": lambda store, ids: store.kudos.company_values(),
    "kudos.company_value": lambda store, ids: store.kudos.company_value(ids.value),
    "cadences.by_id": lambda store, ids: store.cadences.by_id(ids.cadence),
    "cadences.ids_of_feature": lambda store, ids: store.cadences.ids_of_feature("checkins"),
    "cadences.of_feature": lambda store, ids: store.cadences.of_feature("checkins"),
    "cadences.all": lambda store, ids: store.cadences.all(),
    "prompts.by_id": lambda store, ids: store.prompts.by_id(ids.prompt),
    "prompts.open_of": lambda store, ids: store.prompts.open_of(ids.ana),
    "prompts.invited": lambda store, ids: store.prompts.invited(ids.cadence, FRIDAY, [ids.ana]),
    "prompts.closing_of": lambda store, ids: store.prompts.closing_of(ids.ana, FRIDAY),
    "prompts.closing": lambda store, ids: store.prompts.closing([ids.ana], *YEAR),
    "absences.of_member": lambda store, ids: store.absences.of_member(ids.ana),
    "absences.away_on": lambda store, ids: store.absences.away_on([ids.ana, ids.bo], FRIDAY),
    "absences.calendar_of": lambda store, ids: store.absences.calendar_of(ids.ana),
    "absences.is_holiday": lambda store, ids: store.absences.is_holiday("DE", FRIDAY),
    "absences.places_in_use": lambda store, ids: store.absences.places_in_use(),
    "waves.closed_with": lambda store, ids: store.waves.closed_with(ids.cadence, FRIDAY, [ids.cadence]),
    "waves.coming": lambda store, ids: store.waves.coming(ids.cadence),
    "waves.under_way": lambda store, ids: store.waves.under_way(),
    "waves.closes_on": lambda store, ids: store.waves.closes_on(ids.cadence, FRIDAY),
    "waves.open_still": lambda store, ids: store.waves.open_still(replace(EVERYBODYS, id=ids.cadence)),
    "waves.is_over": lambda store, ids: store.waves.is_over(ids.cadence, FRIDAY),
    "waves.to_come": lambda store, ids: sorted(store.waves.to_come(replace(EVERYBODYS, id=ids.cadence))),
    "planning.whom": lambda store, ids: store.planning.whom(Audience(everybody=True, members=(ids.ana,))),
    "planning.preview": lambda store, ids: store.planning.preview(replace(EVERYBODYS, id=ids.cadence), *YEAR),
    "planning.next_of": lambda store, ids: store.planning.next_of(replace(EVERYBODYS, id=ids.cadence), ids.ana),
    "prompts.how_many_of": lambda store, ids: store.prompts.how_many_of(ids.ana),
    "prompts.how_many_count": lambda store, ids: store.prompts.how_many_count(ids.ana, LONG_AGO, CLOSES),
    "summaries.newest": lambda store, ids: store.summaries.newest(ids.team, FRIDAY - timedelta(days=7), FRIDAY),
    "summaries.by_id": lambda store, ids: store.summaries.by_id(ids.summary),
    "summaries.of_team": lambda store, ids: store.summaries.of_team(ids.team),
    "mutes.teams_of": lambda store, ids: store.mutes.teams_of(ids.bo),
    "mutes.cadences_of": lambda store, ids: store.mutes.cadences_of(ids.bo),
    "deliveries.find": lambda store, ids: store.deliveries.find("the same key everywhere"),
    "deliveries.was_queued": lambda store, ids: store.deliveries.was_queued("the same key everywhere"),
    "deliveries.of_prompt": lambda store, ids: store.deliveries.of_prompt(ids.prompt),
    "deliveries.waiting": lambda store, ids: store.deliveries.waiting(),
    "deliveries.overdue_since": lambda store, ids: store.deliveries.overdue_since(),
    "deliveries.unsent": lambda store, ids: store.deliveries.unsent(),
    "standing.traffic": lambda store, ids: store.standing.traffic(),
    "standing.sent_since": lambda store, ids: store.standing.sent_since(LONG_AGO),
    "standing.coming": lambda store, ids: store.standing.coming(),
    "standing.underway": lambda store, ids: store.standing.underway(),
    "standing.failures": lambda store, ids: store.standing.failures(LONG_AGO),
    "standing.tally": lambda store, ids: store.standing.tally(FRIDAY),
    "standing.names": lambda store, ids: store.standing.names([ids.cadence]),
    "lanes.state": lambda store, ids: store.lanes.state(),
    "lanes.has_due": lambda store, ids: store.lanes.has_due(),
    "lanes.next_at": lambda store, ids: store.lanes.next_at(),
}

NOTHING_TO_FIND = {
    "standing.sent_since",
    "members.admins",
    "deliveries.of_prompt",
    "standing.coming",
    "waves.closed_with",
    "standing.underway",
    "lanes.next_at",
    "questions.first_are_due",
    "waves.is_over",
}

# How many there are: one, asked with our ids, and none, asked with the twin's.
COUNTS = {name for name in QUESTIONS if "how_many_" in name or name == "kudos.given_since"}

# What changes things, and is tried against the twin in the other test.
CHANGES = {
    "members.greet members.keep members.set_reach members.set_team members.set_told_of_kudos members.looked_at_home",
    "members.choose",
    "teams.add teams.change teams.remove",
    "questions.add questions.replace questions.retire questions.place",
    "checkins.share",
    "blockers.raise_for blockers.acknowledge blockers.resolve blockers.reopen",
    "drafts.save drafts.drop",
    "kudos.give kudos.take_back kudos.add_value kudos.retire_value",
    "cadences.add cadences.change cadences.end",
    "prompts.answer prompts.reopen prompts.resume",
    "prompts.mark_sent prompts.mark_answered prompts.leave_out prompts.skip prompts.snooze",
    "absences.add absences.remove absences.end_pause absences.set_calendar absences.set_calendar_text",
    "absences.set_calendar_file absences.drop_calendar absences.calendars_to_read absences.replace_calendar",
    "absences.keep_holidays",
    "waves.arrange waves.follow waves.lock waves.take waves.add waves.go_on waves.look_again waves.put_off waves.close",
    "planning.plan planning.nudge planning.record prompts.miss prompts.move prompts.close_sooner prompts.close_earlier",
    "prompts.keep_back prompts.send_after_all",
    "summaries.keep",
    "mutes.add_team mutes.add_cadence mutes.end_team mutes.end_cadence",
    "deliveries.queue deliveries.queue_prompt deliveries.queue_home",
    "lanes.take lanes.renew lanes.leave lanes.learn lanes.pause lanes.put_off_homes lanes.park lanes.resume lanes.word",
    "lanes.settle_sent lanes.give_up lanes.try_again lanes.doubt lanes.put_back",
    "events.is_new",
}


def test_every_method_of_every_repository_is_tried_against_a_twin(sqlite_storage: Storage) -> None:
    with sqlite_storage.begin(OURS) as store:
        there = {
            f"{noun}.{name}"
            for noun, value in vars(Store).items()
            if isinstance(value, cached_property) and isinstance(getattr(store, noun), Repository)
            for name, _ in inspect.getmembers(type(getattr(store, noun)), inspect.isfunction)
            if not name.startswith("_")
        }
    assert there == QUESTIONS.keys() | {name for some in CHANGES for name in some.split()}


def test_no_question_returns_what_is_the_twins(storage: Storage) -> None:
    ours, twin = arrange(storage, OURS, "our"), arrange(storage, TWIN, "their")
    with storage.begin(OURS) as store:
        for name, ask in QUESTIONS.items():
            answer = ask(store, ours)
            assert "their" not in repr(answer), name
            if name not in NOTHING_TO_FIND:
                assert answer, f"{name} found nothing, so it shows nothing"
        assert {name: QUESTIONS[name](store, ours) for name in COUNTS} == dict.fromkeys(COUNTS, 1)
        assert {name: QUESTIONS[name](store, twin) for name in COUNTS} == dict.fromkeys(COUNTS, 0)
        assert len(store.members.people()) == 2
        assert store.deliveries.waiting() == 1
        assert store.workspace.settings.kudos_channel == "our channel"
    with storage.begin(OURS) as store:
        for name, ask in QUESTIONS.items():
            # Even somebody who knows the twin's ids learns nothing by them.
            assert "their" not in repr(ask(store, twin)), name


def test_no_change_reaches_the_twin(storage: Storage) -> None:
    ours = arrange(storage, OURS, "our")
    twin = arrange(storage, TWIN, "their")
    before = everything(storage, twin)
    with storage.begin(TWIN) as store:
        theirs = [*store.waves.coming(twin.cadence), *store.waves.under_way()]
    with storage.begin(OURS) as store:
        store.members.set_reach("U-ANA", "elsewhere")
        store.members.set_team([twin.ana, twin.bo], None)
        store.members.set_told_of_kudos(twin.ana, False)
        store.members.looked_at_home(twin.ana)
        store.teams.change(twin.team, name="Taken over")
        store.teams.remove(twin.team)
        store.members.choose(twin.ana, zone="Asia/Tokyo")
        store.cadences.end(twin.cadence)
        (coming,) = (one for one in theirs if one.state == "coming")
        (opened,) = (one for one in theirs if one.state == "open")
        store.waves.arrange(replace(EVERYBODYS, id=twin.cadence))
        store.waves.go_on(coming, 5, "opening")
        store.waves.look_again(opened, None, "closed", 0)
        store.waves.put_off(twin.wave, CLOSES)
        store.planning.nudge(replace(EVERYBODYS, id=twin.cadence), opened, 0)
        store.planning.record(replace(EVERYBODYS, id=twin.cadence), opened, 0)
        store.prompts.close_sooner(twin.cadence, FRIDAY, "UTC", MONDAY)
        store.prompts.close_earlier(twin.cadence, FRIDAY + timedelta(days=1), numbers_of([twin.ana]))
        store.prompts.move(twin.prompt, CLOSES)
        store.prompts.keep_back(twin.prompt)
        store.prompts.send_after_all(twin.prompt)
        store.prompts.miss(twin.prompt, "closed")
        store.prompts.mark_sent(twin.prompt)
        store.prompts.mark_answered(twin.prompt)
        store.prompts.answer(twin.ana, FRIDAY, [twin.cadence])
        store.prompts.leave_out(twin.prompt, "absent")
        store.prompts.skip(twin.prompt)
        store.prompts.snooze(twin.prompt, CLOSES)
        store.prompts.reopen(twin.prompt)
        store.prompts.resume(twin.ana, twin.cadence)
        store.absences.remove(twin.ana, twin.absence)
        store.absences.end_pause(twin.ana, twin.cadence)
        store.absences.drop_calendar(twin.ana)
        assert [one.member_id for one in store.absences.calendars_to_read(LONG_HENCE, 10)] == [ours.ana]
        assert not store.absences.replace_calendar(twin.ana, [], MONDAY)
        store.absences.keep_holidays("DE", {FRIDAY: "our holiday"})
        store.questions.retire(twin.question)
        store.questions.place(twin.question, 1)
        store.blockers.acknowledge(twin.blocker, twin.bo)
        store.blockers.resolve(twin.blocker)
        store.blockers.reopen(twin.blocker)
        store.drafts.save(store.members.greet("U-ANA").id, "checkin", {"done": "ours"})
        store.drafts.drop(twin.ana, "checkin")
        store.kudos.retire_value(twin.value)
        store.mutes.end_team(twin.bo, twin.team)
        store.mutes.end_cadence(twin.bo, twin.cadence)
        assert not store.kudos.take_back(twin.kudos)
        store.deliveries.queue("channel", "C1", {}, key="the same key everywhere")
        store.deliveries.queue_home("U-ANA")
        store.lanes.leave("their courier")
        store.lanes.renew("their courier", timedelta(days=1))
        store.lanes.learn(1.0)
        store.lanes.pause(CLOSES)
        store.lanes.put_off_homes(CLOSES)
        store.lanes.resume()
        store.change_settings(kudos_channel="elsewhere")
    assert everything(storage, twin) == before


def test_a_question_about_somebody_who_is_not_here_is_refused_rather_than_replaced(storage: Storage) -> None:
    twin = arrange(storage, TWIN, "their")
    with storage.begin(OURS) as store, pytest.raises(KeyError):
        store.questions.replace(twin.question, "Ours now?", "short")


def everything(storage: Storage, ids: Company) -> str:
    with storage.begin(TWIN) as store:
        return "\n".join(f"{name} {ask(store, ids)!r}" for name, ask in QUESTIONS.items()) + repr(store.workspace)
