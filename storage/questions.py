"""Questions of the check-in: the company's own set, or a team's set where it has one.

A question that was answered is never rewritten: changing it retires it and adds a new one in its place, so that old
answers keep the question they were given to.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Select, Table, Text, bindparam, select

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant
from storage.known import ARRANGEMENT
from storage.workspaces import workspaces

QuestionKind: TypeAlias = Literal["short", "long", "choice", "choices", "scale", "number", "yes_no"]
Part: TypeAlias = Literal["", "done", "plan", "blockers", "mood"]


@dataclass(frozen=True)
class Question:
    """Something asked.

    `part` says what the answer is used for: what was `done` is shown beside last time's `plan`; `blockers` become items
    of their own; `mood` is a scale. A question with `follows` is asked only when the answer to that question is one of
    `when` (option texts, "yes" or "no", or whole numbers of a scale).
    """

    id: int
    words: str
    kind: QuestionKind
    required: bool = True
    hint: str = ""
    options: tuple[str, ...] = ()
    low: int = 1
    high: int = 5
    low_words: str = ""
    high_words: str = ""
    part: Part = ""
    follows: int | None = None
    when: tuple[str, ...] = ()
    team_id: int | None = None
    position: int = 0


# The position of questions whose team was removed: they belong to no set any more.
IN_NO_SET = -1

questions = Table(
    "questions",
    metadata,
    row_id(),
    tenant(),
    Column("team_id", Id, ForeignKey("teams.id", ondelete="CASCADE")),
    Column("position", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("details", Text, nullable=False),
    Column("part", Text, nullable=False, default=""),
    Column("follows", Id, ForeignKey("questions.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Index("ix_questions_team", "workspace_id", "team_id", "position"),
    info=ARRANGEMENT,
)

_DETAILS = ("hint", "options", "low", "high", "low_words", "high_words", "when")

BY_IDS = mine(questions).where(questions.c.id.in_(bindparam("ids", expanding=True)))
ASKED = (
    mine(questions)
    .where(
        questions.c.retired_at.is_(None),
        (questions.c.team_id == bindparam("team")) | questions.c.team_id.is_(None),
    )
    .order_by(questions.c.position, questions.c.id)
)
ASKED_ALREADY = ASKED.where(questions.c.created_at <= bindparam("at"))


class Questions(Repository):
    """What is asked."""

    def for_team(self, team_id: int | None) -> list[Question]:
        """What a team is asked, in order: its own set, or the company's where it has none."""
        return self._set(ASKED, team=team_id)

    def own_set(self, team_id: int | None) -> list[Question]:
        """The questions of exactly this team, or of the company (None), in order."""
        query = mine(questions).where(
            questions.c.retired_at.is_(None),
            questions.c.team_id.is_(None) if team_id is None else questions.c.team_id == team_id,
        )
        return [_question(row) for row in self._rows(query.order_by(questions.c.position, questions.c.id))]

    def asked_already(self, team_id: int | None, at: datetime) -> list[Question]:
        """What a team is asked and was asked at that instant already, in order."""
        return self._set(ASKED_ALREADY, team=team_id, at=at)

    def first_are_due(self) -> bool:
        """Whether the company never had questions of its own. Whoever asks at the same time waits for the answer."""
        # Locks the tenant itself, so that two members who are the first at once do not both write questions down. Both
        # were met just now, and hold on to it by that: so its key is left out, or each would wait for the other.
        alone = select(workspaces.c.id).where(workspaces.c.id == self._workspace_id).with_for_update(key_share=True)
        self._connection.execute(alone)
        self._known.read_again()
        ever = mine(questions, questions.c.id).where(questions.c.team_id.is_(None), questions.c.position != IN_NO_SET)
        return self._row(ever.limit(1)) is None

    def by_ids(self, ids: set[int]) -> dict[int, Question]:
        """Questions by their ids, retired ones too."""
        rows = self._rows(BY_IDS, ids=sorted(ids)) if ids else []
        return {row.id: _question(row) for row in rows}

    def add(self, words: str, kind: QuestionKind, *, team_id: int | None = None, **values: Any) -> int:
        """A new question at the end of its set, or at `position`; its id."""
        position = values.pop("position", None)
        if position is None:
            position = max((one.position for one in self.own_set(team_id)), default=0) + 10
        return self._add(
            questions,
            team_id=team_id,
            position=position,
            words=words,
            kind=kind,
            required=values.pop("required", True),
            part=values.pop("part", ""),
            follows=values.pop("follows", None),
            details=json.dumps({name: values[name] for name in _DETAILS if name in values}),
            created_at=self._now,
        )

    def replace(self, question_id: int, words: str, kind: QuestionKind, **values: Any) -> int:
        """Retire a question and ask another in its place; the new id. Questions that followed it follow the new one."""
        old = self.by_ids({question_id})[question_id]
        new = self.add(words, kind, team_id=old.team_id, position=old.position, **values)
        self._change(questions, questions.c.follows == question_id, follows=new)
        self.retire(question_id)
        return new

    def retire(self, question_id: int) -> None:
        """Ask a question no longer, nor what followed it."""
        self._change(
            questions,
            (questions.c.id == question_id) | (questions.c.follows == question_id),
            questions.c.retired_at.is_(None),
            retired_at=self._now,
        )

    def place(self, question_id: int, position: int) -> None:
        """Move a question to another place in its set."""
        self._change(questions, questions.c.id == question_id, position=position)

    def _set(self, query: Select[Any], **asked: Any) -> list[Question]:
        found = [_question(row) for row in self._rows(query, **asked)]
        return [question for question in found if question.team_id is not None] or found


@lru_cache(maxsize=1024)
def _question(row: Any) -> Question:
    details: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(row.details).items()
        if name in _DETAILS
    }
    return Question(
        id=row.id,
        words=row.words,
        kind=row.kind,
        required=row.required,
        part=row.part,
        follows=row.follows,
        team_id=row.team_id,
        position=row.position,
        **details,
    )
