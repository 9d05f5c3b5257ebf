"""Coming into a workspace and leaving it: consent, the code, uninstalling, revoked tokens."""

from __future__ import annotations

import base64
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.sandbox.conftest import Stage

Json = dict[str, Any]
BACK = "https://bot.example.com/slack/oauth_redirect"
ASKED = {"scope": "chat:write,commands,chat:write.public", "state": "s1", "redirect_uri": BACK}


async def consent(stage: Stage, workspace: Workspace, *, grant: bool = True, answer: str = "allow") -> dict[str, str]:
    """Go through the consent page; returns what the app gets back in the address."""
    address = f"{stage.sandbox.url}/oauth/v2/authorize"
    query = ASKED | {"client_id": stage.sandbox.client_id}
    async with stage.session.get(address, params=query) as page:
        assert page.status == 200
        assert "Soundings asks for access" in await page.text()
    form = {"team": workspace.id, "answer": answer} | ({"grant": "chat:write.public"} if grant else {})
    async with stage.session.post(address, params=query, data=form, allow_redirects=False) as left:
        assert left.status == 302
        location = left.headers["Location"]
    assert location.startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def exchange(stage: Stage, code: str, **other: str) -> Json:
    """`oauth.v2.access` as an app calls it: a form, and the client's id and secret as Basic authorization."""
    given = {"client_id": stage.sandbox.client_id, "client_secret": stage.sandbox.client_secret}
    given |= {"code": code, "redirect_uri": BACK, **other}
    pair = f"{given.pop('client_id')}:{given.pop('client_secret')}"
    basic = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    address = f"{stage.sandbox.url}/api/oauth.v2.access"
    async with stage.session.post(address, data=given, headers=basic) as response:
        answer: Json = await response.json()
        return answer


async def refusal(call: Awaitable[Json]) -> str:
    return str((await call)["error"])


async def token_error(client: AsyncWebClient) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.auth_test()
    return str(refused.value.response["error"])


def twin_of(stage: Stage) -> Workspace:
    twin = stage.sandbox.add_workspace("Twin", "twin")
    twin.add_channel("general", members=[])
    twin.add_user(name="tia", admin=True)
    return twin


async def test_an_admin_installs_through_the_pages(stage: Stage) -> None:
    twin = twin_of(stage)
    back = await consent(stage, twin)
    assert back["state"] == "s1"
    assert await refusal(exchange(stage, back["code"], client_secret="wrong")) == "bad_client_secret"
    assert await refusal(exchange(stage, back["code"], client_id="wrong")) == "invalid_client_id"
    granted = await exchange(stage, back["code"])
    assert granted["team"] == {"id": twin.id, "name": "Twin"}
    assert granted["scope"] == "chat:write,commands,chat:write.public"
    assert granted["authed_user"]["id"] == twin.find_user("tia").id  # type: ignore[union-attr]
    assert granted["access_token"] != stage.install.bot_token
    known = await stage.client_with(granted["access_token"]).auth_test()
    assert (known["team_id"], known["user_id"]) == (twin.id, granted["bot_user_id"])
    assert await refusal(exchange(stage, back["code"])) == "invalid_code"


async def test_consent_may_be_partial_refused_or_late(stage: Stage) -> None:
    twin = twin_of(stage)
    assert (await consent(stage, twin, answer="cancel"))["error"] == "access_denied"
    partial = await consent(stage, twin, grant=False)
    assert (await exchange(stage, partial["code"]))["scope"] == "chat:write,commands"
    elsewhere = await consent(stage, twin)
    going = exchange(stage, elsewhere["code"], redirect_uri="https://other.example.com")
    assert await refusal(going) == "bad_redirect_uri"
    late = await consent(stage, twin)
    stage.clock.move(timedelta(minutes=11))
    assert await refusal(exchange(stage, late["code"])) == "invalid_code"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"client_id": "9"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example.com"}, "bad_redirect_uri"),
        ({"redirect_uri": BACK + ".evil.example.com"}, "bad_redirect_uri"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": ""}, "no_scopes"),
    ],
)
async def test_the_page_refuses_what_is_not_declared(stage: Stage, change: dict[str, str], word: str) -> None:
    query = {"client_id": stage.sandbox.client_id} | ASKED | change
    async with stage.session.get(f"{stage.sandbox.url}/oauth/v2/authorize", params=query) as page:
        assert (page.status, await page.text()) == (400, word)


async def test_uninstalling_ends_everything_and_a_reinstall_begins_again(stage: Stage) -> None:
    heard: list[str] = []

    @stage.app.event("app_uninstalled")
    async def uninstalled(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    @stage.app.event("tokens_revoked")
    async def revoked(event: dict[str, Any]) -> None:
        heard.extend(event["tokens"]["bot"])

    bot = stage.install.bot_user_id
    await stage.sandbox.uninstall(stage.acme)
    await stage.sandbox.settle()
    assert sorted(heard) == sorted([bot, "app_uninstalled"])
    assert await token_error(stage.client) == "account_inactive"
    await stage.ana.types("/kudos")
    await stage.ana.sees("/kudos is not a valid command.")
    again = stage.sandbox.install(stage.acme)
    assert again.bot_user_id == bot
    assert again.bot_token != stage.install.bot_token
    assert (await stage.client_with(again.bot_token).auth_test())["ok"]
    await stage.sandbox.revoke(stage.acme)
    assert await token_error(stage.client_with(again.bot_token)) == "token_revoked"
