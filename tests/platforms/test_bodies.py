"""Bodies that are too large, cannot be read, or say nothing that Slack says; and the other addresses of the server."""

from __future__ import annotations

import gc
import json
import tracemalloc
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings, strategies
from sqlalchemy import text

from bot.web import Seen, _payload, web_app
from storage.engine import Storage
from tests.databases import VAULT
from tests.platforms.wire import command, event, form, interaction, post, rows
from tests.town import Town

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
UNREADABLE = [
    b"",
    b"hello",
    b"{",
    b"[]",
    b"null",
    b'"view_submission"',
    b"{" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"\xff\xfe\x00",
    b"payload=",
    b"payload=%7B",
    b"payload=%5B1%5D",
    b"payload=%FF",
    b"payload=null",
    b"command",
    b"payloads=1",
]


async def test_a_body_over_a_megabyte_is_not_taken_and_not_kept(town: Town) -> None:
    (ana,) = town.people("ana")
    body, kind = command(town, ana, "/kudos", "x" * MEGABYTE)
    before = rows(town)
    assert (await post(town, (body, kind), {}))[0] == 413
    tracemalloc.start()
    try:
        for _ in range(5):
            assert (await post(town, (body, kind)))[0] == 413
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2 * MEGABYTE, "of five"
    assert rows(town) == before


async def test_just_under_a_megabyte_the_signature_decides(town: Town) -> None:
    (ana,) = town.people("ana")
    asked = command(town, ana, "/soundings", "x" * (MEGABYTE - 600))
    assert MEGABYTE - 600 < len(asked[0]) < MEGABYTE
    assert (await post(town, asked, {}))[0] == 401
    assert (await post(town, asked))[0] == 200


async def test_what_cannot_be_read_is_refused_even_when_it_is_signed(town: Town) -> None:
    for body in UNREADABLE:
        for kind in (FORM, JSON, "text/plain", "application/json; charset=nonsense"):
            status, _ = await post(town, (body, kind))
            assert 400 <= status < 500, (body[:20], kind)


async def test_a_command_in_which_somebody_speaks_of_a_payload(town: Town) -> None:
    ana, _ = town.people("ana", "bo")
    await ana.types("/kudos @bo for carrying the payload of the release")
    await ana.sees("for carrying the payload of the release", in_="ephemeral")


@given(fields=strategies.dictionaries(strategies.text(), strategies.text()))
def test_a_form_is_read_as_it_was_meant(fields: dict[str, str]) -> None:
    assert _payload(FORM, urlencode({**fields, "payload": json.dumps(fields)})) == fields
    assert _payload(FORM, urlencode({**fields, "said": "x"})) == {**fields, "said": "x"} or "payload" in fields


async def test_payloads_of_no_known_kind_or_shape_are_refused_in_words_of_ours(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "what I typed"
    team = {"team": {"id": town.workspace.id}, "user": {"id": "U1", "team_id": town.workspace.id}}
    for payload in (
        {"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": secret},
        {"type": "workflow_step_edit", "callback_id": secret},
        {"type": "something_new", "said": secret},
        {"type": "block_actions", "actions": [{}], "said": secret},
        {"type": "view_submission", "view": {"type": "modal"}, "said": secret},
        {"type": "view_closed", "view": {"type": "modal"}},
        {"type": "interactive_message", "callback_id": "a", "actions": [{"name": "x", "value": secret}]},
        {"type": "shortcut"},
        {"type": "message_action", "callback_id": "kudos.for_message", "message": secret},
    ):
        status, _ = await post(town, interaction({**payload, **team}))
        assert 400 <= status < 500, payload["type"]
    nobody = form({"command": "/kudos", "team_id": town.workspace.id})
    assert (await post(town, nobody))[0] == 400
    assert secret not in caplog.text
    assert "Traceback" not in caplog.text


async def test_events_of_no_known_kind_are_taken_and_forgotten(town: Town) -> None:
    before = rows(town)
    for inner in (
        {"type": "reaction_added", "user": "U1"},
        {"type": "app_home_opened", "user": "U1", "tab": "messages"},
    ):
        assert (await post(town, event(town, inner)))[0] == 200
    assert rows(town) == before


async def test_a_workspace_that_never_installed_us_gets_nothing(town: Town) -> None:
    (ana,) = town.people("ana")
    before = rows(town)
    status, said = await post(town, command(town, ana, "/kudos", team_id="T99ELSEWHERE", response_url=None))
    assert status == 200
    assert "install" in said
    assert rows(town) == before


async def test_the_other_addresses(town: Town) -> None:
    async with aiohttp.ClientSession(town.app.url) as session:
        for path, status in (("/healthz", 200), ("/readyz", 200), ("/slack/events", 405), ("/", 404), ("/api", 404)):
            async with session.get(path) as answer:
                assert answer.status == status, path
        town.app.storage.engine.dispose()
        async with session.get("/readyz") as answer:
            assert json.loads(await answer.text()) == {"status": "ready"}


async def test_not_ready_while_the_database_is_not_migrated_or_away(tmp_path: Path) -> None:
    for url, why in (
        (f"sqlite:///{tmp_path / 'new.db'}", "soundings db upgrade"),
        (f"sqlite:///{tmp_path / 'nowhere' / 'new.db'}", "cannot be reached"),
    ):
        storage = Storage(url, VAULT)
        runner = web.AppRunner(web_app(None, storage))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session,
            session.get("/readyz") as answer,
            session.get("/healthz") as health,
            session.post("/slack/events") as events,
        ):
            assert answer.status == 503
            assert why in await answer.text()
            assert health.status == 200
            assert events.status == 404, "Slack's requests come over the socket"
        await runner.cleanup()
        storage.close()


async def test_ready_for_as_long_as_it_works_with_the_database(sqlite_storage: Storage) -> None:
    runner = web.AppRunner(web_app(None, sqlite_storage))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
        for version, status, says in (("9999", 200, "ready"), ("9999_for_9998", 503, "cannot work with it")):
            with sqlite_storage.connect() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
            async with session.get("/readyz") as answer:
                assert answer.status == status
                assert says in await answer.text()
    await runner.cleanup()


@settings(max_examples=20)
@given(strategies.lists(strategies.tuples(strategies.sampled_from("abc"), strategies.integers(0, 700))))
def test_signatures_are_remembered_while_they_matter(came: list[tuple[str, int]]) -> None:
    now = 0.0
    seen = Seen(lambda: now)
    last: dict[str, float] = {}
    for signature, passed in came:
        now += passed
        if signature in last and now - last[signature] <= 600:
            assert signature in seen
        if signature not in seen:
            seen.add(signature)
            last[signature] = now
