"""Fetching a member's calendar: one careful GET, since the address is one that anybody may type.

It goes to public addresses only, over https, and to the very address that was checked. What it finds out is told in
sentences for the calendar's owner; neither the address nor anything in it reaches a log.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from scheduler.absences import Unreadable
from scheduler.calendars import Fetched
from storage.absences import MOST_BYTES, Seen

PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=10)
MOST_REDIRECTS = 3
MOST_NAMED = 200  # characters of a version's name or date
NOTHING = Seen()
HEADERS = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "Soundings"}
NAT64 = IPv6Network("64:ff9b::/96")

PRIVATE = "This address leads into a private network, where Soundings does not look."
SCHEME = "The address of a calendar begins with https:// or webcal://."
UNREACHABLE = "The calendar's server could not be reached."
ANSWERS = {
    401: "This calendar may not be read by others. Share it, or take its secret address.",
    403: "This calendar may not be read by others. Share it, or take its secret address.",
    404: "There is no calendar at this address.",
    410: "There is no calendar at this address any more.",
    429: "The calendar's server asks for more patience. It is asked again later.",
}


async def fetch(address: str, seen: Seen = NOTHING, *, loopback: bool = False) -> Fetched:
    """What stands at the address of a calendar, up to 2 MB, unless that is what was seen before.

    Raises Unreadable with a sentence where nothing can be had. With `loopback`, for tests and the sandbox, this machine
    itself may be asked too, without TLS.
    """
    resolver = _Checked(loopback)
    connector = aiohttp.TCPConnector(resolver=resolver)
    try:
        async with aiohttp.ClientSession(
            connector=connector, timeout=PATIENCE, headers=HEADERS, cookie_jar=aiohttp.DummyCookieJar()
        ) as session:
            return await _follow(session, address, seen, loopback)
    # Without their causes, which name the address.
    except TimeoutError:
        raise Unreadable("The calendar's server did not answer in time.") from None
    except aiohttp.ClientSSLError:
        raise Unreadable("The certificate of the calendar's server is not valid.") from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise Unreadable(PRIVATE if resolver.refused else UNREACHABLE) from None


async def _follow(session: aiohttp.ClientSession, address: str, seen: Seen, loopback: bool) -> Fetched:
    url = _checked(address, loopback)
    known = {"If-None-Match": seen.etag, "If-Modified-Since": seen.modified}
    unless = {name: value for name, value in known.items() if value}
    for _ in range(MOST_REDIRECTS + 1):
        async with session.get(url, headers=unless, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                url = _checked(str(url.join(URL(response.headers["Location"]))), loopback)
                continue
            if response.status == 304 and unless:
                return Fetched(None, seen)
            if response.status != 200:
                answer = f"The calendar's server answered with status {response.status}."
                raise Unreadable(ANSWERS.get(response.status, answer))
            named = Seen(_worth_keeping(response, "ETag"), _worth_keeping(response, "Last-Modified"))
            return Fetched(await read_whole(response), named)
    raise Unreadable("This address leads on to others too often.")


def _worth_keeping(response: aiohttp.ClientResponse, header: str) -> str:
    """The value of a header, if it can be said again as it came."""
    value = response.headers.get(header, "")
    return value if value.isascii() and value.isprintable() and len(value) <= MOST_NAMED else ""


async def read_whole(response: aiohttp.ClientResponse) -> bytes:
    """The body of an answer, up to 2 MB. Raises Unreadable for more."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(65_536):
        size += len(part)
        if size > MOST_BYTES:
            raise Unreadable("This calendar is larger than 2 MB, which is more than Soundings reads.")
        parts.append(part)
    return b"".join(parts)


def _checked(address: str, loopback: bool) -> URL:
    try:
        url = URL(address.strip())
        if url.scheme == "webcal":
            url = URL("https" + str(url)[len("webcal") :])
        host = url.host or ""
    except ValueError:
        raise Unreadable(SCHEME) from None
    here = loopback and host in ("127.0.0.1", "::1")
    if not host or (url.scheme != "https" and not (here and url.scheme == "http")):
        raise Unreadable(SCHEME)
    # The resolver is not asked about what is an address already.
    if _is_address(host) and not _may_be_asked(host, loopback):
        raise Unreadable(PRIVATE)
    return url.with_fragment(None)


class _Checked(AbstractResolver):
    """Finds the addresses of a name, and hands out those only that may be asked, to be connected to as they are."""

    def __init__(self, loopback: bool) -> None:
        self._loopback = loopback
        self.refused = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        addresses = [(kind, str(where[0])) for kind, _, _, _, where in found]
        allowed = [one for one in addresses if _may_be_asked(one[1], self._loopback)]
        if not allowed:
            self.refused = True
            raise OSError(PRIVATE)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, address in allowed
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


def _is_address(host: str) -> bool:
    # Not only what is written as it should be: "2130706433" is this machine.
    return ":" in host or host.replace(".", "").isdigit()


def _may_be_asked(text: str, loopback: bool) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if loopback and address.is_loopback:
        return True
    inner = _inner(address) if isinstance(address, IPv6Address) else None
    return address.is_global and not address.is_multicast and (inner is None or _may_be_asked(str(inner), loopback))


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The older address that some newer ones only wrap."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
