"""A digest from rows: figures and ids, the same every time, and the same again after it was stored."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from insights.digest import (
    BlockerFact,
    Digest,
    KudosFact,
    Period,
    ScaleFact,
    blocker_facts,
    done_answers,
    from_json,
    kudos_fact,
    scale_facts,
)
from insights.measures import Reading
from insights.participation import Participation
from storage.blockers import Blocker
from storage.checkins import Answer, CheckIn
from storage.kudos import Kudos
from storage.questions import Question

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
MOOD = Question(2, "How was your week?", "scale", part="mood", position=20)
LOAD = Question(3, "How was the load?", "scale", position=10)
DONE = Question(1, "What got done?", "long", part="done", position=5)

ids = st.lists(st.integers(1, 10**9), max_size=5).map(tuple)
counts = st.integers(0, 10_000)
shares = st.floats(0, 1)
readings = st.builds(Reading, counts, counts, st.floats(-100, 100), shares)
digests = st.builds(
    Digest,
    participation=st.builds(Participation, ids, ids, ids, ids, ids),
    checkins=ids,
    done=ids,
    done_by=ids,
    blockers=st.lists(
        st.builds(BlockerFact, counts, st.sampled_from(["open", "acknowledged", "resolved"]), counts, counts)
    ).map(tuple),
    scales=st.lists(
        st.builds(ScaleFact, counts, readings, readings, st.sampled_from(["higher", "lower", "cannot tell"]), ids)
    ).map(tuple),
    kudos=st.builds(KudosFact, ids, counts, counts),
)


def checkin(number: int, *answers: Answer, by: int = 1) -> CheckIn:
    return CheckIn(number, by, 1, date(2026, 3, 6), NOW, NOW, answers=answers)


@given(digests)
def test_a_digest_survives_storing(digest: Digest):
    assert from_json(json.loads(json.dumps(digest.to_json()))) == digest


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)), st.integers(0, 365))
def test_the_period_before_ends_where_this_one_begins(first: date, more: int):
    period = Period(first, first + timedelta(days=more))
    assert period.before.days == period.days
    assert period.before.last + timedelta(days=1) == period.first


def test_a_period_begins_and_ends_at_local_midnight():
    start, end = Period(date(2026, 3, 23), date(2026, 3, 29)).instants(ZoneInfo("Europe/Berlin"))
    assert start == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert end == datetime(2026, 3, 29, 22, tzinfo=UTC)  # the clocks went forward that night


def test_scales_are_read_beside_the_period_before():
    now = [checkin(1, Answer(2, score=5.0), Answer(3, score=1.0)), checkin(2, Answer(2, score=3.0), by=2)]
    before = [checkin(3, Answer(2, score=1.0))]
    load, mood = scale_facts({2: MOOD, 3: LOAD, 1: DONE}, now, before)
    assert (load.question_id, mood.question_id) == (3, 2)
    assert mood.now == Reading(2, 2, 4.0, 0.5)
    assert mood.before == Reading(1, 1, 1.0, 0.0)
    assert mood.verdict == "cannot tell"
    assert mood.checkins == (1, 2)
    assert load.before == Reading()


def test_a_scale_that_nobody_answered_is_left_out():
    assert scale_facts({2: MOOD}, [checkin(1, Answer(2))], []) == ()


def test_what_was_done_is_words_or_choices():
    given = checkin(1, Answer(1, words="Shipped"), Answer(2, score=3.0))
    assert done_answers(given, {1: DONE, 2: MOOD}) == ["Shipped"]
    assert done_answers(checkin(1, Answer(1, chosen=("Code", "Docs"))), {1: DONE}) == ["Code, Docs"]
    assert done_answers(checkin(1, Answer(1)), {1: DONE}) == []


def test_blockers_stand_oldest_first_and_resolved_ones_last():
    def blocker(number: int, days: int, state: str) -> Blocker:
        raised = NOW - timedelta(days=days)
        return Blocker(number, 1, 1, 1, 4, "words", state, raised, NOW if state == "resolved" else None)  # type: ignore[arg-type]

    facts = blocker_facts([blocker(1, 2, "open"), blocker(2, 30, "resolved"), blocker(3, 9, "acknowledged")], NOW)
    assert [(one.id, one.days, one.owner_id) for one in facts] == [(3, 9, 4), (1, 2, 4), (2, 30, 4)]


def test_kudos_reach_those_of_the_team_who_gave_or_received():
    given = [Kudos(1, 1, (2, 9), "w", None, True, NOW), Kudos(2, 8, (1,), "w", None, False, NOW)]
    assert kudos_fact([1, 2, 3, 4], given) == KudosFact((1, 2), members=2, of=4)
