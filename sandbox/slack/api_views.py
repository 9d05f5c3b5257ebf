"""Web API: `views.*`. A person has at most three views of the app stacked, and one Home."""

from __future__ import annotations

from typing import Any

from sandbox.slack import forms
from sandbox.slack.api import Call, Method, Refusal, refuse
from sandbox.slack.files import SCOPE, asks_for_files
from sandbox.slack.records import Install, Json
from sandbox.slack.rules import check_view
from sandbox.slack.triggers import SpentTrigger, Trigger
from sandbox.slack.workspace import Workspace

DEEPEST_STACK = 3
# What the app may set in a view; the rest of the view object is Slack's.
OWN = ("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id")


def build(call: Call, given: Any, kind: str, *, view_id: str = "") -> Json:
    """The view object for a checked payload, without its place in a stack; refused if it breaks a rule."""
    refuse(check_view(given), "invalid_arguments")
    if may_not := unscoped(given, call.install):
        raise Refusal("invalid_arguments", [f"[ERROR] {may_not} [json-pointer:/view/blocks]"])
    if given["type"] != kind:
        raise Refusal("invalid_arguments", [f"[ERROR] expected a view of type {kind} [json-pointer:/view/type]"])
    external = given.get("external_id", "")
    if external and any(view.get("external_id") == external and view["id"] != view_id for view in _all(call.workspace)):
        raise Refusal("duplicate_external_id")
    return draw(call.workspace, call.install, given, next(call.sandbox.names), call.sandbox.names, view_id)


def draw(workspace: Workspace, install: Install, given: Json, mark: str, names: Any, view_id: str = "") -> Json:
    """The view object Slack keeps for a payload that is in order."""
    view: Json = {"id": view_id or workspace.new_id("V"), "team_id": workspace.id}
    view |= {name: given.get(name) for name in OWN}
    for name in ("private_metadata", "callback_id", "external_id"):
        view[name] = given.get(name) or ""
    view["blocks"] = forms.name_all(given["blocks"], names)
    view |= {
        "state": {"values": {}},
        "hash": f"{int(workspace.now().timestamp())}.{mark}",
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "previous_view_id": None,
        "root_view_id": None,
        "app_id": install.app_id,
        "app_installed_team_id": workspace.id,
        "bot_id": install.bot_id,
    }
    return view


def unscoped(given: Json, install: Install) -> str:
    """What a view that is in order holds and the app may not use for want of a scope; empty if there is nothing."""
    lacks = SCOPE not in install.scopes and asks_for_files(given["blocks"])
    return f"file_input needs the scope {SCOPE}" if lacks else ""


def place(stack: list[Json], view: Json) -> Json:
    """Put a view on top of a person's stack."""
    view["root_view_id"] = stack[0]["id"] if stack else view["id"]
    view["previous_view_id"] = stack[-1]["id"] if stack else None
    stack.append(view)
    return view


def succeed(old: Json, new: Json) -> None:
    """Turn a view into another under the same id, in the same place; what was typed stays where it still fits."""
    typed = old.pop("typed", {})
    for name in ("errors", "banner"):
        old.pop(name, None)
    kept = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
    fits = {(block["block_id"], element["action_id"]) for block, element in forms.elements(new["blocks"])}
    still: Json = {}
    for block_id, actions in typed.items():
        for action_id, state in actions.items():
            if (block_id, action_id) in fits:
                still.setdefault(block_id, {})[action_id] = state
    old.clear()
    old.update({**new, **kept, "typed": still})


def public(view: Json) -> Json:
    """The view object as Slack hands it out, with its state."""
    shown = {name: value for name, value in view.items() if name not in ("typed", "errors", "banner")}
    shown["state"] = {"values": forms.values(view["blocks"], view.get("typed", {}))}
    return shown


def _all(workspace: Workspace) -> list[Json]:
    return [*(view for stack in workspace.modals.values() for view in stack), *workspace.homes.values()]


def _trigger(call: Call) -> Trigger:
    try:
        return call.sandbox.triggers.check(call.required("trigger_id"), call.workspace.id)
    except SpentTrigger as spent:
        raise Refusal(str(spent)) from None


def open_view(call: Call) -> Json:
    """Open a modal in place of whatever stack there is."""
    trigger = _trigger(call)
    view = build(call, call.structure("view", "invalid_arguments"), "modal")
    trigger.used = True
    stack: list[Json] = []
    call.workspace.modals[trigger.user_id] = stack
    place(stack, view)
    call.workspace.touched()
    return {"view": public(view)}


def push(call: Call) -> Json:
    """Put a modal on top of the stack, which holds three at most."""
    trigger = _trigger(call)
    stack = call.workspace.modals.get(trigger.user_id, [])
    if not trigger.from_modal or not stack:
        raise Refusal("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise Refusal("push_limit_reached")
    view = build(call, call.structure("view", "invalid_arguments"), "modal")
    trigger.used = True
    place(stack, view)
    call.workspace.touched()
    return {"view": public(view)}


def update(call: Call) -> Json:
    """Change an open modal, found by either of its ids."""
    wanted, external = call.text("view_id"), call.text("external_id")
    if not wanted and not external:
        raise Refusal("invalid_arguments", ["[ERROR] missing required field: view_id"])
    for view in _all(call.workspace):
        if view["type"] == "modal" and (view["id"] == wanted or (external and view["external_id"] == external)):
            _fresh(call, view)
            new = build(call, call.structure("view", "invalid_arguments"), "modal", view_id=view["id"])
            succeed(view, new)
            call.workspace.touched()
            return {"view": public(view)}
    raise Refusal("not_found")


def publish(call: Call) -> Json:
    """Put a view on somebody's App Home."""
    if not call.sandbox.app.home_tab:
        raise Refusal("not_enabled")
    user = call.user(call.required("user_id"), "invalid_arguments")
    old = call.workspace.homes.get(user.id)
    if old:
        _fresh(call, old)
    view_id = old["id"] if old else ""
    view = build(call, call.structure("view", "invalid_arguments"), "home", view_id=view_id)
    view["root_view_id"] = view["id"]
    if old:
        succeed(old, view)
    else:
        call.workspace.homes[user.id] = view
    call.workspace.touched()
    return {"view": public(call.workspace.homes[user.id])}


def _fresh(call: Call, view: Json) -> None:
    stale = call.text("hash") not in ("", view["hash"])
    if stale:
        raise Refusal("hash_conflict")


METHODS = {
    "views.open": Method(open_view, 4),
    "views.push": Method(push, 4),
    "views.update": Method(update, 4),
    "views.publish": Method(publish, 4),
}
