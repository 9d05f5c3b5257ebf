"""An admin installs Soundings: by OAuth for many workspaces, or by one token. And takes it back."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bench.ports import free_port
from bot.app import App
from bot.manifest import over_http
from bot.settings import SettingsError
from bot.slack.installs import Installs, revokes
from sandbox.people import Person
from sandbox.slack.server import SlackSandbox
from sandbox.slack.workspace import Workspace
from storage.clock import SetClock
from storage.engine import Storage
from storage.installs import Install, all_installs, keep_install
from storage.workspaces import WorkspaceKey, meet_workspace
from tests.databases import MONDAY, VAULT
from tests.town import AT_ONCE, SECRET, Town, settings_beside

FIRST = Install(WorkspaceKey("slack", "T9"), "Nine", "xoxb-first", "UBOT", "B9")


@dataclass
class Door:
    """A Soundings that any workspace may install, the Slack it would be installed in, and a browser."""

    app: App
    sandbox: SlackSandbox
    acme: Workspace
    browser: aiohttp.ClientSession
    clock: SetClock

    async def opens(self) -> str:
        """Open the install page; where its button leads."""
        async with self.browser.get(f"{self.app.settings.public_url}/slack/install") as page:
            assert page.status == 200
            return html.unescape(re.findall(r'href="([^"]+)"', await page.text())[0])

    async def answers(self, address: str, answer: str = "allow") -> tuple[int, str]:
        """Answer Slack's consent page; the status and the words of the page that follows."""
        async with self.browser.post(address, data={"answer": answer, "team": self.acme.id}) as page:
            return page.status, await page.text()

    async def returns(self, **query: str) -> tuple[int, str]:
        """Come back by an address of one's own making."""
        async with self.browser.get(f"{self.app.settings.public_url}/slack/oauth_redirect", params=query) as page:
            return page.status, await page.text()

    async def state(self) -> str:
        return re.findall(r"state=([\w-]+)", await self.opens())[0]

    def kept(self) -> list[Install]:
        with self.app.storage.connect() as connection:
            return all_installs(connection, self.app.storage.vault)

    def person(self, name: str) -> Person:
        user = self.acme.find_user(name)
        assert user
        return Person(self.sandbox.seat(self.acme, user.id))


@pytest.fixture
async def door(sqlite_storage: Storage) -> AsyncIterator[Door]:
    clock, port = SetClock(MONDAY), free_port()
    address = f"http://127.0.0.1:{port}"
    manifest = over_http("https://bot.example.com")
    manifest["oauth_config"]["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
    sandbox = SlackSandbox(
        manifest, request_url=f"{address}/slack/events", signing_secret=SECRET, clock=clock, real_rates=False
    )
    await sandbox.start()
    acme = sandbox.add_workspace("Acme <b>& Co", "acme")
    acme.add_channel("general", members=[])
    acme.add_user(name="max", admin=True)
    acme.add_user(name="ana")
    settings = settings_beside(sandbox, sqlite_storage.url).model_copy(
        update={
            "port": port,
            "public_url": address,
            "client_id": sandbox.client_id,
            "client_secret": SecretStr(sandbox.client_secret),
            "signing_secret": SecretStr(SECRET),
            "slack_authorize_url": f"{sandbox.url}/oauth/v2/authorize",
        }
    )
    assert settings.mode == "oauth"
    app = App(settings, clock=clock, pace=AT_ONCE, ticking=False)
    await app.start()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            yield Door(app, sandbox, acme, browser, clock)
    finally:
        await app.stop()
        await sandbox.stop()


async def test_max_installs_it_and_ana_can_use_it(door: Door) -> None:
    status, page = await door.answers(await door.opens())
    assert status == 200
    assert "Soundings is installed in Acme &lt;b&gt;&amp; Co" in page
    assert "<b>" not in page
    (install,) = door.kept()
    assert door.acme.install
    assert install.token == door.acme.install.bot_token
    assert install.bot_id == door.acme.install.bot_id
    assert install.name == "Acme <b>& Co"
    assert "chat:write" in install.scopes
    ana = door.person("ana")
    await ana.types("/kudos help")
    await ana.sees("/kudos")


async def test_installing_messages_nobody(door: Door) -> None:
    await door.answers(await door.opens())
    await door.sandbox.settle()
    await door.app.courier.drain()
    assert not [one for one in door.sandbox.calls if one.method.startswith("chat.")]


async def test_max_declines_and_is_told_so(door: Door) -> None:
    status, page = await door.answers(await door.opens(), "cancel")
    assert status == 200
    assert "declined in Slack" in page
    assert door.kept() == []


async def test_a_link_from_somebody_else_installs_nothing(door: Door) -> None:
    address = await door.opens()
    door.browser.cookie_jar.clear()
    status, page = await door.answers(address)
    assert status == 400
    assert "not reached from the install page in this browser" in page
    assert door.kept() == []


async def test_a_state_is_used_once(door: Door) -> None:
    state = await door.state()
    assert "Slack answered: no code" in (await door.returns(state=state))[1]
    door.browser.cookie_jar.update_cookies({"soundings-install": state})
    status, page = await door.returns(state=state, code="1.sandbox-code")
    assert status == 400
    assert "or was used before" in page


async def test_a_page_left_open_for_long_has_to_be_opened_again(door: Door) -> None:
    address = await door.opens()
    door.clock.move(timedelta(minutes=10))
    status, page = await door.answers(address)
    assert status == 400
    assert "more than ten minutes" in page
    assert "Start again" in page
    assert door.kept() == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"code": "made-up"}, "The consent was used before, or is too old."),
        ({"error": "<script>alert(1)</script>"}, "Slack answered: &lt;script&gt;alert(1)&lt;/script&gt;."),
        ({}, "Slack answered: no code."),
    ],
)
async def test_a_strange_answer_gets_a_sentence(door: Door, query: dict[str, str], told: str) -> None:
    status, page = await door.returns(state=await door.state(), **query)
    assert status == 400
    assert told in page
    assert "<script" not in page
    assert door.kept() == []


@pytest.mark.parametrize("query", [{}, {"state": ""}, {"state": "é\0"}, {"state": "x" * 5000}, {"code": "1"}])
async def test_visitors_without_a_state_are_turned_away(door: Door, query: dict[str, str]) -> None:
    assert (await door.returns(**query))[0] == 400


async def test_slack_out_of_reach_is_told(door: Door) -> None:
    state = await door.state()
    door.sandbox.faults.add("lost_request", 5)
    status, page = await door.returns(state=state, code="1")
    assert (status, "Slack cannot be reached" in page) == (502, True)


async def test_the_install_page_carries_no_secret_and_may_not_be_framed(door: Door) -> None:
    async with door.browser.get(f"{door.app.settings.public_url}/slack/install") as page:
        words = await page.text()
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert page.headers["Cache-Control"] == "no-store"
        assert "HttpOnly" in page.headers["Set-Cookie"]
    assert not any(secret in words for secret in door.app.settings.secrets)


async def test_uninstalling_drops_the_token_at_once(door: Door) -> None:
    await door.answers(await door.opens())
    await door.sandbox.uninstall(door.acme)
    await door.sandbox.settle()
    (install,) = door.kept()
    assert (install.token, install.revoked_at) == ("", MONDAY)
    assert await door.app.client_for(install.key) is None


async def test_installing_again_after_a_removal_works(door: Door) -> None:
    await door.answers(await door.opens())
    await door.sandbox.revoke(door.acme)
    await door.sandbox.settle()
    await door.answers(await door.opens())
    (install,) = door.kept()
    assert door.acme.install
    assert (install.token, install.revoked_at) == (door.acme.install.bot_token, None)


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, False),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, False),
        ({"type": "team_join"}, False),
        ({}, False),
    ],
)
def test_only_the_bots_own_token_ends_a_consent(event: dict[str, Any], ends: bool) -> None:
    assert revokes(event) is ends


async def test_requests_cost_no_auth_test(town: Town) -> None:
    (ana,) = town.people("ana")
    for _ in range(4):
        await ana.types("/kudos help")
    await town.settle()
    assert len([one for one in town.sandbox.calls if one.method == "auth.test"]) == 1


async def test_what_is_remembered_is_forgotten_with_every_change_and_after_half_a_minute(
    sqlite_storage: Storage,
) -> None:
    here, elsewhere = Installs(sqlite_storage), Installs(sqlite_storage)
    await here.keep(FIRST)
    found = await here.find("T9")
    assert found
    assert found.token == "xoxb-first"
    await elsewhere.on_revoked("T9")
    assert await here.find("T9") is found
    assert isinstance(sqlite_storage.clock, SetClock)
    sqlite_storage.clock.move(timedelta(seconds=30))
    assert await here.find("T9") is None
    await here.keep(FIRST)
    assert await here.find("T9")
    await here.on_revoked("T9")
    assert await here.find("T9") is None
    assert await here.find("T-unknown") is None


async def test_the_workspace_takes_its_name_from_the_install(sqlite_storage: Storage) -> None:
    with sqlite_storage.begin(FIRST.key) as store:
        assert store.workspace.name == "T9"
    await Installs(sqlite_storage).keep(FIRST)
    with sqlite_storage.begin(FIRST.key) as store:
        assert store.workspace.name == "Nine"


async def until_somebody_waits(connection: Connection) -> None:
    """Until another connection waits for what this one has written."""
    waits = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not connection.execute(text(f"SELECT count(*) {waits}")).scalar():
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        await asyncio.sleep(0.01)


async def test_two_replicas_that_start_at_once_keep_the_same_install_and_meet_the_same_workspace(
    postgres_storage: Storage,
) -> None:
    with closing(Storage(postgres_storage.url, VAULT, postgres_storage.clock)) as slow:
        # Both are as quick as each other, with the install and with the workspace.
        with postgres_storage.connect() as met, closing(postgres_storage.engine.connect()) as connection:
            meet_workspace(met, FIRST.key, "Nine", MONDAY)
            keep_install(connection, VAULT, FIRST, MONDAY)
            second = asyncio.create_task(Installs(slow).keep(FIRST))
            await until_somebody_waits(connection)
            connection.commit()
            await until_somebody_waits(met)
        await second
        found = await Installs(slow).all()
    assert [one.token for one in found] == ["xoxb-first"]
    with postgres_storage.begin(FIRST.key) as store:
        assert store.workspace.name == "Nine"


async def test_bolt_is_given_the_token_and_who_the_bot_is(sqlite_storage: Storage) -> None:
    installs = Installs(sqlite_storage)
    await installs.keep(FIRST)
    authorize = installs.authorize()
    result = await authorize("E1", "T9")
    assert (result.bot_token, result.bot_user_id, result.bot_id) == ("xoxb-first", "UBOT", "B9")
    assert await authorize(None, "T-unknown") is None
    assert await authorize("E1", None) is None


async def test_a_token_that_slack_refuses_stops_the_start_with_a_sentence(town: Town) -> None:
    with pytest.raises(SettingsError, match=r"does not accept the bot token \(invalid_auth\)\. Copy it again"):
        await town.app.installs.adopt("xoxb-sandbox-wrong", town.app.client)
    await town.sandbox.uninstall(town.workspace)
    token = town.app.settings.bot_token
    assert token
    with pytest.raises(SettingsError, match="removed from the workspace: install it again"):
        await town.app.installs.adopt(token.get_secret_value(), town.app.client)


async def test_a_restart_while_slack_is_away_goes_on_with_what_is_known(town: Town) -> None:
    (before,) = await town.app.installs.all()
    town.sandbox.faults.add("lost_request", 20)
    assert await town.app.installs.adopt(before.token, town.app.client) == before
    with pytest.raises(SettingsError, match="cannot be reached"):
        await town.app.installs.adopt("xoxb-sandbox-new", town.app.client)


async def test_a_restart_keeps_who_installed_it_and_when(town: Town, tmp_path: Path) -> None:
    (before,) = await town.app.installs.all()
    town.clock.move(timedelta(days=1))
    again = await town.app.installs.adopt(before.token, town.app.client)
    assert again == before
    assert await town.app.installs.all() == [before]
