"""Stories of people at a small Bolt app over signed HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.sandbox.conftest import Stage

MODAL = {
    "type": "modal",
    "callback_id": "kudos",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Give kudos"},
    "submit": {"type": "plain_text", "text": "Give"},
    "blocks": [
        {
            "type": "input",
            "block_id": "who",
            "label": {"type": "plain_text", "text": "Who helped?"},
            "element": {"type": "multi_users_select", "action_id": "who"},
        },
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "What for?"},
            "element": {"type": "plain_text_input", "action_id": "why", "min_length": 3},
        },
        {
            "type": "input",
            "block_id": "note",
            "optional": True,
            "label": {"type": "plain_text", "text": "A note"},
            "element": {"type": "plain_text_input", "action_id": "note"},
        },
    ],
}


async def test_a_command_opens_a_modal_and_kudos_reach_the_channel(stage: Stage) -> None:
    ana, bo = stage.ana, stage.bo
    seen: list[Any] = []

    @stage.app.command("/kudos")
    async def start(ack: Any, client: Any, body: Any) -> None:
        seen.append(body["text"])
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack()

    @stage.app.view("kudos")
    async def give(ack: Any, client: Any, view: Any, body: Any) -> None:
        values = view["state"]["values"]
        assert values["note"]["note"] == {"type": "plain_text_input", "value": None}
        if values["why"]["why"]["value"] == "nothing":
            await ack(response_action="errors", errors={"why": "Please say a little more."})
            return
        people = " ".join(f"<@{person}>" for person in values["who"]["who"]["selected_users"])
        await client.chat_postMessage(
            channel=stage.general.id, text=f"Kudos to {people} for {values['why']['why']['value']}"
        )
        await ack()

    await ana.types("/kudos @bo and #general")
    assert seen == [f"<@{bo.user_id}|bo> and <#{stage.general.id}|general>"]
    await ana.fills({"Who": ["bo"], "What for?": ""})
    await ana.submits()
    assert ana.errors == {"What for?": "Please complete this required field."}
    await ana.fills({"What": "nothing"})
    await ana.submits()
    assert ana.errors == {"What for?": "Please say a little more."}
    await ana.fills({"What": "fixing the build"})
    await ana.submits()
    assert ana.modal is None
    await bo.sees("Kudos to @bo for fixing the build", in_="#general")
    assert [call.method for call in stage.sandbox.calls] == ["views.open", "chat.postMessage"]


async def test_what_the_app_cannot_answer_is_shown_as_slack_shows_it(stage: Stage) -> None:
    ana = stage.ana
    stage.sandbox.delivery.answer_seconds = 0.05

    @stage.app.command("/checkin")
    async def crash(ack: Any) -> None:
        raise RuntimeError("on purpose")

    @stage.app.command("/soundings")
    async def dawdle(ack: Any) -> None:

        await asyncio.sleep(0.2)

    await ana.types("/checkin")
    await ana.sees('/checkin failed with the error "dispatch_failed"', in_="ephemeral")
    await ana.types("/soundings")
    await ana.sees('/soundings failed with the error "operation_timeout"', in_="ephemeral")
    await ana.types("/team-summary")
    await ana.sees('/team-summary failed with the error "http_client_error"', in_="ephemeral")
    await ana.types("/unknown")
    await ana.sees("/unknown is not a valid command.", in_="ephemeral")
    await stage.bo.never_sees("failed with")


async def test_buttons_in_messages_home_and_modal(stage: Stage) -> None:
    ana = stage.ana
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go on"}, "value": "7"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    pressed: list[Any] = []

    @stage.app.action("go")
    async def go(ack: Any, body: Any, respond: Any) -> None:
        pressed.append(body)
        if "response_url" in body:
            await respond(text="Thank you, noted.", replace_original=True)
        await ack()

    @stage.app.event("app_home_opened")
    async def home(client: Any, event: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    answer = await stage.client.chat_postMessage(channel=ana.user_id, text="Shall we?", blocks=blocks)
    assert answer["channel"].startswith("D")
    await ana.presses("Go on", in_="dm")
    await ana.sees("Thank you, noted.", in_="dm")
    assert pressed[0]["container"] == {
        "type": "message",
        "message_ts": answer["ts"],
        "channel_id": answer["channel"],
        "is_ephemeral": False,
    }
    assert pressed[0]["actions"][0]["value"] == "7"
    await ana.opens_home()
    await ana.presses("Go on", in_="home")
    assert pressed[1]["container"]["type"] == "view"
    assert "response_url" not in pressed[1]
    with pytest.raises(AssertionError, match="nothing labelled"):
        await ana.presses("Somewhere else")
