"""The sheet: what stands before somebody who fills in a check-in, whatever they open it for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import defaults
from handlers.checkins import answers
from handlers.checkins.rhythm import Rhythm, Weekly, follows, rhythm_of
from handlers.interaction import Value
from handlers.turn import Turn
from storage.checkins import Answer, CheckIn
from storage.civil import local_date
from storage.prompts import Prompt
from storage.questions import Question
from storage.store import Store
from storage.teams import Team


@dataclass(frozen=True)
class Page:
    """What a form carries: its occurrence, and the ids of the questions on it and on the steps before it."""

    day: date
    asked: tuple[int, ...] = ()
    before: tuple[int, ...] = ()

    @property
    def state(self) -> str:
        """As a form's state."""
        return "/".join((self.day.isoformat(), _listed(self.asked), _listed(self.before)))

    @staticmethod
    def read(state: str) -> Page | None:
        """The page behind a state, or None where it is none of ours."""
        try:
            day, asked, before = state.split("/")
            return Page(date.fromisoformat(day), _ids(asked), _ids(before))
        except ValueError:
            return None


@dataclass(frozen=True)
class Sheet:
    """A check-in as its member may fill it in now.

    `typed` is by input name: what stands, and over it what was typed and not sent, which is kept under the name
    `draft`. `orphans` are words whose question no longer exists.
    """

    day: date
    closes_at: datetime
    team: Team | None
    questions: tuple[Question, ...]
    typed: Mapping[str, Value]
    draft: str
    standing: CheckIn | None = None
    from_draft: bool = False
    orphans: tuple[str, ...] = ()

    def closed(self, now: datetime) -> bool:
        """Whether what changes from here on is a correction."""
        return now >= self.closes_at

    def value(self, question: Question) -> Value:
        """What the form holds for this question."""
        return self.typed.get(answers.input_name(question.id))

    def with_ids(self, ids: Iterable[int]) -> list[Question]:
        """The questions with these ids, in the order of the sheet."""
        wanted = set(ids)
        return [one for one in self.questions if one.id in wanted]

    def first_step(self) -> list[Question]:
        """The questions that depend on no other."""
        return answers.roots(self.questions, {name for name, value in self.typed.items() if value})


def current_day(turn: Turn) -> date:
    """The occurrence that `/checkin` is about.

    It is the one that the member was asked for and has not answered, the one that stands open, or the next to close.
    """
    store, actor = turn.store, turn.actor
    asked = next((one for one in open_prompts(turn) if not store.checkins.find(actor.id, one.closes_on)), None)
    if asked:
        return asked.closes_on
    standing = store.checkins.open_of(actor.id)
    if standing:
        return standing.occurrence
    rhythm = _rhythm(turn)
    day = rhythm.next_after(turn.now)
    while day and store.checkins.find(actor.id, day):
        # It stands and is closed: the rhythm, or the member's zone, was changed since.
        day = rhythm.next_after(rhythm.close_of(day))
    return day or _weekly(turn).next_after(turn.now)


def open_prompts(turn: Turn) -> list[Prompt]:
    """What the actor was asked for by check-ins on a cadence and has not answered, the first to close first."""
    asking = turn.store.cadences.ids_of_feature("checkins")
    return [one for one in turn.store.prompts.open_of(turn.actor.id) if one.cadence_id in asking] if asking else []


def prompts_of(turn: Turn, day: date) -> list[Prompt]:
    """What the actor was asked for by check-ins on a cadence that close on this day, answered or not."""
    asking = turn.store.cadences.ids_of_feature("checkins")
    found = turn.store.prompts.closing_of(turn.actor.id, day) if asking else []
    return [one for one in found if one.cadence_id in asking]


def may_fill(turn: Turn, sheet: Sheet) -> bool:
    """Whether words for this occurrence can still be taken: it stands, is open, or was the last to close.

    So a form that was opened in time, or a message that asked for this occurrence, is not turned away for being late,
    until the next one has closed as well.
    """
    asked_for = {one.closes_on for one in open_prompts(turn)}
    if sheet.standing or sheet.day in asked_for or sheet.day == current_day(turn):
        return True
    rhythm = _rhythm(turn)
    following = rhythm.next_after(turn.now) or current_day(turn)
    # Of the first occurrence there is none before; what was open by the team's rhythm until then is taken.
    before = rhythm.before(following) or _weekly(turn).before(following)
    return before <= sheet.day <= following


def _rhythm(turn: Turn) -> Rhythm:
    return follows(turn.actor, _team(turn), turn.store.cadences.of_feature("checkins"), turn.now)


def _weekly(turn: Turn) -> Weekly:
    return rhythm_of(_team(turn), turn.actor.zone)


def _team(turn: Turn) -> Team | None:
    return turn.store.teams.by_id(turn.actor.team_id) if turn.actor.team_id is not None else None


def _closes_at(turn: Turn, day: date) -> datetime:
    """When an occurrence closes that the member has given nothing for: as their prompt says, or their rhythm."""
    open_now = [one.closes_at for one in open_prompts(turn) if one.closes_on == day]
    return next(iter(open_now or _closed_prompts(turn, day)), None) or _rhythm(turn).close_of(day)


def _closed_prompts(turn: Turn, day: date) -> list[datetime]:
    """When the prompts of this day closed, whatever their cadence says by now; asked only once the day has come."""
    if day > local_date(turn.now, turn.actor.zone):
        return []
    return [one.closes_at for one in prompts_of(turn, day)]


def sheet(turn: Turn, day: date, asked: Iterable[int] = ()) -> Sheet:
    """The sheet of one occurrence. `asked` are questions on a form already before the member: they stay on it."""
    store = turn.store
    standing = store.checkins.find(turn.actor.id, day)
    team_id = standing.team_id if standing else turn.actor.team_id
    team = store.teams.by_id(team_id) if team_id is not None else None
    closes_at = standing.closes_at if standing else _closes_at(turn, day)
    live = _live(turn, standing)
    # One draft for whatever comes next, so that a close in between loses no word; one for each that stands already.
    name = f"check-in {standing.id}" if standing else "check-in"
    draft = store.drafts.find(turn.actor.id, name)
    given = standing.answers if standing else ()
    known = {one.id: one for one in live}
    others = {*asked, *(one.question_id for one in given), *_question_ids(draft)} - known.keys()
    # No longer asked, but somebody wrote something to it: it stays, and may be left empty.
    known.update({one.id: replace(one, required=False) for one in store.questions.by_ids(others).values()})
    typed = {answers.input_name(one.question_id): answers.as_value(known[one.question_id], one) for one in given}
    orphans = [value for name, value in draft.items() if _question_id(name) not in known and isinstance(value, str)]
    return Sheet(
        day,
        closes_at,
        team,
        tuple(one for one in sorted(known.values(), key=_place) if answers.can_be_asked(one)),
        typed | draft,
        name,
        standing,
        from_draft=bool(draft),
        orphans=tuple(words for words in orphans if words),
    )


def _live(turn: Turn, standing: CheckIn | None) -> list[Question]:
    """What is asked: today's set, or of a closed check-in what of it was asked already then."""
    if standing and turn.now >= standing.closes_at:
        return turn.store.questions.asked_already(standing.team_id, standing.edited_at or standing.shared_at)
    return turn.store.questions.for_team(turn.actor.team_id) or _defaults(turn)


def _defaults(turn: Turn) -> list[Question]:
    defaults.write_down(turn.store)
    return turn.store.questions.for_team(turn.actor.team_id)


def last_plan(store: Store, member_id: int, day: date) -> str:
    """What a member planned in the last check-in before this occurrence."""
    last = store.checkins.last_before(member_id, day)
    if last is None:
        return ""
    asked = store.questions.by_ids({one.question_id for one in last.answers})
    return "\n".join(one.words for one in last.answers if asked[one.question_id].part == "plan" and one.words)


def _place(question: Question) -> tuple[int, int]:
    return question.position, question.id


def answered(sheet: Sheet, given: Mapping[int, Answer]) -> list[Answer]:
    """The answers to keep, in order: those whose question applies."""
    return [given[one.id] for one in answers.reached(sheet.questions, given) if one.id in given]


def _question_ids(values: Mapping[str, Value]) -> set[int]:
    return {found for name in values if (found := _question_id(name)) is not None}


def _question_id(name: str) -> int | None:
    return int(name[1:]) if name[:1] == "q" and name[1:].isdecimal() else None


def _listed(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))


def _ids(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",") if one)
