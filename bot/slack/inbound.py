"""What comes in from Slack: few listeners that match everything, and the router's own dictionary behind them.

By the time a listener runs, Bolt has checked the signature and asked `authorize` for the workspace's token.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import answers, cards, payloads, refused
from bot.slack.answers import Answered, Answering, Later
from bot.slack.files import SCOPE
from bot.slack.installs import revokes
from bot.slack.payloads import Payload
from handlers.interaction import Interaction
from handlers.router import Outcome, Router, trouble
from handlers.screens import Home, Para, say
from handlers.text import line
from storage.engine import Storage
from storage.errors import StorageError
from storage.workspaces import WorkspaceKey

log = logging.getLogger(__name__)

EVERYTHING = re.compile("")
# Slack waits three seconds, its own network included.
PATIENCE = 2.5
STRANGER = "Soundings answers members of its own workspace only. Nothing was read or changed."

READS = {
    "view_submission": payloads.submission,
    "view_closed": payloads.closed,
    "block_actions": payloads.press,
    "shortcut": payloads.shortcut,
    "message_action": payloads.shortcut,
}


class Inbound:
    """Turns Slack's requests into interactions, and outcomes into answers.

    `woken` is called with a workspace that has new deliveries, `person_changed` with an event about a person,
    `unknown_member` with a member whom the directory has not described yet, `revoked` when a workspace took its
    consent back, with the time of that in seconds since 1970. After `patience` seconds people are told to wait.
    """

    def __init__(
        self,
        app: AsyncApp,
        router: Router,
        storage: Storage,
        *,
        woken: Callable[[WorkspaceKey], None],
        person_changed: Callable[[Payload], Awaitable[None]],
        unknown_member: Callable[[WorkspaceKey, str], Awaitable[None]],
        revoked: Callable[[str, float], Awaitable[None]],
        patience: float = PATIENCE,
    ) -> None:
        self.router = router
        self.storage = storage
        self.woken = woken
        self.person_changed = person_changed
        self.unknown_member = unknown_member
        self.revoked = revoked
        self.patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        # Bolt tries them in this order, and spends more on each than one would think.
        app.command(EVERYTHING)(self.on_command)
        app.view(EVERYTHING)(self.on_submission)
        app.action(EVERYTHING)(self.on_press)
        app.view_closed(EVERYTHING)(self.on_closed)
        app.shortcut(EVERYTHING)(self.on_shortcut)
        app.event(EVERYTHING)(self.on_event)
        app.error(self.on_error)

    async def drain(self) -> None:
        """Wait for what is still to be done after answers that were given."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- what people do ----------------------------------------------------------------------------------------------

    async def on_command(self, body: dict[str, Any], ack: AsyncAck, client: AsyncWebClient) -> None:
        """A slash command."""
        answering = Answering(client, body, self.patience)
        outcome = await self._turn(payloads.command(body), str(body.get("user_name", "")), answering.late_command)
        if outcome is None:
            await ack("One moment: this takes a little longer than usual.")
        else:
            await self._give(ack, await answering.to_command(outcome))

    async def on_press(
        self, body: dict[str, Any], ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """A pressed button."""
        answering = Answering(client, body, self.patience)
        if payloads.is_stranger(body):
            await self._give(ack, await answering.to_press(_refused()))
            return

        async def late(outcome: Outcome) -> None:
            await _do((await answering.in_time().to_press(outcome)).later)

        outcome = await self._turn(_allowed(payloads.press(body), context), _name(body), late)
        await self._give(ack, await answering.to_press(outcome) if outcome else Answered())

    async def on_submission(
        self, body: dict[str, Any], ack: AsyncAck, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """A form that was sent."""
        answering = Answering(client, body, self.patience)
        if payloads.is_stranger(body):
            await self._give(ack, await answering.to_submission(_refused()))
            return

        async def late(outcome: Outcome) -> None:
            await answering.in_time().late_submission(body["view"]["id"], outcome)

        outcome = await self._turn(_allowed(payloads.submission(body), context), _name(body), late)
        if outcome is None:
            await self._give(ack, Answered({"response_action": "update", "view": answers.saving()}))
        else:
            await self._give(ack, await answering.to_submission(outcome))

    async def on_closed(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """A form that was closed without being sent: what was typed is kept."""
        if not payloads.is_stranger(body):
            await self._turn(payloads.closed(body), _name(body), _nothing)
        await ack()

    async def on_shortcut(self, body: dict[str, Any], ack: AsyncAck, client: AsyncWebClient) -> None:
        """A shortcut, global or on a message."""
        answering = Answering(client, body, self.patience)
        if payloads.is_stranger(body):
            await self._give(ack, await answering.to_shortcut(_refused()))
            return

        async def late(outcome: Outcome) -> None:
            await _do((await answering.in_time().to_shortcut(outcome)).later)

        outcome = await self._turn(payloads.shortcut(body), _name(body), late)
        await self._give(ack, await answering.to_shortcut(outcome) if outcome else Answered())

    # -- what happens ------------------------------------------------------------------------------------------------

    async def on_event(self, body: dict[str, Any], event: dict[str, Any], client: AsyncWebClient) -> None:
        """Something happened in the workspace. One that fails is answered 500, and Slack sends it again."""
        match event.get("type"):
            case "app_home_opened" if event.get("tab") == "home":
                await self._open_home(payloads.home_opened(body), client)
            case "team_join" | "user_change":
                await self.person_changed(body)
            case "app_uninstalled" | "tokens_revoked" if revokes(event):
                await self.revoked(payloads.workspace_of(body).external_id, float(body.get("event_time", 0)))

    async def _open_home(self, interaction: Interaction, client: AsyncWebClient) -> None:
        try:
            drawn = await self._home(interaction)
        except Exception as problem:
            drawn = Home(trouble(_what(problem), interaction).card.body)
            await self._publish(interaction.actor, drawn, client)
            raise
        if drawn:
            await self._publish(interaction.actor, drawn, client)

    async def _home(self, interaction: Interaction) -> Home | None:
        """The home of whoever opened it, or None for somebody who is not of this workspace."""
        if not await self.storage.run(self._has_met, interaction):
            await self.unknown_member(interaction.workspace, interaction.actor)
            if not await self.storage.run(self._has_met, interaction):
                return None
        return await self.storage.run(self.router.open_home, interaction)

    def _has_met(self, interaction: Interaction) -> bool:
        with self.storage.begin(interaction.workspace, actor=interaction.actor) as store:
            return store.members.by_key(interaction.actor) is not None

    async def _publish(self, to: str, drawn: Home, client: AsyncWebClient) -> None:
        try:
            await client.views_publish(user_id=to, view=cards.home(drawn))
        except SlackApiError as problem:
            log.warning("Slack would not show a home: %s", refused.word(problem))
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            log.warning("Slack could not be reached to show a home: %s", type(problem).__name__)

    async def on_error(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        """Something outside any turn failed: whoever waits for an answer gets a sentence, and Slack is told."""
        kind = str(request.body.get("type", "command"))
        if isinstance(error, BoltUnhandledRequestError):
            log.info("Slack sent something that nobody here answers to (%s)", kind)
            return BoltResponse(status=404, body="")
        failed = BoltResponse(status=503 if isinstance(error, StorageError) else 500, body="")
        if kind == "event_callback":
            log.error("A request of Slack failed (%s)", kind, exc_info=error)
            return failed
        try:
            happened = READS.get(kind, payloads.command)(request.body)
        except payloads.Illegible as problem:
            log.warning("Slack sent something that cannot be read (%s)", problem)
            return BoltResponse(status=400, body="")
        return await self._answer_trouble(error, request, happened) or failed

    async def _answer_trouble(
        self, error: Exception, request: AsyncBoltRequest, happened: Interaction
    ) -> BoltResponse | None:
        """Tell the person; None where Slack has no room for that in its own answer."""
        body, ack = request.body, request.context.ack
        outcome = Outcome((trouble(_what(error), happened),), kept=False)
        answering = Answering(request.context.client, body, self.patience)
        if happened.kind == "command":
            return await self._give(ack, await answering.to_command(outcome))
        if happened.kind == "submission":
            return await self._give(ack, await answering.to_submission(outcome))
        if happened.kind != "closed":
            self._keep(answering.tell(outcome))
        return None

    # -- the way there and back --------------------------------------------------------------------------------------

    async def _turn(
        self, interaction: Interaction, name: str, late: Callable[[Outcome], Coroutine[Any, Any, None]]
    ) -> Outcome | None:
        """Run one turn. None when it takes longer than Slack waits; `late` then gets the outcome when it comes."""
        running = asyncio.ensure_future(
            self.storage.turn(f"{interaction.kind} {interaction.name}", self.router.handle, interaction, name)
        )
        done, _ = await asyncio.wait({running}, timeout=self.patience)
        if done:
            outcome = running.result()
            self._afterwards(interaction, outcome)
            return outcome

        async def finish() -> None:
            outcome = await running
            self._afterwards(interaction, outcome)
            try:
                await late(outcome)
            except Exception as problem:
                await late(Outcome((trouble(_what(problem), interaction),), kept=False))

        self._keep(finish())
        return None

    def _afterwards(self, interaction: Interaction, outcome: Outcome) -> None:
        if outcome.queued:
            self.woken(interaction.workspace)
        if not outcome.known:
            self._keep(self.unknown_member(interaction.workspace, interaction.actor))

    async def _give(self, ack: AsyncAck, answered: Answered) -> BoltResponse:
        response = answered.response
        if answered.later:
            self._keep(_do(answered.later))
        if isinstance(response, str):
            return await ack(response)
        if "response_action" in response:
            return await ack(**response)
        return await ack(text=response["text"], blocks=response["blocks"], response_type="ephemeral")

    def _keep(self, work: Awaitable[None]) -> None:
        async def run() -> None:
            try:
                await work
            except Exception:
                log.exception("Something after an answer failed")

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _name(body: Payload) -> str:
    user = body.get("user") or {}
    return str(user.get("name") or user.get("username") or "")


def _allowed(interaction: Interaction, context: AsyncBoltContext) -> Interaction:
    """The same, with what the workspace granted."""
    granted = context.authorize_result.bot_scopes if context.authorize_result else None
    return replace(interaction, takes_files=SCOPE in (granted or ()))


def _refused() -> Outcome:
    return Outcome((say(Para(line(STRANGER))),), kept=False)


def _what(problem: Exception) -> str:
    if isinstance(problem, StorageError):
        return "The database cannot be reached just now."
    return "Something broke on our side."


async def _do(later: list[Later]) -> None:
    for one in later:
        await one()


async def _nothing(_outcome: Outcome) -> None:
    return None
