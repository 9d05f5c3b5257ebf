"""How an app comes into a workspace and leaves it: the consent page, the code exchange, uninstalling, revoking."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from sandbox.slack.api import Call, Method, Refusal
from sandbox.slack.records import Install, Json
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox

CODE_LIFE = timedelta(minutes=10)
APP_ID = "A0SANDBOX"


@dataclass
class Code:
    """A consent given and not yet exchanged."""

    workspace: Workspace
    user_id: str
    scopes: list[str]
    redirect_uri: str
    until: datetime


@dataclass
class Consent:
    """The OAuth pages of one sandbox."""

    sandbox: SlackSandbox
    client_id: str = "1000.2000"
    client_secret: str = "sandbox-client-secret"
    codes: dict[str, Code] = field(default_factory=dict)
    issued: int = 0

    def _asked(self, request: web.Request) -> tuple[list[str], str]:
        """The scopes and the address of return; raises HTTPBadRequest with Slack's word for what is wrong."""
        app, query = self.sandbox.app, request.query
        if query.get("client_id") != self.client_id:
            raise web.HTTPBadRequest(text="invalid_client_id")
        declared = app.redirect_urls
        redirect_uri = query.get("redirect_uri") or (declared[0] if declared else "")
        if not any(redirect_uri == url or redirect_uri.startswith(url.rstrip("/") + "/") for url in declared):
            raise web.HTTPBadRequest(text="bad_redirect_uri")
        scopes = [scope for scope in query.get("scope", "").replace(" ", ",").split(",") if scope]
        if not scopes:
            raise web.HTTPBadRequest(text="no_scopes")
        if not set(scopes) <= {*app.bot_scopes, *app.optional_scopes}:
            raise web.HTTPBadRequest(text="invalid_scope")
        return scopes, redirect_uri

    async def show(self, request: web.Request) -> web.Response:
        """The consent page: who wants what, in which workspace."""
        scopes, _ = self._asked(request)
        app = self.sandbox.app
        lines = []
        for scope in scopes:
            free = scope in app.optional_scopes
            box = f'<input type="checkbox" name="grant" value="{html.escape(scope)}" checked> ' if free else ""
            lines.append(f"<li>{box}{html.escape(scope)}</li>")
        teams = "".join(
            f'<option value="{workspace.id}">{html.escape(workspace.name)}</option>'
            for workspace in self.sandbox.workspaces.values()
        )
        page = (
            f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Install {html.escape(app.name)}</title>"
            f"<h1>{html.escape(app.name)} asks for access</h1><form method='post'>"
            f"<label>Workspace <select name='team'>{teams}</select></label><ul>{''.join(lines)}</ul>"
            "<button name='answer' value='allow'>Allow</button> "
            "<button name='answer' value='cancel'>Cancel</button></form>"
        )
        return web.Response(text=page, content_type="text/html")

    async def decide(self, request: web.Request) -> web.Response:
        """Allow or cancel: back to the app with a code and the state, or with `access_denied`."""
        scopes, redirect_uri = self._asked(request)
        form = await request.post()
        state = request.query.get("state", "")
        if form.get("answer", "allow") != "allow":
            raise web.HTTPFound(_with_query(redirect_uri, {"error": "access_denied", "state": state}))
        workspace = self.sandbox.workspaces.get(str(form.get("team") or request.query.get("team", "")))
        if workspace is None:
            raise web.HTTPBadRequest(text="invalid_team")
        kept = form.getall("grant", [])
        optional = self.sandbox.app.optional_scopes
        granted = [scope for scope in scopes if scope not in optional or scope in kept]
        user_id = str(form.get("user") or installer(workspace))
        self.issued += 1
        code = f"{self.issued}.sandbox-code"
        until = self.sandbox.clock.now() + CODE_LIFE
        self.codes[code] = Code(workspace, user_id, granted, request.query.get("redirect_uri", ""), until)
        raise web.HTTPFound(_with_query(redirect_uri, {"code": code, "state": state}))

    def exchange(self, call: Call) -> Json:
        """`oauth.v2.access`."""
        client_id, secret = _client(call)
        if client_id != self.client_id:
            raise Refusal("invalid_client_id")
        if secret != self.client_secret:
            raise Refusal("bad_client_secret")
        code = self.codes.pop(call.text("code"), None)
        if code is None or code.until < self.sandbox.clock.now():
            raise Refusal("invalid_code")
        if call.text("redirect_uri") != code.redirect_uri:
            raise Refusal("bad_redirect_uri")
        install = install_app(self.sandbox, code.workspace, code.scopes)
        return {
            "access_token": install.bot_token,
            "token_type": "bot",
            "scope": ",".join(install.scopes),
            "bot_user_id": install.bot_user_id,
            "app_id": install.app_id,
            "team": {"id": code.workspace.id, "name": code.workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": code.user_id},
        }

    def methods(self) -> dict[str, Method]:
        """The API methods of installing."""
        return {"oauth.v2.access": Method(self.exchange, token="none")}


def installer(workspace: Workspace) -> str:
    """Whoever would install: the first admin, or the first person."""
    people = [u for u in workspace.users.values() if u.team_id == workspace.id and not u.bot and not u.deleted]
    people.sort(key=lambda user: not user.admin)
    return people[0].id


def install_app(sandbox: SlackSandbox, workspace: Workspace, scopes: list[str]) -> Install:
    """Install the app with these scopes; where it is installed already, the token stays and scopes are added."""
    install = workspace.install
    if install is not None:
        install.scopes = list(dict.fromkeys([*install.scopes, *scopes]))
        return install
    earlier = workspace.installs[0] if workspace.installs else None
    if earlier:
        bot_user_id, bot_id = earlier.bot_user_id, earlier.bot_id
        workspace.users[bot_user_id].deleted = False
    else:
        handle = (sandbox.app.bot_name or sandbox.app.name).lower().replace(" ", "-")
        bot_user_id = workspace.add_user(name=handle, real_name=sandbox.app.name, bot=True).id
        bot_id = workspace.new_id("B")
    token = f"xoxb-sandbox-{workspace.id}-{len(workspace.installs) + 1}"
    install = Install(APP_ID, token, bot_user_id, bot_id, list(scopes))
    workspace.installs.append(install)
    workspace.touched()
    return install


def _client(call: Call) -> tuple[str, str]:
    scheme, _, given = call.text("authorization").partition(" ")
    if scheme != "Basic":
        return call.text("client_id"), call.text("client_secret")
    try:
        client_id, _, secret = base64.b64decode(given).decode().partition(":")
    except ValueError:
        return "", ""
    return client_id, secret


def _with_query(url: str, more: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit(parts._replace(query=query))
