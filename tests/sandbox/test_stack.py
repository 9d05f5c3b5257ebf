"""Whatever an app and a person do with modals, the stack keeps its shape."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox.slack.delivery import Answer
from sandbox.slack.seat import Seat
from sandbox.slack.server import SlackSandbox
from storage.clock import SetClock
from tests.sandbox.conftest import SECRET, declared

Json = dict[str, Any]


def modal(number: int, **more: Any) -> Json:
    words = {"type": "plain_text", "text": f"View {number}"}
    typed = {"type": "plain_text_input", "action_id": "in"}
    block = {"type": "input", "optional": True, "block_id": f"b{number % 2}", "label": words, "element": typed}
    return {"type": "modal", "title": words, "submit": words, "blocks": [block]} | more


STEPS = st.sampled_from(
    [
        "open",
        "push",
        "update",
        "type",
        "submit",
        "answer push",
        "answer update",
        "answer clear",
        "answer errors",
        "close",
    ]
)


class Play:
    """One person, one app, and a stack of views; the app's answers are given by hand."""

    def __init__(self) -> None:
        clock = SetClock(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
        self.sandbox = SlackSandbox(declared(), signing_secret=SECRET, clock=clock, real_rates=False)
        self.acme = self.sandbox.add_workspace("Acme", "acme")
        self.token = self.sandbox.install(self.acme).bot_token
        self.seat: Seat = self.sandbox.seat(self.acme, self.acme.add_user(name="ana").id)
        self.answer: Json | None = None
        self.sandbox.delivery.send = self._send  # type: ignore[method-assign]

    async def _send(self, *_: Any, **__: Any) -> Answer:
        return Answer("ok", 200, self.answer)

    @property
    def stack(self) -> list[Json]:
        return self.acme.modals.get(self.seat.user_id, [])

    def call(self, method: str, **params: Any) -> Json:
        return self.sandbox.api._answer(method, params, f"Bearer {self.token}")[0]

    async def step(self, number: int, what: str) -> None:
        trigger = self.sandbox.triggers.issue(self.acme.id, self.seat.user_id, from_modal=True)
        if what == "open":
            assert self.call("views.open", trigger_id=trigger, view=modal(number))["ok"]
        elif what == "push":
            before = len(self.stack)
            pushed = self.call("views.push", trigger_id=trigger, view=modal(number))
            assert pushed["ok"] is (0 < before < 3)
        elif self.stack:
            await self._with_view(number, what, self.stack[-1]["id"])

    async def _with_view(self, number: int, what: str, top: str) -> None:
        block = self.stack[-1]["blocks"][0]["block_id"]
        if what == "update":
            assert self.call("views.update", view_id=top, view=modal(number))["ok"]
        elif what == "type":
            self.seat.note(top, {block: {"in": {"value": f"typed {number}"}}})
        elif what == "close":
            await self.seat.close(top, clear=number % 3 == 0)
        else:
            answers: dict[str, Json | None] = {
                "submit": None,
                "answer push": {"response_action": "push", "view": modal(number)},
                "answer update": {"response_action": "update", "view": modal(number)},
                "answer clear": {"response_action": "clear"},
                "answer errors": {"response_action": "errors", "errors": {block: "Please look again."}},
            }
            self.answer = answers[what]
            await self.seat.submit(top)

    def check(self) -> None:
        assert len(self.stack) <= 3
        ids = [view["id"] for view in self.stack]
        assert len(set(ids)) == len(ids)
        for depth, view in enumerate(self.seat.look()["modals"]):
            assert view["root_view_id"] == ids[0]
            assert view["previous_view_id"] == (ids[depth - 1] if depth else None)
            inputs = {block["block_id"] for block in view["blocks"]}
            assert set(view["state"]["values"]) == inputs
            assert set(view["errors"]) <= inputs


@given(st.lists(STEPS, max_size=25))
def test_the_stack_keeps_its_shape(steps: list[str]) -> None:
    async def play() -> None:
        at = Play()
        for number, what in enumerate(steps):
            await at.step(number, what)
            at.check()

    asyncio.run(play())
