"""What somebody finds out about themselves, and what they can choose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers import plain
from handlers.me.about import About, Held, form, who_sees
from handlers.text import Mention
from storage.teams import Team
from tests.town import Town

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MO = Mention("U1", "Mo")
CREW = Team(3, "Crew", 7, "C1", "manager")
ANA = About("Ana", ZoneInfo("Europe/Lisbon"), NOON, Held(), CREW, MO)


def first_sentence(about: About) -> str:
    return plain.line_text(who_sees(about)[0])


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        (replace(ANA, team=None), "Check-ins: you alone, for you are in no team yet."),
        (ANA, "Check-ins: you; @Mo, who manages Crew."),
        (replace(ANA, is_manager=True), "Check-ins: you."),
        (replace(ANA, manager=None), "Check-ins: you."),
        (
            replace(ANA, team=replace(CREW, share="thread")),
            "Check-ins: you; @Mo, who manages Crew; your team; everybody who reads #C1.",
        ),
        (
            replace(ANA, team=replace(CREW, share="channel", channel="")),
            "Check-ins: you; @Mo, who manages Crew; your team.",
        ),
    ],
)
def test_who_sees_check_ins_follows_from_how_the_team_shares(about: About, sentence: str):
    assert first_sentence(about) == sentence


def test_without_an_admin_the_page_still_says_whom_to_ask():
    assert "ask an admin of this workspace. You need" in plain.text(form(ANA))


async def test_ana_looks_up_what_is_held_about_her(town: Town):
    (ana,) = town.people("ana")
    await ana.opens_home()
    with town.store() as store:
        me, bo = store.members.greet(ana.user_id), store.members.greet(town.person("bo").user_id)
        crew = store.teams.add("Crew", manager_id=bo.id, share="channel", channel=town.channel("ops"))
        store.members.set_team([me.id], crew.id)
        checkin = store.checkins.share(me.id, crew.id, date(2026, 3, 6), NOON, [])
        store.blockers.raise_for(checkin.id, me.id, crew.id, ["No key to the office", "No printer"])
        store.kudos.give(me.id, [bo.id], "for the plan on Monday", value_id=None, public=True, source="one")
        taken, _ = store.kudos.give(bo.id, [me.id], "for the soup on Tuesday", value_id=None, public=True, source="two")
        store.kudos.give(bo.id, [me.id], "for the lift on Wednesday", value_id=None, public=False, source="three")
        store.kudos.take_back(taken.id)
        store.drafts.save(me.id, "kudos.give", {"words": "for"})
    await ana.presses("About me and my data", in_="home")
    text = ana.modal_text
    for words in ("Crew", "Check-ins: 1", "Blockers you raised: 2", "1 given, 1 received", "Drafts: 1", "UTC"):
        assert words in text
    assert "everybody who reads" in text
    assert "ask an admin of this workspace, such as" in text
    assert "max" in text


async def test_ana_turns_the_direct_messages_about_kudos_off_and_on(town: Town):
    ana, bo = town.people("ana", "bo")
    await ana.types("/soundings me")
    await ana.fills({"Kudos": False})
    await ana.submits()
    await ana.sees("You will not be told directly")
    await ana.closes()
    await bo.types("/kudos @ana for carrying the table upstairs")
    await town.settle()
    await ana.never_sees("carrying the table", in_="dm")
    await ana.opens_home()
    await ana.sees("carrying the table", in_="home")

    await ana.presses("About me and my data", in_="home")
    await ana.fills({"Kudos": True})
    await ana.submits()
    await ana.closes()
    await bo.types("/kudos @ana for carrying the piano upstairs")
    await ana.sees("carrying the piano", in_="dm")
