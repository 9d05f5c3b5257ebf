"""The doctor finds each fault, says it in plain words, and says how to mend it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot import doctor
from bot.doctor.house import check_manifest, unreadable_settings
from bot.findings import Finding
from bot.keys import load_keys
from bot.settings import Settings, SettingsError
from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from storage.clock import Clock, SystemClock
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.migrate import upgrade
from tests.town import Town

HELLO = to_json(Card((Para(line("hello")),)))
NOWHERE = "http://127.0.0.1:9/api/"


def found(findings: Iterable[Finding], says: str) -> Finding:
    """The one finding that says this."""
    matching = [one for one in findings if says in one.says]
    assert len(matching) == 1, "\n".join(f"{one.level} {one.subject}: {one.says}" for one in findings)
    return matching[0]


async def examined(town: Town, *, clock: Clock | None = None, send_test: str = "", **changes: Any) -> list[Finding]:
    settings = town.app.settings.model_copy(update=changes)
    return await doctor.examine(settings, clock=clock, send_test=send_test)


def granted(town: Town, *scopes: str) -> None:
    assert town.workspace.install
    town.workspace.install.scopes = list(scopes)


class OffClock(SystemClock):
    """A clock that is so many seconds ahead."""

    def __init__(self, seconds: int) -> None:
        self.ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self.ahead


# -- Slack -----------------------------------------------------------------------------------------------------------


async def test_where_all_is_well_there_is_nothing_to_mend(town: Town) -> None:
    findings = await examined(town)
    assert [one for one in findings if one.level != "ok" and one.subject != "Manifest"] == []
    assert found(findings, "accepts the bot token").subject == "Acme"
    assert found(findings, "has the permissions that it needs")
    assert found(findings, "clock agrees")
    assert found(findings, "None was given up in the last seven days")


async def test_a_wrong_token(town: Town) -> None:
    one = found(await examined(town, bot_token=SecretStr("xoxb-sandbox-wrong")), "does not accept the bot token")
    assert one.level == "problem"
    assert "Copy it again from the app's settings" in one.says
    assert one.mend == (
        "Put a token that holds into SLACK_BOT_TOKEN, and start Soundings again. "
        "It begins with xoxb- and is found in the app's settings under OAuth & Permissions."
    )


async def test_an_app_that_was_removed(town: Town) -> None:
    await town.sandbox.uninstall(town.workspace)
    one = found(await examined(town), "account_inactive")
    assert "install it again" in one.says
    assert "SLACK_BOT_TOKEN" in one.mend


async def test_one_of_many_workspaces_whose_consent_ended_unheard(town: Town) -> None:
    assert town.workspace.install
    town.workspace.install.ended = "account_inactive"
    address = "http://127.0.0.1:9"
    findings = await examined(town, bot_token=None, client_id="1.2", client_secret=SecretStr("s"), public_url=address)
    one = found(findings, "does not accept the bot token")
    assert one.subject == "Acme"
    assert one.mend == f"Install the app again: open {address}/slack/install"


async def test_permissions_that_are_missing_or_too_many(town: Town) -> None:
    granted(town, "commands", "users:read", "im:history", "im:write", "channels:history")
    findings = await examined(town)
    missing = found(findings, "lacks these permissions: chat:write.")
    assert missing.level == "problem"
    assert "soundings manifest" in missing.mend
    assert found(findings, "does not use: channels:history").level == "warn"
    assert found(findings, "once it is invited there").level == "ok"
    files = found(findings, "not as a file (files:read was not granted)")
    assert files.level == "ok"
    assert "install the app again, and start Soundings again" in files.says


@pytest.mark.parametrize(
    ("seconds", "level"), [(20, "ok"), (-20, "ok"), (120, "warn"), (-120, "warn"), (400, "problem"), (-400, "problem")]
)
async def test_a_clock_that_is_off(town: Town, seconds: int, level: str) -> None:
    (one,) = [one for one in await examined(town, clock=OffClock(seconds)) if one.subject == "Clock"]
    assert one.level == level
    assert ("NTP" in one.mend) == (level != "ok")


async def test_slack_out_of_reach(town: Town) -> None:
    one = found(await examined(town, slack_api_url=NOWHERE), "cannot be reached")
    assert (one.level, one.subject) == ("problem", "Slack")
    assert "SOUNDINGS_SLACK_API_URL" in one.mend


async def test_socket_mode_with_and_without_a_good_token(town: Town) -> None:
    good = await examined(town, app_token=SecretStr(town.sandbox.app_token))
    assert found(good, "opens connections").level == "ok"
    bad = found(await examined(town, app_token=SecretStr("xapp-sandbox-wrong")), "does not open a connection")
    assert bad.level == "problem"
    assert "Check SLACK_APP_TOKEN. It begins with xapp-" in bad.mend


async def test_no_workspace_has_installed_it_yet(town: Town) -> None:
    await town.app.installs.on_revoked(town.workspace.id)
    findings = await examined(
        town, bot_token=None, client_id="1.2", client_secret=SecretStr("s"), public_url="http://127.0.0.1:9"
    )
    assert found(findings, "No workspace installed Soundings yet").mend.endswith("/slack/install")
    assert found(findings, "not an https address").level == "problem"
    assert found(findings, "Nothing answers at http://127.0.0.1:9").subject == "Public address"


# -- messages --------------------------------------------------------------------------------------------------------


async def test_the_messages_tab_is_off(town: Town) -> None:
    town.sandbox.app = replace(town.sandbox.app, messages_tab=False)
    ana, bo = town.people("ana", "bo")
    await ana.types("/kudos @bo for staying late to fix the build")
    await town.settle()
    one = found(await examined(town, clock=town.clock), "The Messages tab of the app is off")
    assert one.level == "problem"
    assert "were not delivered" in one.says
    assert "switch the Messages Tab on" in one.mend
    tried = found(await examined(town, send_test=bo.user_id), "It was not delivered")
    assert "switch the Messages Tab on" in tried.mend


async def test_a_test_message_reaches_the_person_named(town: Town) -> None:
    (ana,) = town.people("ana")
    assert found(await examined(town, send_test=ana.user_id), "It was delivered").level == "ok"
    await ana.sees("This is a test from Soundings", in_="dm")
    wrong = found(await examined(town, send_test="U404"), "It was not delivered")
    assert "begins with U or W" in wrong.mend


async def test_messages_that_wait_for_a_new_install(town: Town) -> None:
    (ana,) = town.people("ana")
    install = town.workspace.install
    assert install
    install.ended = "token_revoked"
    with town.store() as store:
        store.deliveries.queue("member", ana.user_id, HELLO, key="hello")
    await town.settle()
    one = found(await examined(town), "1 are held back. Somebody revoked the token")
    assert (one.level, one.mend) == ("problem", "Install the app again; then they are sent.")
    install.ended = ""
    await town.app.installs.adopt(install.bot_token, town.app.client)
    await town.settle()
    await ana.sees("hello", in_="dm")
    assert found(await examined(town), "None was given up in the last seven days; 0 are on their way.")


async def test_messages_that_nobody_sends(town: Town) -> None:
    with town.store() as store:
        store.deliveries.queue("member", "U1", HELLO, key="hello")
    town.clock.move(timedelta(minutes=11))
    one = found(await examined(town, clock=town.clock), "one has been due since 02 March, 09:00 UTC")
    assert "soundings run" in one.mend


async def test_another_program_on_our_port(town: Town) -> None:
    port = int(town.app.url.rsplit(":", 1)[1])
    assert found(await examined(town, port=port), "Soundings answers at").level == "ok"
    other = web.AppRunner(web.Application())
    await other.setup()
    site = web.TCPSite(other, "127.0.0.1", 0)
    await site.start()
    one = found(await examined(town, port=other.addresses[0][1]), "Another program answers")
    assert "SOUNDINGS_PORT" in one.mend
    await other.cleanup()


# -- the house -------------------------------------------------------------------------------------------------------


def at_home(folder: Path, **more: Any) -> Settings:
    return Settings(database=SecretStr(f"sqlite:///{folder / 'soundings.db'}"), slack_api_url=NOWHERE, port=0, **more)


async def test_nothing_is_set_yet(tmp_path: Path) -> None:
    findings = await doctor.examine(at_home(tmp_path))
    one = found(findings, "SLACK_BOT_TOKEN is not set")
    assert "OAuth & Permissions" in one.mend
    assert found(findings, "soundings.key will be made when Soundings first runs").level == "ok"
    keyed = await doctor.examine(at_home(tmp_path, vault_keys=(SecretStr(new_key()),)))
    for told in (findings, keyed):
        assert found(told, "soundings.db will be made when Soundings first runs").level == "ok"
    assert os.listdir(tmp_path) == []


def test_settings_that_cannot_be_read() -> None:
    told = unreadable_settings(SettingsError("SOUNDINGS_PORT must be a whole number.\nSOUNDINGS_LOG must be text."))
    assert [(one.level, one.says) for one in told] == [
        ("problem", "SOUNDINGS_PORT must be a whole number."),
        ("problem", "SOUNDINGS_LOG must be text."),
    ]


async def test_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    load_keys(settings)
    sqlite3.connect(tmp_path / "soundings.db").close()
    (tmp_path / "soundings.db").touch()
    one = found(await doctor.examine(settings), "The database is empty yet")
    assert (one.level, one.mend) == ("problem", "Make its tables with: soundings db upgrade")


@pytest.mark.parametrize(
    ("version", "says", "level"),
    [
        ("9999", "This one goes on working with it.", "warn"),
        ("9999_for_9998", "this one cannot work with it.", "problem"),
    ],
)
async def test_a_database_of_a_newer_version(
    version: str, says: str, level: str, sqlite_template: Path, tmp_path: Path
) -> None:
    settings = at_home(tmp_path)
    load_keys(settings)
    shutil.copy(sqlite_template, tmp_path / "soundings.db")
    with closing(sqlite3.connect(tmp_path / "soundings.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = ?", (version,))
    one = found(await doctor.examine(settings), says)
    assert one.level == level
    assert "Install the newer version here" in one.mend


async def test_a_database_that_cannot_be_reached() -> None:
    settings = Settings(
        database=SecretStr("postgresql://ana:hunter2@127.0.0.1:1/x"),
        vault_keys=(SecretStr(new_key()),),
        slack_api_url=NOWHERE,
        port=0,
    )
    one = found(await doctor.examine(settings), "The database cannot be reached")
    assert "SOUNDINGS_DATABASE_URL" in one.mend
    assert "hunter2" not in f"{one}"


async def test_a_database_that_cannot_be_written(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "soundings.db")
    settings = Settings(
        database=SecretStr(f"sqlite:///file:{tmp_path / 'soundings.db'}?mode=ro&uri=true"),
        vault_keys=(SecretStr(new_key()),),
        slack_api_url=NOWHERE,
        port=0,
    )
    one = found(await doctor.examine(settings), "The database cannot be written")
    assert one.level == "problem"


async def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for free, level in ((10, "problem"), (100, "warn"), (1000, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _place, free=free: usage(0, 0, free * 1024 * 1024))
        one = found(await doctor.examine(at_home(tmp_path)), f"{free} MB are free")
        assert one.level == level
        assert ("Make room" in one.mend) == (level != "ok")


async def test_keys_that_do_not_fit(town: Town) -> None:
    one = found(await examined(town, vault_keys=(SecretStr(new_key()),)), "do not open what is stored in: installs")
    assert one.level == "problem"
    assert "Put the earlier keys back" in one.mend


async def test_keys_that_are_no_keys_or_are_gone(town: Town) -> None:
    findings = await examined(town, vault_keys=(SecretStr("short"),))
    assert found(findings, "A key is not valid").level == "problem"
    assert found(await examined(town, vault_keys=()), "its keys in").level == "problem"


async def test_a_file_of_keys_that_others_may_read(tmp_path: Path) -> None:
    settings = at_home(tmp_path)
    storage = Storage(settings.database_url, Vault(load_keys(settings)))
    upgrade(storage)
    storage.close()
    file = tmp_path / "soundings.key"
    assert found(await doctor.examine(settings), "Kept in").level == "ok"
    file.chmod(0o644)
    assert found(await doctor.examine(settings), "Others on this machine may read").mend == f"Run: chmod 600 {file}"


def test_a_manifest_that_does_not_fit_the_features() -> None:
    wins = Feature("wins", "Weekly wins.")
    wins.command("wins", help="Share a win")(lambda turn: None)
    told = list(check_manifest((wins,)))
    assert found(told, "The command /wins is not declared").level == "problem"
    assert found(told, "declares the command /kudos, which this version does not know").level == "problem"
    assert found(told, "declares the shortcut kudos.for_message")


def test_findings_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.console import show_findings, show_findings_as_json

    one = Finding("Disk", "warn", "10 MB are free.", "Make room.")
    show_findings_as_json([one])
    assert json.loads(capsys.readouterr().out) == [
        {"subject": "Disk", "level": "warn", "says": "10 MB are free.", "mend": "Make room."}
    ]
    show_findings([one])
    assert capsys.readouterr().out == "warn    Disk: 10 MB are free.\n        Make room.\n"
