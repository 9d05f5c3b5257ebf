"""A peer: APScheduler in memory, with one job for each person. `python -m bench.one_job_each SLACK DUE GRACE RETRIES`.

GRACE is a misfire grace time in seconds, 0 for any. It ends when nothing is left to do, and says what its pulse was.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from datetime import UTC, datetime

import aiohttp
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bench.fanout import MANY
from bench.payloads import member_key
from bench.pulse import Pulse


async def main(slack: str, due: float, grace: int, retries: int) -> None:
    """Give everybody a job, and wait until all of them have run."""
    pulse = Pulse()
    async with aiohttp.ClientSession() as session:
        retry = AsyncRateLimitErrorRetryHandler(max_retry_count=retries)
        client = AsyncWebClient(token="xoxb-x", base_url=slack, session=session, retry_handlers=[retry])
        left, over = MANY, asyncio.Event()

        def ended(_event: object) -> None:
            nonlocal left
            left -= 1
            if not left:
                over.set()

        async def prompt(channel: str) -> None:
            # It is counted where it did not arrive.
            with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
                await client.chat_postMessage(channel=channel, text="Time for your check-in.")

        jobs = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": grace or None})
        at = datetime.fromtimestamp(due, UTC)
        for number in range(MANY):
            jobs.add_job(prompt, "date", run_date=at, args=[member_key(number)])
        jobs.add_listener(ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        pulse.start()
        jobs.start()
        print("ready", flush=True)
        await over.wait()
    print(pulse.said(), flush=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # what went wrong is counted where it did not arrive
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
