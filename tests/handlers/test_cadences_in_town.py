"""A cadence is arranged through the real app, form by form."""

from __future__ import annotations

from sandbox.people import Person
from storage.cadences import Cadence
from tests.town import Town


def standing(town: Town) -> list[Cadence]:
    with town.store() as store:
        return store.cadences.all()


async def arranges(town: Town, who: Person) -> None:
    """Fill in the two steps of a new cadence."""
    await who.opens_home()
    await who.presses("Cadences", in_="home")
    await who.presses("New cadence")
    await who.fills({"Name": "Weekly check-in <!channel>", "Teams": ["Crew"]})
    await who.submits()


async def test_an_admin_of_very_many_teams_finds_each_of_them(town: Town):
    (max_,) = town.people("max")
    with town.store() as store:
        for number in range(130):
            store.teams.add(f"Team {number:03}")
    await max_.opens_home()
    await max_.presses("Cadences", in_="home")
    await max_.presses("New cadence")
    await max_.fills({"Name": "Weekly check-in", "Teams": ["Team 007", "Team 129"]})
    await max_.submits()
    await max_.submits()
    await max_.submits()
    (kept,) = standing(town)
    with town.store() as store:
        assert [store.teams.by_id(one).name for one in kept.audience.teams] == ["Team 007", "Team 129"]
    await max_.presses("Edit")
    assert "Team 128" in max_.modal_text
    await max_.fills({"Teams": ["Team 000", "Team 129"]})
    await max_.submits()
    assert max_.errors == {}


async def test_a_manager_arranges_changes_pauses_and_ends_a_cadence(town: Town):
    bo, ana = town.people("bo", "ana")
    with town.store() as store:
        team = store.teams.add("Crew", manager_id=store.members.greet(bo.user_id).id)
        store.members.set_team([store.members.greet(one.user_id).id for one in (ana, bo)], team.id)
    await arranges(town, bo)
    await bo.fills({"On which days": ["Tuesday", "Thursday"], "By the clock of": "Lissabon", "Closes": "The same day"})
    await bo.submits()
    assert bo.errors == {"By the clock of one time zone": "No such time zone. Perhaps Europe/Lisbon?"}
    await bo.fills({"By the clock of": "lisbon"})
    await bo.submits()
    for words in ("Tuesday 3 March: 2 people are asked", "Thursday 12 March", "at 60000 a minute.", "Nothing is saved"):
        assert words in bo.modal_text
    await bo.presses("Change when")
    await bo.fills({"On which days": ["Thursday"], "By the clock of": ""})
    await bo.submits()
    assert "Tuesday" not in bo.modal_text
    await bo.presses("Start, end, holidays")
    await bo.fills({"Until": "2026-03-31", "Public holidays": "Not asked on those of the place below"})
    await bo.submits()
    assert "No such place is known." in bo.errors["Place of the public holidays"]
    await bo.fills({"Place of the public holidays": "Bavaria"})
    await bo.submits()
    await bo.submits()
    assert "Weekly check-in <!channel> is saved." in bo.modal_text
    assert "Every Thursday at 10:00, each member's own time; closes the same day at 18:00" in bo.modal_text
    (kept,) = standing(town)
    assert (kept.holidays, kept.version) == ("DE-BY", 1)
    await bo.presses("Edit")
    await bo.fills({"But not": ["ana"]})
    await bo.submits()
    await bo.submits()
    assert "Asked no longer: 1 person" in bo.modal_text
    await bo.submits()
    await bo.presses("Pause")
    await bo.presses("Resume")
    await bo.presses("Next 14 days")
    assert "Thursday 5 March: 1 person is asked" in bo.modal_text
    await bo.presses("Back to the list")
    await bo.presses("End")
    assert "has ended" in bo.modal_text
    assert standing(town) == []


async def test_a_form_that_was_closed_is_filled_again(town: Town):
    boss, bo = town.people("max", "bo")
    with town.store() as store:
        store.teams.add("Crew", manager_id=store.members.greet(bo.user_id).id)
    await arranges(town, boss)
    await boss.fills({"Opens at": "08:45"})
    await boss.closes()
    await town.settle()
    await boss.presses("Cadences", in_="home")
    await boss.presses("New cadence")
    assert "filled with what you typed before" in boss.modal_text
    await boss.submits()
    await boss.submits()
    assert "Every Thursday at 08:45" in boss.modal_text


async def test_the_command_leads_to_the_list(town: Town):
    boss, ana = town.people("max", "ana")
    await boss.types("/soundings cadences")
    assert "New cadence" in boss.modal_text
    await ana.types("/soundings cadences")
    await ana.sees("Cadences are arranged by admins", in_="ephemeral")
