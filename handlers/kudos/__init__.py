"""Kudos: thanks from one member to others, for something done. No points, no ranking."""

from __future__ import annotations

from handlers.feature import Feature

kudos = Feature("kudos", "Thank somebody for something they did")

from handlers.kudos import flow, screens  # noqa: E402, F401 - registers what the feature answers to
