"""The Web API as a Slack client library uses it: who may call, what is refused and in which words."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.slack.api import Called
from tests.sandbox.conftest import Stage, declared, over_http

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello *you*"}}


async def refusal(call: Awaitable[Any]) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def error_of(call: Awaitable[Any]) -> str:
    return str((await refusal(call))["error"])


async def test_who_may_call(stage: Stage) -> None:
    known = await stage.client.auth_test()
    assert known["team_id"] == stage.acme.id
    assert known["user_id"] == stage.install.bot_user_id
    assert await error_of(stage.client_with(None).auth_test()) == "not_authed"
    assert await error_of(stage.client_with("xoxb-sandbox-nobody").auth_test()) == "invalid_auth"
    app_token = stage.client_with(stage.sandbox.app_token)
    assert await error_of(app_token.auth_test()) == "not_allowed_token_type"
    assert (await app_token.apps_connections_open(app_token=stage.sandbox.app_token))["url"].startswith("ws://")
    assert await error_of(stage.client.api_call("chat.dance")) == "unknown_method"


async def test_a_scope_not_granted_is_missed(stage: Stage) -> None:
    stage.install.scopes.remove("users:read")
    answer = await refusal(stage.client.users_list())
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "users:read"
    assert "chat:write" in answer["provided"]


async def test_each_answer_says_which_scopes_the_token_has(stage: Stage) -> None:
    known = await stage.client.auth_test()
    assert known.headers["x-oauth-scopes"].split(",") == stage.install.scopes
    assert "x-oauth-scopes" not in (await refusal(stage.client_with("xoxb-sandbox-nobody").auth_test())).headers


async def test_optional_scopes_need_not_be_granted(stage: Stage) -> None:
    twin = stage.sandbox.add_workspace("Twin", "twin")
    channel = twin.add_channel("general")
    install = stage.sandbox.install(twin, optional=False)
    assert "chat:write.public" not in install.scopes
    client = stage.client_with(install.bot_token)
    assert await error_of(client.chat_postMessage(channel=channel.id, text="Hi")) == "not_in_channel"
    assert await error_of(client.chat_postMessage(channel=stage.general.id, text="Hi")) == "channel_not_found"
    assert await error_of(client.users_info(user=stage.ana.user_id)) == "user_not_found"


async def test_users_come_in_pages_and_with_everybody_slack_would_list(stage: Stage) -> None:
    stage.acme.add_stranger(name="dee", channels=[stage.general.id])
    stage.acme.change_user(stage.cy.user_id, deleted=True)
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await stage.client.users_list(limit=2, cursor=cursor, team_id=stage.acme.id)
        found += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    users = {user["name"]: user for user in found}
    assert set(users) == {"slackbot", "soundings", "ana", "bo", "cy", "dee"}
    assert users["soundings"]["is_bot"]
    assert not users["slackbot"]["is_bot"]
    assert users["cy"]["deleted"]
    assert "tz" not in users["cy"]
    assert users["dee"]["team_id"] != stage.acme.id
    assert users["ana"]["profile"]["email"] == "ana@acme.example"
    assert users["ana"]["tz"] == "Europe/Lisbon"
    assert await error_of(stage.client.users_list(cursor="nonsense")) == "invalid_cursor"
    assert (await stage.client.users_lookupByEmail(email="Bo@acme.example"))["user"]["name"] == "bo"
    assert await error_of(stage.client.users_lookupByEmail(email="x@y.example")) == "users_not_found"


async def test_a_large_team_must_be_read_in_pages(stage: Stage) -> None:
    for number in range(1000):
        stage.acme.add_user(name=f"p{number}")
    assert await error_of(stage.client.users_list()) == "limit_required"
    assert len((await stage.client.users_list(limit=200))["members"]) == 200


async def test_posting_where_one_may(stage: Stage) -> None:
    secret = stage.acme.add_channel("board", private=True, members=[stage.ana.user_id])
    old = stage.acme.add_channel("old")
    stage.acme.archive(old.id)
    post = stage.client.chat_postMessage
    assert (await post(channel=stage.general.id, text="Hi"))["message"]["bot_id"] == stage.install.bot_id
    assert (await post(channel="#general", text="Hi"))["channel"] == stage.general.id
    assert await error_of(post(channel=secret.id, text="Hi")) == "channel_not_found"
    assert await error_of(post(channel=old.id, text="Hi")) == "is_archived"
    assert await error_of(post(channel="C404", text="Hi")) == "channel_not_found"
    assert await error_of(post(channel=stage.install.bot_user_id, text="Hi")) == "cannot_dm_bot"
    empty = stage.client.api_call("chat.postMessage", json={"channel": stage.general.id})
    assert await error_of(empty) == "no_text"
    stage.acme.invite(secret.id, stage.install.bot_user_id)
    assert (await post(channel=secret.id, text="Hi"))["ok"]
    first = await post(channel=stage.ana.user_id, text="Hi")
    again = await post(channel=first["channel"], text="Hi")
    assert again["channel"] == first["channel"]
    assert again["ts"] > first["ts"]


async def test_without_a_messages_tab_nobody_gets_a_message(clock: Any) -> None:
    async with over_http(clock, declared(messages_tab_enabled=False)) as stage:
        posting = stage.client.chat_postMessage(channel=stage.ana.user_id, text="Hi")
        assert await error_of(posting) == "messages_tab_disabled"


async def test_blocks_that_slack_refuses_are_refused_with_reasons(stage: Stage) -> None:
    bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await refusal(stage.client.chat_postMessage(channel=stage.general.id, text="Hi", blocks=bad))
    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/text" in answer["response_metadata"]["messages"][0]
    assert answer["errors"][0]["pointer"].startswith("/blocks/0/text")
    long = stage.client.chat_update(channel=stage.general.id, ts="1.2", text="x" * 5000)
    assert await error_of(long) == "message_not_found"
    unreadable = stage.client.chat_postMessage(channel=stage.general.id, text="Hi", blocks="[oops")
    assert await error_of(unreadable) == "invalid_blocks_format"
    assert stage.sandbox.calls == []


async def test_a_message_is_changed_and_taken_back_by_its_author_only(stage: Stage) -> None:
    posted = await stage.client.chat_postMessage(channel=stage.general.id, text="One", blocks=[SECTION])
    place: dict[str, Any] = {"channel": posted["channel"], "ts": posted["ts"]}
    changed = await stage.client.chat_update(**place, text="Two")
    assert changed["message"]["text"] == "Two"
    assert changed["message"]["blocks"][0]["text"] == SECTION["text"]
    assert "blocks" not in (await stage.client.chat_update(**place, text="Two", blocks=[]))["message"]
    assert await error_of(stage.client.chat_update(**place, text="x" * 4001)) == "msg_too_long"
    theirs = await stage.ana.seat.say("general", "Mine")
    updating = stage.client.chat_update(channel=stage.general.id, ts=theirs, text="Yours")
    assert await error_of(updating) == "cant_update_message"
    deleting = stage.client.chat_delete(channel=stage.general.id, ts=theirs)
    assert await error_of(deleting) == "cant_delete_message"
    await stage.client.chat_delete(**place)
    assert await error_of(stage.client.chat_delete(**place)) == "message_not_found"
    await stage.bo.never_sees("Two")


async def test_an_ephemeral_message_is_seen_by_one(stage: Stage) -> None:
    post = stage.client.chat_postEphemeral
    sent = await post(channel=stage.general.id, user=stage.ana.user_id, text="Only you")
    await stage.ana.sees("Only you", in_="ephemeral")
    await stage.bo.never_sees("Only you")
    updating = stage.client.chat_update(channel=stage.general.id, ts=sent["message_ts"], text="All")
    assert await error_of(updating) == "message_not_found"
    dee = stage.acme.add_user(name="dee", guest="restricted")
    outside = post(channel=stage.general.id, user=dee.id, text="Psst")
    assert await error_of(outside) == "user_not_in_channel"


async def test_threads_history_and_metadata(stage: Stage) -> None:
    stage.acme.invite(stage.general.id, stage.install.bot_user_id)
    metadata = {"event_type": "kudos", "event_payload": {"id": "1"}}
    root = await stage.client.chat_postMessage(channel=stage.general.id, text="Root", metadata=metadata)
    reply = await stage.client.chat_postMessage(channel=stage.general.id, text="Reply", thread_ts=root["ts"])
    lost = stage.client.chat_postMessage(channel=stage.general.id, text="Reply", thread_ts="1.2")
    assert await error_of(lost) == "cannot_reply_to_message"
    history = await stage.client.conversations_history(channel=stage.general.id)
    assert [message["text"] for message in history["messages"]] == ["Root"]
    assert "metadata" not in history["messages"][0]
    history = await stage.client.conversations_history(channel=stage.general.id, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    replies = await stage.client.conversations_replies(channel=stage.general.id, ts=root["ts"])
    assert [message["text"] for message in replies["messages"]] == ["Root", "Reply"]
    link = await stage.client.chat_getPermalink(channel=stage.general.id, message_ts=reply["ts"])
    assert link["permalink"] == (
        f"https://acme.slack.com/archives/{stage.general.id}/p{reply['ts'].replace('.', '')}"
        f"?thread_ts={root['ts']}&cid={stage.general.id}"
    )
    shown = stage.ana.seat.look("general")["messages"]
    assert [message["text"] for message in shown] == ["Root"]
    assert shown[0]["reply_count"] == 1
    huge = {"event_type": "kudos", "event_payload": {"id": "x" * 9000}}
    posting = stage.client.chat_postMessage(channel=stage.general.id, text="Root", metadata=huge)
    assert await error_of(posting) == "metadata_too_large"


async def test_conversations(stage: Stage) -> None:
    client = stage.client
    stage.acme.add_channel("board", private=True, members=[stage.ana.user_id])
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["general"]
    assert not listed["channels"][0]["is_member"]
    assert await error_of(client.conversations_list(types="im")) == "missing_scope"
    joined = await client.conversations_join(channel=stage.general.id)
    assert joined["channel"]["is_member"]
    members = await client.conversations_members(channel=stage.general.id)
    assert stage.install.bot_user_id in members["members"]
    assert (await client.conversations_info(channel=stage.general.id))["channel"]["name"] == "general"
    mine = await client.users_conversations(user=stage.ana.user_id)
    assert [channel["name"] for channel in mine["channels"]] == ["general"]
    opened = await client.conversations_open(users=[stage.ana.user_id])
    assert opened["channel"]["id"].startswith("D")
    assert await error_of(client.conversations_open(users=["U404"])) == "user_not_found"
    stage.acme.change_user(stage.bo.user_id, deleted=True)
    assert await error_of(client.conversations_open(users=[stage.bo.user_id])) == "user_disabled"
    assert await error_of(client.api_call("conversations.open")) == "users_list_not_supplied"


async def test_reactions_team_and_bot(stage: Stage) -> None:
    posted = await stage.client.chat_postMessage(channel=stage.general.id, text="Kudos")
    place: dict[str, Any] = {"channel": posted["channel"], "timestamp": posted["ts"]}
    await stage.client.reactions_add(**place, name="tada")
    assert await error_of(stage.client.reactions_add(**place, name="tada")) == "already_reacted"
    assert await error_of(stage.client.reactions_add(**place, name="no way")) == "invalid_name"
    assert stage.ana.seat.look("general")["messages"][0]["reactions"] == {"tada": 1}
    assert (await stage.client.team_info())["team"]["domain"] == "acme"
    assert (await stage.client.bots_info(bot=stage.install.bot_id))["bot"]["app_id"] == stage.install.app_id


async def test_every_accepted_call_is_written_down(stage: Stage) -> None:
    await stage.client.chat_postMessage(channel=stage.general.id, text="Hi")
    await error_of(stage.client.chat_postMessage(channel="C404", text="Hi"))
    (call,) = stage.sandbox.calls
    assert isinstance(call, Called)
    assert (call.method, call.team_id, call.arguments["text"]) == ("chat.postMessage", stage.acme.id, "Hi")
    assert call.at == stage.clock.now()
    assert "token" not in call.arguments


async def test_a_response_address_works_five_times_within_half_an_hour(stage: Stage) -> None:
    urls: list[str] = []

    @stage.app.command("/kudos")
    async def kudos(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack({"response_type": "in_channel", "text": "Started"})

    async def post(url: str, body: dict[str, Any]) -> tuple[int, str]:
        async with stage.session.post(url, json=body) as response:
            return response.status, await response.text()

    await stage.ana.types("/kudos")
    await stage.bo.sees("Started", in_="#general")
    for number in range(5):
        assert await post(urls[0], {"text": f"Word {number}"}) == (200, "ok")
    assert (await post(urls[0], {"text": "Too much"}))[0] == 404
    await stage.ana.sees("Word 4", in_="ephemeral")
    await stage.ana.types("/kudos")
    assert (await post(urls[1], {"text": "x", "blocks": [{"type": "oops"}]}))[0] == 400
    stage.clock.move(timedelta(minutes=31))
    status, answer = await post(urls[1], {"text": "Late"})
    assert (status, "expired_url" in answer) == (404, True)
    await stage.ana.never_sees("Too much")


async def test_too_many_messages_in_one_channel(stage: Stage) -> None:
    for _ in range(4):
        await stage.client.chat_postMessage(channel=stage.general.id, text="Hi")
    answer = await refusal(stage.client.chat_postMessage(channel=stage.general.id, text="Hi"))
    assert answer.status_code == 429
    assert answer["error"] == "ratelimited"
    assert answer.headers["Retry-After"] == "1"
    assert (await stage.client.chat_postMessage(channel=stage.ana.user_id, text="Hi"))["ok"]
    assert len(stage.sandbox.calls) == 5
