"""The feature object, by itself so that the files around it can register what they answer to."""

from __future__ import annotations

from handlers.feature import Feature

prompts = Feature("prompts", "Being asked later, not this time, or not at all.")
