"""An example of every screen of cadences, with names as long as they get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from handlers.arranged import whole
from handlers.cadences import screens, typed
from handlers.cadences.ahead import Ahead, dry_run, look_ahead
from handlers.cadences.screens import Listed
from handlers.cadences.typed import Which
from handlers.interaction import Value
from handlers.screens import Home, Screen
from handlers.text import Mention, Said, line
from storage.cadences import Audience, Cadence
from storage.planning import Foreseen
from storage.recurrence import Recurrence, Timing
from storage.teams import Team

THURSDAY = date(2026, 3, 5)
TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
WEEKLY = Cadence(3, "Weekly check-in", Recurrence(THURSDAY))
LONGEST = Cadence(
    4,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunte",
    Recurrence(THURSDAY, (0, 1, 2, 3, 4, 5, 6), 3, -1, date(2027, 12, 31)),
    audience=Audience(teams=(3, 4), members=(7, 8), without=(9,)),
    timing=Timing(time(9, 15), "America/Argentina/ComodRivadavia", 240, 14, time(23, 45), 2),
    paused=True,
)
ASKS = [("checkins", "Check-in questions"), ("pulse", "Three questions of the pulse, different ones each time")]
LONG_TEAM = "The team of everybody who answers the telephone at night, and on"
TEAMS = [Team(3, "Crew"), Team(4, LONG_TEAM)]
ANA, BO = Mention("U1", "Ana Alves"), Mention("U2", "Wolfeschlegelsteinhausenbergerdorff")


def examples() -> dict[str, Screen]:
    """Every screen of this feature."""
    begun = typed.new(THURSDAY, "checkins")
    filled = _filled()
    weekly = Listed(WEEKLY, ASKS[0][1], line("for everybody here"), whole(WEEKLY), TEN)
    longest = Listed(LONGEST, ASKS[1][1], line("for ", Said(LONG_TEAM), ", ", BO, ", without ", ANA), whole(LONGEST))
    over = replace(weekly, cadence=replace(WEEKLY, id=5, name="Launch"), next_at=None)
    many = [replace(longest, cadence=replace(LONGEST, id=number)) for number in range(10, 40)]
    return {
        "list": screens.overview([weekly, longest, over], note="Weekly check-in is saved."),
        "list of nothing": screens.overview([], begun=True),
        "list of many, for a manager": screens.overview(many, admin=False),
        "whom": screens.whom_form(Which(), begun, ASKS, TEAMS, admin=True),
        "whom, for a manager who comes back": screens.whom_form(
            Which(4, 2), filled, ASKS, TEAMS, admin=False, notice=screens.FROM_DRAFT
        ),
        "when": screens.when_form(Which(), begun),
        "when, unusual": screens.when_form(Which(4, 2), filled, notice="Please look at this again."),
        "finer": screens.finer_form(Which(), begun),
        "finer, unusual": screens.finer_form(Which(4, 2), filled, notice="Please look at this again."),
        "dry run": dry_run(_ahead(), Which()),
        "dry run of nothing": dry_run(
            Ahead(WEEKLY, "Check-in questions", line("for nobody"), 0, [], first_day=date(2026, 4, 9)), Which()
        ),
        "dry run of a change": dry_run(_busy(), Which(4, 2)),
        "next days": look_ahead(_ahead()),
        "home": Home(tuple(screens.home_blocks([(TEN, WEEKLY), (TEN, LONGEST)]))),
        "home of nothing": Home(tuple(screens.home_blocks([]))),
        "home where others arrange": Home(tuple(screens.home_blocks([], others=True))),
    }


def _filled() -> dict[str, Value]:
    return {
        "what": "checkins",
        "name": LONGEST.name,
        "teams": ("3", "4"),
        "people": ("U1", "U2"),
        "without": ("U3",),
        "weekdays": ("0", "6"),
        "rhythm": "7:0",
        "at": "09:07",
        "zone": "Erewhon",
        "window": "45",
        "closes_after": "0",
        "closes_at": "08:00",
        "nudges": "2",
        "starts_on": "2026-03-05",
        "ends_on": "2026-03-01",
        "holidays": "place",
        "place": "DE-BY",
        "most_late": "90",
    }


def _ahead() -> Ahead:
    rows = [
        _row("Europe/Lisbon", 0, "waiting", 2, (1, 2)),
        _row("America/New_York", 5, "waiting", 6, ()),
        _row("Asia/Tokyo", -9, "waiting", 1, (2,)),
        _row("Europe/Lisbon", 0, "left_out", 2, (1, 2), "absent"),
        _row("Europe/Lisbon", 0, "left_out", 1, (1,), "holiday"),
        _row("America/New_York", 5, "put_off", 1, (2,)),
        _row("America/New_York", 5, "put_off", 1, (2,), "hours"),
    ]
    return Ahead(WEEKLY, ASKS[0][1], line("for everybody here"), 15, rows, {1: ANA, 2: BO}, first_day=THURSDAY)


def _busy() -> Ahead:
    """A cadence of every day in many zones, for thousands."""
    zones = [f"America/Argentina/Zone_{number:02}" for number in range(30)]
    rows = [
        replace(_row(zone, 0, "waiting", 400, ()), day=THURSDAY + timedelta(days=day), due_at=TEN + timedelta(days=day))
        for day in range(14)
        for zone in zones
    ]
    rows += [replace(one, state="left_out", why="absent", count=40) for one in rows[::30]]
    change = line("Until now: nobody. From now on: everybody.")
    daily = replace(LONGEST, timing=replace(LONGEST.timing, minutes=0))
    return Ahead(
        daily,
        ASKS[1][1],
        line("for ", Said(LONG_TEAM)),
        12_000,
        rows,
        changes=(change, change, change),
        new_place="Germany, Bavaria",
    )


def _row(zone: str, hours: int, state: str, count: int, members: tuple[int, ...], why: str = "") -> Foreseen:
    opens, closes = TEN + timedelta(hours=hours), TEN + timedelta(hours=hours + 32)
    due_at = closes if state == "put_off" else opens
    return Foreseen(THURSDAY, zone, due_at, closes, state, why, count, members)  # type: ignore[arg-type]
