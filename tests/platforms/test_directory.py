"""Who is here: read page by page, kept right by events, and forgotten with the consent."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import directory
from storage.members import Member
from tests.platforms.wire import WHY, event, post, rows
from tests.town import Town


def member(town: Town, name: str) -> Member:
    with town.store() as store:
        found = store.members.by_key(town.person(name).user_id)
    assert found, name
    return found


def person(town: Town, who: str, **more: object) -> dict[str, object]:
    return {"id": town.person(who).user_id, "team_id": town.workspace.id, **more}


async def test_everybody_is_read_page_by_page_however_often_slack_says_wait(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PAGE", 7)
    for number in range(25):
        town.workspace.add_user(name=f"new{number}", tz="Asia/Tokyo")
    before = len(town.sandbox.calls)
    town.sandbox.faults.add("rate_limited", 3, only="users.list", seconds=0)
    await town.app.sync_directories()
    assert len([one for one in town.sandbox.calls[before:] if one.method == "users.list"]) >= 5
    assert member(town, "new24").zone.key == "Asia/Tokyo"
    assert rows(town)["members"] >= 34
    kinds = {name: (member(town, name).kind, member(town, name).active) for name in ("ana", "gus", "rob", "dan")}
    assert kinds == {
        "ana": ("person", True),
        "gus": ("guest", True),
        "rob": ("bot", True),
        "dan": ("person", False),
    }
    assert member(town, "max").admin


@pytest.mark.parametrize("trouble", ["server_error", "lost_request", "lost_answer"])
async def test_a_directory_that_cannot_be_read_stops_nothing(town: Town, trouble: str) -> None:
    town.sandbox.faults.add(trouble, 9, only="users.list")
    await town.app.sync_directories()
    town.sandbox.faults.clear()
    town.sandbox.faults.add(trouble, 9, only="users.info")
    town.workspace.add_user(name="fay", tz="UTC")
    fay = town.person("fay")
    await fay.types("/soundings")
    await fay.sees("/checkin", in_="ephemeral")
    await town.settle()


async def test_people_join_are_renamed_move_and_leave(town: Town) -> None:
    fay = town.workspace.join(name="fay", real_name="Fay", tz="Europe/Oslo")
    await town.settle()
    assert (member(town, "fay").name, member(town, "fay").zone.key) == ("fay", "Europe/Oslo")
    town.workspace.change_user(fay.id, name="fay.renamed", tz="America/Lima", admin=True)
    await town.settle()
    known = member(town, fay.id)
    assert (known.name, known.zone.key, known.admin) == ("fay.renamed", "America/Lima", True)
    town.workspace.change_user(fay.id, deleted=True)
    await town.settle()
    assert not member(town, fay.id).active
    town.workspace.change_user(fay.id, deleted=False)
    await town.settle()
    assert member(town, fay.id).active


async def test_news_that_comes_twice_or_in_the_wrong_order_does_no_harm(town: Town) -> None:
    now = int(town.clock.now().timestamp())
    town.sandbox.faults.add("duplicated_event", 2)
    town.workspace.change_user(town.person("bo").user_id, name="bo.twice")
    await town.settle()
    assert member(town, "bo.twice").name == "bo.twice"
    told = [
        event(town, {"type": "user_change", "user": person(town, "ana", updated=now + age, name=name)}, event_id=name)
        for age, name in ((30, "newest"), (10, "oldest"), (20, "older"))
    ]
    for one in told:
        assert (await post(town, one))[0] == 200
    assert member(town, "ana").name == "newest"
    await asyncio.gather(*(post(town, one) for one in told * 3))
    assert member(town, "ana").name == "newest"
    await town.settle()


async def test_zones_and_names_that_nobody_knows(town: Town) -> None:
    for number, odd in enumerate(
        (
            {"tz": "Moon/Sea"},
            {"tz": None},
            {"tz": 7},
            {"profile": None, "name": ""},
            {"profile": {"display_name": "\u200b"}},
        )
    ):
        told = event(town, {"type": "user_change", "user": person(town, "ana", **odd)}, event_id=f"Ev{number}")
        assert (await post(town, told))[0] == 200, odd
        (ana,) = town.people("ana")
        await ana.opens_home()
        await ana.sees("Check in", in_="home")


@pytest.mark.parametrize("how", ["uninstall", "revoke"])
async def test_when_the_consent_ends_nothing_more_is_sent_until_it_is_given_again(town: Town, how: str) -> None:
    ana, bo = town.people("ana", "bo")
    await ana.types("/soundings")
    await town.settle()
    await getattr(town.sandbox, how)(town.workspace)
    await town.settle()
    assert await town.app.client_for(town.key) is None
    assert await town.app.installs.all() == []
    with town.app.storage.connect() as connection:
        sealed = connection.exec_driver_sql("SELECT sealed FROM installs").scalars().all()
    assert sealed == [""]
    with town.store() as store:
        to = store.members.by_key(bo.user_id)
        me = store.members.by_key(ana.user_id)
        assert to
        assert me
        store.deliveries.queue("member", to.key, '{"is":"Card","body":[]}', key="waits")
    refused = _count_refused(town)
    await town.settle()
    assert _count_refused(town) == refused, "a token that is gone is not tried"
    town.clock.move(timedelta(minutes=1))
    install = town.sandbox.install(town.workspace)
    kept = await town.app.installs.adopt(install.bot_token, town.app.client)
    await town.app.welcome(kept)
    await town.settle()
    await ana.types(f"/kudos @bo {WHY}")
    await bo.sees("staying late", in_="dm")


def _count_refused(town: Town) -> int:
    return len([one for one in town.sandbox.calls if not one.answer["ok"]])


async def test_a_persons_own_token_is_none_of_ours(town: Town) -> None:
    told = event(town, {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert (await post(town, told))[0] == 200
    assert await town.app.client_for(town.key)


async def test_late_news_of_an_earlier_goodbye_does_not_end_a_new_consent(town: Town) -> None:
    earlier = int(town.clock.now().timestamp()) - 30
    for inner in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}):
        assert (await post(town, event(town, inner, event_time=earlier)))[0] == 200
        assert await town.app.client_for(town.key)
    assert (await post(town, event(town, {"type": "app_uninstalled"}, event_time=earlier + 60)))[0] == 200
    assert await town.app.client_for(town.key) is None


async def test_a_refusal_of_the_directory_is_raised_to_whoever_asked(town: Town) -> None:
    client = await town.app.client_for(town.key)
    assert client
    town.sandbox.faults.add("server_error", 1, only="users.list")
    with pytest.raises(SlackApiError):
        await town.app.directory.sync(town.key, client)
