"""The right people are asked at the right moment, once: stories of an office, on both databases."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta
from typing import Any

import pytest

from handlers.feature import Feature
from scheduler.tick import Ticker, next_moment
from storage.absences import absences, holidays
from storage.cadences import Audience
from storage.engine import Storage
from storage.members import Listed
from storage.recurrence import Recurrence, Timing
from tests.scheduler.offices import ACME, HOUR, THURSDAYS, Office, local, replace, utc

FIRST, SECOND = date(2026, 3, 5), date(2026, 3, 12)
ZONES = {"tomo": "Asia/Tokyo", "lou": "America/Los_Angeles", "bea": "Europe/Berlin", "kim": "Asia/Kathmandu"}
DAILY = replace(THURSDAYS, recurrence=Recurrence(date(2026, 3, 1), (0, 1, 2, 3, 4)))


def be_absent(office: Office, name: str, first: date, last: date | None, kind: str, **more: Any) -> None:
    values = {"member_id": office.ids[name], "first": first, "last": last, "kind": kind, "source": "", **more}
    put_in(office.storage, absences, **values)


def put_in(storage: Storage, table: Any, **values: Any) -> None:
    with storage.begin(ACME) as store:
        workspace_id = store.workspace.id
    with storage.connect() as connection:
        connection.execute(table.insert().values(workspace_id=workspace_id, **values))


async def test_everybody_is_asked_at_ten_by_their_own_clock(storage: Storage) -> None:
    office = Office(storage, **ZONES)
    office.arrange(THURSDAYS)
    await office.until(utc(8))
    assert [local(at, ZONES[name]) for name, at in office.messages()] == ["05 10:00"] * 4
    assert [name for name, _ in office.messages()] == ["tomo", "kim", "bea", "lou"]
    assert set(office.states().values()) == {("waiting", "")}
    assert office.closed() == [FIRST]
    await office.until(utc(15))
    assert len(office.messages()) == 8
    assert office.closed() == [FIRST, SECOND]


async def test_those_who_are_not_asked_are_on_record_and_it_says_why(storage: Storage) -> None:
    names = ("away", "back", "paused", "other", "bavarian", "off", "done", "asked")
    office = Office(storage, **dict.fromkeys(names, "Europe/Berlin"))
    cadence = office.arrange(THURSDAYS)
    ids = office.ids
    be_absent(office, "away", FIRST, None, "away")
    be_absent(office, "back", date(2026, 3, 1), date(2026, 3, 4), "away")
    be_absent(office, "paused", FIRST, None, "pause", cadence_id=cadence.id)
    elsewhere = office.arrange(replace(THURSDAYS, audience=Audience()))
    be_absent(office, "other", FIRST, None, "pause", cadence_id=elsewhere.id)
    put_in(storage, holidays, place="DE-BY", day=FIRST, name="Bavaria Day")
    office.choose("bavarian", holidays="DE-BY")
    office.choose("off", working_days="1110111")
    with storage.begin(ACME) as store:
        store.checkins.share(ids["done"], None, FIRST + timedelta(days=1), utc(6, 17), [])
    with storage.begin(ACME) as store:
        (foreseen, *_) = [store.planning.preview(cadence, FIRST, FIRST)]
    await office.until(utc(5, 12))
    assert office.states() == {
        ("away", FIRST): ("left_out", "absent"),
        ("back", FIRST): ("waiting", ""),
        ("paused", FIRST): ("left_out", "paused"),
        ("other", FIRST): ("waiting", ""),
        ("bavarian", FIRST): ("left_out", "holiday"),
        ("off", FIRST): ("left_out", "day_off"),
        ("done", FIRST): ("left_out", "answered"),
        ("asked", FIRST): ("waiting", ""),
    }
    assert [name for name, _ in office.messages()] == ["asked", "back", "other"]
    assert {(one.state, one.why): one.count for one in foreseen} == {
        ("waiting", ""): 3,
        **{("left_out", why): 1 for why in ("absent", "paused", "holiday", "day_off", "answered")},
    }


async def test_guests_bots_and_exceptions(storage: Storage) -> None:
    office = Office(storage, ana="UTC", bo="UTC", cy="UTC", dan="UTC")
    with storage.begin(ACME) as store:
        store.members.keep(Listed("gus", "gus", "UTC", "guest"))
        store.members.keep(Listed("rob", "rob", "UTC", "bot"))
        store.members.keep(Listed("dan", "dan", "UTC", active=False))
        gus, rob = (store.members.by_key(key) for key in ("gus", "rob"))
        assert gus
        assert rob
        office.ids |= {"gus": gus.id, "rob": rob.id}
        team = store.teams.add("Team")
        store.members.set_team([gus.id, rob.id, office.ids["bo"], office.ids["dan"]], team.id)
    office.arrange(replace(THURSDAYS, audience=Audience(everybody=True, without=(office.ids["cy"],))))
    office.arrange(replace(THURSDAYS, audience=Audience(teams=(team.id,))))
    await office.until(utc(5, 10))
    assert sorted(name for name, _ in office.messages()) == ["ana", "bo", "bo", "gus"]


async def test_a_budget_holds_over_all_cadences_and_the_rest_is_put_off(storage: Storage) -> None:
    office = Office(storage, ana="UTC", bo="UTC")
    office.choose("bo", weekly_most=1)
    office.choose("ana", weekly_most=7)  # more than everybody gets is no more
    with storage.begin(ACME) as store:
        store.change_settings(budget=2)
    # Friday's stays open over the weekend.
    days = Recurrence(date(2026, 3, 3), (1, 2, 3, 4))
    daily = office.arrange(replace(THURSDAYS, recurrence=days, timing=Timing(nudges=0, closes_after=5)))
    with storage.begin(ACME) as store:
        foreseen = store.planning.preview(daily, date(2026, 3, 3), date(2026, 3, 6))
    await office.until(utc(6, 12))
    waiting = sorted((name, day.day) for (name, day), (state, _) in office.states().items() if state == "waiting")
    assert waiting == [("ana", 3), ("ana", 4), ("bo", 3)]
    # What is put off and still open on Monday is said then.
    asked = [("ana", utc(3, 10)), ("bo", utc(3, 10)), ("ana", utc(4, 10))]
    assert office.messages() == [*asked, ("ana", utc(9, 10)), ("bo", utc(9, 10))]
    counted = {(one.day.day, one.state): one.count for one in foreseen}
    assert counted == {(3, "waiting"): 2, (4, "waiting"): 1, (4, "put_off"): 1, (5, "put_off"): 2, (6, "put_off"): 2}


async def test_nobody_is_written_to_in_their_quiet_or_free_hours(storage: Storage) -> None:
    office = Office(storage, early="UTC", late="UTC", night="UTC")
    office.choose("late", works="12:30-20:00")
    office.choose("night", quiet="09:00-17:00")
    office.arrange(THURSDAYS)
    await office.until(utc(5, 10))
    assert office.messages() == [("early", utc(5, 10)), ("late", utc(5, 12, 30)), ("night", utc(5, 17))]


async def test_whoever_works_at_night_is_asked_and_reminded_at_night(storage: Storage) -> None:
    office = Office(storage, owl="UTC", lark="UTC")
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-09:00")
    office.choose("owl", works="20:00-04:00")
    office.arrange(replace(THURSDAYS, timing=Timing(closes_after=2, nudges=1)))
    await office.until(utc(6, 21))
    assert office.messages() == [("lark", utc(5, 10)), ("owl", utc(5, 20))]
    assert office.messages("nudge") == [("lark", utc(6, 14)), ("owl", utc(6, 20))]


async def test_in_one_fixed_zone_quiet_hours_are_still_ones_own(storage: Storage) -> None:
    office = Office(storage, bea="Europe/Berlin", lou="America/Los_Angeles")
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-09:00")
    office.arrange(replace(THURSDAYS, timing=Timing(zone="Europe/Berlin", nudges=0)))
    await office.until(utc(5, 10))
    assert office.messages() == [("bea", utc(5, 9)), ("lou", utc(5, 17))]


async def test_a_window_spreads_the_messages_and_each_keeps_their_moment(storage: Storage) -> None:
    office = Office(storage, **{f"m{number}": "UTC" for number in range(60)})
    office.arrange(replace(THURSDAYS, timing=Timing(at=time(9), minutes=120, nudges=0)))
    await office.until(utc(5, 9))
    first = dict(office.messages())
    assert all(utc(5, 9) <= at < utc(5, 11) for at in first.values())
    assert len(set(first.values())) > 30
    await office.until(utc(12, 9))
    moments = sorted(office.messages())
    assert [at - timedelta(days=7) for _, at in moments[1::2]] == [at for _, at in moments[::2]]


async def test_hours_move_only_the_part_of_a_window_that_they_cover(storage: Storage) -> None:
    office = Office(storage, **{f"m{number}": "UTC" for number in range(60)})
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-10:00")
    office.arrange(replace(THURSDAYS, timing=Timing(at=time(9), minutes=120, nudges=0)))
    await office.until(utc(5, 9))
    moments = [at for _, at in office.messages()]
    assert min(moments) == utc(5, 10)
    assert max(moments) > utc(5, 10, 30)


async def test_what_comes_too_late_is_missed_and_what_comes_late_is_sent(storage: Storage) -> None:
    office = Office(storage, bea="Europe/Berlin", tomo="Asia/Tokyo")
    office.arrange(THURSDAYS)
    office.clock.move_to(utc(5, 11))
    await office.ticker.tick()
    assert office.states() == {("bea", FIRST): ("waiting", ""), ("tomo", FIRST): ("missed", "")}
    assert [name for name, _ in office.messages()] == ["bea"]


async def test_after_a_long_sleep_every_date_is_on_record_once(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    office.arrange(DAILY)
    office.clock.move_to(utc(13, 11))
    await office.ticker.tick()
    states = office.states()
    assert [day.day for _, day in states] == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]
    assert [state for state, _ in states.values()] == ["missed"] * 9 + ["waiting"]
    assert len(office.closed()) == 9
    assert await office.ticker.tick() == 0


async def test_a_clock_that_jumps_back_repeats_nothing(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    office.arrange(THURSDAYS)
    await office.until(utc(5, 10))
    office.clock._now -= 2 * HOUR
    await office.ticker.look_round()
    await office.until(utc(6, 20))
    assert office.messages() == [("ana", utc(5, 10))]
    assert [wave.day for wave in office.waves("coming")] == [SECOND]


@pytest.mark.parametrize("at", [time(8), time(9, 30), time(14)])
async def test_an_edited_cadence_neither_repeats_nor_drops_anybody(storage: Storage, at: time) -> None:
    office = Office(storage, tomo="Asia/Tokyo", bea="Europe/Berlin", lou="America/Los_Angeles")
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(5, 8, 45))  # before Berlin's ten, after Tokyo's
    office.arrange(replace(cadence, timing=replace(cadence.timing, at=at)))
    await office.until(utc(7, 12))
    assert sorted(office.states()) == [("bea", FIRST), ("lou", FIRST), ("tomo", FIRST)]
    assert set(office.states().values()) == {("waiting", "")}
    await office.until(utc(14, 12))
    assert len(office.states()) == 6


async def test_somebody_who_moves_is_asked_once_wherever_they_are(storage: Storage) -> None:
    office = Office(storage, west="America/Los_Angeles", east="Asia/Tokyo", new="America/Los_Angeles", **ZONES)
    office.arrange(THURSDAYS)
    await office.until(utc(5, 2))
    office.hire("east", "America/Los_Angeles")  # asked in Tokyo already
    office.hire("west", "Asia/Tokyo")  # asked nowhere yet, and in Tokyo it is eleven
    office.hire("new", "Australia/Sydney")  # where nobody was, and where it is one o'clock
    await office.ticker.look_round()
    await office.until(utc(7, 12))
    assert sorted(name for name, _ in office.messages()) == sorted(["west", "east", "new", *ZONES])
    assert dict(office.messages())["west"] == utc(5, 2)
    assert {day for _, day in office.states()} == {FIRST}


async def test_a_journey_takes_precedence_until_it_ends(storage: Storage) -> None:
    office = Office(storage, ana="Europe/Berlin")
    office.choose("ana", travel_zone="Asia/Tokyo", travel_until=utc(8))
    office.arrange(THURSDAYS)
    await office.until(utc(9))
    await office.ticker.look_round()
    await office.until(utc(13))
    assert office.messages() == [("ana", utc(5, 1)), ("ana", utc(12, 9))]


async def test_somebody_who_joins_later_is_asked_too_unless_it_is_too_late(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    office.arrange(THURSDAYS)
    await office.until(utc(5, 11))
    office.hire("bo", "UTC")
    await office.ticker.look_round()
    await office.until(utc(5, 15))
    office.hire("cy", "UTC")
    await office.ticker.look_round()
    await office.until(utc(7))
    assert sorted(office.states()) == [("ana", FIRST), ("bo", FIRST)]
    assert [name for name, _ in office.messages()] == ["ana", "bo"]


async def test_half_way_through_only_the_silent_are_reminded(storage: Storage) -> None:
    office = Office(storage, ana="UTC", bo="UTC", cy="UTC", dee="UTC", eli="UTC")
    office.choose("eli", quiet="01:00-07:00")
    office.arrange(replace(THURSDAYS, timing=Timing(nudges=1)))
    await office.until(utc(5, 12))
    office.change_prompts("ana", state="answered")
    office.change_prompts("bo", state="sent", snoozed_until=utc(6, 9))
    office.change_prompts("cy", state="sent")
    office.change_prompts("dee", state="skipped")
    await office.until(utc(7))
    assert office.messages("nudge") == [("cy", utc(6, 2)), ("eli", utc(6, 7))]


async def test_an_occurrence_closes_once_when_it_has_closed_everywhere(storage: Storage) -> None:
    closes: list[date] = []
    feature = Feature("digest", "Tells what closed.")
    feature.on_close(lambda turn, cadence, day: closes.append(day))
    office = Office(storage, feature, **ZONES)
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(7, 1, 59))
    assert closes == []
    await office.until(utc(7, 2))
    assert closes == [FIRST]
    office.arrange(replace(cadence, name="Renamed"))
    await office.until(utc(20))
    assert closes == [FIRST, SECOND]


async def test_a_cadence_that_is_paused_asks_nobody_and_still_closes(storage: Storage) -> None:
    office = Office(storage, **ZONES)
    cadence = office.arrange(THURSDAYS)
    await office.until(utc(5, 2))
    cadence = office.arrange(replace(cadence, paused=True))
    await office.until(utc(7))
    assert [name for name, _ in office.messages()] == ["tomo"]
    assert office.closed() == [FIRST]
    office.arrange(replace(cadence, paused=False))
    await office.until(utc(14))
    assert len(office.messages()) == 5
    with storage.begin(ACME) as store:
        store.cadences.end(cadence.id)
        store.waves.arrange(cadence)
    await office.until(utc(30))
    assert len(office.messages()) == 5
    assert next_moment(storage) is None


async def test_a_wave_that_goes_wrong_does_not_keep_others_waiting(storage: Storage) -> None:
    tries: list[str] = []

    def fail(step: str) -> None:
        if step == "closing":
            tries.append(step)
            if len(tries) < 3:
                raise RuntimeError("not now")

    office = Office(storage, ana="UTC")
    office.ticker = Ticker(storage, (), at=fail)
    office.arrange(THURSDAYS)
    await office.until(utc(7))
    assert len(tries) == 3
    assert office.closed() == [FIRST]


async def test_a_feature_that_fails_at_a_close_holds_up_neither_it_nor_the_others(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    broken, well = Feature("broken", "Fails."), Feature("well", "Goes on.")
    tries: list[date] = []

    def fail(turn: Any, cadence: Any, day: date) -> None:
        tries.append(day)
        turn.store.teams.add("Never")
        assert turn.store.teams.all()
        raise RuntimeError("what somebody wrote on " + day.isoformat())

    def go_on(turn: Any, cadence: Any, day: date) -> None:
        turn.store.teams.add(f"after {len(turn.store.teams.all())}")

    broken.on_close(fail)
    well.on_close(go_on)
    office = Office(storage, broken, well, ana="UTC")
    office.arrange(THURSDAYS)
    await office.until(utc(7))
    assert tries == [FIRST]
    assert office.closed() == [FIRST]
    with storage.begin(ACME) as store:
        assert [team.name for team in store.teams.all()] == ["after 0"]
    assert "what broken does after the close" in caplog.text
    assert "RuntimeError" in caplog.text
    assert f"what somebody wrote on {FIRST}" not in caplog.text


def test_two_tickers_at_once_plan_each_prompt_once(postgres_storage: Storage) -> None:
    storage = postgres_storage
    office = Office(storage, **{f"m{number}": zone for number, zone in enumerate([*ZONES.values()] * 10)})
    office.arrange(DAILY)
    office.clock.move_to(utc(5, 11))
    failed: list[BaseException] = []

    def work() -> None:
        ticker = Ticker(storage, ())
        try:
            while ticker.step(ACME):
                pass
        except BaseException as problem:
            failed.append(problem)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    found = office.prompts()
    assert len(found) == len({(name, day) for name, day, *_ in found})
    assert len([one for one in found if one[2] == "waiting"]) == len(office.messages())
    assert {day.day for _, day, *_ in found} == {2, 3, 4, 5}


async def test_nobody_is_written_to_on_a_day_off_whatever_day_it_is_elsewhere(storage: Storage) -> None:
    office = Office(storage, lou="America/Los_Angeles", bea="Europe/Berlin", syd="Australia/Sydney")
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-09:00")
    fridays = Recurrence(date(2026, 3, 1), (4,))
    timing = Timing(zone="America/Los_Angeles", closes_after=4, nudges=0)
    cadence = office.arrange(replace(THURSDAYS, recurrence=fridays, timing=timing))
    with storage.begin(ACME) as store:
        foreseen = store.planning.preview(cadence, date(2026, 3, 6), date(2026, 3, 6))
    await office.until(utc(7))
    # In Berlin it is Friday evening, in Sydney Saturday morning: both hear of it on Monday morning.
    monday = [("bea", "09 09:00"), ("lou", "06 10:00"), ("syd", "09 09:00")]
    zones = {"lou": "America/Los_Angeles", "bea": "Europe/Berlin", "syd": "Australia/Sydney"}
    assert sorted((name, local(at, zones[name])) for name, at in office.messages()) == monday
    assert sorted(at for _, at in office.messages()) == sorted(one.due_at for one in foreseen)


async def test_a_reminder_that_falls_on_a_weekend_comes_on_monday_if_that_is_in_time(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    with storage.begin(ACME) as store:
        store.change_settings(quiet="18:00-09:00")
    fridays = replace(THURSDAYS, recurrence=Recurrence(date(2026, 3, 1), (4,)))
    office.arrange(replace(fridays, timing=Timing(nudges=1, closes_after=3)))
    office.arrange(replace(fridays, timing=Timing(nudges=1, closes_after=2)))
    await office.until(utc(11))
    assert office.messages("nudge") == [("ana", utc(9, 9))]


async def test_nobody_is_reminded_of_what_somebody_ended(storage: Storage) -> None:
    office = Office(storage, ana="UTC")
    cadence = office.arrange(replace(THURSDAYS, timing=Timing(nudges=1)))
    await office.until(utc(5, 12))
    with storage.begin(ACME) as store:
        store.cadences.end(cadence.id)
        store.waves.arrange(cadence)
    await office.until(utc(8))
    assert office.messages("nudge") == []
    assert office.closed() == [FIRST]
