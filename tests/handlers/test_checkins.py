"""Checking in, told as people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from handlers.checkins import answers
from handlers.checkins.rhythm import Weekly
from handlers.checkins.sheet import Page
from handlers.interaction import Value
from handlers.plain import text
from storage.checkins import CheckIn
from storage.engine import Storage
from storage.questions import Question, questions
from tests.handlers.seats import FRIDAY_CLOSE, Room, Seat

FRIDAY = date(2026, 3, 6)
DONE, PLAN, BLOCKERS, MOOD = "What did you get done?", "What is next?", "Anything in your way?", "How was your week?"
WORDS = {DONE: "Moved the archive.", PLAN: "Write the guide."}
HARD_WORDS = (
    "x" * 3000,
    "🫠" * 3000,
    "שלום עולם \u202eالعالم\u202c",
    "zero\u200bwidth\u200d\ufeff",
    "Zalgo e\u0301\u0316\u0317" * 50,
    "NUL\x00inside",
    "half a character \ud83d",
    "<@U123> <!channel> *bold* &amp; <https://example.com|x>",
)


@pytest.fixture
def room(sqlite_storage: Storage) -> Room:
    """A workspace in which nobody has done anything yet."""
    return Room(sqlite_storage)


def checkins_of(room: Room, name: str) -> list[CheckIn]:
    with room.store() as store:
        member = store.members.by_key(name.upper())
        assert member is not None
        return store.checkins.of_member(member.id)


def checked_in(room: Room, name: str = "Ana", **more: Value) -> Seat:
    (seat,) = room.people(name)
    seat.types("/checkin")
    seat.fills({**WORDS, **more})
    seat.sends()
    assert "Thank you" in seat.says
    return seat


def words_of(checkin: CheckIn) -> list[str]:
    return [one.words for one in checkin.answers if one.words]


# -- the first time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["command", "shortcut", "press"])
def test_ana_checks_in_by_any_way_with_the_questions_a_company_begins_with(room: Room, way: str) -> None:
    (ana,) = room.people("Ana")
    ways = {"command": lambda: ana.types("/checkin"), "shortcut": lambda: ana.uses("checkins.start")}
    ways.get(way, lambda: ana.press("checkins.start", ""))()
    assert [one.label for one in ana.inputs()] == [DONE, PLAN, BLOCKERS, MOOD]
    assert "Only you can see it" in ana.says
    ana.fills({**WORDS, MOOD: "4"})
    ana.sends()
    assert "Your check-in for Friday 6 March is in" in ana.says
    assert "edit it until 6 Mar 2026, 18:00" in ana.says
    (checkin,) = checkins_of(room, "Ana")
    assert checkin.occurrence == FRIDAY
    assert checkin.closes_at == FRIDAY_CLOSE
    assert words_of(checkin) == list(WORDS.values())
    assert [one.score for one in checkin.answers if one.score] == [4]


def test_a_question_set_that_was_emptied_on_purpose_stays_empty(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    with room.store() as store:
        for question in store.questions.own_set(None):
            store.questions.retire(question.id)
    ana.types("/checkin")
    assert "your team has no check-in questions" in text(ana.card)  # type: ignore[arg-type]
    assert "An admin can add some" in text(ana.card)  # type: ignore[arg-type]


# -- every kind of question ------------------------------------------------------------------------------------------


def ask_everything(room: Room) -> dict[str, int]:
    with room.store() as store:
        add = store.questions.add
        return {
            "short": add("One word?", "short", required=False),
            "long": add("Many words?", "long"),
            "choice": add("Where?", "choice", options=("Home", "Office")),
            "choices": add("With whom?", "choices", options=("Bo", "Cy", "Dee"), required=False),
            "scale": add("How hard?", "scale", low=1, high=7),
            "number": add("How many?", "number", required=False),
            "yes_no": add("On call?", "yes_no"),
        }


EVERYTHING: dict[str, Value] = {
    "One word": "Fine",
    "Many words": "A lot.\nAnd more.",
    "Where": "Office",
    "With whom": ("Bo", "Dee"),
    "How hard": "7",
    "How many": "2,5",
    "On call": "Yes",
}


def test_every_kind_of_question_is_kept_and_filled_in_again(room: Room) -> None:
    kinds = ask_everything(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills(EVERYTHING)
    ana.sends()
    (checkin,) = checkins_of(room, "Ana")
    kept = {name: checkin.answer_to(question_id) for name, question_id in kinds.items()}
    assert {name: (one.words, one.chosen, one.score) for name, one in kept.items() if one} == {
        "short": ("Fine", (), None),
        "long": ("A lot.\nAnd more.", (), None),
        "choice": ("", ("Office",), None),
        "choices": ("", ("Bo", "Dee"), None),
        "scale": ("", (), 7),
        "number": ("", (), 2.5),
        "yes_no": ("", (), 1),
    }
    ana.presses("Edit")
    ana.sends()
    assert checkins_of(room, "Ana") == [checkin]


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Many words", "", "Please write something here."),
        ("Many words", "x" * 3001, "This is 3,001 characters long; 3,000 fit here."),
        ("Many words", " \u200b\n", "Please write something here."),
        ("Where", None, "Please choose an answer."),
        ("Where", "9", "This can no longer be chosen. Please choose from the list."),
        ("Where", ("0", "1"), "Please choose one answer only."),
        ("With whom", ("0", "x"), "This can no longer be chosen. Please choose from the list."),
        ("How hard", "8", "Please write a number from 1 to 7."),
        ("How hard", "2.5", "Please choose a whole number from 1 to 7."),
        ("How hard", None, "Please choose an answer."),
        ("How many", "a few", "Please write a number, such as 3 or 2.5."),
        ("How many", "1e99", "Please write a number, such as 3 or 2.5."),
        ("On call", "perhaps", "Please choose Yes or No."),
        ("On call", None, "Please choose an answer."),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_typed_is_lost(
    room: Room, label: str, value: Value, sentence: str
) -> None:
    ask_everything(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({**EVERYTHING, label: value})
    ana.sends()
    assert {one[: len(label)]: words for one, words in ana.errors.items()} == {label: sentence}
    assert ana.input("One word").value == "Fine"
    assert checkins_of(room, "Ana") == []
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    assert ana.input("One word").value == "Fine"
    assert "what you answered before and did not send" in ana.says


def test_a_form_with_nothing_in_it_is_not_shared(room: Room) -> None:
    with room.store() as store:
        store.questions.add("Anything?", "long", required=False)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.sends()
    assert "nothing to share yet" in ana.errors["Anything?"]


@pytest.mark.parametrize("words", HARD_WORDS)
def test_no_words_are_too_hard(room: Room, words: str) -> None:
    room.team("Ops", "Ana", share="channel", channel="C0OPS")
    ana = checked_in(room, **{DONE: words, BLOCKERS: words})
    ana.presses("Edit")
    assert ana.input("What did").value == answers.cleaned(words)
    (card,) = room.sent("C0OPS")
    assert str(answers.cleaned(words))[:200] in card.said


# -- follow-up questions ---------------------------------------------------------------------------------------------


def ask_what_follows(room: Room) -> dict[str, int]:
    with room.store() as store:
        add = store.questions.add
        call = add("On call?", "yes_no")
        woken = add("How often woken?", "number", follows=call, when=("yes",))
        add("What would have helped?", "long", follows=woken, when=("3",))
        return {"call": call, "woken": woken}


def test_follow_up_questions_come_step_by_step(room: Room) -> None:
    ask_what_follows(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    assert [one.label for one in ana.inputs()] == ["On call?"]
    ana.fills({"On call": "Yes"})
    ana.sends()
    assert [one.label for one in ana.inputs()] == ["How often woken?"]
    assert checkins_of(room, "Ana") == []
    ana.fills({"How often": "3"})
    ana.sends()
    ana.fills({"What would": "A quieter alarm"})
    ana.sends()
    assert "Thank you" in ana.says
    (checkin,) = checkins_of(room, "Ana")
    assert [(one.score, one.words) for one in checkin.answers] == [(1, ""), (3, ""), (None, "A quieter alarm")]


def test_without_the_trigger_nothing_follows(room: Room) -> None:
    ask_what_follows(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({"On call": "No"})
    ana.sends()
    assert "Thank you" in ana.says


def test_an_edit_that_takes_the_trigger_away_takes_the_follow_up_along(room: Room) -> None:
    kinds = ask_what_follows(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({"On call": "Yes"})
    ana.sends()
    ana.fills({"How often": "1"})
    ana.sends()
    ana.presses("Edit")
    ana.sends()
    assert ana.input("How often").value == "1"
    ana.sends()
    ana.presses("Edit")
    ana.fills({"On call": "No"})
    ana.sends()
    (checkin,) = checkins_of(room, "Ana")
    assert [one.question_id for one in checkin.answers] == [kinds["call"]]


def test_an_error_in_a_later_step_stays_in_that_step(room: Room) -> None:
    ask_what_follows(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({"On call": "Yes"})
    ana.sends()
    ana.fills({"How often": "often"})
    ana.sends()
    assert list(ana.errors) == ["How often woken?"]
    ana.closes()
    ana.types("/checkin")
    assert ana.input("On call").value == ("yes",)


# -- nothing typed is lost -------------------------------------------------------------------------------------------


def test_a_closed_form_leaves_a_draft_until_the_check_in_is_sent(room: Room) -> None:
    (ana, bo) = room.people("Ana", "Bo")
    ana.types("/checkin")
    ana.fills({DONE: "Half a sentence"})
    ana.closes()
    assert "is kept for you" in text(ana.home())
    ana.types("/checkin")
    assert ana.input("What did").value == "Half a sentence"
    ana.closes({})
    ana.types("/checkin")
    ana.closes({"q1": None, "q2": ""})
    bo.types("/checkin")
    assert bo.input("What did").value == ""
    ana.types("/checkin")
    assert ana.input("What did").value == "Half a sentence"
    ana.fills({PLAN: "The rest"})
    ana.sends()
    assert "Thank you" in ana.says
    ana.presses("Edit")
    assert "did not send" not in ana.says


def test_a_draft_outlives_the_close_and_an_edit_is_no_draft_for_the_next_one(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({DONE: "Half a sentence"})
    ana.closes()
    room.later(days=7)
    ana.types("/checkin")
    assert "Friday 13 March" in ana.says
    assert ana.input("What did").value == "Half a sentence"
    ana.fills({PLAN: "More"})
    ana.sends()
    ana.presses("Edit")
    ana.fills({DONE: "Half an edit"})
    ana.closes()
    room.later(days=7)
    ana.types("/checkin")
    assert ana.input("What did").value == ""
    ana.presses("Correct", on=ana.home())
    assert ana.input("What did").value == "Half an edit"


def test_looking_at_a_form_leaves_no_draft(room: Room) -> None:
    ana = checked_in(room)
    ana.presses("Edit")
    ana.closes()
    assert "is kept for you" not in text(ana.home())


def test_words_to_a_question_retired_meanwhile_are_kept_with_it(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    with room.store() as store:
        old = store.questions.own_set(None)[0]
        store.questions.replace(old.id, "What moved?", "long", part="done")
    ana.fills(WORDS)
    ana.sends()
    (checkin,) = checkins_of(room, "Ana")
    kept = checkin.answer_to(old.id)
    assert kept is not None
    assert kept.words == WORDS[DONE]
    ana.presses("Edit")
    assert ana.input("What moved?").value == ""
    assert ana.input(DONE).value == WORDS[DONE]


def test_a_draft_to_a_question_retired_meanwhile_is_still_offered(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({DONE: "Something"})
    ana.closes()
    with room.store() as store:
        store.questions.replace(store.questions.own_set(None)[0].id, "What moved?", "long", part="done")
    ana.types("/checkin")
    assert ana.input(DONE).value == "Something"
    assert ana.input("What moved?").required


def test_words_to_a_question_that_is_gone_are_shown_and_nothing_else_is_lost(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({**WORDS, BLOCKERS: "Words to copy"})
    with room.storage.connect() as connection:
        connection.execute(delete(questions).where(questions.c.words == BLOCKERS))
    ana.sends()
    assert "A question was removed while you were writing" in ana.says
    assert "> Words to copy" in ana.says
    assert ana.input("What did").value == WORDS[DONE]
    ana.closes({})
    ana.types("/checkin")
    assert "> Words to copy" in ana.says
    ana.sends()
    assert "Thank you" in ana.says


def test_words_to_a_team_that_was_removed_are_kept(room: Room) -> None:
    team = room.team("Ops", "Ana")
    with room.store() as store:
        store.questions.add("What of Ops?", "long", team_id=team)
    ana, bo = room.people("Ana", "Bo")
    ana.types("/checkin")
    ana.fills({"What of Ops": "All of this"})
    with room.store() as store:
        store.teams.remove(team)
    ana.sends()
    assert "Thank you" in ana.says
    (checkin,) = checkins_of(room, "Ana")
    assert words_of(checkin) == ["All of this"]
    bo.types("/checkin")
    assert [one.label for one in bo.inputs()] == [DONE, PLAN, BLOCKERS, MOOD]


def test_a_question_added_meanwhile_holds_nobody_up(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    with room.store() as store:
        store.questions.add("And what else?", "long")
    ana.fills(WORDS)
    ana.sends()
    assert "Thank you" in ana.says


# -- the rhythm ------------------------------------------------------------------------------------------------------


def test_before_the_close_it_is_the_same_check_in_that_is_edited(room: Room) -> None:
    ana = checked_in(room)
    room.later(days=2)
    ana.types("/checkin")
    assert ana.input("What did").value == WORDS[DONE]
    ana.fills({DONE: "Moved two archives."})
    ana.sends()
    assert "has been changed" in ana.says
    (checkin,) = checkins_of(room, "Ana")
    assert words_of(checkin) == ["Moved two archives.", WORDS[PLAN]]
    assert checkin.formerly == ()


def test_after_the_close_a_new_one_begins_with_last_times_plan_in_sight(room: Room) -> None:
    ana = checked_in(room)
    room.later(days=5)
    ana.types("/checkin")
    assert ana.input("What did").value == ""
    assert "Last time you planned:\n> Write the guide." in ana.says
    ana.fills(WORDS)
    ana.sends()
    assert [one.occurrence for one in checkins_of(room, "Ana")] == [FRIDAY + timedelta(days=7), FRIDAY]


def test_a_correction_keeps_how_it_stood_before(room: Room) -> None:
    room.team("Ops", "Ana", "Bo", manager="Bo", share="channel", channel="C0OPS")
    ana = checked_in(room)
    (bo,) = room.people("Bo")
    room.later(days=6)
    home = ana.home()
    assert "Not yet shared for Friday 13 March" in text(home)
    ana.presses("Correct", on=home)
    assert "kept beside how it stood before" in ana.says
    ana.fills({DONE: "Moved half of the archive."})
    ana.sends()
    (checkin,) = checkins_of(room, "Ana")
    assert [one.answer.words for one in checkin.formerly] == [WORDS[DONE]]
    first, second = room.sent("C0OPS")
    assert second.replaces == first.key
    assert "corrected 8 Mar 2026" in second.said
    bo.presses("How it stood before", on=second.card)
    assert bo.form is not None
    assert not bo.form.submit
    assert "Moved half of the archive." in bo.says
    assert "How it stood before\nUntil 8 Mar 2026, 09:00 UTC:\nWhat did you get done?\n> Moved the archive." in bo.says


def test_a_correction_of_long_ago_is_shown_to_whoever_opens_it_and_posted_nowhere(room: Room) -> None:
    room.team("Ops", "Ana", "Bo", manager="Bo", share="channel", channel="C0OPS")
    ana = checked_in(room)
    (checkin,) = checkins_of(room, "Ana")
    room.later(days=380)
    ana.press("checkins.correct", checkin.id)
    ana.fills({DONE: "Moved half of the archive."})
    ana.sends()
    (checkin,) = checkins_of(room, "Ana")
    assert checkin.corrected_at
    assert len(room.sent("C0OPS")) == 1


def test_a_correction_asks_what_was_asked_then(room: Room) -> None:
    ana = checked_in(room)
    room.later(days=6)
    with room.store() as store:
        store.questions.add("Something new?", "long")
        store.questions.replace(store.questions.own_set(None)[0].id, "What moved?", "long")
    ana.presses("Correct", on=ana.home())
    assert [one.label for one in ana.inputs()] == [DONE, PLAN, BLOCKERS, MOOD]
    ana.sends()
    assert checkins_of(room, "Ana")[0].corrected_at is None


def test_a_form_opened_in_time_and_sent_a_little_late_is_taken(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills(WORDS)
    room.later(days=4, hours=10)
    ana.sends()
    assert "closed" in ana.says
    assert checkins_of(room, "Ana")[0].occurrence == FRIDAY


def test_a_form_left_open_for_weeks_offers_its_words_for_this_week(room: Room) -> None:
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills(WORDS)
    room.later(days=20)
    ana.sends()
    assert "closed a while ago" in ana.says
    assert ana.input("What did").value == WORDS[DONE]
    ana.sends()
    assert [one.occurrence for one in checkins_of(room, "Ana")] == [date(2026, 3, 27)]


def test_another_closing_day_does_not_split_a_check_in_that_stands(room: Room) -> None:
    team = room.team("Ops", "Ana")
    ana = checked_in(room)
    with room.store() as store:
        store.teams.change(team, closes_on=2)
    ana.types("/checkin")
    assert ana.input("What did").value == WORDS[DONE]
    room.later(days=5)
    ana.types("/checkin")
    assert "Wednesday 11 March" in ana.says


def test_the_close_is_in_the_members_own_zone(room: Room) -> None:
    with room.store() as store:
        (ana,) = store.members.by_keys(["ANA"])
        rhythm = Weekly(4, time(18), ZoneInfo("Pacific/Auckland"))
        assert ana.zone.key == "UTC"
        assert rhythm.next_after(store.now) == FRIDAY
        assert rhythm.close_of(FRIDAY) == FRIDAY_CLOSE - timedelta(hours=13)


@given(
    st.integers(0, 60 * 24 * 3650),
    st.sampled_from(["UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Gaza", "Africa/Cairo", "Australia/Lord_Howe"]),
    st.integers(0, 6),
    st.times().map(lambda at: at.replace(microsecond=0)),
)
def test_the_next_close_is_always_ahead_and_at_most_eight_days_away(
    minutes: int, zone: str, closes_on: int, closes_at: time
) -> None:
    now = FRIDAY_CLOSE.replace(year=2008) + timedelta(minutes=minutes)
    rhythm = Weekly(closes_on, closes_at, ZoneInfo(zone))
    day = rhythm.next_after(now)
    assert day.weekday() == closes_on
    assert now < rhythm.close_of(day) <= now + timedelta(days=8, hours=1)
    assert rhythm.close_of(day - timedelta(days=7)) <= now


# -- who sees it -----------------------------------------------------------------------------------------------------


def test_a_channel_gets_one_card_that_an_edit_replaces(room: Room) -> None:
    room.team("Ops", "Ana", share="channel", channel="C0OPS")
    ana = checked_in(room)
    assert "posted in #C0OPS" in ana.says
    ana.presses("Edit")
    ana.fills({DONE: "Something else."})
    ana.sends()
    first, second = room.sent("C0OPS")
    assert "@Ana checked in for Friday 6 March." in first.said
    assert "> Moved the archive." in first.said
    assert "because Ops shares its check-ins here" in first.said
    assert (first.replaces, second.replaces) == ("", first.key)
    assert "> Something else." in second.said


def test_a_thread_has_one_root_a_week(room: Room) -> None:
    room.team("Ops", "Ana", "Bo", share="thread", channel="C0OPS")
    checked_in(room)
    checked_in(room, "Bo")
    root, anas, bos = room.sent("C0OPS")
    assert "Check-ins of Ops, Friday 6 March" in root.said
    assert anas.thread_of == bos.thread_of == root.key
    room.later(days=7)
    checked_in(room)
    assert "Friday 13 March" in room.sent("C0OPS")[3].said


def test_a_manager_alone_is_written_to(room: Room) -> None:
    room.team("Ops", "Ana", "Bo", manager="Bo", share="manager", channel="C0OPS")
    ana = checked_in(room)
    assert "@Bo, who manages Ops, can see it; nobody else." in ana.says
    (card,) = room.sent("BO")
    assert "You get this because you manage Ops." in card.said
    assert room.sent("C0OPS") == []
    boss = checked_in(room, "Bo")
    assert "Only you can see it" in boss.says
    assert len(room.sent("BO")) == 1


def test_a_team_without_a_channel_keeps_it_and_says_so(room: Room) -> None:
    room.team("Ops", "Ana", "Bo", manager="Bo", share="thread")
    ana = checked_in(room)
    assert "posted nowhere, because the team has no channel yet" in ana.says
    assert len(checkins_of(room, "Ana")) == 1


def test_only_those_who_may_can_open_it_and_only_its_author_can_change_it(room: Room) -> None:
    room.team("Ops", "Ana", "Cy", manager="Bo")
    ana = checked_in(room)
    checkin = checkins_of(room, "Ana")[0].id
    bo, cy = room.people("Bo", "Cy")
    bo.press("checkins.open", checkin)
    assert WORDS[DONE] in bo.says
    cy.press("checkins.open", checkin)
    assert "not shared with you" in cy.says
    assert WORDS[DONE] not in cy.says
    bo.press("checkins.correct", checkin)
    assert bo.card is not None
    assert "only by whoever gave it" in text(bo.card)
    ana.press("checkins.open", checkin)
    assert WORDS[DONE] in ana.says


@pytest.mark.parametrize("name", ["checkins.open", "checkins.correct", "blockers.resolve"])
@pytest.mark.parametrize("state", ["", "0", "99", "x", "-1", "²", "1" * 30])
def test_a_button_that_leads_nowhere_says_so(room: Room, name: str, state: str) -> None:
    (ana,) = room.people("Ana")
    ana.press(name, state)
    assert "no longer here" in ana.says


# -- twice -----------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_gives_one_check_in(room: Room) -> None:
    room.team("Ops", "Ana", share="channel", channel="C0OPS")
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills(WORDS)
    sending = ana.sending()
    ana.does_again(sending)
    ana.does_again(sending)
    assert "Thank you" in ana.says
    assert len(checkins_of(room, "Ana")) == 1
    assert len(room.sent("C0OPS")) == 1


def test_the_last_step_sent_twice_loses_nothing_of_the_first(room: Room) -> None:
    ask_what_follows(room)
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({"On call": "Yes"})
    ana.sends()
    ana.fills({"How often": "1"})
    sending = ana.sending()
    ana.does_again(sending)
    ana.does_again(sending)
    (checkin,) = checkins_of(room, "Ana")
    assert [one.score for one in checkin.answers] == [1, 1]


def test_two_at_once_give_one_check_in(storage: Storage) -> None:
    room = Room(storage)
    room.team("Ops", "Ana", share="channel", channel="C0OPS")
    (ana,) = room.people("Ana")
    ana.types("/checkin")
    ana.fills({**WORDS, BLOCKERS: "The lift"})
    sending = ana.sending()
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(room.router.handle, [sending] * 4))
    assert [text(one.replies[0].card)[:9] for one in outcomes] == ["Thank you"] * 4  # type: ignore[union-attr]
    assert len(room.sent("C0OPS")) == 1
    (checkin,) = checkins_of(room, "Ana")
    with room.store() as store:
        assert len(store.blockers.of_checkin(checkin.id)) == 1


def test_everybodys_first_time_at_once_writes_the_first_questions_once(storage: Storage) -> None:
    room = Room(storage)
    people = room.people("Ana", "Bo", "Cy", "Dee")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda seat: seat.types("/checkin"), people))
    with room.store() as store:
        assert len(store.questions.own_set(None)) == 4


# -- pure ------------------------------------------------------------------------------------------------------------


@given(st.dates(), st.lists(st.integers(1, 10**9)), st.lists(st.integers(1, 10**9)))
def test_a_page_is_read_as_it_was_written(day: date, asked: list[int], before: list[int]) -> None:
    page = Page(day, tuple(asked), tuple(before))
    assert Page.read(page.state) == page


@pytest.mark.parametrize("state", ["", "x", "2026-03-06", "2026-03-06/a/", "///", "2026-13-06//", "2026-03-06/1/2/3"])
def test_a_state_that_is_none_of_ours_is_no_page(state: str) -> None:
    assert Page.read(state) is None


def test_questions_that_follow_each_other_in_a_circle_are_never_reached() -> None:
    circle = [
        Question(1, "A?", "yes_no", follows=2),
        Question(2, "B?", "yes_no", follows=1),
        Question(3, "C?", "short"),
    ]
    assert [one.id for one in answers.reached(circle, {})] == [3]


@pytest.mark.parametrize(
    ("said", "items"),
    [
        ("none", []),
        ("  Nothing. ", []),
        ("-", []),
        ("No!", []),
        ("", []),
        ("\n \n\u200b\n", []),
        ("No budget", ["No budget"]),
        ("- one\n• two\n\n* three", ["one", "two", "three"]),
        ("-5 degrees in the office", ["-5 degrees in the office"]),
        ("twice\ntwice", ["twice"]),
        ("none\nthe lift", ["none", "the lift"]),
    ],
)
def test_a_blocker_is_a_line_that_says_something(said: str, items: list[str]) -> None:
    assert answers.blockers_in([said]) == items


def test_a_thousand_lines_are_a_few_items_and_no_word_is_lost() -> None:
    items = answers.blockers_in(["\n".join(f"line {number}" for number in range(1000))])
    assert len(items) == answers.MOST_BLOCKERS
    assert "line 999" in items[-1]
