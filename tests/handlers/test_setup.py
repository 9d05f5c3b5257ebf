"""Admins and managers set things up; everybody else is kindly told who can."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies

from handlers.features import FEATURES
from handlers.interaction import Interaction
from handlers.reading import Reader
from handlers.router import Router
from handlers.setup.reading import named_answers, read_kudos, read_question, read_workspace
from sandbox.people import Person
from storage.cadences import Audience, Cadence
from storage.questions import Question
from storage.recurrence import Recurrence
from storage.teams import Team
from tests.town import Town

PRESSES = sorted(
    entry.name for feature in FEATURES if feature.name == "setup" for entry in feature.entries if entry.kind == "press"
)
FORMS = sorted(
    entry.name
    for feature in FEATURES
    if feature.name == "setup"
    for entry in feature.entries
    if entry.kind == "submission"
)


async def settings(person: Person) -> None:
    """Open the settings from the home."""
    await person.opens_home()
    await person.presses("Open settings", in_="home")


def team_of(town: Town, manager: Person, *people: Person, name: str = "Crew") -> Team:
    with town.store() as store:
        team = store.teams.add(name, manager_id=store.members.greet(manager.user_id).id)
        store.members.set_team([store.members.greet(one.user_id).id for one in people], team.id)
    return team


def asked(town: Town, team_id: int | None = None) -> list[Question]:
    with town.store() as store:
        return store.questions.own_set(team_id)


# -- teams -----------------------------------------------------------------------------------------------------------


async def test_an_admin_makes_the_first_team_of_an_empty_company(town: Town):
    boss, mo = town.people("max", "bo")
    await settings(boss)
    assert "There is no team yet." in boss.modal_text
    await boss.presses("New team")
    await boss.fills(
        {
            "Name of the team": "Platform <!channel>",
            "Manager": "bo",
            "Members": ["ana", "cy"],
            "Where check-ins are shown": "In the team's channel",
            "Channel of the team": "ops",
            "A check-in closes on": "Thursday",
            "at (each": "17:30",
        }
    )
    await boss.submits()
    for words in ("Platform <!channel> is saved.", "2 members", "closes Thursday 17:30"):
        assert words in boss.modal_text
    with town.store() as store:
        team = store.teams.all()[0]
        assert (team.share, team.channel, team.closes_on) == ("channel", town.channel("ops"), 3)
        assert [one.name for one in store.members.of_team(team.id)] == ["ana", "cy"]
    await mo.opens_home()
    await mo.sees("Open settings", in_="home")


async def test_what_will_not_do_in_a_team_is_said_beside_its_field(town: Town):
    boss, bo, ana = town.people("max", "bo", "ana")
    team_of(town, bo, ana)
    await settings(boss)
    await boss.presses("New team")
    await boss.fills(
        {
            "Name of the team": "CREW",
            "Manager": "dan",
            "Members": ["rob", "ana"],
            "Where check-ins are shown": "In the team's channel",
        }
    )
    await boss.submits()
    assert boss.errors == {
        "Name of the team": "There is a team of this name already.",
        "Manager": "dan: bots and deactivated people cannot be in a team.",
        "Members": "rob: bots and deactivated people cannot be in a team.",
        "Channel of the team": "Please pick the channel in which check-ins are to be shown.",
    }
    await boss.fills({"Name of the team": "\u200b\u2060", "Manager": "bo", "Members": ["ana"]})
    await boss.submits()
    assert boss.errors["Name of the team"] == "Please write something here."


async def test_who_joins_a_team_leaves_another_and_this_is_said(town: Town):
    boss, bo, ana = town.people("max", "bo", "ana")
    team_of(town, bo, ana)
    await settings(boss)
    await boss.presses("New team")
    await boss.fills({"Name of the team": "Care", "Manager": "cy", "Members": ["ana"]})
    await boss.submits()
    assert "Care is saved. Moved here from another team: ana." in boss.modal_text


async def test_a_team_that_was_asked_its_own_questions_can_be_removed(town: Town):
    boss, bo, ana = town.people("max", "bo", "ana")
    team = team_of(town, bo, ana)
    with town.store() as store:
        store.questions.add("What moved?", "long", team_id=team.id)
    await ana.types("/checkin")
    await ana.fills({"What moved?": "The whole house"})
    await ana.submits()
    await settings(boss)
    await boss.presses("Edit")
    await boss.presses("Remove team")
    assert "Crew was removed." in boss.modal_text
    with town.store() as store:
        me = store.members.greet(ana.user_id)
        assert me.team_id is None
        assert store.checkins.of_member(me.id)[0].answers[0].words == "The whole house"


async def test_forty_teams_are_turned_over_page_by_page(town: Town):
    boss, bo = town.people("max", "bo")
    for number in range(41):
        team_of(town, bo, name=f"Team {number:02}")
    await settings(boss)
    assert "Team 19" in boss.modal_text
    assert "Team 20" not in boss.modal_text
    await boss.presses("More teams")
    await boss.presses("More teams")
    assert "Team 40" in boss.modal_text
    await boss.presses("Earlier teams")
    assert "Team 20" in boss.modal_text


# -- who may ---------------------------------------------------------------------------------------------------------


async def test_a_manager_sets_up_their_own_team_and_no_other(town: Town):
    bo, cy = town.people("bo", "cy")
    team_of(town, bo)
    other = team_of(town, cy, name="Care")
    await settings(bo)
    assert "Crew" in bo.modal_text
    for words in ("Care", "New team", "Kudos and values", "Time and prompts"):
        assert words not in bo.modal_text
    await bo.presses("Edit")
    assert "Remove team" not in bo.modal_text
    await bo.fills({"Members": ["ana", "dee"]})
    await bo.submits()
    assert "2 members" in bo.modal_text
    router = Router(FEATURES, town.app.storage)
    for name in PRESSES:
        for state in (str(other.id), f"{other.id}:"):
            outcome = router.handle(Interaction("press", name, town.key, bo.user_id, id="p", state=state))
            assert "Care" not in repr(outcome), name
    with town.store() as store:
        assert store.teams.by_id(other.id) == other


async def test_a_manager_cannot_take_somebody_out_of_another_team(town: Town):
    bo, cy, dee = town.people("bo", "cy", "dee")
    team_of(town, bo)
    other = team_of(town, cy, name="Care")
    with town.store() as store:
        store.members.set_team([store.members.greet(dee.user_id).id], other.id)
    await settings(bo)
    await bo.presses("Edit")
    await bo.fills({"Members": ["dee"]})
    await bo.submits()
    assert "already in another team" in bo.errors["Members"]
    with town.store() as store:
        assert store.members.greet(dee.user_id).team_id == other.id


async def test_a_manager_who_hands_the_team_over_is_told_so(town: Town):
    bo, cy = town.people("bo", "cy")
    team = team_of(town, bo)
    await settings(bo)
    await bo.presses("Edit")
    await bo.fills({"Manager": "cy", "Members": ["ana"]})
    await bo.submits()
    await bo.sees("Crew is saved. You do not manage it any more.")
    with town.store() as store:
        changed = store.teams.by_id(team.id)
        assert changed
        assert changed.manager_id == store.members.greet(cy.user_id).id


async def test_everybody_else_is_kindly_told_and_changes_nothing(town: Town):
    ana, bo = town.people("ana", "bo")
    team = team_of(town, bo, ana)
    await ana.opens_home()
    await ana.never_sees("Open settings", in_="home")
    router = Router(FEATURES, town.app.storage)
    for kind, names in (("press", PRESSES), ("submission", FORMS)):
        for name in names:
            for state in ("", str(team.id), f"{team.id}:", f"{team.id}:1", "99"):
                values = {"name": "Mine", "words": "Mine?", "zone": "UTC", "kind": "long"}
                outcome = router.handle(
                    Interaction(kind, name, town.key, ana.user_id, id="x", state=state, values=values)
                )
                said = repr(outcome.replies)
                assert not outcome.kept, (name, state)
                assert "admin" in said or "gone" in said or "no longer" in said, (name, state, said)
                assert "token" not in said, (name, state)
    with town.store() as store:
        assert store.teams.all() == [team]


# -- questions -------------------------------------------------------------------------------------------------------


async def test_the_first_questions_are_there_before_anybody_checks_in(town: Town):
    (boss,) = town.people("max")
    await settings(boss)
    await boss.presses("Company questions")
    assert "What did you get done?" in boss.modal_text
    assert len(asked(town)) == 4


async def test_every_kind_of_question_is_made_and_asked(town: Town):
    boss, ana = town.people("max", "ana")
    with town.store() as store:
        store.questions.add("Anything?", "short", required=False)
    await settings(boss)
    await boss.presses("Company questions")
    for words, kind, more in (
        ("A word?", "Short text", {"Hint below it": "One will do"}),
        ("A story?", "Long text", {"What the answer is used for": "What is in the way: each line becomes an item"}),
        ("Tea or coffee?", "One of several choices", {"Choices, one a line": "Tea\nCoffee\n Coffee \n\n"}),
        ("Which days?", "Any of several choices", {"Choices, one a line": "Monday\nTuesday, too"}),
        ("How full?", "Scale", {"Scale from": "0", "Scale to": "10", "Words at its low end": "Empty"}),
        ("How many?", "Number", {}),
        ("On call?", "Yes or no", {}),
    ):
        await boss.presses("Add a question")
        chosen = {label: _option(boss, label, value) for label, value in more.items()}
        await boss.fills({"Question": words, "Kind of answer": kind, **chosen})
        await boss.submits()
        assert "The question is saved." in boss.modal_text, boss.errors
    kinds = [one.kind for one in asked(town)]
    assert kinds == ["short", "short", "long", "choice", "choices", "scale", "number", "yes_no"]
    assert asked(town)[3].options == ("Tea", "Coffee")
    await boss.presses("Add a question")
    await boss.fills(
        {
            "Question": "What was it about?",
            "Kind of answer": "Short text",
            "Ask it only after": "Which days?",
            "when the answer was": "tuesday, TOO\nMonday",
        }
    )
    await boss.submits()
    assert asked(town)[-1].when == ("Tuesday, too", "Monday")
    assert "asked when “Which days?” is Tuesday, too or Monday" in boss.modal_text
    await ana.types("/checkin")
    for words in ("A word?", "Tea or coffee?", "How full?", "On call?"):
        assert words in ana.modal_text
    assert "What was it about?" not in ana.modal_text


def _option(person: Person, label: str, value: str) -> str:
    return next((one for one in person.modal_text.splitlines() if label.startswith("What the") and value in one), value)


async def test_questions_are_moved_changed_and_removed_and_old_answers_stay(town: Town):
    boss, ana = town.people("max", "ana")
    with town.store() as store:
        first = store.questions.add("First?", "yes_no")
        store.questions.add("After first?", "short", follows=first, when=("yes",), required=False)
        store.questions.add("Last?", "short")
    await ana.types("/checkin")
    await ana.fills({"First?": "No", "Last?": "My last word"})
    await ana.submits()
    await settings(boss)
    await boss.presses("Company questions")
    await boss.presses("Up")
    assert [one.words for one in asked(town)] == ["First?", "After first?", "Last?"]
    await boss.presses("Down")
    assert [one.words for one in asked(town)] == ["After first?", "First?", "Last?"]
    router = Router(FEATURES, town.app.storage)
    last = asked(town)[2]
    await boss.closes()
    router.handle(Interaction("press", "setup.remove_question", town.key, boss.user_id, id="p", state=f":{first}"))
    assert [one.words for one in asked(town)] == ["Last?"]
    again = router.handle(
        Interaction("press", "setup.remove_question", town.key, boss.user_id, id="p", state=f":{first}")
    )
    assert "somebody changed it just now" in repr(again)
    await settings(boss)
    await boss.presses("Company questions")
    await boss.presses("Edit")
    await boss.fills({"Question": "The very last?"})
    await boss.submits()
    with town.store() as store:
        me = store.members.greet(ana.user_id)
        answer = store.checkins.of_member(me.id)[0].answer_to(last.id)
        assert answer
        assert answer.words == "My last word"
        assert store.questions.by_ids({last.id})[last.id].words == "Last?"


async def test_follow_ups_stay_reachable_and_never_run_in_circles(town: Town):
    (boss,) = town.people("max")
    with town.store() as store:
        one = store.questions.add("On call?", "yes_no")
        two = store.questions.add("Woken?", "yes_no", follows=one, when=("yes",))
    router = Router(FEATURES, town.app.storage)

    def save(question: int, **values: object) -> str:
        whole = {"words": "On call?", "kind": "yes_no", "part": "-", "low": "1", "high": "5", **values}
        sent = Interaction(
            "submission", "setup.save_question", town.key, boss.user_id, id="V", values=whole, state=f":{question}"
        )
        return repr(router.handle(sent).replies)

    assert "itself asked only after this one" in save(one, follows=str(two), when="yes")
    assert "itself asked only after this one" in save(one, follows=str(one), when="yes")
    assert "asked no longer" in save(one, follows="99", when="yes")
    assert "Please name one or more of these, one a line: yes, no." in save(two, follows=str(one), when="maybe")
    assert "Please name one or more of these" in save(two, follows=str(one), when="")
    assert "“Woken?” is asked only after the answer yes to this question." in save(one, kind="long")
    assert [question.id for question in asked(town)] == [one, two]
    assert "is saved" in save(one, words="Are you on call?")
    renewed = asked(town)
    assert [question.words for question in renewed] == ["Are you on call?", "Woken?"]
    assert renewed[1].follows == renewed[0].id


async def test_a_team_gets_questions_of_its_own_and_gives_them_back(town: Town):
    bo, ana = town.people("bo", "ana")
    team = team_of(town, bo, ana)
    with town.store() as store:
        store.questions.add("What else?", "short", follows=None, position=20)
        trigger = store.questions.add("On call?", "yes_no", position=30)
        store.questions.add("Woken?", "short", follows=trigger, when=("yes",), position=10, required=False)
    await settings(bo)
    await bo.presses("Questions")
    assert "Crew is asked the company's questions." in bo.modal_text
    assert "Edit" not in bo.modal_text
    await bo.presses("Give this team its own")
    own = asked(town, team.id)
    assert [one.words for one in own] == ["Woken?", "What else?", "On call?"]
    assert own[0].follows == own[2].id
    await bo.presses("Edit")
    assert "Woken?" in bo.modal_text
    await bo.presses("Back to settings")
    assert "asks its own questions" in bo.modal_text
    await bo.presses("Questions")
    await bo.presses("Ask the company's instead")
    assert asked(town, team.id) == []
    assert "The team is asked the company's questions now." in bo.modal_text


async def test_a_set_of_questions_has_an_end(town: Town):
    (boss,) = town.people("max")
    with town.store() as store:
        for number in range(25):
            store.questions.add(f"Question {number}?", "short")
    await settings(boss)
    await boss.presses("Company questions")
    assert "Question 24?" in boss.modal_text
    await boss.presses("Add a question")
    await boss.fills({"Question": "One more?"})
    await boss.submits()
    assert "25 questions already" in boss.errors["Question"]


# -- kudos, values, time zone ----------------------------------------------------------------------------------------


async def test_an_admin_sets_up_kudos_and_values(town: Town):
    boss, ana, bo = town.people("max", "ana", "bo")
    await boss.opens_home()
    await boss.sees("Public kudos are not posted anywhere yet", in_="home")
    await boss.presses("Open settings", in_="home")
    await boss.presses("Kudos and values")
    await boss.fills(
        {
            "Channel for public kudos": "kudos",
            "A message has at least": "5",
            "Kudos a member can give": "2",
            "Guests": True,
            "Company values": "Say it early: bad news travels first\n\nCare\n",
        }
    )
    await boss.submits()
    assert "Kudos and values are saved." in boss.modal_text
    await boss.closes()
    with town.store() as store:
        chosen = store.workspace.settings
        assert (chosen.kudos_channel, chosen.kudos_least, chosen.kudos_weekly) == (town.channel("kudos"), 5, 2)
        assert [(one.name, one.says) for one in store.kudos.company_values()] == [
            ("Say it early", "bad news travels first"),
            ("Care", ""),
        ]
    await ana.types("/kudos @bo for bread")
    await bo.sees("bread", in_="#kudos")
    await boss.presses("Open settings", in_="home")
    await boss.presses("Kudos and values")
    await boss.fills({"Company values": "Care: we look after each other"})
    await boss.submits()
    with town.store() as store:
        assert [(one.name, one.says) for one in store.kudos.company_values()] == [("Care", "we look after each other")]
        assert store.kudos.company_value(1) is not None


async def test_the_time_zone_of_the_workspace_is_that_of_people_without_one(town: Town):
    (boss,) = town.people("max")
    await settings(boss)
    await boss.presses("Time and prompts")
    await boss.fills({"Time zone of": "Europe/Atlantis"})
    await boss.submits()
    assert "No such time zone." in boss.errors["Time zone of people whose own is unknown"]
    await boss.fills({"Time zone of": "Europe/Lisbon"})
    await boss.submits()
    with town.store() as store:
        assert store.members.greet("U0NOBODY").zone.key == "Europe/Lisbon"
        assert store.members.greet(boss.user_id).zone.key == "UTC"


async def test_an_admin_says_how_often_and_when_people_may_be_asked(town: Town):
    (boss,) = town.people("max")
    await settings(boss)
    await boss.presses("Time and prompts")
    await boss.fills({"Prompts that anybody gets": "15", "Public holidays of": "Erewhon"})
    await boss.submits()
    assert boss.errors == {
        "Prompts that anybody gets in a week, at most": "Please write a number from 0 to 14.",
        "Public holidays of": "No such place is known. Please write a country such as Portugal, or a region of it.",
    }
    await boss.fills(
        {
            "Prompts that anybody gets": "3",
            "Working days": ["Sunday", "Monday"],
            "Nobody is asked from": "20:00",
            "until": "07:30",
            "Public holidays of": "bavaria",
        }
    )
    await boss.submits()
    assert "Time and prompts are saved." in boss.modal_text
    with town.store() as store:
        chosen = store.workspace.settings
        assert (chosen.budget, chosen.working_days) == (3, "1000001")
        assert (chosen.quiet, chosen.holidays) == ("20:00-07:30", "DE-BY")
    await boss.presses("Time and prompts")
    assert "Germany, Bavaria" in str(boss.modal)
    await boss.fills({"Nobody is asked from": "07:30", "Public holidays of": ""})
    await boss.submits()
    with town.store() as store:
        assert (store.workspace.settings.quiet, store.workspace.settings.holidays) == ("", "")


async def test_a_team_s_form_says_which_cadences_ask_it(town: Town):
    boss, bo = town.people("max", "bo")
    team = team_of(town, bo)
    await settings(boss)
    await boss.presses("Edit")
    assert "No cadence asks this team" in boss.modal_text
    await boss.closes()
    with town.store() as store:
        asking = Cadence(0, "Weekly", Recurrence(date(2026, 3, 2)), audience=Audience(teams=(team.id,)))
        store.cadences.add(asking)
        store.cadences.add(replace(asking, name="Elsewhere", audience=Audience(teams=(team.id + 1,))))
        store.cadences.add(replace(asking, name="Asleep", audience=Audience(everybody=True), paused=True))
    await settings(boss)
    await boss.presses("Edit")
    assert "Asked by a cadence: Weekly (Every Thursday at 10:00, each member's own time;" in boss.modal_text
    assert "Elsewhere" not in boss.modal_text
    assert "Asleep" not in boss.modal_text


def read(values: dict[str, object], state: str = "") -> Reader:
    return Reader(values, state, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "where", "sentence"),
    [
        ({"words": ""}, "words", "Please write something here."),
        ({"words": "\u200b"}, "words", "Please write something here."),
        ({"words": "x" * 301}, "words", "This is 301 characters long; 300 fit here."),
        ({"kind": "essay"}, "kind", "Please pick a kind of answer."),
        ({"kind": "choice", "options": "One"}, "options", "Please write at least two choices, one a line."),
        ({"kind": "choices", "options": "\n".join(map(str, range(101)))}, "options", "101 choices are too many"),
        ({"kind": "choice", "options": "a\n" + "b" * 76}, "options", "a choice has at most 75 characters"),
        ({"kind": "scale", "low": "5", "high": "1"}, "high", "a low end and a higher one"),
        ({"kind": "scale", "low": "", "high": "5"}, "high", "a low end and a higher one"),
        ({"kind": "scale", "low": "1", "high": "50"}, "high", "A scale has at most 11 steps."),
        ({"kind": "scale", "low": "1.5", "high": "5"}, "low", "Please write a whole number"),
        ({"kind": "scale", "low": "one", "high": "5"}, "low", "Please write a number"),
        ({"kind": "long", "part": "mood"}, "part", "How somebody feels is asked on a scale."),
        ({"kind": "scale", "part": "blockers"}, "part", "This needs an answer in words."),
    ],
)
def test_what_will_not_do_in_a_question_is_said_beside_its_field(values, where, sentence):
    whole = {"words": "Well?", "kind": "long", "low": "1", "high": "5", "part": "-", **values}
    assert sentence in read_question(read(whole)).errors[where]


@pytest.mark.parametrize(
    ("values", "where", "sentence"),
    [
        ({"least": "0"}, "least", "from 1 to 500"),
        ({"least": "2.5"}, "least", "whole number"),
        ({"weekly": ""}, "weekly", "whole number"),
        ({"weekly": "many"}, "weekly", "Please write a number"),
        ({"values": "v" * 76 + ": too long"}, "values", "at most 75 characters"),
        ({"values": "\n".join(map(str, range(100)))}, "values", "At most 99 values"),
    ],
)
def test_what_will_not_do_about_kudos_is_said_beside_its_field(values, where, sentence):
    assert sentence in read_kudos(read({"least": "15", "weekly": "10", **values})).errors[where]


@pytest.mark.parametrize("zone", ["", "Lisbon", "Europe", "../../etc/passwd", "Europe/Lisbon\x00x", "UTC+1"])
def test_only_names_of_zones_are_time_zones(zone):
    assert read_workspace(read({"zone": zone})).errors


@pytest.mark.parametrize(
    ("values", "where", "sentence"),
    [
        ({"working_days": ()}, "working_days", "at least one day"),
        ({"working_days": ("7", "x")}, "working_days", "at least one day"),
        ({"budget": "2.5"}, "budget", "whole number"),
        ({"budget": ""}, "budget", "whole number"),
        ({"quiet_to": "24:00"}, "quiet_to", "a time of day"),
        ({"holidays": "Erewhon"}, "holidays", "No such place"),
    ],
)
def test_what_will_not_do_about_prompts_is_said_beside_its_field(values, where, sentence):
    whole = {"zone": "UTC", "budget": "4", "working_days": ("0",), "quiet_from": "18:00", "quiet_to": "09:00", **values}
    assert sentence in read_workspace(read(whole)).errors[where]


@given(strategies.dictionaries(strategies.text(), strategies.one_of(strategies.text(), strategies.booleans())))
def test_no_form_however_odd_breaks_the_reading(values):
    read_question(read(values, state=":"))
    read_kudos(read(values))
    read_workspace(read(values))


@given(strategies.lists(strategies.text(min_size=1).map(str.strip).filter(bool), unique_by=str.casefold))
def test_every_choice_can_be_named_as_it_is_written(choices):
    possible = tuple(choices)
    assert named_answers(possible, possible) == possible
