"""Somebody presses on their home at the very moment at which it is drawn anew."""

from __future__ import annotations

from sandbox.people import Person
from sandbox.slack import forms
from tests.town import Town, town

__all__ = ["town"]


def places(person: Person) -> dict[str, tuple[str, str]]:
    """Where each button of their home is: its block and its action, by its label."""
    found = forms.elements(person.seat.look()["home"]["blocks"])
    return {element["text"]["text"]: (block["block_id"], element["action_id"]) for block, element in found}


async def test_a_press_on_the_home_as_it_was_a_moment_ago_still_lands(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    await ana.opens_home()
    await town.settle()
    before = places(ana)
    await bo.types("/kudos @ana for staying late with the numbers")
    await town.settle()
    await ana.sees("for staying late with the numbers", in_="home")
    await ana.seat.press({"home": True}, *before["About me and my data"])
    await town.settle()
    assert ana.modal
    assert ana.modal["title"]["text"] == "About me and my data"


async def test_each_row_of_buttons_keeps_its_name_until_it_changes(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.opens_home()
    await town.settle()
    before = places(ana)
    await ana.opens_home()
    await town.settle()
    assert places(ana) == before
    assert len({block for block, _ in before.values()}) > 1
