"""Inviting: the inserts of planning, each worded once. Prompts come from the question, and deliveries from prompts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Integer, Select, Table, Text, and_, bindparam, cast, literal, select
from sqlalchemy.engine import Dialect

from storage.asking import Wording, question_of
from storage.base import Id, Instant, mine
from storage.deliveries import Kind, deliveries
from storage.given import given, numbers
from storage.members import members
from storage.prepared import Prepared
from storage.prompts import prompts
from storage.upserts import inserting

REMINDED = given("reminded", id=int, at=datetime)


@lru_cache(maxsize=128)
def inviting(wording: Wording, dialect: Dialect) -> Prepared:
    """Insert a prompt for each member found, whether they are asked or left out."""
    found = question_of(wording).subquery("found")
    values = {
        "workspace_id": bindparam("tenant", type_=Id),
        "cadence_id": bindparam("cadence", type_=Id),
        "member_id": found.c.id,
        "day": found.c.day,
        "closes_on": found.c.closes_on,
        "zone": found.c.of_zone,
        "due_at": found.c.due_at,
        "closes_at": found.c.closes_at,
        "state": found.c.state,
        "why": found.c.why,
        "version": bindparam("version", type_=Integer),
    }
    # Of the one tenant whose members were found, as the question says.
    return _prepared(prompts, values, select(*values.values()).where(found.c.id > 0), dialect)


@lru_cache(maxsize=8)
def sending(dialect: Dialect) -> Prepared:
    """Queue the prompts of these members: of who is asked, or put off to a moment in the week after and in time."""
    closes_at, week_after = (bindparam(name, type_=Instant) for name in ("closes_at", "week_after"))
    put_off = and_(prompts.c.state == "put_off", prompts.c.due_at >= week_after, prompts.c.due_at < closes_at)
    values = _delivery("prompt", literal(""), prompts.c.due_at)
    found = _of_prompts(values).where(
        prompts.c.cadence_id == bindparam("cadence"),
        prompts.c.day == bindparam("day"),
        prompts.c.zone == bindparam("zone"),
        prompts.c.member_id.in_(numbers("ids")),
        (prompts.c.state == "waiting") | put_off,
    )
    return _prepared(deliveries, values, found.order_by(prompts.c.due_at, prompts.c.id), dialect)


@lru_cache(maxsize=8)
def reminding(dialect: Dialect) -> Prepared:
    """Queue a reminder for each of the prompts handed over."""
    values = _delivery("nudge", bindparam("mark", type_=Text), REMINDED.c.at)
    found = _of_prompts(values).join(REMINDED, REMINDED.c.id == prompts.c.id)
    return _prepared(deliveries, values, found.order_by(REMINDED.c.at, prompts.c.id), dialect)


def _delivery(kind: Kind, mark: Any, not_before: Any) -> dict[str, Any]:
    """A delivery, drawn when it is sent."""
    return {
        "workspace_id": bindparam("tenant", type_=Id),
        "to": literal("member"),
        "to_key": members.c.key,
        "sealed": literal(""),
        "key": literal(f"{kind} ") + cast(prompts.c.id, Text) + mark,
        "replaces": literal(""),
        "thread_of": literal(""),
        "prompt_id": prompts.c.id,
        "kind": literal(kind),
        "status": literal("queued"),
        "not_before": not_before,
        "attempts": literal(0),
        "owner": literal(""),
        "reference": literal(""),
        "last_error": literal(""),
        "created_at": bindparam("created_at", type_=Instant),
    }


def _of_prompts(values: Mapping[str, Any]) -> Select[Any]:
    theirs = (members.c.id == prompts.c.member_id) & (members.c.workspace_id == prompts.c.workspace_id)
    return mine(prompts, *values.values()).select_from(prompts).join(members, theirs)


def _prepared(table: Table, values: Mapping[str, Any], found: Select[Any], dialect: Dialect) -> Prepared:
    """Inserting what a question finds; what is there already stays as it is."""
    insert: Insert = inserting(table, dialect.name).from_select(list(values), found).on_conflict_do_nothing()
    return Prepared(insert, dialect)
