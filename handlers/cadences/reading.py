"""A cadence as its forms word it, read and checked: each thing that will not do gets a sentence beside its input."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise

from handlers import zones
from handlers.access import may_arrange
from handlers.cadences.choices import CLOSES, LATE, NUDGES, RHYTHMS, WINDOWS, is_time
from handlers.cadences.typed import NO_HOLIDAYS, ONE_PLACE, OWN_HOLIDAYS, STEPS, rhythm_key
from handlers.feature import Feature
from handlers.reading import Reader, as_id
from storage.cadences import Audience, Cadence
from storage.members import Member
from storage.places import find_place
from storage.recurrence import DAY, Recurrence, Timing
from storage.store import Store

LONGEST_NAME = 60
FURTHEST = 2 * 366 * DAY
# So many dates are looked at for the shortest time between two of them: more than two years of any rhythm.
DATES = 40


@dataclass(frozen=True)
class Wanted:
    """A cadence as somebody wants it, and by input name what will not do."""

    cadence: Cadence
    errors: dict[str, str] = field(default_factory=dict)

    def of_step(self, step: str) -> dict[str, str]:
        """What will not do in one step."""
        return {name: words for name, words in self.errors.items() if name in STEPS[step]}

    @property
    def first_step(self) -> str:
        """The first step in which something will not do; none where all is well."""
        return next((step for step in STEPS if self.of_step(step)), "")


def asking(features: tuple[Feature, ...]) -> list[tuple[str, str]]:
    """What can be put on a cadence: the names of features, and what each asks."""
    return [(one.name, one.asks) for one in features if one.prompt]


def read_cadence(read: Reader, before: Cadence, actor: Member, features: tuple[Feature, ...], today: date) -> Wanted:
    """The cadence that these values make of `before`, which has the id 0 where it is new."""
    what = before.feature if before.id else read.choice("what")
    if what not in dict(asking(features)):
        read.errors["what"] = "Please choose what is asked."
    wanted = replace(
        before,
        name=read.text("name", required=True, most=LONGEST_NAME),
        feature=what,
        audience=_audience(read, actor),
        recurrence=_recurrence(read, before, today),
        timing=_timing(read, before.timing),
        holidays=_holidays(read),
        most_late=_whole(read, "most_late", LATE, before.most_late),
    )
    if any(one.name.casefold() == wanted.name.casefold() and one.id != before.id for one in read.store.cadences.all()):
        read.errors.setdefault("name", "There is a cadence of this name already.")
    _check_times(read, wanted)
    _check_dates(read, wanted.recurrence, today)
    return Wanted(wanted, read.errors)


def _audience(read: Reader, actor: Member) -> Audience:
    store, everybody = read.store, read.flag("everybody")
    chosen = [store.teams.by_id(as_id(one)) for one in read.choices("teams")]
    teams = [one for one in chosen if one]
    people, without = read.members("people"), read.members("without")
    if len(teams) < len(chosen):
        read.errors["teams"] = "One of these teams is gone. Please choose again."
    if not everybody and not chosen and not people:
        read.errors["teams"] = "Please choose at least one team, or people below."
    if wrong := [one.name for one in people if one.kind == "bot" or not one.active]:
        read.errors["people"] = f"{', '.join(wrong)}: bots and deactivated people cannot be asked."
    if everybody and not actor.admin:
        read.errors["everybody"] = "Only an admin can arrange something for the whole workspace."
    if others := [one.name for one in teams if not _may(store, actor, Audience(teams=(one.id,)))]:
        read.errors["teams"] = f"{', '.join(others)}: you do not manage this. An admin can arrange it."
    if strangers := [one.name for one in people if not _may(store, actor, Audience(members=(one.id,)))]:
        read.errors["people"] = f"{', '.join(strangers)}: not in a team of yours. An admin can arrange it."
    return Audience(
        everybody, tuple(one.id for one in teams), tuple(one.id for one in people), tuple(one.id for one in without)
    )


def _may(store: Store, actor: Member, audience: Audience) -> bool:
    return may_arrange(store, actor, audience)


def _recurrence(read: Reader, before: Cadence, today: date) -> Recurrence:
    days = tuple(sorted({int(one) for one in read.choices("weekdays") if one in tuple("0123456")}))
    if not days:
        read.errors["weekdays"] = "Please choose at least one day."
    rhythm = read.choice("rhythm")
    if rhythm not in (*RHYTHMS, rhythm_key(before.recurrence)):
        read.errors["rhythm"] = "Please choose how often."
        rhythm = "1:0"
    every, _, nth = rhythm.partition(":")
    starts, ends = read.date("starts_on"), read.date("ends_on")
    if starts is None:
        read.errors.setdefault("starts_on", "Please pick the day from which people are asked.")
    elif starts != before.recurrence.starts_on and not date(2000, 1, 1) <= starts <= today + FURTHEST:
        read.errors["starts_on"] = "Please pick a day within the next two years."
        starts = None
    return Recurrence(starts or today, days or before.recurrence.weekdays, int(every), int(nth), ends)


def _timing(read: Reader, before: Timing) -> Timing:
    named = read.text("zone", most=60)
    found = zones.find(named)
    if named and not found.zone:
        read.errors.setdefault("zone", unknown_zone(found.near))
    return Timing(
        _time(read, "at", before.at),
        found.zone,
        _whole(read, "window", WINDOWS, before.minutes),
        _whole(read, "closes_after", CLOSES, before.closes_after),
        _time(read, "closes_at", before.closes_at),
        _whole(read, "nudges", NUDGES, before.nudges),
    )


def _holidays(read: Reader) -> str:
    chosen, place = read.choice("holidays"), read.text("place", most=80)
    if chosen == NO_HOLIDAYS:
        return ""
    if chosen == ONE_PLACE:
        found = find_place(place)
        if found is None:
            read.errors["place"] = UNKNOWN_PLACE
        return found or ""
    if chosen != OWN_HOLIDAYS:
        read.errors["holidays"] = "Please choose one of these."
    return "own"


UNKNOWN_PLACE = "No such place is known. Please write a country such as Portugal, or a region such as Bavaria or DE-BY."


def _check_times(read: Reader, wanted: Cadence) -> None:
    timing, day = wanted.timing, date(2026, 3, 2)
    opens = datetime.combine(day, timing.at)
    sent = opens + timing.minutes * timedelta(minutes=1)
    closes = datetime.combine(timing.closes_on(day), timing.closes_at)
    if closes <= opens:
        read.errors.setdefault("closes_at", f"It opens at {timing.at:%H:%M}. Please let it close later than that.")
    elif sent.date() > day:
        read.errors.setdefault("window", "This would run past midnight. Please open earlier, or spread it less.")
    elif sent >= closes:
        read.errors.setdefault("window", "This would run up to the close. Please close later, or spread it less.")
    if wanted.recurrence.weekdays and closes - opens > (gap := shortest_gap(wanted.recurrence)):
        read.errors.setdefault(
            "closes_after", f"The next one opens {_days(gap)} after it. Please let this one close before that."
        )


def _check_dates(read: Reader, recurrence: Recurrence, today: date) -> None:
    ends = recurrence.ends_on
    if ends is None or "starts_on" in read.errors:
        return
    if ends < recurrence.starts_on:
        read.errors.setdefault("ends_on", "This is before the start. Please pick a later day, or none.")
    elif ends < today:
        read.errors.setdefault("ends_on", "This day is over. To stop asking now, end the cadence in the list.")
    elif recurrence.next_from(today) is None:
        read.errors.setdefault("ends_on", "Nobody would be asked before this day. Please pick a later one, or none.")


def shortest_gap(recurrence: Recurrence) -> timedelta:
    """The shortest time between two dates of a recurrence, whenever it ends."""
    dates = islice(replace(recurrence, ends_on=None).from_day(recurrence.starts_on), DATES)
    return min(later - earlier for earlier, later in pairwise(dates))


def unknown_zone(near: tuple[str, ...]) -> str:
    """What is said of a time zone that nobody knows, with the names that may have been meant."""
    if near:
        return f"No such time zone. Perhaps {' or '.join(near)}?"
    return "No such time zone. Any large city will do, such as Lisbon; empty is each member's own time."


def _time(read: Reader, name: str, before: time) -> time:
    given = read.choice(name)
    if is_time(given):
        return time.fromisoformat(given)
    read.errors[name] = "Please choose a time of day."
    return before


def _whole(read: Reader, name: str, choices: dict[str, str], before: int) -> int:
    given = read.choice(name)
    if given in (*choices, str(before)):
        return int(given)
    read.errors[name] = "Please choose one of these."
    return before


def _days(gap: timedelta) -> str:
    return "a day" if gap == DAY else "a week" if gap == 7 * DAY else f"{gap.days} days"
