"""Replies, given: what can ride in the answer to Slack's request does; the rest follows right after it.

Slack shows things in different ways depending on what was used: a command may be answered in its own response, a form
by its next view, a message by its response address. Each way is one small function here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack import cards, refused
from bot.slack.again import form_again
from bot.slack.payloads import Payload, depth
from handlers.router import Outcome
from handlers.screens import Card, Done, Form, Invalid, Open, Para, Reply, Say
from handlers.text import line

log = logging.getLogger(__name__)

# However long the turn took, Slack gets a moment to show what came of it.
LEAST_SECONDS = 0.4

Later = Callable[[], Awaitable[None]]


@dataclass
class Answered:
    """What goes back in the response, and what is to be done once it has gone."""

    response: dict[str, Any] | str = ""
    later: list[Later] = field(default_factory=list)


class Answering:
    """Gives the replies of one request, with the client of its workspace."""

    def __init__(self, client: AsyncWebClient, body: Payload, patience: float) -> None:
        self.client = client
        self.body = body
        self._until: float | None = asyncio.get_running_loop().time() + patience

    def in_time(self) -> Answering:
        """The same once Slack's request was answered, when nobody counts the seconds any more."""
        self._until = None
        return self

    async def to_command(self, outcome: Outcome) -> Answered:
        """A command: forms open with its trigger, cards are its private response."""
        answered = Answered()
        for reply in outcome.replies:
            if isinstance(reply, Open | Invalid):
                if not await self._open(cards.modal(reply.form)):
                    answered.response = _private(TOO_LATE)
            elif card := _card(reply):
                answered.response = _private(card)
        return answered

    async def to_shortcut(self, outcome: Outcome) -> Answered:
        """A shortcut: it has no place to answer in, so everything is shown as a view."""
        answered = Answered()
        for reply in outcome.replies:
            card = _card(reply)
            form = reply.form if isinstance(reply, Open | Invalid) else _as_form(card) if card else None
            if form and not await self._open(cards.modal(form)):
                answered.later.append(partial(self._say, card or TOO_LATE))
        return answered

    async def to_submission(self, outcome: Outcome) -> Answered:
        """A form that was sent: errors beside fields, a next view, or nothing, which closes it.

        What was refused or failed is said beside the first field, so that the form stays open with what was typed.
        """
        answered = Answered()
        for reply in outcome.replies:
            if isinstance(reply, Invalid):
                answered.response = self._errors(reply.errors)
            elif isinstance(reply, Open):
                answered.response = {"response_action": "update", "view": cards.modal(reply.form)}
            elif card := _card(reply):
                answered.response = self._shown(card) if outcome.kept else self._errors({"": _sentence(card)})
        return answered

    async def to_press(self, outcome: Outcome) -> Answered:
        """A button: forms open with its trigger at once; what changes or is said follows the answer."""
        answered = Answered()
        view = self.body.get("view")
        for reply in outcome.replies:
            if isinstance(reply, Open | Invalid):
                instead = isinstance(reply, Open) and reply.instead
                if not await self._from_press(view, cards.modal(reply.form), instead):
                    answered.later.append(partial(self._say, TOO_LATE))
            elif card := _card(reply):
                replace = not isinstance(reply, Say | Done)
                if view is None:
                    answered.later.append(partial(self._respond, card, replace))
                elif not await self._show_in_view(view, card, replace):
                    answered.later.append(partial(self._say, card))
        return answered

    async def late_submission(self, view_id: str, outcome: Outcome) -> None:
        """The outcome of a form whose answer took too long for the response, put where "Saving" is shown."""
        for reply in outcome.replies or (Done(),):
            if isinstance(reply, Open | Invalid):
                errors = reply.errors if isinstance(reply, Invalid) else {}
                view = cards.modal(reply.form, errors)
            elif not outcome.kept and (card := _card(reply)):
                view = form_again(self.body["view"], cards.message(card)["blocks"])
            else:
                view = cards.modal(_as_form(_card(reply) or Card((Para(line("Done. You can close this.")),))))
            shown = await self._call(self.client.views_update(view_id=view_id, view=view))
            if not shown and (card := _card(reply)):
                await self._say(card)

    async def late_command(self, outcome: Outcome) -> None:
        """The outcome of a command whose answer took too long for the response."""
        for reply in outcome.replies:
            card = TOO_LATE if isinstance(reply, Open | Invalid) else _card(reply)
            if card:
                await self._say(card)

    def _errors(self, errors: Mapping[str, str]) -> dict[str, Any]:
        inputs = [block["block_id"] for block in self.body["view"]["blocks"] if block["type"] == "input"]
        placed: dict[str, str] = {}
        for name, sentence in errors.items():
            at = name if name in inputs else inputs[0] if inputs else ""
            placed[at] = f"{placed[at]} {sentence}" if at in placed else sentence
        if not inputs:
            return self._shown(Card(tuple(Para(line(sentence)) for sentence in errors.values())))
        return {"response_action": "errors", "errors": placed}

    def _shown(self, card: Card) -> dict[str, Any]:
        return {"response_action": "update", "view": cards.modal(_as_form(card))}

    async def _show_in_view(self, view: Payload, card: Card, replace: bool) -> bool:
        drawn = cards.modal(_as_form(card))
        if not _is_modal(view):
            return await self._open(drawn)
        if replace:
            return await self._call(self.client.views_update(view_id=view["id"], view=drawn))
        return await self._stack(view, drawn)

    async def _from_press(self, view: Payload | None, drawn: dict[str, Any], instead: bool) -> bool:
        if not _is_modal(view):
            return await self._open(drawn)
        if instead and view is not None:
            return await self._call(self.client.views_update(view_id=view["id"], view=drawn))
        return await self._stack(view, drawn)

    async def _stack(self, view: Payload | None, drawn: dict[str, Any]) -> bool:
        if view is not None and depth(view) >= 3:
            return await self._call(self.client.views_update(view_id=view["id"], view=drawn))
        return await self._call(self.client.views_push(trigger_id=self.body["trigger_id"], view=drawn))

    async def _open(self, drawn: dict[str, Any]) -> bool:
        return await self._call(self.client.views_open(trigger_id=self.body["trigger_id"], view=drawn))

    async def _call(self, call: Awaitable[Any]) -> bool:
        left = None if self._until is None else max(LEAST_SECONDS, self._until - asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(left):
                await call
        except SlackApiError as problem:
            log.warning("Slack would not show a view: %s", refused.word(problem))
            return False
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("Slack could not be reached to show a view: %s", type(problem).__name__)
            return False
        return True

    async def tell(self, outcome: Outcome) -> None:
        """Say what came of it where the person is; it changes nothing that is shown already."""
        for reply in outcome.replies:
            if card := _card(reply):
                await self._say(card)

    async def _say(self, card: Card) -> None:
        """Say something to whoever acted, after the answer: where they are, or in their messages with the app."""
        self.in_time()
        if self.body.get("response_url"):
            await self._respond(card, replace=False)
        else:
            who = self.body.get("user_id") or self.body["user"]["id"]
            await self._call(self.client.chat_postMessage(channel=who, **cards.message(card)))

    async def _respond(self, card: Card, replace: bool) -> None:
        url = self.body["response_url"]
        session = self.client.session
        hook = AsyncWebhookClient(str(url), session=session)
        drawn = cards.message(card)
        try:
            response = await hook.send(
                text=drawn["text"],
                blocks=drawn["blocks"],
                response_type=None if replace else "ephemeral",
                replace_original=replace,
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("Slack could not be reached to answer: %s", type(problem).__name__)
            return
        if response.status_code != 200:
            log.warning("Slack did not take an answer: %s", response.status_code)


TOO_LATE = Card(
    (Para(line("Slack gave up waiting before the form was ready. Nothing was lost: please try once more.")),)
)


def saving() -> dict[str, Any]:
    """What a form shows while its answer takes longer than Slack waits."""
    return cards.modal(_as_form(Card((Para(line("Saving. This takes a moment longer than usual; please wait.")),))))


def _card(reply: Reply) -> Card | None:
    if isinstance(reply, Done):
        return Card((Para(line(reply.note)),)) if reply.note else None
    return reply.card if not isinstance(reply, Open | Invalid) else None


def _as_form(card: Card) -> Form:
    return Form("shown", "Soundings", card.body, submit="", close="Close")


def _private(card: Card) -> dict[str, Any]:
    return {"response_type": "ephemeral", **cards.message(card)}


def _sentence(card: Card) -> str:
    return " ".join(str(cards.message(card)["text"]).split())


def _is_modal(view: Payload | None) -> bool:
    return view is not None and view.get("type") == "modal"
