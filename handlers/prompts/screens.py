"""What people see around a prompt, and in its place once they have put it off: pure functions from data to screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.screens import Block, Button, Buttons, Card, DateInput, Form, Heading, Para, Rule, Small
from handlers.starts import WHEN_ASKED
from handlers.text import Line, Mention, Said, Strong, When, count, joined, line
from storage.cadences import Cadence
from storage.prompts import Prompt

MOST_WAITING = 4
MOST_PAUSED = 3


@dataclass(frozen=True)
class Asked:
    """A prompt with its cadence, and when it may be put off to: None where it has closed by then."""

    prompt: Prompt
    cadence: Cadence
    in_an_hour: datetime | None = None
    tomorrow: datetime | None = None

    @property
    def state(self) -> str:
        """What its buttons carry."""
        return str(self.prompt.id)


# -- around what is asked --------------------------------------------------------------------------------------------


def around(asked: Asked, why: Line, also: Sequence[str] = (), *, reminder: bool) -> tuple[Block, ...]:
    """Below what is asked: how to put it off, leave it out or pause it, why it came, and what else it answers."""
    first = "This is a reminder. " if reminder else ""
    closes = line("It closes ", When(asked.prompt.closes_at), ". To get no more of these, press Pause.")
    both = line("Your answer also goes to ", *_names(also), ". ") if also else line()
    return (Buttons((*_later(asked), _skip(asked), _pause(asked))), Small(line(first, *why, *both, *closes)))


def why_it_came(cadence: Cadence, by: Mention | None, whom: str) -> Line:
    """Why somebody gets this: which cadence, whose, and for whom it is. `whom` is a team's name, or empty for all."""
    arranged = line(", which ", by, " arranged") if by else line(", which is")
    audience = line(" for ", Said(whom)) if whom else line(" for everybody here")
    return line("You get this because of ", Said(cadence.name), *arranged, *audience, ". ")


def waiting_too(others: Sequence[Asked], budget: int) -> tuple[Block, ...]:
    """What else is open for somebody, and was put off so as not to ask too much of them."""
    if not others:
        return ()
    shown = tuple(
        Button(one.cadence.name[:60], "prompts.show", one.state, describes=f"Answer {one.cadence.name}"[:75])
        for one in others[:MOST_WAITING]
    )
    what = f"put off because of your budget of {count(budget, 'prompt')} a week. Answer if you like:"
    return (Rule(), Para(line(Strong("Waiting for you too"), ", ", what)), Buttons(shown))


# -- in its place ----------------------------------------------------------------------------------------------------


def snoozed(asked: Asked, until: datetime) -> Card:
    """After "In an hour" or "Tomorrow"."""
    return Card(
        (
            Para(line("You will be asked again ", When(until), ". ", *_it_closes(asked))),
            Buttons((_again(asked, "Ask me now"), _skip(asked))),
        )
    )


def cannot_wait(asked: Asked, how_long: str) -> Card:
    """For somebody who would put it off until after its close: what is possible instead."""
    at = When(asked.prompt.closes_at)
    return Card(
        (
            Para(line(Said(asked.cadence.name), " closes ", at, f", so it cannot wait {how_long}.")),
            Para(line("You can answer it now, or leave it out this time.")),
            Buttons((_again(asked, "Ask me now"), *_later(asked), _skip(asked))),
        )
    )


def skipped(asked: Asked, following: date | None, with_it: Sequence[str] = ()) -> Card:
    """After "Skip this time". `with_it` names what the same message stood for."""
    comes = (
        f"It comes again on {following:%A} {following.day} {following:%B}." if following else "It was the last time."
    )
    return Card(
        (
            Para(line("You are not asked for ", *_names([asked.cadence.name, *with_it]), f" this time. {comes}")),
            Buttons((_again(asked, "Ask me after all"), _pause(asked))),
        )
    )


def paused(cadence: Cadence, until: date | None) -> Card:
    """After a pause was set."""
    return Card(
        (
            Para(line(Said(cadence.name), f" is paused for you {_how_long(until)}.")),
            Small(line("In summaries you count as away, not as somebody who did not answer. No reason is shown.")),
            Buttons((Button("Resume", "prompts.resume", str(cadence.id)),)),
        )
    )


def resumed(cadence: Cadence, still_open: Sequence[Asked]) -> Card:
    """After a pause was ended."""
    body: list[Block] = [Para(line(Said(cadence.name), " asks you again from now on."))]
    body += [Buttons((_again(one, "Ask me now"),)) for one in still_open[:1]]
    return Card((*body, Buttons((Button("Pause...", "prompts.pause_cadence", str(cadence.id), opens=True),))))


def answered(asked: Asked) -> Card:
    """For a press on a prompt that was answered."""
    at = asked.prompt.answered_at
    when = line(": ", When(at)) if at else line()
    return Card(
        (
            Para(
                line("You have answered ", Said(asked.cadence.name), *when, ". Nothing is left to put off. Thank you.")
            ),
            Small(line("What you gave stands on Soundings' home, where you can change it until it closes.")),
        )
    )


def closed(asked: Asked) -> Card:
    """For a press on a prompt that has closed, and takes no answer any more."""
    return Card(
        (
            Para(line(Said(asked.cadence.name), " closed ", When(asked.prompt.closes_at), ".")),
            Small(line("Nothing is wrong: the next one comes by itself.")),
        )
    )


def left_out(asked: Asked) -> Card:
    """For a press on a prompt that the member is not asked any more, for a reason of theirs or of the calendar's."""
    return Card(
        (Para(line("You are not asked for ", Said(asked.cadence.name), " this time, so there is nothing to do.")),)
    )


def nothing_left(asked: Asked) -> Card:
    """Where the feature has nothing to ask any more."""
    return Card((Para(line("There is nothing to answer any more for ", Said(asked.cadence.name), ".")),))


def pause_form(cadence: Cadence, until: date | None = None) -> Form:
    """For how long somebody does not want to be asked."""
    return Form(
        "prompts.pause",
        "Pause",
        (
            Para(line(Said(cadence.name), " does not reach you while it is paused. In summaries you count as away.")),
            DateInput(
                "until",
                "Until",
                until,
                required=False,
                hint="The last day of the pause. Leave it empty to pause until you say otherwise.",
            ),
        ),
        submit="Pause",
        state=str(cadence.id),
    )


# -- home ------------------------------------------------------------------------------------------------------------


def home_blocks(open_now: Sequence[Asked], now: datetime, budget: int) -> list[Block]:
    """What somebody was asked and has not answered, on their home."""
    if not open_now:
        return []
    body: list[Block] = [Heading("You are asked")]
    for asked in open_now[:MOST_WAITING]:
        body.append(Para(line(Strong(asked.cadence.name), " ", *_standing(asked, now, budget))))
        show = Button("Answer", "prompts.show", asked.state, describes=f"Answer {asked.cadence.name}"[:75])
        body.append(Buttons((show, *_later(asked), _skip(asked), _pause(asked))))
    if len(open_now) > MOST_WAITING:
        body.append(
            Small(line(f"And {len(open_now) - MOST_WAITING:,} more, which come up here as these are answered."))
        )
    return body


def paused_blocks(paused: Sequence[tuple[Cadence, date | None]]) -> list[Block]:
    """What somebody has paused, on their home."""
    body: list[Block] = []
    for cadence, until in paused[:MOST_PAUSED]:
        body.append(Para(line(Said(cadence.name), f" is paused for you {_how_long(until)}.")))
        body.append(
            Buttons((Button("Resume", "prompts.resume", str(cadence.id), describes=f"Resume {cadence.name}"[:75]),))
        )
    if len(paused) > MOST_PAUSED:
        body.append(Small(line(f"And {len(paused) - MOST_PAUSED:,} more, under “{WHEN_ASKED.label}”.")))
    return body


def _how_long(until: date | None) -> str:
    return f"until {until:%A} {until.day} {until:%B}" if until else "until you say otherwise"


def _standing(asked: Asked, now: datetime, budget: int) -> Line:
    closes = line("closes ", When(asked.prompt.closes_at), ".")
    until = asked.prompt.snoozed_until
    if until and until > now:
        return line(*closes, " You will be asked again ", When(until), ".")
    if asked.prompt.state == "put_off" and asked.prompt.why == "hours":
        return line(*closes, " You got no message, since it closes before your next working hours.")
    if asked.prompt.state == "put_off" and asked.prompt.why == "same":
        return line(*closes, " It shares a message with another: one answer goes to both.")
    if asked.prompt.state == "put_off":
        return line(*closes, f" It was put off because of your budget of {count(budget, 'prompt')} a week.")
    return closes


# -- buttons ---------------------------------------------------------------------------------------------------------


def _names(some: Sequence[str]) -> Line:
    return joined([line(Said(one)) for one in some])


def _later(asked: Asked) -> list[Button]:
    """The ways to be asked later that are possible still."""
    ways = (("In an hour", "prompts.hour", asked.in_an_hour), ("Tomorrow", "prompts.tomorrow", asked.tomorrow))
    return [Button(label, does, asked.state) for label, does, moment in ways if moment]


def _skip(asked: Asked) -> Button:
    return Button("Skip this time", "prompts.skip", asked.state, describes=f"Skip {asked.cadence.name} this time"[:75])


def _pause(asked: Asked) -> Button:
    label = f"Pause {asked.cadence.name}"[:75]
    return Button("Pause...", "prompts.pause_cadence", str(asked.cadence.id), opens=True, describes=label)


def _again(asked: Asked, label: str) -> Button:
    return Button(label, "prompts.back", asked.state)


def _it_closes(asked: Asked) -> Line:
    return line(Said(asked.cadence.name), " closes ", When(asked.prompt.closes_at), ".")
