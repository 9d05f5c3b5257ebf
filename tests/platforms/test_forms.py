"""Forms that lead to forms: going on takes the place of the last one, a detour is put on top."""

from __future__ import annotations

from tests.town import Town


async def test_max_goes_through_the_settings_and_one_form_is_open_all_the_while(town: Town) -> None:
    max_ = town.person("max")
    await max_.opens_home()
    await town.settle()
    await max_.presses("Open settings", in_="home")
    await max_.sees("Company questions", in_="modal")

    for label, told in (
        ("Kudos and values", "Channel"),
        ("Back to settings", "Company questions"),
        ("Company questions", "Add a question"),
        ("Back to settings", "Company questions"),
    ):
        await max_.presses(label, in_="modal")
        await max_.sees(told, in_="modal")
        await town.settle()
        assert len(town.workspace.modals[max_.user_id]) == 1
