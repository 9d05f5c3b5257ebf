"""Stories of people at a small Bolt app over signed HTTP."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from sandbox.people import Impossible, Person
from storage.clock import SetClock
from tests.sandbox.conftest import Stage, declared, over_http


def plain(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


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

    @stage.app.command("/checkin")
    async def crash(ack: Any) -> None:
        raise RuntimeError("on purpose")

    @stage.app.command("/soundings")
    async def dawdle(ack: Any) -> None:

        await asyncio.Event().wait()

    await ana.types("/checkin")
    await ana.sees('/checkin failed with the error "dispatch_failed"', in_="ephemeral")
    stage.sandbox.delivery.answer_seconds = 0.05
    await ana.types("/soundings")
    stage.sandbox.delivery.answer_seconds = 3.0
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


async def test_choosing_outside_a_form(stage: Stage) -> None:
    ana = stage.ana
    heard: list[Any] = []
    options = [{"text": plain(label), "value": value} for label, value in (("Low", "1"), ("High", "5"))]
    blocks = [
        {
            "type": "section",
            "block_id": "buddy",
            "text": {"type": "mrkdwn", "text": "Your *buddy*"},
            "accessory": {"type": "users_select", "action_id": "buddy"},
        },
        {
            "type": "actions",
            "block_id": "mood",
            "elements": [
                {"type": "radio_buttons", "action_id": "energy", "options": options},
                {"type": "checkboxes", "action_id": "days", "options": options},
                {"type": "datepicker", "action_id": "day"},
            ],
        },
    ]

    @stage.app.action({"block_id": re.compile(".*"), "action_id": re.compile(".*")})
    async def listen(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    await stage.client.chat_postMessage(channel=ana.user_id, text="Hello", blocks=blocks)
    await ana.picks("bo", near="Your *buddy*")
    assert heard[-1]["actions"][0]["selected_user"] == stage.bo.user_id
    await ana.presses("High")
    assert heard[-1]["actions"][0]["selected_option"]["value"] == "5"
    await stage.client.views_publish(user_id=ana.user_id, view={"type": "home", "blocks": blocks[1:]})
    await ana.presses("Low", in_="home")
    assert heard[-1]["view"]["state"]["values"]["mood"]["energy"]["selected_option"]["value"] == "1"
    assert heard[-1]["view"]["state"]["values"]["mood"]["days"]["selected_options"] == []
    with pytest.raises(AssertionError, match="nothing to choose near 'Weather'"):
        await ana.picks("bo", near="Weather")


async def test_a_shortcut_on_somebody_elses_message(stage: Stage) -> None:
    heard: list[Any] = []

    @stage.app.shortcut("kudos.for_message")
    async def thank(ack: Any, body: Any, respond: Any) -> None:
        heard.append(body)
        await respond("Noted.")
        await ack()

    await stage.bo.types("I fixed <the> build & more")
    await stage.ana.shortcut_on("fixed <the> build", "Kudos for this")
    assert heard[0]["message"]["user"] == stage.bo.user_id
    assert heard[0]["message"]["text"] == "I fixed &lt;the&gt; build &amp; more"
    await stage.ana.sees("Noted.", in_="ephemeral")
    await stage.bo.never_sees("Noted.")
    with pytest.raises(Impossible, match="no shortcuts"):
        await stage.ana.shortcut_on("Noted.", "Kudos for this")
    with pytest.raises(AssertionError, match="no global shortcut 'Dance'"):
        await stage.ana.shortcut("Dance")


async def test_somebody_of_another_company_in_a_shared_channel(stage: Stage) -> None:
    heard: list[Any] = []

    @stage.app.action("go")
    async def go(ack: Any, body: Any) -> None:
        heard.append(body["user"])
        await ack()

    dee = Person(stage.sandbox.seat(stage.acme, stage.acme.add_stranger(name="dee", channels=[stage.general.id]).id))
    button = {"type": "button", "action_id": "go", "text": plain("Go on")}
    blocks = [{"type": "actions", "elements": [button]}]
    await stage.client.chat_postMessage(channel=stage.general.id, text="Shall we?", blocks=blocks)
    await dee.presses("Go on")
    assert heard[0]["team_id"] != stage.acme.id
    await dee.types("/kudos")
    await dee.sees("/kudos is not a valid command.")
    with pytest.raises(Impossible, match="no global shortcut"):
        await dee.shortcut("Give kudos")


async def test_what_the_client_does_not_offer(stage: Stage, clock: SetClock) -> None:
    await stage.client.chat_postMessage(channel=stage.bo.user_id, text="For you only")
    await stage.ana.never_sees("For you only")
    stage.acme.change_user(stage.bo.user_id, deleted=True)
    with pytest.raises(Impossible, match="deactivated"):
        await stage.bo.types("Still here")
    stage.acme.archive(stage.general.id)
    with pytest.raises(Impossible, match="#general is archived"):
        await stage.ana.types("Anybody?")
    async with over_http(clock, declared(messages_tab_read_only_enabled=True)) as other:
        with pytest.raises(Impossible, match="turned off"):
            await other.ana.types("Hello", in_="dm")
    await stage.sandbox.settle()
