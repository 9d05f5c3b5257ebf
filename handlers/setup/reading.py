"""What the settings' forms hold, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from handlers.reading import Reader
from handlers.setup.screens import DAYS, KINDS, PARTS, SHARES
from storage.civil import is_zone, minutes
from storage.members import Member
from storage.questions import Question

MOST_CHOICES = 100
LONGEST_CHOICE = 75
WIDEST_SCALE = 10


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
    """Read a question's form; what will not do is named in `errors`. What it follows is checked by `check_follows`."""
    team, _, question = read.state.partition(":")
    kind, part = read.choice("kind"), read.choice("part").replace("-", "")
    options = tuple(dict.fromkeys(one.strip() for one in read.text("options").splitlines() if one.strip()))
    low, high = read.number("low", low=0, high=100), read.number("high", low=0, high=100)
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
        if low is None or high is None or low >= high:
            errors["high"] = "Please give a scale a low end and a higher one, such as 1 and 5."
        elif high - low > WIDEST_SCALE:
            errors["high"] = f"A scale has at most {WIDEST_SCALE + 1} steps."
    if part == "mood" and kind != "scale":
        errors["part"] = "How somebody feels is asked on a scale."
    if part in ("done", "plan", "blockers") and kind not in ("short", "long"):
        errors["part"] = "This needs an answer in words."
    details = {
        "required": read.flag("required"),
        "hint": read.text("hint", most=300),
        "options": options,
        "low": int(low) if low is not None else 1,
        "high": int(high) if high is not None else 5,
        "low_words": read.text("low_words", most=40),
        "high_words": read.text("high_words", most=40),
        "part": part if part in PARTS else "",
        "follows": int(follows) if follows.isdecimal() else None,
        "when": tuple(one.strip() for one in read.text("when").replace("\n", ",").split(",") if one.strip()),
    }
    team_id = int(team) if team.isdecimal() else None
    return QuestionForm(team_id, int(question) if question.isdecimal() else None, words, kind, details, errors)


def check_follows(form: QuestionForm, asked: list[Question]) -> None:
    """Check that what a question follows is asked, and that its answer could be one of those named."""
    follows, when = form.details["follows"], form.details["when"]
    if follows is None:
        return
    trigger = next((one for one in asked if one.id == follows), None)
    if trigger is None or follows == form.question_id:
        form.errors["follows"] = "That question is asked no longer. Please pick another."
        return
    possible = possible_answers(trigger)
    strange = [one for one in when if one.casefold() not in {key.casefold() for key in possible}]
    if not when or strange:
        form.errors["when"] = f"Please name one or more of: {', '.join(possible)[:300]}."


def possible_answers(question: Question) -> tuple[str, ...]:
    """What can be answered to a question that others may follow."""
    if question.kind == "yes_no":
        return ("yes", "no")
    if question.kind == "scale":
        return tuple(str(number) for number in range(question.low, question.high + 1))
    return question.options


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
    least, weekly = read.number("least", low=1, high=500), read.number("weekly", low=1, high=500)
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
    return KudosForm(
        read.choice("channel"), int(least or 15), int(weekly or 10), read.flag("guests"), values, read.errors
    )


@dataclass(frozen=True)
class WorkspaceForm:
    """What somebody wants to hold for the whole workspace."""

    zone: str
    errors: dict[str, str] = field(default_factory=dict)


def read_workspace(read: Reader) -> WorkspaceForm:
    """Read the form about the workspace; what will not do is named in `errors`."""
    zone = read.text("zone", required=True, most=60)
    if zone and not is_zone(zone):
        read.errors["zone"] = "No such time zone. A name looks like Europe/Lisbon or America/New_York."
    return WorkspaceForm(zone, read.errors)
