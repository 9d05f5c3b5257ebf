"""When Slack would not show an answer, or not take a message: a sentence all the same, and the delivery knows why."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.outbound import GONE, PARKING, _refusal
from bot.slack.refused import retry_after, status, word
from sandbox.slack.api import Call, Method, Refusal
from scheduler.transport import Ambiguous, Gone, Parked, RateLimited
from tests.platforms.wire import DONE, PLAN, WHY, interaction, post, rows
from tests.town import Town

TOO_LATE = "Slack gave up waiting before the form was ready."


@pytest.fixture
async def hasty(town: Town) -> AsyncIterator[Town]:
    """A town whose app loses patience soon."""
    town.app.inbound.patience = 0.3
    yield town
    town.sandbox.faults.clear()
    await town.settle()


@pytest.mark.parametrize("fault", ["late_trigger", "server_error", "rate_limited", "lost_request", "slow"])
async def test_a_form_that_slack_will_not_open_is_told_of(hasty: Town, fault: str) -> None:
    ana, bo = hasty.people("ana", "bo")
    with hasty.store() as store:
        store.change_settings(kudos_channel=hasty.channel("kudos"))
    await bo.types(f"/kudos @ana {WHY}")
    await ana.types("/soundings")
    await bo.opens_home()
    only = "" if fault == "late_trigger" else "views.open"
    started = time.monotonic()
    hasty.sandbox.faults.add(fault, 9, only=only, seconds=1.2)
    await ana.types("/checkin")
    await ana.sees(TOO_LATE, in_="ephemeral")
    await ana.presses("Check in", in_="ephemeral")
    await ana.sees(TOO_LATE, in_="ephemeral")
    await bo.presses("Check in", in_="home")
    await bo.sees(TOO_LATE, in_="dm")
    await bo.shortcut("Give kudos")
    assert time.monotonic() - started < 6
    for who in (ana, bo):
        assert "failed with the error" not in who.reads()
        assert "did not answer" not in who.reads()
        assert TOO_LATE in who.reads()


async def test_a_view_that_cannot_be_shown_is_said_instead(hasty: Town) -> None:
    (ana,) = hasty.people("ana")
    hasty.sandbox.faults.add("server_error", 9, only="views.open")
    pressed = {
        "type": "block_actions",
        "team": {"id": hasty.workspace.id},
        "user": {"id": ana.user_id, "name": "ana", "team_id": hasty.workspace.id},
        "trigger_id": hasty.sandbox.triggers.issue(hasty.workspace.id, ana.user_id),
        "actions": [{"action_id": "feelings.vote", "block_id": "b", "type": "button"}],
        "view": {"type": "home", "id": "V0", "blocks": []},
    }
    assert (await post(hasty, interaction(pressed)))[0] == 200
    await ana.sees("This has expired", in_="dm")


@pytest.mark.parametrize("fault", ["server_error", "lost_answer", "used up"])
async def test_an_answer_that_slack_does_not_take_is_noted_and_that_is_all(
    town: Town, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    (ana,) = town.people("ana")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    if fault == "used up":
        issue = town.sandbox.response_urls.issue
        town.sandbox.response_urls.issue = lambda *a, **k: issue(*a, **k) + "9"  # type: ignore[method-assign]
    else:
        town.sandbox.faults.add(fault, 9, only="response_url")
    caplog.clear()
    await ana.presses("Take it back", in_="ephemeral")
    await town.settle()
    assert [one.levelno for one in caplog.records if one.name.startswith("bot")] == [logging.WARNING]
    assert "Traceback" not in caplog.text
    assert "/response" not in caplog.text
    with town.store() as store:
        me = store.members.by_key(ana.user_id)
        assert me
        assert store.kudos.given_by(me.id) == [], "it was done, only not shown"


# -- messages --------------------------------------------------------------------------------------------------------


def refusal(error: str, code: int = 200, headers: dict[str, str] | None = None, data: Any = None) -> SlackApiError:
    body = {"ok": False, "error": error} if data is None else data
    return SlackApiError("", SimpleNamespace(data=body, status_code=code, headers=headers or {}))


@pytest.mark.parametrize(
    ("problem", "ours"),
    [
        (refusal("ratelimited", 429, {"Retry-After": "7"}), RateLimited),
        (refusal("ratelimited", 200), RateLimited),
        (refusal("", 429, {"Retry-After": "soon"}, data=""), RateLimited),
        *((refusal(error), Parked) for error in PARKING),
        *((refusal(error), Gone) for error in GONE),
        (refusal("invalid_blocks"), Gone),
        (refusal("internal_error"), Ambiguous),
        (refusal("fatal_error"), Ambiguous),
        (refusal("service_unavailable", 503), Ambiguous),
        (refusal("", 500, data="Internal Server Error"), Ambiguous),
        (refusal("", 502, data={}), Ambiguous),
        (refusal("", 503, data=b"<html>"), Ambiguous),
        (SlackApiError("", SimpleNamespace(status=500, headers={})), Ambiguous),
    ],
    ids=lambda one: word(one) if isinstance(one, SlackApiError) else None,
)
def test_each_word_of_slack_is_one_of_ours(problem: SlackApiError, ours: type[Exception]) -> None:
    refused = _refusal(problem)
    assert type(refused) is ours
    assert str(refused).endswith(".")


def test_how_long_slack_asks_us_to_wait() -> None:
    assert retry_after(refusal("ratelimited", 429, {"Retry-After": "30"})) == 30
    assert retry_after(refusal("ratelimited", 429)) == 1
    assert status(refusal("x", 429)) == 429


@pytest.mark.parametrize(
    ("error", "state", "why"),
    [
        ("is_archived", "cancelled", "archived"),
        ("invalid_blocks", "cancelled", "invalid_blocks"),
        ("internal_error", "due", "trouble of its own"),
        ("token_revoked", "parked", "revoked the token"),
    ],
)
async def test_what_becomes_of_a_delivery(town: Town, error: str, state: str, why: str) -> None:
    (ana,) = town.people("ana")
    methods = town.sandbox.api.methods
    real = methods["chat.postMessage"]

    def refuse(_call: Call) -> Any:
        raise Refusal(error)

    methods["chat.postMessage"] = Method(refuse, real.tier, real.scopes)
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    with town.app.storage.connect() as connection:
        told = str(connection.exec_driver_sql("SELECT * FROM deliveries").mappings().all())
        lanes = str(connection.exec_driver_sql("SELECT * FROM lanes").mappings().all())
    assert why in (lanes if state == "parked" else told)
    assert state in ("due", "parked") or f"'{state}'" in told
    methods["chat.postMessage"] = real
    if state == "parked":
        await town.app.courier.resume(town.key)
        await town.settle()
        await town.person("bo").sees("staying late", in_="dm")


async def test_a_home_that_slack_will_not_show_is_noted(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    (ana,) = town.people("ana")
    for fault in ("server_error", "rate_limited", "lost_request"):
        town.sandbox.faults.add(fault, 2, only="views.publish", seconds=1)
        await ana.opens_home()
        await town.settle()
        town.sandbox.faults.clear()
    assert "Traceback" not in caplog.text
    assert caplog.text.count("to show a home") + caplog.text.count("not show a home") == 3
    await ana.opens_home()
    await ana.opens_home()
    await ana.sees("Check in", in_="home")


async def test_a_home_is_drawn_again_only_for_those_who_looked_lately(town: Town) -> None:
    ana, bo, cy = town.people("ana", "bo", "cy")

    await cy.opens_home()
    town.clock.move(timedelta(days=2))
    await bo.opens_home()
    await town.settle()
    before = len(town.sandbox.calls)
    await ana.types(f"/kudos @bo @cy {WHY}")
    await town.settle()
    published = [one.arguments["user_id"] for one in town.sandbox.calls[before:] if one.method == "views.publish"]
    assert published == [bo.user_id]
    await bo.sees("staying late", in_="home")
    assert "staying late" not in cy.reads("home")


async def test_a_home_that_was_switched_off(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.opens_home()
    methods = town.sandbox.api.methods

    def refuse(_call: Call) -> Any:
        raise Refusal("not_enabled")

    methods["views.publish"] = Method(refuse, 4)
    await ana.opens_home()
    await ana.types("/checkin")
    await ana.fills({DONE: "Moved it", PLAN: "Rest"})
    assert not await ana.submits()
    await ana.sees("Thank you", in_="modal")
    await town.settle()
    assert rows(town)["checkins"] == 1
