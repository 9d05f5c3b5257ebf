"""Prompts: what asks somebody when a cadence comes round, and how they put it off, leave it out or pause it."""

from __future__ import annotations

from handlers.prompts import flow
from handlers.prompts.drawn import NotYet, draw, turn_of
from handlers.prompts.feature import prompts

__all__ = ["NotYet", "draw", "flow", "prompts", "turn_of"]
