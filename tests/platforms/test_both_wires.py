"""The same evening over HTTP and over Socket Mode, on SQLite and on PostgreSQL: people notice no difference."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.app import App
from sandbox.slack.server import SlackSandbox
from storage.clock import SetClock
from storage.engine import Storage
from tests.databases import MONDAY
from tests.platforms.wire import BLOCKERS, DONE, PLAN, WHY
from tests.town import AT_ONCE, SECRET, Town, founded, settings_beside, settle


@pytest.fixture(params=["http", "socket"])
async def any_town(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[Town]:
    """A town on either database, reached in either way."""
    clock = SetClock(MONDAY)
    if request.param == "http":
        async with founded(storage.url, clock) as town:
            yield town
        return
    sandbox = SlackSandbox("manifest.yml", signing_secret=SECRET, clock=clock, real_rates=False)
    await sandbox.start()
    workspace = settle(sandbox, "Acme", "acme")
    assert workspace.install
    settings = settings_beside(
        sandbox,
        storage.url,
        bot_token=SecretStr(workspace.install.bot_token),
        app_token=SecretStr(sandbox.app_token),
    )
    assert settings.mode == "socket"
    app = App(settings, clock=clock, pace=AT_ONCE, ticking=False)
    try:
        await app.start()
        await sandbox.sockets.connected.wait()
        yield Town(sandbox, workspace, app, clock)
    finally:
        await app.stop()
        await sandbox.stop()


async def test_an_evening(any_town: Town) -> None:
    town = any_town
    ana, bo = town.people("ana", "bo")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
        people = {one.name: one.id for one in store.members.people()}
        team = store.teams.add("Ops", manager_id=people["bo"], share="channel", channel=town.channel("ops"))
        store.members.set_team([people["ana"], people["cy"]], team.id)

    await ana.types("/checkin")
    await ana.fills({DONE: "Moved *it* <!channel>", PLAN: "x"})
    await ana.closes()
    await town.settle()
    await ana.shortcut("Check in")
    assert "Moved *it*" in str(ana.modal), "what was typed is kept"
    await ana.fills({PLAN: "Rest", BLOCKERS: "The lift"})
    assert not await ana.submits()
    await ana.sees("Thank you", in_="modal")
    await ana.closes()
    await bo.sees("Moved *it* <!channel>", in_="#ops")

    await ana.types("/kudos @ana")
    assert "leave yourself out" in ana.modal_text or ana.modal
    await ana.closes()
    await ana.types(f"/kudos @bo {WHY}")
    await bo.sees("staying late", in_="dm")
    await bo.sees("staying late", in_="#kudos")

    await bo.types("/team-summary this week")
    await bo.sees("Checked in: 1 of 2 people")
    await bo.presses("Open 1 check-in")
    await bo.sees("Moved *it*", in_="modal")
    await bo.closes()
    await bo.opens_home()
    await bo.sees("staying late", in_="home")

    town.workspace.change_user(bo.user_id, name="bob")
    await town.settle()
    with town.store() as store:
        known = store.members.by_key(bo.user_id)
    assert known
    assert known.name == "bob"
    assert not town.sandbox.troubles
