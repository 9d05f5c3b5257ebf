"""Questions, check-ins with their history, blockers and drafts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.checkins import Answer, CheckIn, Formerly
from storage.engine import Storage
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY

ACME = WorkspaceKey("slack", "T-ACME")
FRIDAY = date(2026, 3, 6)
CLOSES = datetime(2026, 3, 6, 18, tzinfo=MONDAY.tzinfo)


def later(storage: Storage, **span: float) -> None:
    storage.clock.move(timedelta(**span))  # type: ignore[attr-defined]


def two_questions(store: Store) -> tuple[int, int]:
    return store.questions.add("What moved?", "long", part="done"), store.questions.add("How was it?", "scale")


def share(store: Store, *answers: Answer) -> CheckIn:
    ana = store.members.greet("U-ANA", "Ana")
    return store.checkins.share(ana.id, ana.team_id, FRIDAY, CLOSES, answers)


# -- questions -------------------------------------------------------------------------------------------------------


def test_questions_keep_their_order_and_their_details(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, how = two_questions(store)
        store.questions.add("Which?", "choice", options=("a", "b"), required=False, position=5, hint="One of them")
        why = store.questions.add("Why so low?", "short", follows=how, when=("1", "2"))
        found = store.questions.for_team(None)
    assert [one.words for one in found] == ["Which?", "What moved?", "How was it?", "Why so low?"]
    assert (found[0].options, found[0].required, found[0].hint) == (("a", "b"), False, "One of them")
    assert (found[1].id, found[1].part) == (moved, "done")
    assert (found[3].id, found[3].follows, found[3].when) == (why, how, ("1", "2"))


def test_a_team_is_asked_its_own_set_or_else_the_companys(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        team, other = store.teams.add("Backend"), store.teams.add("Sales")
        two_questions(store)
        assert len(store.questions.for_team(team.id)) == 2
        assert store.questions.own_set(team.id) == []
        own = store.questions.add("What broke?", "short", team_id=team.id)
        assert [one.id for one in store.questions.for_team(team.id)] == [own]
        assert len(store.questions.for_team(other.id)) == 2


def test_a_changed_question_is_a_new_one_and_old_answers_keep_theirs(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, how = two_questions(store)
        follow_up = store.questions.add("Why?", "short", follows=how, when=("1",))
        new = store.questions.replace(how, "How did it feel?", "scale", high=7)
        asked = store.questions.for_team(None)
        assert [one.id for one in asked] == [moved, new, follow_up]
        assert asked[2].follows == new
        assert store.questions.by_ids({how})[how].words == "How was it?"
        store.questions.retire(new)
        assert [one.id for one in store.questions.for_team(None)] == [moved]


# -- check-ins -------------------------------------------------------------------------------------------------------


def test_a_check_in_is_kept_as_it_was_given(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, how = two_questions(store)
        shared = share(store, Answer(moved, "The build is green."), Answer(how, score=4.0, chosen=("4",)))
    with storage.begin(ACME) as store:
        found = store.checkins.by_id(shared.id)
    assert found == shared
    assert found
    assert found.answer_to(how) == Answer(how, "", ("4",), 4.0)


def test_until_it_closes_it_can_be_changed_and_there_is_still_one(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, how = two_questions(store)
        first = share(store, Answer(moved, "Half of it."), Answer(how, score=2.0))
    later(storage, hours=1)
    with storage.begin(ACME) as store:
        again = share(store, Answer(moved, "All of it."), Answer(how, score=2.0))
        assert again.id == first.id
        assert (again.shared_at, again.edited_at, again.corrected_at) == (MONDAY, MONDAY + timedelta(hours=1), None)
        assert again.answers == (Answer(moved, "All of it."), Answer(how, score=2.0))
        assert again.formerly == ()
        assert len(store.checkins.of_member(again.member_id)) == 1


def test_after_it_closed_a_correction_keeps_what_was_said_before(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, how = two_questions(store)
        share(store, Answer(moved, "We ship on Monday."), Answer(how, score=5.0))
    later(storage, days=5)
    once = storage.clock.now()
    with storage.begin(ACME) as store:
        share(store, Answer(moved, "We ship on Tuesday."), Answer(how, score=5.0))
    later(storage, days=1)
    with storage.begin(ACME) as store:
        found = share(store, Answer(moved, "We ship in April."))
    assert (found.edited_at, found.corrected_at) == (None, once + timedelta(days=1))
    assert found.answers == (Answer(moved, "We ship in April."),)
    assert set(found.formerly) == {
        Formerly(Answer(moved, "We ship on Monday."), once),
        Formerly(Answer(moved, "We ship on Tuesday."), once + timedelta(days=1)),
        Formerly(Answer(how, score=5.0), once + timedelta(days=1)),
    }


def test_last_time_is_found_and_so_is_what_a_team_shared(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U-ANA", "Ana")
        team = store.teams.add("Backend")
        moved, _ = two_questions(store)
        for weeks in range(3):
            day = FRIDAY - timedelta(weeks=weeks)
            store.checkins.share(ana.id, team.id, day, CLOSES, [Answer(moved, f"{weeks} weeks ago")])
        last = store.checkins.last_before(ana.id, FRIDAY)
        assert last
        assert last.answers[0].words == "1 weeks ago"
        assert store.checkins.last_before(ana.id, FRIDAY - timedelta(weeks=2)) is None
        found = store.checkins.of_team(team.id, FRIDAY - timedelta(weeks=1), FRIDAY)
        assert [one.occurrence for one in found] == [FRIDAY, FRIDAY - timedelta(weeks=1)]
        assert [one.occurrence for one in store.checkins.of_member(ana.id, most=1)] == [FRIDAY]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(words, st.none() | st.integers(-5, 10).map(float)), min_size=1, max_size=5))
def test_what_was_given_last_stands_and_after_closing_nothing_is_forgotten(
    sqlite_storage: Storage, rounds: list[tuple[str, float | None]]
) -> None:
    with sqlite_storage.begin(ACME) as store:
        question = store.questions.add("What moved?", "long")
        who = store.members.greet(f"U{question}").id
        given = [Answer(question, said, score=score) for said, score in rounds]
        for answer in given:
            found = store.checkins.share(who, None, FRIDAY, MONDAY, [answer])
            assert found.answers == (answer,)
        changes = [old for old, new in pairwise(given) if old != new]
        assert [one.answer for one in found.formerly] == changes


# -- blockers and drafts ---------------------------------------------------------------------------------------------


def test_a_blocker_has_an_owner_an_age_and_a_state(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, _ = two_questions(store)
        bo = store.members.greet("U-BO", "Bo")
        shared = share(store, Answer(moved, "x"))
        store.blockers.raise_for(shared.id, shared.member_id, None, ["No staging server", "No licence"])
        staging, licence = store.blockers.of_checkin(shared.id)
        assert (staging.words, staging.state, staging.owner_id) == ("No staging server", "open", shared.member_id)
        store.blockers.acknowledge(staging.id, bo.id)
        assert [one.id for one in store.blockers.of_member(bo.id)] == [staging.id]
    later(storage, days=3)
    with storage.begin(ACME) as store:
        store.blockers.resolve(licence.id)
        assert [one.id for one in store.blockers.of_member(shared.member_id)] == [staging.id]
    later(storage, days=4)
    with storage.begin(ACME) as store:
        one, other = store.blockers.by_ids({staging.id, licence.id})
        assert (one.state, one.days(store.now)) == ("acknowledged", 7)
        assert (other.state, other.days(store.now)) == ("resolved", 3)
        store.blockers.acknowledge(licence.id, bo.id)
        store.blockers.reopen(licence.id)
        reopened = store.blockers.by_id(licence.id)
    assert reopened
    assert (reopened.state, reopened.resolved_at, reopened.owner_id) == ("open", None, shared.member_id)


def test_an_edit_takes_open_blockers_away_but_not_those_somebody_cares_for(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        moved, _ = two_questions(store)
        shared = share(store, Answer(moved, "x"))
        store.blockers.raise_for(shared.id, shared.member_id, None, ["No staging server", "No licence", "No licence"])
        staging, _ = store.blockers.of_checkin(shared.id)
        store.blockers.acknowledge(staging.id, shared.member_id)
        store.blockers.raise_for(shared.id, shared.member_id, None, ["No coffee"])
        assert [one.words for one in store.blockers.of_checkin(shared.id)] == ["No staging server", "No coffee"]


def test_a_draft_is_kept_until_it_is_dropped(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana, bo = store.members.greet("U-ANA"), store.members.greet("U-BO")
        store.drafts.save(ana.id, "checkin", {"moved": "Half a sent", "chosen": ("a", "b"), "yes": True})
        store.drafts.save(ana.id, "checkin", {"moved": "Half a sentence", "chosen": ("a",), "none": None})
        store.drafts.save(ana.id, "kudos", {})
    with storage.begin(ACME) as store:
        assert store.drafts.find(ana.id, "checkin") == {"moved": "Half a sentence", "chosen": ("a",), "none": None}
        assert store.drafts.find(bo.id, "checkin") == {}
        store.drafts.drop(ana.id, "checkin")
        assert store.drafts.find(ana.id, "checkin") == {}
