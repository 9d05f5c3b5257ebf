"""Inviting: the inserts of planning, each worded once: prompts come from the question, and deliveries from prompts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, Table, Text, bindparam, cast, literal, select
from sqlalchemy.engine import Dialect

from storage.asking import Wording, question_of
from storage.base import Id, Instant, mine
from storage.deliveries import deliveries
from storage.given import given
from storage.members import members
from storage.prepared import Prepared
from storage.prompts import prompts
from storage.upserts import inserting

# Messages of a prompt for a member.
READY = given("ready", id=int, member=int, at=datetime)


@lru_cache(maxsize=128)
def inviting(wording: Wording, dialect: Dialect) -> Prepared:
    """Insert a prompt for each member found, whether they are asked or left out; the new ones come back."""
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
    insert = _unless_there(prompts, values, select(*values.values()).where(found.c.id > 0), dialect)
    return Prepared(insert.returning(prompts.c.id, prompts.c.member_id, prompts.c.state, prompts.c.due_at), dialect)


@lru_cache(maxsize=8)
def queueing(dialect: Dialect) -> Prepared:
    """Queue the messages handed over as `ready`, in the order in which they are due; each is drawn when it is sent."""
    values = {
        "workspace_id": bindparam("tenant", type_=Id),
        "to": literal("member"),
        "to_key": members.c.key,
        "sealed": literal(""),
        "key": bindparam("kind", type_=Text) + " " + cast(READY.c.id, Text) + bindparam("mark", type_=Text),
        "replaces": literal(""),
        "thread_of": literal(""),
        "prompt_id": READY.c.id,
        "kind": bindparam("kind", type_=Text),
        "status": literal("queued"),
        "not_before": READY.c.at,
        "attempts": literal(0),
        "owner": literal(""),
        "reference": literal(""),
        "last_error": literal(""),
        "created_at": bindparam("created_at", type_=Instant),
    }
    theirs = mine(members, *values.values()).join(READY, READY.c.member == members.c.id)
    return Prepared(_unless_there(deliveries, values, theirs.order_by(READY.c.at, READY.c.id), dialect), dialect)


def _unless_there(table: Table, values: Mapping[str, Any], found: Select[Any], dialect: Dialect) -> Any:
    """Inserting what a question finds; what is there already stays as it is."""
    return inserting(table, dialect.name).from_select(list(values), found).on_conflict_do_nothing()
