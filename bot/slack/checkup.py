"""What the doctor asks Slack: can it be reached, do the tokens hold, what was granted, and do the clocks agree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.findings import TAB_ON, Finding, ok, problem, warn
from bot.settings import WHERE, Settings, SettingsError
from bot.slack.files import SCOPE
from bot.slack.installs import ask_whose
from bot.slack.outbound import GONE, PARKING
from bot.slack.refused import word
from storage.clock import Clock
from storage.installs import Install

PATIENCE = aiohttp.ClientTimeout(total=10)
# Slack signs requests for five minutes; a clock that is off by more refuses them all.
SKEWED, TOO_SKEWED = 60, 300
INSTALL_AGAIN = (
    "Paste the output of `soundings manifest` into the app's settings at Slack, under App Manifest; "
    "then install the app again."
)
TEST = "This is a test from Soundings, sent by whoever looks after it. Nothing needs to be done."


async def check(settings: Settings, installs: list[Install], clock: Clock, send_test: str = "") -> list[Finding]:
    """Everything Slack can tell about the tokens in the settings, or about the installs where there are many."""
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        client = AsyncWebClient(base_url=settings.slack_api_url, session=session, retry_handlers=[])
        try:
            found = [one async for one in _tokens(client, settings, installs, clock)]
            if settings.mode == "socket":
                found.append(await _socket(client, settings))
            if send_test:
                found.append(await _send(client, settings, installs, send_test))
        except (aiohttp.ClientError, OSError) as why:
            mend = "See that this machine may reach slack.com, and that SOUNDINGS_SLACK_API_URL is right if it is set."
            found = [problem("Slack", f"{client.base_url} cannot be reached ({type(why).__name__}).", mend)]
    return found


async def _tokens(
    client: AsyncWebClient, settings: Settings, installs: list[Install], clock: Clock
) -> AsyncIterator[Finding]:
    known = {one.token: one for one in installs}
    tokens = [settings.bot_token.get_secret_value()] if settings.bot_token else list(known)
    if not tokens and settings.mode == "oauth":
        yield warn("Slack", "No workspace installed Soundings yet.", f"Open {settings.public_url}{manifest.INSTALL}")
    for number, token in enumerate(tokens):
        install = known.get(token)
        try:
            answer = await ask_whose(client, token)
        except SettingsError as refused:
            yield problem(install.name if install else "Slack", str(refused), _new_token(settings))
            continue
        where = str(answer.get("team") or "Slack")
        yield ok(where, "Slack can be reached, and accepts the bot token.")
        granted = answer.headers.get("x-oauth-scopes", "").replace(" ", "")
        for finding in _scopes(where, set(granted.split(",")) - {""} or set(install.scopes if install else ())):
            yield finding
        if number == 0:
            yield _clocks(answer.headers.get("Date", ""), clock)
    if tokens:
        yield ok(
            "App settings",
            "Slack does not tell an app about its own commands, events and tabs. "
            "If some seem to be missing, compare the app's settings with `soundings manifest`.",
        )


def _new_token(settings: Settings) -> str:
    if settings.bot_token:
        return f"Put a token that holds into SLACK_BOT_TOKEN, and start Soundings again. {WHERE['SLACK_BOT_TOKEN']}"
    return f"Install the app again: open {settings.public_url}{manifest.INSTALL}"


def _scopes(where: str, granted: set[str]) -> Iterator[Finding]:
    needed, optional = set(manifest.scopes()), set(manifest.scopes(optional=True))
    if not granted:
        yield warn(where, "Slack did not say which permissions the app has.", "Run Soundings once, and ask again.")
        return
    if missing := sorted(needed - granted):
        yield problem(where, f"The app lacks these permissions: {', '.join(missing)}.", INSTALL_AGAIN)
    else:
        yield ok(where, "The app has the permissions that it needs.")
    if spare := sorted(granted - needed - optional):
        mend = "Take them out of the app's settings under OAuth & Permissions, and install the app again."
        yield warn(where, f"The app has permissions that it does not use: {', '.join(spare)}.", mend)
    if "chat:write.public" not in granted:
        yield ok(where, "Soundings posts in a channel once it is invited there (chat:write.public was not granted).")
    if SCOPE not in granted:
        yield ok(
            where,
            "Members give a calendar by its address or as pasted text, not as a file (files:read was not granted). "
            "To allow files, add it in the app's settings, install the app again, and start Soundings again.",
        )


def _clocks(date: str, clock: Clock) -> Finding:
    if not date:
        return warn(
            "Clock", "Slack did not say what time it is.", "See that this machine's clock is set by the network."
        )
    off = round(abs((clock.now() - parsedate_to_datetime(date)).total_seconds()))
    mend = "Let this machine set its clock from the network (NTP), then start Soundings again."
    if off > TOO_SKEWED:
        return problem("Clock", f"This machine's clock is {off} seconds off; Slack's requests are refused.", mend)
    if off > SKEWED:
        return warn("Clock", f"This machine's clock is {off} seconds off.", mend)
    return ok("Clock", "This machine's clock agrees with Slack's.")


async def _socket(client: AsyncWebClient, settings: Settings) -> Finding:
    token = settings.app_token.get_secret_value() if settings.app_token else ""
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as refused:
        error = word(refused)
        mend = f"Check SLACK_APP_TOKEN. {WHERE['SLACK_APP_TOKEN']} Socket Mode must be on in the app's settings, too."
        return problem("Socket Mode", f"Slack does not open a connection ({error}).", mend)
    return ok("Socket Mode", "Slack opens connections for the app-level token.")


async def _send(client: AsyncWebClient, settings: Settings, installs: list[Install], member: str) -> Finding:
    token = settings.bot_token.get_secret_value() if settings.bot_token else installs[0].token if installs else ""
    try:
        await client.chat_postMessage(token=token, channel=member, text=TEST)
    except SlackApiError as refused:
        error = word(refused)
        why = GONE.get(error) or PARKING.get(error) or f"Slack answered: {error}."
        mend = TAB_ON if error == "messages_tab_disabled" else "Give the id of a member: it begins with U or W."
        return problem("Test message", f"It was not delivered. {why}", mend)
    return ok("Test message", f"It was delivered to {member}.")
