"""How people find out what they can do here."""

from __future__ import annotations

import pytest

from tests.town import Town


@pytest.mark.parametrize("typed", ["/soundings", "/soundings help", "/soundings HELP"])
async def test_a_newcomer_asks_what_there_is_and_starts_from_there(town: Town, typed: str):
    (ana,) = town.people("ana")
    await ana.types(typed)
    for words in ("/kudos @name for what they did", "Thank somebody for something they did.", "/soundings ["):
        await ana.sees(words, in_="ephemeral")
    await ana.presses("Give kudos", in_="ephemeral")
    assert "Who helped?" in ana.modal_text


async def test_an_unknown_word_is_answered_kindly_and_literally(town: Town):
    (ana,) = town.people("ana")
    await ana.types("/soundings *holidays* <!channel> " + "x" * 200)
    await ana.sees("does not know “*holidays*", in_="ephemeral")
    await ana.sees("What you can do here", in_="ephemeral")


async def test_each_command_explains_itself(town: Town):
    (ana,) = town.people("ana")
    await ana.types("/kudos help")
    await ana.sees("/kudos @name for what they did", in_="ephemeral")


async def test_only_who_may_set_things_up_is_offered_the_settings(town: Town):
    ana, bo, boss = town.people("ana", "bo", "max")
    with town.store() as store:
        store.teams.add("Crew", manager_id=store.members.greet(bo.user_id).id)
    await ana.types("/soundings")
    assert "Settings" not in ana.reads("ephemeral")
    await bo.types("/soundings")
    await bo.sees("Summary of Crew", in_="ephemeral")
    for person in (bo, boss):
        await person.types("/soundings settings")
        assert "Teams" in person.modal_text or "Your teams" in person.modal_text
    await ana.types("/soundings settings")
    await ana.sees("Settings are for admins, and for managers of a team.", in_="ephemeral")
    assert ana.modal is None


async def test_help_and_a_greeting_are_on_the_home(town: Town):
    (ana,) = town.people("ana")
    await ana.opens_home()
    await ana.sees("Hello", in_="home")
    await ana.presses("How it works", in_="home")
    assert "What you can do here" in ana.modal_text
    await ana.presses("Give kudos")
    assert "Who helped?" in ana.modal_text
