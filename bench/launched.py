"""Soundings as `soundings run` serves it, with a pulse on its loop: `python -m bench.launched`. Says at its end what
the pulse was.
"""

from __future__ import annotations

import asyncio

from bench.pulse import Pulse
from bot import logs
from bot.app import serve
from bot.settings import forget_environment, read_settings


async def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    forget_environment()
    logs.set_up(format=settings.log, level=settings.log_level, secrets=settings.secrets)
    pulse = Pulse()
    pulse.start()
    await serve(settings)
    print(pulse.said(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
