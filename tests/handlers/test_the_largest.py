"""Somebody for whom everything is at its largest, and whose pages fit on Slack all the same.

Max is an admin, manages every team, is asked by every cadence, and has lately given, received and been held up by more
than anybody could read. Every word is as long as it may be, in letters that take the most room.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.slack import cards
from bot.slack.limits import SLACK
from handlers import plain
from handlers.fitting import fit
from handlers.screens import Buttons, Card, Form, Home, Screen
from sandbox.slack.rules import Problem, check_message, check_view
from storage.cadences import Cadence
from storage.checkins import Answer
from storage.engine import Storage
from storage.members import Listed, Member
from storage.recurrence import Recurrence, Timing
from storage.store import Store
from tests.asked import prompt_for
from tests.gallery import seen
from tests.handlers.seats import Room, Seat

pytestmark = pytest.mark.long

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
MANY = 40  # of each thing: more than any page shows at once
WIDE = "🙂"
LONG = WIDE * 3000
NOT_SHOWN = "not shown here"
MOST_NEEDED = (
    "How it works",
    "Answer",
    "Skip this time",
    "Pause...",
    "Resume",
    "Check in",
    "Give kudos",
    "When I am asked",
    "About me and my data",
    "Team summary: ",
    "Cadences",
    "Open settings",
    "What is going on",
)


def named(what: str, number: int, most: int = 60) -> str:
    """A name of the greatest length, that no other has."""
    return f"{what} {number} ".ljust(most, WIDE)


@pytest.fixture
def max_(storage: Storage) -> Seat:
    room = Room(storage)
    with room.store() as store:
        for number in range(MANY):
            store.members.keep(Listed(f"P{number}", named("Person", number, 80), "Asia/Tokyo"))
        store.members.keep(Listed("MAX", named("Max", 0, 80), "Pacific/Auckland", admin=True))
        max_ = _member(store)
        _arrange(store, max_)
        _say(store, max_)
        _thank(store, max_)
        _hold_up(store)
    return room.people("Max")[0]


def _member(store: Store) -> Member:
    found = store.members.by_key("MAX")
    assert found
    return found


def _arrange(store: Store, max_: Member) -> None:
    """Teams, whose summaries Max has muted, and cadences, of which each asks and some are paused."""
    teams = [store.teams.add(named("Team", number), manager_id=max_.id, channel="C1") for number in range(MANY)]
    store.members.set_team([one.id for one in store.members.people()], teams[0].id)
    for one in teams:
        store.mutes.add_team(max_.id, one.id)
    store.change_settings(kudos_channel="C2")
    daily = Recurrence(MONDAY, weekdays=tuple(range(7)))
    for number in range(MANY):
        cadence = store.cadences.add(
            Cadence(0, named("Cadence", number), daily, timing=Timing(minutes=120), made_by=max_.id)
        )
        store.mutes.add_cadence(max_.id, cadence.id)
        if number % 2:
            store.absences.add(max_.id, MONDAY, None, "pause", cadence.id)
        closes = store.now + timedelta(days=2 + number)
        prompt = prompt_for(store, cadence.id, max_.id, MONDAY, MONDAY + DAY, "UTC", store.now, closes)
        assert prompt
        store.prompts.mark_sent(prompt.id)
        if number % 3 == 0:
            store.prompts.snooze(prompt.id, store.now + timedelta(hours=1))
    store.absences.set_calendar_file(max_.id, "https://files.slack.com/calendar.ics")
    store.absences.calendars_to_read(store.now, 1)
    store.absences.replace_calendar(max_.id, None, store.now, named("It is not a calendar, since", 0, 300))
    for number in range(MANY):
        store.absences.add(max_.id, MONDAY + number * 2 * DAY, MONDAY + number * 2 * DAY)


def _say(store: Store, max_: Member) -> None:
    """Check-ins that were late and corrected since, with all that stands in the way, and a draft."""
    asked = [store.questions.add(named("Question", number, 300), "long", hint=LONG[:300]) for number in range(25)]
    for number in range(MANY):
        day = MONDAY - number * DAY
        closes = store.now - (number + 1) * DAY
        for words in (LONG, LONG[:2999]):
            answers = [Answer(one, words=words) for one in asked]
            checkin = store.checkins.share(max_.id, max_.team_id, day, closes, answers)
    store.blockers.raise_for(
        checkin.id, max_.id, None, [named("Blocker", number, 3000) for number in range(MANY)], new=True
    )


def _thank(store: Store, max_: Member) -> None:
    people = [one.id for one in store.members.people() if one.id != max_.id][:25]
    value = store.kudos.add_value(named("Value", 0, 75), LONG[:300])
    for number in range(MANY):
        for giver, to in ((max_.id, people), (people[0], [max_.id, *people[1:]])):
            source = f"kudos {number} of {giver}"
            store.kudos.give(giver, to, LONG, value_id=value, public=False, source=source)


def _hold_up(store: Store) -> None:
    """What could not be sent, for many reasons, and why nothing goes out now."""
    for number in range(MANY):
        store.deliveries.queue("member", f"P{number}", {}, key=str(number))
        (taken,) = store.lanes.take("courier", timedelta(minutes=1))
        store.lanes.give_up(taken, "dead", f"Reason {number}. {LONG}")
    store.deliveries.queue("member", "P0", {}, key="waits")
    store.lanes.take("courier", timedelta(minutes=1))
    store.lanes.park(f"Somebody revoked the token. {LONG}")


def problems(screen: Screen) -> list[Problem]:
    """What Slack would say against it."""
    whole = seen.drawn(screen)
    return check_message(whole) if isinstance(screen, Card) else check_view(whole)


def drawn(screen: Screen) -> str:
    """All that Slack is given to show, as one text."""
    return str(seen.drawn(screen))


def words_of(room: Room, checkin_id: int) -> set[str]:
    """All that stands in a check-in now."""
    with room.store() as store:
        checkin = store.checkins.by_id(checkin_id)
        assert checkin
        return {one.words for one in checkin.answers}


def labels(home: Home) -> list[str]:
    """The buttons that are left once the home was made to fit."""
    rows = [block["elements"] for block in cards.home(home)["blocks"] if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def pressed_from(seat: Seat, screen: Home | Form) -> Iterator[tuple[str, Form | Card]]:
    """Each screen to which one press on a screen leads; of buttons that do the same, the first is pressed."""
    rows = [block.buttons for block in screen.body if isinstance(block, Buttons)]
    for button in {button.does: button for row in reversed(rows) for button in reversed(row)}.values():
        seat.form = seat.card = None
        seat.press(button.does, button.state)
        if shown := seat.form or seat.card:
            yield f"{button.label} ({button.does})", shown


def test_the_home_fits_leaves_a_way_on_and_says_where_the_rest_is(max_: Seat) -> None:
    home = max_.home()
    assert problems(home) == []
    assert NOT_SHOWN not in drawn(home)
    found = labels(home)
    assert [one for one in MOST_NEEDED if not any(label.startswith(one) for label in found)] == []
    said = plain.text(home)
    for sentence in (
        "And 36 more, which come up here as these are answered.",
        "And 17 more, under “When I am asked”.",
        "And 35 more, which come up here as these are resolved.",
        "You manage 37 more teams; type /team-summary and the name of one.",
        "The same goes for 38 more cadences, which come up here as you undo these.",
        "Your calendar could not be read: ",
        "All I have received",
        "All I have given",
    ):
        assert sentence in said


def test_every_page_that_the_home_leads_to_fits_and_so_does_what_these_lead_to(max_: Seat) -> None:
    first = dict(pressed_from(max_, max_.home()))
    pages = {name: page for name, page in first.items() if isinstance(page, Form)}
    further = {f"{name}, {then}": at for name, page in pages.items() for then, at in pressed_from(max_, page)}
    shown = first | further
    assert len(shown) > len(MOST_NEEDED)
    assert {name: problems(screen) for name, screen in shown.items() if problems(screen)} == {}
    assert "the latest 12 of 25 changes; all of them are kept" in plain.text(first["Open (checkins.open)"])
    # Only who reads or corrects 75,000 such letters at once is told that not all of it can be shown.
    short = [name for name, screen in shown.items() if NOT_SHOWN in drawn(screen)]
    assert [name for name in short if "(checkins.open)" not in name and "(checkins.correct)" not in name] == []


def test_who_corrects_what_is_too_long_for_one_form_loses_none_of_it(max_: Seat) -> None:
    with max_.room.store() as store:
        checkin = store.checkins.of_member(_member(store).id)[0]
    before = words_of(max_.room, checkin.id)
    max_.press("checkins.correct", checkin.id)
    assert max_.form
    max_.form = fit(max_.form, SLACK, cards.size)
    first = max_.inputs()[0]
    assert first.value.endswith("…"), "it is shown shortened"
    max_.typed[first.name] = "Short by now"
    max_.sends()
    assert max_.errors == {}
    assert words_of(max_.room, checkin.id) == before | {"Short by now"}
