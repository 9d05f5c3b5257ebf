"""The servers that are measured, each in a process of its own: bare Bolt in two ways, and Soundings on two databases.

`python -m bench.servers KIND SLACK_URL DATABASE_URL` prints its address when it listens.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bench.load import SECRET
from bench.payloads import TEAM

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # the bench's own; nothing real is sealed with it


async def bare(slack_url: str, *, process_before_response: bool) -> str:
    """Bolt that only acknowledges."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-x", bot_id="B0", bot_user_id="U0BOT")

    app = AsyncApp(
        client=AsyncWebClient(base_url=slack_url),
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=process_before_response,
    )
    app.client.session = aiohttp.ClientSession()

    @app.command(re.compile(""))
    async def command(ack: AsyncAck) -> None:
        await ack()

    @app.view(re.compile(""))
    async def view(ack: AsyncAck) -> None:
        await ack()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", handle)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def ours(slack_url: str, database: str) -> str:
    """Soundings as `soundings run` starts it, with one token, over HTTP."""
    from pydantic import SecretStr

    from bot.app import App
    from bot.settings import Settings

    settings = Settings(
        bot_token=SecretStr("xoxb-bench"),
        signing_secret=SecretStr(SECRET),
        database=SecretStr(database),
        vault_keys=(SecretStr(KEY),),
        host="127.0.0.1",
        port=0,
        slack_api_url=slack_url,
    )
    app = App(settings)
    await app.start()
    return app.url


async def main(kind: str, slack_url: str, database: str) -> None:
    """Start one, say where it listens, and go on until the process is ended."""
    if kind == "ours":
        url = await ours(slack_url, database)
    else:
        url = await bare(slack_url, process_before_response=kind == "patient")
    print(url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3], *(sys.argv[3:] or [""])))
