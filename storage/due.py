"""What is due on a lane, and whose the lane is: the questions that couriers ask again and again, each worded once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
)

from storage.base import Id, Instant, metadata, mine
from storage.deliveries import PROMPTLY, deliveries
from storage.given import given, numbers
from storage.members import members
from storage.workspaces import workspaces

lanes = Table(
    "lanes",
    metadata,
    Column("workspace_id", Id, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", Text, nullable=False, default=""),
    Column("leased_until", Instant),
    Column("paused_until", Instant),
    Column("parked_why", Text, nullable=False, default=""),
    Column("parked_at", Instant),
    # Messages a minute that the platform was found to bear; 0 until that is known.
    Column("rate", Float, nullable=False, server_default="0"),
)


def _waits() -> Any:
    earlier = deliveries.alias()
    refers = (deliveries.c.replaces != "") | (deliveries.c.thread_of != "")
    edits_the_same = (deliveries.c.replaces != "") & (earlier.c.replaces == deliveries.c.replaces)
    # Of the same tenant as the delivery that waits.
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.workspace_id == deliveries.c.workspace_id,
            earlier.c.id < deliveries.c.id,
            earlier.c.settled_at.is_(None),
            earlier.c.key.in_((deliveries.c.replaces, deliveries.c.thread_of)) | edits_the_same,
        )
        .exists()
    )
    return refers & blocked


# Whether a delivery waits behind another.
WAITS = _waits()
NOW = bindparam("now", type_=Instant)
# Whether a delivery is due: queued for by now, or abandoned by whoever had it in hand.
IS_DUE = (
    # The first condition says nothing new; it is the one of the index.
    deliveries.c.settled_at.is_(None)
    & (
        ((deliveries.c.status == "queued") & (deliveries.c.not_before <= NOW))
        | ((deliveries.c.status == "leased") & (deliveries.c.leased_until <= NOW))
    )
)
IS_OPEN = (lanes.c.parked_why == "") & (lanes.c.paused_until.is_(None) | (lanes.c.paused_until <= NOW))
IS_FREE = (lanes.c.owner == "") | (lanes.c.leased_until <= NOW)
IS_MINE = lanes.c.owner == bindparam("holder")
IS_FREE_OR_MINE = IS_FREE | IS_MINE

STATE = mine(lanes)
# Of no tenant: addresses that are handed over.
BUSY, REACHED = (select(given(name, key=str).c.key) for name in ("busy", "reached"))
DUE = (
    mine(deliveries)
    .where(IS_DUE, ~WAITS, deliveries.c.to_key.not_in(BUSY))
    .where((deliveries.c.to != "home") | (bindparam("homes", type_=Integer) == 1))
    .where(deliveries.c.intent_at.is_(None) | (bindparam("doubtful", type_=Integer) == 1))
    .order_by(deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
# Word for word the condition of its index, which a database would not find by one with a parameter in it.
DUE_PROMPTLY = DUE.where(literal_column(PROMPTLY))
ANY_DUE = mine(deliveries, deliveries.c.id).where(IS_DUE, ~WAITS).limit(1)
MOMENT = func.coalesce(deliveries.c.leased_until, deliveries.c.not_before)
NEXT_AT = mine(deliveries, func.min(MOMENT)).where(deliveries.c.settled_at.is_(None), MOMENT > NOW)
REACHES = mine(members, members.c.key, members.c.reach).where(members.c.key.in_(REACHED))
REFERENCE = mine(deliveries, deliveries.c.reference).where(
    deliveries.c.status == "sent", deliveries.c.key == bindparam("key")
)
# Of every tenant on purpose: this is how a courier learns where to look. It reads nobody's words.
WITH_WORK = (
    select(workspaces.c.platform, workspaces.c.external_id)
    .join(deliveries, deliveries.c.workspace_id == workspaces.c.id)
    .join(lanes, lanes.c.workspace_id == workspaces.c.id, isouter=True)
    .where(IS_DUE, lanes.c.workspace_id.is_(None) | (IS_FREE & IS_OPEN))
    .distinct()
)

TAKEN = deliveries.c.id.in_(numbers("ids"))
ONE_MORE = deliveries.c.attempts + literal(1)
FIRST_INTENT = func.coalesce(deliveries.c.intent_at, NOW)
# What was said, unless the member to whom it went is not here any more.
KEPT_WORDS = case(
    (deliveries.c.to == "channel", deliveries.c.sealed),
    # Of the same tenant as the delivery.
    (
        select(members.c.id)
        .where(members.c.workspace_id == deliveries.c.workspace_id, members.c.key == deliveries.c.to_key)
        .exists(),
        deliveries.c.sealed,
    ),
    else_="",
)
AGAIN = bindparam("again", type_=Instant)
HELD = (deliveries.c.status == "leased") & (deliveries.c.owner == bindparam("holder"))
# One delivery while it is still its courier's.
FENCED = (deliveries.c.id == bindparam("id")) & HELD & (deliveries.c.attempts == bindparam("counted"))
# When it is tried again: never before it was to go out first, though the clock may have been set back since.
NOT_BEFORE = case((deliveries.c.not_before > AGAIN, deliveries.c.not_before), else_=AGAIN)
