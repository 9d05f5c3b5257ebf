"""The first turns anybody takes, through the real Bolt app."""

from __future__ import annotations

from tests.town import Town


async def test_ana_thanks_bo_by_typing_it(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types("/kudos @bo for staying late to fix the build")
    await ana.sees("Sent to")
    await bo.sees("staying late to fix the build", in_="dm")
    await bo.sees("staying late to fix the build", in_="#kudos")


async def test_an_unknown_command_is_answered_kindly(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.types("/kudos help")
    await ana.sees("/kudos @name for what they did")
