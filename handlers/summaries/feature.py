"""The feature object, by itself so that the files around it can register what they answer to."""

from __future__ import annotations

from handlers.feature import Feature

summaries = Feature("summaries", "The facts of a team's period, for its manager.")
