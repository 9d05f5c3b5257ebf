"""Asking somebody without planning: one prompt, as planning would write it down."""

from __future__ import annotations

from datetime import date, datetime

from storage.base import mine
from storage.prompts import Prompt, prompts
from storage.store import Store


def prompt_for(
    store: Store,
    cadence_id: int,
    member_id: int,
    day: date,
    closes_on: date,
    zone: str,
    due_at: datetime,
    closes_at: datetime,
) -> Prompt | None:
    """Invite one member; None when they were invited to this occurrence before."""
    same = {"cadence_id": cadence_id, "member_id": member_id, "day": day}
    span = {"closes_on": closes_on, "zone": zone, "due_at": due_at, "closes_at": closes_at}
    if not store.prompts._add_if_new(prompts, **same, **span, state="waiting", version=1):
        return None
    row = store.prompts._row(mine(prompts, prompts.c.id).where(*(prompts.c[key] == one for key, one in same.items())))
    return store.prompts.by_id(row.id) if row else None
