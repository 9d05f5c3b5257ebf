"""The dry run: who would be asked what and when, who is left out and why, and what is worth knowing before saving.

Pure. `Ahead` is what the page shows; `flow` asks the planner for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil

from handlers.arranged import whole
from handlers.bounds import USUAL
from handlers.cadences.choices import WINDOWS
from handlers.cadences.typed import Which
from handlers.screens import Block, Button, Buttons, Facts, Form, Heading, Para, Rule, Small
from handlers.text import Line, Mention, Strong, When, count, joined, line, named
from storage.cadences import Cadence
from storage.civil import zone
from storage.planning import Foreseen
from storage.workspaces import Settings

DAYS_AHEAD = 14
LONG_MINUTES = 10
MOST_NAMED = 10
MOST_ZONES = 8
FEW_MOMENTS = 3
ASKED = ("waiting", "sent", "answered")
LEFT_OUT = {
    "absent": "on leave",
    "holiday": "on a public holiday",
    "day_off": "not working that day",
    "paused": "pausing it",
    "left": "in its audience no longer",
    "unreachable": "out of reach for Soundings",
    "answered": "done with it beforehand",
}
OTHERS = {"missed": "too late for it", "skipped": "skipping it this time"}


@dataclass(frozen=True)
class Ahead:
    """A cadence, for how many it is, what is foreseen, and how fast it can be sent (messages a minute).

    `names` are those of the people whom the page may name. `changes` tells, of a cadence that is in use, what becomes
    different. `first_day` is the next date it asks on, which may lie beyond what is foreseen. `new_place` is one whose
    public holidays are not known yet, since nobody named it before. `told` says who is told how it went. `budget` is
    how many prompts a week anybody gets at most.
    """

    cadence: Cadence
    asks: str
    audience: Line
    people: int
    foreseen: Sequence[Foreseen]
    names: Mapping[int, Mention] = field(default_factory=dict)
    rate: float = USUAL.rate()
    changes: tuple[Line, ...] = ()
    first_day: date | None = None
    new_place: str = ""
    told: Line = ()
    budget: int = Settings().budget


def dry_run(ahead: Ahead, which: Which) -> Form:
    """The last step before a cadence is saved."""
    body: list[Block] = [*_head(ahead)]
    if ahead.changes:
        body += [Heading("What changes"), *(Para(one) for one in ahead.changes)]
    body += _days(ahead)
    body += [
        Rule(),
        Para(line("Nothing is saved yet.")),
        Buttons(
            (
                Button("Change what and whom", "cadences.back_to_whom", which.state, opens=True),
                Button("Change when", "cadences.back_to_when", which.state, opens=True),
                Button("Start, end, holidays", "cadences.back_to_finer", which.state, opens=True),
            )
        ),
    ]
    return Form("cadences.save", "Before you save", tuple(body), submit="Save", state=which.state)


def look_ahead(ahead: Ahead) -> Form:
    """The same for a cadence as it stands."""
    back = Buttons((Button("Back to the list", "cadences.open", opens=True),))
    return Form("cadences.shown", "The next 14 days", (*_head(ahead), *_days(ahead), back), submit="", close="Close")


def _head(ahead: Ahead) -> list[Block]:
    body: list[Block] = [
        Para(line(Strong(ahead.cadence.name), f" · {ahead.asks}")),
        Para(line(f"{whole(ahead.cadence)}.")),
        Small(line(f"{count(ahead.people, 'person', 'people')} today, ", *ahead.audience, ".")),
        *([Small(ahead.told)] if ahead.told else []),
    ]
    notes = worth_knowing(ahead)
    return [*body, Heading("Worth knowing"), *(Para(one) for one in notes)] if notes else body


def worth_knowing(ahead: Ahead) -> list[Line]:
    """What somebody should know before saving: a pause, a long queue, quiet hours, a budget that is used up."""
    return [
        *([line("It is paused: nothing of this happens until it is resumed.")] if ahead.cadence.paused else []),
        *_about_nobody(ahead),
        *_about_place(ahead),
        *_about_sending(ahead),
        *_about_late(ahead),
        *_about_too_late(ahead),
        *_about_budget(ahead),
    ]


def _about_nobody(ahead: Ahead) -> list[Line]:
    return [] if ahead.people else [line("Nobody is in this audience today.")]


def _about_place(ahead: Ahead) -> list[Line]:
    if not ahead.new_place:
        return []
    return [
        line(f"The public holidays of {ahead.new_place} are looked up once this is saved, and not counted below yet.")
    ]


def _about_sending(ahead: Ahead) -> list[Line]:
    minutes, window = longest_minutes(ahead), ahead.cadence.timing.minutes
    if minutes <= max(LONG_MINUTES, window):
        return []
    long_enough = [int(one) for one in WINDOWS if int(one) >= minutes]
    wider = next(iter(long_enough), max(map(int, WINDOWS)))
    return [
        line(
            f"Sending takes about {minutes} minutes, so some are asked that much later than others. ",
            f"Consider to have it sent “{WINDOWS[str(wider)].lower()}” (under Change when): "
            "then everybody has their own moment.",
        )
        if wider > window
        else line(f"Sending takes about {minutes} minutes, so some are asked that much later than others.")
    ]


def _about_late(ahead: Ahead) -> list[Line]:
    late = [one for one in ahead.foreseen if one.state in ASKED and is_later(ahead.cadence, one)]
    if not late:
        return []
    day = min(one.day for one in late)
    first = sorted((one for one in late if one.day == day), key=lambda one: one.due_at)
    people = count(sum(one.count for one in first), "person", "people")
    more = line(" and others later still") if len(first) > FEW_MOMENTS else ()
    return [
        (
            *line(f"On {named(day)}, {people} would be asked in their quiet hours or off work, and get it later: "),
            *joined([_later(one) for one in first[:FEW_MOMENTS]], "; "),
            *more,
            *line("."),
        )
    ]


def _later(one: Foreseen) -> Line:
    local = one.due_at.astimezone(zone(one.zone))
    where = one.zone.replace("_", " ")
    return line(f"in {where} on {local:%A} at {local:%H:%M}, which is ", When(one.due_at), " for you")


def _about_too_late(ahead: Ahead) -> list[Line]:
    never = [one for one in ahead.foreseen if one.why == "hours"]
    if not never:
        return []
    day = min(one.day for one in never)
    first = [one for one in never if one.day == day]
    people = count(sum(one.count for one in first), "person", "people")
    return [
        line(
            f"On {named(day)}, it closes before the next hours in which {people} may be written to",
            *_named(first, ahead.names),
            ". They get no message, and find it on Home.",
        )
    ]


def _about_budget(ahead: Ahead) -> list[Line]:
    put_off = [one for one in ahead.foreseen if _is_over_budget(one)]
    if not put_off:
        return []
    prompts = count(sum(one.count for one in put_off), "prompt does", "prompts do")
    return [
        line(
            f"{prompts} not fit into the week of whoever has as many as their budget allows",
            *_named(put_off, ahead.names),
            f". {_put_off_to(ahead)}",
        )
    ]


def _put_off_to(ahead: Ahead) -> str:
    """What becomes of what does not fit into a week."""
    monday = ", and comes on Monday if it is open still and that week has room" if ahead.budget else ""
    return f"What does not fit stands on Home, where it can be answered{monday}."


def is_later(cadence: Cadence, one: Foreseen) -> bool:
    """Whether people get it after the cadence's own time, because of their quiet hours or working days."""
    opens = cadence.timing.opens(one.day, zone(cadence.timing.zone or one.zone))
    return one.due_at > opens + timedelta(minutes=cadence.timing.minutes)


def longest_minutes(ahead: Ahead) -> int:
    """How many minutes it takes to send the most that is due at one moment."""
    moments: Counter[datetime] = Counter()
    for one in ahead.foreseen:
        if one.state in ASKED:
            moments[one.due_at] += one.count
    return ceil(max(moments.values(), default=0) / ahead.rate)


# -- day by day ------------------------------------------------------------------------------------------------------


def _days(ahead: Ahead) -> list[Block]:
    body: list[Block] = [Rule(), Heading(f"The next {DAYS_AHEAD} days")]
    days = groupby(sorted(ahead.foreseen, key=_order), key=lambda one: one.day)
    shown = [block for day, rows in days for block in _day(ahead, day, list(rows))]
    if shown:
        minutes = longest_minutes(ahead)
        shown.append(Small(line(_sending(minutes, ahead))))
        return body + shown
    first = f" The first day is {named(ahead.first_day)} {ahead.first_day.year}." if ahead.first_day else ""
    return [*body, Para(line(f"Nobody is asked within these days.{first}"))]


def _sending(minutes: int, ahead: Ahead) -> str:
    if ahead.cadence.timing.minutes:
        return f"The messages of one moment are spread over {ahead.cadence.timing.minutes} minutes."
    long = "within a minute" if minutes <= 1 else f"in about {minutes} minutes"
    return f"All messages of one moment are sent {long}, at {ahead.rate:.0f} a minute."


def _order(one: Foreseen) -> tuple[date, datetime, str, str]:
    return one.day, one.due_at, one.zone, one.why


def _day(ahead: Ahead, day: date, rows: list[Foreseen]) -> list[Block]:
    asked = [one for one in rows if one.state in ASKED]
    total = sum(one.count for one in asked)
    people = count(total, "person is", "people are")
    body: list[Block] = [Para(line(Strong(named(day)), f": {people} asked", *_named(asked, ahead.names)))]
    if asked:
        body.append(Facts(_moments(asked)))
    put_off = [one for one in rows if _is_over_budget(one)]
    if left := _left_out([one for one in rows if one not in put_off], ahead.names):
        body.append(Small((*line("Left out: "), *joined(left), *line("."))))
    if put_off:
        many = f"{sum(one.count for one in put_off):,} over their weekly budget"
        body.append(Small(line(f"Put off: {many}", *_named(put_off, ahead.names), f". {_comes_later(ahead, put_off)}")))
    return body


def _is_over_budget(one: Foreseen) -> bool:
    return one.state == "put_off" and one.why != "hours"


def _comes_later(ahead: Ahead, put_off: Sequence[Foreseen]) -> str:
    """When those who are over their budget are asked after all."""
    if ahead.budget and any(one.due_at < one.closes_at for one in put_off):
        return "It stays on their Home, and comes on Monday if that week has room."
    return "It stays on their Home until it closes."


def _moments(asked: list[Foreseen]) -> tuple[tuple[str, Line], ...]:
    people: Counter[tuple[datetime, datetime, str]] = Counter()
    for one in asked:
        people[one.due_at, one.closes_at, one.zone] += one.count
    shown = sorted(people)[:MOST_ZONES]
    rows = [_moment(*moment, people[moment]) for moment in shown]
    if more := sum(people[moment] for moment in sorted(people)[MOST_ZONES:]):
        rows.append(("Elsewhere", line(f"{count(more, 'person', 'people')} more, each in their own time")))
    return tuple(rows)


def _moment(due_at: datetime, closes_at: datetime, zone_name: str, people: int) -> tuple[str, Line]:
    local = due_at.astimezone(zone(zone_name))
    return (
        f"{zone_name.replace('_', ' ')}, {local:%A %H:%M}",
        line(f"{count(people, 'person', 'people')}; for you ", When(due_at), ", until ", When(closes_at)),
    )


def _left_out(rows: list[Foreseen], names: Mapping[int, Mention]) -> list[Line]:
    found: dict[str, list[Foreseen]] = {}
    for one in rows:
        if one.state not in ASKED and one.count:
            found.setdefault(_why(one), []).append(one)
    return [
        line(f"{sum(one.count for one in same):,} {why}", *_named(same, names)) for why, same in sorted(found.items())
    ]


def _why(one: Foreseen) -> str:
    if one.state == "put_off":
        return "not at work before it closes"
    return OTHERS.get(one.state) or LEFT_OUT.get(one.why) or "for another reason"


def _named(rows: Sequence[Foreseen], names: Mapping[int, Mention]) -> Line:
    """Who they are, in brackets, where they are few enough to be named."""
    ids = list(dict.fromkeys(one for row in rows for one in row.members))
    # Of many, the planner tells the first few only.
    all_told = all(len(row.members) == row.count for row in rows)
    if not ids or not all_told or len(ids) > MOST_NAMED or not all(one in names for one in ids):
        return ()
    return (*line(" ("), *joined([line(names[one]) for one in ids]), *line(")"))
