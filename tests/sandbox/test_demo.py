"""The demo: a company plays its past, stays as it was left, and shows in one evening what Soundings does."""

from __future__ import annotations

import asyncio
import io
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from rich.console import Console
from typer.testing import CliRunner

from handlers.features import FEATURES
from sandbox import demo, evening, history, keeping
from sandbox.company import PEOPLE
from sandbox.holding import InUse, held
from sandbox.playhouse import Playhouse, free_port, opened

HOME = Path(demo.__file__).parents[1]
FRIDAY = datetime(2026, 3, 6, 14, tzinfo=UTC)


@pytest.mark.long
async def test_a_week_at_the_company_looks_as_its_people_would_expect_and_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    async with opened(file, history.beginning(FRIDAY, 1), playing=True) as house:
        await history.play(house, 1, FRIDAY)
        assert house.sandbox.troubles == []
        assert house.clock.now() == FRIDAY
        await people_see_their_week(house)
        assert "Sent to" in house.person("priya").reads() + house.person("rui").reads()
        kudos = house.person("nora").reads("#kudos")

    async with opened(file, FRIDAY) as house:
        assert house.clock.now() > FRIDAY
        assert house.person("nora").reads("#kudos") == kudos
        await people_see_their_week(house)
        ana = house.person("ana")
        await ana.types("/checkin", in_="workshop")
        await ana.sees("What did you get done?", in_="modal")


async def test_the_demo_serves_its_page_until_it_is_interrupted_and_keeps_what_happened(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    async with opened(file, FRIDAY, playing=True):
        pass  # the company has moved in, and nothing has happened yet
    command = f"from sandbox.demo import run; run(['--data', {str(file)!r}, '--port', '{free_port()}'])"
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", command, stdout=asyncio.subprocess.PIPE, cwd=HOME
    )
    assert running.stdout is not None
    printed = ""
    while "Ctrl-C ends it" not in printed:
        printed += (await asyncio.wait_for(running.stdout.readline(), 60)).decode()
    url = re.search(r"http://127\.0\.0\.1:\d+", printed)
    assert url, printed
    async with aiohttp.ClientSession() as visitor:
        async with visitor.get(f"{url[0]}/page/people") as answer:
            workspace = (await answer.json())["workspaces"][0]
        nora = workspace["people"][0]["id"]
        said = {"team": workspace["id"], "user": nora, "do": "say", "channel": "general", "text": "See you on Monday"}
        async with visitor.post(f"{url[0]}/page/act", json=said) as answer:
            assert (await answer.json())["ok"]
    for second in (), ("--reset",):
        beside = await asyncio.to_thread(CliRunner().invoke, demo.cli, ["--data", str(file), "--no-open", *second])
        assert beside.exit_code == demo.REFUSED
        assert beside.output.startswith(f"The demo at {url[0]} has {file} in hand. Open that one or stop it first")
    running.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(running.wait(), 30) == 0
    async with opened(file, FRIDAY, playing=True) as house:
        await house.person("ana").sees("See you on Monday", in_="#general")
    assert not file.with_name("demo.db.lock").exists()


def test_a_file_is_in_one_hand_at_a_time_and_free_when_that_process_has_died(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    holding = f"import os, pathlib; from sandbox.holding import held\nwith held(pathlib.Path({str(file)!r})) as tell: "
    subprocess.run([sys.executable, "-c", f"{holding}tell('http://127.0.0.1:1'); os._exit(1)"], cwd=HOME, check=False)
    assert file.with_name("demo.db.lock").exists(), "it died before it could tidy up"
    with held(file), pytest.raises(InUse, match="A demo that is just starting has"), held(file):
        pass
    with held(file):
        pass


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_file_that_is_no_demos_is_left_as_it_is(tmp_path: Path, more: tuple[str, ...]) -> None:
    theirs, storage = tmp_path / "notes", tmp_path / "soundings.db"
    theirs.write_text("Bread, milk")
    with closing(sqlite3.connect(storage)) as connection:
        connection.execute("CREATE TABLE members (id INTEGER)")
    for file in (theirs, storage):
        before = file.read_bytes()
        result = CliRunner().invoke(demo.cli, ["--data", str(file), "--no-open", *more])
        assert result.exit_code == demo.REFUSED
        assert result.output == f"{file} is there, and is not a demo's. Name another file with --data.\n"
        assert file.read_bytes() == before


async def test_a_week_passes_at_once_and_everything_comes_at_its_own_time(tmp_path: Path) -> None:
    async with opened(tmp_path / "demo.db", FRIDAY) as house:
        await history.set_up(house)
        await history.arrange(house, ["Workshop"])
        asked = {"advance_seconds": timedelta(days=7).total_seconds()}
        async with aiohttp.ClientSession() as page, page.post(f"{house.sandbox.url}/page/clock", json=asked) as answer:
            assert (await answer.json())["ok"]
        assert house.clock.now() >= FRIDAY + timedelta(days=7)
        before = house.clock.now()
        await asyncio.sleep(0.01)
        assert house.clock.now() > before, "the clock runs on"
        assert house.sandbox.rates.enforced
        for name, zone in (("ana", "Europe/Lisbon"), ("bo", "Europe/Berlin"), ("kenji", "Asia/Tokyo")):
            prompt, reminder = house.person(name).came("It is time for your check-in for Friday 13 March")
            assert f"{prompt.astimezone(ZoneInfo(zone)):%A %H:%M}" == "Thursday 10:00"
            assert f"{reminder.astimezone(ZoneInfo(zone)):%A %H:%M}" == "Friday 09:00"


async def people_see_their_week(house: Playhouse) -> None:
    nora, ines, kenji, marta = (house.person(name) for name in ("nora", "ines", "kenji", "marta"))
    await nora.sees("thanked", in_="#kudos")
    await kenji.sees("Check-ins of Workshop", in_="#workshop")
    await kenji.sees("@kenji checked in for Friday 6 March", in_="#workshop")
    await kenji.never_sees("@ana checked in", in_="#workshop")
    await marta.sees("checked in for Friday 6 March", in_="dm")
    await nora.never_sees("checked in for", in_="#ops")
    await house.person("dara").sees("How many riders did you help?", in_="#care")
    await ines.opens_home()
    await ines.sees("Workshop", in_="home")
    asked = [one for one in PEOPLE if one.team == "Workshop"]
    await ines.types("/team-summary")
    await ines.sees(f"of {len(asked)} people", in_="ephemeral")


async def test_the_same_weeks_are_always_the_same_weeks() -> None:
    def planned() -> list[datetime]:
        return sorted(event.at for event in history.events(FRIDAY.date(), 3))

    assert planned() == planned()


@pytest.mark.long
async def test_the_check_passes() -> None:
    said = io.StringIO()
    code = await evening.check(Console(file=said, width=200))
    assert code == 0, said.getvalue()
    assert said.getvalue().count("✓") == len(evening.STORY) + 1


async def test_the_check_fails_where_something_is_broken_and_says_what_was_seen() -> None:
    said = io.StringIO()
    features = tuple(one for one in FEATURES if one.name != "checkins")
    assert await evening.check(Console(file=said, width=200), features) == 1
    assert "✗" in said.getvalue()
    assert "has no modal open. They see:" in said.getvalue()


def test_no_demo_runs_beside_a_real_slack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1234-real")
    result = CliRunner().invoke(demo.cli, ["--data", str(tmp_path), "--no-open"])
    assert result.exit_code == demo.REFUSED
    assert "SLACK_BOT_TOKEN holds a real Slack token" in result.output
    assert list(tmp_path.iterdir()) == []


def test_data_lies_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert demo.file_of(tmp_path) == tmp_path / "demo.db"
    assert demo.file_of(tmp_path / "new") == tmp_path / "new" / "demo.db"
    assert demo.file_of(tmp_path / "mine.db") == tmp_path / "mine.db"
    monkeypatch.chdir(tmp_path)
    assert demo.file_of(None).parent.name.casefold().strip(".") == "soundings"
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "sandbox").mkdir()
    assert demo.file_of(None) == Path("var/demo.db")


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), FRIDAY),
        (datetime(2026, 3, 6, 13, tzinfo=UTC), FRIDAY),
        (datetime(2026, 3, 6, 16, tzinfo=UTC), FRIDAY + timedelta(days=7)),
        (datetime(2026, 3, 8, 9, tzinfo=UTC), FRIDAY + timedelta(days=7)),
    ],
)
def test_the_history_ends_when_there_is_a_week_to_look_back_on(now: datetime, end: datetime) -> None:
    assert demo.ending(now) == end


def test_a_fresh_file_holds_nothing_and_a_forgotten_one_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "demo.db"
    assert keeping.load(file) is None
    kept = keeping.Kept(FRIDAY, keeping.Secrets.fresh(), {"rev": 1})
    keeping.save(file, kept.to_json())
    assert keeping.load(file) == kept
    keeping.forget(file)
    assert not file.exists()
