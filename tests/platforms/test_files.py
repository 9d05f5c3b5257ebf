"""A file that somebody chose is fetched with the token from where Slack keeps it, and the token goes nowhere else."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.slack import files as fetching
from bot.slack.files import Files, kept_at
from scheduler.absences import MOST_BYTES, Unreadable
from storage.installs import Install
from storage.workspaces import WorkspaceKey

ACME = WorkspaceKey("slack", "T1")
TOKEN = "xoxb-sandbox-1"
FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@dataclass
class Place:
    """A server on this machine, and what it was told of who asks."""

    url: str = ""
    told: list[str | None] = field(default_factory=list)
    answer: Callable[[], web.StreamResponse] = lambda: web.Response(body=FILE, content_type="text/calendar")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.told.append(request.headers.get("Authorization"))
        assert "Cookie" not in request.headers
        return self.answer()


async def opened() -> tuple[Place, web.AppRunner]:
    place, app = Place(), web.Application()
    app.router.add_get("/{path:.*}", place.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return place, runner


@pytest.fixture
async def slack() -> AsyncIterator[Place]:
    place, runner = await opened()
    yield place
    await runner.cleanup()


@pytest.fixture
async def elsewhere() -> AsyncIterator[Place]:
    place, runner = await opened()
    yield place
    await runner.cleanup()


async def installed(_team: str) -> Install | None:
    return Install(ACME, "Acme", TOKEN, "U1", "B1")


async def fetch(slack: Place, address: str = "") -> bytes:
    return await Files(installed, f"{slack.url}/api/").fetch(ACME, address or f"{slack.url}/files-pri/T1-F1/a.ics")


async def test_a_file_comes_as_it_is_for_the_token(slack: Place) -> None:
    assert await fetch(slack) == FILE
    assert slack.told == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    "address",
    [
        "{elsewhere}/files-pri/T1-F1/a.ics",
        "{slack}@{elsewhere_host}/a.ics",
        "http://xoxb:secret@{slack_host}/a.ics",
        "https://{slack_host}/a.ics",
        "http://localhost:{port}/a.ics",
        "https://files.slack.com/files-pri/T1-F1/a.ics",
        "//{slack_host}/a.ics",
        "/files-pri/T1-F1/a.ics",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
async def test_the_token_goes_to_no_other_place(slack: Place, elsewhere: Place, address: str) -> None:
    host = slack.url.removeprefix("http://")
    wanted = address.format(
        slack=slack.url,
        slack_host=host,
        port=host.rpartition(":")[2],
        elsewhere=elsewhere.url,
        elsewhere_host=elsewhere.url.removeprefix("http://"),
    )
    with pytest.raises(Unreadable, match="not kept by Slack"):
        await Files(installed, f"{slack.url}/api/").fetch(ACME, wanted)
    assert slack.told == elsewhere.told == []


async def test_the_token_follows_no_redirect(slack: Place, elsewhere: Place) -> None:
    for status in (301, 302, 303, 307, 308):
        slack.answer = lambda status=status: web.Response(  # type: ignore[misc]
            status=status, headers={"Location": f"{elsewhere.url}/files-pri/T1-F1/a.ics"}
        )
        with pytest.raises(Unreadable, match="does not let Soundings read the file"):
            await fetch(slack)
    assert elsewhere.told == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: web.Response(status=401), "does not let Soundings read the file"),
        (lambda: web.Response(status=403), "does not let Soundings read the file"),
        (lambda: web.Response(text="<h1>Sign in</h1>", content_type="text/html"), "does not let Soundings read"),
        (lambda: web.Response(status=404), "no longer in Slack"),
        (lambda: web.Response(status=500), "did not hand over the file"),
        (lambda: web.Response(body=b"x" * (MOST_BYTES + 1), content_type="text/calendar"), "larger than 2 MB"),
    ],
)
async def test_what_goes_wrong_is_said_in_a_sentence_without_the_address(
    slack: Place, answer: Callable[[], web.StreamResponse], says: str
) -> None:
    slack.answer = answer
    with pytest.raises(Unreadable, match=says) as raised:
        await fetch(slack)
    assert "127.0.0.1" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


async def test_slack_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", aiohttp.ClientTimeout(total=0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = Place(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unreadable, match="in time"):
            await fetch(place)
    with pytest.raises(Unreadable, match="did not hand over the file"):
        await fetch(place)


async def test_without_a_consent_nothing_is_asked(slack: Place) -> None:
    async def nobody(_team: str) -> Install | None:
        return None

    with pytest.raises(Unreadable, match="does not let Soundings read the file"):
        await Files(nobody, f"{slack.url}/api/").fetch(ACME, f"{slack.url}/files-pri/T1-F1/a.ics")
    assert slack.told == []


@pytest.mark.parametrize(
    ("api", "place"),
    [
        ("https://slack.com/api/", "https://files.slack.com"),
        ("https://www.slack.com/api/", "https://files.slack.com"),
        ("http://slack.com/api/", "https://files.slack.com"),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com"),
        ("http://127.0.0.1:4000/api/", "http://127.0.0.1:4000"),
        ("https://notslack.com/api/", "https://notslack.com"),
        ("https://slack.com.example/api/", "https://slack.com.example"),
    ],
)
def test_each_slack_keeps_files_in_one_place(api: str, place: str) -> None:
    assert str(kept_at(api)) == place
