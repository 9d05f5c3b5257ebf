"""What the command line prints: plain sentences, in colour where there is a terminal to show it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.findings import Finding, Level

STYLES: dict[Level, str] = {"ok": "green", "warn": "yellow", "problem": "bold red"}


def say(*lines: str) -> None:
    """Print lines as they are."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def complain(*lines: str) -> None:
    """Print lines to standard error."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def show_findings(findings: Iterable[Finding]) -> None:
    """Print what the doctor found: how it is in words, and below it how to mend it."""
    # Lines that go to a file or another program are not broken.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 400)
    for one in findings:
        console.print(Text.assemble((f"{one.level:<8}", STYLES[one.level]), (f"{one.subject}: ", "bold"), one.says))
        if one.mend:
            console.print(Padding(Text(one.mend), (0, 0, 0, 8), expand=False))


def show_findings_as_json(findings: Iterable[Finding]) -> None:
    """Print the same for other programs."""
    say(json.dumps([asdict(one) for one in findings], indent=2, ensure_ascii=False))


@contextmanager
def progress(total: int) -> Iterator[Callable[[str, int], None]]:
    """A bar on standard error that moves on when it is told what is being done and how much of it is done."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda what, done: bar.update(task, description=what, advance=done)
