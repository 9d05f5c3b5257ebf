"""What is shown of a close beside a summary: a line for each cadence, and the card about people who were named one by
one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.screens import Block, Button, Buttons, Card, Facts, Para, Rule, Small
from handlers.summaries.closings import Told
from handlers.summaries.wording import names
from handlers.text import Line, Said, Strong, count, joined, line
from insights.closing import FEWEST, Closing
from storage.cadences import Cadence


def one_line(how: Closing) -> str:
    """How it closed: "2 of 3 people answered; away: 1"."""
    away = f"; away: {len(how.away)}" if how.away else ""
    if not how.asked:
        return f"nobody was there to answer{away}" if how.away else "nobody was asked"
    return f"{len(how.answered)} of {count(how.asked, 'person', 'people')} answered{away}"


def names_of(cadences: Sequence[Cadence]) -> Line:
    """Cadences by name: "Weekly check-in and Monday question"."""
    return joined([line(Said(one.name)) for one in cadences], " and ")


def card(found: Sequence[Told]) -> Card:
    """How cadences closed for people who were named one by one."""
    body = [block for one in found for block in _cadence(one)]
    return Card((*body, Rule(), Small(_why(found)), Buttons(tuple(_stop(found)))), "summaries.closed")


def muted(cadence: Cadence) -> Card:
    """After somebody chose not to be told of a cadence's closes."""
    return Card(
        (
            Para(line("You are not told any more when ", Said(cadence.name), " has closed.")),
            Buttons((Button("Tell me again", "summaries.tell", str(cadence.id)),)),
        )
    )


def telling(cadence: Cadence) -> Card:
    """After somebody chose to be told of a cadence's closes again."""
    return Card(
        (
            Para(line("You are told whenever ", Said(cadence.name), " has closed.")),
            Buttons((Button("Do not tell me", "summaries.tell_not", str(cadence.id)),)),
        )
    )


def muted_line(cadence: Cadence) -> Iterator[Block]:
    """On the home of somebody who is not told."""
    yield Para(line("You are not told when ", Said(cadence.name), " has closed."))
    describes = f"Tell me when {cadence.name} has closed"[:75]
    yield Buttons((Button("Tell me again", "summaries.tell", str(cadence.id), describes=describes),))


def _cadence(told: Told) -> Iterator[Block]:
    yield Para(line(Strong(f"{told.cadence.name} has closed"), _figures(told)))
    lists = (("Answered", told.how.answered), ("Did not answer", told.how.silent), ("Away", told.how.away))
    rows = [(label, [one for one in ids if one in told.people]) for label, ids in lists]
    if shown := tuple((label, names(told.people, ids)) for label, ids in rows if ids):
        yield Facts(shown)
    if told.opens:
        opens = (Button(name[:60], "checkins.open", str(key), opens=True) for name, key in told.opens)
        yield Buttons(tuple(opens))


def _figures(told: Told) -> str:
    """How many answered, as far as that names nobody; who was away is for those alone who may name them."""
    how = told.how
    if told.few:
        return f". Of those whom you see by name: {one_line(how)}." if how.asked or how.away else "."
    of_others = {*how.answered, *how.silent} - told.people.keys()
    return f": {one_line(replace(how, away=()) if of_others else how)}."


def _why(found: Sequence[Told]) -> Line:
    arranged = [one.cadence for one in found if one.arranged]
    managed = [one.cadence for one in found if not one.arranged]
    reasons = []
    if arranged:
        reasons.append(line("you arranged ", *names_of(arranged)))
    if managed:
        reasons.append(line("people of a team that you manage were asked by ", *names_of(managed)))
    only = f" You see names and check-ins where you may; of others how many answered, if at least {FEWEST} were asked."
    return line("Only you see this, because ", *joined(reasons, ", and "), f".{only if arranged else ''}")


def _stop(found: Sequence[Told]) -> Iterator[Button]:
    for one in found:
        label = "Do not tell me this" if len(found) == 1 else f"Do not tell me of {one.cadence.name}"[:75]
        yield Button(label, "summaries.tell_not", str(one.cadence.id))
