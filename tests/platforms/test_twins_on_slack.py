"""Two companies use the same Soundings, with people of the same names: neither ever sees a word of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.slack.installs import identify
from sandbox.people import Person
from sandbox.slack.workspace import Workspace
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.platforms.wire import BLOCKERS, DONE, PLAN, interaction, post, view_submission
from tests.town import Town, settle

OURS, THEIRS = "lighthouse", "submarine"


@pytest.fixture
async def twin(town: Town) -> Workspace:
    """A second company that installed the same app; everybody there has a namesake here."""
    twin = settle(town.sandbox, "Initech", "initech")
    assert twin.install
    install = await identify(town.app.client, twin.install.bot_token)
    await town.app.installs.keep(replace(install, name="Initech"))
    await town.app.welcome(install)
    return twin


def both(town: Town, twin: Workspace) -> Iterator[tuple[Workspace, str, str]]:
    yield town.workspace, OURS, THEIRS
    yield twin, THEIRS, OURS


def arranged(store: Store, workspace: Workspace, word: str) -> None:
    """A team that Bo manages and Ana is in, with a question and a value of its own."""
    channels = {name: workspace.find_channel(name) for name in ("kudos", "ops")}
    assert channels["kudos"]
    assert channels["ops"]
    store.change_settings(kudos_channel=channels["kudos"].id)
    people = {one.name: one for one in store.members.people()}
    team = store.teams.add(f"Team {word}", manager_id=people["bo"].id, share="channel", channel=channels["ops"].id)
    store.members.set_team([people["ana"].id, people["cy"].id], team.id)
    store.kudos.add_value(f"Value {word}")


async def evening(town: Town, workspace: Workspace, word: str) -> None:
    ana, bo = (town.person(name, workspace) for name in ("ana", "bo"))
    await ana.types("/checkin")
    await ana.fills({DONE: f"Done with the {word}", PLAN: f"More {word}", BLOCKERS: f"No {word} left"})
    assert not await ana.submits()
    await ana.closes()
    await ana.types(f"/kudos @bo for carrying the {word} up the hill")
    await bo.types("/team-summary this week")
    await bo.presses("Open 1 check-in")
    await bo.sees(word, in_="modal")
    await bo.closes()
    for who in (ana, bo):
        await who.opens_home()
        await who.types("/kudos")
        await who.closes()
        await who.types("/soundings")
        await who.types("/team-summary")
    await town.settle()


async def test_nobody_ever_sees_a_word_of_the_other_company(town: Town, twin: Workspace) -> None:
    for workspace, own, _ in both(town, twin):
        with town.app.storage.begin(WorkspaceKey("slack", workspace.id)) as store:
            arranged(store, workspace, own)
    for workspace, own, _ in both(town, twin):
        await evening(town, workspace, own)
    for workspace, own, other in both(town, twin):
        for name in ("ana", "bo", "cy", "dee", "max"):
            who = town.person(name, workspace)
            assert other not in who.reads(), name
        bo = town.person("bo", workspace)
        for place in ("dm", "#kudos", "#ops", "ephemeral", "home"):
            assert own in bo.reads(place), place
        sent = [str(one.arguments) + str(one.answer) for one in town.sandbox.calls if one.team_id == workspace.id]
        assert own in "".join(sent)
        assert other not in "".join(sent)


async def test_ids_of_the_other_company_open_nothing(town: Town, twin: Workspace) -> None:
    for workspace, own, _ in both(town, twin):
        with town.app.storage.begin(WorkspaceKey("slack", workspace.id)) as store:
            arranged(store, workspace, own)
    await evening(town, twin, THEIRS)
    bo: Person = town.person("bo")
    before = len(town.workspace.messages.get(town.channel("ops"), []))
    for does in (
        "kudos.open", "kudos.take_back", "checkins.open", "checkins.correct",
        "blockers.show", "blockers.acknowledge", "blockers.resolve", "summaries.open", "summaries.refresh",
    ):  # fmt: skip
        for state in ("1", "2", "3", "1 1", "1 1 1", "1 2026-03-02 2026-03-08"):
            pressed = {
                "type": "block_actions",
                "team": {"id": town.workspace.id},
                "user": {"id": bo.user_id, "name": "bo", "team_id": town.workspace.id},
                "trigger_id": town.sandbox.triggers.issue(town.workspace.id, bo.user_id),
                "actions": [{"action_id": does, "value": state, "block_id": "b", "type": "button"}],
                "view": {"type": "home", "id": "V0", "blocks": []},
            }
            assert (await post(town, interaction(pressed)))[0] == 200, (does, state)
            await town.settle()
            assert THEIRS not in bo.reads(), (does, state)
            while bo.modal:
                await bo.closes()
    await town.settle()
    assert len(town.workspace.messages.get(town.channel("ops"), [])) == before
    await bo.types("/checkin")
    sent = view_submission(town, bo, {})
    sent["view"]["private_metadata"] = "1 1 1"
    assert (await post(town, interaction(sent)))[0] == 200


async def test_a_payload_that_names_both_companies_is_of_the_one_that_installed_the_view(
    town: Town, twin: Workspace
) -> None:
    """Slack puts the workspace of the view into the view, and that of the person beside them."""
    ana = town.person("ana")
    await ana.types("/checkin")
    sent = view_submission(town, ana, {})
    sent["team"] = {"id": twin.id}
    sent["user"]["team_id"] = twin.id
    status, said = await post(town, interaction(sent))
    assert status == 200
    assert "members of its own workspace only" in said
