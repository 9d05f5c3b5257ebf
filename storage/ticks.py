"""Ticks: when each job of each replica last ran, so that silence is noticed. They belong to no workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Float, Table, Text, delete, func, select
from sqlalchemy.engine import Connection

from storage.base import Instant, metadata
from storage.upserts import inserting


@dataclass(frozen=True)
class Ran:
    """The last run of a job: how many seconds it took, and what went wrong, if anything did."""

    replica: str
    job: str
    at: datetime
    seconds: float = 0.0
    problem: str = ""


ticks = Table(
    "ticks",
    metadata,
    Column("replica", Text, primary_key=True),
    Column("job", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("problem", Text, nullable=False, default=""),
)


def note(connection: Connection, ran: Ran) -> None:
    """Write down the last run of a job."""
    values = {"at": ran.at, "seconds": ran.seconds, "problem": ran.problem}
    row = inserting(ticks, connection.dialect.name).values(replica=ran.replica, job=ran.job, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["replica", "job"], set_=values))


def last_runs(connection: Connection) -> list[Ran]:
    """The last run of every job of every replica, by job and replica."""
    query = select(ticks).order_by(ticks.c.job, ticks.c.replica)
    return [Ran(row.replica, row.job, row.at, row.seconds, row.problem) for row in connection.execute(query)]


def seconds_since(connection: Connection, now: datetime, job: str = "tick") -> float | None:
    """How long ago any replica last ran this job; None where none ever did."""
    at = connection.execute(select(func.max(ticks.c.at)).where(ticks.c.job == job)).scalar()
    return max((now - at).total_seconds(), 0.0) if at else None


def forget_replicas(connection: Connection, before: datetime) -> None:
    """Forget replicas of which nothing was heard since then."""
    connection.execute(delete(ticks).where(ticks.c.at < before))
