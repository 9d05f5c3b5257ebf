"""Inviting: the inserts of planning, each worded once: prompts come from the question, and deliveries from prompts."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Integer, Text, bindparam, cast, literal, select
from sqlalchemy.engine import Dialect

from storage.asking import Wording, question_of
from storage.base import Id, Instant, mine
from storage.deliveries import Kind, deliveries
from storage.given import given
from storage.members import members
from storage.prepared import Prepared
from storage.prompts import prompts
from storage.upserts import inserting

# Messages of a prompt for a member.
READY = given("ready", id=int, member=int, at=datetime)


@lru_cache(maxsize=128)
def inviting(wording: Wording, dialect: Dialect) -> Prepared:
    """Insert a prompt for each member found, whether they are asked or left out; the new ones come back.

    Whoever has one of this cadence and date already keeps it as it is.
    """
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
    chosen = select(*values.values()).where(found.c.id > 0)
    # With its key named, a database that checks before it inserts does not look at the others too.
    key = ["workspace_id", "member_id", "day", "cadence_id"]
    insert = (
        inserting(prompts, dialect.name).from_select(list(values), chosen).on_conflict_do_nothing(index_elements=key)
    )
    return Prepared(insert.returning(prompts.c.id, prompts.c.member_id, prompts.c.state, prompts.c.due_at), dialect)


@lru_cache(maxsize=8)
def queueing(kind: Kind, dialect: Dialect) -> Prepared:
    """Queue the messages handed over as `ready`, in the order in which they are due; each is drawn when it is sent.

    A reminder that was queued already stays as it is. A message of a new prompt cannot be there: should it be, nobody
    is passed over in silence, and IntegrityError is raised.
    """
    values = {
        "workspace_id": bindparam("tenant", type_=Id),
        "to": literal("member"),
        "to_key": members.c.key,
        "sealed": literal(""),
        "key": literal(f"{kind} ") + cast(READY.c.id, Text) + bindparam("mark", type_=Text),
        "replaces": literal(""),
        "thread_of": literal(""),
        "prompt_id": READY.c.id,
        "kind": literal(kind),
        "status": literal("queued"),
        "not_before": READY.c.at,
        "attempts": literal(0),
        "owner": literal(""),
        "reference": literal(""),
        "last_error": literal(""),
        "created_at": bindparam("created_at", type_=Instant),
    }
    theirs = mine(members, *values.values()).join(READY, READY.c.member == members.c.id)
    insert = inserting(deliveries, dialect.name).from_select(list(values), theirs.order_by(READY.c.at, READY.c.id))
    return Prepared(insert if kind == "prompt" else insert.on_conflict_do_nothing(), dialect)
