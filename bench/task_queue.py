"""A peer: procrastinate, ten at a time, again after a second. `python -m bench.task_queue SLACK DUE DATABASE`.

It goes on until it is ended, and says then what its pulse was.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time

import aiohttp
import procrastinate
from procrastinate.types import JSONDict
from slack_sdk.web.async_client import AsyncWebClient

from bench.fanout import MANY
from bench.payloads import member_key
from bench.pulse import Pulse

TOGETHER = 10


async def main(slack: str, due: float, database: str) -> None:
    """Put a task into the queue for everybody when they are due, and work on them."""
    connector = procrastinate.PsycopgConnector(conninfo=database.replace("postgresql+psycopg://", "postgresql://"))
    app = procrastinate.App(connector=connector)
    pulse = Pulse()
    async with aiohttp.ClientSession() as session, app.open_async():
        client = AsyncWebClient(token="xoxb-x", base_url=slack, session=session, retry_handlers=[])
        await app.schema_manager.apply_schema_async()

        @app.task(name="prompt", retry=procrastinate.RetryStrategy(max_attempts=1_000, wait=1))
        async def prompt(channel: str) -> None:
            await client.chat_postMessage(channel=channel, text="Time for your check-in.")

        worker = asyncio.create_task(app.run_worker_async(concurrency=TOGETHER, install_signal_handlers=False))
        print("ready", flush=True)
        await asyncio.sleep(max(0.0, due - time.time()))
        pulse.start()
        everybody: list[JSONDict] = [{"channel": member_key(number)} for number in range(MANY)]
        await prompt.batch_defer_async(*everybody)
        await asyncio.to_thread(sys.stdin.readline)
        print(pulse.said(), flush=True)
        worker.cancel()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # what went wrong is counted where it did not arrive
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3]))
