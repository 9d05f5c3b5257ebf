"""What was read already: within a transaction, and of what seldom changes also from one transaction to the next.

Every turn asks for the same team and the same questions. Those tables are *arrangements*: a change to one of them
counts the workspace's `revision` up in the same transaction, and every transaction begins by reading it. So what
another turn read still holds as long as the revision is the same, in this process and in every other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Select, Table
from sqlalchemy.sql.visitors import iterate

# What marks a table of arrangements: `Table(..., info=ARRANGEMENT)`.
ARRANGEMENT = {"arrangement": True}
MOST_ANSWERS = 2_000

Answers: TypeAlias = dict[Any, list[Any]]


class Arrangements:
    """What was read of each workspace's arrangements, at the newest revision that any transaction has seen."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[int, Answers]] = {}

    def at(self, workspace_id: int, revision: int) -> Answers:
        """What is known at this revision; for one that is older than the newest, nothing that lasts."""
        newest, answers = self._of.get(workspace_id, (-1, {}))
        if revision > newest or len(answers) > MOST_ANSWERS:
            answers = {}
            self._of[workspace_id] = (revision, answers)
        return answers if revision >= newest else {}


class Known:
    """What one transaction need not read again."""

    def __init__(self, arrangements: Answers) -> None:
        self._arrangements: Answers | None = arrangements
        self._answers: dict[Any, tuple[frozenset[Table], list[Any]]] = {}

    def find(self, key: Any) -> list[Any] | None:
        """The answer to a constant question with its parameters, if it still holds."""
        if self._arrangements is not None and (rows := self._arrangements.get(key)) is not None:
            return rows
        found = self._answers.get(key)
        return found[1] if found else None

    def keep(self, key: Any, query: Select[Any], rows: list[Any]) -> None:
        """Remember an answer."""
        tables = _tables_of(query)
        if self._arrangements is not None and all("arrangement" in table.info for table in tables):
            self._arrangements[key] = rows
        else:
            self._answers[key] = (tables, rows)

    def read_again(self) -> None:
        """Somebody was waited for, who may have changed what was read: nothing of it holds any more."""
        self._answers = {}
        if self._arrangements is not None:
            self._arrangements = {}

    def undone(self) -> None:
        """Part of the transaction was undone: nothing holds, and the next change counts the revision up once more."""
        self._answers, self._arrangements = {}, {}

    def forget(self, table: Table) -> bool:
        """Rows of this table are about to change; whether the workspace's revision has to be counted up for it."""
        self._answers = {key: found for key, found in self._answers.items() if table not in found[0]}
        first = "arrangement" in table.info and self._arrangements is not None
        if first:
            self._arrangements = None
        return first


@lru_cache(maxsize=256)
def _tables_of(query: Select[Any]) -> frozenset[Table]:
    return frozenset(part for part in iterate(query) if isinstance(part, Table))
