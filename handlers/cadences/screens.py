"""The forms in which a cadence is arranged, the list of them, and their part of the home. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.cadences import choices, typed
from handlers.cadences.typed import Which
from handlers.interaction import Value
from handlers.paging import turning
from handlers.screens import (
    Block,
    Button,
    Buttons,
    ChoiceInput,
    Confirm,
    DateInput,
    Form,
    Heading,
    Input,
    Option,
    Para,
    PeopleInput,
    Rule,
    Small,
    TextInput,
    Toggle,
)
from handlers.starts import CADENCES
from handlers.text import Line, Said, Strong, When, count, line
from storage.cadences import Cadence
from storage.teams import Team

CADENCES_A_PAGE = 20
BACK = Button("Back to the list", "cadences.open", opens=True)
FROM_DRAFT = "This is filled with what you typed before and did not save."
OWN_TEAMS = "You can arrange this for the teams you manage, and for people in them."


@dataclass(frozen=True)
class Listed:
    """What the list tells of a cadence. `next_at` is None where it asks nobody any more."""

    cadence: Cadence
    asks: str
    audience: Line
    when: str
    next_at: datetime | None = None


# -- the list --------------------------------------------------------------------------------------------------------


def overview(
    shown: Sequence[Listed], *, page: int = 0, admin: bool = True, note: str = "", begun: bool = False
) -> Form:
    """All cadences that somebody may arrange, a page of them at a time."""
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    if not shown:
        body.append(
            Para(line("Nobody is asked by itself yet. A cadence asks people on the days and at the time you choose."))
        )
    for one in shown[page * CADENCES_A_PAGE : (page + 1) * CADENCES_A_PAGE]:
        body += _listed(one)
    body += turning(
        "cadences.open", page, more=len(shown) > (page + 1) * CADENCES_A_PAGE, labels=("Earlier ones", "More of them")
    )
    body.append(Rule())
    buttons = [Button("New cadence", "cadences.edit", opens=True, style="primary")]
    if begun:
        body.append(Small(line("You began a new cadence and did not save it. It is kept for you.")))
        buttons.append(Button("Forget what I began", "cadences.forget", opens=True))
    body.append(Buttons(tuple(buttons)))
    if not admin:
        body.append(Small(line(OWN_TEAMS)))
    return Form("cadences.shown", "Cadences", tuple(body), submit="", close="Close")


def _listed(one: Listed) -> list[Block]:
    cadence = one.cadence
    state = str(cadence.id)
    what = line(Strong(cadence.name), f" · {one.asks} · ", *one.audience)
    pause = (
        Button("Resume", "cadences.resume", state, opens=True, describes=f"Resume {cadence.name}")
        if cadence.paused
        else Button("Pause", "cadences.pause", state, opens=True, describes=f"Pause {cadence.name}")
    )
    return [
        Para(what),
        Small(line(f"{one.when}. ", *standing(one))),
        Buttons(
            (
                Button("Edit", "cadences.edit", state, opens=True, describes=f"Edit {cadence.name}"),
                Button("Next 14 days", "cadences.ahead", state, opens=True, describes=f"Look ahead for {cadence.name}"),
                pause,
                Button(
                    "End",
                    "cadences.end",
                    state,
                    opens=True,
                    style="danger",
                    describes=f"End {cadence.name}",
                    confirm=Confirm(
                        "End this cadence?",
                        "Nobody is asked by it any more, and it leaves this list. What is open can still be answered "
                        "until it closes; answers already given stay.",
                        "End it",
                    ),
                ),
            )
        ),
    ]


def standing(one: Listed) -> Line:
    """What a cadence is doing: paused, over, or when it asks next."""
    if one.cadence.paused:
        return line("Paused: nobody is asked until it is resumed.")
    if one.next_at is None:
        return line("Over: no day is left on which it asks.")
    return line("Next: ", When(one.next_at), " for you.")


# -- the steps -------------------------------------------------------------------------------------------------------


def whom_form(
    which: Which,
    values: Mapping[str, Value],
    asks: Sequence[tuple[str, str]],
    teams: Sequence[Team],
    *,
    admin: bool,
    notice: str = "",
) -> Form:
    """The first step: what is asked, and of whom."""
    body: list[Block | Input] = _noticed(notice)
    if which.cadence_id:
        label = dict(asks).get(typed.text(values, "what"), "nothing any more")
        body.append(Para(line("It asks: ", Strong(label))))
    else:
        body.append(
            ChoiceInput(
                "what",
                "What is asked",
                tuple(Option(name, label[: choices.LONGEST_LABEL]) for name, label in asks),
                typed.keys(values, "what"),
            )
        )
    body.append(
        TextInput(
            "name",
            "Name",
            typed.text(values, "name"),
            hint="Everybody who is asked reads it: “You get this because of …”.",
            placeholder="Such as Weekly check-in",
            most=60,
        )
    )
    if admin:
        body.append(
            Toggle(
                "everybody",
                "For whom",
                "Everybody in this workspace",
                on=values.get("everybody") is True,
                hint="Guests and bots are not among them. Or choose teams and people:",
            )
        )
    if teams:
        chosen = typed.keys(values, "teams")
        body.append(ChoiceInput("teams", "Teams", choices.teams(teams), chosen, many=True, required=False))
    body += [
        PeopleInput("people", "People", typed.keys(values, "people"), many=True, required=False),
        PeopleInput("without", "But not", typed.keys(values, "without"), many=True, required=False),
    ]
    if not admin:
        body.append(Small(line(OWN_TEAMS)))
    body.append(Buttons((BACK,)))
    return _step("whom", which, "New cadence" if not which.cadence_id else "Cadence", body)


def when_form(which: Which, values: Mapping[str, Value], *, notice: str = "") -> Form:
    """The second step: on which days, from when to when."""
    at, closes_at = typed.text(values, "at"), typed.text(values, "closes_at")
    body: list[Block | Input] = [
        *_noticed(notice),
        ChoiceInput("weekdays", "On which days", choices.weekdays(), typed.keys(values, "weekdays"), many=True),
        _choice("rhythm", "How often", choices.RHYTHMS, values),
        ChoiceInput("at", "Opens at", choices.times(at), (at,)),
        TextInput(
            "zone",
            "By the clock of one time zone",
            typed.text(values, "zone"),
            required=False,
            hint="Leave it empty for each member's own time. Or name a city, such as Lisbon.",
            most=60,
        ),
        _choice("window", "Sent", choices.WINDOWS, values),
        _choice("closes_after", "Closes", choices.CLOSES, values),
        ChoiceInput("closes_at", "at", choices.times(closes_at), (closes_at,)),
        _choice("nudges", "Reminders to those who have not answered", choices.NUDGES, values),
        Buttons((_change("Back", "whom", which),)),
    ]
    return _step("when", which, "When", body)


def finer_form(which: Which, values: Mapping[str, Value], *, notice: str = "") -> Form:
    """A step that most can leave out: start and end, public holidays, and what happens to what is late."""
    body: list[Block | Input] = [
        *_noticed(notice),
        DateInput(
            "starts_on",
            "From",
            typed.day(values, "starts_on"),
            hint="Weeks and months are counted from the one that this day is in.",
        ),
        DateInput("ends_on", "Until", typed.day(values, "ends_on"), required=False, hint="Empty: without end."),
        _choice("holidays", "Public holidays", choices.HOLIDAYS, values),
        TextInput(
            "place",
            "Place of the public holidays",
            typed.text(values, "place"),
            required=False,
            hint="A country such as Portugal or PT, or one of its regions such as Bavaria or DE-BY.",
            most=80,
        ),
        _choice(
            "most_late",
            "Not sent any more when it would be",
            choices.LATE,
            values,
            hint="After an outage nobody is asked about a morning long gone.",
        ),
        Buttons((_change("Back", "when", which),)),
    ]
    return _step("finer", which, "Start, end, holidays", body)


def _choice(
    name: str, label: str, offered: Mapping[str, str], values: Mapping[str, Value], *, hint: str = ""
) -> ChoiceInput:
    chosen = typed.text(values, name)
    return ChoiceInput(name, label, choices.options(offered, chosen), (chosen,) if chosen else (), hint=hint)


def _change(label: str, step: str, which: Which) -> Button:
    return Button(label, f"cadences.back_to_{step}", which.state, opens=True)


def _noticed(notice: str) -> list[Block | Input]:
    return [Para(line(notice))] if notice else []


def _step(step: str, which: Which, title: str, body: Sequence[Block | Input]) -> Form:
    return Form(f"cadences.{step}", title, tuple(body), submit="Go on", state=which.state, keeps=True)


# -- the home --------------------------------------------------------------------------------------------------------


def home_blocks(coming: Sequence[tuple[datetime, Cadence]], *, others: bool = False) -> list[Block]:
    """The part of the home for those who may arrange cadences: how many ask, and which is next.

    `others` says that there are cadences which somebody else looks after.
    """
    body: list[Block] = [Rule(), Heading("Cadences")]
    if not coming and others:
        body.append(Para(line("You arranged none. An admin looks after those that ask people of several teams.")))
    elif not coming:
        body.append(Para(line("Nobody is asked by itself. Arrange what is asked, of whom and when.")))
    else:
        at, first = min(coming, key=lambda one: one[0])
        many = count(len(coming), "cadence")
        body.append(Para(line(f"{many} in use. Next: ", Said(first.name), ", ", When(at), ".")))
    body.append(Buttons((CADENCES,)))
    return body
