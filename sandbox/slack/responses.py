"""Answers to an interaction where it happened: the body of an acknowledged command, and posts to a response address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.slack.api import Refusal
from sandbox.slack.api_chat import checked
from sandbox.slack.records import Json, Message
from sandbox.slack.triggers import ResponseUrl

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox

KNOWN = {
    "text", "blocks", "attachments", "metadata", "response_type", "replace_original", "delete_original",
    "thread_ts", "mrkdwn", "unfurl_links", "unfurl_media", "link_names", "parse",
}  # fmt: skip


def respond(sandbox: SlackSandbox, right: ResponseUrl, body: Any) -> None:
    """Show an answer to the person who acted, or to the channel; raises Refusal if Slack would not take it."""
    if not isinstance(body, dict) or set(body) - KNOWN:
        raise Refusal("invalid_payload")
    workspace = sandbox.workspaces[right.team_id]
    original = workspace.message(right.channel, right.message_ts) if right.message_ts else None
    if body.get("delete_original") is True:
        if original is None:
            raise Refusal("message_not_found")
        workspace.remove(original)
        return
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise Refusal("invalid_payload")
    content = checked(sandbox.names, {name: body.get(name) for name in ("text", "blocks", "attachments", "metadata")})
    if body.get("replace_original") is True:
        if original is None:
            raise Refusal("message_not_found")
        _replace(original, content)
        original.edited = None if original.to else workspace.new_ts()
        workspace.touched()
        return
    install = workspace.install
    if install is None:
        raise Refusal("invalid_token")
    own: Json = {"user": install.bot_user_id, "bot_id": install.bot_id, "app_id": install.app_id}
    to = None if body.get("response_type") == "in_channel" else right.user_id
    thread = body.get("thread_ts") or right.thread_ts
    ts = workspace.new_ts()
    workspace.post(Message(right.channel, ts, thread_ts=thread, to=to, **own, **content))


def _replace(original: Message, content: Json) -> None:
    original.text = content["text"]
    original.blocks = content["blocks"]
    original.attachments = content["attachments"]
    if content["metadata"] is not None:
        original.metadata = content["metadata"]


async def serve(sandbox: SlackSandbox, request: web.Request) -> web.StreamResponse:
    """A post to a response address."""
    faults = sandbox.faults
    if faults.take("server_error", "response_url"):
        return web.Response(status=500)
    right = sandbox.response_urls.issued.get(request.path)
    if right is None:
        return _no("invalid_url", 404)
    if right.until < sandbox.clock.now():
        return _no("expired_url", 404)
    if right.left <= 0:
        return _no("used_url", 404)
    right.left -= 1
    try:
        body = json.loads(await request.text())
    except ValueError:
        return _no("invalid_payload", 400)
    try:
        respond(sandbox, right, body)
    except Refusal as refusal:
        return web.json_response(refusal.answer, status=400)
    if faults.take("lost_answer", "response_url") and request.transport is not None:
        request.transport.abort()
    return web.Response(text="ok")


def _no(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)
