"""Modals and Home: triggers, the stack of three, hashes, what the app may answer, and what it hears on close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Stage, declared, over_http

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def typed(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "in", **more}
    return {"type": "input", "block_id": block_id, "label": text(block_id.title()), "element": element}


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "callback_id": "form", "title": text(title), "submit": text("Send")}
    return view | {"blocks": list(blocks) or [typed("first")]} | more


def on_shortcut(stage: Stage, act: Callable[[Any, Json], Awaitable[None]]) -> None:
    """Let the app do something on the shortcut "Check in"."""

    async def listen(ack: Any, client: Any, body: Json) -> None:
        await act(client, body)
        await ack()

    stage.app.shortcut("checkins.start")(listen)


def answer_with(stage: Stage, *answers: Json) -> list[Json]:
    """Let the app answer submissions with these, one after the other; returns the payloads it gets."""
    heard: list[Json] = []
    left = list(answers)

    async def listen(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(**left.pop(0))

    stage.app.view("form")(listen)
    return heard


async def opens(stage: Stage, view: Json) -> Any:
    async def act(client: Any, body: Json) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    on_shortcut(stage, act)
    await stage.ana.shortcut("Check in")
    return stage.ana.modal


async def error_of(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_a_trigger_works_once_and_not_for_long(stage: Stage) -> None:
    found: list[str] = []

    async def act(client: Any, body: Json) -> None:
        trigger = body["trigger_id"]
        found.append(await error_of(client.views_open(trigger_id="1.2.3", view=modal("A"))))
        found.append(await error_of(client.views_open(trigger_id=trigger, view=modal("A", submit=None))))
        await client.views_open(trigger_id=trigger, view=modal("A"))
        found.append(await error_of(client.views_open(trigger_id=trigger, view=modal("B"))))

    on_shortcut(stage, act)
    await stage.ana.shortcut("Check in")
    assert found == ["invalid_trigger_id", "invalid_arguments", "exchanged_trigger_id"]
    assert stage.ana.modal is not None
    assert stage.ana.modal["title"]["text"] == "A"


async def test_a_late_trigger_has_expired(stage: Stage) -> None:
    found: list[str] = []

    async def act(client: Any, body: Json) -> None:
        found.append(await error_of(client.views_open(trigger_id=body["trigger_id"], view=modal("A"))))

    on_shortcut(stage, act)
    stage.sandbox.faults.add("late_trigger")
    await stage.ana.shortcut("Check in")
    stage.sandbox.triggers.lifetime = 0
    await stage.ana.shortcut("Check in")
    assert found == ["expired_trigger_id", "expired_trigger_id"]


async def test_nobody_opens_a_view_with_the_trigger_of_another_workspace(stage: Stage) -> None:
    twin = stage.sandbox.add_workspace("Twin", "twin")
    theirs = stage.client_with(stage.sandbox.install(twin).bot_token)
    found: list[str] = []

    async def act(client: Any, body: Json) -> None:
        opened = (await client.views_open(trigger_id=body["trigger_id"], view=modal("A")))["view"]
        found.append(await error_of(theirs.views_open(trigger_id=body["trigger_id"], view=modal("B"))))
        found.append(await error_of(theirs.views_update(view_id=opened["id"], view=modal("B"))))

    on_shortcut(stage, act)
    await stage.ana.shortcut("Check in")
    assert found == ["invalid_trigger_id", "not_found"]


async def test_what_is_typed_is_remembered_for_its_owner_only(stage: Stage) -> None:
    view = await opens(stage, modal("One"))
    entered = {"first": {"in": {"value": "half"}}}
    stage.ana.seat.note(view["id"], entered)
    assert stage.ana.seat.look()["modals"][0]["state"]["values"]["first"]["in"]["value"] == "half"
    with pytest.raises(ValueError, match="no longer there"):
        stage.bo.seat.note(view["id"], entered)
    with pytest.raises(ValueError, match="no input"):
        stage.ana.seat.note(view["id"], {"second": {"in": {"value": "half"}}})
    with pytest.raises(ValueError, match="given as 'value'"):
        stage.ana.seat.note(view["id"], {"first": {"in": {"selected_user": "U1"}}})


async def test_three_views_stack_and_no_more(stage: Stage) -> None:
    view = await opens(stage, modal("One"))
    pushed = {"response_action": "push", "view": modal("Two")}
    answer_with(stage, pushed, pushed | {"view": modal("Three")}, pushed, {}, {"response_action": "clear"})
    for title in ("Two", "Three"):
        await stage.ana.fills({"First": "words"})
        await stage.ana.submits()
        assert stage.ana.modal["title"]["text"] == title
        assert stage.ana.modal["root_view_id"] == view["id"]
    await stage.ana.fills({"First": "words"})
    await stage.ana.submits()
    assert "trouble connecting" in stage.ana.modal_text
    assert "push_limit_reached" in stage.sandbox.troubles[0]
    await stage.ana.submits()
    assert stage.ana.modal["title"]["text"] == "Two"
    await stage.ana.submits()
    assert stage.ana.modal is None


async def test_push_needs_a_view_to_stand_on_and_a_trigger_from_it(stage: Stage) -> None:
    found: list[str] = []
    button = {"type": "button", "action_id": "more", "text": text("More")}

    async def act(client: Any, body: Json) -> None:
        found.append(await error_of(client.views_push(trigger_id=body["trigger_id"], view=modal("Two"))))
        row = {"type": "actions", "elements": [button]}
        await client.views_open(trigger_id=body["trigger_id"], view=modal("One", row))

    @stage.app.action("more")
    async def more(ack: Any, client: Any, body: Json) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=modal("Two"))
        await ack()

    on_shortcut(stage, act)
    await stage.ana.shortcut("Check in")
    assert found == ["not_found"]
    await stage.ana.presses("More")
    assert stage.ana.modal["title"]["text"] == "Two"
    await stage.ana.closes()
    assert stage.ana.modal["title"]["text"] == "One"


async def test_an_update_keeps_what_was_typed_and_minds_the_hash(stage: Stage) -> None:
    view = await opens(stage, modal("One", typed("first"), typed("second", initial_value="already")))
    await stage.ana.fills({"First": "half a sent"})
    old = view["hash"]
    new = modal("Other", typed("first"), typed("third"))
    answer = await stage.client.views_update(view_id=view["id"], hash=old, view=new)
    assert answer["view"]["hash"] != old
    assert answer["view"]["state"]["values"]["first"]["in"]["value"] == "half a sent"
    assert answer["view"]["state"]["values"]["third"]["in"]["value"] is None
    assert await error_of(stage.client.views_update(view_id=view["id"], hash=old, view=new)) == "hash_conflict"
    assert await error_of(stage.client.views_update(view_id="V404", view=new)) == "not_found"


async def test_answers_slack_does_not_take_show_a_banner(stage: Stage) -> None:
    await opens(stage, modal("One"))
    wrong = [
        {"response_action": "errors", "errors": {"nowhere": "?"}},
        {"response_action": "dance"},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
    ]
    heard = answer_with(stage, *wrong, {"response_action": "update", "view": modal("Done", typed("first"))})
    await stage.ana.fills({"First": "words"})
    for _ in wrong:
        await stage.ana.submits()
        await stage.ana.sees("We had some trouble connecting. Try again?", in_="modal")
    await stage.ana.submits()
    assert "trouble" not in stage.ana.modal_text
    assert "Done" in stage.ana.modal_text
    assert len(stage.sandbox.troubles) == len(wrong)
    assert len(heard) == 4


async def test_closing_tells_those_views_that_asked(stage: Stage) -> None:
    heard: list[Json] = []

    @stage.app.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    await opens(stage, modal("One", notify_on_close=True))
    await stage.ana.fills({"First": "a draft"})
    await stage.ana.closes()
    assert stage.ana.modal is None
    assert heard[0]["is_cleared"] is False
    assert "trigger_id" not in heard[0]
    assert heard[0]["view"]["state"]["values"]["first"]["in"]["value"] == "a draft"
    await stage.ana.shortcut("Check in")
    answer_with(stage, {"response_action": "push", "view": modal("Two")})
    await stage.ana.fills({"First": "words"})
    await stage.ana.submits()
    await stage.ana.closes(all_of_them=True)
    assert [(body["view"]["title"]["text"], body["is_cleared"]) for body in heard[1:]] == [("One", True)]


async def test_two_views_cannot_have_one_external_id(stage: Stage) -> None:
    await opens(stage, modal("One", external_id="only-one"))
    home = {"type": "home", "external_id": "only-one", "blocks": [{"type": "divider"}]}
    publishing = stage.client.views_publish(user_id=stage.bo.user_id, view=home)
    assert await error_of(publishing) == "duplicate_external_id"


async def test_every_input_is_in_the_state(stage: Stage) -> None:
    option = {"text": text("Yes"), "value": "y"}
    kinds: list[Json] = [
        {"type": "static_select", "options": [option], "initial_option": option},
        {"type": "multi_static_select", "options": [option]},
        {"type": "users_select"},
        {"type": "datepicker", "initial_date": "2026-03-02"},
        {"type": "checkboxes", "options": [option]},
        {"type": "radio_buttons", "options": [option]},
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    ]
    inputs = [
        {
            "type": "input",
            "optional": True,
            "block_id": f"b{number}",
            "label": text(f"Input {number}"),
            "element": {"action_id": "in", **kind},
        }
        for number, kind in enumerate(kinds)
    ]
    await opens(stage, modal("All", *inputs))
    heard = answer_with(stage, {}, {})
    await stage.ana.fills({"Input 6": "0"})
    assert await stage.ana.submits() == {"b6": "Please enter at least 1."}
    await stage.ana.fills({"Input 6": "12", "Input 1": ["Yes"], "Input 2": "bo"})
    await stage.ana.submits()
    values = heard[0]["view"]["state"]["values"]
    assert [{key: value for key, value in values[f"b{n}"]["in"].items() if key != "type"} for n in range(7)] == [
        {"selected_option": option},
        {"selected_options": [option]},
        {"selected_user": stage.bo.user_id},
        {"selected_date": "2026-03-02"},
        {"selected_options": []},
        {"selected_option": None},
        {"value": "12"},
    ]


async def test_an_external_select_asks_the_app(stage: Stage) -> None:
    select = {"type": "external_select", "action_id": "teams", "min_query_length": 1}
    block = {"type": "input", "block_id": "team", "label": text("Team"), "element": select}
    heard: list[Json] = []

    @stage.app.options("teams")
    async def offer(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(options=[{"text": text("Platform"), "value": "t1"}])

    await opens(stage, modal("Where", block))
    await stage.ana.fills({"Team": "Platform"})
    assert heard[0]["value"] == "Platform"
    assert heard[0]["container"] == {"type": "view", "view_id": stage.ana.modal["id"]}
    submitted = answer_with(stage, {})
    await stage.ana.submits()
    assert submitted[0]["view"]["state"]["values"]["team"]["teams"]["selected_option"]["value"] == "t1"


async def test_home_needs_its_tab_and_a_fresh_hash(stage: Stage, clock: Any) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await stage.client.views_publish(user_id=stage.ana.user_id, view=home)
    second = await stage.client.views_publish(user_id=stage.ana.user_id, view=home, hash=first["view"]["hash"])
    assert second["view"]["id"] == first["view"]["id"]
    stale = stage.client.views_publish(user_id=stage.ana.user_id, view=home, hash=first["view"]["hash"])
    assert await error_of(stale) == "hash_conflict"
    async with over_http(clock, declared(home_tab_enabled=False)) as other:
        publishing = other.client.views_publish(user_id=other.ana.user_id, view=home)
        assert await error_of(publishing) == "not_enabled"
