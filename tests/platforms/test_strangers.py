"""People of other companies, bots and those who have left: what they may not do, and that nothing is kept of them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.inbound import STRANGER
from sandbox.people import Person
from tests.platforms.wire import DONE, WHY, event, interaction, post, rows, view_submission
from tests.town import Town


@pytest.fixture
async def sam(town: Town) -> Person:
    """Somebody of another company, in #general, which both companies share."""
    await town.settle()
    user = town.workspace.add_stranger(name="sam", channels=[town.channel("general"), town.channel("kudos")])
    return Person(town.sandbox.seat(town.workspace, user.id))


async def test_a_stranger_is_refused_everywhere_and_nothing_is_kept(town: Town, sam: Person) -> None:
    (ana,) = town.people("ana")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    await ana.types("/checkin")
    before = rows(town)

    def by_sam(**payload: Any) -> tuple[bytes, str]:
        trigger = town.sandbox.triggers.issue(town.workspace.id, sam.user_id)
        who = {"id": sam.user_id, "name": "sam", "team_id": sam.seat.user.team_id}
        return interaction({"team": {"id": town.workspace.id}, "trigger_id": trigger, **payload, "user": who})

    sent = view_submission(town, ana, {})
    status, said = await post(town, by_sam(**sent))
    assert status == 200
    assert STRANGER in said

    action = {"action_id": "kudos.list", "value": "given", "block_id": "b", "type": "button"}
    path = town.sandbox.response_urls.issue(
        "actions", town.workspace.id, sam.user_id, town.channel("kudos"), town.clock.now()
    )
    pressed = by_sam(type="block_actions", actions=[action], response_url=town.sandbox.url + path)
    assert (await post(town, pressed))[0] == 200
    await sam.sees(STRANGER, in_="ephemeral")
    assert (await post(town, by_sam(type="view_closed", view=sent["view"])))[0] == 200
    assert (await post(town, by_sam(type="shortcut", callback_id="checkins.start")))[0] == 200
    await sam.sees(STRANGER, in_="modal")
    await town.settle()
    assert rows(town) == before


async def test_a_stranger_has_no_home_here_and_is_nobodys_peer(town: Town, sam: Person) -> None:
    (ana,) = town.people("ana")
    before = rows(town)
    await sam.opens_home()
    town.workspace.change_user(sam.user_id, real_name="Samantha")
    await town.settle()
    await town.app.sync_directories()
    assert {**rows(town), "events": 0} == {**before, "events": 0}
    await ana.types(f"/kudos @sam {WHY}")
    await town.settle()
    stored = rows(town)
    assert stored["members"] == before["members"]
    assert stored["kudos"] == 0


async def test_what_bots_do_is_nothing_to_us(town: Town) -> None:
    assert town.workspace.install
    before = rows(town)
    own = town.workspace.install.bot_user_id
    for inner in (
        {"type": "app_home_opened", "user": own, "tab": "home"},
        {"type": "message", "bot_id": town.workspace.install.bot_id, "text": "hello", "channel": "C1"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B0OTHER", "text": "/kudos", "channel": "C1"},
    ):
        assert (await post(town, event(town, inner)))[0] == 200
    await town.settle()
    assert rows(town) == before


async def test_a_session_that_outlived_its_account(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.types("/checkin")
    sent = view_submission(town, ana, {})
    town.workspace.change_user(ana.user_id, deleted=True)
    await town.settle()
    before = rows(town)
    status, said = await post(town, interaction(sent))
    assert status == 200
    assert "deactivated" in said
    assert DONE not in said
    await town.settle()
    assert rows(town) == before


async def test_somebody_the_directory_did_not_tell_of_is_looked_up(town: Town) -> None:
    town.workspace.add_user(name="fay", real_name="Fay", tz="Europe/Lisbon")
    fay = town.person("fay")
    await fay.opens_home()
    await fay.sees("Check in", in_="home")
    town.workspace.add_user(name="gil", real_name="Gil", tz="Europe/Lisbon")
    gil = town.person("gil")
    await gil.types("/soundings")
    await town.settle()
    with town.store() as store:
        for who in (fay, gil):
            known = store.members.by_key(who.user_id)
            assert known
            assert known.known
            assert known.zone.key == "Europe/Lisbon"
