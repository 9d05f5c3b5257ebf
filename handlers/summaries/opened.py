"""What a line of a summary rests on: the answers, blockers or kudos behind it, each asked for again through access."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from handlers import access
from handlers.plain import line_text
from handlers.screens import Block, Button, Buttons, Facts, Form, Para, Small, Words
from handlers.summaries.wording import all_names, day, days_of, who
from handlers.text import Line, Said, Strong, When, count, joined, line
from handlers.turn import Turn, mention
from insights.digest import Digest, Period, from_json
from storage.blockers import Blocker
from storage.checkins import Answer, CheckIn
from storage.kudos import Kudos
from storage.members import Member
from storage.questions import Question
from storage.summaries import Summary

# What one page of a form holds: well below a platform's limits, even where every character is an emoji.
MOST_THINGS = 24
MOST_BLOCKS = 70
MOST_CHARACTERS = 12_000

# How a thing looks, by its id: None where this reader may not see it; left out where it is there no longer.
Drawn: TypeAlias = Mapping[int, tuple[Block, ...] | None]


@dataclass(frozen=True)
class Behind:
    """What is behind one line: the ids it counted, how to draw some of them, and what comes before them all."""

    title: str
    ids: Sequence[int]
    draw: Callable[[Sequence[int]], Drawn]
    top: tuple[Block, ...] = ()


def form(turn: Turn, summary: Summary, key: str, start: int) -> Form | None:
    """What the line with this key rests on, from the thing in this place on; None where there is no such line."""
    behind = _behind(turn, from_json(summary.facts), key)
    if behind is None:
        return None
    return page(behind, Period(summary.first, summary.last), summary.made_at, f"{summary.id} {key}", start)


def page(behind: Behind, period: Period, made_at: datetime, state: str, start: int) -> Form:
    """As many things as fit, and a button for those that follow; `state` is what that button carries."""
    total = len(behind.ids)
    start = start if 0 <= start < total else 0
    end, body = _filled(behind, start)
    shown = f"{start + 1} to {end} of {total:,}. " if end - start < total else ""
    return Form(
        does="summaries.opened",
        title=behind.title,
        body=(
            Small(line(shown, days_of(period), ", from the summary made ", When(made_at), ".")),
            *(behind.top if start == 0 else ()),
            *body,
            *_turning(state, start, end, total),
        ),
        submit="",
        close="Close",
    )


def _behind(turn: Turn, facts: Digest, key: str) -> Behind | None:
    scales = {f"scale-{fact.question_id}": fact for fact in facts.scales}
    if key == "checkins":
        draw = partial(_checkins, turn, lambda question: True)
        return Behind("Check-ins", facts.checkins, draw, _took_part(turn, facts))
    if key == "done":
        return Behind("What moved", facts.done, partial(_checkins, turn, lambda question: question.part == "done"))
    if key == "blockers":
        return Behind("Blockers", [fact.id for fact in facts.blockers], partial(_blockers, turn))
    if key == "kudos":
        return Behind("Kudos", facts.kudos.ids, partial(_kudos, turn))
    if key in scales:
        fact = scales[key]
        draw = partial(_checkins, turn, lambda question: question.id == fact.question_id)
        return Behind("Answers", fact.checkins, draw)
    return None


# -- check-ins -------------------------------------------------------------------------------------------------------


def _took_part(turn: Turn, facts: Digest) -> tuple[Block, ...]:
    took = facts.participation
    lists = (
        ("Did not check in", took.missed),
        ("Not yet", took.waiting),
        ("Checked in", took.checked_in),
        ("Of these, late", took.late),
        ("Away", took.away),
    )
    people = turn.store.members.by_ids(one for _, ids in lists for one in ids)
    rows = tuple((f"{label} ({len(ids)})", all_names(people, ids)) for label, ids in lists if ids)
    return (Facts(rows),) if rows else ()


def _checkins(turn: Turn, wanted: Callable[[Question], bool], ids: Sequence[int]) -> Drawn:
    store, found = turn.store, turn.store.checkins.by_ids(ids)
    seen = {one.id for one in found if access.may_see_checkin(store, turn.actor, one)}
    questions = store.questions.by_ids({answer.question_id for one in found for answer in one.answers})
    people = store.members.by_ids(one.member_id for one in found)
    chosen = {key: question for key, question in questions.items() if wanted(question)}
    return {one.id: tuple(checkin_blocks(one, chosen, people)) if one.id in seen else None for one in found}


def checkin_blocks(
    checkin: CheckIn, questions: Mapping[int, Question], people: Mapping[int, Member]
) -> Iterator[Block]:
    """A check-in's answers to these questions."""
    yield Para(line(who(people, checkin.member_id), f", check-in of {day(checkin.occurrence)}"))
    given = [(questions[one.question_id], one) for one in checkin.answers if one.question_id in questions]
    author = people.get(checkin.member_id)
    for question, one in given:
        if one.words:
            yield Small(line(question.words))
            yield Words(one.words, by=mention(author) if author else None)
        else:
            yield Para(line(Strong(question.words), " ", *_figure(question, one)))


def _figure(question: Question, answer: Answer) -> Line:
    if answer.score is None:
        return line(Said(", ".join(answer.chosen))) if answer.chosen else line("no answer")
    if question.kind == "yes_no":
        return line("yes" if answer.score else "no")
    scale = f" on {question.low} to {question.high}" if question.kind == "scale" else ""
    return line(f"{answer.score:,.15g}{scale}")


# -- blockers and kudos ----------------------------------------------------------------------------------------------


def _blockers(turn: Turn, ids: Sequence[int]) -> Drawn:
    store, found = turn.store, turn.store.blockers.by_ids(set(ids))
    seen = {one.id for one in found if access.may_see_blocker(store, turn.actor, one)}
    people = store.members.by_ids(key for one in found for key in (one.member_id, one.owner_id))
    return {one.id: tuple(_blocker(turn, one, people)) if one.id in seen else None for one in found}


def _blocker(turn: Turn, blocker: Blocker, people: Mapping[int, Member]) -> Iterator[Block]:
    author = people.get(blocker.member_id)
    age = count(blocker.days(turn.now), "day")
    yield Para(line(f"{age}, {blocker.state}, owner ", who(people, blocker.owner_id)))
    yield Words(blocker.words, by=mention(author) if author else None)
    if blocker.state != "resolved" and access.may_change_blocker(turn.store, turn.actor, blocker):
        about = f"Take care of it or resolve it: {blocker.words[:40]}"
        yield Buttons((Button("Take care of it", "blockers.show", str(blocker.checkin_id), describes=about),))


def _kudos(turn: Turn, ids: Sequence[int]) -> Drawn:
    store = turn.store
    found = [one for one in store.kudos.by_ids(set(ids)) if one.taken_back_at is None]
    seen = {one.id for one in found if access.may_see_kudos(store, turn.actor, one)}
    people = store.members.by_ids(key for one in found for key in (one.giver_id, *one.to))
    return {one.id: tuple(_thanks(one, people)) if one.id in seen else None for one in found}


def _thanks(kudos: Kudos, people: Mapping[int, Member]) -> Iterator[Block]:
    giver = people.get(kudos.giver_id)
    thanked = joined([line(who(people, one)) for one in kudos.to])
    yield Para(line("To ", *thanked, ", ", When(kudos.given_at, "date")))
    yield Words(kudos.words, by=mention(giver) if giver else None)


# -- pages -----------------------------------------------------------------------------------------------------------


def _filled(behind: Behind, start: int) -> tuple[int, list[Block]]:
    """The place after the last thing that fits, at least one from `start` on, and the blocks of those that do."""
    ids = behind.ids[start : start + MOST_THINGS]
    drawn = behind.draw(ids)
    body: list[Block] = []
    length = hidden = gone = 0
    end = start
    for key in ids:
        blocks = drawn.get(key, ())
        more = sum(_length(block) for block in blocks or ())
        if end > start and (len(body) + len(blocks or ()) > MOST_BLOCKS or length + more > MOST_CHARACTERS):
            break
        body.extend(blocks or ())
        length, hidden, gone, end = length + more, hidden + (blocks is None), gone + (key not in drawn), end + 1
    return end, [*body, *_left_out(hidden, gone)]


def _length(block: Block) -> int:
    match block:
        case Words():
            return len(block.said)
        case Para():
            return len(line_text(block.line))
        case _:
            return 100


def _left_out(hidden: int, gone: int) -> Iterator[Block]:
    if hidden:
        yield Small(line(f"{_more(hidden)} counted, but not shown: private to the people concerned."))
    if gone:
        yield Small(line(f"{_more(gone)} counted, but taken back since the summary was made."))


def _more(number: int) -> str:
    return "1 more is" if number == 1 else f"{number:,} more are"


def _turning(state: str, start: int, end: int, total: int) -> Iterator[Block]:
    buttons = []
    if end < total:
        buttons.append(Button(f"Next, from {end + 1}", "summaries.open", f"{state} {end}", opens=True))
    if start:
        buttons.append(Button("From the start", "summaries.open", f"{state} 0", opens=True))
    if buttons:
        yield Buttons(tuple(buttons))
