"""Whether Soundings answers: on this machine, and at its public address."""

from __future__ import annotations

import json

import aiohttp

from bot.findings import Finding, ok, warn
from bot.settings import Settings

PATIENCE = aiohttp.ClientTimeout(total=5)
EVERYWHERE = ("0.0.0.0", "::", "")


async def check_running(settings: Settings) -> list[Finding]:
    """Ask the web server whether it is there, from within and from without."""
    found = []
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        if settings.port:
            host = "127.0.0.1" if settings.host in EVERYWHERE else settings.host
            found.append(await _ask(session, "Running", f"http://{host}:{settings.port}", "Start it: soundings run"))
        if settings.public_url:
            mend = "See that your web server passes requests for this address on to SOUNDINGS_PORT."
            found.append(await _ask(session, "Public address", settings.public_url, mend))
    return found


async def _ask(session: aiohttp.ClientSession, subject: str, address: str, mend: str) -> Finding:
    try:
        async with session.get(f"{address}/healthz") as answer:
            said = json.loads(await answer.text())
    except (aiohttp.ClientError, OSError):
        return warn(subject, f"Nothing answers at {address}.", mend)
    except ValueError:
        said = None
    if said != {"status": "running"}:
        return warn(subject, f"Another program answers at {address}.", f"Choose another SOUNDINGS_PORT. {mend}")
    return ok(subject, f"Soundings answers at {address}.")
