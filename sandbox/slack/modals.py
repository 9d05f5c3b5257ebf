"""What happens when a person sends or closes a modal, and what the app's answer does to the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.slack import forms, payloads
from sandbox.slack.api_views import DEEPEST_STACK, draw, place, succeed, unscoped
from sandbox.slack.records import Install, Json
from sandbox.slack.rules import check_view

if TYPE_CHECKING:
    from sandbox.slack.seat import Seat

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(seat: Seat, install: Install, view_id: str, values: Json) -> dict[str, str] | None:
    """Send a modal: the client's own checks first, then the app's answer."""
    view = seat.front({"view": view_id})
    if view["submit"] is None:
        raise ValueError("This view has nothing to submit.")
    seat.note(view_id, values)
    view.pop("banner", None)
    view.pop("errors", None)
    state = forms.values(view["blocks"], view["typed"])
    complaints = forms.complaints(view["blocks"], state)
    if complaints:
        view["errors"] = complaints
        seat.workspace.touched()
        return complaints
    payload = payloads.submission(seat.workspace, install, seat.user, view, seat.trigger(from_modal=True))
    payload["response_urls"] = _response_urls(seat, view, state)
    answer = await seat.sandbox.delivery.send("interactive", payload)
    if answer.outcome != "ok":
        view["banner"] = TROUBLE
    else:
        problem = _apply(seat, install, view, answer.body)
        if problem:
            seat.sandbox.trouble(f"The answer to the submission of {view['callback_id']!r}: {problem}")
            view["banner"] = TROUBLE
    seat.workspace.touched()
    return view.get("errors")


def _response_urls(seat: Seat, view: Json, state: Json) -> list[Json]:
    issued = []
    for block, element in forms.elements(view["blocks"]):
        if not element.get("response_url_enabled"):
            continue
        entry = state[block["block_id"]][element["action_id"]]
        channel = entry[forms.STATES[element["type"]][0]]
        if channel:
            urls, now = seat.sandbox.response_urls, seat.sandbox.clock.now()
            path = urls.issue("app", seat.workspace.id, seat.user_id, channel, now)
            issued.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": seat.sandbox.url + path,
                }
            )
    return issued


def _apply(seat: Seat, install: Install, view: Json, body: Any) -> str:
    """Do what the app answered; returns what is wrong with the answer, or ""."""
    stack = seat.workspace.modals.get(seat.user_id, [])
    if not body:
        if view in stack:
            stack.remove(view)
        return ""
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        stack.clear()
        return ""
    if action == "errors":
        return _apply_errors(view, body.get("errors"))
    if action not in ("update", "push"):
        return f"unknown response_action {action!r}"
    problems = check_view(body.get("view"))
    if problems:
        return "; ".join(f"{problem.message} at {problem.pointer or '/'}" for problem in problems)
    if body["view"]["type"] != "modal":
        return "only a modal can follow a modal"
    if may_not := unscoped(body["view"], install):
        return may_not
    names = seat.sandbox.names
    if action == "update":
        succeed(view, draw(seat.workspace, install, body["view"], next(names), names, view["id"]))
        return ""
    if len(stack) >= DEEPEST_STACK:
        return "push_limit_reached"
    place(stack, draw(seat.workspace, install, body["view"], next(names), names))
    return ""


def _apply_errors(view: Json, errors: Any) -> str:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        return "errors must name at least one block"
    unknown = sorted(set(errors) - inputs)
    if unknown:
        return f"errors for blocks that are no inputs of the view: {unknown}"
    view["errors"] = {block_id: str(text) for block_id, text in errors.items()}
    return ""


async def close(seat: Seat, install: Install, view_id: str, *, clear: bool) -> None:
    """Close the top modal, or the whole stack; the app hears of views that asked for it, top first."""
    view = seat.front({"view": view_id})
    stack = seat.workspace.modals[seat.user_id]
    clear = clear or view["clear_on_close"]
    closed = list(reversed(stack)) if clear else [view]
    for one in closed:
        stack.remove(one)
    seat.workspace.touched()
    for one in closed:
        if one["notify_on_close"]:
            payload = payloads.closed(seat.workspace, install, seat.user, one, cleared=clear)
            await seat.sandbox.delivery.send("interactive", payload)
