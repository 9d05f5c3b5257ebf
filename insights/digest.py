"""The digest: the facts of a team's period, as figures and ids. It holds nobody's words, so that it can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from insights.measures import Reading, Verdict, compare, read
from insights.participation import Participation, took_part
from storage.blockers import Blocker, State
from storage.checkins import CheckIn
from storage.civil import instant
from storage.kudos import Kudos
from storage.questions import Question
from storage.store import Store
from storage.teams import Team


@dataclass(frozen=True)
class Period:
    """Days of the calendar, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before this one."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins in a zone, and when it is over."""
        return instant(self.first, time(0), zone), instant(self.last + timedelta(days=1), time(0), zone)


@dataclass(frozen=True)
class BlockerFact:
    """How a blocker stood: its state, who owned it, and its age in whole days."""

    id: int
    state: State
    owner_id: int
    days: int


@dataclass(frozen=True)
class ScaleFact:
    """What a scale question showed, beside the period before. `checkins` are the ids of those that answered it."""

    question_id: int
    now: Reading
    before: Reading
    verdict: Verdict
    checkins: tuple[int, ...] = ()


@dataclass(frozen=True)
class KudosFact:
    """The kudos that the team's members gave or received, and how many of its members those were."""

    ids: tuple[int, ...] = ()
    members: int = 0
    of: int = 0


@dataclass(frozen=True)
class Digest:
    """The facts of a team's period, as they stood when it was made.

    `checkins` are all of the period; `done` those that say what was done,
    and `done_by` their authors. Ids of check-ins are newest first, scale
    questions in the order in which they are asked, blockers oldest first, but resolved ones after all others.
    """

    participation: Participation = field(default_factory=Participation)
    checkins: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    done_by: tuple[int, ...] = ()
    blockers: tuple[BlockerFact, ...] = ()
    scales: tuple[ScaleFact, ...] = ()
    kudos: KudosFact = field(default_factory=KudosFact)

    def to_json(self) -> dict[str, Any]:
        """The digest as JSON can hold it."""
        return asdict(self)


def from_json(facts: Mapping[str, Any]) -> Digest:
    """The digest that `to_json` wrote. Raises KeyError or TypeError for anything else."""
    return Digest(
        participation=Participation(**{name: tuple(ids) for name, ids in facts["participation"].items()}),
        checkins=tuple(facts["checkins"]),
        done=tuple(facts["done"]),
        done_by=tuple(facts["done_by"]),
        blockers=tuple(BlockerFact(**one) for one in facts["blockers"]),
        scales=tuple(
            ScaleFact(
                one["question_id"],
                Reading(**one["now"]),
                Reading(**one["before"]),
                one["verdict"],
                tuple(one["checkins"]),
            )
            for one in facts["scales"]
        ),
        kudos=KudosFact(tuple(facts["kudos"]["ids"]), facts["kudos"]["members"], facts["kudos"]["of"]),
    )


def digest(store: Store, team: Team, period: Period, zone: ZoneInfo) -> Digest:
    """The facts of a team's period, whose days begin and end in this zone."""
    checkins = store.checkins.of_team(team.id, period.first, period.last)
    earlier = store.checkins.of_team(team.id, period.before.first, period.before.last)
    questions = store.questions.by_ids({answer.question_id for one in checkins for answer in one.answers})
    done = [one for one in checkins if done_answers(one, questions)]
    took = took_part(store, team, checkins, period.first, period.last)
    start, end = period.instants(zone)
    counted = (*took.checked_in, *took.missed, *took.waiting, *took.unasked, *took.away)
    return Digest(
        participation=took,
        checkins=tuple(one.id for one in checkins),
        done=tuple(one.id for one in done),
        done_by=tuple(dict.fromkeys(one.member_id for one in done)),
        blockers=blocker_facts(store.blockers.of_team(team.id, start, end), store.now),
        scales=scale_facts(questions, checkins, earlier),
        kudos=kudos_fact(counted, store.kudos.touching(counted, start, end)),
    )


def done_answers(checkin: CheckIn, questions: Mapping[int, Question]) -> list[str]:
    """What a check-in says was done, in its author's words; nothing where the question was left open."""
    asked = [(questions.get(answer.question_id), answer) for answer in checkin.answers]
    return [
        answer.words or ", ".join(answer.chosen)
        for question, answer in asked
        if question and question.part == "done" and (answer.words or answer.chosen)
    ]


def blocker_facts(blockers: Sequence[Blocker], now: datetime) -> tuple[BlockerFact, ...]:
    """How these blockers stand, oldest first, but resolved ones after all others."""
    ordered = sorted(blockers, key=lambda one: (one.state == "resolved", one.raised_at, one.id))
    return tuple(BlockerFact(one.id, one.state, one.owner_id, one.days(now)) for one in ordered)


def scale_facts(
    questions: Mapping[int, Question], checkins: Sequence[CheckIn], earlier: Sequence[CheckIn]
) -> tuple[ScaleFact, ...]:
    """What each scale question that was answered showed, beside the period before."""
    asked = [one for one in questions.values() if one.kind == "scale"]
    facts = [_scale(one, checkins, earlier) for one in sorted(asked, key=lambda one: (one.position, one.id))]
    return tuple(fact for fact in facts if fact.now.answers)


def kudos_fact(members: Iterable[int], given: Sequence[Kudos]) -> KudosFact:
    """How many of these members gave or received one of these kudos."""
    all_members = set(members)
    touched = {member for one in given for member in (one.giver_id, *one.to)}
    return KudosFact(tuple(one.id for one in given), len(touched & all_members), len(all_members))


def _scale(question: Question, checkins: Sequence[CheckIn], earlier: Sequence[CheckIn]) -> ScaleFact:
    now, before = _reading(question, checkins), _reading(question, earlier)
    ids = tuple(one.id for one in checkins if _score(question, one) is not None)
    return ScaleFact(question.id, now, before, compare(now, before), ids)


def _reading(question: Question, checkins: Sequence[CheckIn]) -> Reading:
    given = [(one.member_id, score) for one in checkins if (score := _score(question, one)) is not None]
    return read([score for _, score in given], len({member for member, _ in given}), question.low, question.high)


def _score(question: Question, checkin: CheckIn) -> float | None:
    answer = checkin.answer_to(question.id)
    return answer.score if answer else None
