"""What the settings' forms hold, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from handlers.reading import Reader
from handlers.setup.choices import DAYS, KINDS, PARTS, SHARES
from storage.civil import is_zone, minutes
from storage.members import Member
from storage.places import find_place
from storage.questions import Question

MOST_CHOICES = 100
LONGEST_CHOICE = 75
WIDEST_SCALE = 10
MOST_BUDGET = 14
# Each takes three lines of the settings' form and one or two of the check-in's.
MOST_QUESTIONS = 25


@dataclass(frozen=True)
class TeamForm:
    """A team as somebody wants it."""

    team_id: int | None
    name: str
    manager: Member | None
    members: list[Member]
    share: str
    channel: str
    closes_on: int
    closes_at: time
    errors: dict[str, str] = field(default_factory=dict)


def read_team(read: Reader) -> TeamForm:
    """Read a team's form; what will not do is named in `errors`."""
    share, channel, day = read.choice("share"), read.choice("channel"), read.choice("closes_on")
    form = TeamForm(
        team_id=int(read.state) if read.state.isdecimal() else None,
        name=read.text("name", required=True, most=60),
        manager=next(iter(read.members("manager")), None),
        members=read.members("members"),
        share=share if share in SHARES else "manager",
        channel=channel,
        closes_on=int(day) if day.isdecimal() and int(day) < len(DAYS) else 4,
        closes_at=minutes(read.choice("closes_at")) or time(18),
        errors=read.errors,
    )
    if form.share != "manager" and not channel:
        form.errors["channel"] = "Please pick the channel in which check-ins are to be shown."
    if form.manager is None and "manager" not in form.errors:
        form.errors["manager"] = "Please pick who manages this team."
    for name, people in (("manager", [form.manager] if form.manager else []), ("members", form.members)):
        wrong = [one.name for one in people if one.kind == "bot" or not one.active]
        if wrong:
            form.errors[name] = f"{', '.join(wrong)}: bots and deactivated people cannot be in a team."
    return form


@dataclass(frozen=True)
class QuestionForm:
    """A question as somebody wants it."""

    team_id: int | None
    question_id: int | None
    words: str
    kind: str
    details: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


def read_question(read: Reader) -> QuestionForm:
    """Read a question's form; what will not do is named in `errors`. What it follows is checked by `check_set`."""
    team, _, question = read.state.partition(":")
    kind, part = read.choice("kind"), read.choice("part").replace("-", "")
    options = tuple(dict.fromkeys(one.strip() for one in read.text("options").splitlines() if one.strip()))
    low, high = _whole(read, "low", 0, 100), _whole(read, "high", 0, 100)
    follows = read.choice("follows")
    words = read.text("words", required=True, most=300)
    errors = read.errors
    if kind not in KINDS:
        errors["kind"] = "Please pick a kind of answer."
    if kind in ("choice", "choices"):
        if len(options) < 2:
            errors["options"] = "Please write at least two choices, one a line."
        elif len(options) > MOST_CHOICES:
            errors["options"] = f"{len(options)} choices are too many; {MOST_CHOICES} fit."
        elif longest := next((one for one in options if len(one) > LONGEST_CHOICE), ""):
            errors["options"] = f"“{longest[:20]}…” is too long; a choice has at most {LONGEST_CHOICE} characters."
    if kind == "scale":
        if not {"low", "high"} & errors.keys() and (low is None or high is None or low >= high):
            errors["high"] = "Please give a scale a low end and a higher one, such as 1 and 5."
        elif low is not None and high is not None and high - low > WIDEST_SCALE:
            errors["high"] = f"A scale has at most {WIDEST_SCALE + 1} steps."
    if part == "mood" and kind != "scale":
        errors["part"] = "How somebody feels is asked on a scale."
    if part in ("done", "plan", "blockers") and kind not in ("short", "long"):
        errors["part"] = "This needs an answer in words."
    details = {
        "required": read.flag("required"),
        "hint": read.text("hint", most=300),
        "options": options,
        "low": low if low is not None else 1,
        "high": high if high is not None else 5,
        "low_words": read.text("low_words", most=40),
        "high_words": read.text("high_words", most=40),
        "part": part if part in PARTS else "",
        "follows": int(follows) if follows.isdecimal() else None,
        "when": tuple(one.strip() for one in read.text("when").splitlines() if one.strip()),
    }
    team_id = int(team) if team.isdecimal() else None
    return QuestionForm(team_id, int(question) if question.isdecimal() else None, words, kind, details, errors)


def check_set(form: QuestionForm, asked: list[Question]) -> None:
    """Check a question against the set it stands in, and word the answers it follows as that question words them."""
    if form.question_id is None and len(asked) >= MOST_QUESTIONS:
        form.errors["words"] = f"These are {len(asked)} questions already, and nobody has time for more."
    _check_followed(form, asked)
    _check_follows(form, asked)


def _check_follows(form: QuestionForm, asked: list[Question]) -> None:
    follows = form.details["follows"]
    trigger = next((one for one in asked if one.id == follows), None)
    if follows is None:
        form.details["when"] = ()
    elif trigger is None:
        form.errors["follows"] = "That question is asked no longer. Please pick another."
    elif form.question_id in _leading_to(trigger, asked):
        form.errors["follows"] = "That question is itself asked only after this one. Please pick another."
    else:
        possible = possible_answers(trigger.kind, trigger.low, trigger.high, trigger.options)
        named = named_answers(form.details["when"], possible)
        form.details["when"] = named
        if not named:
            form.errors["when"] = f"Please name one or more of these, one a line: {', '.join(possible)[:300]}."


def _check_followed(form: QuestionForm, asked: list[Question]) -> None:
    """What is asked after certain answers to this question must stay reachable."""
    details = form.details
    possible = possible_answers(form.kind, details["low"], details["high"], details["options"])
    for one in asked:
        if form.question_id is not None and one.follows == form.question_id and not set(one.when) & set(possible):
            form.errors["kind"] = (
                f"“{one.words[:100]}” is asked only after the answer {' or '.join(one.when)[:100]} to this question. "
                "Please keep that answer, or first change the other question."
            )


def _leading_to(question: Question, asked: list[Question]) -> set[int]:
    """The question, and all it comes after."""
    by_id = {one.id: one for one in asked}
    found: set[int] = set()
    at: Question | None = question
    while at is not None and at.id not in found:
        found.add(at.id)
        at = by_id.get(at.follows) if at.follows else None
    return found


def named_answers(lines: tuple[str, ...], possible: tuple[str, ...]) -> tuple[str, ...]:
    """The possible answers that these lines name, whatever the case; a line may name several, with commas between.

    Nothing where a line names anything else.
    """
    exact = {one.casefold(): one for one in possible}
    found: list[str] = []
    for row in lines:
        parts = [row] if row.casefold() in exact else [part.strip() for part in row.split(",") if part.strip()]
        if any(part.casefold() not in exact for part in parts):
            return ()
        found += [exact[part.casefold()] for part in parts]
    return tuple(dict.fromkeys(found))


def possible_answers(kind: str, low: int, high: int, options: tuple[str, ...]) -> tuple[str, ...]:
    """What can be answered to a question that others may follow."""
    if kind == "yes_no":
        return ("yes", "no")
    if kind == "scale":
        return tuple(str(number) for number in range(low, high + 1))
    return options if kind in ("choice", "choices") else ()


@dataclass(frozen=True)
class KudosForm:
    """How somebody wants kudos to work."""

    channel: str
    least: int
    weekly: int
    guests: bool
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


def read_kudos(read: Reader) -> KudosForm:
    """Read the form about kudos; what will not do is named in `errors`."""
    least, weekly = _whole(read, "least", 1, 500), _whole(read, "weekly", 1, 500)
    for name, number in (("least", least), ("weekly", weekly)):
        if number is None:
            read.errors.setdefault(name, "Please write a whole number.")
    values: dict[str, str] = {}
    for row in read.text("values").splitlines():
        name, _, says = row.partition(":")
        if name.strip():
            values[name.strip()] = says.strip()
    if any(len(name) > LONGEST_CHOICE for name in values):
        read.errors["values"] = f"The name of a value has at most {LONGEST_CHOICE} characters; a colon ends it."
    elif len(values) > MOST_CHOICES - 1:
        read.errors["values"] = f"At most {MOST_CHOICES - 1} values, please."
    return KudosForm(read.choice("channel"), least or 15, weekly or 10, read.flag("guests"), values, read.errors)


@dataclass(frozen=True)
class WorkspaceForm:
    """What somebody wants to hold for the whole workspace."""

    zone: str
    budget: int = 4
    working_days: str = "1111100"
    quiet: str = ""
    holidays: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def read_workspace(read: Reader) -> WorkspaceForm:
    """Read the form about the workspace; what will not do is named in `errors`."""
    zone = read.text("zone", required=True, most=60)
    if zone and not is_zone(zone):
        read.errors["zone"] = "No such time zone. A name looks like Europe/Lisbon or America/New_York."
    budget = _whole(read, "budget", 0, MOST_BUDGET)
    if budget is None:
        read.errors.setdefault("budget", "Please write a whole number.")
    chosen = read.choices("working_days")
    days = "".join("1" if str(day) in chosen else "0" for day in range(len(DAYS)))
    if "1" not in days:
        read.errors["working_days"] = "Please choose at least one day."
    place = read.text("holidays", most=80)
    found = find_place(place) if place else ""
    if found is None:
        read.errors["holidays"] = "No such place is known. Please write a country such as Portugal, or a region of it."
    return WorkspaceForm(zone, budget or 0, days, _quiet(read), found or "", read.errors)


def _quiet(read: Reader) -> str:
    """The quiet hours as a span; empty where both ends are the same."""
    span = []
    for name in ("quiet_from", "quiet_to"):
        at = minutes(read.choice(name))
        if at is None:
            read.errors[name] = "Please choose a time of day."
        span.append(f"{at or time(0):%H:%M}")
    return "" if span[0] == span[1] else "-".join(span)


def _whole(read: Reader, name: str, low: int, high: int) -> int | None:
    """A whole number, or None where none was written; what is no such number gets a sentence."""
    number = read.number(name, low=low, high=high)
    if number is None or number.is_integer():
        return None if number is None else int(number)
    read.errors.setdefault(name, "Please write a whole number, such as 3.")
    return None
