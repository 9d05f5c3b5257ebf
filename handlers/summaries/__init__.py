"""Summaries: the facts of a team's period for its manager, each line with what it rests on. `/team-summary`."""

from __future__ import annotations

from handlers.summaries import at_close, flow, gallery, on_home
from handlers.summaries.feature import summaries

__all__ = ["at_close", "flow", "gallery", "on_home", "summaries"]
