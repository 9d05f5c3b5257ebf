"""A manager asks how a team's week went, opens what each line rests on, and nobody sees what is not theirs.

Mo manages Platform (Ana, Bo, Cy) and nothing else; Di manages Design and Support; Max is an admin, whose team has
a name like a period.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.slack.cards import message
from handlers.features import FEATURES
from handlers.interaction import Interaction, Kind
from handlers.plain import text
from handlers.router import Router
from handlers.screens import Buttons, Card, Form, Open, Replace, Reply, Say
from handlers.text import Plain
from handlers.turn import home_of
from storage.checkins import Answer
from storage.civil import instant
from storage.clock import SetClock
from storage.engine import Storage
from storage.members import Listed
from storage.workspaces import WorkspaceKey

HERE = WorkspaceKey("slack", "T1")
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
FRIDAY = date(2026, 3, 6)
DONE, MOOD = "What did you get done?", "How was your week?"


@dataclass
class Company:
    storage: Storage
    clock: SetClock
    ids: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)

    def does(self, kind: Kind, name: str, actor: str, words: str = "", state: str = "") -> Reply:
        parts = (Plain(words),) if words else ()
        outcome = Router(FEATURES, self.storage).handle(
            Interaction(kind, name, HERE, actor, id="1", parts=parts, state=state)
        )
        assert len(outcome.replies) == 1
        return outcome.replies[0]

    def asks(self, actor: str, words: str = "") -> Card:
        said = self.does("command", "team-summary", actor, words)
        assert isinstance(said, Say)
        return said.card

    def presses(self, actor: str, label: str, card: Card | Form) -> Reply:
        buttons = [one for block in card.body if isinstance(block, Buttons) for one in block.buttons]
        button = next(one for one in buttons if one.label == label)
        return self.does("press", button.does, actor, state=button.state)

    def opens(self, actor: str, label: str, card: Card | Form) -> Form:
        reply = self.presses(actor, label, card)
        assert isinstance(reply, Open), reply
        return reply.form

    def checks_in(
        self, who: str, done: str = "", mood: int | None = None, on: date = FRIDAY, blocked: str = ""
    ) -> None:
        given = [Answer(self.questions[DONE], words=done)] if done else []
        given += [Answer(self.questions[MOOD], score=float(mood))] if mood is not None else []
        with self.storage.begin(HERE) as store:
            member = store.members.by_id(self.ids[who])
            assert member is not None
            closes = instant(on, time(18), member.zone)
            shared = store.checkins.share(member.id, member.team_id, on, closes, given)
            store.blockers.raise_for(shared.id, member.id, member.team_id, [blocked] if blocked else [])

    def thanks(self, giver: str, to: str, words: str, *, public: bool = True) -> None:
        with self.storage.begin(HERE) as store:
            store.kudos.give(self.ids[giver], [self.ids[to]], words, value_id=None, public=public, source=words)

    def joins(self, name: str, team: str, zone: str = "UTC") -> None:
        with self.storage.begin(HERE) as store:
            store.members.keep(Listed(name, name.title(), zone=zone))
            member = store.members.by_key(name)
            assert member is not None
            self.ids[name] = member.id
            store.members.set_team([member.id], self.teams[team])


@pytest.fixture
def company(sqlite_storage: Storage) -> Iterator[Company]:
    clock = sqlite_storage.clock
    assert isinstance(clock, SetClock)
    here = Company(sqlite_storage, clock)
    with sqlite_storage.begin(HERE) as store:
        for name in ("mo", "di", "max"):
            store.members.keep(Listed(name, name.title(), admin=name == "max"))
        here.ids = {one.key: one.id for one in store.members.people()}
        for name, manager in (("Platform", "mo"), ("Design", "di"), ("Support", "di"), ("Last week", "max")):
            here.teams[name] = store.teams.add(name, manager_id=here.ids[manager]).id
        here.questions = {
            DONE: store.questions.add(DONE, "long", part="done"),
            MOOD: store.questions.add(MOOD, "scale", part="mood"),
        }
    for name in ("ana", "bo", "cy"):
        here.joins(name, "Platform")
    clock.move_to(WEDNESDAY)
    return here


def test_the_facts_come_at_once(company: Company):
    company.checks_in("ana", done="Moved the login page.\nAnd more.", mood=4, blocked="The test database is full")
    company.checks_in("bo", done="Wrote the guide", mood=2)
    company.thanks("ana", "bo", "for the guide that everybody can read")
    said = text(company.asks("mo"))
    assert "Platform, 2 to 8 March 2026" in said
    assert "Checked in: 2 of 3 people (2 check-ins)." in said
    assert "Not yet: @Cy" in said
    assert "Did not check in" not in said
    assert "Blockers: 1 (1 open, 0 acknowledged, 0 resolved)." in said
    assert "0 days, open: @Ana: The test database is full" in said
    assert "What moved: told in 2 of 2 check-ins, by @Bo, @Ana." in said
    assert "> Moved the login page.\n– @Ana" in said
    assert f"{MOOD} 50% favourable (4 to 5), 95% interval 9% to 91%; mean 3.0 on 1 to 5; 2 answers by 2 people." in said
    assert "The period before: no answers. Cannot tell at this size." in said
    assert "Kudos: 2 of 3 people gave or received some (1 kudos)." in said


def test_once_the_checkin_has_closed_who_is_missing_did_not_check_in(company: Company):
    company.checks_in("ana")
    company.joins("lee", "Platform", zone="America/Los_Angeles")
    company.clock.move_to(datetime(2026, 3, 6, 19, tzinfo=UTC))  # 18:00 has passed in UTC, not yet in Los Angeles
    said = text(company.asks("mo"))
    assert "Checked in: 1 of 4 people" in said
    assert "Did not check in: @Bo, @Cy" in said
    assert "Not yet: @Lee" in said


def test_who_came_later_or_left_is_not_counted(company: Company):
    company.checks_in("ana")
    company.clock.move(timedelta(days=7))
    company.joins("new", "Platform")
    with company.storage.begin(HERE) as store:
        store.members.keep(Listed("bo", "Bo", active=False))
    said = text(company.asks("mo", "last week"))
    assert "Checked in: 1 of 2 people" in said
    assert "New" not in said
    assert "Bo" not in said


def test_who_checked_in_and_left_the_team_is_named_apart(company: Company):
    company.checks_in("ana")
    with company.storage.begin(HERE) as store:
        store.members.set_team([company.ids["ana"]], company.teams["Design"])
    said = text(company.asks("mo"))
    assert "Checked in: 0 of 2 people (1 check-in)." in said
    assert "Checked in, left since: @Ana" in said


def test_a_trend_is_named_only_where_it_is_clear(company: Company):
    for number in range(20):
        company.joins(f"p{number}", "Platform")
        company.checks_in(f"p{number}", mood=2, on=FRIDAY - timedelta(days=7))
        company.checks_in(f"p{number}", mood=5)
    assert "Higher than before." in text(company.asks("mo"))
    assert "Lower than before." not in text(company.asks("mo"))


def test_the_same_period_again_shows_the_stored_one_until_it_is_refreshed(company: Company):
    first = company.asks("mo")
    assert "Press Refresh" not in text(first)
    company.clock.move(timedelta(hours=2))
    company.checks_in("ana", done="Shipped it")
    again = company.asks("mo", "2026-03-02..2026-03-08")
    assert "Made 4 Mar 2026, 09:00 UTC. Press Refresh" in text(again)
    assert "Checked in: 0 of 3 people" in text(again)
    fresh = company.presses("mo", "Refresh", again)
    assert isinstance(fresh, Replace)
    assert "Made 4 Mar 2026, 11:00 UTC." in text(fresh.card)
    assert "Checked in: 1 of 3 people" in text(fresh.card)
    assert "Checked in: 1 of 3 people" in text(company.asks("mo"))
    with company.storage.begin(HERE) as store:
        assert len(store.summaries.of_team(company.teams["Platform"])) == 2


def test_what_is_stored_holds_nobodys_words(company: Company):
    company.checks_in("ana", done="A secret plan", blocked="A secret blocker", mood=3)
    company.thanks("bo", "ana", "for the secret work")
    company.asks("mo")
    with company.storage.begin(HERE) as store:
        facts = str(store.summaries.of_team(company.teams["Platform"])[0].facts)
    assert "ecret" not in facts


def test_every_line_opens_to_what_it_rests_on(company: Company):
    company.checks_in("ana", done="Moved the login page.\nAnd more.", mood=4, blocked="The test database is full")
    company.checks_in("bo", mood=2)
    company.thanks("ana", "bo", "for the guide that everybody can read")
    card = company.asks("mo")
    checkins = text(company.opens("mo", "Open 2 check-ins", card))
    assert "And more." in checkins
    assert "Not yet (1): Cy" in checkins
    assert "The test database is full" in text(company.opens("mo", "Open 1 blocker", card))
    done = text(company.opens("mo", "Open 1 answer", card))
    assert "And more." in done
    assert "2 on 1 to 5" not in done
    moods = text(company.opens("mo", "Open 2 answers", card))
    assert f"{MOOD} 4 on 1 to 5" in moods
    assert "And more." not in moods
    kudos = text(company.opens("mo", "Open 1 kudos", card))
    assert "To @Bo" in kudos
    assert "everybody can read" in kudos


def test_a_manager_takes_care_of_a_blocker_where_they_read_of_it(company: Company):
    company.checks_in("ana", blocked="The test database is full")
    opened = company.opens("mo", "Open 1 blocker", company.asks("mo"))
    shown = company.presses("mo", "Take care of it", opened)
    assert isinstance(shown, Say)
    assert "Acknowledged, 0 days old, with @Mo" in text(company.presses("mo", "Acknowledge", shown.card).card)
    resolved = company.presses("mo", "Resolve", shown.card)
    assert isinstance(resolved, Replace)
    card = company.presses("mo", "Refresh", company.asks("mo"))
    assert isinstance(card, Replace)
    again = company.opens("mo", "Open 1 blocker", card.card)
    assert "Take care of it" not in text(again)


def test_a_large_number_is_opened_as_it_was_given(company: Company):
    with company.storage.begin(HERE) as store:
        given = [Answer(store.questions.add("How many spokes?", "number"), score=1234567.5)]
        closes = WEDNESDAY + timedelta(days=2)
        store.checkins.share(company.ids["ana"], company.teams["Platform"], FRIDAY, closes, given)
    opened = text(company.opens("mo", "Open 1 check-in", company.asks("mo")))
    assert "How many spokes? 1,234,567.5" in opened


def test_private_kudos_count_and_stay_private(company: Company):
    company.thanks("ana", "bo", "for listening, between us two", public=False)
    card = company.asks("mo")
    assert "Kudos: 2 of 3 people" in text(card)
    opened = text(company.opens("mo", "Open 1 kudos", card))
    assert "listening" not in opened
    assert "1 more is counted, but not shown: private to the people concerned." in opened


def test_what_was_taken_back_since_is_counted_in_a_sentence(company: Company):
    company.thanks("ana", "bo", "for the guide that everybody can read")
    card = company.asks("mo")
    with company.storage.begin(HERE) as store:
        store.kudos.take_back(store.kudos.given_by(company.ids["ana"])[0].id)
    opened = text(company.opens("mo", "Open 1 kudos", card))
    assert "everybody can read" not in opened
    assert "1 more is counted, but taken back since the summary was made." in opened


@pytest.mark.parametrize("label", ["Open 1 check-in", "Refresh"])
@pytest.mark.parametrize("somebody", ["ana", "di", "max"])
def test_a_summarys_buttons_serve_its_manager_only(company: Company, label: str, somebody: str):
    company.checks_in("ana", done="Only for Mo")
    reply = company.presses(somebody, label, company.asks("mo"))
    assert isinstance(reply, Say)
    assert "Summaries of Platform go to its manager, Mo." in text(reply.card)
    assert "Only for Mo" not in text(reply.card)


@pytest.mark.parametrize("words", ["Platform", "platform last week", "last 30 days Platform"])
@pytest.mark.parametrize("somebody", ["ana", "di", "max"])
def test_another_managers_team_is_refused_with_who_manages_it(company: Company, words: str, somebody: str):
    said = text(company.asks(somebody, words))
    assert "Summaries of Platform go to its manager, Mo." in said
    assert "Checked in" not in said


def test_who_manages_nobody_is_told_what_they_can_have(company: Company):
    said = text(company.asks("ana"))
    assert "you manage none at present" in said
    assert "Summaries of your team, Platform, go to @Mo." in said
    assert "You are in no team yet" in text(company.asks("stranger", "gibberish"))


def test_a_manager_of_several_teams_chooses(company: Company):
    choice = company.asks("di", "last week")
    assert "Which one, for 23 February to 1 March 2026?" in text(choice)
    chosen = company.presses("di", "Support", choice)
    assert isinstance(chosen, Replace)
    assert "Support, 23 February to 1 March 2026" in text(chosen.card)
    refused = company.presses("mo", "Support", choice)
    assert "go to its manager, Di" in text(refused.card)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Platfrom", "There is no team called “Platfrom”"),
        ("Platform next week", "There is no team called “Platform next week”"),
        ("2026-02-30", "2026-02-30 is not in the calendar"),
        ("0001-01-01", "0001-01-01 is too far away"),
        ("9999-12-31 to 9999-12-31", "9999-12-31 is too far away"),
        ("2026-05-01", "That period has not begun yet"),
        ("2024-01-01 to 2026-01-01", "at most 366 days"),
        ("last 0 days", "from 1 to 366 days"),
        ("last 9999 days", "from 1 to 366 days"),
        ("*bold* <!channel> <@U1>", "“*bold* <!channel> <@U1>”"),
        ("x" * 4000, "There is no team called “xxx"),
        ("\u200f\u202eعربي", "There is no team called"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(company: Company, words: str, says: str):
    said = text(company.asks("mo", words))
    assert says in said
    assert "token" not in said


@pytest.mark.parametrize("name", ["summaries.open", "summaries.refresh", "summaries.show", "summaries.week"])
@pytest.mark.parametrize(
    "state", ["", "x", "999 checkins", "1 nonsense", "-1", "1 2 3 4", "١ checkins", "1 2026-03-02 x"]
)
def test_a_button_of_nothing_is_answered(company: Company, name: str, state: str):
    reply = company.does("press", name, "mo", state=state)
    assert isinstance(reply, Say)
    assert "no longer there" in text(reply.card)


def test_an_empty_team_and_an_empty_company(company: Company):
    said = text(company.asks("di", "Design"))
    assert "Nobody is in this team in this period." in said
    assert "Blockers: none." in said
    assert "Kudos" not in said
    router = Router(FEATURES, company.storage)
    alone = router.handle(Interaction("command", "team-summary", WorkspaceKey("slack", "T2"), "U1", id="1"))
    assert "You are in no team yet" in text(alone.replies[0].card)  # type: ignore[union-attr]


def test_a_team_named_like_a_period_is_found_by_its_manager(company: Company):
    assert "Last week, 2 to 8 March 2026" in text(company.asks("max", "last week"))
    assert "Platform, 23 February to 1 March 2026" in text(company.asks("mo", "last week"))


def test_over_several_weeks_once_is_said_to_be_once(company: Company):
    company.checks_in("ana")
    company.checks_in("ana", on=FRIDAY + timedelta(days=7))
    company.clock.move(timedelta(days=14))
    assert "Checked in at least once: 1 of 3 people (2 check-ins)." in text(company.asks("mo", "last 30 days"))


def test_the_same_facts_read_the_same(company: Company):
    company.checks_in("ana", done="Shipped it", mood=4, blocked="The test database is full")
    company.checks_in("bo", done="Wrote the guide", mood=2)
    first = company.asks("mo")
    again = company.presses("mo", "Refresh", first)
    assert isinstance(again, Replace)
    assert text(again.card) == text(first)


def test_a_period_in_which_nothing_is_due(company: Company):
    said = text(company.asks("mo", "2026-03-02 to 2026-03-03"))
    assert "No check-in is due in this period." in said


def test_eighty_people_and_two_hundred_blockers(company: Company):
    for number in range(80):
        name = f"person {number:02} " + "with a name as long as names can be, " * 2
        company.joins(name, "Platform")
        company.checks_in(name, done=f"Thing {number} 🎉 " + "long words " * 200, mood=1 + number % 5)
    with company.storage.begin(HERE) as store:
        for checkin in store.checkins.of_team(company.teams["Platform"], FRIDAY, FRIDAY):
            said = [f"Blocker {number} of {checkin.id} " + "that takes long to tell " * 30 for number in range(3)]
            store.blockers.raise_for(checkin.id, checkin.member_id, checkin.team_id, said)
    card = company.asks("mo")
    drawn = json.dumps(message(card))
    assert "Refresh" in drawn
    assert "not shown here" not in drawn
    assert "Checked in: 80 of 83 people (80 check-ins)." in text(card)
    assert "Blockers: 240 (240 open" in text(card)
    page = company.opens("mo", "Open 80 answers", card)
    seen = text(page)
    while following := re.search(r"\[(Next, from \d+)\]", text(page)):
        page = company.opens("mo", following[1], page)
        assert len(text(page)) < 16_000
        seen += text(page)
    assert "[From the start]" in text(page)
    assert all(f"Thing {number} " in seen for number in range(80))


def test_the_home_shows_managers_their_teams(company: Company):
    company.checks_in("ana", blocked="The test database is full")

    def home(name: str) -> str:
        with company.storage.begin(HERE) as store:
            member = store.members.by_key(name)
            assert member is not None
            return text(home_of(store, member, FEATURES))

    assert "Platform: 1 of 3 checked in this week, 1 open blocker." in home("mo")
    assert "Design: 0 of 0 checked in this week, 0 open blockers." in home("di")
    assert "[Team summary: Support]" in home("di")
    assert "Team summary" not in home("ana")
    said = company.does("press", "summaries.week", "mo", state=str(company.teams["Platform"]))
    assert "Checked in: 1 of 3 people" in text(said.card)  # type: ignore[union-attr]
