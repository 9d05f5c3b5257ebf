"""Events with their retries, faults on the way, and Socket Mode."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.faults import UnknownFault
from sandbox.slack.delivery import read_body
from sandbox.slack.server import SlackSandbox
from storage.clock import SetClock
from tests.sandbox.conftest import MANIFEST, SECRET, Stage

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}, "value": "7"}


def hear(stage: Stage, event: str, *, failures: int = 0) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Let the app listen to an event and fail the first times; returns (body, headers) as they come."""
    heard: list[tuple[dict[str, Any], dict[str, Any]]] = []

    @stage.app.event(event)
    async def listen(body: dict[str, Any], request: Any) -> None:
        heard.append((body, request.headers))
        if len(heard) <= failures:
            raise RuntimeError("on purpose")

    return heard


async def test_an_event_comes_again_with_the_same_id(stage: Stage) -> None:
    heard = hear(stage, "user_change", failures=2)
    stage.acme.change_user(stage.bo.user_id, tz="Asia/Tokyo")
    await stage.sandbox.settle()
    assert len({body["event_id"] for body, _ in heard}) == 1
    assert [headers.get("x-slack-retry-num") for _, headers in heard] == [None, ["1"], ["2"]]
    assert heard[1][1]["x-slack-retry-reason"] == ["http_error"]
    event = heard[0][0]["event"]
    assert (event["user"]["id"], event["user"]["tz"]) == (stage.bo.user_id, "Asia/Tokyo")
    assert heard[0][0]["authorizations"][0]["team_id"] == stage.acme.id


async def test_after_three_retries_an_event_is_lost(stage: Stage) -> None:
    heard = hear(stage, "team_join", failures=9)
    stage.acme.join(name="dee")
    await stage.sandbox.settle()
    assert len(heard) == 4


async def test_retries_wait_by_the_clock(stage: Stage) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    stage.clock.sleep = sleep  # type: ignore[method-assign]
    hear(stage, "team_join", failures=9)
    stage.acme.join(name="dee")
    await stage.sandbox.settle()
    assert waits == [0, 60, 300]


@pytest.mark.parametrize(
    ("content_type", "text", "body"),
    [
        ("application/json", '{"text": "Hi"}', {"text": "Hi"}),
        ("application/json", "{oops", {"text": "{oops"}),
        ("text/plain", "Hi", {"text": "Hi"}),
        ("text/plain", "", None),
    ],
)
def test_the_body_of_an_answer(content_type: str, text: str, body: dict[str, str] | None) -> None:
    assert read_body(content_type, text) == body


async def test_what_is_not_declared_is_not_delivered(stage: Stage) -> None:
    stage.acme.invite(stage.general.id, stage.install.bot_user_id)
    heard = hear(stage, "member_joined_channel")
    direct = hear(stage, "message")
    await stage.ana.types("Hello, @soundings")
    await stage.ana.types("Hello", in_="dm")
    await stage.sandbox.settle()
    assert heard == []
    assert [body["event"]["text"] for body, _ in direct] == ["Hello"]


async def test_faults_on_the_way_of_an_event(stage: Stage) -> None:
    heard = hear(stage, "user_change")
    stage.sandbox.faults.add("duplicated_event", only="user_change")
    stage.acme.change_user(stage.bo.user_id, title="Lead")
    await stage.sandbox.settle()
    stage.sandbox.faults.add("lost_ack")
    stage.acme.change_user(stage.bo.user_id, title="Head")
    await stage.sandbox.settle()
    ids = [body["event_id"] for body, _ in heard]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    with pytest.raises(UnknownFault, match="There is no fault 'rain'"):
        stage.sandbox.faults.add("rain")


async def test_faults_on_the_way_of_a_call(stage: Stage) -> None:
    async def post() -> Any:
        return await stage.client.chat_postMessage(channel=stage.general.id, text="Hi")

    faults = stage.sandbox.faults
    faults.add("rate_limited", only="chat.postMessage", seconds=7)
    with pytest.raises(SlackApiError) as limited:
        await post()
    assert limited.value.response.headers["Retry-After"] == "7"
    faults.add("server_error")
    with pytest.raises(SlackApiError):
        await post()
    stage.client.retry_handlers.clear()
    faults.add("lost_request")
    with pytest.raises(aiohttp.ClientError):
        await post()
    assert stage.sandbox.calls == []
    faults.add("lost_answer")
    with pytest.raises(aiohttp.ClientError):
        await post()
    assert len(stage.sandbox.calls) == 1
    faults.add("hanging_answer", seconds=5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(post(), 0.05)
    assert len(stage.sandbox.calls) == 2
    faults.add("slow", seconds=0)
    faults.clear()
    assert (await post())["ok"]


async def test_socket_mode_brings_everything(socket_stage: Stage) -> None:
    stage, ana = socket_stage, socket_stage.ana
    heard = hear(stage, "user_change")

    @stage.app.command("/kudos")
    async def kudos(ack: Any) -> None:
        await ack("Who shall it be?")

    @stage.app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Done", blocks=[])
        await ack()

    await ana.types("/kudos")
    await ana.sees("Who shall it be?", in_="ephemeral")
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    await stage.client.chat_postMessage(channel=ana.user_id, text="Shall we?", blocks=blocks)
    await ana.presses("Go on")
    await ana.sees("Done", in_="dm")
    stage.acme.change_user(stage.bo.user_id, title="Lead")
    await stage.sandbox.settle()
    assert heard[0][0]["event"]["user"]["profile"]["title"] == "Lead"


async def test_a_dropped_socket_is_opened_again(socket_stage: Stage) -> None:
    stage = socket_stage

    @stage.app.command("/kudos")
    async def kudos(ack: Any) -> None:
        await ack("Here again")

    stage.sandbox.faults.add("dropped_socket")
    await stage.ana.types("/kudos")
    await stage.ana.sees('/kudos failed with the error "dispatch_failed"')
    async with asyncio.timeout(5):
        await stage.sandbox.sockets.connected.wait()
    await stage.ana.types("/kudos")
    await stage.ana.sees("Here again")


async def test_over_a_socket_a_crash_is_a_timeout(socket_stage: Stage) -> None:
    stage = socket_stage
    stage.sandbox.delivery.answer_seconds = 0.05

    @stage.app.command("/kudos")
    async def kudos() -> None:
        raise RuntimeError("on purpose")

    await stage.ana.types("/kudos")
    await stage.ana.sees('/kudos failed with the error "operation_timeout"')


async def test_no_app_listens(clock: SetClock) -> None:
    sandbox = SlackSandbox(MANIFEST, signing_secret=SECRET, clock=clock)
    await sandbox.start()
    acme = sandbox.add_workspace("Acme", "acme")
    general = acme.add_channel("general", members=[])
    ana = sandbox.seat(acme, acme.add_user(name="ana").id)
    await ana.command("general", "/kudos")
    sandbox.install(acme)
    await ana.command("general", "/kudos")
    shown = [message["text"] for message in ana.look(general.id)["messages"]]
    assert shown == ["/kudos is not a valid command.", '/kudos failed with the error "dispatch_failed"']
    await sandbox.stop()


async def test_the_sandbox_does_not_run_beside_a_real_token(clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SLACK_BOT_TOKEN" not in os.environ
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-real")
    sandbox = SlackSandbox(MANIFEST, signing_secret=SECRET, clock=clock)
    with pytest.raises(RuntimeError, match="SLACK_BOT_TOKEN holds a real Slack token"):
        await sandbox.start()
