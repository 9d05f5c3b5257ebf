"""The peers: bare Bolt that only acknowledges, with its defaults and answering when done, on the same web server.

`python -m bench.servers KIND SLACK_URL` prints its address when it listens.
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


async def main(kind: str, slack_url: str) -> None:
    """Start one, say where it listens, and go on until the process is ended."""
    print(await bare(slack_url, process_before_response=kind == "patient"), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
