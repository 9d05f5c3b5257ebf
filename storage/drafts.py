"""Drafts: what somebody typed into a form and did not send; sealed, one per member and form, kept for 30 days."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint, bindparam, func

from storage.base import Id, Instant, Repository, metadata, mine, row_id, tenant

drafts = Table(
    "drafts",
    metadata,
    row_id(),
    tenant(),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("form", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "member_id", "form"),
)

OF_FORM = mine(drafts, drafts.c.sealed).where(
    drafts.c.member_id == bindparam("member"), drafts.c.form == bindparam("form")
)


class Drafts(Repository):
    """Words not yet sent. `form` names the form and, where there are several, which."""

    def find(self, member_id: int, form: str) -> dict[str, Any]:
        """What was typed, by input name; empty where there is no draft."""
        row = self._row(OF_FORM, member=member_id, form=form)
        if row is None:
            return {}
        values = self._vault.open_json(row.sealed)
        return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}

    def how_many_of(self, member_id: int) -> int:
        """How many drafts a member has."""
        return self._count(mine(drafts, func.count()).where(drafts.c.member_id == member_id))

    def save(self, member_id: int, form: str, values: dict[str, Any]) -> None:
        """Keep what was typed, in place of what was kept before."""
        sealed = self._vault.seal_json(values)
        if not self._change(
            drafts, drafts.c.member_id == member_id, drafts.c.form == form, sealed=sealed, saved_at=self._now
        ):
            self._add(drafts, member_id=member_id, form=form, sealed=sealed, saved_at=self._now)

    def drop(self, member_id: int, form: str) -> None:
        """Forget a draft."""
        self._remove(drafts, drafts.c.member_id == member_id, drafts.c.form == form)
