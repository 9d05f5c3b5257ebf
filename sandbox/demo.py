"""`soundings demo`: a living workspace in the browser, with people and a past, and no Slack anywhere near."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot import logs
from sandbox import history, keeping
from sandbox.company import COMPANY
from sandbox.holding import held
from sandbox.playhouse import free_port, opened
from storage.clock import SystemClock

WEEKS = 13
PORT = 8765
AT_HOME = "var/demo.db in a checkout, elsewhere a file among your own data"
REFUSED = 2
FRIDAY, AFTERNOON = 4, 14

console = Console(highlight=False)
cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def run(arguments: list[str]) -> None:
    """The command, with what was typed after `soundings demo`."""
    cli(arguments, prog_name="soundings demo")


@cli.command()
def demo(
    port: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=65535, help="Where the page is; taken ports are passed over.")
    ] = PORT,
    data: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The file that keeps everything, or a folder for it.", show_default=AT_HOME),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Forget what was kept and start over.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Play a scripted evening without a browser, and judge it.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Try Soundings in the browser: a company of 24 fictional people, with a quarter behind them. Nothing leaves this
    machine."""
    logs.set_up(level="error")
    try:
        code = asyncio.run(_run(port, data, reset=reset, check=check, browse=not no_open))
    except (RuntimeError, OSError) as problem:
        says = (
            f"{problem.filename}: {problem.strerror}." if isinstance(problem, OSError) and problem.filename else problem
        )
        Console(stderr=True, highlight=False).print(str(says), markup=False, soft_wrap=True)
        code = REFUSED
    raise typer.Exit(code)


async def _run(port: int, data: Path | None, *, reset: bool, check: bool, browse: bool) -> int:
    if check:
        from sandbox import evening

        return await evening.check(console)
    file = file_of(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and keeping.load(file) is None:
        raise RuntimeError(f"{file} is there, and is not a demo's. Name another file with --data.")
    with held(file) as tell:
        if reset:
            keeping.forget(file)
        await serve(file, port, tell, browse=browse)
    return 0


async def serve(file: Path, port: int, tell: Callable[[str], None], *, browse: bool) -> None:
    """Play the quarter if this file has none yet; then serve until Ctrl-C, and `tell` at what address."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if keeping.load(file) is None and not await play(file, stopping):
        return
    async with opened(file, SystemClock().now(), port=free_port(port)) as house:
        url = house.sandbox.url
        tell(url)
        console.print(f"\n[bold]Soundings is at [link={url}]{url}[/link][/bold]{_passed_over(url, port)}")
        console.print(f"Ctrl-C ends it; your data stays in {file}, and the next start continues it.", soft_wrap=True)
        if ahead := _ahead(house.clock.now()):
            console.print(ahead)
        if browse and _has_browser():
            await asyncio.to_thread(webbrowser.open, url)
        await stopping.wait()
    console.print("\nKept. Until next time.")


async def play(file: Path, stopping: asyncio.Event) -> bool:
    """Play a quarter into this file, which appears only when all of it is there; whether it was not interrupted."""
    draft = file.with_name(file.name + ".new")
    keeping.forget(draft)
    until = ending(SystemClock().now())
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(f"Playing a quarter at {COMPANY} ...", total=None)
        playing = asyncio.create_task(
            _play(draft, until, lambda number, total: progress.update(bar, completed=number, total=total))
        )
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not playing.done():
            playing.cancel()
            await asyncio.wait({playing})
            keeping.forget(draft)
            return False
        playing.result()
    draft.replace(file)
    return True


async def _play(file: Path, until: datetime, progress: history.Progress) -> None:
    async with opened(file, history.beginning(until, WEEKS), playing=True) as house:
        await history.play(house, WEEKS, until, progress)


def ending(now: datetime) -> datetime:
    """Where the quarter ends: the Friday afternoon to come, with a week to look back on and its check-in still open."""
    friday = (now - timedelta(days=now.weekday() - FRIDAY)).replace(hour=AFTERNOON, minute=0, second=0, microsecond=0)
    return friday if now <= friday else friday + timedelta(days=7)


def file_of(data: Path | None) -> Path:
    """The file that keeps the demo: the one named, or one below a checkout, or one among the person's own data."""
    if data is not None:
        return data / "demo.db" if data.is_dir() or not (data.suffix or data.is_file()) else data
    if Path("pyproject.toml").is_file() and Path("sandbox").is_dir():
        return Path("var") / "demo.db"
    return Path(typer.get_app_dir("soundings")) / "demo.db"


def _passed_over(url: str, port: int) -> str:
    return "" if url.endswith(f":{port}") else f" (port {port} is taken)"


def _ahead(now: datetime) -> str:
    if now - SystemClock().now() < timedelta(hours=1):
        return ""
    return f"There it is {now:%A} already, {now:%H:%M} UTC, so that this week has something to show."


def _has_browser() -> bool:
    windows = sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return windows and sys.stdout.isatty()
