"""An old message's button, a form of an earlier release, a shortcut that is no more: never silence, and a way on."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from sandbox.people import Person
from tests.platforms.wire import interaction, post, rows, view_submission
from tests.town import Town

OLD = [
    {
        "type": "actions",
        "block_id": "old",
        "elements": [
            {
                "type": "button",
                "action_id": "feelings.vote",
                "text": {"type": "plain_text", "text": "Vote"},
                "value": "7",
            }
        ],
    }
]
FIELD = {
    "type": "input",
    "block_id": "feeling",
    "label": {"type": "plain_text", "text": "How do you feel?"},
    "element": {"type": "plain_text_input", "action_id": "value"},
}
EXPIRED = "This has expired"


def slack(town: Town) -> AsyncWebClient:
    """Slack, as an earlier release of ours would use it."""
    assert town.workspace.install
    return AsyncWebClient(town.workspace.install.bot_token, base_url=f"{town.sandbox.url}/api/")


def old_form(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "feelings.share",
        "title": {"type": "plain_text", "text": "Feelings"},
        "submit": {"type": "plain_text", "text": "Share"},
        "notify_on_close": True,
        "blocks": blocks,
    }


async def opens_old_form(town: Town, who: Person, blocks: list[dict[str, Any]]) -> None:
    trigger = town.sandbox.triggers.issue(town.workspace.id, who.user_id)
    await slack(town).views_open(trigger_id=trigger, view=old_form(blocks))


async def test_a_button_of_an_old_message_leads_on(town: Town) -> None:
    (ana,) = town.people("ana")
    await slack(town).chat_postMessage(channel=town.channel("ops"), text="How do you feel?", blocks=OLD)
    await ana.presses("Vote", in_="#ops")
    await ana.sees(EXPIRED, in_="ephemeral")
    await ana.presses("Give kudos", in_="ephemeral")
    assert "Who helped?" in ana.modal_text
    await town.settle()


async def test_a_button_of_an_old_form_leads_on(town: Town) -> None:
    (ana,) = town.people("ana")
    await opens_old_form(town, ana, [*OLD, FIELD])
    await ana.presses("Vote", in_="modal")
    await ana.sees(EXPIRED, in_="modal")
    await ana.presses("Check in", in_="modal")
    await ana.sees("What did you get done?", in_="modal")
    await town.settle()


async def test_a_button_of_an_old_home_leads_on(town: Town) -> None:
    (ana,) = town.people("ana")
    await slack(town).views_publish(user_id=ana.user_id, view={"type": "home", "blocks": OLD})
    await ana.presses("Vote", in_="home")
    await ana.sees(EXPIRED, in_="modal")
    await ana.presses("Check in", in_="modal")
    await ana.sees("What did you get done?", in_="modal")
    await town.settle()


async def test_an_old_form_that_is_sent_leads_on_and_one_that_is_closed_says_nothing(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    await opens_old_form(town, ana, [FIELD])
    await ana.fills({"How do you feel?": "Well"})
    assert not await ana.submits()
    await ana.sees(EXPIRED, in_="modal")
    await opens_old_form(town, bo, [FIELD])
    await bo.closes()
    await town.settle()
    assert bo.modal is None
    assert not town.sandbox.troubles


async def test_a_shortcut_and_a_command_that_are_no_more(town: Town) -> None:
    (ana,) = town.people("ana")
    before = rows(town)
    gone = {
        "type": "shortcut",
        "callback_id": "feelings.start",
        "team": {"id": town.workspace.id},
        "user": {"id": ana.user_id, "name": "ana", "team_id": town.workspace.id},
        "trigger_id": town.sandbox.triggers.issue(town.workspace.id, ana.user_id),
    }
    assert (await post(town, interaction(gone)))[0] == 200
    await ana.sees(EXPIRED, in_="modal")
    assert rows(town) == before


async def test_a_form_of_ours_with_a_state_that_nobody_wrote(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.types("/checkin")
    sent = view_submission(town, ana, {})
    for state in ("", "nonsense", "9" * 3000, "2026-13-45|1,2|", "{}", "\u0000"):
        sent["view"]["private_metadata"] = state
        status, said = await post(town, interaction(sent))
        assert (status, "response_action" in said) == (200, True), state
    assert not rows(town)["checkins"]
