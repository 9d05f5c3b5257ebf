"""The quarter before the demo begins: played by its people at their seats, never written into tables.

Everything is drawn from seeds, so that the same weeks are always the same weeks.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox import phrases
from sandbox.company import GROUPS, KUDOS, PEOPLE, VALUES, WITH_MANAGER, Colleague, Group
from sandbox.people import Person
from sandbox.playhouse import Playhouse

WEEK = timedelta(days=7)
CARE = "Rider Care"
KUDOS_A_WEEK = 12
ADMIN = "max"
CADENCE = "Weekly check-in"
# Those who have not checked in for the last week yet: somebody must be left to try it as.
STILL_TO_COME = ("ana", "chloe", "felix", "yuki")

Deed = Callable[[Playhouse], Awaitable[None]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Event:
    """What somebody does at an instant."""

    at: datetime
    deed: Deed


def beginning(now: datetime, weeks: int) -> datetime:
    """The Monday morning, so many weeks ago, on which the history of a company begins."""
    monday = now.date() - timedelta(days=now.weekday())
    return datetime.combine(monday - WEEK * (weeks - 1), time(6), tzinfo=now.tzinfo)


async def play(
    house: Playhouse, weeks: int, until: datetime, progress: Progress | None = None, *, cadence: bool = True
) -> None:
    """Play so many weeks from the present of the house's clock until `until`; with a `cadence` people are asked."""
    start = house.clock.now()
    await set_up(house)
    if cadence:
        await arrange(house, [group.name for group in GROUPS])
    due = [one for one in events(start.date(), weeks) if start < one.at <= until]
    for number, event in enumerate(due, start=1):
        await house.pass_time(event.at)
        await event.deed(house)
        if progress:
            progress(number, len(due))
    await house.pass_time(until)


# -- the admin sets the company up -----------------------------------------------------------------------------------


async def set_up(house: Playhouse) -> None:
    """The admin opens Home and makes teams, questions, values and channels in the settings."""
    admin = house.person(ADMIN)
    await admin.opens_home()
    await admin.presses("Open settings", in_="home")
    for group in GROUPS:
        await make_team(admin, group)
    await ask_about_hard_weeks(admin)
    await give_care_its_own_questions(admin)
    await admin.presses("Kudos and values", in_="modal")
    await admin.fills({"Channel for public kudos": KUDOS, "Company values": "\n".join(f"{a}: {b}" for a, b in VALUES)})
    await admin.submits()
    await admin.closes()
    await house.settle()


async def arrange(house: Playhouse, teams: list[str]) -> str:
    """The admin has teams asked every Thursday at ten, until Friday evening; the dry run that was shown before."""
    admin = house.person(ADMIN)
    await admin.opens_home()
    await admin.presses("Cadences", in_="home")
    await admin.presses("New cadence", in_="modal")
    await admin.fills({"Name": CADENCE, "Teams": teams})
    await admin.submits()
    await admin.fills({"On which days": ["Thursday"], "Opens at": "10:00", "Closes": "The next day", "at": "18:00"})
    await admin.submits()
    dry_run = admin.modal_text
    await admin.submits()
    await admin.sees(f"{CADENCE} is saved.", in_="modal")
    await admin.closes()
    return dry_run


async def make_team(admin: Person, group: Group) -> None:
    """Make a team with its manager, members and channel."""
    await admin.presses("New team", in_="modal")
    await admin.fills(
        {
            "Name of the team": group.name,
            "Manager": group.manager,
            "Members": [one.name for one in PEOPLE if one.team == group.name],
            "Where check-ins are shown": group.shown,
            "Channel of the team": group.channel,
        }
    )
    await admin.submits()


async def add_question(admin: Person, answers: dict[str, object]) -> None:
    """Ask one more question in the set that is in front."""
    await admin.presses("Add a question", in_="modal")
    await admin.fills(answers)
    await admin.submits()


async def ask_about_hard_weeks(admin: Person) -> None:
    """The whole company is asked what made a week hard, if it was."""
    await admin.presses("Company questions", in_="modal")
    await add_question(
        admin,
        {
            "Question": "What made it hard?",
            "Kind of answer": "Long text",
            "Must it be answered?": False,
            "Ask it only after": "How was your week?",
            "when the answer was": "1, 2",
        },
    )
    await admin.presses("Back to settings", in_="modal")


async def give_care_its_own_questions(admin: Person) -> None:
    """One team is asked more than the others: a choice, a number, and a yes or no that another question follows."""
    await admin.presses(f"Questions of {CARE}", in_="modal")
    await admin.presses("Give this team its own", in_="modal")
    await add_question(
        admin,
        {
            "Question": "What took most of your time?",
            "Kind of answer": "One of several choices",
            "Must it be answered?": True,
            "Choices, one a line": "\n".join(phrases.TIME_WENT),
        },
    )
    await add_question(
        admin, {"Question": "How many riders did you help?", "Kind of answer": "Number", "Must it be answered?": False}
    )
    await add_question(
        admin,
        {"Question": "Is anybody still waiting for us?", "Kind of answer": "Yes or no", "Must it be answered?": True},
    )
    await add_question(
        admin,
        {
            "Question": "Who is waiting, and for what?",
            "Kind of answer": "Short text",
            "Must it be answered?": False,
            "Ask it only after": "Is anybody still waiting for us?",
            "when the answer was": "yes",
        },
    )
    await admin.presses("Back to settings", in_="modal")


# -- what the weeks bring --------------------------------------------------------------------------------------------


def events(monday: date, weeks: int) -> list[Event]:
    """All that happens in so many weeks from this Monday, in order."""
    return sorted(_weeks(monday, weeks), key=lambda one: one.at)


def _weeks(monday: date, weeks: int) -> Iterator[Event]:
    for number in range(weeks):
        last = number == weeks - 1
        for one in PEOPLE:
            if one.team and not (last and one.name in STILL_TO_COME):
                yield from _checkin(one, monday, number)
        yield from _kudos(monday, number)
        if last:
            yield Event(_local(monday, 2, 18, random.Random(number), "UTC"), everybody_reads)
        monday += timedelta(days=7)


async def everybody_reads(house: Playhouse) -> None:
    """Everybody looks into their channels, so that only what came since is unread."""
    for one in PEOPLE:
        seat = house.person(one.name).seat
        for channel in seat.look()["channels"]:
            seat.look(channel["id"])


def _checkin(one: Colleague, monday: date, number: int) -> Iterator[Event]:
    """A colleague's Thursday: most check in around ten, some late, some not at all; some think of more later."""
    chance = random.Random(f"check-in {number} {one.name}")
    if chance.random() < one.silence:
        return
    late = chance.random() < 0.15
    at = _local(monday, 4 if late else 3, 15 if late else 10, chance, one.zone)
    sheet = Sheet(one, number)
    yield Event(at, sheet.check_in)
    yield from _blocker(sheet, monday, at)
    if chance.random() < 0.06:
        yield Event(at + timedelta(minutes=chance.randint(5, 60)), sheet.think_of_more)


@dataclass(frozen=True)
class Sheet:
    """What a colleague answers in one week."""

    who: Colleague
    week: int

    @property
    def channel(self) -> str:
        """Where their team meets."""
        return next(group.channel for group in GROUPS if group.name == self.who.team)

    async def check_in(self, house: Playhouse) -> None:
        """Type /checkin, answer what is asked, send it, and answer what follows."""
        person = house.person(self.who.name)
        await person.types("/checkin", in_=self.channel)
        while asked := labels(person):
            await person.fills({label: said for label, said in self.answers().items() if label in asked})
            if await person.submits():
                raise AssertionError(f"{person.name} cannot send their check-in: {person.errors}")
        await person.closes()

    async def think_of_more(self, house: Playhouse) -> None:
        """Open it again and add a line."""
        person = house.person(self.who.name)
        await person.types("/checkin", in_=self.channel)
        await person.fills({"What did you get done?": f"{self.done}\nAnd cleared my desk"})
        while labels(person):
            await person.submits()
        await person.closes()

    @property
    def done(self) -> str:
        """What they got done, a line each."""
        said = phrases.DONE[self.who.team]
        return "\n".join(random.Random(f"done {self.week} {self.who.name}").sample(said, 2 if self.week % 3 else 1))

    def answers(self) -> dict[str, object]:
        """Answers by the label of their question; blockers and moods follow the person's usual ones."""
        team = self.who.team
        chance = random.Random(f"answers {self.week} {self.who.name}")
        answers: dict[str, object] = {
            "What did you get done?": self.done,
            "What is next?": chance.choice(phrases.PLAN[team]),
            "How was your week?": scale(min(5, max(1, round(chance.gauss(self.who.mood, 0.8))))),
            "What made it hard?": chance.choice(phrases.WHY_LOW),
            "What took most of your time?": chance.choice(phrases.TIME_WENT),
            "How many riders did you help?": str(chance.randint(8, 60)),
            "Is anybody still waiting for us?": chance.choice(("Yes", "No", "No")),
            "Who is waiting, and for what?": chance.choice(phrases.WAITING),
        }
        return answers | ({"Anything in your way?": self.blocker} if self.blocker else {})

    @property
    def blocker(self) -> str:
        """What is in the way, if anything is; nobody raises the same thing twice."""
        before = sum(_is_stuck(self.who, week) for week in range(self.week))
        own = random.Random(self.who.name).sample(pool := phrases.BLOCKERS[self.who.team], len(pool))
        return own[before] if before < len(own) and _is_stuck(self.who, self.week) else ""


def _is_stuck(one: Colleague, week: int) -> bool:
    return random.Random(f"in the way {week} {one.name}").random() < 0.15


def labels(person: Person) -> set[str]:
    """The labels of the inputs in front of somebody."""
    view = person.modal or {"blocks": []}
    return {block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}


def scale(number: int) -> str:
    """A step of the scale from 1 to 5, as the form shows it."""
    return {1: "1 – Hard", 5: "5 – Great"}.get(number, str(number))


def _blocker(sheet: Sheet, monday: date, raised: datetime) -> Iterator[Event]:
    """A manager usually sees on Friday what is in somebody's way, and mends it in the week after."""
    group = next(group for group in GROUPS if group.name == sheet.who.team)
    chance = random.Random(f"blocker {sheet.week} {sheet.who.name}")
    if sheet.blocker and sheet.who.name != group.manager and chance.random() < 0.75:
        zone = next(one.zone for one in PEOPLE if one.name == group.manager)
        care = Care(group, sheet.who.name, monday + timedelta(days=4))
        seen = max(_local(monday, 4, 16, chance, zone), raised + timedelta(minutes=20))
        yield Event(seen, care.acknowledge)
        if chance.random() < 0.8:
            yield Event(_local(monday, chance.randint(7, 9), 9, chance, zone), care.resolve)


@dataclass(frozen=True)
class Care:
    """A manager's care for what is in the way of somebody in their team, raised in the week that closed on a day."""

    group: Group
    whose: str
    closed: date

    async def acknowledge(self, house: Playhouse) -> None:
        """Press the blocker on the posted check-in, and take it on."""
        manager = house.person(self.group.manager)
        place = "dm" if self.group.shown == WITH_MANAGER else self.group.channel
        post = f"@{self.whose} checked in for {self.closed:%A} {self.closed.day} {self.closed:%B}"
        await manager.presses("1 blocker", near=post, in_=place)
        await house.settle()
        await manager.presses("Acknowledge", in_="ephemeral")

    async def resolve(self, house: Playhouse) -> None:
        """Open Home and press Resolve on what has waited longest."""
        manager = house.person(self.group.manager)
        await manager.opens_home()
        await manager.presses("Resolve", in_="home")


def _kudos(monday: date, number: int) -> Iterator[Event]:
    chance = random.Random(f"kudos {number}")
    for _ in range(KUDOS_A_WEEK):
        giver = chance.choice(PEOPLE)
        near = [one for one in PEOPLE if one.team == giver.team and one is not giver] or list(PEOPLE[1:])
        anybody = [one for one in PEOPLE if one is not giver]
        to = chance.sample(near if chance.random() < 0.6 and len(near) > 1 else anybody, chance.choice((1, 1, 1, 2)))
        at = _local(monday, chance.randint(0, 4), chance.randint(9, 16), chance, giver.zone)
        thanks = Thanks(
            giver.name, tuple(one.name for one in to), chance.choice(phrases.THANKS), chance.choice(VALUES)[0]
        )
        yield Event(at, thanks.fill_in if chance.random() < 0.3 else thanks.give)


@dataclass(frozen=True)
class Thanks:
    """Somebody's thanks to others, and the value that it shows."""

    giver: str
    to: tuple[str, ...]
    words: str
    value: str

    async def give(self, house: Playhouse) -> None:
        """Type /kudos with the names and the reason."""
        names = " ".join(f"@{name}" for name in self.to)
        await house.person(self.giver).types(f"/kudos {names} {self.words}", in_="general")

    async def fill_in(self, house: Playhouse) -> None:
        """Type /kudos alone, and fill the form in."""
        giver = house.person(self.giver)
        await giver.types("/kudos", in_="general")
        said = self.words.removeprefix("for ")
        said = said[0].upper() + said[1:]
        await giver.fills({"Who helped?": list(self.to), "What did they do": said, "Which of our values": self.value})
        await giver.submits()
        await giver.closes()


def _local(monday: date, day: int, hour: int, chance: random.Random, zone: str) -> datetime:
    """An instant some minutes after an hour of a day of that week, on somebody's own clock."""
    return datetime.combine(monday + timedelta(days=day), time(hour, chance.randint(0, 50)), tzinfo=ZoneInfo(zone))
