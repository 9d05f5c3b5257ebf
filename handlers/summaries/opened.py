"""What a line of a summary rests on: the answers, blockers or kudos behind it, each asked for again through access."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import access
from handlers.plain import line_text
from handlers.screens import Block, Button, Buttons, Facts, Form, Para, Small, Words
from handlers.summaries.wording import all_names, day, days_of, who
from handlers.text import Line, Said, When, count, joined, line
from handlers.turn import Turn, mention
from insights.digest import Digest, Period, from_json
from storage.blockers import Blocker
from storage.checkins import Answer, CheckIn
from storage.kudos import Kudos
from storage.members import Member
from storage.questions import Question
from storage.summaries import Summary

# What one page of a form holds: well below a platform's limits, even where every character is an emoji.
MOST_BLOCKS = 70
MOST_CHARACTERS = 12_000


@dataclass(frozen=True)
class Behind:
    """The blocks behind one line; how many things may not be shown to this reader, and how many are gone since."""

    title: str
    blocks: tuple[Block, ...]
    hidden: int = 0
    gone: int = 0


def form(turn: Turn, summary: Summary, key: str, page: int) -> Form | None:
    """What the line with this key rests on, one page of it; None where the summary has no such line."""
    behind = _behind(turn, from_json(summary.facts), key)
    if behind is None:
        return None
    return drawn(behind, Period(summary.first, summary.last), summary.made_at, f"{summary.id} {key}", page)


def drawn(behind: Behind, period: Period, made_at: datetime, state: str, page: int) -> Form:
    """One page of what is behind a line; `state` is what the buttons that turn pages carry."""
    pages = _pages(behind.blocks)
    page = min(max(page, 1), len(pages))
    return Form(
        does="summaries.opened",
        title=behind.title,
        body=(
            Small(line(days_of(period), ", from the summary made ", When(made_at), ".")),
            *pages[page - 1],
            *_left_out(behind),
            *_turning(state, page, len(pages)),
        ),
        submit="",
        close="Close",
    )


def _behind(turn: Turn, facts: Digest, key: str) -> Behind | None:
    scales = {f"scale-{fact.question_id}": fact for fact in facts.scales}
    if key == "checkins":
        return _checkins(turn, facts)
    if key == "done":
        return _answers(turn, "What moved", facts.done, lambda question: question.part == "done")
    if key == "blockers":
        return _blockers(turn, [fact.id for fact in facts.blockers])
    if key == "kudos":
        return _kudos(turn, facts.kudos.ids)
    if key in scales:
        fact = scales[key]
        return _answers(turn, "Answers", fact.checkins, lambda question: question.id == fact.question_id)
    return None


# -- check-ins -------------------------------------------------------------------------------------------------------


def _checkins(turn: Turn, facts: Digest) -> Behind:
    found = _answers(turn, "Check-ins", facts.checkins, lambda question: True)
    took = facts.participation
    lists = (("Did not check in", took.missed), ("Not yet", took.waiting), ("Checked in", took.checked_in))
    people = turn.store.members.by_ids(one for _, ids in lists for one in ids)
    rows = tuple((f"{label} ({len(ids)})", all_names(people, ids)) for label, ids in lists if ids)
    return Behind(found.title, (Facts(rows), *found.blocks) if rows else found.blocks, found.hidden, found.gone)


def _answers(turn: Turn, title: str, ids: Sequence[int], wanted: Callable[[Question], bool]) -> Behind:
    found = turn.store.checkins.by_ids(ids)
    seen = [one for one in found if access.may_see_checkin(turn.store, turn.actor, one)]
    questions = turn.store.questions.by_ids({answer.question_id for one in seen for answer in one.answers})
    people = turn.store.members.by_ids(one.member_id for one in seen)
    chosen = {key: question for key, question in questions.items() if wanted(question)}
    blocks = tuple(block for one in seen for block in checkin_blocks(one, chosen, people))
    return Behind(title, blocks, len(found) - len(seen), len(ids) - len(found))


def checkin_blocks(
    checkin: CheckIn, questions: Mapping[int, Question], people: Mapping[int, Member]
) -> Iterator[Block]:
    """A check-in's answers to these questions."""
    yield Para(line(who(people, checkin.member_id), f", check-in of {day(checkin.occurrence)}"))
    given = [(questions[one.question_id], one) for one in checkin.answers if one.question_id in questions]
    figures = [(question.words, _figure(question, one)) for question, one in given if not one.words]
    if figures:
        yield Facts(tuple(figures))
    author = people.get(checkin.member_id)
    for question, one in given:
        if one.words:
            yield Small(line(question.words))
            yield Words(one.words, by=mention(author) if author else None)


def _figure(question: Question, answer: Answer) -> Line:
    if answer.score is None:
        return line(Said(", ".join(answer.chosen))) if answer.chosen else line("no answer")
    if question.kind == "yes_no":
        return line("yes" if answer.score else "no")
    scale = f" on {question.low} to {question.high}" if question.kind == "scale" else ""
    return line(f"{answer.score:g}{scale}")


# -- blockers and kudos ----------------------------------------------------------------------------------------------


def _blockers(turn: Turn, ids: Sequence[int]) -> Behind:
    found = {one.id: one for one in turn.store.blockers.by_ids(set(ids))}
    seen = [found[key] for key in ids if key in found and access.may_see_blocker(turn.store, turn.actor, found[key])]
    people = turn.store.members.by_ids(key for one in seen for key in (one.member_id, one.owner_id))
    blocks = tuple(block for one in seen for block in _blocker(turn, one, people))
    return Behind("Blockers", blocks, len(found) - len(seen), len(ids) - len(found))


def _blocker(turn: Turn, blocker: Blocker, people: Mapping[int, Member]) -> Iterator[Block]:
    author = people.get(blocker.member_id)
    age = count(blocker.days(turn.now), "day")
    yield Para(line(f"{age}, {blocker.state}, owner ", who(people, blocker.owner_id)))
    yield Words(blocker.words, by=mention(author) if author else None)


def _kudos(turn: Turn, ids: Sequence[int]) -> Behind:
    found = [one for one in turn.store.kudos.by_ids(set(ids)) if one.taken_back_at is None]
    seen = [one for one in found if access.may_see_kudos(turn.store, turn.actor, one)]
    people = turn.store.members.by_ids(key for one in seen for key in (one.giver_id, *one.to))
    blocks = tuple(block for one in seen for block in _thanks(one, people))
    return Behind("Kudos", blocks, len(found) - len(seen), len(ids) - len(found))


def _thanks(kudos: Kudos, people: Mapping[int, Member]) -> Iterator[Block]:
    giver = people.get(kudos.giver_id)
    thanked = joined([line(who(people, one)) for one in kudos.to])
    yield Para(line("To ", *thanked, ", ", When(kudos.given_at, "date")))
    yield Words(kudos.words, by=mention(giver) if giver else None)


# -- pages -----------------------------------------------------------------------------------------------------------


def _pages(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """The blocks in pages, at least one; a heading of an item may end a page, words are never cut."""
    pages: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        length = _length(block)
        if pages[-1] and (len(pages[-1]) >= MOST_BLOCKS or size + length > MOST_CHARACTERS):
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += length
    return [tuple(page) for page in pages]


def _length(block: Block) -> int:
    match block:
        case Words():
            return len(block.said)
        case Facts():
            return sum(len(label) + len(line_text(value)) for label, value in block.rows)
        case _:
            return 100


def _left_out(behind: Behind) -> Iterator[Block]:
    if not behind.blocks and not behind.hidden and not behind.gone:
        yield Para(line("There is nothing to show here."))
    if behind.hidden:
        yield Small(line(f"{_more(behind.hidden)} counted, but not shown: private to the people concerned."))
    if behind.gone:
        yield Small(line(f"{_more(behind.gone)} counted, but taken back since the summary was made."))


def _more(number: int) -> str:
    return "1 more is" if number == 1 else f"{number:,} more are"


def _turning(state: str, page: int, pages: int) -> Iterator[Block]:
    if pages == 1:
        return
    yield Small(line(f"Page {page} of {pages}."))
    buttons = [Button("Next page", "summaries.open", f"{state} {page + 1}", opens=True)] if page < pages else []
    if page > 1:
        buttons.append(Button("Page before", "summaries.open", f"{state} {page - 1}", opens=True))
    yield Buttons(tuple(buttons))
