"""Whatever people type: nothing of it is lost, nothing of it becomes a live mention, and nothing breaks."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies

from bot.slack import cards, payloads
from handlers.features import FEATURES
from handlers.interaction import Interaction
from handlers.router import Router
from sandbox.people import Person
from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.platforms.wire import BLOCKERS, DONE, PLAN
from tests.town import Town

HARD = {
    "long": "x" * 2999 + "y",
    "emoji": "🫠👩🏽‍🚀" * 400,
    "right to left": "שלום \u202eעולם\u202c العربية",
    "zero width": "zero\u200bwidth\u200d and joiners\u2060",
    "combining": "e\u0301\u0316" * 1000,
    "mentions": "<@U0100000A> <@U0100000A|ana> <!channel> <!here> <!everyone> <!subteam^S1> <#C1|general> @channel",
    "markup": "*bold* _it_ ~no~ `code` ```block``` > quote\n• list :tada: <https://example.com|click> &amp; &lt;",
    "json": '"},{"type":"divider"},{"text":"\\u0000\\',
    "html": "<script>alert(1)</script> & <b>",
    "lines": "one\r\ntwo\n\n\nthree\ttab",
}


def live_mentions(told: Any) -> list[str]:
    """What Slack would turn into a mention or a link, in blocks and texts alike, but for people we mean to name."""
    found: list[str] = []
    if isinstance(told, dict):
        if told.get("type") in ("broadcast", "usergroup", "link") or (told.get("type") == "mrkdwn"):
            found.append(json.dumps(told))
        for name, part in told.items():
            # `text` beside blocks is mrkdwn: there "<" begins a mention.
            if name == "text" and isinstance(part, str) and "blocks" in told and "<" in part:
                found.append(part)
            found += live_mentions(part)
    elif isinstance(told, list):
        for part in told:
            found += live_mentions(part)
    return found


def posted(town: Town) -> list[dict[str, Any]]:
    """All that the app sent to Slack's API: messages and views."""
    sent = []
    for called in town.sandbox.calls:
        arguments = {
            name: json.loads(part) if isinstance(part, str) and name in ("blocks", "view") else part
            for name, part in called.arguments.items()
        }
        if called.method in ("chat.postMessage", "chat.update", "views.publish", "views.open", "views.update"):
            sent.append(arguments)
    return sent


async def shares(who: Person, words: str) -> None:
    await who.types("/checkin")
    await who.fills({DONE: words, PLAN: words, BLOCKERS: words})
    assert not await who.submits(), who.errors
    assert "Thank you" in who.modal_text, who.modal_text
    await who.closes()


async def test_hard_words_are_stored_as_typed_and_posted_without_a_live_mention(town: Town) -> None:
    (ana,) = town.people("ana")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"), kudos_weekly=100)
        me = store.members.by_key(ana.user_id)
        assert me
        team = store.teams.add("Ops", share="channel", channel=town.channel("ops"))
        store.members.set_team([me.id], team.id)
    for name, words in {**HARD, "nul": "a\x00b, and more of it"}.items():
        await shares(ana, words)
        with town.store() as store:
            (checkin,) = store.checkins.of_member(me.id)
        wanted = words.replace("\x00", "")
        assert [answer.words for answer in checkin.answers][:2] == [wanted, wanted], name
        await ana.types(f"/kudos @bo for this: {words[:2900]}")
        await town.settle()
        if ana.modal:
            raise AssertionError((name, ana.modal_text))
    await ana.opens_home()
    assert not town.sandbox.troubles
    sent = posted(town)
    assert len(sent) > 3 * len(HARD)
    for one in sent:
        assert live_mentions(one) == []
        blocks = one.get("blocks") or one["view"]["blocks"]
        assert all(part["user_id"].startswith("U") for part in _named(blocks))
    for message in town.workspace.messages[town.channel("ops")]:
        assert live_mentions({"text": message.text, "blocks": message.blocks}) == []


def _named(blocks: Any) -> list[dict[str, Any]]:
    if isinstance(blocks, dict):
        own = [blocks] if blocks.get("type") == "user" else []
        return own + [one for part in blocks.values() for one in _named(part)]
    return [one for part in blocks for one in _named(part)] if isinstance(blocks, list) else []


async def test_a_hundred_people_are_thanked_at_once(town: Town) -> None:
    (ana,) = town.people("ana")
    names = [town.workspace.add_user(name=f"helper{number}", tz="UTC").name for number in range(100)]
    assert town.workspace.install
    await town.app.sync_directories()
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types("/kudos " + " ".join(f"@{name}" for name in names) + " for carrying the whole move on your backs")
    await town.settle()
    last = town.person(names[-1])
    if ana.modal:
        assert "people" in ana.modal_text, "a limit is said beside the field"
    else:
        await last.sees("for carrying the whole move", in_="dm")
        with town.store() as store:
            me = store.members.by_key(ana.user_id)
            assert me
            (kudos,) = store.kudos.given_by(me.id)
        assert len(kudos.to) == 100
    assert not town.sandbox.troubles


async def test_an_empty_company_gets_answers_too(town: Town) -> None:
    max_, ana = town.people("max", "ana")
    for who in (max_, ana):
        for typed in (
            "/checkin",
            "/kudos",
            "/soundings",
            "/team-summary",
            "/team-summary Ops last week",
            "/kudos help",
        ):
            await who.types(typed)
            await town.settle()
            assert "failed with the error" not in who.reads()
            assert "Something broke" not in who.reads()
            while who.modal:
                await who.closes()
        await who.opens_home()
        await who.sees("Check in", in_="home")
    assert not town.sandbox.troubles


text = strategies.text(strategies.characters(codec="utf-8"), min_size=1, max_size=300)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=text, plan=text, typed=text)
def test_any_words_at_all(sqlite_storage: Storage, words: str, plan: str, typed: str) -> None:
    """Through the router and Slack's drawing of it, as the wire would have it."""
    key = WorkspaceKey("slack", "T1")
    router = Router(FEATURES, sqlite_storage)
    outcomes = [
        router.handle(
            payloads.command(
                {"command": f"/{name}", "text": typed, "team_id": "T1", "user_id": "U1", "trigger_id": f"t{typed}"}
            )
        )
        for name in ("kudos", "checkin", "soundings", "team-summary")
    ]
    (opened,) = outcomes[1].replies
    names = [part.name for part in opened.form.body if hasattr(part, "name")]
    values = dict(zip(names, (words, plan, words), strict=False))
    form = opened.form
    outcomes.append(
        router.handle(Interaction("submission", form.does, key, "U1", id="V1", values=values, state=form.state))
    )
    outcomes.append(
        router.handle(Interaction("closed", form.does, key, "U1", id="V1", values=values, state=form.state))
    )
    for outcome in outcomes:
        assert "Something broke" not in str(outcome), outcome
        for reply in outcome.replies:
            drawn = (
                cards.modal(reply.form)
                if hasattr(reply, "form")
                else cards.message(reply.card)
                if hasattr(reply, "card")
                else {}
            )
            assert live_mentions(drawn) == []
            assert json.loads(json.dumps(drawn)) == drawn
