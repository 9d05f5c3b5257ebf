"""Status: what waits, how fast it goes, what comes next, what could not be sent and why; for admins.

The same page is shown on Home and printed by `soundings status`. It holds figures and reasons, and nobody's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.bounds import USUAL, Bounds
from handlers.feature import Answer, Feature, Refusal
from handlers.screens import Block, Button, Buttons, Facts, Form, Heading, Home, Open, Para, Rule, Screen, Small
from handlers.text import Line, Said, When, count, line, named
from handlers.turn import Turn
from storage.standing import Coming, Failure, Traffic, Underway
from storage.store import Store

status = Feature("status", "What is going on: what waits, what comes next, what could not be sent.")

LATELY = timedelta(hours=24)
FAILURES_OF = timedelta(days=7)
MOST = 10
# A delivery is sent within seconds where nothing is wrong.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Now:
    """All that the page shows."""

    at: datetime
    traffic: Traffic
    bounds: Bounds = USUAL
    sent: int = 0
    coming: Sequence[Coming] = ()
    underway: Sequence[Underway] = ()
    failures: Sequence[Failure] = ()
    names: dict[int, str] | None = None

    def name(self, cadence_id: int) -> Said:
        """What a cadence is called."""
        return Said((self.names or {}).get(cadence_id, "A cadence"))


@status.press("status.open")
def open_status(turn: Turn) -> Answer:
    """Show what is going on."""
    if not turn.actor.admin:
        raise Refusal("What is going on in the whole workspace is shown to its admins.")
    return Open(page(now_of(turn.store, turn.bounds)))


@status.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """A way to the page, for admins, and at once what is wrong."""
    return home_blocks(turn.store.standing.traffic(), turn.now) if turn.actor.admin else ()


def now_of(store: Store, bounds: Bounds) -> Now:
    """What the page of this workspace shows now, where sending has these bounds."""
    standing = store.standing
    coming, underway = standing.coming()[:MOST], standing.underway()[:MOST]
    ids = {one.cadence_id for one in coming} | {one.cadence_id for one in underway}
    return Now(
        store.now,
        standing.traffic(),
        bounds,
        standing.sent_since(store.now - LATELY),
        coming,
        underway,
        standing.failures(store.now - FAILURES_OF),
        standing.names(ids) if ids else {},
    )


def page(now: Now) -> Form:
    """What is going on, as a page."""
    return Form("status.shown", "What is going on", tuple(body(now)), submit="", close="Close")


def body(now: Now) -> list[Block]:
    """What is going on: the lane, what is open, what comes, what failed."""
    return [*_sending(now), *_underway(now), *_coming(now), *_failures(now)]


def home_blocks(traffic: Traffic, at: datetime) -> list[Block]:
    """The way to the page, with whatever holds messages up."""
    trouble = _trouble(traffic, at)
    return [
        Rule(),
        *([Para(trouble)] if trouble else []),
        Buttons((Button("What is going on", "status.open", opens=True),)),
    ]


def _sending(now: Now) -> list[Block]:
    traffic = now.traffic
    trouble = _trouble(traffic, now.at)
    how = "up to" if traffic.rate else "begins with"
    pace = f"{how} {now.bounds.rate(traffic.rate):,.0f} messages a minute"
    return [
        Heading("Sending"),
        Para(trouble or line("Messages go out as they come due.")),
        Facts(
            (
                ("Waiting", line(count(traffic.waiting, "message"))),
                ("Sent in the last 24 hours", line(f"{now.sent:,}")),
                ("Pace", line(pace)),
            )
        ),
    ]


def _trouble(traffic: Traffic, at: datetime) -> Line:
    if traffic.parked_why:
        since = line(" since ", When(traffic.parked_at)) if traffic.parked_at else ()
        return (
            *line("Nothing is sent"),
            *since,
            *line(f": {traffic.parked_why} Once Soundings is installed again, what waits is sent."),
        )
    if traffic.paused_until:
        return line("The platform asked for a pause; sending goes on ", When(traffic.paused_until, "time"), ".")
    if traffic.overdue_since and traffic.overdue_since < at - LATE:
        return line(
            "Messages wait that were due ", When(traffic.overdue_since), ". Is Soundings running? Try: soundings doctor"
        )
    return ()


def _underway(now: Now) -> list[Block]:
    shown: list[Block] = [Heading("Open now")]
    if not now.underway:
        shown.append(Para(line("Nothing is being asked just now.")))
    for one in now.underway:
        left_out = f", {one.left_out:,} not asked" if one.left_out else ""
        shown.append(
            Para(
                line(
                    now.name(one.cadence_id),
                    f", {named(one.day)}: {one.answered:,} of {one.asked:,} have answered{left_out}. It closes ",
                    When(one.closes_at),
                    ".",
                )
            )
        )
    return shown


def _coming(now: Now) -> list[Block]:
    shown: list[Block] = [Heading("Next")]
    if not now.coming:
        shown.append(Para(line("Nothing is arranged. Cadences are arranged on Soundings' home.")))
    for one in now.coming:
        opens = line(When(one.first_at))
        if one.first_at != one.last_at:
            opens = line("from ", When(one.first_at), " to ", When(one.last_at))
        zones = f", in {count(one.zones, 'time zone')}" if one.zones > 1 else ""
        shown.append(Para((*line(now.name(one.cadence_id), f", {named(one.day)}: "), *opens, *line(f"{zones}."))))
    return shown


def _failures(now: Now) -> list[Block]:
    shown: list[Block] = [Heading("Not sent in the last seven days")]
    if not now.failures:
        shown.append(Para(line("Everything was sent.")))
    shown += [
        Para(line(f"{count(one.count, 'message')}: {one.why} Last ", When(one.last_at), ".")) for one in now.failures
    ]
    if now.failures:
        shown.append(Small(line("These are not tried again. A prompt that could not be sent counts as not asked.")))
    return shown


@status.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    at = datetime(2026, 3, 5, 10, tzinfo=UTC)
    day = at.date()
    busy = Now(
        at,
        Traffic(1204, at, 420.0),
        USUAL,
        310,
        (Coming(1, day, at, at + timedelta(hours=9), 6), Coming(2, day, at, at, 1)),
        (Underway(1, day, 24, 9, 3, at + timedelta(days=1)),),
        (Failure("The account is deactivated.", 2, at),),
        {1: "Weekly check-in", 2: "Platform"},
    )
    parked = Traffic(7, at, 0.0, None, "Somebody revoked the token of this workspace.", at)
    waits = Traffic(7, at - timedelta(hours=1))
    paused = Traffic(7, None, 150.0, at + timedelta(minutes=1))
    return {
        "busy": page(busy),
        "quiet": page(Now(at, Traffic())),
        "parked": page(Now(at, parked)),
        "home, parked": Home(tuple(home_blocks(parked, at))),
        "home, waiting": Home(tuple(home_blocks(waits, at))),
        "home, paused": Home(tuple(home_blocks(paused, at))),
    }
