"""A calendar is fetched from where its owner said, and from nowhere that is none of their business."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot import fetch as fetching
from bot.fetch import fetch
from scheduler.absences import Unreadable
from storage.absences import MOST_BYTES, Seen

FEED = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """A server of calendars, good and bad, on this machine; its address."""

    async def good(request: web.Request) -> web.Response:
        assert "Cookie" not in request.headers
        return web.Response(body=FEED, headers={"Set-Cookie": "a=b"})

    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MOST_BYTES // 50_000 + 2):
            await response.write(b"x" * 50_000)
        return response

    async def hop(request: web.Request) -> web.Response:
        left = int(request.match_info["left"])
        raise web.HTTPFound(f"/hop/{left - 1}" if left else "/good")

    async def to(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query["where"]})

    async def version(request: web.Request) -> web.Response:
        named = {"ETag": 'W/"4711"', "Last-Modified": "Mon, 02 Mar 2026 09:00:00 GMT"}
        known = {request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")}
        return web.Response(status=304) if known & set(named.values()) else web.Response(body=FEED, headers=named)

    async def strange(request: web.Request) -> web.Response:
        return web.Response(body=FEED, headers={"ETag": "é", "Last-Modified": "x" * 201})

    async def hop_to_version(request: web.Request) -> web.Response:
        raise web.HTTPFound("/version")

    async def status(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["code"]))

    async def broken(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    app = web.Application()
    app.add_routes(
        [
            web.get("/good", good),
            web.get("/large", large),
            web.get("/hop/{left}", hop),
            web.get("/hop/1/version", hop_to_version),
            web.get("/version", version),
            web.get("/strange", strange),
            web.get("/to", to),
            web.get("/status/{code}", status),
            web.get("/broken", broken),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_calendar_comes_as_it_is(server: str) -> None:
    assert (await fetch(f" {server}/good#today ", loopback=True)).text == FEED


async def test_a_calendar_that_was_seen_is_not_sent_again(server: str) -> None:
    first = await fetch(f"{server}/hop/1/version", loopback=True)
    assert (first.text, first.seen) == (FEED, Seen('W/"4711"', "Mon, 02 Mar 2026 09:00:00 GMT"))
    for seen in (first.seen, Seen(etag=first.seen.etag), Seen(modified=first.seen.modified)):
        again = await fetch(f"{server}/version", seen, loopback=True)
        assert (again.text, again.seen) == (None, seen)
    assert (await fetch(f"{server}/version", Seen(etag='W/"4712"'), loopback=True)).text == FEED


async def test_what_cannot_be_said_again_is_not_kept(server: str) -> None:
    assert (await fetch(f"{server}/strange", loopback=True)).seen == Seen()


async def test_three_redirects_are_followed_and_not_a_fourth(server: str) -> None:
    assert (await fetch(f"{server}/hop/2", loopback=True)).text == FEED
    with pytest.raises(Unreadable, match="too often"):
        await fetch(f"{server}/hop/3", loopback=True)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/status/401", "may not be read by others"),
        ("/status/404", "no calendar at this address"),
        ("/status/500", "answered with status 500"),
        ("/status/304", "answered with status 304"),
        ("/large", "larger than 2 MB"),
        ("/broken", "could not be reached"),
        ("/to?where=https://10.0.0.1/", "private network"),
        ("/to?where=http://calendar.example/", "begins with https"),
        ("/to?where=file:///etc/passwd", "begins with https"),
        ("/to?where=https://[", "could not be reached"),
    ],
)
async def test_what_goes_wrong_is_said_in_a_sentence_without_the_address(server: str, path: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        await fetch(f"{server}{path}", loopback=True)
    assert "127.0.0.1" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


async def test_a_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", aiohttp.ClientTimeout(total=0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreadable, match="in time"):
        await fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", loopback=True)


async def test_a_server_that_is_not_there(server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with pytest.raises(Unreadable, match="could not be reached"):
        await fetch(f"http://127.0.0.1:{port}/", loopback=True)


@pytest.mark.parametrize(
    "address",
    ["", "calendar", "http://calendar.example/", "ftp://a.example/", "https://", "https://[::1", "file:///etc/passwd"],
)
async def test_only_https_is_asked(address: str) -> None:
    with pytest.raises(Unreadable, match="begins with https"):
        await fetch(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "10.1.2.3",
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[ff02::1]",
    ],
)  # fmt: skip
async def test_nothing_private_is_asked_however_it_is_written(server: str, host: str) -> None:
    port = server.rpartition(":")[2]
    for scheme in ("https", "webcal"):
        with pytest.raises(Unreadable, match="private network"):
            await fetch(f"{scheme}://{host}:{port}/good")


async def test_a_public_name_that_leads_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, 443)) for at in ("192.168.0.10", "127.0.0.1")]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", found)
    with pytest.raises(Unreadable, match="private network"):
        await fetch("https://calendar.example/ana.ics")


async def test_a_name_is_connected_to_at_the_very_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, 443)) for at in ("127.0.0.1", "93.184.216.34")]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", found)
    (only,) = await fetching._Checked(False).resolve("calendar.example", 443)
    assert (only["host"], only["hostname"]) == ("93.184.216.34", "calendar.example")
