"""Ticks: when each job of each replica last ran, so that silence is noticed. They belong to no workspace."""

from __future__ import annotations

from sqlalchemy import Column, Float, Table, Text

from storage.base import Instant, metadata

ticks = Table(
    "ticks",
    metadata,
    Column("replica", Text, primary_key=True),
    Column("job", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("problem", Text, nullable=False, default=""),
)
