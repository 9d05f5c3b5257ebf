"""The page's own API, and what a sandbox keeps over a restart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sandbox.slack.server import SlackSandbox
from storage.clock import SystemClock
from tests.sandbox.conftest import SECRET, Stage, declared

Json = dict[str, Any]
SELECT = {
    "type": "actions",
    "block_id": "b",
    "elements": [
        {
            "type": "static_select",
            "action_id": "mood",
            "options": [{"text": {"type": "plain_text", "text": "Good"}, "value": "4"}],
        }
    ],
}


async def get(stage: Stage, path: str, **query: str) -> Json:
    async with stage.session.get(stage.sandbox.url + path, params=query) as response:
        answer: Json = await response.json()
        return answer


async def post(stage: Stage, path: str, body: Json) -> Json:
    async with stage.session.post(stage.sandbox.url + path, json=body) as response:
        answer: Json = await response.json()
        return answer


async def act(stage: Stage, do: str, **more: Any) -> Json:
    who = {"team": stage.acme.id, "user": stage.ana.user_id}
    return await post(stage, "/page/act", who | {"do": do} | more)


async def test_the_page_shows_who_is_there_and_what_they_see(stage: Stage) -> None:
    (team,) = (await get(stage, "/page/people"))["workspaces"]
    assert [person["name"] for person in team["people"]] == ["ana", "bo", "cy"]
    await stage.bo.types("Morning, @ana")
    who = {"team": stage.acme.id, "user": stage.ana.user_id}
    seen = await get(stage, "/page/look", **who)
    assert [(one["name"], one["kind"], one["unread"]) for one in seen["channels"]] == [
        ("general", "channel", 1),
        ("Soundings", "app", 0),
    ]
    assert seen["now"] == stage.clock.now().isoformat()
    assert "/checkin" in [command["command"] for command in seen["commands"]]
    read = await get(stage, "/page/look", **who, channel=stage.general.id)
    assert read["messages"][0]["text"] == f"Morning, <@{stage.ana.user_id}>"
    assert read["channels"][0]["unread"] == 0
    assert (await get(stage, "/page/look", team="T404", user="U1"))["error"] == "There is no such workspace."


async def test_channels_that_somebody_has_not_joined_can_be_named_if_they_are_public(stage: Stage) -> None:
    paint = stage.acme.add_channel("paint", members=[stage.bo.user_id])
    stage.acme.add_channel("board", members=[stage.bo.user_id], private=True)
    seen = await get(stage, "/page/look", team=stage.acme.id, user=stage.ana.user_id)
    assert seen["elsewhere"] == [{"id": paint.id, "name": "paint", "kind": "channel"}]
    assert "paint" not in [one["name"] for one in seen["channels"]]


async def test_people_act_through_the_page(stage: Stage) -> None:
    pressed: list[str] = []

    @stage.app.command("/kudos")
    async def kudos(ack: Any) -> None:
        await ack("Who shall it be?")

    @stage.app.action("mood")
    async def mood(ack: Any, action: Json) -> None:
        pressed.append(action["selected_option"]["value"])
        await ack()

    assert (await act(stage, "say", channel="general", text="Hello"))["ok"]
    assert (await act(stage, "say", channel="general", text="/kudos"))["ok"]
    await stage.ana.sees("Who shall it be?", in_="ephemeral")
    asked = await stage.client.chat_postMessage(channel=stage.ana.user_id, text="Mood?", blocks=[SELECT])
    surface = {"channel": asked["channel"], "ts": asked["ts"]}
    choice = {"surface": surface, "block_id": "b", "action_id": "mood"}
    assert (await act(stage, "press", **choice, value="4"))["ok"]
    assert pressed == ["4"]
    assert (await act(stage, "press", **choice, value="9"))["error"] == "There is no option '9' to choose."
    assert (await act(stage, "dance"))["error"] == "There is nothing called 'dance' to do."
    assert not (await act(stage, "submit", view_id="V1", values={}))["ok"]
    assert not (await act(stage, "shortcut"))["ok"]


async def test_the_stream_tells_of_each_change(stage: Stage) -> None:
    async with stage.session.get(stage.sandbox.url + "/page/stream") as stream:
        first = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        await stream.content.readline()
        await stage.bo.types("Hello")
        second = json.loads((await stream.content.readline()).removeprefix(b"data: "))
    assert second["rev"] > first["rev"]


async def test_the_clock_and_the_faults_are_moved_from_the_page(stage: Stage) -> None:
    moved = await post(stage, "/page/clock", {"advance_seconds": 3600})
    assert moved["now"] == "2026-03-02T11:00:00+00:00"
    await post(stage, "/page/clock", {"now": "2026-03-03T09:00:00+00:00"})
    assert (await get(stage, "/page/clock"))["now"] == "2026-03-03T09:00:00+00:00"
    assert not (await post(stage, "/page/clock", {}))["ok"]
    passed: list[datetime] = []

    async def pass_time(until: datetime) -> None:
        passed.append(until)

    stage.sandbox.pass_time = pass_time
    assert (await post(stage, "/page/clock", {"advance_seconds": 60}))["ok"]
    assert passed == [datetime(2026, 3, 3, 9, 1, tzinfo=UTC)]
    assert (await post(stage, "/page/faults", {"name": "server_error", "count": 2}))["ok"]
    assert (await get(stage, "/page/faults"))["ordered"][0]["count"] == 2
    assert not (await post(stage, "/page/faults", {"name": "rain"}))["ok"]
    await post(stage, "/page/faults/clear", {})
    assert (await get(stage, "/page/faults"))["ordered"] == []
    stage.sandbox.clock = SystemClock()
    assert "cannot be moved" in (await post(stage, "/page/clock", {"advance_seconds": 1}))["error"]


async def test_a_restart_keeps_what_was_said(stage: Stage) -> None:
    await stage.ana.types("Hello")
    home = {"type": "home", "blocks": [SELECT]}
    published = await stage.client.views_publish(user_id=stage.ana.user_id, view=home)
    direct = await stage.client.chat_postMessage(channel=stage.ana.user_id, text="Hi")
    kept = json.loads(json.dumps(stage.sandbox.snapshot()))
    later = SlackSandbox(declared(), signing_secret=SECRET, clock=stage.clock, snapshot=kept)
    assert later.snapshot()["workspaces"] == kept["workspaces"]
    acme = later.workspaces[stage.acme.id]
    seen = later.seat(acme, stage.ana.user_id).look("general")
    assert [message["text"] for message in seen["messages"]] == ["Hello"]
    assert seen["home"]["id"] == published["view"]["id"]
    assert acme.dm(stage.install.bot_user_id, stage.ana.user_id).id == direct["channel"]
    assert acme.install is not None
    assert acme.install.bot_token == stage.install.bot_token
    assert acme.new_ts() > direct["ts"]
    assert acme.add_user(name="dee").id not in stage.acme.users
