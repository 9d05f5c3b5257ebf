"""Files in the sandbox: chosen in a modal, kept in memory, and handed to a bot token that may read them."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack.files import Picked
from sandbox.slack.seat import Impossible
from tests.sandbox.conftest import Stage

Json = dict[str, Any]
VIEW: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Files"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "file",
            "label": {"type": "plain_text", "text": "A calendar"},
            "element": {"type": "file_input", "action_id": "value", "filetypes": ["ics"], "max_files": 1},
        }
    ],
}
LEAVE = Picked("my leave.ics", b"BEGIN:VCALENDAR")


@pytest.fixture
async def submitted(stage: Stage) -> list[Json]:
    """Ana has the form before her; what the app hears of it."""
    heard: list[Json] = []

    @stage.app.command("/kudos")
    async def kudos(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)

    @stage.app.view("form")
    async def form(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body["view"]["state"]["values"]["file"]["value"])

    await stage.ana.types("/kudos")
    return heard


async def got(stage: Stage, address: str, token: str) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with stage.session.get(address, headers=headers, allow_redirects=False) as response:
        return response.status, await response.read()


async def test_a_file_travels_with_the_form_and_is_handed_to_the_token(stage: Stage, submitted: list[Json]) -> None:
    assert await stage.ana.submits() == {"file": "Please complete this required field."}
    await stage.ana.fills({"A calendar": LEAVE})
    assert "my leave.ics" in stage.ana.modal_text
    assert await stage.ana.submits() is None
    (heard,) = submitted
    assert heard["type"] == "file_input"
    (file,) = heard["files"]
    assert (file["name"], file["mimetype"], file["filetype"], file["size"]) == (
        "my leave.ics",
        "text/calendar",
        "ics",
        15,
    )
    for address in (file["url_private"], file["url_private_download"]):
        assert await got(stage, address, stage.install.bot_token) == (200, LEAVE.content)
        assert (await got(stage, address, ""))[0] == 302
        assert (await got(stage, address, "xoxb-sandbox-other"))[0] == 302
    stage.install.scopes.remove("files:read")
    assert (await got(stage, file["url_private"], stage.install.bot_token))[0] == 302
    stage.install.scopes.append("files:read")
    stage.sandbox.files.delete_all()
    assert (await got(stage, file["url_private"], stage.install.bot_token))[0] == 404


async def test_a_file_is_none_of_another_workspace(stage: Stage, submitted: list[Json]) -> None:
    twin = stage.sandbox.install(stage.sandbox.add_workspace("Twin", "twin"))
    await stage.ana.fills({"A calendar": LEAVE})
    await stage.ana.submits()
    assert (await got(stage, submitted[0]["files"][0]["url_private"], twin.bot_token))[0] == 302


async def test_files_are_forgotten_with_the_sandbox(stage: Stage, submitted: list[Json]) -> None:
    await stage.ana.fills({"A calendar": LEAVE})
    await stage.ana.submits()
    assert "leave.ics" not in json.dumps(stage.sandbox.snapshot())


async def test_the_client_refuses_what_the_element_does_not_take(stage: Stage, submitted: list[Json]) -> None:
    view = stage.ana.modal
    assert view
    for picked, says in (
        (Picked("leave.pdf", b"x"), "cannot be chosen here"),
        (Picked("ics", b"x"), "cannot be chosen here"),
        (Picked("LEAVE.ICS", b"x" * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
    ):
        with pytest.raises(Impossible, match=says):
            stage.ana.seat.upload(view["id"], "file", "value", picked)
    file = stage.ana.seat.upload(view["id"], "file", "value", LEAVE)
    two = {"file": {"value": {"files": [file, file]}}}
    assert await stage.ana.seat.submit(view["id"], two) == {"file": "Please choose at most 1."}
    with pytest.raises(Impossible, match="nothing to press"):
        stage.ana.seat.upload(view["id"], "text", "value", LEAVE)


async def test_the_page_sends_a_file_as_it_is(stage: Stage, submitted: list[Json]) -> None:
    assert stage.ana.modal
    where = {"team": stage.acme.id, "user": stage.ana.user_id, "block_id": "file", "action_id": "value"}
    where |= {"view_id": stage.ana.modal["id"]}

    async def sent(content: bytes, **more: str) -> Json:
        url = stage.sandbox.url + "/page/file"
        headers = {"Content-Type": "text/calendar"}
        async with stage.session.post(url, params=where | more, data=BytesIO(content), headers=headers) as response:
            answer: Json = await response.json()
            return answer

    answer = await sent(b"x" * 5_000_000, name="a.ics")
    assert (answer["ok"], answer["file"]["size"]) == (True, 5_000_000)
    assert "larger than 10 MB" in (await sent(b"x" * 12_000_000, name="a.ics"))["error"]
    assert "cannot be chosen" in (await sent(b"x", name="a.pdf"))["error"]
    assert "missing" in (await sent(b"x"))["error"]


async def test_an_app_without_the_scope_cannot_ask_for_files(stage: Stage) -> None:
    stage.install.scopes.remove("files:read")
    refused: list[str] = []

    @stage.app.command("/kudos")
    async def kudos(ack: Any, body: Json, client: Any) -> None:
        await ack()
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        except SlackApiError as problem:
            refused.append(str(problem.response["response_metadata"]["messages"]))
        await client.views_open(trigger_id=body["trigger_id"], view={**VIEW, "blocks": []} | TEXT)

    @stage.app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="update", view=VIEW)

    await stage.ana.types("/kudos")
    assert "file_input needs the scope files:read" in refused[0]
    await stage.ana.submits()
    assert "file_input needs the scope files:read" in stage.sandbox.troubles[0]


TEXT = {
    "blocks": [
        {
            "type": "input",
            "optional": True,
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input"},
        }
    ]
}
