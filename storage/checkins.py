"""Check-ins: a member's signed answers for one occurrence of their team's check-in, with what was changed afterwards.

`occurrence` is the nominal local date on which the check-in closes. Words are sealed; figures are not, so that they can
be added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
)

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant


@dataclass(frozen=True)
class Answer:
    """What was answered to one question: words, keys that were chosen, or a figure (scale, number; yes is 1)."""

    question_id: int
    words: str = ""
    chosen: tuple[str, ...] = ()
    score: float | None = None


@dataclass(frozen=True)
class Formerly:
    """An answer as it stood before a correction."""

    answer: Answer
    until: datetime


@dataclass(frozen=True)
class CheckIn:
    """One member's check-in.

    `team_id` is the team they were in when they answered, `with_team` whether that team was to see it: what somebody
    was told then still holds when the team shares in another way later.
    """

    id: int
    member_id: int
    team_id: int | None
    occurrence: date
    closes_at: datetime
    shared_at: datetime
    with_team: bool = False
    edited_at: datetime | None = None
    corrected_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    formerly: tuple[Formerly, ...] = field(default=())

    @property
    def late(self) -> bool:
        """Whether it was given after it had closed."""
        return self.shared_at >= self.closes_at

    def answer_to(self, question_id: int) -> Answer | None:
        """The answer to this question, if it was given."""
        return next((one for one in self.answers if one.question_id == question_id), None)


checkins = Table(
    "checkins",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="SET NULL")),
    Column("occurrence", Date, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("shared_at", Instant, nullable=False),
    Column("with_team", Boolean, nullable=False),
    Column("edited_at", Instant),
    Column("corrected_at", Instant),
    UniqueConstraint("workspace_id", "member_id", "occurrence"),
    Index("ix_checkins_team", "workspace_id", "team_id", "occurrence"),
)

answers = Table(
    "answers",
    metadata,
    row_id(),
    tenant(),
    Column("checkin_id", Id, ForeignKey("checkins.id", ondelete="CASCADE"), nullable=False),
    Column("question_id", Id, ForeignKey("questions.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sealed", Text, nullable=False, default=""),
    Column("chosen", Text, nullable=False, default=""),
    Column("score", Float),
    # Set when a correction took this answer's place; the answer that stands has none.
    Column("until", Instant),
    Index("ix_answers_checkin", "checkin_id", "position"),
)

# Enough for whatever a turn asks of a member's latest check-ins, so that it is asked once.
A_FEW = 6

BY_ID = mine(checkins).where(checkins.c.id == bindparam("id"))
TO_CHANGE = BY_ID.with_for_update()
OF_MEMBER = mine(checkins).where(checkins.c.member_id == bindparam("member"))
OF_OCCURRENCE = OF_MEMBER.where(checkins.c.occurrence == bindparam("occurrence"))
LAST_BEFORE = (
    OF_MEMBER.where(checkins.c.occurrence < bindparam("occurrence")).order_by(checkins.c.occurrence.desc()).limit(1)
)
LATELY = OF_MEMBER.order_by(checkins.c.occurrence.desc()).limit(A_FEW)
ANSWERS = (
    mine(answers)
    .where(answers.c.checkin_id.in_(bindparam("checkins", expanding=True)))
    .order_by(answers.c.position, answers.c.id)
)


class CheckIns(Repository):
    """What people said of their work."""

    def find(self, member_id: int, occurrence: date) -> CheckIn | None:
        """A member's check-in of one occurrence."""
        lately = self._rows(LATELY, member=member_id)
        found = [row for row in lately if row.occurrence == occurrence]
        if found or len(lately) < A_FEW:
            return self._first_of(found)
        return self._first(OF_OCCURRENCE, member=member_id, occurrence=occurrence)

    def by_id(self, checkin_id: int) -> CheckIn | None:
        """The check-in with this id."""
        return self._first(BY_ID, id=checkin_id)

    def by_ids(self, ids: Iterable[int]) -> list[CheckIn]:
        """Check-ins by their ids, newest first."""
        wanted = list(set(ids))
        return self._all(mine(checkins).where(checkins.c.id.in_(wanted))) if wanted else []

    def last_before(self, member_id: int, occurrence: date) -> CheckIn | None:
        """A member's newest check-in of an earlier occurrence."""
        lately = self._rows(LATELY, member=member_id)
        found = [row for row in lately if row.occurrence < occurrence]
        if found or len(lately) < A_FEW:
            return self._first_of(found)
        return self._first(LAST_BEFORE, member=member_id, occurrence=occurrence)

    def open_of(self, member_id: int) -> CheckIn | None:
        """A member's check-in that has not closed yet, the earliest to close if there are several."""
        still_open = [row for row in self._rows(LATELY, member=member_id) if row.closes_at > self._now]
        return self._first_of(sorted(still_open, key=lambda row: row.closes_at))

    def of_member(self, member_id: int, most: int = 20) -> list[CheckIn]:
        """A member's check-ins, newest first."""
        query = mine(checkins).where(checkins.c.member_id == member_id)
        return self._all(query.order_by(checkins.c.occurrence.desc()).limit(most))

    def how_many_of(self, member_id: int) -> int:
        """How many check-ins a member has given."""
        return self._count(mine(checkins, func.count()).where(checkins.c.member_id == member_id))

    def of_team(self, team_id: int, first: date, last: date) -> list[CheckIn]:
        """The check-ins given in a team for occurrences from `first` to `last`, newest first."""
        return self._all(
            mine(checkins).where(checkins.c.team_id == team_id, checkins.c.occurrence.between(first, last))
        )

    def share(
        self,
        member_id: int,
        team_id: int | None,
        occurrence: date,
        closes_at: datetime,
        given: Iterable[Answer],
        with_team: bool = False,
    ) -> CheckIn:
        """Keep a check-in, or change one that stands; afterwards there is exactly one for this member and occurrence.

        Once it has closed, an answer that changes is kept as it stood, with the time of the change. The same answers
        again change nothing.
        """
        given = tuple(given)
        standing = self.find(member_id, occurrence)
        if standing is None:
            checkin_id = self._add(
                checkins,
                member_id=member_id,
                team_id=team_id,
                occurrence=occurrence,
                closes_at=closes_at,
                shared_at=self._now,
                with_team=with_team,
            )
            self._write(checkin_id, enumerate(given))
            return CheckIn(checkin_id, member_id, team_id, occurrence, closes_at, self._now, with_team, answers=given)
        standing = self._alone_with(standing)
        if {one.question_id: one for one in given} == {one.question_id: one for one in standing.answers}:
            return standing
        closed = self._now >= standing.closes_at
        self._rewrite(standing, given, keep_history=closed)
        moment = {"corrected_at" if closed else "edited_at": self._now}
        self._change(checkins, checkins.c.id == standing.id, with_team=with_team, **moment)
        changed = self.by_id(standing.id)
        assert changed is not None
        return changed

    def _alone_with(self, standing: CheckIn) -> CheckIn:
        """The check-in as it stands once whoever changes it at the same time is done."""
        rows = self._rows(TO_CHANGE, id=standing.id)
        self._known.forget(answers)
        return self._first_of(rows) or standing

    def _rewrite(self, standing: CheckIn, given: tuple[Answer, ...], keep_history: bool) -> None:
        before = {one.question_id: one for one in standing.answers}
        after = {one.question_id: one for one in given}
        changed = [key for key, answer in before.items() if after.get(key) != answer]
        if changed:
            where = (
                answers.c.checkin_id == standing.id,
                answers.c.question_id.in_(changed),
                answers.c.until.is_(None),
            )
            if keep_history:
                self._change(answers, *where, until=self._now)
            else:
                self._remove(answers, *where)
        self._write(
            standing.id,
            [(place, one) for place, one in enumerate(given) if before.get(one.question_id) != one],
        )

    def _write(self, checkin_id: int, given: Iterable[tuple[int, Answer]]) -> None:
        rows = [
            {
                "checkin_id": checkin_id,
                "question_id": one.question_id,
                "position": place,
                "sealed": self._vault.seal(one.words) if one.words else "",
                "chosen": "\x1f".join(one.chosen),
                "score": one.score,
            }
            for place, one in given
        ]
        self._add_all(answers, rows)

    def _first(self, query: Any, **asked: Any) -> CheckIn | None:
        return self._first_of(self._rows(query, **asked))

    def _first_of(self, rows: list[Any]) -> CheckIn | None:
        return next(iter(self._complete(rows[:1])), None)

    def _all(self, query: Any, **asked: Any) -> list[CheckIn]:
        found = self._complete(self._rows(query, **asked))
        return sorted(found, key=lambda one: (one.occurrence, one.id), reverse=True)

    def _complete(self, rows: list[Any]) -> list[CheckIn]:
        given = self._answers([row.id for row in rows])
        return [
            CheckIn(
                row.id,
                row.member_id,
                row.team_id,
                row.occurrence,
                row.closes_at,
                row.shared_at,
                row.with_team,
                row.edited_at,
                row.corrected_at,
                tuple(answer for answer, until in given.get(row.id, ()) if until is None),
                tuple(Formerly(answer, until) for answer, until in given.get(row.id, ()) if until),
            )
            for row in rows
        ]

    def _answers(self, ids: list[int]) -> Mapping[int, list[tuple[Answer, datetime | None]]]:
        if not ids:
            return {}
        found: dict[int, list[tuple[Answer, datetime | None]]] = {}
        for row in self._rows(ANSWERS, checkins=ids):
            words = self._vault.open(row.sealed) if row.sealed else ""
            chosen = tuple(row.chosen.split("\x1f")) if row.chosen else ()
            found.setdefault(row.checkin_id, []).append((Answer(row.question_id, words, chosen, row.score), row.until))
        return found
