"""Web API: `auth.test`, `users.*`, `team.info` and `bots.info`."""

from __future__ import annotations

from sandbox.slack.api import Call, Method, Refusal
from sandbox.slack.records import Json, User

# A team larger than this must be read page by page.
MOST_WITHOUT_LIMIT = 1000


def auth_test(call: Call) -> Json:
    """Whose token this is."""
    workspace, install = call.workspace, call.install
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[install.bot_user_id].name,
        "team_id": workspace.id,
        "user_id": install.bot_user_id,
        "bot_id": install.bot_id,
        "is_enterprise_install": False,
    }


def _described(call: Call, user: User) -> Json:
    return user.as_slack(
        call.sandbox.clock.now(),
        home_team=call.workspace.id,
        email=call.allowed("users:read.email"),
        locale=call.flag("include_locale"),
    )


def users_list(call: Call) -> Json:
    """The people of the workspace, a page at a time."""
    users = list(call.workspace.users.values())
    if not call.text("limit") and len(users) > MOST_WITHOUT_LIMIT:
        raise Refusal("limit_required")
    page, after = call.page(users, usual=MOST_WITHOUT_LIMIT)
    return {
        "members": [_described(call, user) for user in page],
        "cache_ts": int(call.sandbox.clock.now().timestamp()),
        "response_metadata": {"next_cursor": after},
    }


def users_info(call: Call) -> Json:
    """One person."""
    return {"user": _described(call, call.user(call.required("user")))}


def users_lookup(call: Call) -> Json:
    """The person with an e-mail address."""
    email = call.required("email").lower()
    for user in call.workspace.users.values():
        if user.email and user.email.lower() == email and not user.deleted and user.team_id == call.workspace.id:
            return {"user": _described(call, user)}
    raise Refusal("users_not_found")


def team_info(call: Call) -> Json:
    """The workspace."""
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def bots_info(call: Call) -> Json:
    """The bot itself."""
    install = call.install
    if call.text("bot") not in ("", install.bot_id):
        raise Refusal("bot_not_found")
    return {
        "bot": {
            "id": install.bot_id,
            "deleted": False,
            "name": call.sandbox.app.name,
            "updated": call.workspace.users[install.bot_user_id].updated,
            "app_id": install.app_id,
            "user_id": install.bot_user_id,
            "icons": {},
        }
    }


METHODS = {
    "auth.test": Method(auth_test),
    "users.list": Method(users_list, 2, ("users:read",)),
    "users.info": Method(users_info, 4, ("users:read",)),
    "users.lookupByEmail": Method(users_lookup, 3, ("users:read.email",)),
    "team.info": Method(team_info, 3, ("team:read",)),
    "bots.info": Method(bots_info, 3, ("users:read",)),
}
