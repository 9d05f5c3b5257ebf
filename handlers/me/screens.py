"""When somebody is asked, as a page that says what holds and leads to what changes it."""

from __future__ import annotations

from datetime import timedelta

from handlers.me.asked import Asked, Asking, soonest_first
from handlers.me.wording import back_on, dated, days_away, days_of, moment, times_of
from handlers.screens import (
    Block,
    Button,
    Buttons,
    Facts,
    Form,
    Heading,
    Para,
    Rule,
    Small,
)
from handlers.text import Line, Strong, line
from storage.civil import local_date, span
from storage.hours import hours_of
from storage.places import PLACES

BACK = Button("Back", "me.asked", opens=True)
MOST_CADENCES = 30
MOST_SHOWN = 3


def page(shown: Asked, note: str = "") -> Form:
    """What holds now and where it comes from, with ways to change it."""
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    body += [
        Para(line("You decide when Soundings asks you something. This is how it stands; only you can see this page.")),
        Facts(tuple(facts(shown))),
        Buttons(
            (
                Button("Time zone and journey", "me.zone", opens=True),
                Button("Days and hours", "me.hours", opens=True),
                Button("Days away", "me.away", opens=True),
            )
        ),
        Small(line(f"All times on this page are in {shown.member.zone.key}, unless another zone is named.")),
        Rule(),
        Heading("What asks you"),
        *_cadences(shown),
        Rule(),
        Heading("Who sees this"),
        *(Para(sentence) for sentence in who_sees()),
    ]
    return Form("me.shown", "When I am asked", tuple(body), submit="", close="Close")


def facts(shown: Asked) -> list[tuple[str, Line]]:
    """What holds, one thing a row, each with where it comes from."""
    own, member = shown.member.own, shown.member
    rows = [("Time zone", line(zone_now(shown)))]
    if member.travels and own.travel_until:
        until = dated(local_date(own.travel_until - timedelta(seconds=1), member.zone), shown.today)
        rows.append(("Journey", line(f"until the end of {until}; then {member.home_zone.key} again")))
    place = f"{PLACES.get(shown.holidays, shown.holidays)} ({shown.holidays})" if shown.holidays else "none"
    return [
        *rows,
        ("Working days", line(f"{days_of(shown.working_days)}, {_from(bool(own.working_days))}")),
        ("Working hours", line(_hours(own.works))),
        ("Quiet hours", line(_quiet(shown))),
        ("You are asked", line(_between(shown))),
        ("Public holidays", line(f"{place}, {_from(bool(own.holidays))}")),
        ("Prompts", line(_budget(shown))),
        ("Days away", line(_away(shown))),
    ]


def zone_now(shown: Asked) -> str:
    """The zone in which somebody is asked now, what time it is there, and why it is that one."""
    member = shown.member
    there = f"{member.zone.key}, where it is {shown.now.astimezone(member.zone):%H:%M} now"
    if member.travels:
        return f"{there}, while you travel"
    if member.own.zone:
        return f"{there}, as you chose"
    return f"{there}, from your profile" if member.profile_zone else f"{there}, as the workspace has it"


def _hours(works: str) -> str:
    return f"{times_of(works, '')}, as you chose" if span(works) else "any time of day outside your quiet hours"


def _quiet(shown: Asked) -> str:
    own, here = shown.member.own, shown.settings.quiet
    if not own.quiet and not shown.quiet and span(here):
        return f"{times_of(here, '')} in the workspace; your own working hours come first"
    return f"{times_of(shown.quiet, 'none')}, {_from(bool(own.quiet))}"


def _between(shown: Asked) -> str:
    """From when to when somebody is asked, all things considered."""
    hours = hours_of(shown.hours.works, shown.hours.quiet)
    spans = [f"between {first:%H:%M} and {last:%H:%M}" for first, last in hours.spans()]
    if not hours.leave_some:
        spans.append("since your quiet hours would leave no time, only your working hours count")
    return ", ".join(spans) or "at any time of day"


def _budget(shown: Asked) -> str:
    chosen = shown.member.own.weekly_most is not None
    return f"{shown.used} of at most {shown.budget} this week, {_from(chosen)}; what does not fit is put off"


def _away(shown: Asked) -> str:
    if not shown.absences:
        return "none to come"
    if shown.away(shown.today):
        last = back_on(shown.absences, shown.today)
        until = f" until the end of {dated(last, shown.today)}" if last else ""
        return f"you are away now{until}, and are not asked"
    few = [days_away(one, shown.today) for one in shown.absences[:MOST_SHOWN]]
    more = len(shown.absences) - len(few)
    return "; ".join(few) + (f"; and {more} more" if more else "")


def _from(own: bool) -> str:
    return "as you chose" if own else "as the workspace has it"


def _cadences(shown: Asked) -> list[Block]:
    if not shown.asking:
        return [Para(line("Nothing asks you by itself. You can still check in and give kudos whenever you like."))]
    body: list[Block] = []
    for one in soonest_first(shown.asking)[:MOST_CADENCES]:
        body += _cadence(shown, one)
    if (more := len(shown.asking) - MOST_CADENCES) > 0:
        body.append(Small(line(f"And {more} more; each can be paused in the message in which it asks you.")))
    return body


def _cadence(shown: Asked, one: Asking) -> list[Block]:
    cadence, pause = one.cadence, one.pause
    if cadence.paused:
        return [Para((*line(Strong(cadence.name), ": paused for everybody. It is for you "), *one.why, *line(".")))]
    does, label = ("me.resume", "Resume") if pause else ("me.pause", "Pause")
    button = Button(label, does, state=str(cadence.id), opens=True, describes=f"{label} {cadence.name}"[:75])
    return [
        Para((*line(Strong(cadence.name), f": {_next(shown, one)}. You are asked "), *one.why, *line("."))),
        Buttons((button,)),
    ]


def _next(shown: Asked, one: Asking) -> str:
    last = one.pause.last if one.pause else None
    if one.pause and last is None:
        return "you paused it, until you resume it"
    paused = f"you paused it until the end of {dated(last, shown.today)}; " if last else ""
    if one.next_at is None:
        return f"{paused}no date to come on which you could be asked"
    where = shown.member.zone_at(one.next_at)
    elsewhere = f" ({where.key})" if where != shown.member.zone else ""
    return f"{paused}next on {moment(one.next_at, where, shown.now)}{elsewhere}"


def who_sees() -> list[Line]:
    """Plain sentences about who can see what somebody chose here."""
    return [
        line("The summary of your team says that you were away, never why; Soundings keeps days and no reasons."),
        line("Your hours, your zone and what you paused are shown to nobody else."),
        line("The address of a calendar is stored encrypted. Admins see neither it nor the calendar."),
    ]


def home_line(shown: Asked) -> Line:
    """On the home, in one sentence: in which zone somebody is asked, or that they are away."""
    if shown.away(shown.today):
        return line(f"Being asked: {_away(shown)}.")
    return line(f"Being asked: in {zone_now(shown)}.")
